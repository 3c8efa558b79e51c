"""Answers that no two entries of a group, or rows of a table, may have in common."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs import comparing, js, terms
from formsite.interchange.surveyjs.elements import Element
from formsite.interchange.surveyjs.layouts import Layout
from formsite.interchange.surveyjs.terms import Cases, Chosen, Untranslatable

MARK = r.value("\n")
"""Stands around each answer where all of them are put together; answers to short questions hold none."""


def key_names(repeat: Element) -> frozenset[str]:
    """The questions of an entry or row, by their names in small letters, that tell it from the others."""
    found = {repeat.word("keyName").strip().lower()}
    for raw in repeat.list("columns"):
        if isinstance(raw, dict) and raw.get("isUnique") is True:
            found.add(js.text(raw.get("name")).lower())
    return frozenset(found - {""})


def unique_in_entries(layout: Layout) -> Rule | None:
    """That no other entry has the answer; None where it is no key. Of the entries of a panel the first may keep it.

    Raises:
        Untranslatable: its answers cannot be put together.
    """
    repeat = next((each for each in layout.element.around() if each.repeats), None)
    if repeat is None or layout.element.value_name.lower() not in key_names(repeat):
        return None
    over = layout.homes[-1]
    own = _said(layout, small=repeat.kind == "matrixdynamic" and not repeat.flag("useCaseSensitiveComparison"))
    mine = r.many("join", [MARK, own, MARK])
    each = r.many("join", [MARK, r.either(own, r.value("")), MARK])
    together: Rule = {"op": "join_over", "over": over, "of": each, "separator": ""}
    if repeat.kind == "paneldynamic":
        before: Rule = {"op": "before", "left": together, "right": mine}
        entries = {"op": "divided_by", "of": [_room(before, MARK), r.value(2)]}
        here: Rule = {"op": "minus", "of": [{"op": "position", "over": over}, r.value(1)]}
        return r.some(r.opposite(r.known(own)), r.compare("at_least", entries, here))
    return r.some(r.opposite(r.known(own)), r.compare("at_most", _room(together, mine), r.unary("length", mine)))


def _said(layout: Layout, *, small: bool) -> Rule:
    """The answer as a text."""
    here = r.field(layout.id)
    if layout.is_several:
        said: Rule = {"op": "list_text", "of": here, "separator": " "}
    elif isinstance(layout.term, Cases | Chosen):
        said = r.unary("text", here)
    else:
        said = terms.text(layout.term)
    return r.unary("lower", said) if small else said


def _room(text: Rule, part: Rule) -> Rule:
    """How much of a text is a part that occurs in it again and again."""
    rest: Rule = {"op": "replace", "of": text, "old": part, "new": r.value("")}
    return {"op": "minus", "of": [r.unary("length", text), r.unary("length", rest)]}


def unique_in_rows(table: Element, inside: dict[str, Layout]) -> Iterator[tuple[str, Rule]]:
    """Of a table with fixed rows: each column that tells rows apart, and that no two of its cells are equal."""
    rows = [inside[row.name.lower()].inside for row in table.children if row.name.lower() in inside]
    for name in sorted(key_names(table)):
        cells = [row[name].term for row in rows if name in row]
        same = [r.every(terms.filled(a), comparing.compare("=", a, b)) for a, b in combinations(cells, 2)]
        if not cells:
            raise Untranslatable(f"there is no column “{name}”")
        yield name, r.opposite(r.some(*same))
