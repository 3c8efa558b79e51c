"""Spreadsheets as rows of text: both Excel formats, read as untrusted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from formsite.interchange.losses import Unimportable

MOST_UNPACKED = 120 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A row that says something: its number as the spreadsheet shows it, and its cells by header."""

    number: int
    cells: dict[str, str]

    def get(self, name: str) -> str:
        """The cell, or the empty text."""
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with a header row."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def open_workbook(content: bytes, name: str) -> dict[str, Sheet]:
    """Every sheet by its lower-case name.

    Raises:
        Unimportable: the file is broken, or larger inside than a questionnaire can be.
    """
    _refuse_bombs(content, name)
    from python_calamine import CalamineError, load_workbook  # 2 ms, but only importers need it

    try:
        book = load_workbook(io.BytesIO(content))
        return {
            title.strip().lower(): _sheet(title, book.get_sheet_by_name(title).to_python())
            for title in book.sheet_names
        }
    except (CalamineError, ValueError, KeyError, OSError) as error:
        raise Unimportable(
            name, f"The spreadsheet cannot be read: {error}", "Open it, save it again as .xlsx"
        ) from None


def _refuse_bombs(content: bytes, name: str) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked > MOST_UNPACKED or len(archive.infolist()) > 5_000:
                raise Unimportable(
                    name, "The spreadsheet is far larger inside than it looks", "Save it anew without pictures"
                )
            if "mimetype" not in archive.namelist() and "[Content_Types].xml" not in archive.namelist():
                raise Unimportable(name, "This archive is no spreadsheet", "Bring an .xlsx or .xls file")
    except zipfile.BadZipFile:
        raise Unimportable(name, "The spreadsheet is broken", "Open it, save it again as .xlsx") from None


def _sheet(title: str, grid: Sequence[Sequence[object]]) -> Sheet:
    if len(grid) > MOST_ROWS or (grid and len(grid[0]) > MOST_COLUMNS):
        raise Unimportable(
            title, f"The sheet has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns", "Take it apart"
        )
    filled = [(number, [_text(cell) for cell in row]) for number, row in enumerate(grid, start=1)]
    filled = [(number, row) for number, row in filled if any(row)]
    if not filled:
        return Sheet(title, (), ())
    headers = tuple(filled[0][1])
    return Sheet(title, headers, tuple(_rows(headers, filled[1:])))


def _rows(headers: tuple[str, ...], filled: list[tuple[int, list[str]]]) -> Iterator[Row]:
    for number, row in filled:
        cells: dict[str, str] = {}
        for header, cell in zip(headers, row, strict=False):
            if header and cell:
                cells.setdefault(header, cell)
        if cells:
            yield Row(number, cells)


def _text(cell: object) -> str:
    """A cell as its author meant it: whole numbers without the point that spreadsheets store."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"  # as spreadsheets show it, and as other readers of XLSForms name it
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).replace("\xa0", " ").strip()
