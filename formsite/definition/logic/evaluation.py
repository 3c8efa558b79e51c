"""Tree -> closure. Compiled once for a version; an evaluation is a call, and never raises.

Numbers are IEEE 754 doubles, texts are compared in NFC and as written, days are proleptic Gregorian. Whatever is
unanswered, of another type than the operator takes, out of range or divided by nothing is unknown (None).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from formsite.definition.logic import nodes as n
from formsite.definition.logic.reading import valid_day

WHITE = " \t\r\n\u00a0"


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at: the answers that count, and the day."""

    answers: Mapping[str, Any]
    today: date
    at: dict[str, int] = field(default_factory=dict)  # repeat -> the number of the instance that is looked at
    now: datetime | None = None
    say: Callable[[str], str | None] | None = None  # the words of the answer at a path


@dataclass(frozen=True, slots=True)
class Scope:
    """Where answers stand: the repeats around each field, part or repeat that stands in one; and what choices score."""

    homes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


Run = Callable[[Context], Any]


def compile_rule(node: n.Node, scope: Scope = Scope()) -> Run:
    """A function of the context: True, False or None for a rule; a value or None for an expression."""
    return _COMPILERS[type(node)](node)


def _field(node: n.FieldValue) -> Run:
    name = node.field

    def run(context: Context) -> Any:
        value = context.answers.get(name)
        return None if value == "" or value == [] else value

    return run


def _constant(value: Any) -> Run:
    return lambda _context: value


def _answered(node: n.Answered) -> Run:
    look = _field(n.FieldValue(node.field))
    return lambda context: look(context) is not None


def _not(node: n.Not) -> Run:
    inner = compile_rule(node.of)

    def run(context: Context) -> Any:
        value = inner(context)
        return (not value) if isinstance(value, bool) else None

    return run


def _many(node: n.Many) -> Run:
    parts = tuple(compile_rule(each) for each in node.of)
    if node.op in ("all", "any"):
        return _kleene(parts, decisive=node.op == "any")
    combine = _LISTS[node.op]

    def run(context: Context) -> Any:
        values = [part(context) for part in parts]
        return None if any(value is None for value in values) else combine(values)

    return run


def _kleene(parts: tuple[Run, ...], *, decisive: bool) -> Run:
    """One decisive part decides; else one unknown part leaves it unknown."""

    def run(context: Context) -> Any:
        unknown = False
        for part in parts:
            value = part(context)
            if value is decisive:
                return decisive
            unknown = unknown or not isinstance(value, bool)
        return None if unknown else not decisive

    return run


def _compare(node: n.Compare) -> Run:
    left, right, decide = compile_rule(node.left), compile_rule(node.right), _COMPARISONS[node.op]

    def run(context: Context) -> Any:
        a, b = left(context), right(context)
        return None if a is None or b is None else decide(a, b)

    return run


def _one_of(node: n.OneOf) -> Run:
    left = compile_rule(node.left)
    values = tuple(compile_rule(each) for each in node.values)

    def run(context: Context) -> Any:
        a = left(context)
        found = [None if a is None else _same(a, value(context)) for value in values]
        return True if True in found else None if None in found else False

    return run


def _unary(node: n.Unary) -> Run:
    inner, apply = compile_rule(node.of), _UNARIES[node.op]

    def run(context: Context) -> Any:
        value = inner(context)
        return None if value is None else apply(value)

    return run


def _round(node: n.Round) -> Run:
    inner, scale = compile_rule(node.of), 10.0**node.places

    def run(context: Context) -> Any:
        value = inner(context)
        if not _is_number(value):
            return None
        scaled = abs(float(value)) * scale + 0.5
        return None if not math.isfinite(scaled) else math.copysign(math.floor(scaled) / scale, value)

    return run


def _add_days(node: n.AddDays) -> Run:
    start, number = compile_rule(node.date), compile_rule(node.days)

    def run(context: Context) -> Any:
        day, days = _day(start(context)), number(context)
        if day is None or not _is_number(days) or float(days) != math.floor(days) or abs(days) > 4_000_000:
            return None
        try:
            return (day + timedelta(days=int(days))).isoformat()
        except OverflowError:
            return None

    return run


def _between(node: n.Between) -> Run:
    first, second = compile_rule(node.start), compile_rule(node.end)
    measure = _days_between if node.op == "days_between" else _years_between

    def run(context: Context) -> Any:
        a, b = _day(first(context)), _day(second(context))
        return None if a is None or b is None else float(measure(a, b))

    return run


def _choose(node: n.Choose) -> Run:
    condition, then, otherwise = map(compile_rule, (node.condition, node.then, node.otherwise))

    def run(context: Context) -> Any:
        value = condition(context)
        return None if not isinstance(value, bool) else (then if value else otherwise)(context)

    return run


