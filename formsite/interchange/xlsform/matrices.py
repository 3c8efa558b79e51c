"""Tables: questions side by side with one list, which the spreadsheet draws as rows below a row of labels."""

from __future__ import annotations

import re

from formsite.definition.fieldtypes.matrices import MOST_COLUMNS
from formsite.interchange.names import Names
from formsite.interchange.xlsform.rows import YES, Node, Tree
from formsite.interchange.xlsform.survey import Survey
from formsite.interchange.xlsform.texts import PIPE

FEWEST = 2
OWN = (
    "constraint",
    "calculation",
    "default",
    "read_only",
    "choice_filter",
    "hint",
    "guidance_hint",
    "media",
    "parameters",
)
"""What a row of a table has no place for."""
COLUMN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.]{0,63}")


def gather(survey: Survey) -> None:
    """Put the rows of each table into one node, in its place."""
    for siblings, around in _groups(survey.tree):
        run: list[Node] = []
        for node in [*siblings, None]:
            if node is not None and _is_row(node, survey, around) and _agrees(node, run, survey):
                run.append(node)
                continue
            if len(run) >= FEWEST:
                _put(run, siblings, around, survey)
            run = [node] if node is not None and _is_row(node, survey, around) else []
    survey.tree.number()


def _groups(tree: Tree) -> list[tuple[list[Node], Node | None]]:
    inner = [(node.items, node) for node in tree.walk() if node.items]
    return [(tree.root, None), *inner]


def _is_row(node: Node, survey: Survey, around: Node | None) -> bool:
    """Whether it may be a row of a table: one that is drawn so, and asks nothing that a row cannot."""
    words = survey.appearance(node).split()
    table = around is not None and "table-list" in survey.appearance(around).split()
    if node.role != "question" or not node.listed or not (table or "list-nolabel" in words):
        return False
    if node.kind is None or node.kind.value not in ("choice", "choices") or survey.has_other(node):
        return False
    offered = survey.choices_of(node)
    fits = len(offered) <= MOST_COLUMNS and all(COLUMN.fullmatch(each) for ids in offered.values() for each in ids)
    return fits and not any(survey.get(node, column) for column in OWN) and _required(node, survey) is not None


def _required(node: Node, survey: Survey) -> bool | None:
    """Whether it is compulsory; None where that depends on answers."""
    said = survey.get(node, "required").lower()
    return True if said in YES else False if said in ("", "no", "false", "false()", "0", "n") else None


def _agrees(node: Node, run: list[Node], survey: Survey) -> bool:
    """Whether it goes with the rows before it: one list, as compulsory, and no condition on one of them."""
    if not run:
        return True
    first = run[0]
    names = {row.source for row in run}
    relevant = survey.get(node, "relevant")
    looks = {source.name for source in survey.references(node)} | set(PIPE.findall(relevant))
    messages = [survey.texts.raw(each.row, "required_message") for each in (first, node)]
    same = first.listed == node.listed and first.kind == node.kind and messages[0] == messages[1]
    return same and _required(first, survey) == _required(node, survey) and not looks & names


def _put(run: list[Node], siblings: list[Node], around: Node | None, survey: Survey) -> None:
    if around is not None and around.role == "group" and len(run) == len(siblings) and not around.filled:
        around.role = "matrix"  # the group holds nothing else
        _name_rows(run, around.id)
        return
    first = run[0]
    at = siblings.index(first)
    head = siblings[at - 1] if at and _is_head(siblings[at - 1], first, survey) else None
    words = head if head is not None else around if around is not None else first
    name = survey.names.take(f"{around.source if around is not None else first.source}_table")
    table = Node(words.row, words.where, "matrix", "matrix", words.source, name, run, first.homes, head=head)
    table.chain = (*first.chain[:-1], f"{name} table")
    table.filled = words.filled
    _name_rows(run, name)
    siblings[at - (head is not None) : at + len(run)] = [table]


def _name_rows(run: list[Node], name: str) -> None:
    locals_ = Names()
    for row in run:
        row.id = f"{name}-{locals_.take(row.source)}"


def _is_head(node: Node, first: Node, survey: Survey) -> bool:
    """A question that shows its choices as the head of a table."""
    words = survey.appearance(node).split()
    return node.role == "question" and "label" in words and node.listed == first.listed
