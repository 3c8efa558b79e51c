"""How the engine's language compares plain values: texts that look like numbers are numbers, nothing is an empty text."""

from __future__ import annotations

import math
import re

Plain = str | int | float | bool | None
_NUMBER = re.compile(r"^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$")
_LEADING = re.compile(r"^\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)")


def is_numeric(value: Plain) -> bool:
    """Whether a value is a number, or a text that is one."""
    if isinstance(value, str):
        return bool(_NUMBER.match(value)) and math.isfinite(float(value))
    return isinstance(value, int | float) and not isinstance(value, bool)


def number(value: Plain) -> float:
    """The number that a value begins with; 0 where there is none."""
    if isinstance(value, str):
        found = _LEADING.match(value)
        return float(found[1]) if found else 0.0
    return float(value or 0)


def written(value: Plain) -> str:
    """A value as a text: true is 1, false and nothing are empty."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, str):
        return value
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def truth(value: Plain) -> bool:
    """Whether a condition that is this value holds."""
    return value not in ("", "0", 0, None, False)


def equal(a: Plain, b: Plain) -> bool:
    """`==`."""
    if isinstance(a, bool) or isinstance(b, bool):
        return truth(a) == truth(b)
    if is_numeric(a) and is_numeric(b):
        return number(a) == number(b)
    return written(a) == written(b)


def ordered(op: str, a: Plain, b: Plain, *, as_texts: bool = False) -> bool:
    """`<`, `<=`, `>` and `>=`: a number and a text that is none are never in order.

    `as_texts`: one of them stands in quotes, so that numbers are compared letter by letter.
    """
    numeric = all(is_numeric(each) or isinstance(each, bool) for each in (a, b))
    if not numeric and not all(_may_be_text(each) for each in (a, b)):
        return False
    nothing = (equal(a, "0") and equal(b, "")) or (equal(a, "") and equal(b, "0"))
    if nothing and op in ("<=", ">"):
        return op == "<="
    if not numeric or as_texts:
        return _decide(op, written(a), written(b))
    if isinstance(a, bool) or isinstance(b, bool):
        return _decide(op, truth(a), truth(b))
    return _decide(op, number(a), number(b))


def _may_be_text(value: Plain) -> bool:
    return not truth(value) or not (is_numeric(value) or isinstance(value, bool))


def loosely_ordered(op: str, a: Plain, b: Plain) -> bool:
    """As functions compare: two texts letter by letter, unless both are numbers."""
    if is_numeric(a) and is_numeric(b):
        return _decide(op, number(a), number(b))
    return _decide(op, written(a), written(b))


def _decide(op: str, a: float | str, b: float | str) -> bool:
    less, same = a < b, a == b  # type: ignore[operator]
    return {"<": less, "<=": less or same, ">": not less and not same, ">=": not less}[op]
