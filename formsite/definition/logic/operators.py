"""What each operator does with values that are known. Whatever it cannot take is unknown (None)."""

from __future__ import annotations

import math
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from formsite.definition.logic import calendar

WHITE = " \t\r\n\u00a0"
MOST_DAYS = 4_000_000
EXACT = 2**53
"""Below it a whole number is a double as it stands."""
MOST_LETTERS = 100_000
"""Of a text that a rule makes; a longer one is unknown, so that texts put into texts do not grow without end."""
_FOURTEEN = Context(prec=14, rounding=ROUND_HALF_UP)
_DECIMAL = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)  # XPath 1.0, section 4.4


def is_number(value: object) -> bool:
    """A double, or a whole number that one can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def same(a: object, b: object) -> bool | None:
    """Whether two values of one kind are equal."""
    if isinstance(a, str) and isinstance(b, str):
        return a == b or (not (a.isascii() and b.isascii()) and _nfc(a) == _nfc(b))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b if isinstance(a, bool) and isinstance(b, bool) else None
    return float(a) == float(b) if is_number(a) and is_number(b) else None  # type: ignore[arg-type]


def _differs(a: object, b: object) -> bool | None:
    equal = same(a, b)
    return None if equal is None else not equal


def _ordered(decide: Callable[[Any, Any], bool]) -> Callable[[object, object], bool | None]:
    def compare(a: object, b: object) -> bool | None:
        if is_number(a) and is_number(b):
            return decide(float(a), float(b))  # type: ignore[arg-type]
        kind = calendar.shape(a)
        if kind is not None and kind == calendar.shape(b):
            return decide(a, b)  # ISO days, times, moments and months sort as texts
        return None

    return compare


def _contains(a: object, b: object) -> bool | None:
    if not isinstance(b, str):
        return None
    if isinstance(a, list):
        return any(same(each, b) is True for each in a)
    return _nfc(b) in _nfc(a) if isinstance(a, str) else None


def _texts(apply: Callable[[str, str], Any]) -> Callable[[object, object], Any]:
    def run(a: object, b: object) -> Any:
        return apply(_nfc(a), _nfc(b)) if isinstance(a, str) and isinstance(b, str) else None

    return run


def _before(text: str, mark: str) -> str:
    return text.partition(mark)[0] if mark and mark in text else ""


def _after(text: str, mark: str) -> str:
    return text.partition(mark)[2] if mark else text


def _arithmetic(step: Callable[[float, float], float]) -> Callable[[list[Any]], float | None]:
    def combine(values: list[Any]) -> float | None:
        if not all(map(is_number, values)):
            return None
        total = float(values[0])
        for value in values[1:]:
            total = step(total, float(value))
        return total if math.isfinite(total) else None

    return combine


def _two(apply: Callable[[float, float], float]) -> Callable[[list[Any]], float | None]:
    def combine(values: list[Any]) -> float | None:
        if not all(map(is_number, values)):
            return None
        try:
            result = apply(float(values[0]), float(values[1]))
        except (ArithmeticError, ValueError):
            return None
        return result if isinstance(result, float) and math.isfinite(result) else None

    return combine


def _settled(number: float) -> float:
    """Rounded to 14 digits, half away from zero: libraries of mathematics differ in the last ones (ECMA-262, 21.1.3.5)."""
    return float(_FOURTEEN.create_decimal(number)) if math.isfinite(number) else number


def _power(base: float, exponent: float) -> float:
    """By multiplication where the exponent is whole, which is the same everywhere; else settled."""
    if exponent.is_integer() and abs(exponent) <= 1024:
        return _multiplied(base, int(exponent)) if exponent >= 0 else 1 / _multiplied(base, int(-exponent))
    raised = base**exponent
    return _settled(raised) if isinstance(raised, float) else math.nan


def _multiplied(base: float, times: int) -> float:
    result = 1.0
    while times:
        result = result * base if times % 2 else result
        base, times = base * base, times // 2
    return result


def _extreme(pick: Callable[[Any], Any]) -> Callable[[list[Any]], Any]:
    def combine(values: list[Any]) -> Any:
        if all(map(is_number, values)):
            return float(pick(values))
        kinds = {calendar.shape(value) for value in values}
        return pick(values) if len(kinds) == 1 and None not in kinds else None

    return combine


def _join(values: list[Any]) -> str | None:
    return joined("", values)


def joined(separator: str, values: object) -> str | None:
    """Texts, and nothing else, with something between them."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return None
    return _bounded(separator.join(values))


def _bounded(text: str) -> str | None:
    return text if len(text) <= MOST_LETTERS else None


