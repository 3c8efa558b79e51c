"""Texts: a line, a few lines, a person's name."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field as Member

from formsite.definition.fieldtypes.base import FieldType, Unreadable, Value, registry
from formsite.definition.messages import Message
from formsite.definition.parts import Part

if TYPE_CHECKING:
    from formsite.definition.document import Field

Length = Annotated[int, Member(ge=1, le=20_000)]


class TextSettings(Part):
    """Bounds in characters (code points)."""

    min_length: Length | None = None
    max_length: Length | None = None


class LineOfText(FieldType):
    """What texts of one line share: white space trimmed, control characters refused, length checked."""

    family: ClassVar[str] = "Text"
    widget: ClassVar[str] = "text"
    Settings: ClassVar[type[Part]] = TextSettings
    longest: ClassVar[int] = 500
    lines: ClassVar[bool] = False

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The text, trimmed and in NFC; line ends as `\\n`."""
        if len(raw) > 1:
            raise Unreadable("one_answer")
        text = unicodedata.normalize("NFC", raw[0] if raw else "").replace("\r\n", "\n").replace("\r", "\n").strip()
        if any(unicodedata.category(char) in ("Cc", "Cs") and not (self.lines and char in "\n\t") for char in text):
            raise Unreadable("control_characters")
        return text or None

    def load(self, value: object, field: Field) -> Value | None:
        """A JSON string."""
        if value is not None and not isinstance(value, str):
            raise Unreadable("wrong_type")
        return self.parse([value or ""], field)

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """Too long, or too short."""
        length, most, least = len(str(value)), self.most(field), field.settings.min_length or 0
        if length > most:
            return [Message("too_long", {"n": most})]
        return [Message("too_short", {"n": least})] if length < least else []

    def most(self, field: Field) -> int:
        """The greatest length that `field` takes."""
        return min(field.settings.max_length or self.longest, self.longest)

    def input(self, field: Field, language: str) -> dict[str, str]:
        """The bound, for the browser."""
        return {"type": "text", "maxlength": str(self.most(field))}

    def schema(self, field: Field) -> dict[str, Any]:
        """A string within the bounds."""
        return {"type": "string", "minLength": max(field.settings.min_length or 1, 1), "maxLength": self.most(field)}


@registry.register
class ShortText(LineOfText):
    """A line of text."""

    name: ClassVar[str] = "short_text"
    title: ClassVar[str] = "Short text"

    def sample(self, field: Field, rng: random.Random) -> Value:
        """A few plain words within the bounds."""
        words = rng.sample(["good", "quick", "a little slow", "as hoped", "clear", "friendly", "fine"], 2)
        return " and ".join(words).ljust(field.settings.min_length or 0, ".")[: self.most(field)].strip()


@registry.register
class LongText(LineOfText):
    """Several lines of text."""

    name: ClassVar[str] = "long_text"
    title: ClassVar[str] = "Long text"
    widget: ClassVar[str] = "textarea"
    longest: ClassVar[int] = 20_000
    lines: ClassVar[bool] = True

    def sample(self, field: Field, rng: random.Random) -> Value:
        """A remark or two within the bounds."""
        remarks = ["All good.", "It took a while to find the button.", "Please call in the evening.", "Thank you!"]
        text = " ".join(rng.sample(remarks, rng.randint(1, 3)))
        return text.ljust(field.settings.min_length or 0, ".")[: self.most(field)].strip()


@registry.register
class PersonName(LineOfText):
    """A person's name, as the person writes it: one line, no guess at its parts."""

    name: ClassVar[str] = "name"
    title: ClassVar[str] = "Name"
    family: ClassVar[str] = "Contact"
    personal: ClassVar[bool] = True
    missing: ClassVar[str] = "missing_name"
    longest: ClassVar[int] = 200

    def input(self, field: Field, language: str) -> dict[str, str]:
        """Browsers may fill it in."""
        return super().input(field, language) | {"autocomplete": "name"}

    def mask(self, value: Value, field: Field) -> str:
        """Initials."""
        return " ".join(f"{word[0]}•••" for word in str(value).split()[:4])

    def sample(self, field: Field, rng: random.Random) -> Value:
        """A made-up name."""
        first = rng.choice(["Amara", "Béla", "Chiara", "Dmitri", "Emre", "Fiona", "Grace", "Hiro", "Ines", "Joy"])
        last = rng.choice(["Okafor", "Novák", "O’Brien", "Larsson", "Haddad", "Müller", "Rossi", "Singh", "Silva"])
        return f"{first} {last}"[: self.most(field)].strip().ljust(field.settings.min_length or 0, ".")
