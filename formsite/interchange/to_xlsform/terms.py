"""Pieces of XPath, put together so that they bind as they are meant to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

OR, AND, EQUAL, ORDER, SUM, PRODUCT, ATOM = range(7)


class Unsayable(Exception):
    """XPath has no words for it; says for what."""


@dataclass(frozen=True, slots=True)
class X:
    """An expression, and how strongly its last operator binds. `opposite` is its negation, where that is shorter."""

    text: str
    level: int = ATOM
    opposite: str = ""

    def inside(self, level: int) -> str:
        """As it stands beside an operator."""
        return self.text if self.level >= level else f"({self.text})"


TRUE, FALSE = X("true()", opposite="false()"), X("false()", opposite="true()")
NO_NUMBER = X("number('')")


def binary(left: X, op: str, right: X, level: int) -> X:
    """Two operands."""
    return X(f"{left.inside(level)} {op} {right.inside(level + 1)}", level)


def equal(left: X, right: X) -> X:
    """Whether two single values are equal; where neither can be no number, the opposite is plain."""
    return binary(left, "=", right, EQUAL)


def call(name: str, *args: X) -> X:
    """A function."""
    return X(f"{name}({', '.join(each.text for each in args)})")


def filled(value: X) -> X:
    """Whether a text is not empty."""
    text = value.inside(ORDER)
    return X(f"{text} != ''", EQUAL, f"{text} = ''")


def no(truth: X) -> X:
    """The opposite."""
    if truth.opposite:
        return X(truth.opposite, ATOM if truth.level == ATOM else EQUAL, truth.text)
    return X(f"not({truth.text})", opposite=truth.text if truth.level == ATOM else "")


def every(*truths: X) -> X:
    """All of them, each said once."""
    kept = [each for each in dict.fromkeys(truths) if each != TRUE]
    if FALSE in kept:
        return FALSE
    if len(kept) < 2:
        return kept[0] if kept else TRUE
    return X(" and ".join(each.inside(AND) for each in kept), AND)


def some(*truths: X) -> X:
    """Any of them, each said once."""
    kept = [each for each in dict.fromkeys(truths) if each != FALSE]
    if TRUE in kept:
        return TRUE
    if len(kept) < 2:
        return kept[0] if kept else FALSE
    return X(" or ".join(each.inside(OR) for each in kept), OR)


def when(condition: X, then: X, otherwise: X) -> X:
    """One or the other."""
    if condition == TRUE or then == otherwise:
        return then
    return otherwise if condition == FALSE else call("if", condition, then, otherwise)


def quoted(text: str) -> X:
    """A text. XPath 1.0 has no escapes: a text with both kinds of quotes is put together."""
    if "'" not in text:
        return X(f"'{text}'")
    if '"' not in text:
        return X(f'"{text}"')
    parts = [X(f"'{part}'") for part in text.split("'")]
    mixed = [piece for part in parts for piece in (part, X('"\'"'))][:-1]
    return call("concat", *(piece for piece in mixed if piece.text != "''"))


def numeral(number: float) -> X:
    """A number, without an exponent."""
    text = str(int(number)) if float(number).is_integer() else format(Decimal(repr(float(number))), "f")
    return X(text) if number >= 0 else X(text, PRODUCT)
