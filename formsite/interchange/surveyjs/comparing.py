"""`=`, `<`, `contains` and the like between terms: decided value by value where there are few, else by rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import product

from formsite.definition.logic.calendar import shape as shape_of
from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs import js, terms
from formsite.interchange.surveyjs.terms import (
    Bool,
    Cases,
    Chosen,
    Const,
    Date,
    Day,
    Number,
    Present,
    Records,
    Table,
    Term,
    Untranslatable,
    Words,
)

MOST_PAIRS = 600
ORDERS = {"<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compare(op: str, left: Term, right: Term) -> Rule:
    """The condition that a comparison is."""
    few = _pairs(left, right, js.COMPARISONS[op])
    if few is not None:
        return few
    if op == "notcontains":
        return lacks(left, right)
    if op in ("!=", "noneof"):
        return r.opposite(compare({"!=": "=", "noneof": "anyof"}[op], left, right))
    return _MAKERS[op](left, right) if op in _MAKERS else order(op, left, right)


def _pairs(a: Term, b: Term, decide: Callable[[js.Value, js.Value], bool]) -> Rule | None:
    """Two terms with few values each, decided for every pair beforehand."""
    left, right = terms.as_cases(a), terms.as_cases(b)
    if left is None or right is None:
        return None
    first, second = _with_empty(a, left), _with_empty(b, right)
    if len(first) * len(second) > MOST_PAIRS:
        return None
    met: list[Rule] = []
    missed: list[Rule] = []
    for (held, x), (other, y) in product(first, second):
        (met if decide(held, other) else missed).append(r.every(x, y))
    return r.opposite(r.some(*missed)) if r.size(missed) < r.size(met) else r.some(*met)


def _with_empty(term: Term, cases: Sequence[tuple[js.Value, Rule]]) -> Sequence[tuple[js.Value, Rule]]:
    return [*cases, (None, term.empty())] if isinstance(term, Cases) else cases


# -- equal -------------------------------------------------------------------------------------------------------------
def equal(a: Term, b: Term) -> Rule:
    """`=`; both empty is equal too."""
    few = _pairs(a, b, js.equal)
    if few is not None:
        return few
    if isinstance(a, Const) or (isinstance(a, Cases) and not isinstance(b, Const)):
        a, b = b, a
    if isinstance(b, Const):
        return terms.empty(a) if js.is_empty(b.value) else _equals_constant(a, b)
    both_empty = r.every(terms.empty(a), terms.empty(b))
    if isinstance(a, Chosen) and isinstance(b, Chosen):
        return _same_chosen(a, b)
    if isinstance(b, Cases):
        return r.some(*(r.every(rule, equal(a, Const(held))) for held, rule in b.cases), both_empty)
    tables = [isinstance(each, Present | Records | Table) for each in (a, b)]
    if all(tables):
        raise Untranslatable("files and tables are only told from nothing")
    if any(tables) or isinstance(a, Chosen) or isinstance(b, Chosen):
        return both_empty
    return r.some(_same_plain(a, b), both_empty)


def _same_plain(a: Term, b: Term) -> Rule:
    """Two single values that may be anything."""
    if isinstance(a, Date) or isinstance(b, Date):
        return _same_day(a, b)
    if isinstance(a, Day) and isinstance(b, Day):
        return r.compare("is", a.rule, b.rule) if a.shape == b.shape else r.NO
    if isinstance(a, Bool) or isinstance(b, Bool):
        truth, other = (terms.truth(a), b) if isinstance(a, Bool) else (terms.truth(b), a)
        return r.some(r.every(truth, equal(other, Const(True))), r.every(r.opposite(truth), equal(other, Const(False))))
    days = isinstance(a, Day) or isinstance(b, Day)
    numbers = r.NO if days else r.compare("is", terms.number(a), terms.number(b))
    if isinstance(a, Number) or isinstance(b, Number):
        return numbers
    return r.some(r.compare("is", terms.plain(a), terms.plain(b)), numbers)


def _equals_constant(a: Term, b: Const) -> Rule:
    """A term and a constant that is something."""
    if isinstance(a, Chosen):
        return _chosen_exactly(a, b.value) if isinstance(b.value, list) else r.NO
    if isinstance(a, Present | Records | Table):
        return r.NO
    if isinstance(b.value, list):
        return r.NO
    if isinstance(a, Day):
        return _equals_shape(a, b.value)
    if isinstance(a, Date):
        day = constant_day(b.value)
        return r.NO if day is None or a.now else r.compare("is", a.rule, day)
    native = js.native(b.value)
    as_number = r.NO if native is None else r.compare("is", terms.number(a), r.value(native))
    if isinstance(a, Number | Bool):
        return as_number
    words = r.compare("is", terms.plain(a), r.value(js.text(b.value).strip(js.WHITE).lower()))
    return r.some(words, as_number) if isinstance(b.value, bool) or native is None else as_number


def _equals_shape(a: Day, held: js.Value) -> Rule:
    wanted = held.strip() if isinstance(held, str) else ""
    return r.compare("is", a.rule, r.value(wanted)) if _shape(wanted) == a.shape else r.NO


def _shape(text: str) -> str | None:
    found = shape_of(text)
    return (
        {"DATE": "date", "TIME": "time", "MOMENT": "moment", "MONTH": "month"}.get(str(found).upper())
        if found
        else None
    )


def constant_day(held: js.Value) -> Rule | None:
    """The day that a text begins with."""
    found = re.match(r"\s*(\d{4}-\d{2}-\d{2})(?:$|[T ])", held) if isinstance(held, str) else None
    return {"date": found[1]} if found and _shape(found[1]) == "date" else None


def _chosen_exactly(a: Chosen, wanted: list[js.Value]) -> Rule:
    if a.in_order:
        return _ranked_exactly(a, wanted)
    left = list(wanted)
    conditions = []
    for held, rule in a.items:
        at = next((at for at, each in enumerate(left) if js.equal(each, held)), None)
        conditions.append(r.opposite(rule) if at is None else rule)
        if at is not None:
            left.pop(at)
    return r.NO if left else r.every(*conditions)


def _ranked_exactly(a: Chosen, wanted: list[js.Value]) -> Rule:
    ids = [next((rule["right"]["value"] for held, rule in _ranked(a) if js.equal(held, each)), None) for each in wanted]
    if None in ids or not a.field:
        return r.NO
    here = r.field(a.field)
    places = [
        r.compare("is", {"op": "nth", "of": here, "index": r.value(at)}, r.value(each))
        for at, each in enumerate(ids)
        if each
    ]
    return r.every(r.compare("is", r.unary("count", here), r.value(len(wanted))), *places)


def _ranked(a: Chosen) -> list[tuple[js.Value, Rule]]:
    """The items with the plain comparison that tells whether they are chosen."""
    return [(held, rule["of"]) for held, rule in a.items if rule.get("op") == "sure"]


def _same_chosen(a: Chosen, b: Chosen) -> Rule:
    conditions, rest = [], list(b.items)
    for held, rule in a.items:
        at = next((at for at, (each, _) in enumerate(rest) if js.equal(each, held)), None)
        if at is None:
            conditions.append(r.opposite(rule))
        else:
            other = rest.pop(at)[1]
            conditions.append(r.some(r.every(rule, other), r.every(r.opposite(rule), r.opposite(other))))
    return r.every(*conditions, *(r.opposite(rule) for _, rule in rest))


def _same_day(a: Term, b: Term) -> Rule:
    if (isinstance(a, Date) and a.now) or (isinstance(b, Date) and b.now):
        return r.NO
    return r.compare("is", _as_day(a), _as_day(b))


def _as_day(term: Term) -> Rule:
    """The day that a term is or begins with; unknown if it is none."""
    if isinstance(term, Date) or (isinstance(term, Day) and term.shape == "date"):
        return r.unary("date_of", term.rule) if isinstance(term, Date) and term.now else term.rule
    if isinstance(term, Day) and term.shape == "moment":
        return r.unary("date_of", term.rule)
    if isinstance(term, Const):
        if (day := constant_day(term.value)) is not None:
            return day
    elif isinstance(term, Words):
        return r.unary("date_of", term.rule)
    raise Untranslatable("a day is compared with what is no day")


# -- order -------------------------------------------------------------------------------------------------------------
def order(op: str, a: Term, b: Term) -> Rule:
    """`<`, `<=`, `>` and `>=`; nothing is in no order, but equal to nothing."""
    if isinstance(a, Chosen | Present | Records | Table) or isinstance(b, Chosen | Present | Records | Table):
        raise Untranslatable("several choices, files and tables have no order")
    if isinstance(a, Const) or (isinstance(a, Cases) and not isinstance(b, Const)):
        a, b, op = b, a, FLIPPED[op]
    same = [r.every(terms.empty(a), terms.empty(b))] if op in ("<=", ">=") else []
    if isinstance(b, Const) and b.value is None:
        return r.some(*same)
    if isinstance(b, Cases):
        cases = [r.every(rule, order(op, a, Const(held))) for held, rule in b.cases]
        return r.some(*cases, *same)
    if any(isinstance(each, Day | Date) for each in (a, b)) or _is_day(b):
        return r.some(_order_days(op, a, b), *same)
    if isinstance(b, Const) and js.native(b.value) is None:
        if isinstance(a, Number | Bool):
            return r.some(*same)
        raise Untranslatable("texts have no order here")
    if isinstance(a, Words) and isinstance(b, Words) and same:
        same = [equal(a, b)]
    return r.some(r.compare(ORDERS[op], terms.number(a), terms.number(b)), *same)


def _is_day(term: Term) -> bool:
    return isinstance(term, Const) and isinstance(term.value, str) and _shape(term.value.strip()) is not None


def _order_days(op: str, a: Term, b: Term) -> Rule:
    """Days, times, moments and months are texts of fixed shapes, and sort as such."""
    if isinstance(a, Day) and isinstance(b, Const):
        held = b.value.strip() if isinstance(b.value, str) else ""
        if _shape(held) == a.shape:
            return r.compare(ORDERS[op], a.rule, r.value(held))
        if js.native(b.value) is not None:
            return r.NO
    if isinstance(a, Day) and isinstance(b, Day) and a.shape == b.shape:
        return r.compare(ORDERS[op], a.rule, b.rule)
    if isinstance(a, Number | Bool) or isinstance(b, Number | Bool):
        raise Untranslatable("a day is compared with a number")
    return r.compare(ORDERS[_against_now(op, a, b)], _as_day(a), _as_day(b))


def _against_now(op: str, a: Term, b: Term) -> str:
    """A day begins before any moment of it: today is before now, and never after."""
    if isinstance(b, Date) and b.now and not (isinstance(a, Date) and a.now):
        return {"<": "<=", ">=": ">"}.get(op, op)
    if isinstance(a, Date) and a.now and not (isinstance(b, Date) and b.now):
        return {">": ">=", "<=": "<"}.get(op, op)
    return op


# -- among -------------------------------------------------------------------------------------------------------------
def contains(left: Term, right: Term) -> Rule:
    """`contains`: all of the right are among the left, or a text is within a text."""
    if isinstance(left, Chosen):
        if isinstance(right, Chosen):
            among = [r.some(r.opposite(rule), _among(left, Const(held))) for held, rule in right.items]
            return r.every(terms.filled(left), *among)  # nothing chosen is an empty list, and that is in any other
        if isinstance(right, Const) and isinstance(right.value, list):
            return r.every(terms.filled(left), *(_among(left, Const(each)) for each in right.value))
        return _among(left, right)
    if isinstance(left, Const) and isinstance(left.value, list):
        return r.some(*(equal(right, Const(each)) for each in left.value))
    if isinstance(left, Present | Records | Table) or isinstance(right, Present | Records | Table):
        raise Untranslatable("what a table holds is not looked into")
    if isinstance(right, Const):
        if not js.truth(right.value):
            return r.NO
        return r.compare("contains", r.unary("lower", terms.text(left)), r.value(js.text(right.value).lower()))
    if isinstance(right, Cases):
        return r.some(*(r.every(rule, contains(left, Const(held))) for held, rule in right.cases))
    within = r.compare("contains", r.unary("lower", terms.text(left)), r.unary("lower", terms.text(right)))
    return r.every(terms.filled(left), terms.truth(right), within)


def lacks(left: Term, right: Term) -> Rule:
    """`notcontains`; of nothing in nothing it is not true either."""
    missing = r.opposite(contains(left, right))
    if isinstance(left, Chosen):
        return r.some(r.opposite(terms.filled(left)), missing)
    if isinstance(left, Const) and isinstance(left.value, list):
        held, sought = terms.filled(left), r.YES
    else:
        held, sought = terms.truth(left), terms.truth(right)
    return r.some(r.every(r.opposite(held), terms.filled(right)), r.every(held, sought, missing))


def _among(left: Chosen, right: Term) -> Rule:
    """Whether one value is among those chosen."""
    if isinstance(right, Const):
        return r.some(*(rule for held, rule in left.items if js.equal(held, right.value)))
    if isinstance(right, Cases):
        return r.some(*(r.every(rule, _among(left, Const(held))) for held, rule in right.cases))
    return r.some(*(r.every(rule, equal(right, Const(held))) for held, rule in left.items))


def any_of(left: Term, right: Term) -> Rule:
    """`anyof`: one of the right is among the left; nothing is wanted of an empty right."""
    if isinstance(right, Const) and not js.is_empty(right.value):
        return r.every(terms.filled(left), _any_of_filled(left, right))
    if isinstance(right, Const):
        return r.YES
    some = _any_of_filled(left, right)
    return r.some(terms.empty(right), r.every(terms.filled(left), some))


def _any_of_filled(left: Term, right: Term) -> Rule:
    if isinstance(left, Const) and isinstance(left.value, list):
        return r.some(*(_one_of(Const(each), right) for each in left.value))
    if not isinstance(left, Chosen):
        return _one_of(left, right)
    if isinstance(right, Chosen):
        return r.some(*(r.every(rule, _among(left, Const(held))) for held, rule in right.items))
    if isinstance(right, Const) and isinstance(right.value, list):
        return r.some(*(_among(left, Const(each)) for each in right.value))
    return _among(left, right)


def _one_of(left: Term, right: Term) -> Rule:
    """Whether a single value is among the right."""
    return contains(right, left)


def all_of(left: Term, right: Term) -> Rule:
    """`allof`: each of the right is among the left."""
    if isinstance(right, Const) and isinstance(right.value, list):
        return r.every(terms.filled(left), *(contains(left, Const(each)) for each in right.value))
    if isinstance(right, Chosen):
        among = [r.some(r.opposite(rule), contains(left, Const(held))) for held, rule in right.items]
        return r.some(terms.empty(right), r.every(terms.filled(left), *among))
    return contains(left, right)


_MAKERS: dict[str, terms.Comparison] = {"=": equal, "contains": contains, "anyof": any_of, "allof": all_of}
