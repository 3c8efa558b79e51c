"""A small engine of LimeSurvey's expressions, straight on texts as PHP has it: the judge of translated rules."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from formsite.interchange.limesurvey import expressions as x


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


class Nan:
    """What arithmetic on texts yields: no number, and not empty."""


class Engine:
    """Evaluates expressions over `{variable: text}`; `irrelevant` variables are null."""

    def __init__(self, values: Mapping[str, str], irrelevant: frozenset[str] = frozenset()) -> None:
        self.values, self.irrelevant = values, irrelevant

    def condition(self, written: str) -> bool:
        tree = x.parse(written)
        value = self.value(tree)
        if any(n.name in self.irrelevant and n.suffix not in ("NAOK", "shown") for n in x.names(tree)):
            return False
        return True if value is Nan else truth(value)

    def value(self, tree: x.Expression) -> Any:
        if isinstance(tree, x.Literal):
            return tree.text
        if isinstance(tree, x.Name):
            return "" if tree.name in self.irrelevant else self.values.get(tree.name, "")
        if isinstance(tree, x.Prefix):
            value = self.value(tree.of)
            if tree.op == "!":
                return value is not Nan and not truth(value)
            return -float(value or 0) if tree.op == "-" else float(value or 0)
        if isinstance(tree, x.Call):
            return self.call(tree.name, [self.value(each) for each in tree.arguments])
        a, b = self.value(tree.left), self.value(tree.right)
        quoted = any(isinstance(side, x.Literal) and side.quoted for side in (tree.left, tree.right))
        return self.binary(tree.op, a, b, quoted)

    def binary(self, op: str, a: Any, b: Any, quoted: bool) -> Any:
        if op in ("&&", "||"):
            left, right = (each is Nan or truth(each) for each in (a, b))
            return (left and right) if op == "&&" else (left or right)
        if Nan in (a, b):
            return op == "!=" if op in ("==", "!=") else False if op in ("<", "<=", ">", ">=") else Nan
        if op in ("==", "!="):
            return equal(a, b) == (op == "==")
        both = numeric(a) and numeric(b)
        if op in ("<", "<=", ">", ">="):
            return self.order(op, a, b, both, quoted)
        if op == "+":
            return float(a) + float(b) if both and not quoted else text(a) + text(b)
        if not both or (op == "/" and float(b) == 0):
            return Nan
        return {"-": float(a) - float(b), "*": float(a) * float(b), "/": float(a) / (float(b) or 1)}[op]

    @staticmethod
    def order(op: str, a: Any, b: Any, both: bool, quoted: bool) -> bool:
        texts = (not truth(a) or not numeric(a)) and (not truth(b) or not numeric(b))
        if not both and not texts:
            return False
        if {text(a), text(b)} == {"0", ""} and op in ("<=", ">"):
            return op == "<="
        left, right = (float(a), float(b)) if both and not quoted else (text(a), text(b))
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
        }
        return functions[name]()
