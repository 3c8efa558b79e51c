"""A file of choices -> choices: a spreadsheet, a table of text (CSV), or one choice a line."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from formsite.definition.lines import id_from
from formsite.definition.parts import LANGUAGE_PATTERN
from formsite.interchange.losses import Unimportable
from formsite.interchange.workbooks import open_workbook
from formsite.responses.guarding import guard, unguard

MOST_BYTES = 5 * 1024 * 1024
LONGEST_WORDS = 500
BOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SEPARATORS = ",;\t"
HEADERS = {
    "id": ("id", "name", "value", "code", "key"),
    "label": ("label", "text", "title", "words", "choice", "entry"),
    "of": ("of", "parent", "belongs to", "filter", "group"),
}
IN_A_LANGUAGE = re.compile(r"label\s*(?:::|\(|_)\s*(?:.*\()?([A-Za-z0-9-]+)\)*\s*", re.IGNORECASE)
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
SHAPE = "Use the columns id, label and parent; label is enough"
Line = tuple[int, Sequence[str]]
"""The number of a line in its file, and its cells."""


@dataclass(frozen=True, slots=True)
class Bringing:
    """What a file is read for: the language of its words, the choices there were, and those of the question on whose
    answer they depend, by id (none where they depend on none).
    """

    language: str
    most: int
    before: Sequence[Mapping[str, Any]] = ()
    parents: Mapping[str, str] | None = None


def read(content: bytes, name: str, bringing: Bringing) -> list[dict[str, Any]]:
    """The choices of a file, as a definition holds them.

    Raises:
        Unimportable: with the line, what is wrong with it, and how to mend it.
    """
    if len(content) > MOST_BYTES:
        raise Unimportable(name, "The file is larger than 5 MB", "Leave out the columns that are not needed")
    lines = list(_book(content, name) if content.startswith(BOOKS) else _table(content, name))
    if not lines:
        raise Unimportable(name, "The file holds no choices", SHAPE)
    columns = _columns(lines[0][1])
    rows = lines if columns is None else lines[1:]
    columns = columns or _usual(lines)
    if not rows:
        raise Unimportable(name, "The file has a heading and no choices", "Write one choice a line below it")
    if len(rows) > bringing.most:
        what = f"{len(rows):,} choices are more than the question can hold ({bringing.most:,})"
        raise Unimportable(name, what, "Take the list apart, or use the question “Choice from a list of yours”")
    return _Maker(columns, bringing).choices(rows)


def write(choices: Sequence[Mapping[str, Any]], languages: Sequence[str]) -> str:
    """The choices as CSV that `read` takes; the words in every language of the form."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(["id", *(f"label::{tag}" for tag in languages), "parent"])
    for choice in choices:
        cells = [choice["id"], *(choice["label"].get(tag, "") for tag in languages), choice.get("of", "")]
        table.writerow([guard(cell) for cell in cells])
    return out.getvalue()


