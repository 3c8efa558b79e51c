"""One question of SurveyJS as a field of formsite: its words, settings, conditions and limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from formsite.definition.fieldtypes import registry
from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.sayings import say
from formsite.interchange.surveyjs import js, terms
from formsite.interchange.surveyjs.answers import as_answer, only_if
from formsite.interchange.surveyjs.conditions import Conditions
from formsite.interchange.surveyjs.elements import Element, Lose
from formsite.interchange.surveyjs.kinds import COMMENTED
from formsite.interchange.surveyjs.layouts import NUMBERED, SHAPES, Layout
from formsite.interchange.surveyjs.limits import Limits
from formsite.interchange.surveyjs.settings import Settings
from formsite.interchange.surveyjs.terms import (
    Bool,
    Cases,
    Chosen,
    Const,
    Date,
    Day,
    Number,
    Term,
    Untranslatable,
    Words,
)
from formsite.interchange.surveyjs.texts import Texts, unescaped
from formsite.interchange.surveyjs.texts import Words as Said

Item = dict[str, Any]
PERSONAL = re.compile(
    r"(^|[^a-z])(e?-?mail|(tele|mobile ?)?phone|(first|last|full|given|family|sur|your)[ _-]?name|name|address|post(al)?[ _-]?code|zip)"
    r"([^a-z]|$)",
    re.IGNORECASE,
)
PERSONAL_FILL = re.compile(r"name|email|tel|address|postal|bday", re.IGNORECASE)
MOST_WORDS = 2_000


class Fields:
    """Builds fields."""

    def __init__(self, conditions: Conditions, limits: Limits, texts: Texts) -> None:
        self.conditions = conditions
        self.layouts = conditions.layouts
        self.limits = limits
        self.texts = texts
        self.settings = Settings(conditions, texts)
        self.lose: Lose = conditions.lose
        self.defaults: dict[Element, list[Callable[[Layout], Rule]]] = {}  # what triggers set, the last first

    def build(self, element: Element, locked: Rule = r.NO) -> list[Item]:
        """The field, and what stands beside it."""
        layout = self.layouts.of[element]
        item: Item = {"id": layout.id, "type": layout.type, "label": self.label(element)}
        if layout.type in ("statement", "computed"):
            item = self._statement(layout, item) if layout.type == "statement" else self._computed(layout, item)
            return self._checked(layout, item, self.conditions.shown(element), [])
        hint = self.texts.rich(element.get("description"), self.conditions.place(element), element.where)
        if hint:
            item["hint"] = hint
        if settings := self.settings.of(layout):
            item["settings"] = settings
        item |= self._demand(layout, locked) | self._default(layout)
        if (invisible := self._invisible(layout, item)) is not None:
            return [invisible]
        free = item.get("read_only", False)
        if given := unless(free, self.limits.given(layout)):
            item["limits"] = given
        return self._checked(layout, item, self._shown(layout, item), unless(free, self.limits.always(layout)))

    def _invisible(self, layout: Layout, item: Item) -> Item | None:
        """A question that nobody ever sees: a text that may be given from outside, or the value that it starts with.

        None for others: those that a condition or a trigger may show, and those that would never hold anything.
        """
        element = layout.element
        if not element.off("visible") or element.condition("visibleIf") or element in self.conditions.shown_by:
            return None
        if layout.comment or layout.other or layout.remarks:
            return None  # what stands beside it may be looked at, and is no part of a value
        made: Item = {"id": layout.id, "label": item["label"]}
        made |= {name: item[name] for name in ("personal",) if name in item}
        if layout.type in ("short_text", "long_text"):
            return made | {"type": "hidden"} | ({"default": item["default"]} if "default" in item else {})
        if layout.is_several or "default" not in item:
            return None
        return made | {"type": "computed", "computed": item["default"], "settings": {"hidden": True}}

    def label(self, element: Element) -> Said:
        """The words of a question; its name where it has none."""
        place = self.conditions.place(element)
        words = self.texts.plain(element.get("title"), place, element.where)
        return words or self.texts.bare(element.name or self.layouts.of[element].id)

    def _shown(self, layout: Layout, item: Item) -> Rule:
        shown = self.conditions.shown(layout.element)
        offered = item.get("settings", {})
        for name, key in (("hideIfChoicesEmpty", "choices"), ("hideIfRowsEmpty", "rows")):
            if layout.element.flag(name) and (offered.get(key) or offered.get("choices_from")):
                own = [each.get("shown_if", r.YES) for each in offered.get(key, ())]
                shown = r.every(shown, r.some(*own, *_carried_over(layout, offered)))
        return shown

    def _checked(self, layout: Layout, item: Item, shown: Rule, always: list[Item]) -> list[Item]:
        """The field in a group that checks it where it is not answered, too; and the text for a comment after it."""
        if always:
            item = {
                "type": "group",
                "id": self.layouts.names.take(f"{layout.id}_checked"),
                "items": [item],
                "limits": always,
            }
        if shown != r.YES:
            item["shown_if"] = shown
        found = [item, *self._remarks(layout, shown)]
        if not layout.comment or layout.type in COMMENTED:
            return found
        words = self.texts.plain(
            layout.element.get("commentText"), self.conditions.place(layout.element), layout.element.where
        )
        comment: Item = {"id": layout.comment, "type": "long_text", "label": words or self.texts.usual("comment")}
        return [*found, comment | ({"shown_if": shown} if shown != r.YES else {})]

    def _remarks(self, layout: Layout, shown: Rule) -> list[Item]:
        """The texts that single choices open."""
        found = []
        for name, path in layout.remarks.items():
            choice, op = layout.offered[name], "contains" if layout.is_several else "is"
            chosen = r.compare(op, r.field(layout.id), r.value(name))
            place, where = self.conditions.place(layout.element), layout.element.where
            made: Item = {"type": "long_text", "id": path, "label": self.texts.usual("comment")}
            made["hint"] = self.texts.rich(choice.text, place, where) or self.texts.bare(js.text(choice.value))
            if choice.raw.get("isCommentRequired") is True:
                made["compulsory"] = True
            found.append(made | {"shown_if": r.every(shown, chosen)})
        return found

    # -- demands -----------------------------------------------------------------------------------------------------
    def _demand(self, layout: Layout, locked: Rule) -> Item:
        """Whether it is compulsory, personal, and can be changed."""
        element, demand = layout.element, Item()
        read_only = r.some(locked, self.conditions.read_only(element))
        if read_only != r.NO:
            demand["read_only"] = True if read_only == r.YES else read_only
        compulsory = self.conditions.compulsory(element)
        rows = layout.type in ("matrix_one", "matrix_several") and element.flag("eachRowRequired")
        if rows or (layout.type == "several_texts" and any(child.flag("isRequired") for child in element.children)):
            compulsory = True
        if self._personal(layout):
            demand["personal"] = True
        if compulsory is False:
            return demand
        demand["compulsory"] = compulsory
        words = self.texts.plain(element.get("requiredErrorText"), self.conditions.place(element), element.where)
        if words:
            demand["compulsory_message"] = words
        if demand.get("personal"):
            demand["why"] = say("why", tuple(self.texts.tags))
            self.lose(
                element.where,
                "why it is compulsory",
                "customers are told so; put your own reason in place of a general one",
            )
        return demand

    def _personal(self, layout: Layout) -> bool:
        if registry.get(layout.type).personal:
            return True
        if layout.type not in ("short_text", "long_text", "pattern_text"):
            return False
        element = layout.element
        title = element.get("title")
        names = [element.name, title if isinstance(title, str) else ""]
        return (
            any(PERSONAL.search(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ")) for name in names)
            or element.word("inputType") in ("tel", "email")
            or bool(PERSONAL_FILL.search(element.word("autocomplete")))
        )

    # -- defaults ----------------------------------------------------------------------------------------------------
    def _default(self, layout: Layout) -> Item:
        """The answer until the customer gives one: by a trigger, by an expression, or the same for all."""
        element = layout.element
        rule = self._usual_default(layout) or self._shared_default(layout)
        if element.get("resetValueIf"):
            self.lose(element.where, "resetValueIf", "formsite takes no answer back")
        rule = self._set_by_expression(layout, rule)
        for make in self.defaults.get(element, ()):
            made = self.conditions.attempt(
                partial(make, layout), element.where, "a trigger that sets it", "nothing is filled in"
            )
            if made is not None:
                rule = made if rule is None else {"op": "or_else", "of": [made, rule]}
        return {} if rule is None else {"default": rule}

    def _usual_default(self, layout: Layout) -> Rule | None:
        element = layout.element
        held, text = element.get("defaultValue"), element.condition("defaultValueExpression")
        if isinstance(held, str) and held.startswith("="):
            text = text or held[1:]
            held = None
        usual = None if js.is_empty(held) else self._answer(layout, Const(held), "its default answer")
        if not text:
            return usual
        place = self.conditions.place(element)
        term = self.conditions.attempt(
            lambda: self.conditions.translator.value(text, place),
            element.where,
            "defaultValueExpression",
            "nothing is filled in",
        )
        made = None if term is None else self._answer(layout, term, "its default answer")
        if made is None or usual is None:
            return usual if made is None else made
        return {"op": "or_else", "of": [made, usual]}

    @staticmethod
    def _shared_default(layout: Layout) -> Rule | None:
        """The answer to the question that keeps it under the same name."""
        first = layout.first
        if first is None or first.homes != layout.homes or first.type in ("", "statement", "media"):
            return None
        try:
            return as_answer(first.term, layout)
        except Untranslatable:
            return None

    def _set_by_expression(self, layout: Layout, usual: Rule | None) -> Rule | None:
        element = layout.element
        if not element.condition("setValueExpression"):
            if element.condition("setValueIf"):
                self.lose(element.where, "setValueIf", "formsite takes no answer back")
            return usual
        term = self.conditions.value(element, "setValueExpression", "nothing is filled in")
        made = None if term is None else self._answer(layout, term, "what its setValueExpression yields")
        if made is None:
            return usual
        self.lose(element.where, "setValueExpression", "the answer follows it until the customer changes it")
        if (text := element.condition("setValueIf")) != "":
            place = self.conditions.place(element)
            when = self.conditions.attempt(
                lambda: self.conditions.translator.loosely(text, place),
                element.where,
                "setValueIf",
                "nothing is filled in",
            )
            if when is None:
                return usual
            made = only_if(when, made)
        return made if usual is None else {"op": "or_else", "of": [made, usual]}

    @staticmethod
    def nothing(layout: Layout) -> Rule:
        """What is no answer, of the kind that the field has."""
        if layout.type in NUMBERED:
            return r.NOTHING
        if layout.type == "yes_no":
            return {"op": "is", "left": r.NOTHING, "right": r.value(0)}
        if layout.type == "date":
            return r.unary("date_of", r.value(""))
        if layout.type in SHAPES or layout.is_several:
            raise Untranslatable("there is no empty value of its kind")
        return r.value("")

    def _answer(self, layout: Layout, term: Term, what: str) -> Rule | None:
        return self.conditions.attempt(
            lambda: as_answer(term, layout), layout.element.where, what, "nothing is filled in"
        )

    # -- values ------------------------------------------------------------------------------------------------------
    def _computed(self, layout: Layout, item: Item) -> Item:
        """A value that is worked out and shown."""
        element = layout.element
        term = self.conditions.value(element, "expression", "it has no value; compute it by hand")
        if element.word("format") or isinstance(element.get("format"), dict):
            self.lose(element.where, "its format", "the value stands by itself; put the words into the label")
        item["computed"] = self.settle(layout, term, element.where)
        places = element.number("maximumFractionDigits")
        if places is not None and 0 <= places <= 9 and isinstance(layout.term, Number):
            item["settings"] = {"decimals": int(places)}
        precision = element.number("precision")
        if precision is not None and 0 <= precision <= 9 and isinstance(layout.term, Number):
            item["computed"] = {"op": "round", "of": item["computed"], "places": int(precision)}
        return item

    def settle(self, layout: Layout, term: Term | None, where: str) -> Rule:
        """The rule of a computed value; from now on its name stands for the field."""
        here = r.field(layout.id)
        if term is None:
            layout.term = terms.NOTHING
            return r.value("")
        if isinstance(term, Number) or (isinstance(term, Cases | Const) and terms.is_numeric(term)):
            layout.term, rule = Number(here), terms.number(term)
        elif isinstance(term, Bool):
            layout.term, rule = Bool(r.compare("is", here, r.YES)), term.rule
        elif isinstance(term, Day):
            layout.term, rule = Day(here, term.shape), term.rule
        elif isinstance(term, Date) and not term.now:
            layout.term, rule = Date(here), term.rule
        else:
            layout.term = Words(here)
            said = self.conditions.attempt(lambda: terms.said(term), where, "its value", "it has none")
            rule = r.value("") if said is None else said
        bounded = self.conditions.attempt(lambda: terms.bounded(rule), where, "its value", "it has none")
        if bounded is None:
            layout.term = terms.NOTHING
            return r.value("")
        return bounded

    # -- statements --------------------------------------------------------------------------------------------------
    def _statement(self, layout: Layout, item: Item) -> Item:
        element, place = layout.element, self.conditions.place(layout.element)
        if element.kind == "image":
            alt = self.texts.plain(element.get("altText"), place, element.where)
            link = element.get("imageLink")
            self.lose(element.where, "its picture", "formsite shows no pictures of other servers; upload it")
            if isinstance(link, str) and link.startswith("https://") and len(link) < 1_000:
                item = {**item, "type": "media", "settings": {"link": link, "link_label": alt or item["label"]}}
                layout.type = "media"
            return item | {"label": alt or item["label"]}
        body = self.texts.rich(element.get("html"), place, element.where)
        if body is None:
            return item
        title = self.texts.plain(element.get("title"), place, element.where)
        heading = title or self.texts.plain(element.get("html"), place, element.where) or item["label"]
        short = all(len(said) <= MOST_WORDS and "\n" not in body.get(tag, "").strip() for tag, said in heading.items())
        if title is None and short and all(_plainly(body.get(tag, "")) for tag in body):
            return item | {"label": heading}
        label = title or {tag: _first(said) or item["label"][self.texts.base] for tag, said in body.items()}
        rest = body if title else {tag: _without_first(said) for tag, said in body.items()}
        rest = {tag: said for tag, said in rest.items() if said.strip()}
        return item | {"label": label} | ({"settings": {"body": rest}} if rest else {})


def _carried_over(layout: Layout, offered: Item) -> list[Rule]:
    """When a question that takes over choices of another has some to offer."""
    source = layout.source if "choices_from" in offered else None
    if source is None:
        return []
    which = offered["choices_from"]["which"]
    if which == "all" or not isinstance(source.term, Chosen | Cases):
        return [r.YES]
    chosen = [rule for _, rule in (source.term.items if isinstance(source.term, Chosen) else source.term.cases)]
    return chosen if which == "chosen" else [r.opposite(r.every(*chosen))]


def unless(free: bool | Rule, limits: list[Item]) -> list[Item]:
    """The limits where the answer can be changed: what nobody can mend is not checked."""
    if free is True:
        return []
    if free is False or free == r.NO:
        return limits
    return [limit | {"rule": r.some(free, limit["rule"])} for limit in limits]


def _plainly(markdown: str) -> bool:
    """Whether a text has no marks that a heading would lose."""
    return not re.search(r"(?<!\\)[*`\[]|^(#|>|- |\d+\. )", markdown, re.MULTILINE)


def _first(markdown: str) -> str:
    """The words of the first paragraph."""
    words = unescaped(re.sub(r"^(#+|>|-|\d+\.) ", "", markdown.strip().split("\n")[0]))
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words).strip()[:MOST_WORDS]


def _without_first(markdown: str) -> str:
    return markdown.strip().partition("\n")[2].strip()
