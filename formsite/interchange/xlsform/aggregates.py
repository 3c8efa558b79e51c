"""Functions of sets of nodes: of all the instances of a repeat, of those in which something holds, of one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from formsite.interchange.collapsing import OPEN, SHUT
from formsite.interchange.xlsform import instances, nodesets
from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform import xpath as x
from formsite.interchange.xlsform.paths import Located, Place, chain_of
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.terms import Term, Untranslatable, number_term, text_term, written
from formsite.interchange.xlsform.translation import Args, Make, Translator

Over = Callable[[Translator, Located, x.Call, Place], Term]


def over_nodes(t: Translator, call: x.Call, place: Place) -> Term | None:
    """A function of all instances that its argument names; None where that is one answer."""
    nodes = call.args[-1]
    if instances.is_data(nodes) and isinstance(nodes, x.Path):
        return _over_data(t, call, nodes, place)
    found = nodesets.nodes(t, nodes, place)
    return None if found is None else OVER_NODES[call.name](t, found, call, place)


def _over_data(t: Translator, call: x.Call, nodes: x.Path, place: Place) -> Term | None:
    """A function of rows beside the form."""
    if call.name in ("count", "sum"):
        return (instances.count if call.name == "count" else instances.added)(t, nodes, place)
    if call.name == "join" and isinstance(call.args[0], x.String):
        return instances.joined(t, nodes, call.args[0].value, place)
    raise Untranslatable(f"{call.name}() of data beside the form")


def _value_of(t: Translator, found: Located) -> Term:
    """The answer, as it is in an instance."""
    source = found.source
    if source.kind == "repeat":
        raise Untranslatable(f"the repeat “{source.name}” as a value")
    return Term(source.kind, r.field(source.id), None, source)


def _count_one(t: Translator, args: Args, place: Place) -> Term:
    """A question by itself is a set of one node, whatever is answered; one that is picked may not be there."""
    found = t.locate(args[0], place) if isinstance(args[0], x.Variable | x.Path) else None
    if found is None:
        raise Untranslatable("count() of what is no path")
    conditions = [t.truth_of(each, place.inside(found.source.chain)) for each in found.own]
    return number_term(r.when(r.every(*conditions), r.value(1.0), r.value(0.0)))


def _sum_over(t: Translator, found: Located, _call: x.Call, place: Place) -> Term:
    number = t.as_number(_value_of(t, found))
    return number_term(_of_all(t, found, nodesets.over(t, "sum_over", found, number, place), place))


def _of_all(t: Translator, found: Located, rule: Rule, place: Place) -> Rule:
    """What is reckoned of all instances is no number where one of them is empty (XPath 1.0, section 4.4)."""
    filled: Rule = {"op": "answered", "field": found.source.id}
    if _are_filled(found):
        return rule
    return r.when(r.sure(nodesets.over(t, "all_over", found, filled, place)), rule, r.NO_NUMBER)


def _are_filled(found: Located) -> bool:
    """Whether empty ones are not picked: `[. != '']`."""
    return x.Binary("!=", x.Path(None, False, (x.Step("."),)), x.String("")) in found.own


def _extreme_over(op: str) -> Over:
    def make(t: Translator, found: Located, _call: x.Call, place: Place) -> Term:
        number = t.as_number(_value_of(t, found))
        return number_term(_of_all(t, found, nodesets.over(t, op, found, number, place), place))

    return make


def _count_over(t: Translator, found: Located, _call: x.Call, place: Place) -> Term:
    source = found.source
    if (twins := _count_twins(t, found, place)) is not None:
        return twins
    if source.kind == "repeat" and not found.own:
        counted: Rule = {"op": "instances", "over": source.id}
        return number_term(nodesets.over(t, "sum_over", found, counted, place) if found.free else counted)
    if source.kind == "repeat":
        found = Located(source, (*found.free, source.id), {**found.picks, source.id: found.own})
    return number_term(nodesets.over(t, "count_over", found, r.TRUE, place))


def _count_twins(t: Translator, found: Located, place: Place) -> Term | None:
    """`count(${repeat}[name = current()/../name])`: rules cannot look at two instances at once, but texts can be told apart.

    The answers of all instances are joined, each between marks; how often this one's occurs is seen by what is left without it.
    """
    home = found.source.id if found.source.kind == "repeat" else ""
    if not home or home not in place.homes or found.free or len(found.own) != 1:
        return None
    equal = found.own[0]
    if not isinstance(equal, x.Binary) or equal.op != "=" or _is_outside(equal.left) == _is_outside(equal.right):
        return None
    here, there = (equal.left, equal.right) if _is_outside(equal.left) else (equal.right, equal.left)
    inside = t.term(there, place.inside(found.source.chain, home))
    outside = t.term(here, place)
    if inside.kind != outside.kind or inside.source is None:
        return None
    key, other = (r.many("join", r.value(OPEN), t.as_text(each), r.value(SHUT)) for each in (outside, inside))
    whole: Rule = {"op": "join_over", "over": home, "of": other, "separator": ""}
    rest: Rule = {"op": "replace", "of": whole, "old": key, "new": r.value("")}
    gone = r.many("minus", r.unary("length", whole), r.unary("length", rest))
    return number_term(r.many("divided_by", gone, r.unary("length", key)))


def _is_outside(expr: x.Expr) -> bool:
    """Whether it starts where the rule stands, not at what is picked."""
    start = expr.start if isinstance(expr, x.Path) else expr
    return isinstance(start, x.Variable) or (isinstance(start, x.Call) and start.name == "current")


def _count_non_empty_over(t: Translator, found: Located, _call: x.Call, place: Place) -> Term:
    filled: Rule = {"op": "answered", "field": _value_of(t, found).rule["field"]}
    return number_term(nodesets.over(t, "count_over", found, filled, place))


def _join_over(t: Translator, found: Located, call: x.Call, place: Place) -> Term:
    separator = t.term(call.args[0], place).const if len(call.args) > 1 else ""
    if separator is None:
        raise Untranslatable("a separator that is worked out")
    term = _value_of(t, found)
    text = t.as_known_text(term) if _are_filled(found) else t.as_text(term)
    return text_term(nodesets.over(t, "join_over", found, text, place, separator=written(separator)))


OVER_NODES: dict[str, Over] = {
    "sum": _sum_over,
    "min": _extreme_over("least_over"),
    "max": _extreme_over("greatest_over"),
    "count": _count_over,
    "count-non-empty": _count_non_empty_over,
    "join": _join_over,
    "concat": _join_over,
}


def _if_over(op: str) -> Make:
    """`sum-if(${what}, condition)`: of the instances in which a condition holds."""

    def make(t: Translator, args: Args, place: Place) -> Term:
        *before, nodes, condition = args
        found = nodesets.nodes(t, nodes, place)
        if found is not None and found.source.kind == "repeat":
            found = replace(found, free=(*found.free, found.source.id))
        if found is None or len(found.free) != 1 or found.picks or found.own:
            raise Untranslatable("a function of the instances in which something holds, of what does not repeat once")
        inside = place.inside(place.chain, *found.free)
        where = t.truth_of(condition, replace(inside, around=(*inside.around, *found.free)))
        rule: Rule = {"op": op, "over": found.free[0], "where": where}
        if op == "count_over":
            return number_term(rule | {"of": r.TRUE})
        term = _value_of(t, found)
        if op == "join_over":
            return text_term(rule | {"of": t.as_text(term), "separator": written(t.term(before[0], place).const or "")})
        return number_term(rule | {"of": t.as_number(term)})

    return make


def _indexed_repeat(t: Translator, args: Args, place: Place) -> Term:
    """`indexed-repeat(${what}, ${repeat}, number, ${outer repeat}, number ...)`."""
    found = t.locate(args[0], place) if isinstance(args[0], x.Variable | x.Path) else None
    if found is None or not found.source.homes:
        raise Untranslatable("indexed-repeat() of what does not repeat")
    picked: dict[str, Rule] = {}
    for repeat, number in zip(args[1::2], args[2::2], strict=True):
        around = t.locate(repeat, place) if isinstance(repeat, x.Variable | x.Path) else None
        if around is None or around.source.id not in found.source.homes:
            raise Untranslatable("indexed-repeat() of another repeat")
        picked[around.source.id] = t.minus_one(t.term(number, place))
    rule, there = r.field(found.source.id), r.TRUE
    for home in reversed(found.source.homes):
        if home in picked or home in found.free:
            rule, there = nodesets.picked(home, picked.get(home, r.value(0.0)), rule, there)
    return Term(found.source.kind, rule, None, found.source, there, is_blank=True)


def _position(t: Translator, args: Args, place: Place) -> Term:
    """`position()` of what a predicate looks at, `position(..)` of the repeat around; that of a group is always 1."""
    if not args:
        if not place.counted:
            raise Untranslatable("a position outside of a predicate")
        return number_term({"op": "position", "over": place.counted})
    if not isinstance(args[0], x.Path | x.Variable):
        raise Untranslatable("a position of what is no path")
    found = t.sources.exactly(chain_of(args[0], place, t.sources))
    if found is None or found.kind != "repeat":
        return Term("number", r.value(1.0), 1.0)
    if found.id not in place.homes:
        raise Untranslatable("the position of what is not around")
    if found.id in place.rebound and isinstance(args[0], x.Path) and args[0].start is not None:
        raise Untranslatable("a comparison of instances of one repeat with each other")
    return number_term({"op": "position", "over": found.id})


def _index(t: Translator, _args: Args, place: Place) -> Term:
    if not place.homes:
        raise Untranslatable("index() outside of a repeat")
    return number_term({"op": "position", "over": place.homes[-1]})


NODE_FUNCTIONS: dict[str, Make] = {
    "count-if": _if_over("count_over"),
    "sum-if": _if_over("sum_over"),
    "min-if": _if_over("least_over"),
    "max-if": _if_over("greatest_over"),
    "join-if": _if_over("join_over"),
    "count": _count_one,
    "indexed-repeat": _indexed_repeat,
    "position": _position,
    "index": _index,
}