class _Maker:
    """Makes choices out of rows; ids are kept where the words are those of before."""

    def __init__(self, columns: Mapping[str, int], bringing: Bringing) -> None:
        self.columns, self.bringing = columns, bringing
        self.by_words = {choice["label"].get(bringing.language, ""): choice for choice in bringing.before}
        self.by_id = {choice["id"]: choice for choice in bringing.before}
        self.seen: dict[str, int] = {}
        self.numbers: Counter[str] = Counter()
        parents = bringing.parents or {}
        self.parents = {words.casefold(): name for name, words in parents.items()} | {name: name for name in parents}

    def choices(self, rows: Iterable[Line]) -> list[dict[str, Any]]:
        return [self._choice(number, cells) for number, cells in rows]

    def _choice(self, number: int, cells: Sequence[str]) -> dict[str, Any]:
        got = {
            column: unguard(cells[at].strip())
            for column, at in self.columns.items()
            if at < len(cells) and cells[at].strip()
        }
        words = {name.removeprefix("label:"): said for name, said in got.items() if name.startswith("label:")}
        if "label" in got:
            words[self.bringing.language] = got["label"]
        if not words and "id" not in got:
            raise Unimportable(f"line {number}", "There are no words on this line", "Write the words of the choice")
        if any(len(said) > LONGEST_WORDS for said in words.values()):
            raise Unimportable(f"line {number}", f"The words are longer than {LONGEST_WORDS} letters", "Shorten them")
        words = words or {self.bringing.language: got["id"]}
        name = self._id(got.get("id", ""), words, number)
        kept = {member: held for member, held in self.by_id.get(name, {}).items() if member != "of"}
        of = {"of": self._of(got["of"], number)} if "of" in got else {}
        return kept | {"id": name, "label": kept.get("label", {}) | words} | of

    def _id(self, given: str, words: Mapping[str, str], number: int) -> str:
        said = words.get(self.bringing.language) or next(iter(words.values()))
        known = self.by_words.get(said)
        name = given if ID.fullmatch(given) else id_from(given) if given else ""
        if given and name in self.seen:
            what = f"“{given}” is the id of line {self.seen[name]} as well"
            raise Unimportable(f"line {number}", what, "Give each choice an id of its own, or leave the column out")
        if not given:
            name = known["id"] if known and known["id"] not in self.seen else self._free(id_from(said))
        self.seen[name] = number
        return name

    def _free(self, wanted: str) -> str:
        name = wanted
        while name in self.seen or name in self.by_id:
            self.numbers[wanted] += 1  # from where it was: letters of many scripts all give one id
            name = f"{wanted[:58]}_{self.numbers[wanted] + 1}"
        return name

    def _of(self, given: str, number: int) -> str:
        if self.bringing.parents is None:
            what = f"It belongs to “{given[:60]}”, and the question depends on none"
            raise Unimportable(
                f"line {number}", what, "Choose the question that it depends on, or leave the column out"
            )
        found = self.parents.get(given) or self.parents.get(given.casefold())
        if found is None:
            told = ", ".join(list(self.bringing.parents.values())[:5])
            what = f"“{given[:60]}” is no answer to the question that it depends on"
            raise Unimportable(f"line {number}", what, f"Use one of its answers: {told}")
        return found


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    """Which column is which; None where the first line is no heading."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        said = cell.strip().casefold()
        name = next((name for name, words in HEADERS.items() if said in words), None)
        tagged = IN_A_LANGUAGE.fullmatch(cell.strip())
        if name is None and tagged and re.fullmatch(LANGUAGE_PATTERN, tagged[1]):
            name = f"label:{tagged[1]}"
        if name is not None:
            found.setdefault(name, at)
    return found if any(name.startswith("label") for name in found) else None


def _usual(lines: Sequence[Line]) -> dict[str, int]:
    """Without a heading: the words; or an id and the words; or those and what it belongs to."""
    width = max(len(cells) for _, cells in lines)
    return {"label": 0} if width == 1 else {"id": 0, "label": 1} | ({"of": 2} if width > 2 else {})


def _book(content: bytes, name: str) -> Iterator[Line]:
    book = open_workbook(content, name)
    sheet = book.sheet(book.names[0]) if book.names else None
    if sheet is not None and sheet.headers:
        yield 1, sheet.headers
        yield from ((row.number, [row.get(header) for header in sheet.headers]) for row in sheet.rows)


def _table(content: bytes, name: str) -> Iterator[Line]:
    text = _text(content, name)
    separator = _separator(next((line for line in text.splitlines() if line.strip()), ""), name)
    if separator is None:
        yield from ((number, [line]) for number, line in enumerate(text.splitlines(), 1) if line.strip())
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        what = f"This is no table of text: {error}"
        raise Unimportable(f"line {reader.line_num}", what, "Save the table anew as CSV") from None


def _separator(first: str, name: str) -> str | None:
    """What stands between the cells of a table; None where each line is one choice, commas and all."""
    separator = max(SEPARATORS, key=first.count)
    if separator not in first:
        return None
    headed = _columns(next(csv.reader([first], delimiter=separator))) is not None
    return separator if headed or separator == "\t" or name.lower().endswith((".csv", ".tsv", ".tab")) else None


def _text(content: bytes, name: str) -> str:
    encoding = next((encoding for mark, encoding in MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if "\x00" in text or "\ufffd" in text:
        raise Unimportable(name, "This is no file of text", "Bring a spreadsheet (.xlsx), or save it as CSV in UTF-8")
    return text
