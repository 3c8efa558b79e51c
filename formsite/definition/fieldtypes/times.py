"""Times of day, moments and months, each in one ISO field; stored as texts that sort as what they stand for."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, WithJsonSchema

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import Cell, FieldType, Unreadable, Value, one_value, registry
from formsite.definition.locales import locale_of
from formsite.definition.logic import AnswerType
from formsite.definition.logic.calendar import valid_day
from formsite.definition.messages import Message
from formsite.definition.parts import Part
from formsite.foundation import clock

if TYPE_CHECKING:
    from formsite.definition.document import Field

TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
MONTH = r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])"
TYPED_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::00(?:\.0+)?)?(?:\s?([ap])\.?m\.?)?", re.ASCII | re.IGNORECASE)
TODAY = "today"


def time_of(typed: str) -> str | None:
    """A time of day as HH:MM out of what people type: 9:30, 09.30, 9:30 pm. None if it is none."""
    found = TYPED_TIME.fullmatch(typed)
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def moment_of(typed: str) -> str | None:
    """A day and a time as YYYY-MM-DDTHH:MM; a space may stand between them. None if it is none."""
    day, rest = typed[:10], typed[10:]
    if not valid_day(day) or rest[:1] not in ("T", "t", " "):
        return None
    at = time_of(rest[1:].strip())
    return f"{day}T{at}" if at else None


def month_of(typed: str) -> str | None:
    """A month of a year as YYYY-MM. None if it is none."""
    return typed if len(typed) == 7 and valid_day(f"{typed}-01") else None


class Bounded(FieldType):
    """What times, moments and months share: one ISO text between two others."""

    family: ClassVar[str] = "Numbers and dates"
    widget: ClassVar[str] = "date"
    control: ClassVar[str]
    """The type of the HTML control."""
    unreadable: ClassVar[str]
    early: ClassVar[str]
    late: ClassVar[str]
    """The messages for what cannot be read, and for what is out of bounds."""

    def read(self, typed: str) -> str | None:
        """What was typed, as it is stored; None if it cannot be read."""
        raise NotImplementedError(self.name)

    def bounds(self, field: Field, today: date) -> tuple[str | None, str | None]:
        """The earliest and the latest answer, as they are stored."""
        return field.settings.earliest, field.settings.latest

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The answer in its ISO form."""
        text = one_value(raw)
        if not text:
            return None
        found = self.read(text)
        if found is None:
            raise Unreadable(self.unreadable)
        return found

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """Within the bounds."""
        earliest, latest = self.bounds(field, today)
        if earliest and str(value) < earliest:
            return [Message(self.early, {"least": earliest.replace("T", " ")})]
        if latest and str(value) > latest:
            return [Message(self.late, {"most": latest.replace("T", " ")})]
        return []

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """ISO, which spreadsheets read."""
        return (None if value is None else str(value),)

    def input(self, field: Field, language: str) -> dict[str, str]:
        """The bounds that do not move."""
        settings = field.settings
        least, most = self.bounds(field, date.min)
        given = {
            "min": least if settings.earliest != TODAY else None,
            "max": most if settings.latest != TODAY else None,
        }
        return {"type": self.control} | {name: bound for name, bound in given.items() if bound}

    def faults(self, field: Field) -> list[Fault]:
        """Bounds that leave no answer."""
        earliest, latest = self.bounds(field, clock.now().date())
        moves = TODAY in (field.settings.earliest, field.settings.latest)
        if moves or not earliest or not latest or earliest <= latest:
            return []
        return [Fault("/settings/latest", "The latest is before the earliest", "Change one of the bounds")]


def _time_bound(written: str) -> str:
    if not re.fullmatch(TIME, written):
        raise ValueError("expected a time of day like 09:30")
    return written


TimeBound = Annotated[str, AfterValidator(_time_bound), WithJsonSchema({"type": "string", "pattern": f"^{TIME}$"})]


class TimeSettings(Part):
    """The earliest and the latest time (inclusive), as HH:MM."""

    earliest: TimeBound | None = None
    latest: TimeBound | None = None


@registry.register
class TimeOfDay(Bounded):
    """A time of day, to the minute."""

    name: ClassVar[str] = "time"
    title: ClassVar[str] = "Time"
    control: ClassVar[str] = "time"
    answer: ClassVar[AnswerType] = AnswerType.TIME
    missing: ClassVar[str] = "missing_time"
    unreadable: ClassVar[str] = "time"
    early: ClassVar[str] = "time_earliest"
    late: ClassVar[str] = "time_latest"
    Settings: ClassVar[type[Part]] = TimeSettings

    def read(self, typed: str) -> str | None:
        """HH:MM."""
        return time_of(typed)

    def text(self, value: Value, field: Field, language: str) -> str:
        """The time as the language writes it."""
        from babel.dates import format_time

        locale = locale_of(language)
        return format_time(time.fromisoformat(str(value)), "short", locale=locale) if locale else str(value)

    def schema(self, field: Field) -> dict[str, Any]:
        """HH:MM."""
        return {"type": "string", "pattern": f"^{TIME}$"}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """Within the bounds, else of the day."""
        earliest, latest = self.bounds(field, date.min)
        first = earliest or min("08:00", latest or "08:00")
        last = latest or max("20:00", first)
        at = rng.randint(_minutes(first), max(_minutes(first), _minutes(last)))
        return f"{at // 60:02}:{at % 60:02}"


def _minutes(at: str) -> int:
    return int(at[:2]) * 60 + int(at[3:])


def _moment_bound(written: str) -> str:
    if written != TODAY and not valid_day(written) and moment_of(written) != written:
        raise ValueError("expected a moment like 2026-01-31T09:30, a day like 2026-01-31, or today")
    return written