def _cased(change: Callable[[str], str]) -> Callable[[object], str | None]:
    """Code point by code point, and only where the changed letter is one code point: the same in every engine."""

    def apply(value: object) -> str | None:
        if not isinstance(value, str):
            return None
        return "".join(changed if len(changed := change(char)) == 1 else char for char in value)

    return apply


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return float(value)
    if is_number(value):
        return float(value)  # type: ignore[arg-type]
    text = value.strip(WHITE) if isinstance(value, str) else ""
    if not _DECIMAL.fullmatch(text) or len(text) > 400:
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _text(value: object) -> str | None:
    """A number is written in the fewest decimals that tell it; beyond 21 digits it is unknown (ECMA-262, 6.1.6.1.20)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return joined(" ", value)
    if isinstance(value, str):
        return value
    if not is_number(value):
        return None
    number = float(value)  # type: ignore[arg-type]
    if number == 0:
        return "0"
    if not 1e-6 <= abs(number) < 1e21:
        return None
    return format(Decimal(repr(number)).normalize(), "f")


def _of_number(apply: Callable[[float], float]) -> Callable[[object], float | None]:
    def run(value: object) -> float | None:
        if not is_number(value):
            return None
        try:
            result = float(apply(float(value)))  # type: ignore[arg-type]
        except (ArithmeticError, ValueError):
            return None
        return result + 0.0 if math.isfinite(result) else None

    return run


def rounded(value: object, places: int) -> float | None:
    """Half away from zero."""
    if not is_number(value):
        return None
    scale = 10.0**places
    scaled = abs(float(value)) * scale + 0.5  # type: ignore[arg-type]
    return None if not math.isfinite(scaled) else math.copysign(math.floor(scaled) / scale, float(value))  # type: ignore[arg-type]


def substring(text: object, start: object, length: object = math.inf) -> str | None:
    """From a place on, counted in code points; what lies outside of the text is empty."""
    if not isinstance(text, str) or not is_number(start) or (length != math.inf and not is_number(length)):
        return None
    first = max(math.floor(float(start)), 0)  # type: ignore[arg-type]
    if length == math.inf:
        return text[first:]
    last = math.floor(float(start)) + math.floor(float(length))  # type: ignore[arg-type]
    return text[first : max(last, first)]


def replaced(text: object, old: object, new: object) -> str | None:
    """Every occurrence; nothing is replaced by nothing to look for."""
    if not (isinstance(text, str) and isinstance(old, str) and isinstance(new, str)):
        return None
    if not old:
        return text
    grown = len(text) + text.count(old) * (len(new) - len(old))
    return text.replace(old, new) if grown <= MOST_LETTERS else None


def nth(chosen: object, index: object) -> str | None:
    """The choice at a place."""
    if not isinstance(chosen, list) or not is_number(index):
        return None
    at = float(index)  # type: ignore[arg-type]
    return chosen[int(at)] if at.is_integer() and 0 <= at < len(chosen) else None


def add_days(start: object, days: object) -> str | None:
    """Whole days later."""
    day, number = _day(start), _whole(days)
    return None if day is None or number is None else calendar.add_days(day, number)


def add_months(start: object, months: object) -> str | None:
    """Whole months later."""
    day, number = _day(start), _whole(months)
    return None if day is None or number is None else calendar.add_months(day, number)


def _whole(value: object) -> int | None:
    """A whole number within reason."""
    if not is_number(value):
        return None
    number = float(value)  # type: ignore[arg-type]
    return int(number) if number.is_integer() and abs(number) <= MOST_DAYS else None


def span(a: object, b: object, measure: Callable[[date, date], int]) -> float | None:
    """From one day to another."""
    first, second = _day(a), _day(b)
    return None if first is None or second is None else float(measure(first, second))


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and calendar.valid_day(value) else None


def _part(pick: Callable[[date], int]) -> Callable[[object], float | None]:
    def apply(value: object) -> float | None:
        day = calendar.day(value)
        return None if day is None else float(pick(day))

    return apply


def _clock(pick: Callable[[int], int]) -> Callable[[object], float | None]:
    def apply(value: object) -> float | None:
        minutes = calendar.minutes(value)
        return None if minutes is None else float(pick(minutes))

    return apply


def _date_of(value: object) -> str | None:
    return value[:10] if isinstance(value, str) and calendar.valid_day(value[:10]) else None


def _time_of(value: object) -> str | None:
    return str(value)[11:] if calendar.shape(value) == "MOMENT" else None


def _day_of_number(value: object) -> str | None:
    return calendar.day_of_number(float(value)) if is_number(value) and abs(value) <= MOST_DAYS else None  # type: ignore[arg-type]


def _known(values: list[Any]) -> list[Any]:
    return [value for value in values if value is not None]


def _over(decisive: bool) -> Callable[[list[Any]], bool | None]:
    def combine(values: list[Any]) -> bool | None:
        if any(value is decisive for value in values):
            return decisive
        return None if any(not isinstance(value, bool) for value in values) else not decisive

    return combine


def added(values: Iterable[Any]) -> float | None:
    """The sum of the numbers among values, one after the other as browsers add (`sum` makes up for what is lost)."""
    total = 0.0
    for value in values:
        total += float(value) if is_number(value) else 0.0
    return total if math.isfinite(total) else None


def _extreme_over(pick: Callable[[Any], Any]) -> Callable[[list[Any]], Any]:
    combine = _extreme(pick)
    return lambda values: combine(known) if (known := _known(values)) else None


PAIRS: dict[str, Callable[[Any, Any], Any]] = {
    "is": same,
    "is_not": _differs,
    "less": _ordered(lambda a, b: a < b),
    "at_most": _ordered(lambda a, b: a <= b),
    "more": _ordered(lambda a, b: a > b),
    "at_least": _ordered(lambda a, b: a >= b),
    "contains": _contains,
    "starts_with": _texts(str.startswith),
    "ends_with": _texts(str.endswith),
    "before": _texts(_before),
    "after": _texts(_after),
    "find": _texts(lambda a, b: float(a.find(b))),
}
LISTS: dict[str, Callable[[list[Any]], Any]] = {
    "plus": _arithmetic(lambda a, b: a + b),
    "minus": _arithmetic(lambda a, b: a - b),
    "times": _arithmetic(lambda a, b: a * b),
    "divided_by": _two(lambda a, b: a / b),
    "mod": _two(math.fmod),
    "power": _two(_power),
    "least": _extreme(min),
    "greatest": _extreme(max),
    "join": _join,
}
_ORDERS = {"less": operator.lt, "at_most": operator.le, "more": operator.gt, "at_least": operator.ge}


def against(op: str, constant: Any) -> Callable[[Any], Any]:
    """A pair operator with its right operand known: what is usual is decided at once, all else as ever."""
    decide = PAIRS[op]

    def at_length(value: Any) -> Any:
        return decide(value, constant)

    if op in ("is", "is_not") and isinstance(constant, bool):
        return lambda value: (value is constant) is (op == "is") if value.__class__ is bool else at_length(value)
    if op in ("is", "is_not") and isinstance(constant, str) and constant.isascii():
        wanted = op == "is"

        def told(value: Any) -> Any:
            if value.__class__ is str and value.isascii():
                return (value == constant) is wanted
            return at_length(value)

        return told
    if op in _ORDERS and is_number(constant):
        order, number = _ORDERS[op], float(constant)
        return lambda value: order(value, number) if value.__class__ is int and abs(value) < EXACT else at_length(value)
    return at_length


UNARIES: dict[str, Callable[[Any], Any]] = {
    "count": lambda value: float(len(value)) if isinstance(value, list) else None,
    "length": lambda value: float(len(value)) if isinstance(value, str) else None,
    "lower": _cased(str.lower),
    "upper": _cased(str.upper),
    "trim": lambda value: value.strip(WHITE) if isinstance(value, str) else None,
    "year": _part(lambda day: day.year),
    "month": _part(lambda day: day.month),
    "day": _part(lambda day: day.day),
    "weekday": _part(date.isoweekday),
    "hour": _clock(lambda minutes: minutes // 60),
    "minute": _clock(lambda minutes: minutes % 60),
    "number": _number,
    "text": _text,
    "sqrt": _of_number(math.sqrt),
    "abs": _of_number(abs),
    "floor": _of_number(math.floor),
    "ceil": _of_number(math.ceil),
    "exp": _of_number(lambda number: _settled(math.exp(number))),
    "log": _of_number(lambda number: _settled(math.log(number))),
    "day_number": calendar.day_number,
    "day_of_number": _day_of_number,
    "date_of": _date_of,
    "time_of": _time_of,
}
SPANS: dict[str, Callable[[date, date], int]] = {
    "days_between": calendar.days_between,
    "months_between": calendar.months_between,
    "years_between": calendar.years_between,
}
OVER: dict[str, Callable[[list[Any]], Any]] = {
    "sum_over": added,
    "least_over": _extreme_over(min),
    "greatest_over": _extreme_over(max),
    "count_over": lambda values: float(sum(1 for value in values if value is True)),
    "any_over": _over(True),
    "all_over": _over(False),
}
