"""Functions that lay texts and numbers out: worked out beforehand where nothing in them depends on answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from formsite.interchange import rules as r
from formsite.interchange.limesurvey import php
from formsite.interchange.limesurvey import terms as t
from formsite.interchange.limesurvey.terms import Const, Term, Untranslatable, Words
from formsite.interchange.rules import Rule

Function = Callable[[Sequence[Term]], Term]
LONGEST = 2_000
GROUPS = 4
"""Of three digits: 999 999 999 999 is the largest number that is written with commas."""


def written(name: str, python: Callable[..., str | int]) -> Function:
    """A function that only texts written in the expression can go through."""

    def apply(args: Sequence[Term]) -> Term:
        if not all(isinstance(arg, Const) for arg in args):
            raise Untranslatable(f"there is no rule for {name}()")
        found = python(*(php.written(arg.value) for arg in args if isinstance(arg, Const)))
        return Const(found[:LONGEST], quoted=True) if isinstance(found, str) else Const(found)

    return apply


def grouped(args: Sequence[Term]) -> Term:
    """`number_format`: a whole number with a comma before every three digits."""
    if len(args) > 1:
        raise Untranslatable("it names the signs of a number")
    whole: Rule = {"op": "round", "of": t.number_or_zero(args[0]), "places": 0}
    digits = r.unary("text", r.unary("abs", whole))
    sign = r.choose(r.compare("less", whole, r.value(0)), r.value("-"), r.value(""))
    return Words(r.many("join", [sign, _with_commas(digits, 1)]))


def _with_commas(digits: Rule, group: int) -> Rule:
    length = r.unary("length", digits)
    if group == GROUPS:
        return digits
    at: Rule = {"op": "minus", "of": [length, r.value(3)]}
    head: Rule = {"op": "substring", "of": digits, "from": r.value(0), "length": at}
    tail: Rule = {"op": "substring", "of": digits, "from": at}
    longer = r.many("join", [_with_commas(head, group + 1), r.value(","), tail])
    return r.choose(r.compare("at_most", length, r.value(3)), digits, longer)


def _padded(text: str, length: str, filling: str = " ") -> str:
    lacking = min(int(php.number(length)), LONGEST) - len(text)
    return text + (filling * lacking)[:lacking] if lacking > 0 and filling else text


def _repeated(text: str, times: str) -> str:
    return (text[:LONGEST] * max(0, min(int(php.number(times)), LONGEST)))[:LONGEST]


def _compared(a: str, b: str) -> int:
    return (a > b) - (a < b)


WRITTEN: dict[str, tuple[int, int, Function]] = {
    "addslashes": (1, 1, written("addslashes", lambda text: re.sub(r"([\\'\"])", r"\\\1", text))),
    "number_format": (1, 4, grouped),
    "quotemeta": (1, 1, written("quotemeta", lambda text: re.sub(r"([.\\+*?\[^\]$()])", r"\\\1", text))),
    "str_pad": (2, 3, written("str_pad", _padded)),
    "str_repeat": (2, 2, written("str_repeat", _repeated)),
    "strcasecmp": (2, 2, written("strcasecmp", lambda a, b: _compared(a.lower(), b.lower()))),
    "strcmp": (2, 2, written("strcmp", _compared)),
    "stripslashes": (1, 1, written("stripslashes", lambda text: re.sub(r"\\(.)", r"\1", text))),
    "strrev": (1, 1, written("strrev", lambda text: text[::-1])),
    "ucwords": (1, 1, written("ucwords", lambda text: re.sub(r"(^|\s)(\w)", lambda m: m[1] + m[2].upper(), text))),
}
