"""Spreadsheets as rows of text: both Excel formats, read as untrusted.

A workbook is an archive that says itself how large its parts are. Only the parts that hold cells are unpacked, never
more of them than they say, and packed anew for the library that reads them: so it meets nothing that was not measured.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from formsite.interchange.losses import Unimportable
from formsite.interchange.sheetsizes import Oversized, measure, measure_old

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_UNPACKED = 64 * 1024 * 1024
MOST_MEMBERS = 5_000
MOST_ROWS = 20_000
MOST_COLUMNS = 500
SHEETS = re.compile(r"xl/(?:worksheets|sheets)/[^/]+\.xml", re.IGNORECASE)
UNREAD = re.compile(
    r"(xl/(drawings|charts|theme|externalLinks|media|embeddings|pivot\w*)|customXml|docProps)/", re.IGNORECASE
)
ODDITIES = (
    ("vbaProject.bin", "macros", "formsite never runs them; rules are written in the columns of the survey sheet"),
    (
        "externalLinks/",
        "links to other files",
        "formsite opens no other file; the values stand as they were last saved",
    ),
    ("connections.xml", "connections to databases or hosts", "formsite opens none; the values stand as last saved"),
)
"""What lies in some workbooks beside cells: a part of its place in the archive, what it is, and what is done with it."""


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


class Workbook:
    """The sheets of a file, each read when it is asked for; `oddities` are (what, why) of what is left aside."""

    def __init__(self, name: str, book: CalamineWorkbook, oddities: Sequence[tuple[str, str]]) -> None:
        self._book = book
        self._file = name
        self._titles = {title.strip().lower(): title for title in reversed(book.sheet_names)}
        self._read: dict[str, Sheet] = {}
        self.oddities = tuple(oddities)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sheets in small letters."""
        return tuple(reversed(self._titles))

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name, in whatever case.

        Raises:
            Unimportable: it cannot be read.
        """
        if name not in self._titles:
            return None
        if name not in self._read:
            title = self._titles[name]
            try:
                self._read[name] = _sheet(title, self._book.get_sheet_by_name(title).iter_rows())
            except (_calamine_error(), ValueError, KeyError, OSError) as error:
                raise _unreadable(self._file, error) from None
        return self._read[name]


def open_workbook(content: bytes, name: str) -> Workbook:
    """A workbook whose sheets can be read.

    Raises:
        Unimportable: the file is broken, or larger inside than a questionnaire can be.
    """
    try:
        is_archive = content.startswith(b"PK")
        content, oddities = _repacked(content, name) if is_archive else _measured(content, name)
        from python_calamine import load_workbook  # 2 ms, but only importers need it

        return Workbook(name, load_workbook(io.BytesIO(content)), oddities)
    except Oversized as error:
        what = f"A sheet has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns, or too many cells"
        raise Unimportable(str(error) or name, what, "Take it apart, or delete what stands far out") from None
    except (_calamine_error(), ValueError, KeyError, OSError) as error:
        raise _unreadable(name, error) from None


def _calamine_error() -> type[Exception]:
    from python_calamine import CalamineError

    return CalamineError


def _unreadable(name: str, error: Exception) -> Unimportable:
    return Unimportable(name, f"The spreadsheet cannot be read: {error}", "Open it, save it again as .xlsx")


def _repacked(content: bytes, name: str) -> tuple[bytes, list[tuple[str, str]]]:
    """The parts of an archive that hold cells, measured; and what else lies in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _refuse_others(members, name)
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as packed:
                for member in members:
                    if member.filename.lower().endswith((".xml", ".rels")) and not UNREAD.match(member.filename):
                        held = archive.read(member)
                        if SHEETS.fullmatch(member.filename):
                            measure(held, name, MOST_ROWS, MOST_COLUMNS)
                        packed.writestr(zipfile.ZipInfo(member.filename), held)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise Unimportable(name, "The spreadsheet is broken", "Open it, save it again as .xlsx") from None
    names = [member.filename for member in members]
    return out.getvalue(), [(what, why) for part, what, why in ODDITIES if any(part in each for each in names)]


def _refuse_others(members: Sequence[zipfile.ZipInfo], name: str) -> None:
    names = {member.filename for member in members}
    read = (member for member in members if not UNREAD.match(member.filename))
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in read) > MOST_UNPACKED:
        raise Unimportable(name, "The spreadsheet is far larger inside than it looks", "Save it anew without pictures")
    if "[Content_Types].xml" not in names:
        raise Unimportable(name, "This archive is no Excel spreadsheet", "Bring an .xlsx or .xls file")
    if any(each.startswith("xl/") and each.endswith("workbook.bin") for each in names):
        raise Unimportable(name, "This is a binary spreadsheet (.xlsb)", "Open it, save it again as .xlsx")


def _measured(content: bytes, name: str) -> tuple[bytes, list[tuple[str, str]]]:
    """The old format: one file of records, which may hold macros, or be locked."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unimportable(name, "The spreadsheet is locked by a password", "Save it without one")
    silent = measure_old(content, name, MOST_ROWS, MOST_COLUMNS)
    macros = "_VBA_PROJECT_CUR".encode("utf-16-le") in content
    return silent, [(what, why) for _, what, why in ODDITIES[:1] if macros]


def _sheet(title: str, grid: Iterable[Sequence[object]]) -> Sheet:
    held = ((number, row) for number, row in enumerate(grid, start=1) if row.count("") < len(row))
    texts = ((number, [_text(cell) for cell in row]) for number, row in held)
    filled = [(number, row) for number, row in texts if any(row)]
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
