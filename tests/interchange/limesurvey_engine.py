"""A small engine of LimeSurvey's expressions, straight on texts as PHP has it: the judge of translated rules."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from tests.interchange.limesurvey_grammar import Reading, apart

FORGIVING = ("NAOK", "valueNAOK", "shown", "relevanceStatus")
"""What lets a condition look at an answer that is irrelevant."""


def numeric(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return True
    if not isinstance(value, str):
        return False
    try:
        return math.isfinite(float(value)) and "_" not in value and "n" not in value.lower()
    except ValueError:
        return False


def counts(value: Any) -> bool:
    """Whether an operator calculates with a value: true and false are numbers there."""
    return isinstance(value, bool) or numeric(value)


def truth(value: Any) -> bool:
    return value not in ("", "0", None, False) and value != 0


def text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def equal(a: Any, b: Any) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return truth(a) == truth(b)
    if numeric(a) and numeric(b):
        return float(a) == float(b)
    return text(a) == text(b)


def rounded(value: float, places: int) -> float:
    """Halves go away from zero."""
    return math.copysign(math.floor(abs(value) * 10**places + 0.5) / 10**places, value)


def _found(pattern: str, subject: str) -> bool:
    """`/…/i` in a text."""
    inner, _, flags = pattern[1:].rpartition(pattern[0])
    return bool(re.search(inner, subject, re.IGNORECASE if "i" in flags else 0))


class Forced(str):
    """A text in quotes, or put together with one: numbers in it are letters."""

    __slots__ = ()


class Nan:
    """What arithmetic on texts yields: no number, and not empty."""


class Engine:
    """Evaluates expressions over `{variable: text}`; `irrelevant` variables are null."""

    def __init__(self, values: Mapping[str, str], irrelevant: frozenset[str] = frozenset()) -> None:
        self.values, self.irrelevant = values, irrelevant

    def condition(self, written: str) -> bool:
        reading = Reading(written, self)
        value = reading.whole()
        if any(self.is_irrelevant(name) for name, suffix in map(apart, reading.used) if suffix not in FORGIVING):
            return False
        return True if value is Nan else truth(value)

    def value(self, written: str) -> Any:
        """The value of an expression in a text."""
        return Reading(written, self).whole()

    def is_irrelevant(self, name: str) -> bool:
        """Whether a variable is."""
        return name in self.irrelevant

    def expanded(self, word: str) -> list[str]:
        """The names that a name stands for."""
        return [word]

    def named(self, word: str) -> Any:
        """The value of a variable, or what its suffix tells of it."""
        name, _ = apart(word)
        return "" if name in self.irrelevant else self.values.get(name, "")

    def quoted(self, text: str) -> Any:
        return Forced(text)

    def unary(self, op: str, value: Any) -> Any:
        if op == "!":
            return value is not Nan and not truth(value)
        return -float(value or 0) if op == "-" else float(value or 0)

    def binary(self, op: str, a: Any, b: Any) -> Any:
        if op in ("&&", "||"):
            left, right = (each is Nan or truth(each) for each in (a, b))
            return (left and right) if op == "&&" else (left or right)
        if Nan in (a, b):
            return op == "!=" if op in ("==", "!=") else False if op in ("<", "<=", ">", ">=") else Nan
        if op in ("==", "!="):
            return equal(a, b) == (op == "==")
        forced = isinstance(a, Forced) or isinstance(b, Forced)
        both = counts(a) and counts(b)
        if op in ("<", "<=", ">", ">="):
            return self.order(op, a, b, both, forced)
        if op == "+":
            if both and not forced:
                return float(a) + float(b)
            return Forced(text(a) + text(b)) if forced else text(a) + text(b)
        if not both or forced or (op == "/" and float(b) == 0):
            return Nan
        return {"-": float(a) - float(b), "*": float(a) * float(b), "/": float(a) / (float(b) or 1)}[op]

    @staticmethod
    def order(op: str, a: Any, b: Any, both: bool, forced: bool) -> bool:
        texts = (not truth(a) or not counts(a)) and (not truth(b) or not counts(b))
        if not both and not texts:
            return False
        nothing = (equal(a, "0") and equal(b, "")) or (equal(a, "") and equal(b, "0"))
        if nothing and op in ("<=", ">"):
            return op == "<="
        left, right = a, b
        if not both or forced:
            left, right = text(a), text(b)
        elif isinstance(a, bool) or isinstance(b, bool):
            left, right = truth(a), truth(b)
        else:
            left, right = float(a), float(b)
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]

    @staticmethod
    def passes(op: str, a: Any, b: Any) -> bool:
        """Whether a value passes, as functions compare: two texts letter by letter, unless both are numbers."""
        if op in ("==", "!="):
            return equal(a, b) == (op == "==")
        left, right = (float(a), float(b)) if numeric(a) and numeric(b) else (text(a), text(b))
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]

    def call(self, name: str, args: list[Any]) -> Any:
        filled = [each for each in args if each is Nan or text(each) != ""]
        functions = {
            "is_empty": lambda: args[0] in ("", None, False) and args[0] is not Nan,
            "count": lambda: len(filled),
            "sum": lambda: sum(float(each) for each in args if numeric(each)) + sum(each is True for each in args),
            "if": lambda: args[1] if args[0] is Nan or truth(args[0]) else args[2],
            "countif": lambda: sum(equal(each, args[0]) for each in args[1:]),
            "is_numeric": lambda: numeric(args[0]),
            "implode": lambda: text(args[0]).join(map(text, args[1:])),
            "list": lambda: ", ".join(text(each) for each in filled),
            "strlen": lambda: len(text(args[0])),
            "max": lambda: max((float(each) for each in args if numeric(each)), default=""),
            "min": lambda: "" if len(filled) < len(args) else min(float(each) for each in args),
            "intval": lambda: int(float(args[0])) if numeric(args[0]) else int(args[0] is True),
            "is_int": lambda: bool(re.fullmatch(r"-?\d+(\.0*)?", text(args[0]))),
            "pi": lambda: math.pi,
            "cos": lambda: math.cos(float(args[0])),
            "trim": lambda: text(args[0]).strip(),
            "unique": lambda: len({text(each) for each in filled}) == len(filled),
            "strpos": lambda: text(args[0]).find(text(args[1])) if text(args[1]) in text(args[0]) else False,
            "substr": lambda: text(args[0])[int(args[1]) :][: int(args[2])],
            "regexMatch": lambda: _found(args[0], text(args[1])),
            "floor": lambda: math.floor(float(args[0])) if numeric(args[0]) else Nan,
            "ceil": lambda: math.ceil(float(args[0])) if numeric(args[0]) else Nan,
            "round": lambda: rounded(float(args[0]), int(float((args + ["0"])[1]))) if numeric(args[0]) else Nan,
            "countifop": lambda: sum(self.passes(args[0], each, args[1]) for each in args[2:]),
        }
        return functions[name]()
