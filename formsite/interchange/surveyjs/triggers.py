"""Triggers of a survey: values that they set become defaults or values, ends and skips become jumps, what they show
becomes conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs import js, terms
from formsite.interchange.surveyjs.answers import as_answer, only_if
from formsite.interchange.surveyjs.conditions import Conditions
from formsite.interchange.surveyjs.elements import Element
from formsite.interchange.surveyjs.expressions import names_of
from formsite.interchange.surveyjs.fields import Fields
from formsite.interchange.surveyjs.layouts import Layout
from formsite.interchange.surveyjs.terms import NOTHING, Const, Term
from formsite.interchange.surveyjs.finding import Place
from formsite.interchange.surveyjs.values import Values

END = "end"
MOST_JUMPS = 50
"""Of a page."""
OPERATORS = frozenset(
    "empty notempty equal notequal contains notcontains greater less greaterorequal lessorequal".split()
)


class Triggers:
    """Reads the triggers, and hands each over to what it becomes."""

    def __init__(self, root: Element, conditions: Conditions, fields: Fields, values: Values) -> None:
        self.root = root
        self.conditions = conditions
        self.layouts = conditions.layouts
        self.fields = fields
        self.values = values
        self.lose = conditions.lose
        self.jumps: list[tuple[str, str, str]] = []  # condition, page to go to, where
        for at, raw in enumerate(root.list("triggers")):
            if isinstance(raw, dict):
                self._one(raw, Element("trigger", "", raw, f"/triggers/{at}"))
            else:
                self.lose(f"/triggers/{at}", "the trigger", "it is no object")
        if root.get("triggers") is not None and not isinstance(root.get("triggers"), list):
            self.lose("/triggers", "the triggers", "they are no list")

    def _one(self, raw: Mapping[str, Any], trigger: Element) -> None:
        kind = trigger.word("type").removesuffix("trigger")
        make = {
            "visible": self._visible,
            "complete": self._complete,
            "skip": self._skip,
            "setvalue": self._set_value,
            "copyvalue": self._copy_value,
            "runexpression": self._run_expression,
        }.get(kind)
        if make is None:
            self.lose(trigger.where, f"the trigger “{kind}”", "formsite does not know it")
            return
        make(trigger, expression_of(raw))

    # -- what is shown -----------------------------------------------------------------------------------------------
    def _visible(self, trigger: Element, text: str) -> None:
        wanted = {str(name) for key in ("pages", "questions") for name in trigger.list(key)}
        for element in self.layouts.of:
            if element.name in wanted:
                rule = self._when(
                    trigger, text, self.conditions.place(element), "what it shows keeps its own condition"
                )
                if rule is not None:
                    self.conditions.shown_by[element] = rule

    def _when(self, trigger: Element, text: str, place: Place, instead: str) -> Rule | None:
        if not text:
            self.lose(trigger.where, "the trigger", f"it has no condition; {instead}")
            return None
        return self.conditions.attempt(
            lambda: self.conditions.translator.condition(text, place),
            trigger.where,
            f"the condition “{text[:120]}”",
            instead,
        )

    # -- ends and skips ----------------------------------------------------------------------------------------------
    def _complete(self, trigger: Element, text: str) -> None:
        self.jumps.append((text, END, trigger.where))

    def _skip(self, trigger: Element, text: str) -> None:
        name = trigger.word("gotoName")
        target = next((each for each in self.layouts.of if each.name == name and each.kind != "row"), None)
        if target is None:
            self.lose(trigger.where, "the skip", f"there is no “{name}” to go to")
            return
        page = next(each for each in (target, *target.around()) if each.kind == "page")
        self.jumps.append((text, self.layouts.of[page].id, trigger.where))

    def add_jumps(self, pages: list[dict[str, Any]]) -> None:
        """Each jump on the page with the last question that its condition looks at."""
        at = {each["id"]: number for number, each in enumerate(pages)}
        for text, to, where in self.jumps:
            page = self._page_of(text)
            number = at.get(page or "")
            if not text or number is None:
                self.lose(where, "the jump", "its condition looks at no question; the next page follows")
            elif to != END and at.get(to, -1) <= number:
                self.lose(where, "the skip", "it goes to the same page or back; formsite goes on to later pages only")
            elif len(pages[number].get("jumps", ())) >= MOST_JUMPS:
                self.lose(where, "the jump", f"a page has {MOST_JUMPS} at most; the next page follows")
            elif to == END and number == len(pages) - 1:
                self.lose(where, "the early end", "it could only end the last page, and that ends anyway")
            else:
                rule = self._jump_rule(text, where)
                if rule is not None:
                    pages[number].setdefault("jumps", []).append({"if": rule, "to": to})

    def _jump_rule(self, text: str, where: str) -> Rule | None:
        place = Place(None, self.layouts.order + 1)
        return self.conditions.attempt(
            lambda: self.conditions.translator.condition(text, place),
            where,
            f"the condition “{text[:120]}”",
            "the next page follows",
        )

    def _page_of(self, text: str) -> str | None:
        """The page of the last question that a condition looks at."""
        last: Element | None = None
        for name in names_of(text):
            for element in self.values.named(name):
                page = next((each for each in element.around() if each.kind == "page"), None)
                if page is not None and (last is None or self.layouts.of[page].order > self.layouts.of[last].order):
                    last = page
        return None if last is None else self.layouts.of[last].id

    # -- values ------------------------------------------------------------------------------------------------------
    def _set_value(self, trigger: Element, text: str) -> None:
        value = trigger.get("setValue")
        if isinstance(value, str) and value.startswith("="):
            return self._set(trigger, text, value[1:], lambda place: self.conditions.translator.value(value[1:], place))
        return self._set(trigger, text, "", lambda _place: Const(value))

    def _run_expression(self, trigger: Element, text: str) -> None:
        run = trigger.condition("runExpression")
        if not trigger.word("setToName"):
            self.lose(trigger.where, "the expression that it runs", "its value goes nowhere")
            return None
        return self._set(trigger, text, run, lambda place: self.conditions.translator.value(run, place))

    def _copy_value(self, trigger: Element, text: str) -> None:
        source = trigger.word("fromName")
        return self._set(
            trigger,
            text,
            f"{{{source}}}",
            lambda place: self.conditions.translator.find(source, place).term,
            always=True,
        )

    def _set(
        self, trigger: Element, text: str, used: str, make: Callable[[Place], Term], *, always: bool = False
    ) -> None:
        name = trigger.word("setToName")
        if not name or (not text and not always):
            self.lose(
                trigger.where, "the value that it sets", "it has no condition" if name else "it says not where to"
            )
            return
        target = self.layouts.top.get(name.lower())
        if target is None or trigger.flag("isVariable"):
            self._variable(trigger, name, text, used, make)
            return
        if not target.type or target.type in ("statement", "computed"):
            self.lose(trigger.where, f"the value that it sets for “{name}”", "that is answered in parts, or not at all")
            return
        self.lose(
            trigger.where, f"the trigger that sets “{name}”", "the answer follows it until the customer changes it"
        )
        self.fields.defaults.setdefault(target.element, []).append(lambda layout: self._default(layout, text, make))

    def _default(self, layout: Layout, text: str, make: Callable[[Place], Term]) -> Rule:
        place = self.conditions.place(layout.element)
        rule = as_answer(make(place), layout)
        if not text:
            return rule
        return only_if(self.conditions.translator.condition(text, place), rule)

    def _variable(self, trigger: Element, name: str, text: str, used: str, make: Callable[[Place], Term]) -> None:
        def value(place: Place) -> Term:
            term = make(place)
            return term if not text else terms.chosen(self.conditions.translator.condition(text, place), term, NOTHING)

        owner = Element("value", name, trigger.raw, trigger.place)
        self.values.add(name, (*names_of(text), *names_of(used)), value, f"the value “{name}”", owner)


def expression_of(raw: Mapping[str, Any]) -> str:
    """The condition of a trigger; earlier versions wrote it as a name, an operator and a value."""
    text = raw.get("expression")
    if isinstance(text, str) and text.strip():
        return text.strip()
    name, value = raw.get("name"), raw.get("value")
    op = str(raw.get("operator", "equal")).lower()
    op = op if op in OPERATORS else "equal"
    if not isinstance(name, str) or not name:
        return ""
    if op in ("empty", "notempty"):
        return f"{{{name}}} {op}"
    if js.is_empty(value):
        return ""
    plain = js.number(value) is not None or isinstance(value, bool) or str(value).lower() in ("true", "false")
    quoted = js.text(value).replace("'", "\\'").replace('"', '\\"')
    return f"{{{name}}} {op} " + (js.text(value) if plain else f"'{quoted}'")
