"""Sets of nodes as rules: an answer of one instance that is picked, and what is reckoned of all of them."""

from __future__ import annotations

from dataclasses import replace

from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform import xpath as x
from formsite.interchange.xlsform.paths import Located, Place
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.terms import Term, Untranslatable, truth_term
from formsite.interchange.xlsform.translation import Translator, column_of

POSITION = x.Call("position", ())
LAST = x.Call("last", ())


def answer(t: Translator, found: Located, place: Place) -> Term:
    """The first of the answers that a path names: those of other repeats stand in their first instance, or in a picked one."""
    source = found.source
    if source.kind == "repeat":
        raise Untranslatable(f"the repeat “{source.name}” as a value")
    if source.kind == "nothing":
        return Term("text", r.value(""), "")
    if source.kind == "fixed":
        return Term("text", r.value(source.list), source.list)
    if found.own and not found.free:
        term = Term(source.kind, r.field(source.id), None, source)
        condition = r.every(*(t.truth_of(each, place.inside(source.chain)) for each in found.own))
        return Term("text", r.when(condition, t.as_text(term), r.value("")))
    indexes = []
    for depth, home in enumerate(found.free):
        own = found.own if depth == len(found.free) - 1 else ()
        indexes.append(_index(t, found, home, own, place.inside(place.chain, *found.free[:depth])))
    rule, there = r.field(source.id), r.TRUE
    for home, index in zip(reversed(found.free), reversed(indexes), strict=True):
        rule, there = picked(home, index, rule, there)
    return Term(source.kind, rule, None, source, there, is_blank=True)


def picked(home: str, index: Rule, rule: Rule, there: Rule) -> tuple[Rule, Rule]:
    """A rule in one instance of a repeat, and whether there is that instance."""
    enough = r.sure(r.compare("more", {"op": "instances", "over": home}, index))
    if "value" not in index:
        enough = r.every(r.sure(r.compare("at_least", index, r.value(0.0))), enough)
    inside = there if there == r.TRUE else r.sure({"op": "at", "over": home, "index": index, "of": there})
    return {"op": "at", "over": home, "index": index, "of": rule}, r.every(enough, inside)


def _index(t: Translator, found: Located, home: str, own: tuple[x.Expr, ...], place: Place) -> Rule:
    """Which instance is meant, from 0."""
    predicates = found.picks.get(home, ())
    if len(predicates) > 1 and predicates[-1] == x.Number(1.0):
        predicates = predicates[:-1]  # the first of those that are picked: it is the one that is meant anyway
        found = replace(found, picks={**found.picks, home: predicates})
    if not predicates and not own:
        return r.value(0.0)
    if len(predicates) == 1 and not own and (number := _number(t, predicates[0], home, place)) is not None:
        return t.minus_one(number)
    place_of: Rule = {"op": "position", "over": home}
    before = r.many("minus", place_of, r.value(1.0))
    return {"op": "least_over", "over": home, "of": before, "where": _where(t, found, home, own, place)}


def _number(t: Translator, predicate: x.Expr, home: str, place: Place) -> Term | None:
    """`[3]`, `[last()]` and `[position() = 3]` pick by number."""
    if isinstance(predicate, x.Binary) and predicate.op == "=" and POSITION in (predicate.left, predicate.right):
        predicate = predicate.right if predicate.left == POSITION else predicate.left
    elif not isinstance(predicate, x.Number | x.Negative | x.Call) and not (
        isinstance(predicate, x.Binary) and predicate.op in ("+", "-", "*", "div", "mod")
    ):
        return None
    term = Term("number", {"op": "instances", "over": home}) if predicate == LAST else t.term(predicate, place)
    return term if term.kind == "number" else None


def _where(t: Translator, found: Located, home: str, own: tuple[x.Expr, ...], place: Place) -> Rule:
    """What picks the instances of a repeat."""
    chain = t.sources.repeat(home).chain
    inside = place.inside(chain, home, counted=home)
    conditions = [_condition(t, each, home, inside) for each in found.picks.get(home, ())]
    at_node = place.inside(found.source.chain, home, counted=home)
    return r.every(*conditions, *(_condition(t, each, home, at_node) for each in own))


def _condition(t: Translator, predicate: x.Expr, home: str, place: Place) -> Rule:
    term = t.term(predicate, place)
    if term.kind != "number":
        return t.truth_of(predicate, place)
    return r.sure(r.compare("is", {"op": "position", "over": home}, term.rule))


def over(t: Translator, op: str, found: Located, of: Rule, place: Place, **members: Rule | str) -> Rule:
    """An expression over every instance that a path names."""
    homes = found.free
    if not homes:
        raise Untranslatable("a set of one answer that is picked")
    wheres = []
    for depth, home in enumerate(homes):
        own = found.own if depth == len(homes) - 1 else ()
        wheres.append(_where(t, found, home, own, place.inside(place.chain, *homes[:depth])))
    made = of
    for home, where in zip(reversed(homes), reversed(wheres), strict=True):
        picked = {} if where == r.TRUE else {"where": where}
        made = {"op": op, "over": home, "of": made, **members, **picked}
        op = "sum_over" if op == "count_over" else op
    return made


def compared(t: Translator, expr: x.Binary, place: Place) -> Term | None:
    """A comparison of all instances with a value: true where it is true of any of them (XPath 1.0, section 3.4)."""
    for here, there, is_left in ((expr.left, expr.right, True), (expr.right, expr.left, False)):
        found = nodes(t, here, place)
        if found is None or found.source.kind == "repeat" or _is_numbered(found):
            continue
        inside = place.inside(place.chain, *found.free)
        if nodes(t, there, inside) is not None:
            raise Untranslatable("a comparison of all instances with all instances")
        other = t.term(there, inside)
        each = Term(found.source.kind, r.field(found.source.id), None, found.source, is_blank=True)
        truth = t.compared(expr.op, each, other) if is_left else t.compared(expr.op, other, each)
        return truth_term(r.sure(over(t, "any_over", found, truth.rule, place)))
    return None


def _is_numbered(found: Located) -> bool:
    """Whether each repeat has one instance that is picked by its number."""
    picks = [found.picks.get(home, ()) for home in found.free]
    return not found.own and all(len(each) == 1 and isinstance(each[0], x.Number) for each in picks)


def nodes(t: Translator, expr: x.Expr | None, place: Place) -> Located | None:
    """What an expression names, if that may be more than one node."""
    if not isinstance(expr, x.Variable | x.Path) or (place.row and isinstance(expr, x.Path) and column_of(expr)):
        return None
    try:
        found = t.locate(expr, place)
    except Untranslatable:  # whoever wants its value says so
        return None
    if found is None or found.source.kind == "nothing":
        return None
    return found if found.free or found.source.kind == "repeat" else None
