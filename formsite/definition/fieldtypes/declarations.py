"""One box that is ticked: a declaration."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from formsite.definition.fieldtypes.base import FieldType, Summary, Unreadable, Value, one_text, registry
from formsite.definition.logic import AnswerType
from formsite.definition.messages import words
from formsite.definition.parts import Part, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field


class DeclarationSettings(Part):
    """What is declared (a subset of Markdown), and the words beside the box."""

    body: Text | None = None
    tick: Text | None = None


@registry.register
class Declaration(FieldType):
    """Something that the customer confirms. The only answer is true: where it is compulsory the box must be ticked."""

    name: ClassVar[str] = "declaration"
    title: ClassVar[str] = "Declaration"
    family: ClassVar[str] = "Choice"
    widget: ClassVar[str] = "declaration"
    answer: ClassVar[AnswerType] = AnswerType.BOOLEAN
    missing: ClassVar[str] = "missing_declaration"
    Settings: ClassVar[type[Part]] = DeclarationSettings

    def options(self, field: Field, language: str) -> Sequence[tuple[str, str]]:
        """The box."""
        tick = field.settings.tick
        return (("true", (tick.say(language) if tick else "") or words(language)["i_confirm"]),)

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """`true`, or nothing."""
        text = one_text(raw).strip()
        if text not in ("", "true"):
            raise Unreadable("not_a_choice")
        return True if text else None

    def load(self, value: object, field: Field) -> Value | None:
        """A JSON boolean; false is a box that is not ticked."""
        if value is None or isinstance(value, bool):
            return value or None
        raise Unreadable("wrong_type")

    def typed(self, value: Value, field: Field) -> list[str]:
        """As the box sends it."""
        return ["true"]

    def text(self, value: Value, field: Field, language: str) -> str:
        """Yes."""
        return words(language)["yes"]

    def summary(self, values: Iterable[Value], field: Field, language: str) -> Summary:
        """How many confirmed it."""
        confirmed = sum(1 for _ in values)
        return Summary(confirmed, ((words(language)["yes"], confirmed),))

    def schema(self, field: Field) -> dict[str, Any]:
        """True."""
        return {"const": True}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """It is confirmed."""
        return True
