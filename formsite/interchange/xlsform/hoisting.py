"""What looks ahead is put in order: XLSForms reckon in any order, formsite from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from formsite.interchange.xlsform.rows import Node, Tree
from formsite.interchange.xlsform.terms import Source

References = Callable[[Node], Iterable[Source]]


def hoist(tree: Tree, references: References) -> None:
    """Move computed values above the first row that looks at them, where what they look at stands above it too."""
    by_id = {node.id: node for node in tree.walk()}
    moved: set[str] = set()
    for top in list(tree.root):
        for node in list(top.walk()):
            for source in list(references(node)):
                wanted = by_id.get(source.id)
                if wanted is not None and _stands_after(tree, wanted, top):
                    _lift(tree, wanted, top, by_id, references, moved)
    for position, node in enumerate(tree.walk(), start=1):
        node.position = position


def lower(tree: Tree, references: References) -> list[tuple[Node, Node]]:
    """Move questions that look ahead below what they look at, within their group, where nothing between looks at them.

    Says which was moved below which.
    """
    moved: list[tuple[Node, Node]] = []
    for siblings in [tree.root, *(node.items for node in list(tree.walk()) if node.items)]:
        for node in [node for node in siblings if node.kind == "question"]:
            here = siblings.index(node)
            wanted = {source.id for source in references(node) if source.id != node.id}
            below = [at for at in range(here + 1, len(siblings)) if wanted & {each.id for each in siblings[at].walk()}]
            if not below:
                continue
            passed = [each for sibling in siblings[here + 1 : below[-1] + 1] for each in sibling.walk()]
            if not any(source.id == node.id for each in passed for source in references(each)):
                moved.append((node, siblings[below[-1]]))
                siblings.insert(below[-1], siblings.pop(here))
    for position, node in enumerate(tree.walk(), start=1):
        node.position = position
    return moved


def _stands_after(tree: Tree, node: Node, top: Node) -> bool:
    return all(each is not node for each in _before(tree, top)) and all(each is not node for each in top.walk())


def _before(tree: Tree, top: Node) -> Iterable[Node]:
    for each in tree.root:
        if each is top:
            return
        yield from each.walk()


def _lift(tree: Tree, node: Node, top: Node, by_id: dict[str, Node], references: References, moved: set[str]) -> bool:
    """Whether the node stands above `top` in the end."""
    if node.type not in ("calculate", "today", "start") or node.homes or node.conditional or node.id in moved:
        return node.id in moved
    moved.add(node.id)
    for source in references(node):
        needed = by_id.get(source.id)
        if needed is None or needed is node or not (_stands_after(tree, needed, top) or needed in list(top.walk())):
            continue
        if needed in list(top.walk()) or not _lift(tree, needed, top, by_id, references, moved):
            return False
    _remove(tree.root, node)
    tree.root.insert(tree.root.index(top), node)
    return True


def _remove(nodes: list[Node], node: Node) -> bool:
    if node in nodes:
        nodes.remove(node)
        return True
    return any(_remove(each.items, node) for each in nodes)
