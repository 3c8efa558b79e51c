"""Data beside the form, as far as it lies in the workbook: `instance('cities')/root/item[name = ${city}]/label`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform import xpath as x
from formsite.interchange.xlsform.paths import Place
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.terms import Term, Untranslatable, number_term
from formsite.interchange.xlsform.translation import Translator

MOST_ROWS = 300


def column(t: Translator, path: x.Path, place: Place) -> Term:
    """A column of the first row that is picked: '' if there is none."""
    name = path.steps[-1].name
    cases: list[Rule] = []
    for condition, row in _rows(t, path, place):
        if condition == r.FALSE:
            continue
        if condition == r.TRUE:
            cases.append(r.value(row.get(name, "")))
            break
        cases.append(r.when(condition, r.value(row.get(name, "")), r.NO_TEXT))
    if not cases or (len(cases) == 1 and "value" in cases[0]):
        text = str(cases[0]["value"]) if cases else ""
        return Term("text", r.value(text), text)
    return Term("text", r.many("or_else", *cases, r.value("")))


def count(t: Translator, path: x.Path, place: Place) -> Term:
    """How many rows are picked."""
    ones = [r.when(condition, r.value(1.0), r.value(0.0)) for condition, _ in _rows(t, path, place)]
    known = sum(float(each["value"]) for each in ones if "value" in each)
    open_ = [each for each in ones if "value" not in each]
    if not open_:
        return Term("number", r.value(known), known)
    return number_term(r.many("plus", r.value(known), *open_))


def is_data(expr: x.Expr | None) -> bool:
    """Whether an expression leads to rows of data."""
    return isinstance(expr, x.Path) and isinstance(expr.start, x.Call) and expr.start.name == "instance"


def _rows(t: Translator, path: x.Path, place: Place) -> Iterator[tuple[Rule, Mapping[str, str]]]:
    """Each row, and when it is picked."""
    call = path.start
    item = next((step for step in path.steps if step.name == "item"), None)
    if not isinstance(call, x.Call) or call.name != "instance" or item is None or not call.args:
        name = call.name if isinstance(call, x.Call) else "path"
        raise Untranslatable(f"data of {name}()")
    listed = call.args[0].value if isinstance(call.args[0], x.String) else ""
    rows = t.lists.get(listed)
    if rows is None:
        raise Untranslatable(f"there is no list “{listed}” in the workbook")
    if len(rows) > MOST_ROWS:
        raise Untranslatable(f"the list “{listed}” has more than {MOST_ROWS} rows")
    for row in rows:
        inside = replace(place, row=row)
        conditions = []
        for predicate in item.predicates:
            if isinstance(predicate, x.Number):
                raise Untranslatable("a row that is picked by its number")
            conditions.append(t.truth_of(predicate, inside))
        yield r.every(*conditions), row
