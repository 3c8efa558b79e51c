"""Conditions of elements as rules; what cannot be one is named as lost, with what is so instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs.elements import Choice, Element, Lose
from formsite.interchange.surveyjs.expressions import Unwritten
from formsite.interchange.surveyjs.layouts import Layout, Layouts
from formsite.interchange.surveyjs.terms import Const, Term, Untranslatable, bounded
from formsite.interchange.surveyjs.finding import Place
from formsite.interchange.surveyjs.translation import Translator

Made = TypeVar("Made")
LONGEST = 120


class Conditions:
    """Translates what elements say of themselves."""

    def __init__(self, layouts: Layouts, translator: Translator, lose: Lose) -> None:
        self.layouts = layouts
        self.translator = translator
        self.lose = lose
        self.shown_by: dict[Element, Rule] = {}  # what a trigger decides

    def place(self, element: Element, item: Const | None = None, *, own: bool = False) -> Place:
        """Where an element stands."""
        layout = self.layouts.of[element]
        return Place(element, layout.order, layout.homes, item, own)

    @staticmethod
    def place_of(layout: Layout) -> Place:
        """Where what is laid out so stands; cells of a table stand where it does."""
        return Place(layout.element, layout.order, layout.homes)

    def attempt(self, make: Callable[[], Made], where: str, what: str, instead: str) -> Made | None:
        """What is made, or None where there can be nothing; that is named."""
        self.translator.unknown.clear()
        try:
            made = make()
            if isinstance(made, dict):
                bounded(made)
        except Unwritten as refusal:
            self.lose(where, what, f"SurveyJS cannot read it either ({refusal}); {instead}")
            return None
        except Untranslatable as refusal:
            self.lose(where, what, f"{refusal}; {instead}")
            return None
        for name in self.translator.unknown:
            self.lose(where, what, f"there is no question “{name}”; it counts as empty, as in SurveyJS")
        return made

    def value(self, element: Element, name: str, instead: str, *, own: bool = False) -> Term | None:
        """The value of an expression that a property holds; None if there is none."""
        text = element.condition(name)
        if not text:
            return None
        place = self.place(element, own=own)
        what = f"{name} “{text[:LONGEST]}”"
        return self.attempt(lambda: self.translator.value(text, place), element.where, what, instead)

    # -- of elements -------------------------------------------------------------------------------------------------
    def shown(self, element: Element) -> Rule:
        """When an element is shown, if what it stands in is."""
        known = self.translator.shown
        if element not in known:
            known[element] = self._shown(element)
        return known[element]

    def shown_at_all(self, element: Element) -> Rule:
        """When an element and all that it stands in are shown."""
        known = self.translator.shown
        return r.every(*(known.get(each, r.YES) for each in (element, *element.around())))

    def _shown(self, element: Element) -> Rule:
        usual = r.NO if element.off("visible") else r.YES
        if element in self.shown_by:
            return self.shown_by[element]
        text = element.condition("visibleIf")
        if not text:
            return usual
        instead = "it is always shown" if usual == r.YES else "it is hidden, as it is without the condition"
        made = self._rule(element, "visibleIf", text, instead)
        return usual if made is None else made

    def compulsory(self, element: Element) -> bool | Rule:
        """Whether an answer is needed."""
        text = element.condition("requiredIf")
        if not text:
            return element.flag("isRequired")
        usual = element.flag("isRequired")
        made = self._rule(element, "requiredIf", text, "it is compulsory" if usual else "it is optional")
        return usual if made is None else _plain(made)

    def read_only(self, element: Element) -> Rule:
        """When an answer cannot be changed."""
        usual = r.YES if element.flag("readOnly") else r.NO
        text = element.condition("enableIf")
        if not text:
            return usual
        made = self._rule(element, "enableIf", text, "it can be changed", wanted=False)
        return usual if made is None else made

    def _rule(self, element: Element, name: str, text: str, instead: str, *, wanted: bool = True) -> Rule | None:
        place = self.place(element)
        what = f"{name} “{text[:LONGEST]}”"
        return self.attempt(lambda: self.translator.condition(text, place, wanted), element.where, what, instead)

    def offered(self, element: Element, choice: Choice, common: str, kind: str = "choice") -> Rule:
        """When a choice, row or column is offered. What is greyed out there is not offered here."""
        own = choice.raw.get("visibleIf")
        shown = own if isinstance(own, str) and own.strip() else element.condition(common)
        rule = self._of_item(element, choice, shown, common, kind) if shown else r.YES
        if choice.raw.get("visible") is False and not shown:
            rule = r.NO
        own = choice.raw.get("enableIf")
        enabled = (
            own if isinstance(own, str) and own.strip() else element.condition(common.replace("Visible", "Enable"))
        )
        if not enabled:
            return rule
        self.lose(element.where, f"a {kind} that is greyed out", "formsite does not offer it at all then")
        return r.every(rule, self._of_item(element, choice, enabled, common.replace("Visible", "Enable"), kind))

    def _of_item(self, element: Element, choice: Choice, text: str, name: str, kind: str) -> Rule:
        place = self.place(element, Const(choice.value))
        what = f"{name} “{text[:LONGEST]}”"
        made = self.attempt(
            lambda: self.translator.loosely(text, place), element.where, what, f"the {kind} is always offered"
        )
        return r.YES if made is None else made


def _plain(rule: Rule) -> bool | Rule:
    return rule["value"] if rule in (r.YES, r.NO) else rule
