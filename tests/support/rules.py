"""Generated rules: well typed ones over a handful of fields, and anything at all."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from formsite.definition.logic import AnswerType, Operand

OFFERED = ("fibre", "dsl", "none")
FIELDS: dict[str, Operand] = {
    "amount": Operand(AnswerType.NUMBER),
    "rated": Operand(AnswerType.NUMBER),
    "said": Operand(AnswerType.TEXT),
    "named": Operand(AnswerType.TEXT),
    "born": Operand(AnswerType.DATE),
    "agreed": Operand(AnswerType.BOOLEAN),
    "line": Operand(AnswerType.CHOICE, OFFERED),
    "used": Operand(AnswerType.CHOICES, OFFERED),
}
COMPARISONS = ("is", "is_not", "less", "at_most", "more", "at_least", "contains", "starts_with")
Rule = dict[str, Any]

figures = st.integers(-1000, 1000) | st.floats(-1e6, 1e6)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)
days = st.dates().map(date.isoformat)
answered = st.fixed_dictionaries(
    {
        "amount": figures,
        "rated": st.integers(0, 10),
        "said": words.filter(bool),
        "named": words.filter(bool),
        "born": days,
        "agreed": st.booleans(),
        "line": st.sampled_from(OFFERED),
        "used": st.lists(st.sampled_from(OFFERED), min_size=1, unique=True),
    }
)
hostile = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), float("nan"), float("inf"), -float("inf"), 1.5e308, 5e-324, -0.0])
    | st.text(max_size=12)
    | st.sampled_from(["2026-02-30", "0000-01-01", "9999-12-31", "2026-W01-1", "\ud800", "x" * 10_000])
    | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)
anything = st.dictionaries(st.sampled_from([*FIELDS, "unknown"]), hostile)


def _binary(op: str, inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    return st.fixed_dictionaries({"op": st.just(op), "of": st.lists(inner, min_size=2, max_size=2)})


def _list(op: str, inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    return st.fixed_dictionaries({"op": st.just(op), "of": st.lists(inner, min_size=1, max_size=3)})


def _choose(inner: st.SearchStrategy[Rule], depth: int) -> st.SearchStrategy[Rule]:
    return st.fixed_dictionaries({"op": st.just("if"), "if": rules(depth - 1), "then": inner, "else": inner})


def _field(kind: AnswerType) -> st.SearchStrategy[Rule]:
    return st.sampled_from([{"field": name} for name, operand in FIELDS.items() if operand.type is kind])


def _value(held: st.SearchStrategy[Any]) -> st.SearchStrategy[Rule]:
    return st.fixed_dictionaries({"value": held})


def numbers(depth: int) -> st.SearchStrategy[Rule]:
    """Expressions that come to a number."""
    leaf = _field(AnswerType.NUMBER) | _value(figures)
    if depth <= 0:
        return leaf
    inner, dates_ = numbers(depth - 1), dates(depth - 1)
    return st.one_of(
        leaf,
        *(_list(op, inner) for op in ("plus", "times", "least", "greatest")),
        *(_binary(op, inner) for op in ("minus",)),
        st.fixed_dictionaries({"op": st.just("round"), "of": inner}, optional={"places": st.integers(0, 9)}),
        st.fixed_dictionaries({"op": st.sampled_from(["days_between", "years_between"]), "from": dates_, "to": dates_}),
        st.fixed_dictionaries({"op": st.sampled_from(["year", "month", "day"]), "of": dates_}),
        st.fixed_dictionaries({"op": st.just("length"), "of": texts(depth - 1)}),
        st.just({"op": "count", "of": {"field": "used"}}),
        st.fixed_dictionaries(
            {"op": st.just("divided_by"), "of": st.tuples(inner, _field(AnswerType.NUMBER)).map(list)}
        ),
        _choose(inner, depth),
    )


def texts(depth: int) -> st.SearchStrategy[Rule]:
    """Expressions that come to a text."""
    leaf = _field(AnswerType.TEXT) | _value(words)
    if depth <= 0:
        return leaf
    inner = texts(depth - 1)
    changed = st.fixed_dictionaries({"op": st.sampled_from(["lower", "trim"]), "of": inner})
    return leaf | changed | _list("join", inner) | _choose(inner, depth)


def dates(depth: int) -> st.SearchStrategy[Rule]:
    """Expressions that come to a day."""
    leaf = _field(AnswerType.DATE) | st.fixed_dictionaries({"date": days}) | st.just({"op": "today"})
    if depth <= 0:
        return leaf
    inner = dates(depth - 1)
    later = st.fixed_dictionaries({"op": st.just("add_days"), "date": inner, "days": numbers(depth - 1)})
    return leaf | later | _list("least", inner) | _list("greatest", inner) | _choose(inner, depth)


def compared(left: st.SearchStrategy[Rule], ops: tuple[str, ...]) -> st.SearchStrategy[Rule]:
    """One against another of its kind."""
    return st.fixed_dictionaries({"op": st.sampled_from(ops), "left": left, "right": left})


def comparisons(depth: int) -> st.SearchStrategy[Rule]:
    """Rules that compare."""
    offered = _value(st.sampled_from(OFFERED))
    one_of = st.fixed_dictionaries(
        {
            "op": st.just("one_of"),
            "left": _field(AnswerType.CHOICE),
            "values": st.lists(offered, min_size=1, max_size=3),
        }
    )
    return st.one_of(
        compared(numbers(depth), COMPARISONS[:6]),
        compared(dates(depth), COMPARISONS[:6]),
        compared(texts(depth), (*COMPARISONS[:2], "contains", "starts_with")),
        st.fixed_dictionaries({"op": st.just("contains"), "left": _field(AnswerType.CHOICES), "right": offered}),
        st.fixed_dictionaries({"op": st.just("is"), "left": _field(AnswerType.CHOICE), "right": offered}),
        one_of,
    )


def rules(depth: int = 2) -> st.SearchStrategy[Rule]:
    """Well-typed rules."""
    leaf = st.one_of(
        st.fixed_dictionaries({"op": st.just("answered"), "field": st.sampled_from(list(FIELDS))}),
        _field(AnswerType.BOOLEAN),
        _value(st.booleans()),
    )
    if depth <= 0:
        return leaf
    inner = rules(depth - 1)
    negated = st.fixed_dictionaries({"op": st.just("not"), "of": inner})
    return leaf | comparisons(depth - 1) | comparisons(depth - 1) | _list("all", inner) | _list("any", inner) | negated
