"""Colours."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from formsite.definition.fieldtypes.base import FieldType, Unreadable, Value, one_value, registry

if TYPE_CHECKING:
    from formsite.definition.document import Field

TYPED = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)


@registry.register
class Colour(FieldType):
    """A colour, as #rrggbb. The control that browsers have for it cannot be empty, so it is one line of text."""

    name: ClassVar[str] = "colour"
    title: ClassVar[str] = "Colour"
    family: ClassVar[str] = "Choice"
    widget: ClassVar[str] = "colour"
    missing: ClassVar[str] = "missing_colour"

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """Six digits of the sixteen, or three that stand for twice as many; small letters."""
        text = one_value(raw)
        if not text:
            return None
        found = TYPED.fullmatch(text)
        if not found:
            raise Unreadable("colour")
        digits = found[1].lower()
        return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))

    def input(self, field: Field, language: str) -> dict[str, str]:
        """It says how a colour is written."""
        return {
            "type": "text",
            "placeholder": "#1a2b3c",
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
            "dir": "ltr",
        }

    def schema(self, field: Field) -> dict[str, Any]:
        """#rrggbb."""
        return {"type": "string", "pattern": "^#[0-9a-f]{6}$"}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """Any."""
        return f"#{rng.randrange(1 << 24):06x}"
