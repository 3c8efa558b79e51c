"""Values by picking: one or several terms joined by a sum, a difference and the like, and other ones where a rule holds.

Names of the controls are `<prefix>.op`, `.places`, `<prefix>.<n>.kind`, `.field`, `.value` for a term, and
`<prefix>.case.<n>.when…` and `<prefix>.case.<n>.gives…` for a value that holds only where a rule does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field as member
from typing import Any

from formsite.definition import logic
from formsite.definition.logic import AnswerType
from formsite.definition.logic import nodes as n
from formsite.definition.logic.calendar import is_shaped
from formsite.designer import picking
from formsite.designer.looking import View
from formsite.designer.picking import NoLiteral, Picked, literal

MOST_TERMS, MOST_CASES = 50, 20
OPS: dict[str, str] = {
    "": "this value",
    "plus": "the sum of",
    "total": "the sum of, unanswered counting as 0",
    "minus": "the first less the others",
    "times": "the product of",
    "divided_by": "the first divided by the second",
    "least": "the least of",
    "greatest": "the greatest of",
    "join": "the texts, one after the other",
    "or_else": "the first that is answered",
}
KINDS: dict[str, str] = {
    "value": "a fixed value",
    "answer": "the answer to",
    "words": "the words of the answer to",
    "score": "the score of",
    "count": "how many are chosen in",
    "length": "how many characters are in",
    "years": "the full years since",
    "instances": "how many times there is",
    "sum": "the sum over every instance of",
    "today": "today",
}
WITHOUT_FIELD = frozenset({"value", "today"})
PLACES = ("", "0", "1", "2", "3")
T = AnswerType


@dataclass(slots=True)
class Term:
    """One operand as it stands in the picker."""

    kind: str = "value"
    field: str = ""
    value: str = ""
    error: str = ""


@dataclass(slots=True)
class Sum:
    """Terms and what joins them."""

    op: str = ""
    terms: list[Term] = member(default_factory=list)
    places: str = ""


@dataclass(slots=True)
class Case:
    """A value that holds where a rule does."""

    when: Picked = member(default_factory=Picked)
    gives: Sum = member(default_factory=Sum)
    error: str = ""


@dataclass(slots=True)
class Worked:
    """Some cases in their order, and what holds otherwise."""

    cases: list[Case] = member(default_factory=list)
    otherwise: Sum = member(default_factory=Sum)
    error: str = ""


def pick(rule: Mapping[str, Any] | None) -> Worked | None:
    """An expression as the picker shows it; None if the picker cannot say it."""
    worked = Worked()
    node = None if rule is None else logic.parse(rule)
    while isinstance(node, n.Choose) and len(worked.cases) < MOST_CASES:
        when, gives = picking.pick(logic.to_json(node.condition)), _sum(node.then)
        if when is None or gives is None:
            return None
        worked.cases.append(Case(when, gives))
        node = node.otherwise
    if node is None:
        return worked
    found = _sum(node)
    return None if found is None else Worked(worked.cases, found)


def _sum(node: n.Node) -> Sum | None:
    rounded = node if isinstance(node, n.Round) and str(node.places) in PLACES else None
    places = str(rounded.places) if rounded else ""
    node = rounded.of if rounded else node
    if isinstance(node, n.Many) and node.op in OPS:
        total = node.op == "plus" and all(_spared(each) is not None for each in node.of)
        terms = [_term((_spared(each) or each) if total else each) for each in node.of]
        joined = Sum("total" if total else node.op, [term for term in terms if term is not None], places)
        return None if None in terms or len(terms) > MOST_TERMS else joined
    term = _term(node)
    return None if term is None else Sum("", [term], places)


def _spared(node: n.Node) -> n.Node | None:
    """The operand of which 0 stands in for an answer that is not there."""
    match node:
        case n.Many("or_else", (first, n.Value(0))):
            return first
    return None


def _term(node: n.Node) -> Term | None:
    match node:
        case n.Value(value):
            return Term(value=("true" if value else "false") if isinstance(value, bool) else f"{value}")
        case n.Day(day):
            return Term(value=day)
        case n.Today("today"):
            return Term("today")
        case n.FieldValue(name):
            return Term("answer", name)
        case n.OfField("score", name):
            return Term("score", name)
        case n.OfField("label", name):
            return Term("words", name)
        case n.Unary("count" | "length" as op, n.FieldValue(name)):
            return Term(op, name)
        case n.Between("years_between", n.FieldValue(name), n.Today("today")):
            return Term("years", name)
        case n.OfRepeat("instances", name):
            return Term("instances", name)
        case n.Over("sum_over", _, n.FieldValue(name), None):
            return Term("sum", name)
    return None


def read(sent: Mapping[str, str], prefix: str) -> Worked:
    """The picker's state out of what its controls sent."""
    pattern = re.compile(re.escape(prefix) + r"\.case\.(\d{1,2})\.there$")
    numbers = sorted(int(found[1]) for name in sent if (found := pattern.match(name)))
    cases = [f"{prefix}.case.{number}" for number in numbers[:MOST_CASES]]
    return Worked(
        [Case(picking.read(sent, f"{case}.when"), _read_sum(sent, f"{case}.gives")) for case in cases],
        _read_sum(sent, prefix),
    )


