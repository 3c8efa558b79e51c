"""Checks that look at what is asked later: they stand after that, or at the end of an entry of a group."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import Any

from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs.conditions import Conditions
from formsite.interchange.surveyjs.elements import Element
from formsite.interchange.surveyjs.layouts import Layout
from formsite.interchange.surveyjs.texts import Texts
from formsite.interchange.surveyjs.finding import Place

Limit = dict[str, Any]
Item = dict[str, Any]
Check = Callable[[Place], Rule | None]
Say = Callable[[Rule], Limit]


class Later:
    """Keeps such checks until they can be made: each is a group that nobody sees."""

    def __init__(self, conditions: Conditions, texts: Texts) -> None:
        self.conditions = conditions
        self.texts = texts
        self.after: Callable[[tuple[str, ...], Element, Callable[[int], Item]], bool] | None = None
        self.inside: dict[Element, list[Callable[[], Item]]] = {}
        self.checked: dict[str, str] = {}  # group that only checks -> the field that it checks

    def put_off(self, layout: Layout, names: tuple[str, ...], check: Check, say: Say) -> bool:
        """Whether a check of a question looks at later ones, and is made after them."""
        if layout.homes:
            return self._inside(layout, names, check, say)
        if self.after is None:
            return False

        def make(order: int) -> Item:
            hidden = r.opposite(self.conditions.shown_at_all(layout.element))
            return self._group(layout, hidden, check(Place(layout.element, order, own=True)), say)

        return self.after(names, layout.element, make)

    def _group(self, layout: Layout, hidden: Rule, rule: Rule | None, say: Say) -> Item:
        name = self.conditions.layouts.names.take(f"{layout.id}_checked")
        nothing = {"type": "computed", "id": f"{name[:56]}_value", "label": self.texts.bare(name)}
        self.checked[name] = layout.id
        inside = nothing | {"computed": r.value(""), "settings": {"hidden": True}}
        return {"type": "group", "id": name, "items": [inside], "limits": [say(r.some(hidden, rule or r.YES))]}

    def _inside(self, layout: Layout, names: tuple[str, ...], check: Check, say: Say) -> bool:
        """Within an entry of a group, at its end."""
        repeat = next(each for each in layout.element.around() if each.repeats)
        inside = self.conditions.layouts.of[repeat].inside
        named = [name.partition(".")[2].lower() for name in names if name.lower().startswith(("row.", "panel."))]
        if not any(name in inside and inside[name].order > layout.order for name in named):
            return False
        orders = [
            self.conditions.layouts.of[each].order for each in repeat.walk() if each in self.conditions.layouts.of
        ]

        def make() -> Item:
            within = [layout.element, *takewhile(lambda each: each is not repeat, layout.element.around())]
            shown = self.conditions.translator.shown
            hidden = r.opposite(r.every(*(shown.get(each, r.YES) for each in within)))
            place = Place(layout.element, max(orders) + 1, layout.homes, own=True)
            return self._group(layout, hidden, check(place), say)

        self.inside.setdefault(repeat, []).append(make)
        return True

    def of_entries(self, repeat: Element) -> list[Item]:
        """What is checked at the end of each entry of a group; known once what is in it is built."""
        return [make() for make in self.inside.pop(repeat, ())]
