"""What is true or false, in XPath: when it is the one, and when it is the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from formsite.definition.logic import AnswerType
from formsite.definition.logic import nodes as n
from formsite.interchange.to_xlsform.saying import Said, Saying, Truth
from formsite.interchange.to_xlsform.terms import (
    EQUAL,
    FALSE,
    ORDER,
    TRUE,
    Unsayable,
    X,
    binary,
    call,
    equal,
    every,
    filled,
    no,
    quoted,
    some,
    when,
)

T = AnswerType
ORDERS = {"less": "<", "at_most": "<=", "more": ">", "at_least": ">="}
REVERSED = {"less": ">=", "at_most": ">", "more": "<=", "at_least": "<"}
DAYS = (T.DATE, T.MOMENT)


def _truth_of_value(say: Saying, node: n.Value) -> Truth:
    return Truth(TRUE, FALSE) if node.value is True else Truth(FALSE, TRUE)


def _truth_of_field(say: Saying, node: n.FieldValue) -> Truth:
    at = say.ref(node.field)
    kind = say.places.questions[node.field].field.type
    yes, other = {"declaration": ("OK", "no"), "computed": ("true", "false")}.get(kind, ("yes", "no"))
    return Truth(equal(at, quoted(yes)), equal(at, quoted(other)))


def _answered(say: Saying, node: n.Answered) -> Truth:
    questions = say.places.questions
    if node.field in questions.repeats:
        count = X(f"count({say.ref(node.field).text})")
        return Truth(binary(count, ">", X("0"), ORDER), binary(count, "=", X("0"), EQUAL))
    parts = [part.id for part in questions.parts(node.field)]
    holds = questions[node.field].field.kind.holds_answer
    names = [*([node.field] if holds else []), *parts]
    return Truth.definite(some(*(filled(say.ref(name)) for name in names)))


def _sure(say: Saying, node: n.Sure) -> Truth:
    return Truth.definite(say.truth(node.of).yes)


def _not(say: Saying, node: n.Not) -> Truth:
    of = say.truth(node.of)
    return Truth(of.no, of.yes)


def _many_truths(say: Saying, node: n.Many) -> Truth:
    of = [say.truth(each) for each in node.of]
    if node.op == "all":
        return Truth(every(*(each.yes for each in of)), some(*(each.no for each in of)))
    if node.op == "any":
        return Truth(some(*(each.yes for each in of)), every(*(each.no for each in of)))
    if node.op != "or_else":
        raise Unsayable(f"“{node.op}” as a condition")
    found = of[-1]
    for each in reversed(of[:-1]):
        found = Truth(some(each.yes, every(no(each.no), found.yes)), some(each.no, every(no(each.yes), found.no)))
    return found


def _choose_truth(say: Saying, node: n.Choose) -> Truth:
    condition, then, otherwise = say.truth(node.condition), say.truth(node.then), say.truth(node.otherwise)
    if condition.no == no(condition.yes):
        return Truth(when(condition.yes, then.yes, otherwise.yes), when(condition.yes, then.no, otherwise.no))
    yes = some(every(condition.yes, then.yes), every(condition.no, otherwise.yes))
    return Truth(yes, some(every(condition.yes, then.no), every(condition.no, otherwise.no)))


def _compare(say: Saying, node: n.Compare) -> Truth:
    if node.op in ("is", "is_not") and (say.is_truth(node.left) or say.is_truth(node.right)):
        same = _same_truths(say.truth(node.left), say.truth(node.right))
        return same if node.op == "is" else Truth(same.no, same.yes)
    left, right = say.value(node.left), say.value(node.right)
    if node.op in ("is", "is_not"):
        same = _same(left, right)
        return same if node.op == "is" else Truth(same.no, same.yes)
    if node.op in ORDERS:
        pair = (_ordered(left, right), _ordered(right, left))
        known = every(*(each.known for each in (left, right) if not _is_safe(each)))
        return Truth(
            every(known, binary(pair[0], ORDERS[node.op], pair[1], ORDER)),
            every(known, binary(pair[0], REVERSED[node.op], pair[1], ORDER)),
        )
    return _within(node.op, left, right)


def _ordered(one: Said, other: Said) -> X:
    """An operand of an order: days are written as days."""
    kind = other.kind if one.kind is T.TEXT else one.kind
    if isinstance(one.const, str) and kind in (*DAYS, T.MONTH):
        return call("date-time" if kind is T.MOMENT else "date", quoted(_whole_day(one.const)))
    return one.xpath


def _same_truths(a: Truth, b: Truth) -> Truth:
    return Truth(some(every(a.yes, b.yes), every(a.no, b.no)), some(every(a.yes, b.no), every(a.no, b.yes)))


def _same(left: Said, right: Said) -> Truth:
    """`=` of two empty answers is true, and `!=` of no number is, too: both are looked at only where they are known."""
    if right.kind is T.MONTH or left.kind is T.MONTH:
        left, right = (replace(each, xpath=_month(each)) for each in (left, right))
    known = every(left.known, right.known)
    same = equal(left.xpath, right.xpath)
    differs = binary(left.xpath, "!=", right.xpath, EQUAL)
    for one, other in ((left, right), (right, left)):
        if one.const not in (None, "") and (_is_safe(other) or other.is_node):
            return Truth(same, every(known, differs))
    if left.kind is T.NUMBER and _is_safe(left) and _is_safe(right) and not (left.is_node and right.is_node):
        return Truth(same, every(known, differs))
    return Truth(every(known, same), every(known, differs))


def _within(op: str, left: Said, right: Said) -> Truth:
    known = every(left.known, right.known)
    name = {"starts_with": "starts-with", "ends_with": "ends-with"}.get(op, op)
    if op == "contains" and left.kind is T.CHOICES:
        found = call("selected", left.xpath, right.xpath)
        return Truth(found if right.const else every(known, found), every(known, no(found)))
    found = call(name, left.xpath, right.xpath)
    return Truth(found if right.const else every(known, found), every(known, no(found)))


def _one_of(say: Saying, node: n.OneOf) -> Truth:
    left = say.value(node.left)
    pairs = [_same(left, say.value(each)) for each in node.values]
    return Truth(some(*(each.yes for each in pairs)), every(*(each.no for each in pairs)))


def _matches(say: Saying, node: n.Matches) -> Truth:
    of = say.value(node.of)
    found = call("regex", of.xpath, quoted(node.pattern))
    return Truth(every(of.known, found), every(of.known, no(found)))


def _over_truth(say: Saying, node: n.Over) -> Truth:
    """Any, or all: counted where they are, and where they are not."""
    inner = say.inside(node.over)
    of = inner.truth(node.of)
    picked = "" if node.where is None else f"[{inner.truth(node.where).yes.text}]"
    at = say.ref(node.over).text

    def is_there(condition: X) -> X:
        return X(f"count({at}{picked}[{condition.text}]) > 0", ORDER, f"count({at}{picked}[{condition.text}]) = 0")

    if node.op == "any_over":
        return Truth(is_there(of.yes), no(is_there(no(of.no))))
    if node.op == "all_over":
        return Truth(no(is_there(no(of.yes))), is_there(of.no))
    raise Unsayable(f"“{node.op}” as a condition")


def _is_safe(said: Said) -> bool:
    """Whether a comparison with it is false where it is not known: what is no number is neither more nor less."""
    return said.known == TRUE or (said.is_blank and said.kind in (T.NUMBER, *DAYS, T.TIME, T.MONTH))


def _whole_day(text: str) -> str:
    return f"{text}-01" if len(text) == len("2000-01") else text


def _month(said: Said) -> X:
    """A month as a text; it is kept as its first day."""
    return said.xpath if said.const is not None else call("format-date", said.xpath, quoted("%Y-%m"))


TRUTHS: dict[type, Callable[[Saying, Any], Truth]] = {
    n.Value: _truth_of_value,
    n.FieldValue: _truth_of_field,
    n.Answered: _answered,
    n.Sure: _sure,
    n.Not: _not,
    n.Many: _many_truths,
    n.Choose: _choose_truth,
    n.Compare: _compare,
    n.OneOf: _one_of,
    n.Matches: _matches,
    n.Over: _over_truth,
}
