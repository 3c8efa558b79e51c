"""What rules mean, told a second time: walks plain JSON, shares no line with formsite, and counts days by itself."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def leap(year: int) -> bool:
    return year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)


def ymd(text: Any) -> tuple[int, int, int] | None:
    """Year, month and day, if the text is a day of the calendar."""
    if not isinstance(text, str) or len(text) != 10 or text[4] + text[7] != "--":
        return None
    parts = (text[:4], text[5:7], text[8:])
    if not all(char in "0123456789" for part in parts for char in part):
        return None
    year, month, day = map(int, parts)
    if year == 0 or not 1 <= month <= 12:
        return None
    return (year, month, day) if 1 <= day <= LENGTHS[month - 1] + (month == 2 and leap(year)) else None


def number_of_day(day: tuple[int, int, int]) -> int:
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
    while rest >= (length := LENGTHS[month - 1] + (month == 2 and leap(year))):
        rest, month = rest - length, month + 1
    return f"{year:04}-{month:02}-{rest + 1:02}"


def kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return {str: "text", list: "list"}.get(type(value), "nothing")


def plain(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def equal(a: Any, b: Any) -> bool | None:
    if kind(a) != kind(b) or kind(a) in ("list", "nothing"):
        return None
    if kind(a) == "number":
        return float(a) == float(b)
    return plain(a) == plain(b) if kind(a) == "text" else a is b


def order(a: Any, b: Any) -> int | None:
    """Less than, equal to or more than 0."""
    if kind(a) == kind(b) == "number":
        a, b = float(a), float(b)  # as every reader of JSON may hold them
        return (a > b) - (a < b)
    if ymd(a) and ymd(b):
        return (ymd(a) > ymd(b)) - (ymd(a) < ymd(b))
    return None


def within(value: float) -> float | None:
    return value if math.isfinite(value) else None


def evaluate(rule: dict[str, Any], answers: dict[str, Any], today: str) -> Any:
    """The meaning of a rule; unknown is None."""
    if "op" not in rule:
        if "field" in rule:
            value = answers.get(rule["field"])
            return None if value in ("", []) else value
        return rule.get("value", rule.get("date"))

    def get(name: str) -> Any:
        return evaluate(rule[name], answers, today)

    def each(name: str) -> list[Any]:
        return [evaluate(one, answers, today) for one in rule[name]]

    op = rule["op"]
    if op == "answered":
        return answers.get(rule["field"]) not in (None, "", [])
    if op == "today":
        return today
    if op == "not":
        return {True: False, False: True}.get(get("of")) if kind(get("of")) == "boolean" else None
    if op in ("all", "any"):
        truth = [{True: 2, False: 0}[v] if kind(v) == "boolean" else 1 for v in each("of")]
        return {2: True, 0: False, 1: None}[min(truth) if op == "all" else max(truth)]
    if op == "one_of":
        truth = [2 if same else 1 if same is None else 0 for same in (equal(get("left"), v) for v in each("values"))]
        return {2: True, 0: False, 1: None}[max(truth)]
    if op == "if":
        return get("then" if get("if") else "else") if kind(get("if")) == "boolean" else None
    if op in ("is", "is_not"):
        same = equal(get("left"), get("right"))
        return same if op == "is" or same is None else not same
    if op in ("less", "at_most", "more", "at_least"):
        sign = order(get("left"), get("right"))
        wanted = {"less": (-1,), "at_most": (-1, 0), "more": (1,), "at_least": (0, 1)}[op]
        return None if sign is None else sign in wanted
    if op in ("contains", "starts_with"):
        left, right = get("left"), get("right")
        if kind(right) != "text":
            return None
        if kind(left) == "list" and op == "contains":
            return any(kind(one) == "text" and plain(one) == plain(right) for one in left)
        if kind(left) != "text":
            return None
        at = plain(left).find(plain(right))
        return at == 0 if op == "starts_with" else at >= 0
    if op in ("count", "length", "lower", "trim", "year", "month", "day"):
        return unary(op, get("of"))
    if op == "round":
        value = get("of")
        if kind(value) != "number":
            return None
        scaled = abs(value) * float(10 ** rule.get("places", 0)) + 0.5
        return (
            None
            if math.isinf(scaled)
            else math.copysign(math.floor(scaled) / float(10 ** rule.get("places", 0)), value)
        )
    if op == "add_days":
        day, days = ymd(get("date")), get("days")
        if day is None or kind(days) != "number" or days % 1 or abs(days) > 4_000_000:
            return None
        return day_of_number(number_of_day(day) + int(days))
    if op in ("days_between", "years_between"):
        start, end = ymd(get("from")), ymd(get("to"))
        if start is None or end is None:
            return None
        if op == "days_between":
            return number_of_day(end) - number_of_day(start)
        first, last = sorted((start, end))
        years = last[0] - first[0] - (last[1:] < first[1:])
        return years if start <= end else -years
    return listed(op, each("of"))


def unary(op: str, value: Any) -> Any:
    if op == "count":
        return len(value) if kind(value) == "list" else None
    if op in ("year", "month", "day"):
        found = ymd(value)
        return found[("year", "month", "day").index(op)] if found else None
    if kind(value) != "text":
        return None
    if op == "length":
        return len(value)
    if op == "trim":
        while value and value[0] in " \t\r\n\u00a0":
            value = value[1:]
        while value and value[-1] in " \t\r\n\u00a0":
            value = value[:-1]
        return value
    out = ""
    for char in value:
        small = char.lower()
        out += small if len(small) == 1 else char
    return out


def listed(op: str, values: list[Any]) -> Any:
    kinds = {kind(value) for value in values}
    if op == "join":
        return "".join(values) if kinds == {"text"} else None
    if op in ("least", "greatest"):
        if kinds != {"number"} and not all(ymd(value) for value in values):
            return None
        best = values[0]
        for value in values[1:]:
            best = value if order(value, best) == (-1 if op == "least" else 1) else best
        return best
    if kinds != {"number"}:
        return None
    total = float(values[0])
    for value in values[1:]:
        if op == "divided_by" and value == 0:
            return None
        steps = {"plus": total + value, "minus": total - value, "times": total * value}
        total = steps[op] if op in steps else total / value
    return within(total)
