"""The comparisons a picker offers: their words, the rule each makes, and which kinds of answers each fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from formsite.definition.logic import AnswerType
from formsite.definition.logic import nodes as n
from formsite.designer.looking import Subject, View


@dataclass(frozen=True, slots=True)
class Comparison:
    """One of them. `measure` is what of the answer is compared, `against` what with: nothing, a value, a number, an answer."""

    words: str
    op: str
    against: str = "value"
    measure: str = ""
    negated: bool = False


NOTHING, NUMBER, ANSWER = "nothing", "number", "answer"
COMPARISONS: dict[str, Comparison] = {
    "answered": Comparison("is answered", "answered", NOTHING),
    "not_answered": Comparison("is not answered", "answered", NOTHING, negated=True),
    "is": Comparison("is", "is"),
    "is_not": Comparison("is not", "is_not"),
    "contains": Comparison("contains", "contains"),
    "not_contains": Comparison("does not contain", "contains", negated=True),
    "starts_with": Comparison("starts with", "starts_with"),
    "ends_with": Comparison("ends with", "ends_with"),
    "less": Comparison("is less than / before", "less"),
    "at_most": Comparison("is at most / not after", "at_most"),
    "more": Comparison("is more than / after", "more"),
    "at_least": Comparison("is at least / not before", "at_least"),
    "years_at_least": Comparison("is at least so many full years ago", "at_least", NUMBER, "years"),
    "years_less": Comparison("is less than so many full years ago", "less", NUMBER, "years"),
    "count_at_least": Comparison("has at least so many chosen", "at_least", NUMBER, "count"),
    "count_at_most": Comparison("has at most so many chosen", "at_most", NUMBER, "count"),
    "length_at_least": Comparison("has at least so many characters", "at_least", NUMBER, "length"),
    "length_at_most": Comparison("has at most so many characters", "at_most", NUMBER, "length"),
    "score_at_least": Comparison("scores at least", "at_least", NUMBER, "score"),
    "score_less": Comparison("scores less than", "less", NUMBER, "score"),
    "instances_at_least": Comparison("is there at least so many times", "at_least", NUMBER, "instances"),
    "instances_less": Comparison("is there less than so many times", "less", NUMBER, "instances"),
    "is_answer": Comparison("is the same as the answer to", "is", ANSWER),
    "is_not_answer": Comparison("is not the same as the answer to", "is_not", ANSWER),
    "less_answer": Comparison("is less than / before the answer to", "less", ANSWER),
    "at_most_answer": Comparison("is at most / not after the answer to", "at_most", ANSWER),
    "more_answer": Comparison("is more than / after the answer to", "more", ANSWER),
    "at_least_answer": Comparison("is at least / not before the answer to", "at_least", ANSWER),
}
_GIVEN = ("answered", "not_answered")
_SAME = (*_GIVEN, "is", "is_not")
_SAME_ANSWER = ("is_answer", "is_not_answer")
_ORDERED = (
    *_SAME, "less", "at_most", "more", "at_least", *_SAME_ANSWER,
    "less_answer", "at_most_answer", "more_answer", "at_least_answer",
)  # fmt: skip
_TEXTS = ("contains", "not_contains", "starts_with", "ends_with", "length_at_least", "length_at_most")
T = AnswerType
FITTING: dict[AnswerType, tuple[str, ...]] = {
    T.TEXT: (*_SAME, *_TEXTS, *_SAME_ANSWER),
    T.NUMBER: _ORDERED,
    T.DATE: (*_ORDERED, "years_at_least", "years_less"),
    T.TIME: _ORDERED,
    T.MOMENT: _ORDERED,
    T.MONTH: _ORDERED,
    T.FILE: _GIVEN,
    T.PLACE: _GIVEN,
    T.NOTHING: _GIVEN,
    T.BOOLEAN: (*_SAME, *_SAME_ANSWER),
    T.CHOICE: (*_SAME, *_SAME_ANSWER, "score_at_least", "score_less"),
    T.CHOICES: (*_GIVEN, "contains", "not_contains", "count_at_least", "count_at_most", "score_at_least", "score_less"),
}


def fitting(subject: Subject) -> tuple[str, ...]:
    """The comparisons that mean something for it, in the order they are offered."""
    names = {*FITTING[subject.operand.type]}
    if subject.repeats:
        names = {"instances_at_least", "instances_less"}
    if not subject.scored:
        names -= {"score_at_least", "score_less"}
    return tuple(name for name in COMPARISONS if name in names)


def alike(view: View, subject: Subject | None) -> list[Subject]:
    """What an answer can be compared with: other answers of its kind."""
    textual = (T.TEXT, T.CHOICE)
    kind = subject.operand.type if subject else None
    fits = textual if kind in textual else (kind,)
    return [each for each in view.subjects.values() if each is not subject and (not kind or each.operand.type in fits)]


def measured(measure: str, name: str) -> dict[str, Any]:
    """What of an answer is compared."""
    answer = {"field": name}
    if measure in ("count", "length"):
        return {"op": measure, "of": answer}
    if measure == "years":
        return {"op": "years_between", "from": answer, "to": {"op": "today"}}
    if measure == "score":
        return {"op": "score", "field": name}
    return {"op": "instances", "over": name} if measure == "instances" else answer


def measure_of(node: n.Node) -> tuple[str, str] | None:
    """Of an operand: what is measured, and of which answer; None if it is none of these."""
    match node:
        case n.FieldValue(name):
            return "", name
        case n.Unary("count" | "length" as op, n.FieldValue(name)):
            return op, name
        case n.Between("years_between", n.FieldValue(name), n.Today("today")):
            return "years", name
        case n.OfField("score", name):
            return "score", name
        case n.OfRepeat("instances", name):
            return "instances", name
    return None


def named(op: str, measure: str, against: str, *, negated: bool) -> str | None:
    """The comparison that says this."""
    for name, each in COMPARISONS.items():
        wanted = "value" if each.against == NUMBER else each.against
        if (each.op, each.measure, wanted, each.negated) == (op, measure, against, negated):
            return name
    return None
