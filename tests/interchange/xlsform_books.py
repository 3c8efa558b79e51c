"""XLSForms for tests, and what becomes of them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from formsite.definition.evaluation import Evaluator
from formsite.interchange import files
from formsite.interchange.losses import Imported

TODAY = date(2026, 5, 17)
Table = Sequence[Mapping[str, str]]


def row(type: str, name: str = "", **cells: str) -> dict[str, str]:
    """A row of the survey sheet, labelled with its name; `__` in a column stands for `::`."""
    named = {column.replace("__", "::"): cell for column, cell in cells.items()}
    return {"type": type, "name": name, "label": name.upper(), **named}


def choices(listed: str, *names: str, **columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a list, each labelled with its name."""
    return [
        {"list_name": listed, "name": name, "label": name.title(), **{column: of[at] for column, of in columns.items()}}
        for at, name in enumerate(names)
    ]


LETTERS = choices("c", "a", "b", "d")


def book(survey: Table, **sheets: Table) -> bytes:
    """A workbook; each sheet has the columns that its rows name."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as made:
        for title, rows in {"survey": survey, **sheets}.items():
            sheet = made.add_worksheet(title)
            columns = list(dict.fromkeys(column for each in rows for column in each))
            for number, each in enumerate([dict(zip(columns, columns, strict=True)), *rows]):
                for at, column in enumerate(columns):
                    sheet.write(number, at, each.get(column, ""))
    return out.getvalue()


def read(survey: Table, **sheets: Table) -> Imported:
    """It comes in; with the letters for choices, if nothing is said."""
    return files.read(book(survey, **{"choices": LETTERS, **sheets}), "form.xlsx")


def told(imported: Imported, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What formsite makes of answers in the names of the spreadsheet."""
    return Evaluator(imported.definition, dialect=imported.dialect).evaluate(answers, TODAY)
