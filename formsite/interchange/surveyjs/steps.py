"""Names as steps, `a.b[0].c`, and what they pick of an answer."""

from __future__ import annotations

import re
from dataclasses import replace

from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs import functions, js, terms
from formsite.interchange.surveyjs.elements import Element
from formsite.interchange.surveyjs.terms import (
    Cases,
    Chosen,
    Const,
    Number,
    Records,
    Table,
    Term,
    Untranslatable,
    Words,
)

Steps = list[tuple[str, int | None]]
_STEP = re.compile(r"(?P<name>.*?)(?:\[(?P<index>-?\d{1,6})\])?", re.DOTALL)


def lines_of(element: Element | None) -> list[Element]:
    """The element and what it stands in, from inside out."""
    return [] if element is None else [element, *element.around()]


def steps_of(name: str) -> Steps:
    """The steps of a name, each with the number in its brackets."""
    found: Steps = []
    for step in name.split("."):
        match = _STEP.fullmatch(step)
        assert match is not None
        found.append((match["name"], int(match["index"]) if match["index"] else None))
    return found


def length_of(term: Term) -> Term:
    """`.length` of a list or text."""
    if isinstance(term, Records):
        many: Rule = {"op": "instances", "over": term.repeat}
        return Number(many if term.counted else r.choose(terms.filled(term), many, r.value(0)), filled=True)
    if isinstance(term, Chosen):
        count = r.unary("count", r.field(term.field)) if term.field else None
        return Number(r.either(count, r.value(0)), filled=True) if count else functions.call("count", [term])
    if isinstance(term, Words):
        return Number(r.either(r.unary("length", term.rule), r.value(0)), filled=True)
    raise Untranslatable("it asks for a length of what has none")


def nth_of(term: Chosen, index: Rule) -> Term:
    """The choice at a place in a list."""
    here: Rule = {"op": "nth", "of": r.field(term.field), "index": index}
    cases = []
    for held, rule in term.items:
        name = rule.get("of", {}).get("right", {}).get("value")
        if isinstance(name, str):
            cases.append((js.read(held), r.compare("is", here, r.value(name))))
    return Cases(tuple(cases))


def moved(term: Term, over: str, index: Rule) -> Term:
    """The term as it is in one entry of a group."""

    def there(rule: Rule) -> Rule:
        return _relocated(rule, over, index)

    if isinstance(term, Cases):
        return Cases(tuple((held, there(rule)) for held, rule in term.cases))
    if isinstance(term, Chosen):
        return Chosen(tuple((held, there(rule)) for held, rule in term.items), "", False)
    if isinstance(term, Const):
        return term
    if isinstance(term, Records | Table):
        raise Untranslatable("it takes a table out of an entry of a group")
    if isinstance(term, Words):
        return Words(there(term.rule), None if term.numeric is None else there(term.numeric))
    if isinstance(term, Number):
        return Number(there(term.rule))
    return replace(term, rule=there(term.rule))


def _relocated(rule: Rule, over: str, index: Rule) -> Rule:
    """The rule with every answer it looks at taken from one entry."""
    at: Rule = {"op": "at", "over": over, "index": index, "of": rule}
    if rule.get("op") in ("sure", "not", "all", "any", "answered"):
        return r.sure(at)
    return at
