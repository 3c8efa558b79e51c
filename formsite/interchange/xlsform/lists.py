"""The lists of choices: those of the sheet “choices”, and of “external_choices”."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from formsite.interchange.headers import Header, read_headers
from formsite.interchange.names import Names
from formsite.interchange.workbooks import Row, Sheet, Workbook
from formsite.interchange.xlsform.texts import Words, as_plain

Lose = Callable[[str, str, str], None]
Texts = Callable[[Header, Row, str], Words]
SHEETS = ("choices", "select_options", "choices and columns", "choices_and_columns", "columns")
EXTERNAL = "external_choices"
MEDIA = "pictures, sound and film are files beside the workbook"


@dataclass(slots=True)
class Offered:
    """A choice: its id, its name in the source, its words, and all the cells of its row by column."""

    id: str
    source: str
    label: Words
    cells: Mapping[str, str]
    row: Mapping[str, str]  # what paths find: its cells, its name, and its words as `label`
    where: str


@dataclass(slots=True)
class Lists:
    """The choices of every list by its name; those of the external sheet by the sheet's and their own."""

    language: str
    lose: Lose
    held: dict[str, list[Offered]] = field(default_factory=dict)
    _names: dict[str, Names] = field(default_factory=dict)
    _called: dict[tuple[str, str], list[Offered]] = field(default_factory=dict)  # by list and name

    def read(self, book: Workbook) -> None:
        """All of a workbook."""
        for sheets, before in ((SHEETS, ""), ((EXTERNAL,), f"{EXTERNAL}:")):
            sheet = next((found for name in sheets if (found := book.sheet(name)) is not None), None)
            if sheet is not None:
                self._sheet(sheet, sheets[0], before)

    def _sheet(self, sheet: Sheet, title: str, before: str) -> None:
        headers = read_headers(sheet.headers)
        for row in sheet.rows:
            listed, name = headers.get(row, "list_name"), headers.get(row, "name")
            if listed and name:
                self._row(headers, row, before + listed, name, f"{title}!{row.number}")

    def _row(self, headers: Header, row: Row, listed: str, name: str, where: str) -> None:
        label = {tag or self.language: words for tag, words in headers.texts(row, "label")}
        said = {tag: as_plain(words) for tag, words in label.items()}
        plain = {tag: words for tag, words in said.items() if words.strip()} or {self.language: name}
        called = self._called.setdefault((listed, name), [])
        same = next((each for each in called if each.label == plain), None)
        cells = {header.strip(): text for header, text in row.cells.items()}
        shown = label.get(self.language) or next(iter(label.values()), name)
        found = {**cells, "name": name, "label": shown}
        if same is None:
            chosen = self._names.setdefault(listed, Names(choice=True)).take(name)
            if chosen != name:
                self.lose(where, f"the choice name “{name}”", f"it is stored as “{chosen}”")
        else:
            chosen = same.id
        called.append(Offered(chosen, name, plain, cells, found, where))
        self.held.setdefault(listed, []).append(called[-1])
        for header in headers.plain.get("media", ()):
            if row.get(header):
                self.lose(where, f"{header}: {row.get(header)}", MEDIA)

    def named(self, words: str, *, is_external: bool = False) -> str:
        """The list that a type names; '' where there is none. Lists of one kind are looked for before those of the other."""
        order = (f"{EXTERNAL}:", "") if is_external else ("", f"{EXTERNAL}:")
        for before in order:
            for word in reversed(words.split()):
                if before + word in self.held:
                    return before + word
        return ""

    def get(self, name: str) -> list[Offered]:
        """The choices of a list, in their order; none where there is no such list."""
        return self.held.get(name, [])

    def rows(self) -> dict[str, list[Mapping[str, str]]]:
        """All the cells of every list, as expressions see them."""
        return {name: [each.row for each in offered] for name, offered in self.held.items()}

    def ids(self, name: str) -> dict[str, tuple[str, ...]]:
        """Names in the source -> ids: several where choices of one name have different words."""
        found: dict[str, tuple[str, ...]] = {}
        for each in self.get(name):
            if each.id not in found.get(each.source, ()):
                found[each.source] = (*found.get(each.source, ()), each.id)
        return found
