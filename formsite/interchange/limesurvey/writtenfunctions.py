"""Functions that lay texts and numbers out: worked out beforehand where nothing in them depends on answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from formsite.interchange.limesurvey import php
from formsite.interchange.limesurvey.terms import Const, Term, Untranslatable

Function = Callable[[Sequence[Term]], Term]
LONGEST = 2_000


def written(name: str, python: Callable[..., str | int]) -> Function:
    """A function that only texts written in the expression can go through."""

    def apply(args: Sequence[Term]) -> Term:
        if not all(isinstance(arg, Const) for arg in args):
            raise Untranslatable(f"there is no rule for {name}()")
        found = python(*(php.written(arg.value) for arg in args if isinstance(arg, Const)))
        return Const(found[:LONGEST], quoted=True) if isinstance(found, str) else Const(found)

    return apply


def _padded(text: str, length: str, filling: str = " ") -> str:
    lacking = min(int(php.number(length)), LONGEST) - len(text)
    return text + (filling * lacking)[:lacking] if lacking > 0 and filling else text


def _repeated(text: str, times: str) -> str:
    return (text[:LONGEST] * max(0, min(int(php.number(times)), LONGEST)))[:LONGEST]


def _compared(a: str, b: str) -> int:
    return (a > b) - (a < b)


WRITTEN: dict[str, tuple[int, int, Function]] = {
    "addslashes": (1, 1, written("addslashes", lambda text: re.sub(r"([\\'\"])", r"\\\1", text))),
    "quotemeta": (1, 1, written("quotemeta", lambda text: re.sub(r"([.\\+*?\[^\]$()])", r"\\\1", text))),
    "str_pad": (2, 3, written("str_pad", _padded)),
    "str_repeat": (2, 2, written("str_repeat", _repeated)),
    "strcasecmp": (2, 2, written("strcasecmp", lambda a, b: _compared(a.lower(), b.lower()))),
    "strcmp": (2, 2, written("strcmp", _compared)),
    "stripslashes": (1, 1, written("stripslashes", lambda text: re.sub(r"\\(.)", r"\1", text))),
    "strrev": (1, 1, written("strrev", lambda text: text[::-1])),
    "ucwords": (1, 1, written("ucwords", lambda text: re.sub(r"(^|\s)(\w)", lambda m: m[1] + m[2].upper(), text))),
}
