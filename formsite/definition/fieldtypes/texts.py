"""Texts: a line, a few lines, a person's name."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field as Member

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import FieldType, Unreadable, Value, one_text, registry
from formsite.definition.messages import Message
from formsite.definition.parts import WHOLE, Part

if TYPE_CHECKING:
    from formsite.definition.document import Field

UNSHOWN = {
    False: re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]"),
    True: re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"),  # several lines have line ends and tabs
}
BREAKS = {
    several: dict.fromkeys((0x2028, 0x2029), "\n" if several else " ") | dict.fromkeys((0x202D, 0x202E))
    for several in (False, True)
}
"""Line ends of other programs; and without the marks that turn letters round, which serve to deceive alone."""
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters that draw nothing."""
Length = Annotated[int, Member(ge=1, le=20_000), WHOLE]
MOST_MARKS = 30
"""Combining marks on one letter (Stream-Safe Text, UAX 15 section 12): normalising takes the square of their number."""


class LineOfText(FieldType):
    """What texts of one line share: white space trimmed, control characters refused, length checked."""

    family: ClassVar[str] = "Text"
    widget: ClassVar[str] = "text"
    longest: ClassVar[int] = 500
    lines: ClassVar[bool] = False

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The text, trimmed and in NFC; line ends as LF."""
        text = one_text(raw).replace("\r\n", "\n").replace("\r", "\n").strip()
        if not text.isascii():
            text = text.translate(BREAKS[self.lines])
        if len(text) > 4 * self.longest:  # NFC shortens at most to a third
            raise Unreadable("too_long", n=self.most(field))
        if UNSHOWN[self.lines].search(text):
            raise Unreadable("control_characters")
        if not text.isascii():
            if _piles_marks(text):
                raise Unreadable("control_characters")
            text = unicodedata.normalize("NFC", text).strip()
            if all(map(_is_unseen, text)):
                return None  # nobody could read it
        return text or None

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """Too long, or too short."""
        length, most, least = len(str(value)), self.most(field), self.least(field)
        if length > most:
            return [Message("too_long", {"n": most})]
        return [Message("too_short", {"n": least})] if length < least else []

    def most(self, field: Field) -> int:
        """The greatest length that `field` takes."""
        return self.longest

    def least(self, field: Field) -> int:
        """The smallest length that `field` takes."""
        return 1

    def input(self, field: Field, language: str) -> dict[str, str]:
        """No bound: a browser would cut what is pasted without a word, where `check` says it and keeps it."""
        return {"type": "text"}

    def schema(self, field: Field) -> dict[str, Any]:
        """A string within the bounds."""
        return {"type": "string", "minLength": self.least(field), "maxLength": self.most(field)}


class TextSettings(Part):
    """Bounds in characters (code points)."""

    min_length: Length | None = None
    max_length: Length | None = None


class BoundedText(LineOfText):
    """A text whose length the designer may bound."""

    Settings: ClassVar[type[Part]] = TextSettings

    def most(self, field: Field) -> int:
        """What the designer set, within what the type takes."""
        return min(field.settings.max_length or self.longest, self.longest)

    def least(self, field: Field) -> int:
        """What the designer set."""
        return int(field.settings.min_length or 1)

    def faults(self, field: Field) -> list[Fault]:
        """Bounds that leave no text."""
        if self.least(field) <= self.most(field):
            return []
        return [Fault("/settings/min_length", "No text is so long and so short at once", "Change one of the bounds")]


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Zs") or char in FILLERS


def _piles_marks(text: str) -> bool:
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > MOST_MARKS:
            return True
    return False


@registry.register
class ShortText(BoundedText):
    """A line of text."""

    name: ClassVar[str] = "short_text"
    title: ClassVar[str] = "Short text"

    def sample(self, field: Field, rng: random.Random) -> Value:
        """A few plain words within the bounds."""
        words = rng.sample(["good", "quick", "a little slow", "as hoped", "clear", "friendly", "fine"], 2)
        return " and ".join(words)[: self.most(field)].strip().ljust(self.least(field), ".")


@registry.register
class LongText(BoundedText):
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
        return text[: self.most(field)].strip().ljust(self.least(field), ".")


@registry.register
class PersonName(BoundedText):
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
        return f"{first} {last}"[: self.most(field)].strip().ljust(self.least(field), ".")
