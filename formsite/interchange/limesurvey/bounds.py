"""The bounds of dates: a year, a day, a moment, words such as `+1 week`, or an expression."""

from __future__ import annotations

import re

from formsite.definition.logic.calendar import valid_day

_WRITTEN = re.compile(
    r"(?P<year>[12]\d{3})(-(?P<month>\d\d)(-(?P<day>\d\d)(?:[ T]+(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(:\d\d)?)?)?)?"
)
_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d[ T]+)?([01]\d|2[0-3]):([0-5]\d)(?::\d\d)?")
WORDS = re.compile(
    r"(now|today|tomorrow|yesterday|midnight|noon|([+-]\s*)?\d+\s*[a-z]++(\s++ago)?|[ ,])++", re.IGNORECASE
)
"""What the engine's `strtotime` reads and its expressions do not."""


def bare(held: str) -> str:
    """A bound without braces or quotes around it."""
    inner = re.fullmatch(r"\s*\{(.*)\}\s*", held, re.DOTALL)
    plain = (inner[1] if inner else held).strip()
    quoted = re.fullmatch(r"""(["'])([^"']*)\1""", plain)
    return quoted[2].strip() if quoted else plain


def setting(held: str, attribute: str, kind: str) -> str:
    """A bound as the setting of a type of formsite; empty for what depends on answers, or is no such bound."""
    plain = bare(held)
    if kind == "time":
        at = _TIME.fullmatch(plain)
        return f"{at[1]}:{at[2]}" if at else ""
    if plain.lower() in ("now", "today"):
        return "today"
    found = _WRITTEN.fullmatch(plain)
    if found is None:
        return ""
    last = attribute == "date_max"
    month = found["month"] or ("12" if last else "01")
    day = _day(found["year"], month, found["day"], last=last)
    if not day or kind == "month":
        return day[:7]
    return f"{day}T{found['hour']}:{found['minute']}" if kind == "date_time" and found["hour"] else day


def _day(year: str, month: str, day: str | None, *, last: bool) -> str:
    """The day, or the first or last one of the month; empty where the calendar has none."""
    wanted = [day] if day else ["31", "30", "29", "28"] if last else ["01"]
    return next((found for each in wanted if valid_day(found := f"{year}-{month}-{each}")), "")
