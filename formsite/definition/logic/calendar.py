"""Days, times, moments and months as texts: their shapes, and what is reckoned with them. Proleptic Gregorian."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])", re.ASCII)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTES = 24 * 60
EPOCH = date(1970, 1, 1)


def valid_day(written: str) -> bool:
    """Whether a text is a day of the proleptic Gregorian calendar, years 1 to 9999, as YYYY-MM-DD."""
    if not _DAY.fullmatch(written):
        return False
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def is_shaped(text: str, kind: str) -> bool:
    """Whether a text is a DATE (YYYY-MM-DD), TIME (HH:MM), MOMENT (YYYY-MM-DDTHH:MM) or MONTH (YYYY-MM)."""
    if kind == "DATE":
        return valid_day(text)
    if kind == "TIME":
        return _TIME.fullmatch(text) is not None
    if kind == "MONTH":
        return _MONTH.fullmatch(text) is not None and text[:4] != "0000"
    return kind == "MOMENT" and text[10:11] == "T" and valid_day(text[:10]) and is_shaped(text[11:], "TIME")


def shape(value: object) -> str | None:
    """DATE, TIME, MOMENT or MONTH, or None."""
    if not isinstance(value, str):
        return None
    return next((kind for kind in ("DATE", "TIME", "MOMENT", "MONTH") if is_shaped(value, kind)), None)


def day(value: object) -> date | None:
    """The day of a date or moment."""
    found = shape(value)
    return date.fromisoformat(str(value)[:10]) if found in ("DATE", "MOMENT") else None


def minutes(value: object) -> int | None:
    """The minutes since midnight of a time or moment."""
    found = shape(value)
    if found not in ("TIME", "MOMENT"):
        return None
    hour, minute = str(value)[-5:].split(":")
    return int(hour) * 60 + int(minute)


def day_number(value: object) -> float | None:
    """Days since 1970-01-01; a moment has a fraction, and a time of day is a fraction."""
    found, past = shape(value), minutes(value) or 0
    if found == "TIME":
        return past / MINUTES
    at = day(value)
    return None if at is None else (at - EPOCH).days + past / MINUTES


def day_of_number(number: float) -> str | None:
    """The day of so many days since 1970-01-01."""
    try:
        return (EPOCH + timedelta(days=int(number // 1))).isoformat()
    except (OverflowError, ValueError):
        return None


def add_days(start: date, days: int) -> str | None:
    """The day so many days later."""
    try:
        return (start + timedelta(days=days)).isoformat()
    except OverflowError:
        return None


def add_months(start: date, months: int) -> str | None:
    """The day so many months later, or the last of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).isoformat()


def days_between(a: date, b: date) -> int:
    """Days."""
    return (b - a).days


def months_between(a: date, b: date) -> int:
    """Completed months."""
    if b < a:
        return -months_between(b, a)
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)


def years_between(a: date, b: date) -> int:
    """Completed years. Who was born on 29 February completes one on 1 March where there is no 29th."""
    if b < a:
        return -years_between(b, a)
    return b.year - a.year - ((b.month, b.day) < (a.month, a.day))


def formatted(value: object, pattern: str) -> str | None:
    """A day or moment by the marks of XForms' format-date-time; any other mark stays."""
    at = day(value)
    if at is None:
        return None
    hour, minute = divmod(minutes(value) or 0, 60)
    marks = {
        "Y": f"{at.year:04}",
        "y": f"{at.year % 100:02}",
        "m": f"{at.month:02}",
        "n": str(at.month),
        "b": MONTHS[at.month - 1],
        "d": f"{at.day:02}",
        "e": str(at.day),
        "H": f"{hour:02}",
        "h": str(hour),
        "M": f"{minute:02}",
        "S": "00",
        "a": DAYS[at.weekday()],
    }
    return re.sub("%(.)", lambda found: marks.get(found[1], found[0]), pattern, flags=re.DOTALL)
