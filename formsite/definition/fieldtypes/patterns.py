"""Texts of a given shape: by a mask like 99-aa, or by a pattern of RE2, which takes linear time whatever is typed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator
from pydantic import Field as Member

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import Value, registry
from formsite.definition.fieldtypes.texts import LineOfText
from formsite.definition.logic import patterns
from formsite.definition.messages import OWN, Message, words
from formsite.definition.parts import Part, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field

MASKED = {"9": "[0-9]", "a": r"\p{L}", "*": "."}
"""What a sign of a mask stands for; every other one, and one behind a backslash, stands for itself."""
COMMON = (
    *("1" * length for length in range(1, 21)),
    *("a" * length for length in range(1, 21)),
    *("A" * length for length in range(1, 21)),
    *("A1", "a1", "AB12", "AB123", "AB1234", "AB-1234", "12345-6789", "AB12 3CD", "1.5", "1,5", "-1", "+441234567890"),
    *("2026-01-31", "31.01.2026", "31/01/2026", "01/31/2026", "09:30", "name@example.org", "https://example.org/"),
)
"""Texts that fit most patterns that people write, tried for an example where the designer gives none."""


def signs_of(mask: str) -> Iterator[tuple[str, bool]]:
    """The signs of a mask, and whether each stands for others."""
    letters = iter(mask)
    for letter in letters:
        if letter == "\\":
            yield next(letters, letter), False
        else:
            yield letter, letter in MASKED


def pattern_of(mask: str) -> str:
    """The mask as a pattern."""
    return "".join(MASKED[sign] if stands else _escaped(sign) for sign, stands in signs_of(mask))


def _escaped(sign: str) -> str:
    return f"\\{sign}" if sign in r"\.+*?()|[]{}^$/-" else sign


def whole(pattern: str) -> str:
    """The pattern, so that it must match a whole text."""
    return f"^(?:{pattern})$"


def _shape(written: str) -> str:
    if (wrong := patterns.fault(whole(written))) is not None:
        raise ValueError(f"this is no pattern of RE2: {wrong}")
    return written


class PatternSettings(Part):
    """The shape, by a mask, a pattern or both; an example of it; and what is said of a text that has another."""

    mask: Annotated[str, Member(max_length=200)] | None = None
    pattern: Annotated[str, Member(max_length=1_900), AfterValidator(_shape)] | None = None
    example: Annotated[str, Member(max_length=200)] | None = None
    message: Text | None = None


@registry.register
class PatternText(LineOfText):
    """A line of text of a given shape: a customer number, a plate, a code."""

    name: ClassVar[str] = "pattern_text"
    title: ClassVar[str] = "Text with a pattern"
    Settings: ClassVar[type[Part]] = PatternSettings

    def fits(self, text: str, field: Field) -> bool:
        """Whether the whole text has the shape."""
        settings = field.settings
        shapes = [
            *([pattern_of(settings.mask)] if settings.mask else []),
            *([settings.pattern] if settings.pattern else []),
        ]
        return all(patterns.compiled(whole(shape))(text) for shape in shapes)

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """Too long, or of another shape."""
        if wrong := super().check(value, field, today):
            return wrong
        if self.fits(str(value), field):
            return []
        if field.settings.message is not None:
            return [Message(OWN, {"text": field.settings.message})]
        example = self.example(field)
        return [Message("pattern_like", {"example": example}) if example else Message("pattern")]

    def example(self, field: Field) -> str | None:
        """The designer's, else one of the mask."""
        settings = field.settings
        if settings.example or not settings.mask:
            return settings.example or None
        return "".join({"9": "1", "a": "A", "*": "X"}[s] if stands else s for s, stands in signs_of(settings.mask))

    def help(self, field: Field, language: str) -> str:
        """What such a text looks like."""
        example = self.example(field)
        return words(language)["like_example"].replace("{example}", example) if example else ""

    def schema(self, field: Field) -> dict[str, Any]:
        """A string; a pattern of RE2 is not always one of JSON Schema."""
        return {"type": "string", "minLength": 1, "maxLength": self.longest}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """Signs for the mask, else the example, else a common text that fits."""
        known = (self._made(field, rng), *self._known(field))
        found = next((text for text in known if text and self.fits(text, field)), None)
        if found is None:
            raise LookupError(f"no example of “{field.settings.pattern}” is known")
        return found

    def _made(self, field: Field, rng: random.Random) -> str:
        alphabets = {"9": "0123456789", "a": "ABCDEFGHJKLMNPQRSTUVWXYZ", "*": "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"}
        mask = field.settings.mask or ""
        return "".join(rng.choice(alphabets[sign]) if stands else sign for sign, stands in signs_of(mask)).strip()

    def _known(self, field: Field) -> tuple[str, ...]:
        return ((field.settings.example or "").strip(), *COMMON)

    def faults(self, field: Field) -> list[Fault]:
        """A shape of which nothing is known that has it."""
        settings = field.settings
        if not settings.pattern and not settings.mask:
            return [Fault("/settings/pattern", "There is no pattern and no mask", "Write one, or ask for a short text")]
        if settings.example and not self.fits(settings.example, field):
            return [
                Fault("/settings/example", "The example does not have the shape that is asked for", "Mend one of them")
            ]
        try:
            self.sample(field, random.Random(1))
        except LookupError:
            return [
                Fault("/settings/example", "Nobody can tell what is asked for", "Give an example that fits the pattern")
            ]
        return []
