"""Answers that nobody types: worked out from others, or brought along by the address of the page."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field as Member
from pydantic import StrictBool

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import Cell, FieldType, Unreadable, Value, registry
from formsite.definition.fieldtypes.texts import LineOfText
from formsite.definition.parts import WHOLE, Part

if TYPE_CHECKING:
    from formsite.definition.document import Field

LONGEST = 20_000


class ComputedSettings(Part):
    """Whether the customer sees the value, and with how many decimals a number is written."""

    hidden: StrictBool = False
    decimals: Annotated[int, Member(ge=0, le=9), WHOLE] | None = None


@registry.register
class Computed(FieldType):
    """What follows from other answers: a text, a number, a day, or yes and no. Nothing that is sent changes it."""

    name: ClassVar[str] = "computed"
    title: ClassVar[str] = "Computed value"
    family: ClassVar[str] = "Values"
    widget: ClassVar[str] = "output"
    Settings: ClassVar[type[Part]] = ComputedSettings

    def drawn(self, field: Field) -> bool:
        """Unless the designer hides it."""
        return not field.settings.hidden

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """Never an answer."""
        return None

    def load(self, value: object, field: Field) -> Value | None:
        """What a rule came to."""
        if value is None or value == "":
            return None
        if not isinstance(value, str | int | float) or (isinstance(value, str) and len(value) > LONGEST):
            raise Unreadable("wrong_type")
        if isinstance(value, float) and not math.isfinite(value):
            raise Unreadable("wrong_type")
        return value

    def text(self, value: Value, field: Field, language: str) -> str:
        """As it is; a number with the decimals that are set."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return {True: "✓", False: "✗"}.get(value, "") if isinstance(value, bool) else str(value)
        places = field.settings.decimals
        return f"{value:.{places}f}" if places is not None else f"{value:.15g}"

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """Numbers stay numbers."""
        if isinstance(value, bool):
            return (int(value),)
        return (value if isinstance(value, str | int | float) else None,)

    def typed(self, value: Value, field: Field) -> list[str]:
        """No control sends it."""
        return []

    def schema(self, field: Field) -> dict[str, Any]:
        """Any single value."""
        return {"type": ["string", "number", "boolean"]}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """A number; in truth the rule decides."""
        return rng.randint(0, 100)

    def faults(self, field: Field) -> list[Fault]:
        """Nothing to work out."""
        if field.computed is not None:
            return []
        return [Fault("/computed", f"“{field.id}” has nothing to work out", "Write an expression")]


@registry.register
class Hidden(LineOfText):
    """A value that the address of the page brings along (`?campaign=spring`). Never drawn, never trusted as fact."""

    name: ClassVar[str] = "hidden"
    title: ClassVar[str] = "Hidden value"
    family: ClassVar[str] = "Values"
    widget: ClassVar[str] = "hidden"
    carried: ClassVar[bool] = True

    def drawn(self, field: Field) -> bool:
        """Never."""
        return False

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The text; one that is too long is none, as nobody could mend it."""
        text = super().parse(raw, field)
        if text is not None and len(str(text)) > self.longest:
            raise Unreadable("too_long", n=self.longest)
        return text

    def sample(self, field: Field, rng: random.Random) -> Value:
        """Where somebody may have come from."""
        return rng.choice(["newsletter", "poster", "shop", "friend"])
