"""The functions of the engine's language that are about texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formsite.interchange.limesurvey import php
from formsite.interchange import rules as r
from formsite.interchange.limesurvey import terms as t
from formsite.interchange.limesurvey.patterns import as_re2, fits
from formsite.interchange.rules import Rule
from formsite.interchange.limesurvey.terms import Bool, Cases, Const, Number, Term, Untranslatable, Words

Function = Callable[[Sequence[Term]], Term]


def regex(args: Sequence[Term]) -> Term:
    """Whether a pattern is found in a text; an empty text is looked through too."""
    pattern, subject = args
    if not isinstance(pattern, Const):
        raise Untranslatable("its pattern depends on answers")
    written = php.written(pattern.value)
    re2 = as_re2(written)
    if isinstance(subject, Const):
        return Bool(r.YES if fits(written, php.written(subject.value)) else r.NO)
    empty = t.empty(subject) if fits(written, "") else r.NO
    if isinstance(subject, Cases):
        return Bool(r.some(*(rule for held, rule in subject.cases if fits(written, php.written(held))), empty))
    return Bool(r.some(r.sure({"op": "matches", "of": t.text(subject), "pattern": re2}), empty))


def strlen(args: Sequence[Term]) -> Term:
    """How many letters."""
    if isinstance(args[0], Const):
        return Const(len(php.written(args[0].value)))
    return Number(r.unary("length", t.said(args[0])), filled=True)


def substr(args: Sequence[Term]) -> Term:
    """A part of a text; places below zero count from its end."""
    text = t.said(args[0])
    start = _from_end(args[1], text)
    rule: Rule = {"op": "substring", "of": text, "from": start}
    if len(args) > 2:
        most = _from_end(args[2], text)
        before = isinstance(args[2], Const) and php.number(args[2].value) < 0
        rule["length"] = _at_least_zero({"op": "minus", "of": [most, start]}) if before else most
    return Words(rule)


def _from_end(place: Term, text: Rule) -> Rule:
    if isinstance(place, Const):
        at = int(php.number(place.value))
        length = r.unary("length", text)
        return r.value(at) if at >= 0 else _at_least_zero({"op": "plus", "of": [length, r.value(at)]})
    return _at_least_zero(t.number_or_zero(t.whole_part(place)))


def _at_least_zero(rule: Rule) -> Rule:
    return {"op": "greatest", "of": [rule, r.value(0)]}


def strpos(lower: bool) -> Function:
    """Where one text stands in another, from a place on; false where it does not."""

    def apply(args: Sequence[Term]) -> Term:
        at = _found(args, lower)
        first = _from_end(args[2], t.said(args[0])) if len(args) > 2 else r.value(0)
        place = at if first == r.value(0) else {"op": "plus", "of": [at, first]}
        return Number(r.choose(r.compare("at_least", at, r.value(0)), place, r.NOTHING), absent=False)

    return apply


def _found(args: Sequence[Term], lower: bool) -> Rule:
    text, part = t.said(args[0]), t.said(args[1])
    if len(args) > 2:
        text = {"op": "substring", "of": text, "from": _from_end(args[2], text)}
    if lower:
        text, part = r.unary("lower", text), r.unary("lower", part)
    return {"op": "find", "left": text, "right": part}


def stristr(args: Sequence[Term]) -> Term:
    """A text from the first occurrence of another on, whatever the case; or what stands before it."""
    at, before = _found(args[:2], True), _wants_before(args)
    here = _at_least_zero(at)
    part: Rule = {"from": r.value(0), "length": here} if before else {"from": here}
    rest: Rule = {"op": "substring", "of": t.said(args[0])} | part
    return Words(r.choose(r.compare("at_least", at, r.value(0)), rest, r.value("")))


def strstr(args: Sequence[Term]) -> Term:
    """A text from the first occurrence of another on; or what stands before it."""
    text, part = t.said(args[0]), t.said(args[1])
    from_there: Rule = {"op": "join", "of": [part, {"op": "after", "left": text, "right": part}]}
    found: Rule = {"op": "before", "left": text, "right": part} if _wants_before(args) else from_there
    return Words(r.choose(r.compare("contains", text, part), found, r.value("")))


def _wants_before(args: Sequence[Term]) -> bool:
    if len(args) < 3:
        return False
    if not isinstance(args[2], Const):
        raise Untranslatable("which part it takes depends on answers")
    return php.truth(args[2].value)


def text_function(op: str) -> Function:
    """A function of one text."""

    def apply(args: Sequence[Term]) -> Term:
        if len(args) > 1:
            raise Untranslatable("it names the characters to take off")
        return Words(r.unary(op, t.said(args[0])))

    return apply


def str_replace(args: Sequence[Term]) -> Term:
    """A text with every occurrence of another replaced."""
    old, new, subject = args
    return Words({"op": "replace", "of": t.said(subject), "old": t.said(old), "new": t.said(new)})
