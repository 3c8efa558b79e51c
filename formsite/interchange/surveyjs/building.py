"""Pages, panels and what repeats: the elements of a survey as pages, groups and fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from formsite.definition.document import MOST_INSTANCES
from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs import comparing, js, terms
from formsite.interchange.surveyjs.answers import as_answer
from formsite.interchange.surveyjs.conditions import Conditions
from formsite.interchange.surveyjs.elements import PANELS, Element
from formsite.interchange.surveyjs.fields import Fields, Item, unless
from formsite.interchange.surveyjs.layouts import Layout
from formsite.interchange.surveyjs.limits import Limits
from formsite.interchange.surveyjs.terms import Const
from formsite.interchange.surveyjs.texts import Texts
from formsite.interchange.surveyjs.finding import Place
from formsite.interchange.surveyjs.values import Values

DEEPEST = 9
"""Groups in groups; what is deeper stands in the last of them."""
COUNTS = {
    "paneldynamic": ("panelCount", "minPanelCount", "maxPanelCount", "panelCountExpression", 0),
    "matrixdynamic": ("rowCount", "minRowCount", "maxRowCount", "rowCountExpression", 2),
}
ADDING = {"paneldynamic": ("allowAddPanel", "allowRemovePanel"), "matrixdynamic": ("allowAddRows", "allowRemoveRows")}


class Builder:
    """Builds the items of the form."""

    def __init__(self, conditions: Conditions, limits: Limits, texts: Texts, fields: Fields, values: Values) -> None:
        self.conditions = conditions
        self.layouts = conditions.layouts
        self.limits = limits
        self.texts = texts
        self.fields = fields
        self.values = values
        self.lose = conditions.lose
        self.demands: dict[str, bool | Rule] = {}  # questions of several fields in which something must be answered

    def page(self, element: Element, locked: Rule) -> Item | None:
        """A page; None if there is nothing on it."""
        locked = r.some(locked, self.conditions.read_only(element))
        place = self.conditions.place(element)
        shown = self.conditions.shown(element)
        items = self._described(element) + self.items(element.children, locked, 0)
        limits = self._some_answered(element)
        if not items:
            return None
        page: Item = {"id": self.layouts.of[element].id, "items": items}
        if title := self.texts.plain(element.get("title"), place, element.where):
            page["title"] = title
        if shown != r.YES:
            page["shown_if"] = shown
        if limits:
            page["limits"] = limits
        return page | self._order(element)

    def items(self, elements: Iterable[Element], locked: Rule, depth: int) -> list[Item]:
        """Elements in their order, with the values that are worked out right after what they look at."""
        found: list[Item] = []
        for element in elements:
            found += self._item(element, locked, depth)
            if depth == 0:
                found += self.values.after(element)
        return found

    def _item(self, element: Element, locked: Rule, depth: int) -> list[Item]:
        layout = self.layouts.of[element]
        if element.repeats:
            return self._repeat(layout, locked, depth)
        if element.kind in PANELS or element.kind in ("chosen", "row"):
            return self._group(layout, locked, depth)
        if element.kind == "matrixdropdown" and not layout.type:
            return self._table(layout, locked, depth)
        if element.kind == "multipletext" and not layout.type:
            return self._group(layout, locked, depth)
        return self.fields.build(element, locked)

    # -- groups ------------------------------------------------------------------------------------------------------
    def _group(self, layout: Layout, locked: Rule, depth: int) -> list[Item]:
        element = layout.element
        shown = self._chosen(element) if element.chosen else self.conditions.shown(element)
        if element.kind == "row" and element.parent is not None:
            shown = r.every(shown, self._row_shown(element, element.parent))
        locked = r.some(locked, self.conditions.read_only(element))
        if element.kind == "multipletext":
            self._cell_defaults(element)
        items = self.items(element.children, locked, depth + 1)
        if not items:
            return self._empty(layout) if element.kind == "multipletext" else []
        group = self._labelled({"type": "group", "id": layout.id, "items": items}, element)
        always = self._always(layout, locked) if element.kind == "multipletext" else []
        if limits := unless(_decided(locked), self._some_answered(element) + always):
            group["limits"] = limits
        return self._placed(group | self._order(element), shown, depth)

    def _placed(self, group: Item, shown: Rule, depth: int) -> list[Item]:
        """The group; where groups are nested too deeply, what is in it."""
        if depth < DEEPEST:
            return [group | ({"shown_if": shown} if shown != r.YES else {})]
        for item in group["items"]:
            if shown != r.YES:
                item["shown_if"] = r.every(shown, item.get("shown_if", r.YES))
        return list(group["items"])

    def _chosen(self, element: Element) -> Rule:
        """What stands under a choice is shown once it is chosen."""
        assert element.chosen is not None
        question, value = element.chosen
        layout = self.layouts.of[question]
        op = "contains" if layout.is_several else "="
        return comparing.compare(op, layout.term, Const(value)) if layout.offered else r.YES

    def _row_shown(self, element: Element, matrix: Element) -> Rule:
        text = matrix.condition("rowsVisibleIf")
        if not text or element.condition("visibleIf"):
            return r.YES
        place = self.conditions.place(element, Const(element.row))
        made = self.conditions.attempt(
            lambda: self.conditions.translator.loosely(text, place),
            matrix.where,
            "rowsVisibleIf",
            "the row is always shown",
        )
        return r.YES if made is None else made

    def _labelled(self, group: Item, element: Element) -> Item:
        place = self.conditions.place(element)
        label = self.texts.plain(element.get("title"), place, element.where)
        if label is None and element.kind in ("matrixdropdown", "matrixdynamic", "multipletext", "paneldynamic"):
            label = self.texts.bare(element.name) if element.name else None
        if label:
            group["label"] = label
        if hint := self.texts.rich(element.get("description"), place, element.where):
            group["hint"] = hint
        return group

    def _described(self, element: Element) -> list[Item]:
        """The description of a page, above its questions."""
        place = self.conditions.place(element)
        said = self.texts.plain(element.get("description"), place, element.where)
        if not said:
            return []
        return [
            {"type": "statement", "id": self.layouts.names.take(f"about_{self.layouts.of[element].id}"), "label": said}
        ]

    def _order(self, element: Element) -> Item:
        """Whether what is in it stands in an order of chance: its own word, or that of what it stands in."""
        for each in (element, *element.around()):
            if (word := each.word("questionOrder", "default")) != "default":
                return {"random": True} if word == "random" else {}
        return {}

    def _some_answered(self, element: Element) -> list[Item]:
        """A panel that is compulsory needs one answer."""
        compulsory = self.conditions.compulsory(element)
        if compulsory is False:
            return []
        held = [terms.filled(self.layouts.of[each].term) for each in element.walk() if self._asks(each, element)]
        if not held:
            return []
        rule = r.some(*held)
        if compulsory is not True:
            assert isinstance(compulsory, dict)
            rule = r.some(r.opposite(compulsory), rule)
        words = self.texts.plain(element.get("requiredErrorText"), self.conditions.place(element), element.where)
        return [{"rule": rule, "message": words or self.texts.usual("some")}]

    def _asks(self, each: Element, within: Element) -> bool:
        layout = self.layouts.of.get(each)
        if layout is None or each is within or layout.type in ("statement", "media", "computed"):
            return False
        inner = [above for above in each.around() if above.repeats]
        return not any(above in list(within.walk()) and above is not within for above in inner) and (
            bool(layout.type) or each.repeats
        )

    def _empty(self, layout: Layout) -> list[Item]:
        """A question that holds nothing to answer is only shown."""
        self.lose(layout.element.where, "what it asks", "there is nothing in it to answer; it is only shown")
        layout.type, layout.term = "statement", terms.NOTHING
        shown = self.conditions.shown(layout.element)
        item: Item = {"type": "statement", "id": layout.id, "label": self.fields.label(layout.element)}
        return [item | ({"shown_if": shown} if shown != r.YES else {})]

    # -- tables ------------------------------------------------------------------------------------------------------
    def _table(self, layout: Layout, locked: Rule, depth: int) -> list[Item]:
        """A table whose rows are fixed: a group of groups."""
        element = layout.element
        shown = self.conditions.shown(element)
        if element.flag("hideIfRowsEmpty") and element.children:
            shown = r.every(shown, r.some(*(self._row_shown(row, element) for row in element.children)))
        locked = r.some(locked, self.conditions.read_only(element))
        rows: list[Item] = []
        self._cell_defaults(element)
        for row in element.children:
            rows += self._group(self.layouts.of[row], locked, depth + 1)
        if not rows:
            return self._empty(layout)
        self._unbrought(element)
        group = self._labelled({"type": "group", "id": layout.id, "items": rows}, element)
        if limits := unless(_decided(locked), self._table_limits(layout, locked)):
            group["limits"] = limits
        if element.word("rowOrder") == "random":
            group["random"] = True
        return self._placed(group, shown, depth)

    def _table_limits(self, layout: Layout, locked: Rule) -> list[Item]:
        always = self._always(layout, locked)
        return [*self._some_answered(layout.element), *always, *self.limits.of_rows(layout)]

    def _always(self, layout: Layout, locked: Rule) -> list[Item]:
        """What is checked of a question of several fields, and whether it is compulsory."""
        compulsory = self.conditions.compulsory(layout.element)
        if compulsory is not False and locked != r.YES:
            rule = r.YES if isinstance(compulsory, bool) else compulsory
            rule = r.every(rule, r.opposite(locked))
            self.demands[layout.id] = True if rule == r.YES else rule
        return self.limits.always(layout)

    def _cell_defaults(self, element: Element) -> None:
        """What stands in cells or lines from the start."""
        held = element.get("defaultValue")
        for line in element.children:
            given = _member(held, line.name.lower()) if isinstance(held, dict) else None
            for each, value in (
                [(line, given)]
                if line.kind != "row"
                else [(cell, _member(given, cell.name.lower())) for cell in line.children]
            ):
                if not js.is_empty(value):
                    self.fields.defaults.setdefault(each, []).append(partial(_constant, value))

    def _unbrought(self, element: Element) -> None:
        for raw in element.list("columns"):
            held = raw if isinstance(raw, dict) else {}
            if held.get("totalType", "none") != "none" or held.get("totalExpression"):
                self.lose(
                    element.where,
                    f"the total of “{held.get('name')}”",
                    "formsite shows no totals; work it out in a value",
                )
        if element.flag("copyDefaultValueFromLastEntry"):
            self.lose(element.where, "copyDefaultValueFromLastEntry", "entries start empty")

    # -- repeats -----------------------------------------------------------------------------------------------------
    def _repeat(self, layout: Layout, locked: Rule, depth: int) -> list[Item]:
        element = layout.element
        shown = self.conditions.shown(element)
        locked = r.some(locked, self.conditions.read_only(element))
        self._entry_defaults(layout)
        items = self.items(element.children, locked, depth + 1)
        if not items:
            return self._empty(layout)
        items += self.limits.later.of_entries(element)
        self._unbrought(element)
        self._entry_unbrought(element)
        group = self._labelled({"type": "group", "id": layout.id, "items": self._entry_shown(layout, items)}, element)
        group["repeat"] = self._counted(layout)
        if limits := unless(_decided(locked), self._some_entry(layout) + self._always(layout, locked)):
            around: Item = {
                "type": "group",
                "id": self.layouts.names.take(f"{layout.id}_checked"),
                "items": [group],
                "limits": limits,
            }
            return [around | ({"shown_if": shown} if shown != r.YES else {})]
        return [group | ({"shown_if": shown} if shown != r.YES else {})]

    def _entry_shown(self, layout: Layout, items: list[Item]) -> list[Item]:
        """What is in an entry, in a group of its own where a condition decides if it is shown."""
        element = layout.element
        name = next((each for each in ("rowsVisibleIf", "templateVisibleIf") if element.condition(each)), "")
        if not name:
            return items
        place = Place(element, layout.order + 1, (*layout.homes, layout.id), inside=True)
        text = element.condition(name)
        rule = self.conditions.attempt(
            lambda: self.conditions.translator.loosely(text, place),
            element.where,
            f"{name} “{text[:120]}”",
            "every entry is shown",
        )
        if rule is None or rule == r.YES:
            return items
        return [
            {"type": "group", "id": self.layouts.names.take(f"{layout.id}_entry"), "items": items, "shown_if": rule}
        ]

    def _entry_unbrought(self, element: Element) -> None:
        title = element.get("templateTitle")
        if not js.is_empty(title):
            self.lose(element.where, "templateTitle", "entries are numbered")

    def _counted(self, layout: Layout) -> Item:
        """How many entries there are, and how many there may be."""
        element = layout.element
        count, least, most, _, usual = COUNTS[element.kind]
        low = min(int(max(element.number(least) or 0, 0)), MOST_INSTANCES)
        given = element.number(most)
        high = (
            min(int(given), MOST_INSTANCES)
            if given and given >= 1
            else (100 if element.kind == "paneldynamic" else MOST_INSTANCES)
        )
        high = max(high, low, 1)
        start = element.number(count)
        start = usual if start is None else int(max(start, 0))
        if entries := _entries(element):
            start = len(entries)
        repeat: Item = {"min": low, "max": high, "start": max(low, min(start, high))}
        rule = self._count_rule(layout, low, high)
        if rule is not None:
            repeat["count"] = rule
            return repeat
        add, remove = ADDING[element.kind]
        if element.off(add):
            repeat["max"] = max(repeat["start"], 1)
        if element.off(remove):
            repeat["min"] = repeat["start"]
        words = self.texts.plain(
            element.get("addPanelText" if element.kind == "paneldynamic" else "addRowText"),
            self.conditions.place(element),
            element.where,
        )
        return repeat | ({"add_label": words} if words else {})

    def _count_rule(self, layout: Layout, low: int, high: int) -> Rule | None:
        element = layout.element
        count, _, _, expression, usual = COUNTS[element.kind]
        bindings = element.get("bindings")
        if layout.first is not None and layout.first.homes == layout.homes:
            given = element.number(count)
            followed = self._followed(layout.first, usual if given is None else int(max(given, low)))
            if followed is not None:
                return {"op": "least", "of": [r.value(high), followed]}
        text = element.condition(expression)
        if not text and isinstance(bindings, dict) and isinstance(bindings.get(count), str):
            inside = any(above.kind == "paneldynamic" for above in element.around())
            text = f"{{{'panel.' if inside else ''}{bindings[count]}}}"  # a question beside it, in the same entry
        if not text:
            return None
        place = self.conditions.place(element)
        term = self.conditions.attempt(
            lambda: self.conditions.translator.value(text, place),
            element.where,
            f"{count} “{text[:120]}”",
            "the customer decides how many",
        )
        if term is None:
            return None
        start = element.number(count)
        number = r.either(r.unary("ceil", terms.number(term)), r.value(usual if start is None else start))
        return {"op": "greatest", "of": [r.value(low), {"op": "least", "of": [r.value(high), number]}]}

    @staticmethod
    def _followed(first: Layout, start: int) -> Rule | None:
        """How many entries there are where the answer is that of another question: a list of entries or of choices.

        As long as nothing is in its rows, a table has its own.
        """
        if first.element.repeats and first.type:
            return None  # nothing in it can be answered, and it is only shown
        if first.element.repeats:
            many: Rule = {"op": "instances", "over": first.id}
            own = first.element.kind == "matrixdynamic" and start != first.entries
            return r.choose(terms.filled(first.term), many, r.value(start)) if own else many
        return r.either(r.unary("count", r.field(first.id)), r.value(0)) if first.is_several else None

    def _entry_defaults(self, layout: Layout) -> None:
        """What stands in entries from the start."""
        element = layout.element
        entries = _entries(element)
        usual = element.get("defaultPanelValue" if element.kind == "paneldynamic" else "defaultRowValue")
        usual = usual if isinstance(usual, dict) else {}
        for name, inside in layout.inside.items():
            held = [_member(entry, name) for entry in entries]
            if inside.type and (any(not js.is_empty(each) for each in held) or not js.is_empty(_member(usual, name))):
                make = partial(_by_position, layout.id, held, _member(usual, name), self.fields.nothing)
                self.fields.defaults.setdefault(inside.element, []).append(make)

    def _some_entry(self, layout: Layout) -> list[Item]:
        """A repeating group that is compulsory needs one answer in one entry; a table is content with a row more."""
        element = layout.element
        compulsory = self.conditions.compulsory(element)
        if compulsory is False:
            return []
        held = [
            terms.filled(inside.term) for inside in layout.inside.values() if inside.type not in ("statement", "media")
        ]
        if not held:
            return []
        rule: Rule = {"op": "any_over", "over": layout.id, "of": r.some(*held)}
        if element.kind == "matrixdynamic":
            rule = terms.filled(layout.term)
        if isinstance(compulsory, dict):
            rule = r.some(r.opposite(compulsory), rule)
        words = self.texts.plain(element.get("requiredErrorText"), self.conditions.place(element), element.where)
        return [{"rule": rule, "message": words or self.texts.usual("some")}]


def _decided(rule: Rule) -> bool | Rule:
    return rule == r.YES if rule in (r.YES, r.NO) else rule


def _entries(element: Element) -> list[Any]:
    """The entries that are there from the start."""
    held = element.get("defaultValue")
    return held[:MOST_INSTANCES] if isinstance(held, list) and all(isinstance(each, dict) for each in held) else []


def _member(held: Any, name: str) -> Any:
    """A member of an object, in whatever letters its name is written."""
    if not isinstance(held, dict):
        return None
    return next((value for key, value in held.items() if str(key).lower() == name), None)


def _constant(value: Any, layout: Layout) -> Rule:
    return as_answer(Const(value), layout)


def _by_position(repeat: str, held: list[Any], usual: Any, nothing: Callable[[Layout], Rule], layout: Layout) -> Rule:
    """The value of an entry by its place."""
    rule = nothing(layout) if js.is_empty(usual) else as_answer(Const(usual), layout)
    position: Rule = {"op": "position", "over": repeat}
    for at, value in reversed(list(enumerate(held))):
        here = nothing(layout) if js.is_empty(value) else as_answer(Const(value), layout)
        rule = here if here == rule else r.choose(r.compare("is", position, r.value(at + 1)), here, rule)
    return rule
