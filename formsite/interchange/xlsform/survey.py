"""A workbook as it was read: what all that write the definition share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from formsite.definition.document import RESERVED
from formsite.definition.fieldtypes.choices import MOST_CHOICES
from formsite.definition.fieldtypes.lists import MOST_ENTRIES
from formsite.definition.fieldtypes.ranking import MOST_RANKED
from formsite.interchange.headers import Header, read_headers
from formsite.interchange.losses import Loss, Unimportable
from formsite.interchange.names import Names
from formsite.interchange.workbooks import Sheet, Workbook
from formsite.interchange.xlsform import kinds, xpath
from formsite.interchange.xlsform.lists import Lists
from formsite.interchange.xlsform.rows import Node, Tree
from formsite.interchange.xlsform.terms import Source, Sources
from formsite.interchange.xlsform.texts import PIPE, Texts

LOGIC = ("relevant", "required", "constraint", "calculation", "choice_filter", "repeat_count", "read_only", "default")
_OTHER = re.compile(r"\bor[\s_]other\b|\bspecify[\s_]other\b")
_ELSEWHERE = re.compile(r"\bsearch\s*\(")


@dataclass
class Survey:
    """The sheets, understood. `sources` are the questions as expressions see them; `with_other` the lists that somewhere
    offer something else; `columns` those that have been looked at.
    """

    book: Workbook
    sheet: Sheet
    default: str = ""
    losses: list[Loss] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.headers: Header = read_headers(self.sheet.headers)
        if "type" not in self.headers.plain:
            raise Unimportable("survey", "The sheet has no column “type”", "Name the columns in the first row")
        self.language = self.headers.default_language(self.default)
        self.names = Names(reserved=RESERVED)
        self.lists = Lists(self.language, self.lose)
        self.lists.read(self.book)
        self.texts = Texts(self.headers, self.language, self.lose)
        self.with_other = frozenset(self._lists_with_other())
        self.tree = Tree(self.sheet, self.headers, self.names, self.lists, self.with_other)
        for node in self.tree.questions():
            self._classify(node)
        self.sources = Sources()
        self.know()

    def lose(self, where: str, what: str, why: str) -> None:
        """Name what does not come over."""
        loss = Loss(where, what, why)
        if loss not in self.losses[-20:]:
            self.losses.append(loss)

    # -- what a row says ---------------------------------------------------------------------------------------------
    def get(self, node: Node, column: str) -> str:
        """A cell of its row."""
        return self.headers.get(node.row, column).strip()

    def appearance(self, node: Node) -> str:
        """The words of its appearance."""
        return self.get(node, "appearance").lower()

    def parameters(self, node: Node) -> dict[str, str]:
        """By name."""
        return kinds.parameters(self.get(node, "parameters"))

    def has_label(self, node: Node) -> bool:
        """Whether it says something to people."""
        return self.headers.has(node.row, "label")

    def has_other(self, node: Node) -> bool:
        """Whether it asks for something else than its list holds."""
        return _OTHER.search(self.get(node, "type").lower()) is not None

    def asks_other(self, node: Node) -> bool:
        """Whether a text stands beside its choices."""
        return node.listed != "" and self.has_other(node)

    @cached_property
    def is_translated(self) -> bool:
        """Whether it speaks more than one language."""
        return len({self.language, *self.headers.named}) > 1

    # -- what a question is ------------------------------------------------------------------------------------------
    def _list_of(self, node: Node) -> str:
        return self.lists.named(self.get(node, "type"), is_external="external" in node.type)

    def _lists_with_other(self) -> Iterator[str]:
        """`or_other` adds a choice to the list itself: other questions with that list offer it too."""
        for row in self.sheet.rows:
            given = self.headers.get(row, "type")
            if _OTHER.search(given.lower()) and kinds.is_select(kinds.normal(given)):
                yield self.lists.named(given)

    def _classify(self, node: Node) -> None:
        """What it is in formsite."""
        select = kinds.is_select(node.type)
        if select is None:
            kind = kinds.kind_of(
                node.type, self.appearance(node), self.parameters(node), has_label=self.has_label(node)
            )
            if node.type == "note" and self.get(node, "calculation"):
                kind = kinds.Kind("computed", "text")
            node.kind = kinds.shortened(kind) if kind.shape and not self._is_looked_at(node) else kind
            return
        listed = self._list_of(node)
        most = {"rank": MOST_RANKED, "select_multiple": MOST_CHOICES}.get(select[1], MOST_ENTRIES)
        number = len(self.lists.ids(listed))
        if listed and number <= most and not _ELSEWHERE.search(self.appearance(node)):
            node.listed = listed
            random = "randomize" if self.parameters(node).get("randomize", "").lower() == "true" else ""
            node.kind = kinds.select_kind(select[1], f"{self.appearance(node)} {random}", number)
        else:
            node.kind = kinds.Kind("short_text", "text", loss=self._unlisted(node, listed, number))

    def _unlisted(self, node: Node, listed: str, number: int) -> str:
        if listed and _ELSEWHERE.search(self.appearance(node)):
            return "its choices are looked up in another file; it is asked as text"
        if listed:
            return f"its {number} choices are too many; it is asked as text"
        if "${" in self.get(node, "type"):
            return "its choices are earlier answers; it is asked as text"
        return "its choices are not in this workbook; it is asked as text"

    def _is_looked_at(self, node: Node) -> bool:
        """Whether any rule, its own among them, looks at its answer."""
        name = re.escape(node.source)
        looks = re.compile(rf"\$\{{\s*{name}\s*\}}|(?<![\w.-]){name}(?![\w.-])")
        own = any(self.get(node, column) for column in ("constraint", "calculation", "default"))
        cells = (self.headers.get(row, column) for row in self.sheet.rows for column in LOGIC)
        return own or any(looks.search(text) for text in cells if text)

    # -- what expressions see ----------------------------------------------------------------------------------------
    def know(self) -> None:
        """Make every node known to expressions by its name."""
        self.sources = Sources()
        for node in self.tree.walk():
            if node.role == "repeat":
                self.sources.add(Source(node.source, node.id, "repeat", node.homes, {}, "", node.position, node.chain))
            elif node.role == "question":
                self.sources.add(self.source_of(node))
        for node in self.tree.questions():
            if self.asks_other(node):
                chain = (*node.chain[:-1], f"{node.source}_other")
                other = Source(chain[-1], f"{node.id}-other", "text", node.homes, {}, "", node.position, chain)
                if self.sources.get(other.name) is None:
                    self.sources.add(other)
        self.texts.sources = self.sources

    def source_of(self, node: Node, value: str = "") -> Source:
        """A question as expressions see it."""
        assert node.kind is not None
        choices = self.choices_of(node)
        kind = value or node.kind.value
        return Source(node.source, node.id, kind, node.homes, choices, node.listed, node.position, node.chain)

    def choices_of(self, node: Node) -> dict[str, tuple[str, ...]]:
        """Names in the source -> ids."""
        choices = self.lists.ids(node.listed) if node.listed else {}
        if node.listed in self.with_other and node.listed:
            choices.setdefault("other", ("other",))
        return choices

    def settle(self, node: Node, value: str) -> None:
        """Tell expressions what a value that is worked out is."""
        self.sources.put(replace(self.source_of(node), kind=value))

    def unanswered(self) -> Sources:
        """The sources as they are before anything is answered: what is worked out, fixed defaults, and nothing."""
        found = Sources()
        for node in self.tree.walk():
            source = self.sources.exactly(node.chain)
            if source is None:
                continue
            if node.kind is None or node.kind.is_computed:
                found.add(source)
            elif (text := self.get(node, "default")) and "(" not in text and "${" not in text:
                found.add(replace(source, kind="fixed", list=text))
            else:
                found.add(replace(source, kind="nothing"))
        return found

    def references(self, node: Node) -> Iterator[Source]:
        """The questions that the expressions of a row look at."""
        for column in LOGIC:
            text = self.get(node, column)
            if not text or (column == "default" and "$" not in text):
                continue
            try:
                tree = xpath.parse(text)
            except xpath.NoXPath:
                continue
            for name in xpath.names(tree):
                if (found := self.sources.get(name)) is not None:
                    yield found

    @cached_property
    def named(self) -> frozenset[str]:
        """The names that expressions and texts look at."""
        found = {source.name for node in self.tree.walk() for source in self.references(node)}
        pipes = (
            name
            for row in self.sheet.rows
            for text in row.cells.values()
            if "${" in text
            for name in PIPE.findall(text)
        )
        return frozenset(found.union(pipes))
