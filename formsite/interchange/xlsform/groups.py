"""Groups, repeats, tables and pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from formsite.definition.document import MOST_INSTANCES
from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform.fields import Fields, Item
from formsite.interchange.xlsform.logic import Logic
from formsite.interchange.xlsform.rows import YES, Node
from formsite.interchange.xlsform.survey import Survey


class Groups:
    """Makes the items of a definition; `fields` makes the questions."""

    def __init__(self, survey: Survey, logic: Logic, fields: Fields) -> None:
        self.survey = survey
        self.logic = logic
        self.fields = fields

    def items(self, nodes: list[Node]) -> Iterator[Item]:
        """What stands side by side. A group in which nothing is asked is left out."""
        for node in nodes:
            if node.role == "question":
                if (asked := self.fields.make(node)) is not None:
                    yield asked
            elif node.role == "matrix":
                yield self._table(node)
            elif (made := self._group(node))["items"]:
                yield made

    def _group(self, node: Node) -> Item:
        made: Item = {"id": node.id, "type": "group"}
        if label := self.survey.texts.plain(node.row, "label", node.where, node.filled):
            made["label"] = label
        if hint := self.fields.hint(node):
            made["hint"] = hint
        if (shown := self.logic.truth(node, "relevant")) not in (None, r.TRUE):
            made["shown_if"] = shown
        if node.role == "repeat":
            made["repeat"] = self._repeat(node)
        made["items"] = list(self.items(node.items))
        return made

    def _repeat(self, node: Node) -> Item:
        made: Item = {"max": MOST_INSTANCES}
        if (count := self.logic.value(node, "repeat_count", "number")) is not None:
            made["count"] = count
        return made

    # -- tables ------------------------------------------------------------------------------------------------------
    def _table(self, node: Node) -> Item:
        """Where a question heads the table, a group around it bears its name: it is shown, and never answered."""
        made = self._matrix(node)
        if node.head is None:
            return made
        self.fields.names.setdefault(node.head.source, node.id)
        return {"id": node.head.id, "type": "group", "items": [made]}

    def _matrix(self, node: Node) -> Item:
        """Rows that choose from one list."""
        first = node.items[0]
        assert first.kind is not None
        several = first.kind.value == "choices"
        columns = [{"id": each["id"], "label": each["label"]} for each in self.fields.choices(first)]
        settings: dict[str, Any] = {"rows": [self._row(row, node) for row in node.items], "columns": columns}
        made: Item = {"id": node.id, "type": "matrix_several" if several else "matrix_one", "settings": settings}
        made["label"] = self._heading(node)
        if node.type != "matrix" and (shown := self.logic.truth(node, "relevant")) not in (None, r.TRUE):
            made["shown_if"] = shown
        head = node.head if node.head is not None else node
        if hint := self.fields.hint(head):
            made["hint"] = hint
        if self.survey.get(first, "required").lower() in YES:
            made["compulsory"] = True
            if message := self.survey.texts.plain(first.row, "required_message", first.where):
                made["compulsory_message"] = message
        return made

    def _row(self, row: Node, node: Node) -> Item:
        made: Item = {"id": row.id.rpartition("-")[2], "label": self.fields.label(row)}
        if (shown := self.logic.truth(row, "relevant")) not in (None, r.TRUE):
            made["shown_if"] = shown
        self.fields.name(row)
        return made

    def _heading(self, node: Node) -> dict[str, str]:
        """The words of the row of labels, else those of the group."""
        for each in (node.head, node):
            if each is not None and (label := self.survey.texts.plain(each.row, "label", each.where, each.filled)):
                return label
        return {self.survey.language: node.source}


def pages(items: list[Item], survey: Survey) -> list[Item]:
    """Two or more sections at the top become pages; questions between them share one."""
    if sum(1 for item in items if _may_be_page(item)) < 2:
        return [{"id": survey.names.take("questions"), "items": items}]
    made: list[Item] = []
    loose: Item | None = None
    for item in items:
        if _may_be_page(item):
            loose = None
            kept = {name: item[name] for name in ("shown_if",) if name in item}
            title = {"title": item["label"]} if "label" in item else {}
            made.append({"id": item["id"], **title, **kept, "items": item["items"]})
            continue
        if loose is None:
            loose = {"id": survey.names.take("page"), "items": []}
            made.append(loose)
        loose["items"].append(item)
    return made


def _may_be_page(item: Item) -> bool:
    return item["type"] == "group" and "repeat" not in item and "hint" not in item
