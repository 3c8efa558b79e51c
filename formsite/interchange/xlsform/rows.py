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
from formsite.interchange.xlsform.lists import Lists

YES = frozenset({"yes", "true", "true()", "1", "y"})
_BLOCK = re.compile(r"(begin|end)_?(lgroup|looped_group|group|repeat|loop)(?:_(?:over_)?(\w+))?")
_REPEATS = frozenset({"repeat", "lgroup", "looped_group"})
MOST_COPIES = 50


@dataclass(slots=True, eq=False)
class Node:
    """A row that says something. `where` is its place in the spreadsheet, `homes` the repeats around it, by id."""

    row: Row
    where: str
    role: str  # question, group, repeat, matrix
    type: str  # as it is compared
    source: str  # its name in the spreadsheet
    id: str = ""
    items: list[Node] = field(default_factory=list)
    homes: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()  # the names of the groups around it, and its own
    position: int = 0
    filled: dict[str, str] = field(default_factory=dict)  # what stands for %(name)s and %(label)s in a loop
    kind: kinds.Kind | None = None  # of a question
    listed: str = ""  # the list that it chooses from
    head: Node | None = None  # of a matrix: the row that says what its columns are

    def walk(self) -> Iterator[Node]:
        """It, and what is in it."""
        yield self
        for item in self.items:
            yield from item.walk()


class Tree:
    """Reads the rows once. Raises Unimportable where groups do not fit together."""

    def __init__(
        self, survey: Sheet, headers: Header, names: Names, lists: Lists, with_other: frozenset[str] = frozenset()
    ) -> None:
        self.headers = headers
        self.names = names
        self.lists = lists
        self.with_other = with_other  # lists that somewhere offer something else
        self.root: list[Node] = []
        self._read(survey)
        for node in self.root:
            self._name(node, (), ())
        self.number()

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
                node = self._node(row, "repeat" if block[2] in _REPEATS else "group", name)
                here.append(node)
                stack.append(node)
            elif not stack:
                raise Unimportable(
                    f"survey!{row.number}", f"“{given}” ends nothing", "Remove the row, or add its beginning"
                )
            else:
                self._end(stack.pop())
        if stack:
            raise Unimportable(stack[-1].where, f"The {stack[-1].role} is never ended", "Add a row “end group”")

    def _node(self, row: Row, role: str, name: str) -> Node:
        source = self.headers.get(row, "name") or (f"question_{row.number}" if role == "question" else role)
        return Node(row, f"survey!{row.number}", role, name, source.strip())

    def _end(self, node: Node) -> None:
        """A loop over a list is a group for each of its choices."""
        found = _BLOCK.match(node.type)
        listed = self.lists.named(self.headers.get(node.row, "type")) if found and found[2] == "loop" else ""
        if listed:
            offered = {each.source: next(iter(each.label.values()), each.source) for each in self.lists.get(listed)}
            if listed in self.with_other:
                offered.setdefault("other", "Other")
            node.items = [self._copied(node, name, label) for name, label in list(offered.items())[:MOST_COPIES]]

    def _copied(self, node: Node, name: str, label: str) -> Node:
        filled = {"name": name, "label": label}
        copy = Node(node.row, node.where, "group", "begin_group", name, filled=filled)
        copy.items = [self._copy(item, name, filled) for item in node.items]
        return copy

    def _copy(self, node: Node, name: str, filled: dict[str, str]) -> Node:
        copy = Node(node.row, node.where, node.role, node.type, f"{node.source}_{name}", filled=filled)
        copy.items = [self._copy(item, name, filled) for item in node.items]
        return copy

    def _name(self, node: Node, homes: tuple[str, ...], chain: tuple[str, ...]) -> None:
        node.id = self.names.take(node.source)
        node.homes, node.chain = homes, (*chain, node.source)
        inside = (*homes, node.id) if node.role == "repeat" else homes
        for item in node.items:
            self._name(item, inside, node.chain)

    def number(self) -> None:
        """Tell every node its place in the order."""
        for position, node in enumerate(self.walk(), start=1):
            node.position = position

    def walk(self) -> Iterator[Node]:
        """Every node, in order."""
        for node in self.root:
            yield from node.walk()

    def questions(self) -> Iterator[Node]:
        """Every question, in order."""
        return (node for node in self.walk() if node.role == "question")
