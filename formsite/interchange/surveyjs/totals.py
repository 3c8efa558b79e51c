"""Totals of the columns of a table: `{table-total.column}`."""

from __future__ import annotations

from formsite.interchange.surveyjs import functions, js
from formsite.interchange.surveyjs.layouts import Layout
from formsite.interchange.surveyjs.terms import NOTHING, Const, Term, Untranslatable

TOTALS = {"sum": "sumInArray", "count": "countInArray", "min": "minInArray", "max": "maxInArray", "avg": "avgInArray"}


def total_of(table: Layout, column: str) -> Term:
    """The total below a column; nothing where it has none.

    Raises:
        Untranslatable: it is worked out by an expression of its own, or there is no rule for it.
    """
    for raw in table.element.list("columns"):
        if not isinstance(raw, dict) or js.text(raw.get("name")).lower() != column.lower():
            continue
        if raw.get("totalExpression"):
            raise Untranslatable(f"the total of “{column}” is worked out by an expression of its own")
        name = TOTALS.get(str(raw.get("totalType", "none")))
        return functions.in_array(name, table.term, Const(column), lambda _held: None) if name else NOTHING
    return NOTHING
