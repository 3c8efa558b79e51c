"""What looks ahead is put in order: XLSForms reckon in any order, formsite from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from formsite.interchange.xlsform.rows import Node, Tree
from formsite.interchange.xlsform.terms import Source

MOST_PASSES = 4
References = Callable[[Node], Iterable[Source]]


def put_in_order(tree: Tree, references: References, is_conditional: Callable[[Node], bool]) -> list[tuple[Node, Node]]:
    """Lift values that nobody types above what looks at them; move the rest below what it looks at, within its group.

    Says which question was moved below which.
    """
    order = _Order(tree, references, is_conditional)
    for _ in range(MOST_PASSES):
        lists = [tree.root, *(node.items for node in tree.walk() if node.items and node.role != "matrix")]
        changed = [order.settle(siblings) for siblings in lists]
        if not any(changed):
            break
    tree.number()
    return list(order.moved.values())


class _Order:
    def __init__(self, tree: Tree, references: References, is_conditional: Callable[[Node], bool]) -> None:
        self.by_id = {node.id: node for node in tree.walk()}
        self.refs = {
            node.id: frozenset(source.id for source in references(node) if source.id in self.by_id) - {node.id}
            for node in self.by_id.values()
        }
        self.is_conditional = is_conditional
        self.moved: dict[str, tuple[Node, Node]] = {}

    def settle(self, siblings: list[Node]) -> bool:
        """Put one list in order as far as it can be; whether anything moved."""
        before = list(siblings)
        places = _places(siblings)
        for node in before:
            if any(places.get(name, -1) > places[node.id] for name in self._wanted(node)):
                self._lift_for(node, siblings)
                self._lower(node, siblings)
                places = _places(siblings)
        return before != siblings

    def _wanted(self, node: Node) -> frozenset[str]:
        """What it and all in it look at, outside of it."""
        inside = {each.id for each in node.walk()}
        return frozenset(name for name in inside for name in self.refs.get(name, ())) - inside

    # -- up ----------------------------------------------------------------------------------------------------------
    def _lift_for(self, node: Node, siblings: list[Node]) -> None:
        places = _places(siblings)
        here = siblings.index(node)
        for name in sorted(self._wanted(node)):
            if places.get(name, -1) > here:
                chosen = self._liftable(self.by_id[name], node, siblings, places, {})
                for each in chosen or ():
                    _remove(siblings, each)
                    siblings.insert(siblings.index(node), each)

    def _liftable(
        self, node: Node, above: Node, siblings: list[Node], places: dict[str, int], seen: dict[str, None]
    ) -> list[Node] | None:
        """The node and what it needs, in the order in which they can stand above another; None if they cannot."""
        here = siblings.index(above)
        if node.id in seen:
            return []
        seen[node.id] = None
        if node.kind is None or not node.kind.is_computed or not self._is_open(node, siblings[places[node.id]]):
            return None
        needed: list[Node] = []
        for name in sorted(self.refs[node.id]):
            at = places.get(name, -1)
            if at < here:
                continue
            more = None if at == here else self._liftable(self.by_id[name], above, siblings, places, seen)
            if more is None:
                return None
            needed += more
        return [*needed, node]

    def _is_open(self, node: Node, top: Node) -> bool:
        """Whether nothing between it and the list is conditional or repeats."""
        if node is top:
            return True
        if top.role != "group" or self.is_conditional(top):
            return False
        return any(self._is_open(node, item) for item in top.items if any(each is node for each in item.walk()))

    # -- down --------------------------------------------------------------------------------------------------------
    def _lower(self, node: Node, siblings: list[Node]) -> None:
        """Below the last that it looks at, with all between that look at it; not if that one does so, too."""
        places, here = _places(siblings), siblings.index(node)
        last = max((places[name] for name in self._wanted(node) if places.get(name, -1) > here), default=here)
        lowered, inside = [node], {each.id for each in node.walk()}
        for sibling in siblings[here + 1 : last + 1]:
            if self._wanted(sibling) & inside:
                lowered.append(sibling)
                inside |= {each.id for each in sibling.walk()}
        below = siblings[last]
        if any(each is below for each in lowered):
            return
        self.moved |= {each.id: (each, below) for each in lowered if each.kind is None or not each.kind.is_computed}
        stay = [each for each in siblings[here : last + 1] if not any(each is moved for moved in lowered)]
        siblings[here : last + 1] = [*stay, *lowered]


def _places(siblings: list[Node]) -> dict[str, int]:
    """In which of the siblings a node stands."""
    return {each.id: at for at, sibling in enumerate(siblings) for each in sibling.walk()}


def _remove(nodes: list[Node], node: Node) -> bool:
    for at, each in enumerate(nodes):
        if each is node:
            del nodes[at]
            return True
    return any(_remove(each.items, node) for each in nodes)
