"""Numbers and days."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, WithJsonSchema
from pydantic import Field as Member

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import (
    Cell,
    FieldType,
    Summary,
    Unreadable,
    Value,
    json_number,
    one_value,
    registry,
)
from formsite.definition.locales import locale_of
from formsite.definition.logic import AnswerType
from formsite.definition.logic.calendar import valid_day
from formsite.definition.messages import Message, words
from formsite.definition.parts import LARGEST, WHOLE, Amount, Part, Text
from formsite.foundation import clock

if TYPE_CHECKING:
    from formsite.definition.document import Field

LONGEST = 60
GROUPING = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’\u066c](?=\d)")
PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}((,\d{3})+(\.\d+)?|(\.\d{3})+(,\d+)?)", re.ASCII)
EITHER = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}", re.ASCII)
"""One mark before three digits: a thousand to some people, and a little more than one to others."""
SIGNS = str.maketrans({"\u2212": "-", "\u066b": "."})


class NumberSettings(Part):
    """Bounds (inclusive), how many decimals, and the unit shown beside it."""

    min: Amount | None = None
    max: Amount | None = None
    decimals: Annotated[int, Member(ge=0, le=9), WHOLE] = 0
    unit: Text | None = None


@registry.register
class Number(FieldType):
    """A whole or decimal number, typed as people type numbers."""

    name: ClassVar[str] = "number"
    title: ClassVar[str] = "Number"
    family: ClassVar[str] = "Numbers and dates"
    widget: ClassVar[str] = "text"
    answer: ClassVar[AnswerType] = AnswerType.NUMBER
    missing: ClassVar[str] = "missing_number"
    Settings: ClassVar[type[Part]] = NumberSettings

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """A number; point or comma before the decimals, spaces or apostrophes between the thousands."""
        text = one_value(raw)
        if not text:
            return None
        if len(text) > LONGEST:
            raise Unreadable("number")
        text = _bare(text, self.beside(field))
        return _exact(_read_number(GROUPING.sub("", text.translate(SIGNS)), field.settings.decimals))

    def beside(self, field: Field) -> Iterable[str]:
        """What people write beside the number, as the page does: its unit, in any language."""
        return field.settings.unit.root.values() if field.settings.unit else ()

    def load(self, value: object, field: Field) -> Value | None:
        """A JSON number."""
        number = json_number(value)
        if number is None:
            return None
        return _exact(number)

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """Within the bounds, and no more decimals than asked for."""
        number, settings = as_number(value), field.settings
        if settings.min is not None and number < settings.min:
            return [Message("number_least", {"least": plain(settings.min)})]
        if settings.max is not None and number > settings.max:
            return [Message("number_most", {"most": plain(settings.max)})]
        if round(number, settings.decimals) != number:
            return [Message("whole_number") if not settings.decimals else Message("decimals", {"n": settings.decimals})]
        return []

    def typed(self, value: Value, field: Field) -> list[str]:
        """Plain digits."""
        return [plain(as_number(value))]

    def text(self, value: Value, field: Field, language: str) -> str:
        """Digits and the unit."""
        unit = field.settings.unit.say(language) if field.settings.unit else ""
        return f"{plain(as_number(value))} {unit}".strip()

    def input(self, field: Field, language: str) -> dict[str, str]:
        """A text control with the keyboard for numbers: number controls change values when scrolled over."""
        return {
            "type": "text",
            "inputmode": "decimal" if field.settings.decimals else "numeric",
        }

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """The number itself."""
        return (None if value is None else as_number(value),)

    def summary(self, values: Iterable[Value], field: Field, language: str) -> Summary:
        """Mean, median and ends."""
        return _figures([as_number(value) for value in values])

    def schema(self, field: Field) -> dict[str, Any]:
        """A number within the bounds."""
        settings = field.settings
        out: dict[str, Any] = {"type": "number" if settings.decimals else "integer"}
        out["minimum"] = -LARGEST if settings.min is None else settings.min
        out["maximum"] = LARGEST if settings.max is None else settings.max
        return out

    def sample(self, field: Field, rng: random.Random) -> Value:
        """Something within the bounds, or a small number."""
        least, most = in_steps(field.settings.min, field.settings.max, field.settings.decimals)
        if least is None:
            least = min(0, most) if most is not None else 0
        if most is None:
            most = least + 100 * 10**field.settings.decimals
        return _exact(rng.randint(least, most) / 10**field.settings.decimals)

    def faults(self, field: Field) -> list[Fault]:
        """Bounds that leave no number."""
        least, most = in_steps(field.settings.min, field.settings.max, field.settings.decimals)
        if least is None or most is None or least <= most:
            return []
        return [Fault("/settings/max", "There is no number within the bounds", "Change one of the bounds")]


def _bare(text: str, beside: Iterable[str]) -> str:
    """The number without what stands before or behind it."""
    for word in (word.strip() for word in beside):
        if not word or word.isdecimal():
            continue
        for start, rest in ((text[: len(word)], text[len(word) :]), (text[-len(word) :], text[: -len(word)])):
            if start.casefold() == word.casefold():
                return rest.strip()
    return text


def in_steps(least: float | None, most: float | None, decimals: int) -> tuple[int | None, int | None]:
    """Bounds counted in steps of the last decimal, inwards."""
    scale = Decimal(10) ** decimals
    return (
        None if least is None else math.ceil(Decimal(str(least)) * scale),
        None if most is None else math.floor(Decimal(str(most)) * scale),
    )


def _read_number(text: str, decimals: int) -> float | int:
    if (either := EITHER.fullmatch(text)) and not (either[1] == "." and decimals >= 3):
        raise Unreadable("number_marks")
    if GROUPED.fullmatch(text) and not EITHER.fullmatch(text):
        decimal = max(text.rfind("."), text.rfind(","))
        marks = {mark for mark in text if mark in ".,"}
        if len(marks) == 1:
            text = re.sub(r"[.,]", "", text)
        else:
            text = re.sub(r"[.,]", "", text[:decimal]) + "." + text[decimal + 1 :]
    elif not PLAIN.fullmatch(text):
        raise Unreadable("number")
    text = text.replace(",", ".")
    return float(text) if "." in text else int(text)


def _exact(number: float) -> int | float:
    """A whole number as int; refused where a double could not hold it."""
    if isinstance(number, float) and not math.isfinite(number):
        raise Unreadable("number")
    if abs(number) > LARGEST:
        raise Unreadable("number_too_large")
    return int(number) if float(number).is_integer() else number


def as_number(value: Value) -> int | float:
    """The answer as the number that it is."""
    assert isinstance(value, int | float)
    return value


def plain(number: float) -> str:
    """The number in digits, with a point and without an exponent."""
    return f"{number:.9f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)


def _figures(numbers: list[int | float]) -> Summary:
    if not numbers:
        return Summary(0)
    mean = math.fsum(numbers) / len(numbers)
    figures = (
        ("mean", mean),
        ("median", float(median(numbers))),
        ("least", float(min(numbers))),
        ("greatest", float(max(numbers))),
    )
    return Summary(len(numbers), figures=figures)


def _bound(written: str) -> str:
    if written != "today" and not valid_day(written):
        raise ValueError("expected a day like 2026-01-31, or today")
    return written


DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
Bound = Annotated[
    str,
    AfterValidator(_bound),
    WithJsonSchema({"anyOf": [{"const": "today"}, {"type": "string", "pattern": DAY}]}),
]


class DateSettings(Part):
    """The earliest and the latest day (inclusive), as YYYY-MM-DD or `today`."""

    earliest: Bound | None = None
    latest: Bound | None = None


@registry.register
class Date(FieldType):
    """A day of the calendar, in one ISO field."""

    name: ClassVar[str] = "date"
    title: ClassVar[str] = "Date"
    family: ClassVar[str] = "Numbers and dates"
    widget: ClassVar[str] = "date"
    answer: ClassVar[AnswerType] = AnswerType.DATE
    missing: ClassVar[str] = "missing_date"
    Settings: ClassVar[type[Part]] = DateSettings

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """YYYY-MM-DD."""
        text = one_value(raw)
        if not text:
            return None
        if not valid_day(text):
            raise Unreadable("date")
        return text

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """Within the bounds."""
        earliest, latest = (_day(bound, today) for bound in (field.settings.earliest, field.settings.latest))
        if earliest and str(value) < earliest:
            return [Message("date_earliest", {"day": earliest})]
        return [Message("date_latest", {"day": latest})] if latest and str(value) > latest else []

    def text(self, value: Value, field: Field, language: str) -> str:
        """The day in the words of the language."""
        from babel.dates import format_date

        locale = locale_of(language)
        return format_date(date.fromisoformat(str(value)), "long", locale=locale) if locale else str(value)

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """ISO, which spreadsheets read as a day."""
        return (None if value is None else str(value),)

    def input(self, field: Field, language: str) -> dict[str, str]:
        """The bounds that do not move."""
        bounds = {"min": field.settings.earliest, "max": field.settings.latest}
        return {"type": "date"} | {name: day for name, day in bounds.items() if day and day != "today"}

    def schema(self, field: Field) -> dict[str, Any]:
        """An ISO day."""
        return {"type": "string", "format": "date", "pattern": DAY}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """A day within the bounds that are fixed, else of recent years."""
        today = clock.now().date()
        earliest, latest = (_day(bound, today) for bound in (field.settings.earliest, field.settings.latest))
        last = date.fromisoformat(latest) if latest else None
        if earliest:
            first = date.fromisoformat(earliest)
        else:
            first = _later(last or today, -700)
        span = ((last or _later(first, 700)) - first).days
        return (first + timedelta(days=rng.randint(0, max(span, 0)))).isoformat()

    def faults(self, field: Field) -> list[Fault]:
        """Bounds that leave no day."""
        earliest, latest = field.settings.earliest, field.settings.latest
        if not earliest or not latest or "today" in (earliest, latest) or earliest <= latest:
            return []
        return [Fault("/settings/latest", "The latest day is before the earliest", "Change one of the bounds")]


def _later(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _day(bound: str | None, today: date) -> str | None:
    return today.isoformat() if bound == "today" else bound


@registry.register
class YesNo(FieldType):
    """Yes or no; both are answers."""

    name: ClassVar[str] = "yes_no"
    title: ClassVar[str] = "Yes or no"
    family: ClassVar[str] = "Choice"
    widget: ClassVar[str] = "yes_no"
    answer: ClassVar[AnswerType] = AnswerType.BOOLEAN
    missing: ClassVar[str] = "missing_choice"

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """`true` or `false`."""
        text = one_value(raw)
        if text not in ("", "true", "false"):
            raise Unreadable("not_a_choice")
        return None if not text else text == "true"

    def options(self, field: Field, language: str) -> Sequence[tuple[str, str]]:
        """Yes and no."""
        return (("true", words(language)["yes"]), ("false", words(language)["no"]))

    def load(self, value: object, field: Field) -> Value | None:
        """A JSON boolean."""
        if value is None or isinstance(value, bool):
            return value
        raise Unreadable("wrong_type")

    def typed(self, value: Value, field: Field) -> list[str]:
        """As the radio buttons send it."""
        return ["true" if value else "false"]

    def text(self, value: Value, field: Field, language: str) -> str:
        """Yes or no."""
        return words(language)["yes" if value else "no"]

    def summary(self, values: Iterable[Value], field: Field, language: str) -> Summary:
        """How many said which."""
        said = list(values)
        yes = sum(1 for value in said if value is True)
        return Summary(len(said), ((words(language)["yes"], yes), (words(language)["no"], len(said) - yes)))

    def schema(self, field: Field) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """One or the other."""
        return rng.random() < 0.6
