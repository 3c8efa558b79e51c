"""What is reckoned over the instances of repeats, in XPath."""

from __future__ import annotations

from formsite.definition import logic
from formsite.definition.logic import AnswerType
from formsite.definition.logic import nodes as n
from formsite.interchange.to_xlsform.saying import Said, Saying
from formsite.interchange.to_xlsform.terms import (
    ORDER,
    SUM,
    TRUE,
    Unsayable,
    X,
    binary,
    call,
    filled,
    numeral,
    quoted,
)

T = AnswerType


def of_repeat(say: Saying, node: n.OfRepeat) -> Said:
    """How many instances there are, or which of them this is."""
    if node.op == "instances":
        return Said(call("count", say.ref(node.over)), T.NUMBER)
    if say.context is not None:
        raise Unsayable("a position within a condition on instances")
    chain = say.places.spots[node.over].chain
    steps = len(say.spot.chain) - len(chain)
    return Said(X(f"position({'/'.join(['..'] * steps) or '.'})"), T.NUMBER)


def over(say: Saying, node: n.Over) -> Said:
    """A number of all instances, or of those that are picked."""
    if node.op == "count_over":
        return _number_of(say, node)
    name = {"sum_over": "sum", "least_over": "min", "greatest_over": "max"}[node.op]
    if (counted := _counted(node)) is not None:
        return of_repeat(say, counted) if isinstance(counted, n.OfRepeat) else _number_of(say, counted)
    nodes, kind = _nodes(say, node.over, node.of, node.where)
    known = TRUE if node.op == "sum_over" else binary(call("count", nodes), ">", X("0"), ORDER)
    return Said(call(name, nodes), kind, known)


def join_over(say: Saying, node: n.JoinOver) -> Said:
    """The texts of all instances, joined."""
    nodes, _ = _nodes(say, node.over, node.of, node.where)
    return Said(call("join", quoted(node.separator), nodes), T.TEXT)


def _number_of(say: Saying, node: n.Over) -> Said:
    inner = say.inside(node.over)
    conditions = [inner.truth(each).yes for each in (node.where, node.of) if each is not None]
    picked = "".join(f"[{each.text}]" for each in conditions if each != TRUE)
    return Said(X(f"count({say.ref(node.over).text}{picked})"), T.NUMBER)


def _counted(node: n.Over) -> n.OfRepeat | n.Over | None:
    """What is counted in all instances of the repeats around it: a path to it names them all."""
    of = node.of
    if node.op != "sum_over" or node.where is not None:
        return None
    if isinstance(of, n.OfRepeat):
        return of if of.op == "instances" else None
    if isinstance(of, n.Over):
        return of if of.op == "count_over" else _counted(of)
    return None


def _nodes(say: Saying, over: str, of: logic.Node, where: logic.Node | None) -> tuple[X, AnswerType]:
    """The answers of all instances that are known; where '' stands for the others, theirs, too."""
    while isinstance(of, n.Over) and of.op == "sum_over" and where is None:
        over, where, of = of.over, of.where, of.of
    if isinstance(of, n.Unary) and of.op in ("number", "text"):
        of = of.of
    known = "[. != '']"
    if isinstance(of, n.Many) and of.op == "or_else" and len(of.of) == 2 and of.of[1] == n.Value(""):
        of, known = of.of[0].of if isinstance(of.of[0], n.Unary) and of.of[0].op == "text" else of.of[0], ""
    if not isinstance(of, n.FieldValue):
        raise Unsayable("what is reckoned in each instance before it is put together")
    target, kind = say.places.spots[of.field], say.places.kind(of.field)
    if where is None:
        return X(f"{say.ref(of.field).text}{known}"), kind
    spot = say.places.spots[over]
    rest = "/".join(target.chain[len(spot.chain) :])
    picked = say.inside(over).truth(where).yes.text
    return X(f"{say.ref(over).text}[{picked}]/{rest}{known}"), kind


def _picked(say: Saying, node: n.At) -> Said | None:
    """The answer of the first instance in which something holds: a path with what picks it."""
    index, inner = node.index, node.of
    if not isinstance(index, n.Over) or (index.op, index.over) != ("least_over", node.over) or index.where is None:
        return None
    before = n.Many("minus", (n.OfRepeat("position", node.over), n.Value(1)))
    if index.of != before or not isinstance(inner, n.FieldValue):
        return None
    spot, target = say.places.spots[node.over], say.places.spots[inner.field]
    picks, rest = say.inside(node.over).truth(index.where).yes.text, "/".join(target.chain[len(spot.chain) :])
    xpath = X(f"{say.ref(node.over).text}[{picks}]/{rest}")
    return Said(xpath, say.places.kind(inner.field), filled(xpath), is_blank=True)


def at(say: Saying, node: n.At) -> Said:
    """An answer in one instance."""
    if (found := _picked(say, node)) is not None:
        return found
    picks: list[X] = []
    inner: logic.Node = node
    while isinstance(inner, n.At):
        index = say.value(inner.index)
        place = numeral(index.const + 1) if index.const is not None else binary(index.xpath, "+", X("1"), SUM)
        picks += [say.ref(inner.over), place]
        inner = inner.of
    if not isinstance(inner, n.FieldValue):
        raise Unsayable("what is reckoned in one instance")
    xpath = call("indexed-repeat", say.ref(inner.field), *picks)
    return Said(xpath, say.places.kind(inner.field), filled(xpath), is_blank=True)
