"""A term as the answer of a field: what a default or a computed value must be."""

from __future__ import annotations

from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs import comparing, functions, terms
from formsite.interchange.surveyjs.kinds import truth_values
from formsite.interchange.surveyjs.layouts import NUMBERED, SHAPES, Layout
from formsite.interchange.surveyjs.terms import Chosen, Const, Date, Day, Term, Untranslatable, bounded

MOST_CASES = 100
UNKNOWN_TRUTH: Rule = {"op": "is", "left": r.NOTHING, "right": {"value": 0}}


def only_if(condition: Rule, rule: Rule) -> Rule:
    """What a rule yields where a condition holds, else nothing, of whatever kind it is."""
    if condition in (r.YES, r.NO):
        return rule if condition == r.YES else r.value("")
    return {"op": "if", "if": {"op": "any", "of": [condition, UNKNOWN_TRUTH]}, "then": rule, "else": rule}


def as_answer(term: Term, layout: Layout) -> Rule:
    """A rule that yields the term as the field holds it; empty or unknown where it is no answer of the field.

    Raises:
        Untranslatable: there is no such rule.
    """
    return bounded(_as_answer(term, layout))


def _as_answer(term: Term, layout: Layout) -> Rule:
    if layout.is_several:
        return _several(term, layout)
    if layout.offered:
        return _choice(term, layout)
    if layout.type == "yes_no":
        true, false = (comparing.compare("=", term, Const(held)) for held in truth_values(layout.element))
        return r.choose(true, r.YES, r.choose(false, r.NO, UNKNOWN_TRUTH))
    if layout.type in NUMBERED:
        return terms.number(term)
    if layout.type in SHAPES:
        return _day(term, SHAPES[layout.type])
    if layout.type in ("short_text", "long_text", "email", "url", "pattern_text", "colour", "hidden", "computed"):
        return terms.said(term)
    raise Untranslatable("it is answered in parts")


def _several(term: Term, layout: Layout) -> Rule:
    """Several choices that are the same for all, as a text; those of another question can only be taken whole."""
    if isinstance(term, Const):
        given = term.value if isinstance(term.value, list) else [term.value]
        found = dict.fromkeys(name for each in given if (name := layout.choice_id(each)))
        if not found:
            raise Untranslatable("it is none of the choices")
        return r.value(" ".join(found))
    if isinstance(term, Chosen) and term.field:
        same = [choice.value for choice in layout.offered.values()] == [held for held, _ in term.items]
        if same:
            return r.field(term.field)
    raise Untranslatable("no rule puts several choices together")


def _choice(term: Term, layout: Layout) -> Rule:
    if isinstance(term, Const):
        found = layout.choice_id(term.value)
        if found is None:
            raise Untranslatable("it is none of the choices")
        return r.value(found)
    if len(layout.offered) > MOST_CASES:
        raise Untranslatable("there are too many choices for a rule")
    rule: Rule = r.value("")
    for name, choice in reversed(layout.offered.items()):
        rule = r.choose(comparing.compare("=", term, Const(choice.value)), r.value(name), rule)
    return rule


def _day(term: Term, shape: str) -> Rule:
    if isinstance(term, Day) and term.shape == shape:
        return term.rule
    if shape == "date":
        return functions.as_day(term)
    if isinstance(term, Date) and term.now:
        now: Rule = {"op": "now"}
        return {"moment": now, "time": r.unary("time_of", now)}.get(shape, r.value(""))
    if isinstance(term, Date) and shape == "moment":
        return r.many("join", [r.unary("text", term.rule), r.value("T00:00")])
    return terms.said(term)
