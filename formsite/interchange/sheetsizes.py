"""How far out the cells of a sheet stand, told without keeping them: readers of spreadsheets fill all that lies between."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from functools import cache
from xml.parsers import expat

MOST_CELLS = 1_000_000
BIGGEST = 6_000_000
"""Cells between the first and the last one of a sheet, empty ones among them."""
HELD = frozenset({"v", "is", "f"})
PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


class Oversized(Exception):
    """A sheet is larger than a questionnaire can be; names the file."""


class _Extent:
    """Grows with each cell that holds something."""

    def __init__(self, name: str, most_rows: int, most_columns: int) -> None:
        self.name, self.most_rows, self.most_columns = name, most_rows, most_columns
        self.rows = self.columns = self.cells = 0

    def add(self, row: int, column: int) -> None:
        """A cell, counted from 1."""
        self.rows, self.columns, self.cells = max(self.rows, row), max(self.columns, column), self.cells + 1
        far = self.rows > self.most_rows or self.columns > self.most_columns
        if far or self.cells > MOST_CELLS or self.rows * self.columns > BIGGEST:
            raise Oversized(self.name)


def measure(xml: bytes, name: str, most_rows: int, most_columns: int) -> None:
    """A sheet of an .xlsx workbook.

    Raises:
        Oversized: it is too large.
        ValueError: it is no XML, or declares types or entities of its own.
    """
    extent = _Extent(name, most_rows, most_columns)
    parser = expat.ParserCreate()
    row = column = 0
    is_counted = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, is_counted
        local = tag.rpartition(":")[2] if ":" in tag else tag
        if local == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif local == "c":
            row, column = _place(attributes["r"]) if "r" in attributes else (row, column + 1)
            is_counted = False
        elif local in HELD and not is_counted:
            is_counted = True
            extent.add(max(row, 1), column)

    def refuse(*_: object) -> None:
        raise ValueError("it declares types or entities of its own")

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise ValueError(f"a sheet is no XML ({error})") from None


def _place(reference: str) -> tuple[int, int]:
    """`B3` is (3, 2)."""
    found = PLACE.fullmatch(reference)
    if found is None:
        raise ValueError(f"“{reference[:20]}” is no place of a cell")
    return int(found[2]), _column(found[1])


@cache
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


# -- the old format: [MS-CFB] sectors that hold a stream of [MS-XLS] records -----------------------------------------
FREE, DIRECTORY_ENTRY = 0xFFFFFFFC, 128
CELL = frozenset({0x0006, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0206, 0x00D6, 0x0207})
SEVERAL = frozenset({0x00BD, 0x00BE})
DIMENSIONS = 0x0200
BEGIN = frozenset({0x0809, 0x0409, 0x0209, 0x0009})


def measure_old(content: bytes, name: str, most_rows: int, most_columns: int) -> bytes:
    """The sheets of an .xls workbook; the file without what they say of their own sizes.

    A reader makes room for that beforehand, and many a questionnaire claims a whole sheet.

    Raises:
        Oversized: one is too large.
        ValueError: the file is broken.
    """
    extent = _Extent(name, most_rows, most_columns)
    stream, pieces, size = _stream(content)
    silent = bytearray(content)
    for at, kind, held in _records(stream):
        if kind in BEGIN:
            extent = _Extent(name, most_rows, most_columns)
        elif kind == DIMENSIONS:
            for each in range(at, at + len(held)):
                place = pieces[each // size] + each % size
                if place < len(silent):
                    silent[place] = 0
        elif kind in CELL and len(held) >= 4:
            row, column = struct.unpack_from("<HH", held)
            extent.add(row + 1, column + 1)
        elif kind in SEVERAL and len(held) >= 6:
            (row,), (last,) = struct.unpack_from("<H", held), struct.unpack_from("<H", held, len(held) - 2)
            extent.add(row + 1, last + 1)
    return bytes(silent)


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each one's content begins, its kind and its content."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at + 4, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _stream(content: bytes) -> tuple[bytes, Sequence[int], int]:
    """The stream called “Workbook” or “Book”, where its pieces lie in the file, and how large each is.

    A short one lies in the small sectors of the root's own stream.
    """
    try:
        size, small = (1 << struct.unpack_from("<H", content, at)[0] for at in (30, 32))
        if size not in (512, 4096) or small != 64:
            raise ValueError("its sectors have no usual size")
        directory_at, cutoff, small_at = (struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60))
        sectors = _Sectors(content, size, _table(content, size))
        directory = sectors.read(directory_at)
        entries = [directory[at : at + DIRECTORY_ENTRY] for at in range(0, len(directory), DIRECTORY_ENTRY)]
        for entry in entries:
            start, length = struct.unpack_from("<II", entry, 116)
            if _title(entry) not in ("workbook", "book"):
                continue
            if length >= cutoff:
                return sectors.read(start)[:length], sectors.places(start), size
            root = sectors.places(struct.unpack_from("<I", entries[0], 116)[0])
            shorts = sectors.read(small_at)
            chain = _chain(struct.unpack(f"<{len(shorts) // 4}I", shorts), start, len(root) * size // small)
            places = [root[each * small // size] + each * small % size for each in chain]
            return _joined(content, places, small)[:length], places, small
    except struct.error:
        raise ValueError("it ends too early") from None
    raise ValueError("it holds no workbook")


def _title(entry: bytes) -> str:
    (length,) = struct.unpack_from("<H", entry, 64)
    return entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace").lower()


def _table(content: bytes, size: int) -> list[int]:
    """Which sector follows which."""
    sectors = [each for each in struct.unpack_from("<109I", content, 76) if each < FREE]
    (more,) = struct.unpack_from("<I", content, 68)
    for _ in range(len(content) // size):
        if more >= FREE:
            break
        *held, more = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        sectors += [each for each in held if each < FREE]
    table: list[int] = []
    for sector in sectors[: len(content) // size]:
        table += struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    return table


class _Sectors:
    """The sectors of a file: each but the header's follows another one."""

    def __init__(self, content: bytes, size: int, table: Sequence[int]) -> None:
        self._content, self._size, self._table = content, size, table

    def places(self, start: int) -> list[int]:
        """Where in the file those lie that follow each other from `start` on."""
        number = len(self._content) // self._size
        return [(sector + 1) * self._size for sector in _chain(self._table, start, number)]

    def read(self, start: int) -> bytes:
        """What they hold."""
        return _joined(self._content, self.places(start), self._size)


def _joined(content: bytes, places: Sequence[int], size: int) -> bytes:
    """The pieces at these places; one that the end of the file cuts short is filled up."""
    return b"".join(content[at : at + size].ljust(size, b"\0") for at in places)


def _chain(table: Sequence[int], start: int, number: int) -> list[int]:
    """Those of a number of sectors that follow each other from `start` on; a ring is followed once."""
    found: list[int] = []
    sector = start
    while sector < min(len(table), number) and len(found) < number:
        found.append(sector)
        sector = table[sector]
    return found
