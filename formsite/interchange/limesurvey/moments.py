"""Functions about time. The engine counts seconds since 1970; a rule keeps the day itself as long as it can."""

from __future__ import annotations

import re
from collections.abc import Sequence

from formsite.interchange.limesurvey import php
from formsite.interchange import rules as r
from formsite.interchange.limesurvey import terms as t
from formsite.interchange.limesurvey.functions import Function
from formsite.interchange.rules import Rule
from formsite.interchange.limesurvey.terms import Const, Moment, Number, Stamp, Term, Untranslatable, Words

TODAY: Rule = {"op": "today"}
UNITS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}
FORMATS = {
    "d": "%d", "j": "%e", "m": "%m", "n": "%n", "Y": "%Y", "y": "%y", "H": "%H", "G": "%h", "i": "%M", "s": "%S",
    "D": "%a", "M": "%b",
}  # fmt: skip
PARTS = {"Y": "year", "m": "month", "n": "month", "j": "day", "d": "day"}
_RELATIVE = re.compile(r"\s*([+-]?)\s*(\d+)\s*(day|week|month|year)s?(\s+ago)?\s*", re.IGNORECASE)
_DAY = re.compile(r"\s*(\d{4}-\d\d-\d\d)(\s+\d\d:\d\d(:\d\d)?)?\s*")


def relative_day(words: str) -> Rule | None:
    """The day that words name: `now`, `+6 days`, `2020-01-31`; None for what names none."""
    plain = words.strip().lower()
    if plain in ("now", "today", "midnight", ""):
        return TODAY if plain else None
    if plain in ("tomorrow", "yesterday"):
        return {"op": "add_days", "date": TODAY, "days": r.value(1 if plain == "tomorrow" else -1)}
    if found := _DAY.fullmatch(words):
        return {"date": found[1]}
    rule, rest = TODAY, plain.removeprefix("now").removeprefix("today").strip()
    while rest:
        found = _RELATIVE.match(rest)
        if found is None:
            return None
        number = int(found[2]) * (-1 if (found[1] == "-") != bool(found[4]) else 1)
        unit = found[3].lower()
        if abs(number) > 4_000:
            return None
        if unit in UNITS:
            rule = {"op": "add_days", "date": rule, "days": r.value(number * UNITS[unit])}
        else:
            rule = {"op": "add_months", "date": rule, "months": r.value(number * MONTHS[unit])}
        rest = rest[found.end() :]
    return rule


def day_of(term: Term) -> Rule:
    """The day that a term names.

    Raises:
        Untranslatable: it names none that a rule knows.
    """
    if isinstance(term, Moment | Stamp):
        timed = isinstance(term, Moment) and term.timed
        return r.unary("date_of", term.rule) if timed else term.rule
    if isinstance(term, Const):
        day = relative_day(php.written(term.value))
        if day is not None:
            return day
    if isinstance(term, Words):
        return r.unary("date_of", term.rule)
    raise Untranslatable("it names a moment in a way that formsite does not know")


def _strtotime(args: Sequence[Term]) -> Term:
    return Stamp(day_of(args[0]))


def _time(_args: Sequence[Term]) -> Term:
    return Stamp(TODAY)


def _date(args: Sequence[Term]) -> Term:
    form = args[0]
    if not isinstance(form, Const):
        raise Untranslatable("its format depends on answers")
    day = _stamped(args[1]) if len(args) > 1 else TODAY
    written = php.written(form.value)
    if written in ("Y-m-d", "y-m-d", "Y-m-d H:i"):
        return Moment(day, bare=written != "Y-m-d H:i")
    if written in PARTS:
        return Number(r.unary(PARTS[written], day), filled=day == TODAY)
    if written in ("N", "w"):
        weekday = r.unary("weekday", day)
        return Number(weekday if written == "N" else {"op": "mod", "of": [weekday, r.value(7)]}, filled=day == TODAY)
    if re.search("[HGis]", written):
        return _clock(written, now=len(args) == 1)
    return Words({"op": "format_date", "of": day, "pattern": _format(written)})


def _clock(written: str, *, now: bool) -> Term:
    """What a clock shows now; of other moments only the day is kept."""
    if not now:
        raise Untranslatable("it wants the time of day of another moment than now")
    if written in ("H", "G", "i"):
        return Number(r.unary("minute" if written == "i" else "hour", {"op": "now"}))
    return Words({"op": "format_date", "of": {"op": "now"}, "pattern": _format(written)})


def _format(written: str) -> str:
    known = "".join(FORMATS.get(letter, letter if not letter.isalpha() else "\0") for letter in written)
    if "\0" in known or "%" in written:
        raise Untranslatable(f"the date format “{written}” is not known")
    return known


def _stamped(term: Term) -> Rule:
    if isinstance(term, Stamp):
        return term.rule
    if isinstance(term, Number | Const):
        days = {"op": "divided_by", "of": [t.number(term), r.value(86_400)]}
        return r.unary("day_of_number", r.unary("floor", days))
    raise Untranslatable("it names a moment in a way that formsite does not know")


def _mktime(args: Sequence[Term]) -> Term:
    """Of a month, day and year, counted on where they go beyond the calendar; what is left out is now's."""
    if not args:
        return Stamp(TODAY)
    month, day, year = (
        t.number(t.whole_part(args[at])) if len(args) > at else r.unary(unit, TODAY)
        for at, unit in ((3, "month"), (4, "day"), (5, "year"))
    )
    start = r.unary("date_of", {"op": "join", "of": [r.unary("text", year), r.value("-01-01")]})
    first = {"op": "add_months", "date": start, "months": _less_one(month)}
    return Stamp({"op": "add_days", "date": first, "days": _less_one(day)})


def _less_one(number: Rule) -> Rule:
    if set(number) == {"value"}:
        return r.value(number["value"] - 1)
    return {"op": "minus", "of": [number, r.value(1)]}


def _checkdate(args: Sequence[Term]) -> Term:
    month, day, year = (t.number(arg) for arg in args)
    pad = [r.unary("text", {"op": "plus", "of": [r.value(100), each]}) for each in (month, day)]
    parts = [{"op": "substring", "of": each, "from": r.value(1)} for each in pad]
    written = {"op": "join", "of": [r.unary("text", year), r.value("-"), parts[0], r.value("-"), parts[1]]}
    return t.Bool(r.known(r.unary("date_of", written)))


MOMENTS: dict[str, tuple[int, int, Function]] = {
    "checkdate": (3, 3, _checkdate),
    "date": (1, 2, _date),
    "gmdate": (1, 2, _date),
    "idate": (1, 2, _date),
    "mktime": (0, 6, _mktime),
    "strtotime": (1, 1, _strtotime),
    "time": (0, 0, _time),
}
