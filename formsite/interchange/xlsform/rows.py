"""The rows of the survey sheet as a tree: questions, groups, repeats and loops, each with its name in formsite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from formsite.interchange.headers import Header
from formsite.interchange.losses import Unimportable
from formsite.interchange.names import Names
from formsite.interchange.workbooks import Row, Sheet
from formsite.interchange.xlsform import kinds

YES = frozenset({"yes", "true", "true()", "1", "y"})
_BLOCK = re.compile(r"(begin|end)_?(lgroup|group|repeat|loop)(?:_over_(\w+))?")
MOST_COPIES = 50


@dataclass(slots=True, eq=False)
class Node:
    """A row that says something. `where` is its place in the spreadsheet, `homes` the repeats around it, by id."""

    row: Row
    where: str
    kind: str  # question, group, repeat
    type: str  # as it is compared
    source: str  # its name in the spreadsheet
    id: str = ""
    items: list[Node] = field(default_factory=list)
    homes: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()  # the names of the groups around it, and its own
    conditional: bool = False  # it, or something around it, depends on answers
    position: int = 0
    filled: dict[str, str] = field(default_factory=dict)  # what stands for %(name)s and %(label)s in a loop

    def walk(self) -> Iterator[Node]:
        """It, and what is in it."""
        yield self
        for item in self.items:
            yield from item.walk()


class Tree:
    """Reads the rows once. Raises Unimportable where groups do not fit together."""

    def __init__(self, survey: Sheet, headers: Header, names: Names, lists: dict[str, list[tuple[str, str]]]) -> None:
        self.headers = headers
        self.names = names
        self.lists = lists  # list -> (name, label)
        self.root: list[Node] = []
        self._count = 0
        self._read(survey)
        for node in self.root:
            self._place(node, (), (), False)

    def _read(self, survey: Sheet) -> None:
        stack: list[Node] = []
        for row in survey.rows:
            given = self.headers.get(row, "type")
            if not given or given.startswith("#") or self.headers.get(row, "disabled").lower() in YES:
                continue
            name = kinds.normal(given)
            here = stack[-1].items if stack else self.root
            block = _BLOCK.match(name)
            if block is None:
                here.append(self._node(row, "question", name))
            elif block[1] == "begin":
                kind = "repeat" if block[2] == "repeat" else "group"
                node = self._node(row, kind, name)
                here.append(node)
                stack.append(node)
            elif not stack:
                raise Unimportable(
                    f"survey!{row.number}", f"“{given}” ends nothing", "Remove the row, or add its beginning"
                )
            else:
                self._end(stack.pop(), here if not stack else stack[-1].items)
        if stack:
            raise Unimportable(stack[-1].where, f"The {stack[-1].kind} is never ended", "Add a row “end group”")

    def _node(self, row: Row, kind: str, name: str) -> Node:
        source = self.headers.get(row, "name") or (f"question_{row.number}" if kind == "question" else kind)
        return Node(row, f"survey!{row.number}", kind, name, source.strip())

    def _end(self, node: Node, _around: list[Node]) -> None:
        """A loop over a list is a group for each of its choices."""
        found = _BLOCK.match(node.type)
        listed = self._list_of(node) if found and found[2] == "loop" else None
        if listed is not None:
            node.items = [self._copied(node, name, label) for name, label in listed[:MOST_COPIES]]

    def _list_of(self, node: Node) -> list[tuple[str, str]] | None:
        words = self.headers.get(node.row, "type").split()
        return next((self.lists[word] for word in reversed(words) if word in self.lists), None)

    def _copied(self, node: Node, name: str, label: str) -> Node:
        filled = {"name": name, "label": label}
        copy = Node(node.row, node.where, "group", "begin_group", name, filled=filled)
        copy.items = [self._copy(item, name, filled) for item in node.items]
        return copy

    def _copy(self, node: Node, name: str, filled: dict[str, str]) -> Node:
        copy = Node(node.row, node.where, node.kind, node.type, f"{node.source}_{name}", filled=filled)
        copy.items = [self._copy(item, name, filled) for item in node.items]
        return copy

    def _place(self, node: Node, homes: tuple[str, ...], chain: tuple[str, ...], conditional: bool) -> None:
        node.id = self.names.take(node.source)
        self._count += 1
        node.position = self._count
        node.homes, node.chain = homes, (*chain, node.source)
        node.conditional = conditional or self.headers.has(node.row, "relevant")
        inside = (*homes, node.id) if node.kind == "repeat" else homes
        for item in node.items:
            self._place(item, inside, node.chain, node.conditional or node.kind == "repeat")

    def walk(self) -> Iterator[Node]:
        """Every node, in order."""
        for node in self.root:
            yield from node.walk()
