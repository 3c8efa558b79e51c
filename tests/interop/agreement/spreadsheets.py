"""XLSForms made for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

COLUMNS = (
    "type", "name", "label", "relevant", "required", "constraint", "calculation",
    "choice_filter", "repeat_count", "default", "read_only",
)  # fmt: skip


def write(path: Path, rows: Iterable[Mapping[str, str]], choices: Iterable[Sequence[str]]) -> Path:
    """A workbook with a survey sheet of these rows, and these choices: list, name, label, kind."""
    with xlsxwriter.Workbook(path) as book:
        survey, offered = book.add_worksheet("survey"), book.add_worksheet("choices")
        for number, row in enumerate([dict(zip(COLUMNS, COLUMNS, strict=True)), *rows]):
            survey.write_row(number, 0, [row.get(column, "") for column in COLUMNS])
        for number, choice in enumerate([("list_name", "name", "label", "kind"), *choices]):
            offered.write_row(number, 0, choice)
    return path


def row(type: str, name: str = "", **members: str) -> dict[str, str]:
    """A row of the survey sheet; a question is labelled with its name."""
    return {"type": type, "name": name, "label": name.upper(), **members}
