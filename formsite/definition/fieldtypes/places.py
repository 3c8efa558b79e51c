"""Places: a latitude and a longitude, typed or taken from the device."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from formsite.definition.fieldtypes.base import Cell, Column, FieldType, Unreadable, Value, one_value, registry
from formsite.definition.logic import AnswerType
from formsite.definition.messages import words

if TYPE_CHECKING:
    from formsite.definition.document import Field

DECIMALS = 6  # a tenth of a metre
LONGEST = 100
SIGNS = str.maketrans({"’": "'", "′": "'", "”": '"', "″": '"', "−": "-", "\u00a0": " "})
PART = r"\d{1,2}(?:[.,]\d{1,15})?"
ANGLE = re.compile(
    rf"""([+-]?\d{{1,3}}(?:[.,]\d{{1,15}})?)\s*(?:°\s*(?:({PART})\s*'\s*(?:({PART})\s*"\s*)?)?)?([NSEW])?""",
    re.ASCII | re.IGNORECASE,
)
STORED = r"^-?(90|[0-8]?\d(\.\d{1,6})?),-?(180|(1[0-7]\d|\d{1,2})(\.\d{1,6})?)$"


@registry.register
class Location(FieldType):
    """A place on earth. It is stored as `latitude,longitude` in degrees (WGS 84)."""

    name: ClassVar[str] = "location"
    title: ClassVar[str] = "Location"
    family: ClassVar[str] = "Contact"
    widget: ClassVar[str] = "place"
    answer: ClassVar[AnswerType] = AnswerType.PLACE
    personal: ClassVar[bool] = True
    missing: ClassVar[str] = "missing_place"

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """Degrees with decimals, with a letter for the side of the earth, or with minutes and seconds."""
        text = one_value(raw).translate(SIGNS)
        if not text:
            return None
        halves = _halves(text) if len(text) <= LONGEST else None
        read = [_degrees(half, letters) for half, letters in zip(halves or (), ("NS", "EW"), strict=False)]
        if len(read) != 2 or None in read:
            raise Unreadable("place")
        latitude, longitude = (float(degrees or 0) for degrees in read)
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise Unreadable("place_range")
        return f"{_plain(latitude)},{_plain(longitude)}"

    def typed(self, value: Value, field: Field) -> list[str]:
        """As people write it."""
        return [str(value).replace(",", ", ")]

    def text(self, value: Value, field: Field, language: str) -> str:
        """As people write it; it reads from left to right also where a language does not."""
        return f"\u2066{str(value).replace(',', ', ')}\u2069"

    def input(self, field: Field, language: str) -> dict[str, str]:
        """No keyboard of numbers has a comma and a minus everywhere."""
        return {"type": "text", "autocomplete": "off", "dir": "ltr", "spellcheck": "false"}

    def help(self, field: Field, language: str) -> str:
        """How to type it."""
        return words(language)["place_example"]

    def wording(self, field: Field, language: str) -> Mapping[str, str]:
        """The button, and what became of it."""
        said = words(language)
        return {
            "use": said["place_use"],
            "searching": said["place_searching"],
            "denied": said["place_denied"],
        }

    def columns(self, field: Field, language: str) -> tuple[Column, ...]:
        """The two numbers apart."""
        label = field.label.say(language)
        said = words(language)
        return (
            Column(f"{field.id}-latitude", f"{label}: {said['latitude']}"),
            Column(f"{field.id}-longitude", f"{label}: {said['longitude']}"),
        )

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """As numbers."""
        return (None, None) if value is None else tuple(float(part) for part in str(value).split(","))

    def schema(self, field: Field) -> dict[str, Any]:
        """The two numbers with a comma between."""
        return {"type": "string", "pattern": STORED}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """A place where people live."""
        latitude, longitude = rng.choice([(48.137, 11.575), (51.507, -0.128), (-33.869, 151.209), (30.044, 31.236)])
        return f"{_plain(latitude + rng.uniform(-0.05, 0.05))},{_plain(longitude + rng.uniform(-0.05, 0.05))}"


def _halves(text: str) -> list[str] | None:
    """The two angles; a comma may stand between them or in them."""
    for mark in (";", ", ", ","):
        if text.count(mark) == 1:
            return text.split(mark)
    for pattern in (r"(?<=[NSns])\s*", r"\s+"):
        found = [half for half in re.split(pattern, text) if half]
        if len(found) == 2:
            return found
    return None


def _degrees(text: str, letters: str) -> float | None:
    found = ANGLE.fullmatch(text.strip())
    if found is None:
        return None
    whole, minutes, seconds, letter = found.groups()
    degrees, sixtieth, rest = (float((part or "0").replace(",", ".")) for part in (whole, minutes, seconds))
    if sixtieth >= 60 or rest >= 60 or (letter and (letter.upper() not in letters or whole[0] in "+-")):
        return None
    size = abs(degrees) + sixtieth / 60 + rest / 3600
    return -size if whole.startswith("-") or (letter and letter.upper() in "SW") else size


def _plain(degrees: float) -> str:
    text = f"{degrees:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
