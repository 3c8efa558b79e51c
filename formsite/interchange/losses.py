"""What an import could not bring over, named one by one; and the refusal when nothing can be brought over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from formsite.interchange.advice import advice

if TYPE_CHECKING:  # who starts a reader does not wait for what it needs
    from formsite.definition.document import Definition
    from formsite.definition.evaluation import Dialect

UNASKED = frozenset({"computed", "hidden"})
LONGEST = 500
"""Of what a loss quotes: names and expressions of strangers may be pages long."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of the source that the definition does not have: where it stands, what it is, why, and what to do."""

    where: str
    what: str
    why: str
    fix: str = ""  # the advice of its kind, where none is given

    def __post_init__(self) -> None:
        for name in ("what", "why"):
            if len(said := getattr(self, name)) > LONGEST:
                object.__setattr__(self, name, f"{said[: LONGEST - 1]}…")
        if not self.fix:
            object.__setattr__(self, "fix", advice(self.what, self.why))

    def as_json(self) -> dict[str, str]:
        """As the command line prints it."""
        return {"where": self.where, "what": self.what, "why": self.why, "fix": self.fix}


@dataclass(frozen=True, slots=True)
class Imported:
    """A definition that came in from a file."""

    definition: Definition
    slug: str  # a suggestion
    names: dict[str, str] = field(default_factory=dict)  # the source's name of a question -> field path
    losses: tuple[Loss, ...] = ()
    dialect: Dialect | None = None  # how the source names questions and writes answers
    places: dict[str, str] = field(default_factory=dict)  # where a loss stands -> id of the part it is of
    format: str = ""  # of the file

    @property
    def questions(self) -> int:
        """How many questions the definition asks people; what is worked out or handed over by the address is none."""
        return sum(1 for part in self.definition.fields() if part.kind.asks and part.type not in UNASKED)

    def part_of(self, loss: Loss) -> str:
        """The id of the part that a loss is of, as far as its place tells; it may have been changed since."""
        return self.places.get(loss.where) or self.names.get(loss.where, loss.where).split("-")[0]


class Unimportable(Exception):
    """Nothing can be imported."""

    def __init__(self, where: str, what: str, fix: str) -> None:
        super().__init__(what)
        self.where, self.what, self.fix = where, what, fix

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {"where": self.where, "what": self.what, "fix": self.fix}
