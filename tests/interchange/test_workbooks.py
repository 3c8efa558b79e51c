"""Spreadsheets as strangers send them: whatever is in them, reading them takes little time and memory."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from formsite.interchange.losses import Unimportable
from formsite.interchange.sheetsizes import measure_old
from formsite.interchange.workbooks import Workbook, open_workbook

CELLS = "xl/worksheets/sheet1.xml"
SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def book(*cells: tuple[int, int, object]) -> bytes:
    """A workbook with one sheet, “survey”: (row, column, value) from 0."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("survey")
        for row, column, value in cells or ((0, 0, "type"), (0, 1, "name"), (1, 0, "text"), (1, 1, "q")):
            sheet.write(row, column, value)
    with zipfile.ZipFile(out) as made:
        with_far = made.read(CELLS).replace(b"</sheetData>", FAR_AND_EMPTY + b"</sheetData>")
    return changed({CELLS: with_far}, out.getvalue())


def changed(parts: dict[str, bytes], content: bytes = b"") -> bytes:
    """The workbook with parts put in, or in place of those there are."""
    out, content = io.BytesIO(), content or BOOK
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in {*old.namelist(), *parts}:
            made.writestr(name, parts[name] if name in parts else old.read(name))
    return out.getvalue()


FAR_AND_EMPTY = b'<row r="1000001"><c r="KO1000001"/></row>'
BOOK = book()


def sheet(cells: str) -> bytes:
    """The XML of a sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def old_book(*records: tuple[int, bytes], title: str = "Workbook") -> bytes:
    """A workbook of the old format: [MS-CFB] with one stream of [MS-XLS] records, long enough for sectors of its own."""
    stream = b"".join(struct.pack("<HH", kind, len(held)) + held for kind, held in records)
    stream += b"\0" * (max(4096, -(-len(stream) // SECTOR) * SECTOR) - len(stream))
    sectors = len(stream) // SECTOR
    table = [TABLE, END, *range(3, sectors + 2), END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", 0, *[FREE] * 108)
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB", len(name) * 2 + 2, kind, 1)
        + struct.pack("<III", FREE, FREE, child) + b"\0" * 36 + struct.pack("<II", start, length) + b"\0" * 4
        for name, kind, child, start, length in (("Root Entry", 5, 1, END, 0), (title, 2, FREE, 2, len(stream)))
    )  # fmt: skip
    listed = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    return header + listed + entries.ljust(SECTOR, b"\0") + stream


def number(row: int, column: int) -> tuple[int, bytes]:
    """A NUMBER record."""
    return 0x0203, struct.pack("<HHHd", row, column, 0, 1.0)


OLD_BOOK = old_book((0x0809, b"\0" * 16), number(0, 0))


def opened(content: bytes) -> Workbook:
    return open_workbook(content, "mine.xlsx")


def test_rows_keep_the_numbers_that_the_spreadsheet_shows() -> None:
    found = opened(book((3, 2, "type"), (3, 3, "name"), (5, 2, "integer"), (9, 3, 1.0), (9, 4, "no header"))).sheet(
        "survey"
    )
    assert found is not None and found.headers == ("type", "name", "")
    assert [(row.number, row.cells) for row in found.rows] == [(6, {"type": "integer"}), (10, {"name": "1"})]


def test_sheets_are_found_in_any_case_and_only_those_there_are() -> None:
    found = opened(book())
    assert found.names == ("survey",) and found.sheet("choices") is None and found.oddities == ()


@pytest.mark.parametrize(
    "content",
    [
        book((0, 0, "type"), (30_000, 0, "x")),
        book((0, 0, "type"), (0, 900, "x")),
        changed({CELLS: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
        changed({CELLS: sheet("<row>" + "<c><v>1</v></c>" * 600 + "</row>")}),
        changed({CELLS: sheet("<row><c><v>1</v></c></row>" * 20_001)}),
        old_book((0x0809, b"\0" * 16), number(0, 0), number(65_535, 255)),
        old_book((0x0809, b"\0" * 16), (0x00BD, struct.pack("<HH", 60_000, 0) + b"\0" * 6 + struct.pack("<H", 0))),
    ],
    ids=["rows", "columns", "far out", "without places", "rows without numbers", "old", "old, several in one"],
)  # fmt: skip
def test_what_stands_too_far_out_is_refused_at_once(content: bytes) -> None:
    start = time.monotonic()
    with pytest.raises(Unimportable, match="20000 rows"):
        opened(content)
    assert time.monotonic() - start < 3


def test_an_archive_that_lies_about_its_size_is_not_believed() -> None:
    large = sheet("<!--" + "x" * 5_000_000 + "-->")
    content, size = changed({CELLS: large}), struct.pack("<I", len(large))
    assert content.count(size) == 2
    with pytest.raises(Unimportable, match="broken"):
        opened(content.replace(size, struct.pack("<I", 10)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (changed({CELLS: b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'}), "entities"),
        (changed({CELLS: b"<worksheet>"}), "no XML"),
        (changed({CELLS: sheet('<row><c r="&amp;1"><v>1</v></c></row>')}), "no place"),
        (changed({"xl/workbook.bin": b"x"}), "binary"),
        (book()[:-40], "broken"),
        (old_book(title="EncryptedPackage"), "password"),
        (old_book(title="Other"), "no workbook"),
        (old_book()[:300], "too early"),
    ],
    ids=["entities", "cut off", "no place", "binary", "half", "locked", "another file", "a piece"],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Unimportable, match=words) as refusal:
        opened(content)
    assert refusal.value.fix


def test_macros_and_links_are_left_aside_and_named() -> None:
    links = {"xl/externalLinks/externalLink1.xml": b"<a/>", "xl/connections.xml": b"<a/>"}
    content = changed({"xl/vbaProject.bin": b"\0"} | links)
    found = opened(content)
    assert [what for what, _ in found.oddities] == [
        "macros",
        "links to other files",
        "connections to databases or hosts",
    ]
    survey = found.sheet("survey")
    assert survey is not None and len(survey.rows) == 1


@settings(deadline=None)
@given(st.binary(max_size=3_000), st.booleans())
def test_no_bytes_surprise(content: bytes, is_old: bool) -> None:
    try:
        opened((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" if is_old else b"PK\x03\x04") + content)
    except Unimportable as refusal:
        assert refusal.what and refusal.fix


@settings(deadline=None)
@given(st.integers(0, 40), st.binary(min_size=1, max_size=40), st.booleans())
def test_no_damage_surprises(part: int, damage: bytes, is_old: bool) -> None:
    content = bytearray(OLD_BOOK if is_old else BOOK)
    at = len(content) * part // 41
    content[at : at + len(damage)] = damage
    try:
        found = opened(bytes(content))
        for name in found.names:
            found.sheet(name)
    except Unimportable as refusal:
        assert refusal.what and refusal.fix


@pytest.mark.parametrize("columns", [256, 0xFFFF])
def test_old_books_that_claim_a_whole_sheet_take_no_room_for_it(columns: int) -> None:
    claim = struct.pack("<IIHHH", 0, 65_536, 0, columns, 0)
    claiming = old_book((0x0809, b"\0" * 16), (0x0200, claim), number(0, 0))
    silent = measure_old(claiming, "a.xls", 20_000, 500)
    assert claim in claiming and silent == claiming.replace(claim, b"\0" * len(claim))
