"""`sprintf` and `number_format`: numbers in a written form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from formsite.interchange import rules as r
from formsite.interchange.limesurvey import php
from formsite.interchange.limesurvey import terms as t
from formsite.interchange.limesurvey.terms import Const, Term, Untranslatable, Words
from formsite.interchange.rules import Rule

GROUPS = 4
"""Of three digits: 999 999 999 999 is the largest number that is written with commas."""
MOST_PLACES = 6
WIDEST = 20
_PLACE = re.compile(r"%(?:(\d+)\$)?(0?)(\d*)(?:\.(\d+))?([sdfF%])")


def sprintf(args: Sequence[Term]) -> Term:
    """A written form with values in it."""
    form = args[0]
    if not isinstance(form, Const):
        raise Untranslatable("its form depends on answers")
    parts: list[Rule] = []
    written, end, at = php.written(form.value), 0, 0
    for found in _PLACE.finditer(written):
        parts += _words(written[end : found.start()])
        end = found.end()
        if found[5] == "%":
            parts.append(r.value("%"))
            continue
        at += not found[1]
        number = int(found[1] or at)
        if not 0 < number < len(args):
            raise Untranslatable("it names more values than are given")
        parts.append(_formatted(args[number], found))
    return Words(r.many("join", [*parts, *_words(written[end:])] or [r.value("")]))


def _words(text: str) -> list[Rule]:
    if "%" in text:
        raise Untranslatable("it formats in a way that no rule does")
    return [r.value(text)] if text else []


def _formatted(term: Term, found: re.Match[str]) -> Rule:
    kind, zeros, width, places = found[5], found[2], int(found[3] or 0), found[4]
    if width > WIDEST or (places is not None and (kind not in "fF" or int(places) > MOST_PLACES)):
        raise Untranslatable("it formats in a way that no rule does")
    if kind == "s":
        rule = t.said(term)
    elif kind == "d":
        rule = r.unary("text", t.number_or_zero(t.whole_part(term)))
    else:
        rule = fixed(t.number_or_zero(term), 6 if places is None else int(places))
    return padded(rule, width, "0" if zeros else " ") if width else rule


def padded(text: Rule, width: int, filling: str) -> Rule:
    """A text that is at least so wide, filled from the left."""
    start: Rule = {"op": "least", "of": [r.unary("length", text), r.value(width)]}
    return {"op": "substring", "of": r.many("join", [r.value(filling * width), text]), "from": start}


def fixed(number: Rule, places: int) -> Rule:
    """A number with so many digits behind the point."""
    rounded: Rule = {"op": "round", "of": number, "places": places}
    if not places:
        return r.unary("text", rounded)
    unit = 10**places
    scaled: Rule = {"op": "round", "of": {"op": "times", "of": [r.unary("abs", rounded), r.value(unit)]}, "places": 0}
    rest: Rule = {"op": "plus", "of": [{"op": "mod", "of": [scaled, r.value(unit)]}, r.value(unit)]}
    whole = r.unary("floor", {"op": "divided_by", "of": [scaled, r.value(unit)]})
    digits: Rule = {"op": "substring", "of": r.unary("text", rest), "from": r.value(1)}
    sign = r.choose(r.compare("less", rounded, r.value(0)), r.value("-"), r.value(""))
    return r.many("join", [sign, r.unary("text", whole), r.value("."), digits])


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