def _read_sum(sent: Mapping[str, str], prefix: str) -> Sum:
    pattern = re.compile(re.escape(prefix) + r"\.(\d{1,2})\.kind$")
    numbers = sorted(int(found[1]) for name in sent if (found := pattern.match(name)))
    terms = []
    for number in numbers[:MOST_TERMS]:
        base = f"{prefix}.{number}"
        kind = sent[f"{base}.kind"]
        value = sent.get(f"{base}.value", "").strip()
        terms.append(Term(kind if kind in KINDS else "value", sent.get(f"{base}.field", ""), value))
    op, places = sent.get(f"{prefix}.op", ""), sent.get(f"{prefix}.places", "")
    return Sum(op if op in OPS else "", terms, places if places in PLACES else "")


def press(worked: Worked, prefix: str, button: str) -> None:
    """What a button does: `term:<place>`, `drop:<place>`, `case:` or `uncase:<n>`."""
    verb, _, place = button.partition(":")
    steps = place.removeprefix(prefix).strip(".").split(".")
    try:
        if verb == "case":
            worked.cases.append(Case(Picked("all", [picking.Row()]), Sum("", [Term()])))
        elif verb == "uncase":
            worked.cases.pop(int(steps[0]))
        elif verb == "term":
            _sum_at(worked, steps).terms.append(Term())
        elif verb == "drop":
            _sum_at(worked, steps[:-1]).terms.pop(int(steps[-1]))
    except (IndexError, ValueError):
        return  # a button of a page that is out of date


def _sum_at(worked: Worked, steps: list[str]) -> Sum:
    return worked.cases[int(steps[1])].gives if steps[:1] == ["case"] else worked.otherwise


def rule_of(worked: Worked, view: View, expect: AnswerType | None) -> dict[str, Any] | None:
    """The expression that was picked; None if nothing was. What says nothing sensible carries an error afterwards."""
    made = _made(worked.otherwise, view, expect)
    for case in reversed(worked.cases):
        when, then = picking.rule_of(case.when, view), _made(case.gives, view, expect)
        if when is None or then is None:
            case.error = "Give it a condition and a value, or remove it"
        elif made is None:
            worked.error = "Say which value holds otherwise"
        else:
            made = {"op": "if", "if": when, "then": then, "else": made}
    if made is not None and not errors(worked) and (found := view.faults(made, None)):
        worked.error = found[0]
    return made


def _made(given: Sum, view: View, expect: AnswerType | None) -> dict[str, Any] | None:
    terms = [term for term in given.terms if term.kind == "today" or term.field or term.value]
    inner = {"": expect, "join": T.TEXT, "least": None, "greatest": None, "or_else": expect}.get(given.op, T.NUMBER)
    made = [made for term in terms if (made := _of_term(term, view, inner)) is not None]
    if not made or len(made) < len(terms):
        return None
    if not given.op and len(made) > 1:
        terms[1].error = "Say how these are put together"
        return None
    if given.op == "total":
        made = [{"op": "or_else", "of": [each, {"value": 0}]} for each in made]
    joined = {"op": "plus" if given.op == "total" else given.op, "of": made} if given.op else made[0]
    return (
        {"op": "round", "of": joined} | ({"places": int(given.places)} if given.places != "0" else {})
        if given.places
        else joined
    )


def _of_term(term: Term, view: View, expect: AnswerType | None) -> dict[str, Any] | None:
    if term.kind == "today":
        return {"op": "today"}
    if term.kind == "value":
        try:
            return literal(term.value, expect if expect is not None else _guess(term.value))
        except NoLiteral as refusal:
            term.error = str(refusal)
            return None
    name = term.field
    known = view.each if term.kind == "sum" else view.subjects
    if name not in known:
        term.error = "Choose a question that is asked before" if term.kind != "sum" else "Choose a number of a group"
        return None
    made = _looked(term.kind, name, view)
    if found := view.faults(made, None):
        term.error = found[0]
        return None
    return made


def _looked(kind: str, name: str, view: View) -> dict[str, Any]:
    answer = {"field": name}
    if kind == "sum":
        return {"op": "sum_over", "over": view.each[name].over, "of": answer}
    if kind in ("score", "words"):
        return {"op": "label" if kind == "words" else kind, "field": name}
    if kind == "instances":
        return {"op": kind, "over": name}
    if kind in ("count", "length"):
        return {"op": kind, "of": answer}
    return {"op": "years_between", "from": answer, "to": {"op": "today"}} if kind == "years" else answer


def _guess(typed: str) -> AnswerType | None:
    """What a value seems to be where any would do."""
    if re.fullmatch(r"-?\d{1,15}([.,]\d{1,9})?", typed):
        return T.NUMBER
    return T.DATE if is_shaped(typed, "DATE") else T.TEXT


def errors(worked: Worked) -> bool:
    """Whether something in it says nothing sensible."""
    sums = [worked.otherwise, *(case.gives for case in worked.cases)]
    return bool(
        worked.error
        or any(term.error for each in sums for term in each.terms)
        or any(case.error or picking.errors(case.when) for case in worked.cases)
    )


def hush(worked: Worked) -> None:
    """Without its complaints."""
    worked.error = ""
    for case in worked.cases:
        case.error = ""
        picking.hush(case.when)
    for term in (term for each in (worked.otherwise, *(case.gives for case in worked.cases)) for term in each.terms):
        term.error = ""
