"""Values as SurveyJS treats them: what is empty, what is equal, which order they have, what one contains.

The engine converts freely: texts that look like numbers are numbers, case and white space around do not count, nothing
and an empty text are the same. Nothing is None here, a list is a list.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

Value = Any
"""None, a text, number or boolean, or a list of these."""
WHITE = " \t\n\r\v\f\u00a0\ufeff"
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_HEX = re.compile(r"0[xX][0-9a-fA-F]+")


def is_empty(value: Value) -> bool:
    """Whether it counts as no answer."""
    if isinstance(value, dict):
        return all(is_empty(each) for each in value.values())
    return value is None or value == "" or value == [] or (isinstance(value, float) and math.isnan(value))


def truth(value: Value) -> bool:
    """What a condition makes of it."""
    if isinstance(value, list | dict):
        return True
    return bool(value) and not (isinstance(value, float) and math.isnan(value))


def number(value: Value) -> float | None:
    """What the engine reads as a number; a comma may stand for the point."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str):
        written = value.strip(WHITE)
        if _HEX.fullmatch(written) and len(written) <= 32:
            return float(int(written, 16))
        if len(written) > 15 and re.fullmatch("[0-9]+", written):
            return None
        if written.count(",") == 1:
            written = written.replace(",", ".")
        if not _FLOAT.fullmatch(written):
            return None
        value = written
    found = float(value)
    return found if math.isfinite(found) else None


def native(value: Value) -> float | None:
    """What JavaScript itself makes of it where a number is needed; None for what is none."""
    if value is None or isinstance(value, bool):
        return float(bool(value))
    if isinstance(value, int | float):
        return None if math.isnan(value) else float(value)
    if isinstance(value, list):
        return native(text(value))
    if not isinstance(value, str):
        return None
    written = value.strip(WHITE)
    if not written:
        return 0.0
    if _HEX.fullmatch(written):
        return float(int(written, 16))
    found = float(written) if _FLOAT.fullmatch(written) else math.inf
    return found if math.isfinite(found) else None


def text(value: Value) -> str:
    """The value as JavaScript writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    if isinstance(value, list):
        return ",".join(text(each) for each in value)
    return str(value)


def read(value: Value) -> Value:
    """An answer as an expression sees it: texts that look like numbers, truth or quoted words are these."""
    if not isinstance(value, str) or not value:
        return value
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    if len(value) > 1 and value[0] in "'\"" and value[-1] in "'\"":
        return value[1:-1]
    found = number(value)
    if found is None or (value[0] == "0" and not value.startswith("0x") and not re.match(r"^(0$|0[.,].)", value)):
        return value
    return int(found) if found.is_integer() else found


def equal(x: Value, y: Value, *, in_order: bool = False) -> bool:
    """`=`. Lists are equal in whatever order, unless it counts."""
    if type(x) is type(y) and isinstance(x, int | str):  # the usual case, decided quickly
        same = x == y or (isinstance(x, str) and x.strip(WHITE).lower() == y.strip(WHITE).lower())
        if same or isinstance(x, int) or not (_vanishes(x) or _vanishes(y)):
            return bool(same)
    if isinstance(x, str) and x == "undefined":
        x = None
    if isinstance(y, str) and y == "undefined":
        y = None
    if isinstance(x, list) and isinstance(y, list):
        return _equal_lists(x, y, in_order)
    if is_empty(x) and is_empty(y):
        return True
    if isinstance(x, str) and isinstance(y, str):
        return x.strip(WHITE).lower() == y.strip(WHITE).lower()
    if isinstance(x, list) or isinstance(y, list) or is_empty(x) or is_empty(y):
        return False
    for one, other in ((x, y), (y, x)):
        if isinstance(one, bool) and isinstance(other, str):
            return text(one) == other.lower()
    a, b = native(x), native(y)
    return a is not None and a == b


def _vanishes(text: str) -> bool:
    return text in ("", "undefined")


def _equal_lists(x: list[Value], y: list[Value], in_order: bool) -> bool:
    if len(x) != len(y):
        return False
    if not in_order:
        x, y = sorted(x, key=text), sorted(y, key=text)
    return all(equal(a, b) for a, b in zip(x, y, strict=True))


def ordered(op: str, x: Value, y: Value) -> bool:
    """`<`, `<=`, `>` and `>=`."""
    if op in ("<=", ">=") and equal(x, y):
        return True
    if x is None or y is None:
        return False
    x, y = (text(each) if isinstance(each, list) else each for each in ((y, x) if op in (">", ">=") else (x, y)))
    if isinstance(x, str) and isinstance(y, str):
        return x < y
    a, b = native(x), native(y)
    return a is not None and b is not None and a < b


def contains(left: Value, right: Value) -> bool:
    """`contains`: every one of the right is among the left, or a text is within a text."""
    return _holds(left, right, wanted=True)


def lacks(left: Value, right: Value) -> bool:
    """`notcontains`."""
    if not truth(left) and not is_empty(right):
        return True
    return _holds(left, right, wanted=False)


def _holds(left: Value, right: Value, *, wanted: bool) -> bool:
    if left == []:
        return not wanted
    if left is None or left == "":
        return False
    if not isinstance(left, list):
        if not truth(right):
            return False
        return (text(right).lower() in text(left).lower()) is wanted
    sought = right if isinstance(right, list) else [right]
    return all(any(equal(each, one) for each in left) for one in sought) is wanted


def any_of(left: Value, right: Value) -> bool:
    """`anyof`."""
    if is_empty(left):
        return is_empty(right)
    if is_empty(right):
        return True
    if not isinstance(left, list):
        return contains(right, left)
    if not isinstance(right, list):
        return contains(left, right)
    return any(contains(left, one) for one in right)


def all_of(left: Value, right: Value) -> bool:
    """`allof`."""
    if not truth(left) and not is_empty(right):
        return False
    if not isinstance(right, list):
        return contains(left, right)
    return all(contains(left, one) for one in right)


def _filled(value: Value, beside: Value) -> Value:
    """What arithmetic takes for an empty operand."""
    if not is_empty(value):
        return value
    if isinstance(beside, int | float) and not isinstance(beside, bool):
        return 0
    return value if isinstance(value, str) else "" if isinstance(beside, str) else [] if isinstance(beside, list) else 0


def calculate(op: str, a: Value, b: Value) -> Value:
    """`+ - * / % ^`; None where there is no result."""
    a = _filled(a, b)
    b = _filled(b, a)
    if op == "+" and (isinstance(a, str) or isinstance(b, str)) and not isinstance(a, list) and not isinstance(b, list):
        return text(a) + text(b)
    x, y = native(a), native(b)
    if x is None or y is None:
        return None
    try:
        result = _ARITHMETIC[op](x, y)
    except (ArithmeticError, ValueError):
        return None
    if not isinstance(result, float) or not math.isfinite(result):
        return None
    settled = round(result, 9) if op in "+-*" else result
    return int(settled) if settled.is_integer() and abs(settled) < 2**53 else settled


_ARITHMETIC: dict[str, Callable[[float, float], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": math.fmod,
    "^": lambda a, b: a**b,
}
COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "=": equal,
    "!=": lambda a, b: not equal(a, b),
    "<": lambda a, b: ordered("<", a, b),
    "<=": lambda a, b: ordered("<=", a, b),
    ">": lambda a, b: ordered(">", a, b),
    ">=": lambda a, b: ordered(">=", a, b),
    "contains": contains,
    "notcontains": lacks,
    "anyof": any_of,
    "noneof": lambda a, b: not any_of(a, b),
    "allof": all_of,
}
