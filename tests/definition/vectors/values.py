"""What operators make of values that are known, told a second time."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

from tests.definition.vectors import days

SPACES = " \t\r\n\u00a0"
LONGEST = 100_000
OPERANDS = {
    **dict.fromkeys(("contains", "starts_with", "ends_with", "before", "after", "find"), ("left", "right")),
    "substring": ("of", "from", "length"),
    "replace": ("of", "old", "new"),
    "nth": ("of", "index"),
}
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


class Unsure(Exception):
    """The last digit is a matter of luck; such a case is left out."""


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
    one, other = days.sort(a), days.sort(b)
    if one and other and one[0] == other[0]:
        return (one[1] > other[1]) - (one[1] < other[1])
    return None


def within(value: float) -> float | None:
    return value if math.isfinite(value) else None


def total(numbers: list[Any]) -> float | None:
    found = 0.0
    for number in numbers:
        found += number
    return within(found)


def bounded(text: str) -> str | None:
    return None if len(text) > LONGEST else text


def joined(separator: str, texts: list[Any]) -> str | None:
    if any(kind(text) != "text" for text in texts):
        return None
    found = ""
    for index, text in enumerate(texts):
        found += (separator if index else "") + text
    return bounded(found)


def extreme(op: str, values: list[Any]) -> Any:
    best = values[0]
    for value in values:
        sign = order(value, best)
        if sign is None:
            return None
        best = value if sign == (-1 if op == "least" else 1) else best
    return best


def listed(op: str, values: list[Any]) -> Any:
    """Of a list of operands."""
    if op == "join":
        return joined("", values)
    if op in ("least", "greatest"):
        return extreme(op, values)
    if {kind(value) for value in values} != {"number"}:
        return None
    found = float(values[0])
    if op in ("mod", "power"):
        return (remainder if op == "mod" else raised)(found, float(values[1]))
    for value in values[1:]:
        if op == "divided_by" and value == 0:
            return None
        steps = {"plus": found + value, "minus": found - value, "times": found * value}
        found = steps[op] if op in steps else found / value
    return within(found)


def remainder(a: float, b: float) -> float | None:
    """With the sign of the dividend."""
    if b == 0:
        return None
    one, other = abs(Fraction(a)), abs(Fraction(b))
    left = one - one // other * other
    return math.copysign(float(left), a)


def raised(base: float, exponent: float) -> float | None:
    """Exactly, or to 14 digits."""
    if base == 0 and exponent < 0:
        return None
    if exponent % 1 == 0:
        if abs(exponent) > 64 or abs(math.log2(abs(base) or 1) * exponent) > 900:
            raise Unsure
        exact, other = Fraction(base) ** int(exponent), Fraction(base) ** -int(exponent) if base else Fraction(0)
        if any(Fraction(float(each)) != each for each in ((exact,) if exponent >= 0 else (other,))):
            raise Unsure
        return float(exact)
    if base < 0:
        return None
    if base == 0:
        return 0.0
    with localcontext(Context(prec=60)):
        return _raised_e(Decimal(base).ln() * Decimal(exponent))


def settled(exact: Decimal) -> float | None:
    """To 14 digits, half up; where the rest is close to a half, a machine may well be on its other side."""
    if not exact:
        return 0.0
    if exact.adjusted() > 307:
        if exact.adjusted() > 309:
            return None
        raise Unsure
    if exact.adjusted() < -300:
        raise Unsure
    digits = str(exact.scaleb(-exact.adjusted()).copy_abs()).replace(".", "").ljust(20, "0")
    if 480 < int(digits[14:17]) < 520 and int(digits[14:20]) != 0:
        raise Unsure
    return float(Context(prec=14, rounding=ROUND_HALF_UP).create_decimal(exact))


def one(op: str, rule: dict[str, Any], *of: Any) -> Any:
    """Of operands that are all known."""
    return _MEANINGS[op](rule, *of) if op in _MEANINGS else unary(op, of[0])


def contains(left: Any, right: Any) -> bool | None:
    if kind(right) != "text":
        return None
    if kind(left) == "list":
        return any(kind(each) == "text" and plain(each) == plain(right) for each in left)
    return place(left, right) is not None if kind(left) == "text" else None


def place(text: str, mark: str) -> int | None:
    """Where a text stands in another, by trying every place."""
    text, mark = plain(text), plain(mark)
    for at in range(len(text) - len(mark) + 1):
        if text[at : at + len(mark)] == mark:
            return at
    return None


def text_pair(op: str, left: Any, right: Any) -> Any:
    if kind(left) != "text" or kind(right) != "text":
        return None
    at, text, mark = place(left, right), plain(left), plain(right)
    match op:
        case "starts_with":
            return at == 0
        case "ends_with":
            return len(mark) <= len(text) and text[len(text) - len(mark) :] == mark
        case "find":
            return -1 if at is None else at
        case "before":
            return "" if at is None else text[:at]
    return "" if at is None else text[at + len(mark) :]


def matched(text: Any, pattern: str) -> bool | None:
    """By another engine, for patterns that mean the same to it."""
    if kind(text) != "text":
        return None
    flags = re.ASCII | re.DOTALL
    return re.search(pattern.replace("$", r"\Z").replace(r"\z", r"\Z"), text, flags) is not None


def cut(text: Any, start: Any, count: Any = 10**9) -> str | None:
    if kind(text) != "text" or kind(start) != "number" or kind(count) != "number":
        return None
    first = math.floor(start)
    return "".join(char for at, char in enumerate(text) if first <= at < first + math.floor(count))


def swapped(text: Any, old: Any, new: Any) -> str | None:
    if {kind(text), kind(old), kind(new)} != {"text"}:
        return None
    if not old:
        return text
    found, at = "", 0
    while at < len(text):
        if text.startswith(old, at):
            found, at = found + new, at + len(old)
        else:
            found, at = found + text[at], at + 1
    return bounded(found)


def picked(chosen: Any, index: Any) -> Any:
    if kind(chosen) != "list" or kind(index) != "number" or index not in range(len(chosen)):
        return None
    return chosen[int(index)]


def rounded(value: Any, places: int) -> float | None:
    if kind(value) != "number":
        return None
    scale = float(10**places)
    scaled = abs(value) * scale + 0.5
    return None if math.isinf(scaled) else math.copysign(math.floor(scaled) / scale, value)


def formatted(value: Any, pattern: str) -> str | None:
    day, time = days.day_part(value), days.time_part(value) or (0, 0)
    if day is None:
        return None
    (year, month, date), out, rest = day, "", pattern
    while rest:
        mark, rest = (rest[:2], rest[2:]) if rest[0] == "%" and len(rest) > 1 else (rest[0], rest[1:])
        match mark:
            case "%Y":
                mark = f"{year:04}"
            case "%y":
                mark = f"{year:04}"[2:]
            case "%m" | "%n":
                mark = f"{month:02}" if mark == "%m" else f"{month}"
            case "%b":
                mark = MONTHS[month - 1]
            case "%d" | "%e":
                mark = f"{date:02}" if mark == "%d" else f"{date}"
            case "%H" | "%h":
                mark = f"{time[0]:02}" if mark == "%H" else f"{time[0]}"
            case "%M":
                mark = f"{time[1]:02}"
            case "%S":
                mark = "00"
            case "%a":
                mark = WEEKDAYS[days.number_of_day(day) % 7]
        out += mark
    return out


def stripped(text: str) -> str:
    while text and text[0] in SPACES:
        text = text[1:]
    while text and text[-1] in SPACES:
        text = text[:-1]
    return text


def to_number(value: Any) -> float | None:
    if kind(value) != "text":
        return float(value) if kind(value) in ("number", "boolean") else None
    text = stripped(value)
    digits = text.removeprefix("-")
    before, _, after = digits.partition(".")
    if not before + after or digits.count(".") > 1 or any(char not in "0123456789" for char in before + after):
        return None
    return None if len(text) > 400 else within(float(text))


def to_text(value: Any) -> str | None:
    """The digits that Python shows a number with, with the point where it belongs."""
    match kind(value):
        case "boolean":
            return "true" if value else "false"
        case "list":
            return joined(" ", value)
        case "text":
            return value
        case "nothing":
            return None
    if value == 0:
        return "0"
    if abs(value) >= 1e21 or abs(value) < 1e-6:
        return None
    digits, _, power = f"{abs(float(value))!r}".partition("e")
    whole, _, rest = digits.partition(".")
    rest = "" if rest == "0" else rest
    shift = int(power or 0)
    if shift >= 0:
        rest = rest.ljust(shift, "0")
        whole, rest = whole + rest[:shift], rest[shift:]
    else:
        whole = whole.rjust(1 - shift, "0")
        whole, rest = whole[:shift], whole[shift:] + rest
    return ("-" if value < 0 else "") + whole + (f".{rest}" if rest else "")


def unary(op: str, value: Any) -> Any:
    """Of one operand."""
    if op in ("number", "text"):
        return to_number(value) if op == "number" else to_text(value)
    if op in _NUMBERS:
        return _NUMBERS[op](float(value)) if kind(value) == "number" else None
    if op in _DAYS or op in _TIMES:
        found = days.day_part(value) if op in _DAYS else days.time_part(value)
        return None if found is None else (_DAYS | _TIMES)[op](found)
    if op == "day_number":
        day, time = days.day_part(value), days.time_part(value)
        past = 0 if time is None else (time[0] * 60 + time[1]) / 1440
        return (days.number_of_day(day) - days.EPOCH if day else 0) + past if day or time else None
    if op == "count":
        return len(value) if kind(value) == "list" else None
    if kind(value) != "text":
        return None
    if op == "date_of":
        return value[:10] if days.ymd(value[:10]) else None
    if op == "time_of":
        return value[11:] if days.moment(value) else None
    if op == "length":
        return len(value)
    if op == "trim":
        return stripped(value)
    out = ""
    for char in value:
        changed = char.lower() if op == "lower" else char.upper()
        out += changed if len(changed) == 1 else char
    return out


def _root(value: float) -> float | None:
    with localcontext(Context(prec=60)):
        return None if value < 0 else float(Decimal(value).sqrt())


def _exponential(value: float) -> float | None:
    with localcontext(Context(prec=60)):
        return _raised_e(Decimal(value))


def _raised_e(exponent: Decimal) -> float | None:
    if exponent > 720:
        return None
    if abs(exponent) > 690:
        raise Unsure
    return settled(exponent.exp())


def _logarithm(value: float) -> float | None:
    with localcontext(Context(prec=60)):
        return None if value <= 0 else settled(Decimal(value).ln())


def _dated(number: float) -> str | None:
    return None if abs(number) > 4_000_000 else days.day_of_number(math.floor(number) + days.EPOCH)


_NUMBERS = {
    "abs": lambda value: -value if value < 0 else value,
    "floor": lambda value: value - value % 1 if abs(value) < 1e15 else value,
    "ceil": lambda value: -(-value - -value % 1) if abs(value) < 1e15 else value,
    "sqrt": _root,
    "exp": _exponential,
    "log": _logarithm,
    "day_of_number": _dated,
}
_DAYS = {
    "year": lambda day: day[0],
    "month": lambda day: day[1],
    "day": lambda day: day[2],
    "weekday": lambda day: days.number_of_day(day) % 7 + 1,
}
_TIMES = {"hour": lambda time: time[0], "minute": lambda time: time[1]}
_MEANINGS = {
    "contains": lambda rule, left, right: contains(left, right),
    **{
        op: lambda rule, left, right: text_pair(rule["op"], left, right)
        for op in ("starts_with", "ends_with", "before", "after", "find")
    },
    "matches": lambda rule, text: matched(text, rule["pattern"]),
    "substring": lambda rule, *of: cut(*of),
    "replace": lambda rule, *of: swapped(*of),
    "nth": lambda rule, *of: picked(*of),
    "list_text": lambda rule, value: joined(rule["separator"], value) if kind(value) == "list" else None,
    "round": lambda rule, value: rounded(value, rule.get("places", 0)),
    "format_date": lambda rule, value: formatted(value, rule["pattern"]),
}
