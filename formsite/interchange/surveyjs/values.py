"""Values that are worked out for the whole survey: calculated values, and variables that triggers set. Nobody sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from formsite.interchange.surveyjs.conditions import Conditions
from formsite.interchange.surveyjs.elements import Element
from formsite.interchange.surveyjs.fields import Fields, Item
from formsite.interchange.surveyjs.layouts import Layout
from formsite.interchange.surveyjs.terms import Term
from formsite.interchange.surveyjs.finding import Place

MOST_VALUES = 500
Make = Callable[[Place], Term]


@dataclass(slots=True)
class Waiting:
    """A value, and the element right after which it can be worked out."""

    layout: Layout
    make: Make
    what: str
    place: Place


class Values:
    """Puts each value right after the last thing that it looks at."""

    def __init__(self, conditions: Conditions, fields: Fields) -> None:
        self.conditions = conditions
        self.layouts = conditions.layouts
        self.fields = fields
        self.waiting: dict[Element | None, list[Waiting]] = {}
        self.checks: dict[Element | None, list[Callable[[], Item]]] = {}
        self.done: set[Element | None] = set()

    def add(self, name: str, names: tuple[str, ...], make: Make, what: str, raw: Element) -> None:
        """A value called `name`, worked out of what `names` stand for."""
        known = self.conditions.translator.values
        if name.lower() in known or len(known) >= MOST_VALUES:
            self.conditions.lose(raw.where, what, "there is a value of that name already")
            return
        last = self._last(names)
        order = (
            0.5 if last is None else max(self.layouts.of[each].order for each in last.walk() if each in self.layouts.of)
        )
        layout = Layout(raw, self.layouts.names.take(name), "computed", int(order))
        known[name.lower()] = layout
        place = Place(None, int(order) + 1)
        self.waiting.setdefault(last, []).append(Waiting(layout, make, what, place))

    def _last(self, names: tuple[str, ...]) -> Element | None:
        """The element on a page that the last of some names stands in."""
        found: list[tuple[int, Element]] = []
        for name in names:
            for element in self.named(name):
                top = self._top(element)
                found.append((self.layouts.of[top].order, top))
        return max(found, key=lambda each: each[0])[1] if found else None

    def named(self, name: str) -> Iterator[Element]:
        """What a name stands for, or after which it can be worked out."""
        first = name.split("[")[0].strip().lower()
        for end in range(len(first.split(".")), 0, -1):
            key = ".".join(first.split(".")[:end])
            value = self.conditions.translator.values.get(key)
            if value is not None:
                at = next((at for at, held in self.waiting.items() if any(each.layout is value for each in held)), None)
                if at is not None:
                    yield at
                return
            layout = self.layouts.top.get(key) or self.layouts.top.get(key.removesuffix("-comment"))
            if layout is not None:
                yield self._part(layout, first[len(key) + 1 :]).element
                return

    @staticmethod
    def _part(layout: Layout, rest: str) -> Layout:
        """What the rest of a name means of a table or of several texts: a row, a cell, a line."""
        for step in rest.split("."):
            if layout.element.repeats or step not in layout.inside:
                break
            layout = layout.inside[step]
        return layout

    @staticmethod
    def _top(element: Element) -> Element:
        """What stands on the page itself."""
        while element.parent is not None and element.parent.kind != "page":
            element = element.parent
        return element

    def first(self) -> list[Item]:
        """Those that look at nothing."""
        return self.after(None)

    def after(self, element: Element | None) -> list[Item]:
        """Those that can be worked out after an element, and what is checked there."""
        self.done.add(element)
        found = [self._made(each) for each in self.waiting.pop(element, ())]
        return [*found, *(make() for make in self.checks.pop(element, ()))]

    def check_after(self, names: tuple[str, ...], element: Element, make: Callable[[int], Item]) -> bool:
        """A group to stand after the last thing that a check looks at; false where that is not later than `element`."""
        last, here = self._last(names), self.layouts.of[element].order
        later = any(self.layouts.of[each].order > here for name in names for each in self.named(name))
        if last is None or last in self.done or not later:
            return False
        order = max(self.layouts.of[each].order for each in last.walk() if each in self.layouts.of) + 1
        self.checks.setdefault(last, []).append(lambda: make(order))
        return True

    def _made(self, waiting: Waiting) -> Item:
        layout, where = waiting.layout, waiting.layout.element.where
        term = self.conditions.attempt(lambda: waiting.make(waiting.place), where, waiting.what, "it has no value")
        rule = self.fields.settle(layout, term, where)
        label = self.fields.texts.bare(layout.element.name or layout.id)
        return {"type": "computed", "id": layout.id, "label": label, "computed": rule, "settings": {"hidden": True}}