MomentBound = Annotated[
    str,
    AfterValidator(_moment_bound),
    WithJsonSchema({"anyOf": [{"const": TODAY}, {"type": "string", "pattern": f"^{DAY}(T{TIME})?$"}]}),
]


class MomentSettings(Part):
    """The earliest and the latest moment (inclusive): a moment, a whole day, or `today`."""

    earliest: MomentBound | None = None
    latest: MomentBound | None = None


@registry.register
class DateTime(Bounded):
    """A day and a time of day, as a clock on the wall there shows it."""

    name: ClassVar[str] = "date_time"
    title: ClassVar[str] = "Date and time"
    control: ClassVar[str] = "datetime-local"
    answer: ClassVar[AnswerType] = AnswerType.MOMENT
    missing: ClassVar[str] = "missing_date_time"
    unreadable: ClassVar[str] = "date_time"
    early: ClassVar[str] = "date_time_earliest"
    late: ClassVar[str] = "date_time_latest"
    Settings: ClassVar[type[Part]] = MomentSettings

    def read(self, typed: str) -> str | None:
        """YYYY-MM-DDTHH:MM."""
        return moment_of(typed)

    def bounds(self, field: Field, today: date) -> tuple[str | None, str | None]:
        """A day counts from its first minute to its last."""
        return (
            _whole(field.settings.earliest, today, "T00:00"),
            _whole(field.settings.latest, today, "T23:59"),
        )

    def text(self, value: Value, field: Field, language: str) -> str:
        """Day and time in the words of the language."""
        from babel.dates import format_date, format_time, get_datetime_format

        locale, moment = locale_of(language), datetime.fromisoformat(str(value))
        if locale is None:
            return str(value).replace("T", " ")
        both = str(get_datetime_format("long", locale=locale)).replace("'", "")
        day = format_date(moment.date(), "long", locale=locale)
        return both.replace("{0}", format_time(moment.time(), "short", locale=locale)).replace("{1}", day)

    def schema(self, field: Field) -> dict[str, Any]:
        """YYYY-MM-DDTHH:MM."""
        return {"type": "string", "pattern": f"^{DAY}T{TIME}$"}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """Within the bounds, else of recent years."""
        now = clock.now().replace(tzinfo=None)
        earliest, latest = self.bounds(field, now.date())
        last = datetime.fromisoformat(latest) if latest else None
        first = datetime.fromisoformat(earliest) if earliest else _shifted(last or now, -700)
        span = (last or _shifted(first, 700)) - first
        at = first + timedelta(minutes=rng.randint(0, max(int(span.total_seconds()) // 60, 0)))
        return at.isoformat()[:16]


def _whole(bound: str | None, today: date, at: str) -> str | None:
    if bound is None or "T" in bound:
        return bound
    return (today.isoformat() if bound == TODAY else bound) + at


def _shifted(moment: datetime, days: int) -> datetime:
    """So many days later, within the years that there are."""
    day = min(max(moment.toordinal() + days, 1), date.max.toordinal())
    return datetime.combine(date.fromordinal(day), moment.time())


def _month_bound(written: str) -> str:
    if written != TODAY and month_of(written) is None:
        raise ValueError("expected a month like 2026-01, or today")
    return written


MonthBound = Annotated[
    str,
    AfterValidator(_month_bound),
    WithJsonSchema({"anyOf": [{"const": TODAY}, {"type": "string", "pattern": f"^{MONTH}$"}]}),
]


class MonthSettings(Part):
    """The earliest and the latest month (inclusive), as YYYY-MM or `today`, which is the month that it is in."""

    earliest: MonthBound | None = None
    latest: MonthBound | None = None


@registry.register
class Month(Bounded):
    """A month of a year."""

    name: ClassVar[str] = "month"
    title: ClassVar[str] = "Month"
    control: ClassVar[str] = "month"
    answer: ClassVar[AnswerType] = AnswerType.MONTH
    missing: ClassVar[str] = "missing_month"
    unreadable: ClassVar[str] = "month"
    early: ClassVar[str] = "month_earliest"
    late: ClassVar[str] = "month_latest"
    Settings: ClassVar[type[Part]] = MonthSettings

    def read(self, typed: str) -> str | None:
        """YYYY-MM."""
        return month_of(typed)

    def bounds(self, field: Field, today: date) -> tuple[str | None, str | None]:
        """`today` is the month that it is in."""
        this = today.isoformat()[:7]
        earliest, latest = field.settings.earliest, field.settings.latest
        return this if earliest == TODAY else earliest, this if latest == TODAY else latest

    def input(self, field: Field, language: str) -> dict[str, str]:
        """Some browsers have no control for months and draw one line of text: it says how a month is written."""
        return super().input(field, language) | {"placeholder": "2026-01"}

    def text(self, value: Value, field: Field, language: str) -> str:
        """The month in the words of the language."""
        from babel.dates import format_skeleton

        locale = locale_of(language)
        return format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=locale) if locale else str(value)

    def schema(self, field: Field) -> dict[str, Any]:
        """YYYY-MM."""
        return {"type": "string", "pattern": f"^{MONTH}$"}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """Within the bounds, else of recent years."""
        today = clock.now().date()
        earliest, latest = self.bounds(field, today)
        last = _months(latest) if latest else None
        first = _months(earliest) if earliest else max((last or _months(today.isoformat())) - 24, 12)
        at = rng.randint(first, max(first, min(first + 24, 12 * 9999 + 11) if last is None else last))
        return f"{at // 12:04}-{at % 12 + 1:02}"


def _months(written: str) -> int:
    return int(written[:4]) * 12 + int(written[5:7]) - 1