def _is_number(value: object) -> bool:
    """A double, or a whole number that one can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and valid_day(value) else None


def _same(a: object, b: object) -> bool | None:
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b if isinstance(a, bool) and isinstance(b, bool) else None
    if isinstance(a, str) and isinstance(b, str):
        return unicodedata.normalize("NFC", a) == unicodedata.normalize("NFC", b)
    return float(a) == float(b) if _is_number(a) and _is_number(b) else None  # type: ignore[arg-type]


def _differs(a: object, b: object) -> bool | None:
    same = _same(a, b)
    return None if same is None else not same


def _ordered(decide: Callable[[Any, Any], bool]) -> Callable[[object, object], bool | None]:
    def compare(a: object, b: object) -> bool | None:
        if _is_number(a) and _is_number(b):
            return decide(float(a), float(b))  # type: ignore[arg-type]
        if isinstance(a, str) and isinstance(b, str) and valid_day(a) and valid_day(b):
            return decide(a, b)  # ISO days sort as texts
        return None

    return compare


def _contains(a: object, b: object) -> bool | None:
    if not isinstance(b, str):
        return None
    if isinstance(a, list):
        return any(_same(each, b) is True for each in a)
    return unicodedata.normalize("NFC", b) in unicodedata.normalize("NFC", a) if isinstance(a, str) else None


def _starts_with(a: object, b: object) -> bool | None:
    if not isinstance(a, str) or not isinstance(b, str):
        return None
    return unicodedata.normalize("NFC", a).startswith(unicodedata.normalize("NFC", b))


def _arithmetic(step: Callable[[float, float], float]) -> Callable[[list[Any]], float | None]:
    def combine(values: list[Any]) -> float | None:
        if not all(map(_is_number, values)):
            return None
        total = float(values[0])
        for value in values[1:]:
            total = step(total, float(value))
        return total if math.isfinite(total) else None

    return combine


def _divide(values: list[Any]) -> float | None:
    if not all(map(_is_number, values)) or float(values[1]) == 0:
        return None
    result = float(values[0]) / float(values[1])
    return result if math.isfinite(result) else None


def _extreme(pick: Callable[[Any], Any]) -> Callable[[list[Any]], Any]:
    def combine(values: list[Any]) -> Any:
        if all(map(_is_number, values)):
            return float(pick(values))
        if all(isinstance(value, str) and valid_day(value) for value in values):
            return pick(values)
        return None

    return combine


def _join(values: list[Any]) -> str | None:
    return "".join(values) if all(isinstance(value, str) for value in values) else None


def _lower(value: object) -> str | None:
    """Code point by code point, and only where the small letter is one code point: the same in every engine."""
    if not isinstance(value, str):
        return None
    return "".join(small if len(small := char.lower()) == 1 else char for char in value)


def _part(pick: Callable[[date], int]) -> Callable[[object], float | None]:
    def apply(value: object) -> float | None:
        day = _day(value)
        return None if day is None else float(pick(day))

    return apply


def _days_between(a: date, b: date) -> int:
    return (b - a).days


def _years_between(a: date, b: date) -> int:
    """Completed years. Who was born on 29 February completes one on 1 March where there is no 29th."""
    if b < a:
        return -_years_between(b, a)
    return b.year - a.year - ((b.month, b.day) < (a.month, a.day))


_COMPARISONS: dict[str, Callable[[Any, Any], bool | None]] = {
    "is": _same,
    "is_not": _differs,
    "less": _ordered(lambda a, b: a < b),
    "at_most": _ordered(lambda a, b: a <= b),
    "more": _ordered(lambda a, b: a > b),
    "at_least": _ordered(lambda a, b: a >= b),
    "contains": _contains,
    "starts_with": _starts_with,
}
_LISTS: dict[str, Callable[[list[Any]], Any]] = {
    "plus": _arithmetic(lambda a, b: a + b),
    "minus": _arithmetic(lambda a, b: a - b),
    "times": _arithmetic(lambda a, b: a * b),
    "divided_by": _divide,
    "least": _extreme(min),
    "greatest": _extreme(max),
    "join": _join,
}
_UNARIES: dict[str, Callable[[Any], Any]] = {
    "count": lambda value: float(len(value)) if isinstance(value, list) else None,
    "length": lambda value: float(len(value)) if isinstance(value, str) else None,
    "lower": _lower,
    "trim": lambda value: value.strip(WHITE) if isinstance(value, str) else None,
    "year": _part(lambda day: day.year),
    "month": _part(lambda day: day.month),
    "day": _part(lambda day: day.day),
}
_COMPILERS: dict[type, Callable[[Any], Run]] = {
    n.FieldValue: _field,
    n.Value: lambda node: _constant(node.value),
    n.Day: lambda node: _constant(node.date),
    n.Today: lambda _node: lambda context: context.today.isoformat(),
    n.Answered: _answered,
    n.Not: _not,
    n.Many: _many,
    n.Compare: _compare,
    n.OneOf: _one_of,
    n.Unary: _unary,
    n.Round: _round,
    n.AddDays: _add_days,
    n.Between: _between,
    n.Choose: _choose,
}
