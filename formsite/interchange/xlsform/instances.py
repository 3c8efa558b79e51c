"""Data beside the form, as far as it lies in the workbook: `instance('cities')/root/item[name = ${city}]/label`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform import xpath as x
from formsite.interchange.xlsform.paths import Place
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.terms import Term, Untranslatable, as_float, number_term, text_term
from formsite.interchange.xlsform.translation import ARITHMETIC, Translator

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


def added(t: Translator, path: x.Path, place: Place) -> Term:
    """The sum of a column; no number where a row that is picked has none."""
    name = path.steps[-1].name
    cells = [(condition, as_float(row.get(name, ""))) for condition, row in _rows(t, path, place)]
    if all(condition in (r.TRUE, r.FALSE) and number is not None for condition, number in cells):
        total = sum(number for condition, number in cells if number is not None and condition == r.TRUE)
        return Term("number", r.value(total), total)
    parts = (
        r.when(condition, r.NO_NUMBER if number is None else r.value(number), r.value(0.0))
        for condition, number in cells
    )
    return number_term(r.many("plus", r.value(0.0), *parts))


def joined(t: Translator, path: x.Path, separator: str, place: Place) -> Term:
    """The cells of a column, with something between them."""
    name = path.steps[-1].name
    led = [
        r.when(condition, r.value(separator + row.get(name, "")), r.value(""))
        for condition, row in _rows(t, path, place)
    ]
    whole = r.many("join", *led) if led else r.value("")
    return text_term({"op": "substring", "of": whole, "from": r.value(float(len(separator)))})


def is_data(expr: x.Expr | None) -> bool:
    """Whether an expression leads to rows of data."""
    return isinstance(expr, x.Path) and isinstance(expr.start, x.Call) and expr.start.name == "instance"


def _rows(t: Translator, path: x.Path, place: Place) -> Iterator[tuple[Rule, Mapping[str, str]]]:
    """Each row, and when it is picked."""
    call = path.start
    item = next((step for step in path.steps if step.name == "item"), None)
    predicates = list(item.predicates) if item is not None else []
    if not isinstance(call, x.Call) or call.name != "instance" or item is None or not call.args:
        name = call.name if isinstance(call, x.Call) else "path"
        raise Untranslatable(f"data of {name}()")
    listed = call.args[0].value if isinstance(call.args[0], x.String) else ""
    rows = t.lists.get(listed)
    if rows is None:
        raise Untranslatable(f"there is no list “{listed}” in the workbook")
    if len(rows) > MOST_ROWS:
        raise Untranslatable(f"the list “{listed}” has more than {MOST_ROWS} rows")
    if predicates and isinstance(predicates[0], x.Number):
        at = predicates.pop(0)
        rows = [row for number, row in enumerate(rows, start=1) if at == x.Number(number)]
    if any(_is_number(each) for each in predicates):
        raise Untranslatable("a row that is picked by a number that is worked out")
    for row in rows:
        inside = replace(place, row=row)
        yield r.every(*(t.truth_of(each, inside) for each in predicates)), row


def _is_number(expr: x.Expr) -> bool:
    """Whether a predicate picks by a number: one that counts, or works one out."""
    counted = isinstance(expr, x.Call) and expr.name in ("position", "last", "count", "number", "int", "round", "floor")
    worked_out = isinstance(expr, x.Binary) and expr.op in ARITHMETIC
    return isinstance(expr, x.Number | x.Negative) or counted or worked_out
