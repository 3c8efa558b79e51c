"""An `.lss` file as tables of texts. It is read as untrusted: no document type, no entities, bounded size and depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from formsite.interchange.losses import Unimportable

MOST_DEPTH = 8
MOST_ELEMENTS = 1_500_000
MOST_ROWS = 60_000
"""Over all tables: the largest surveys have some ten thousand."""
KINDS = {
    "group": "one group of questions (.lsg)",
    "question": "one question (.lsq)",
    "label set": "a label set (.lsl)",
    "responses": "responses (.lsr)",
    "tokens": "participants (.lst)",
    "timings": "timings (.lsi)",
    "theme": "a theme",
}
"""What else LimeSurvey exports as XML."""

Row = Mapping[str, str]
NOTHING: Row = {}


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows by the name of their table; each row maps columns to texts."""

    kind: str
    version: int
    rows: Mapping[str, tuple[Row, ...]]

    def of(self, name: str) -> tuple[Row, ...]:
        """The rows of a table; none where the file does not have it."""
        return self.rows.get(name, ())

    def first(self, name: str) -> Row:
        """The only row of a table, as those about the whole survey are."""
        return next(iter(self.of(name)), NOTHING)


@dataclass(slots=True)
class _Collector:
    """What the XML parser tells its elements to. It keeps rows alone, so that a hostile file costs little memory."""

    name: str
    path: list[str] = field(default_factory=list)
    elements: int = 0
    kept: int = 0
    texts: list[str] = field(default_factory=list)
    row: dict[str, str] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.path.append(tag)
        self.elements += 1
        if len(self.path) > MOST_DEPTH or self.elements > MOST_ELEMENTS:
            raise Unimportable(self.name, "The XML is nested or repeated beyond what a survey holds", "Take it apart")
        if len(self.path) == 1 and tag != "document":
            raise Unimportable(self.name, "This XML is no LimeSurvey archive", "Export the survey structure (.lss)")
        self.texts.clear()

    def data(self, text: str) -> None:
        self.texts.append(text)

    def end(self, tag: str) -> None:
        depth, words = len(self.path), "".join(self.texts)
        if depth == 2:
            self.plain[tag] = words.strip()
        elif depth == 5 and self.path[2:4] == ["rows", "row"]:
            self.row[tag] = words
        elif depth == 4 and self.path[2:] == ["rows", "row"]:
            self._keep()
        self.path.pop()
        self.texts.clear()

    def _keep(self) -> None:
        self.kept += 1
        if self.kept > MOST_ROWS:
            raise Unimportable(self.path[1], f"The survey has more than {MOST_ROWS} rows", "Take it apart")
        self.tables.setdefault(self.path[1], []).append(self.row)
        self.row = {}

    def close(self) -> Tables:
        version = self.plain.get("DBVersion", "")
        rows = {name: tuple(held) for name, held in self.tables.items()}
        kind = self.plain.get("LimeSurveyDocType", "")
        return Tables(kind, int(version) if version.isdecimal() else 0, rows)


def read_tables(content: bytes, name: str) -> Tables:
    """The tables of an archive.

    Raises:
        Unimportable: it is broken, not a survey's, or made to do harm.
    """
    from defusedxml import DefusedXmlException  # only importers need it
    from defusedxml.ElementTree import DefusedXMLParser

    parser = DefusedXMLParser(target=_Collector(name), forbid_dtd=True)
    try:
        parser.feed(content)
        tables: Tables = parser.close()
    except DefusedXmlException:
        raise Unimportable(
            name, "The XML declares a document type or entities", "Remove them; an export has none"
        ) from None
    except ParseError as error:
        line, column = error.position
        raise Unimportable(f"line {line}, column {column}", f"This is not XML: {error.msg}", "Mend it there") from None
    except (LookupError, ValueError) as error:
        raise Unimportable(name, f"The XML cannot be read: {error}", "Save it as UTF-8") from None
    if tables.kind.lower() != "survey":
        kind = KINDS.get(tables.kind.lower(), tables.kind) or "unknown content"
        raise Unimportable(
            name, f"This is an archive of {kind[:60]}, not of a survey", "Export the survey structure (.lss) instead"
        )
    return tables


def by(rows: tuple[Row, ...], column: str) -> dict[str, list[Row]]:
    """The rows by what one column holds, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.get(column, ""), []).append(row)
    return found


def number(row: Row, column: str) -> int:
    """A whole number; 0 for what is none."""
    try:
        return int(row.get(column, "") or 0)
    except ValueError:
        return 0


def filled(row: Row, columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The columns that say something, with what they say."""
    return ((column, row[column]) for column in columns if row.get(column, "").strip())
