"""Days, times, moments and months, counted by themselves: without a calendar of any library."""

from __future__ import annotations

from typing import Any

LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
EPOCH = 719_162
"""Days from 0001-01-01 to 1970-01-01."""
Day = tuple[int, int, int]


def leap(year: int) -> bool:
    return year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)


def length(year: int, month: int) -> int:
    return LENGTHS[month - 1] + (month == 2 and leap(year))


def figures(text: str, *marks: str) -> list[int] | None:
    """The numbers of a text like 2026-05, given its parts' lengths and the marks between them: 4 - 2."""
    found: list[int] = []
    for mark in marks:
        if not mark.isdigit():
            if not text.startswith(mark):
                return None
            text = text[1:]
            continue
        part, text = text[: int(mark)], text[int(mark) :]
        if len(part) != int(mark) or any(char not in "0123456789" for char in part):
            return None
        found.append(int(part))
    return None if text else found


def ymd(text: Any) -> Day | None:
    """Year, month and day, if the text is a day of the calendar."""
    found = figures(text, "4", "-", "2", "-", "2") if isinstance(text, str) else None
    if not found or found[0] == 0 or not 1 <= found[1] <= 12:
        return None
    return (found[0], found[1], found[2]) if 1 <= found[2] <= length(found[0], found[1]) else None


def hm(text: Any) -> tuple[int, int] | None:
    """Hours and minutes of a time of day."""
    found = figures(text, "2", ":", "2") if isinstance(text, str) else None
    return (found[0], found[1]) if found and found[0] < 24 and found[1] < 60 else None


def moment(text: Any) -> tuple[Day, tuple[int, int]] | None:
    """The day and the time of a moment."""
    if not isinstance(text, str) or text[10:11] != "T":
        return None
    day, time = ymd(text[:10]), hm(text[11:])
    return (day, time) if day and time else None


def sort(text: Any) -> tuple[str, Any] | None:
    """What kind of time a text is, and what it is sorted by."""
    if day := ymd(text):
        return "day", day
    if (time := hm(text)) is not None:
        return "time", time
    if found := moment(text):
        return "moment", found
    month = figures(text, "4", "-", "2") if isinstance(text, str) else None
    return ("month", month) if month and month[0] and 1 <= month[1] <= 12 else None


def day_part(text: Any) -> Day | None:
    """Of a day or moment."""
    found = moment(text)
    return found[0] if found else ymd(text)


def time_part(text: Any) -> tuple[int, int] | None:
    """Of a time or moment."""
    found = moment(text)
    return found[1] if found else hm(text)


def number_of_day(day: Day) -> int:
    """Days since 0001-01-01."""
    year, month, date = day
    before = year - 1
    leaps = before // 4 - before // 100 + before // 400
    return before * 365 + leaps + sum(LENGTHS[: month - 1]) + (month > 2 and leap(year)) + date - 1


LAST = number_of_day((9999, 12, 31))


def day_of_number(number: int) -> str | None:
    if not 0 <= number <= LAST:
        return None
    year = number // 366 + 1
    while number_of_day((year + 1, 1, 1)) <= number:
        year += 1
    rest, month = number - number_of_day((year, 1, 1)), 1
    while rest >= length(year, month):
        rest, month = rest - length(year, month), month + 1
    return written((year, month, rest + 1))


def written(day: Day) -> str:
    return f"{day[0]:04}-{day[1]:02}-{day[2]:02}"


def month_later(day: Day, months: int) -> str | None:
    """Month by month of the year, and no further than its last day."""
    year, month = day[0] + months // 12, day[1] + months % 12
    if month > 12:
        year, month = year + 1, month - 12
    return written((year, month, min(day[2], length(year, month)))) if 1 <= year <= 9999 else None


def between(op: str, start: Day, end: Day) -> int:
    """Days, or the months or years that are complete."""
    if op == "days_between":
        return number_of_day(end) - number_of_day(start)
    first, last = sorted((start, end))
    months = (last[0] - first[0]) * 12 + last[1] - first[1]
    if last[2] < first[2]:
        months -= 1
    count = months if op == "months_between" else months // 12
    return count if start <= end else -count
