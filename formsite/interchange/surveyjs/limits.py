"""What SurveyJS checks about answers, as limits: validators, bounds, steps, how many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from formsite.definition.logic import patterns
from formsite.interchange import rules as r
from formsite.interchange.looks import without_looks
from formsite.interchange.rules import Rule
from formsite.interchange.sayings import say
from formsite.interchange.surveyjs import comparing, js, terms
from formsite.interchange.surveyjs.expressions import names_of
from formsite.interchange.surveyjs.conditions import Conditions
from formsite.interchange.surveyjs.elements import Element
from formsite.interchange.surveyjs.kinds import OTHER, selected
from formsite.interchange.surveyjs.later import Later
from formsite.interchange.surveyjs.layouts import Layout
from formsite.interchange.surveyjs.terms import NOTHING, Chosen, Const, Day, Term, Untranslatable
from formsite.interchange.surveyjs.texts import Texts, Words
from formsite.interchange.surveyjs.finding import Place
from formsite.interchange.surveyjs.uniqueness import unique_in_entries, unique_in_rows

Limit = dict[str, Any]
Item = dict[str, Any]
EMAIL = (
    r'^(([^<>()\[\].,;:\s@"]+(\.[^<>()\[\].,;:\s@"]+)*)|(".+"))'
    r'@(([^<>()=\[\].,;:\s@"]+\.)+[^<>()=\[\].,;:\s@"]{2,})$'
)
BOUNDED = frozenset({"number", "date", "date_time", "month", "time", "slider"})
LONGEST = 120
MOST_CHECKS = 20
"""Of a question."""


class Limits:
    """Makes limits of what an element says of its answer."""

    def __init__(self, conditions: Conditions, texts: Texts) -> None:
        self.conditions = conditions
        self.texts = texts
        self.lose = conditions.lose
        self.later = Later(conditions, texts)

    def given(self, layout: Layout) -> list[Limit]:
        """What is checked where there is an answer."""
        found = [*self._bounds(layout), *self._step(layout), *self._other(layout), *self._unique(layout)]
        for at, raw, kind in self._validators(layout.element):
            if kind in _CHECKS:
                found += self._checked(layout, at, raw, kind)
        return found

    def _other(self, layout: Layout) -> Iterator[Limit]:
        """Whoever chooses something else says what."""
        name = layout.choice_id(OTHER) if layout.other else None
        if name is not None:
            chosen = r.compare("contains" if layout.is_several else "is", r.field(layout.id), r.value(name))
            rule = r.some(r.opposite(chosen), r.known(r.field(layout.other)))
            own = layout.element.get("otherErrorText")
            yield self._limit(layout, rule, own, self.texts.usual("say_what"))

    def _unique(self, layout: Layout) -> Iterator[Limit]:
        """No two entries have the answer."""
        repeat = next((each for each in layout.element.around() if each.repeats), None)
        rule = self.conditions.attempt(
            lambda: unique_in_entries(layout), layout.element.where, "that it is unique", "any answer is taken"
        )
        if rule is not None and repeat is not None:
            yield self._limit(layout, rule, repeat.get("keyDuplicationError"), self.texts.usual("unique"))

    def of_rows(self, layout: Layout) -> list[Limit]:
        """No two rows of a table have the same in a column."""
        made = self.conditions.attempt(
            lambda: list(unique_in_rows(layout.element, layout.inside)),
            layout.element.where,
            "that a column is unique",
            "any answer is taken",
        )
        own = layout.element.get("keyDuplicationError")
        return [self._limit(layout, rule, own, self.texts.usual("unique")) for _, rule in made or () if rule != r.YES]

    def always(self, layout: Layout) -> list[Limit]:
        """What is checked where there is none, too."""
        found = []
        for _, raw, kind in self._validators(layout.element):
            if kind == "expression" and isinstance(raw.get("expression"), str) and raw["expression"].strip():
                text, own = raw["expression"], raw.get("text")
                check = partial(self._expression, layout, text)
                say_so = partial(self._limit, layout, own=own, usual=self.texts.usual("impossible"))
                if self.later.put_off(layout, names_of(text), check, say_so):
                    continue
                rule = check(self.conditions.place(layout.element, own=True))
                if rule is not None and rule != r.YES:
                    found.append(say_so(rule))
        least, _ = selected(layout.element)
        if least and least >= 1 and layout.is_several:
            found.append(self._limit(layout, self._enough(layout, least), None, self._say("least_selected", least)))
        return found

    def _enough(self, layout: Layout, least: float) -> Rule:
        here = r.field(layout.id)
        alone = [
            name for name, choice in layout.offered.items() if choice.raw.get("special") and choice.value != "other"
        ]
        only = [r.compare("contains", here, r.value(name)) for name in alone]
        return r.some(r.compare("at_least", r.unary("count", here), r.value(least)), *only)

    def _expression(self, layout: Layout, text: str, place: Place) -> Rule | None:
        return self.conditions.attempt(
            lambda: self.conditions.translator.condition(text, place),
            layout.element.where,
            f"the check “{text[:LONGEST]}”",
            "any answer is taken",
        )

    def _validators(self, element: Element) -> Iterator[tuple[int, Mapping[str, Any], str]]:
        held = element.get("validators")
        if held is not None and not isinstance(held, list):
            self.lose(element.where, "its validators", "they are no list; any answer is taken")
        for at, raw in enumerate(element.list("validators")):
            kind = str(raw.get("type", "")).removesuffix("validator") if isinstance(raw, dict) else ""
            if at >= MOST_CHECKS:
                self.lose(
                    element.where, f"validators[{at}]", f"a question has {MOST_CHECKS} at most; any answer is taken"
                )
            elif kind not in _CHECKS and kind != "expression":
                self.lose(element.where, f"validators[{at}]", "formsite does not know this kind; any answer is taken")
            elif raw.get("notificationType", "error") != "error":
                self.lose(
                    element.where, f"validators[{at}]", "it only warns, and formsite either takes an answer or not"
                )
            else:
                yield at, raw, kind

    def _checked(self, layout: Layout, at: int, raw: Mapping[str, Any], kind: str) -> Iterator[Limit]:
        make, usual = _CHECKS[kind]
        rule = self.conditions.attempt(
            lambda: make(layout.term, raw), layout.element.where, f"validators[{at}]", "any answer is taken"
        )
        if rule is not None and rule != r.YES:
            yield self._limit(layout, rule, raw.get("text"), self._usual(usual, raw))

    def _usual(self, key: str, raw: Mapping[str, Any]) -> Words:
        bounds = {"numeric": ("minValue", "maxValue", "least", "most")}.get(key)
        if bounds is None:
            return self._say("format") if key != "number" else self._say("number")
        least, most = js.number(raw.get(bounds[0])), js.number(raw.get(bounds[1]))
        if least is not None and most is None:
            return self._say(bounds[2], least)
        return self._say(bounds[3], most) if most is not None and least is None else self._say("number")

    def _say(self, key: str, number: float | None = None) -> Words:
        return say(key, tuple(self.texts.tags), n=js.text(number))

    def _limit(self, layout: Layout, rule: Rule, own: Any, usual: Words) -> Limit:
        place = self.conditions.place(layout.element, own=True)
        return {"rule": rule, "message": self.texts.plain(own, place, layout.element.where) or usual}

    # -- bounds ------------------------------------------------------------------------------------------------------
    def _bounds(self, layout: Layout) -> Iterator[Limit]:
        """Bounds that are worked out, or have words of their own."""
        if layout.type not in BOUNDED:
            return
        for name, op, key in (("min", "<", "least"), ("max", ">", "most")):
            text = self._bound_text(layout.element, name)
            usual, own = self.texts.usual("impossible"), self._bound_words(layout, name, NOTHING)
            later = partial(self._beyond, layout, name, op)
            if text and self.later.put_off(
                layout, names_of(text), later, partial(self._limit, layout, own=own, usual=usual)
            ):
                continue
            bound = self._bound(layout, name, self.conditions.place(layout.element))
            if bound is None or (isinstance(bound, Const) and not self._has_words(layout, name)):
                continue
            rule = self._within(layout, name, op, bound)
            if rule is not None and rule != r.YES:
                yield self._limit(layout, rule, self._bound_words(layout, name, bound), self._bound_usual(key, bound))

    def _beyond(self, layout: Layout, name: str, op: str, place: Place) -> Rule | None:
        bound = self._bound(layout, name, place)
        return None if bound is None else self._within(layout, name, op, bound)

    def _within(self, layout: Layout, name: str, op: str, bound: Term) -> Rule | None:
        return self.conditions.attempt(
            lambda: r.opposite(comparing.compare(op, layout.term, bound)),
            layout.element.where,
            f"its {name}",
            "any answer is taken",
        )

    def _has_words(self, layout: Layout, name: str) -> bool:
        return layout.element.get(f"{name}ErrorText") is not None

    @staticmethod
    def _bound_text(element: Element, name: str) -> str:
        """The expression of a bound; empty where it is the same for all."""
        held = element.get(name)
        written = held[1:] if isinstance(held, str) and held.startswith("=") else ""
        return element.condition(f"{name}ValueExpression") or written

    def _bound(self, layout: Layout, name: str, place: Place) -> Term | None:
        element, held = layout.element, layout.element.get(name)
        text = self._bound_text(element, name)
        if not text:
            return None if js.is_empty(held) or isinstance(held, dict | list) else Const(held)
        what = f"its {name} “{text[:LONGEST]}”"
        return self.conditions.attempt(
            lambda: self.conditions.translator.value(text, place), element.where, what, "any answer is taken"
        )

    def _bound_words(self, layout: Layout, name: str, bound: Term) -> Any:
        own = layout.element.get(f"{name}ErrorText")
        said = js.text(bound.value) if isinstance(bound, Const) else ""
        if isinstance(own, str):
            return own.replace("{0}", said)
        return (
            {tag: text.replace("{0}", said) for tag, text in own.items() if isinstance(text, str)}
            if isinstance(own, dict)
            else None
        )

    def _bound_usual(self, key: str, bound: Term) -> Words:
        if isinstance(bound, Const) and js.number(bound.value) is not None:
            return self._say(key, js.number(bound.value))
        return self.texts.usual("impossible")

    def _step(self, layout: Layout) -> Iterator[Limit]:
        """A step that is no number of decimals."""
        step = layout.element.number("step")
        if layout.type != "number" or not step or step <= 0 or decimals_of(step) is not None:
            return
        if layout.element.word("inputType") == "range":
            return  # the engine draws it so that nothing between the steps can be chosen
        places = len(str(step).partition(".")[2])
        scaled: Rule = {"op": "times", "of": [r.field(layout.id), r.value(10**places)]}
        whole = r.compare(
            "is",
            {"op": "mod", "of": [{"op": "round", "of": scaled, "places": 6}, r.value(round(step * 10**places))]},
            r.value(0),
        )
        own = layout.element.get("stepErrorText")
        yield self._limit(
            layout,
            whole,
            own.replace("{0}", js.text(step)) if isinstance(own, str) else own,
            self.texts.usual("impossible"),
        )


def decimals_of(step: float) -> int | None:
    """How many decimals a step of 1, 0.1, 0.01 … asks for; None for other steps."""
    return next((places for places in range(10) if abs(step - 10**-places) < 1e-12), None)


def _numeric(term: Term, raw: Mapping[str, Any]) -> Rule:
    number = terms.number(term)
    least, most = js.number(raw.get("minValue")), js.number(raw.get("maxValue"))
    bounds = [
        *([] if least is None else [r.compare("at_least", number, r.value(least))]),
        *([] if most is None else [r.compare("at_most", number, r.value(most))]),
    ]
    return r.every(*bounds) if bounds else r.known(number)


def _length(term: Term, raw: Mapping[str, Any]) -> Rule:
    if isinstance(term, Day | Chosen):
        raise Untranslatable("it is about the length of what is no text")
    text = terms.text(term)
    least, most = js.number(raw.get("minLength")), js.number(raw.get("maxLength"))
    length = r.unary("length", text)
    return r.every(
        *([r.compare("at_least", length, r.value(least))] if least and least > 0 else []),
        *([r.compare("at_most", length, r.value(most))] if most and most > 0 else []),
        *([r.opposite(_matching(text, r"[0-9]$"))] if raw.get("allowDigits") is False else []),
    )


def _matching(text: Rule, pattern: str) -> Rule:
    return r.sure({"op": "matches", "of": text, "pattern": pattern})


def _regex(term: Term, raw: Mapping[str, Any]) -> Rule:
    pattern = raw.get("regex")
    if not isinstance(pattern, str) or not pattern:
        return r.YES
    mode = "(?i)" if raw.get("caseInsensitive", raw.get("insensitive")) is True else ""
    if isinstance(term, Chosen):
        raise Untranslatable("it is about each of several choices")
    text = terms.text(term)
    parts = [(_matching(text, as_re2(mode + part)), wanted) for part, wanted in without_looks(pattern)]
    return r.every(*(rule if wanted else r.opposite(rule) for rule, wanted in parts))


def as_re2(pattern: str) -> str:
    """A pattern of JavaScript, if RE2 has it.

    Raises:
        Untranslatable: it has not.
    """
    pattern = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: f"\\x{{{code[1]}}}", pattern).replace(r"\/", "/")
    if fault := patterns.fault(pattern):
        raise Untranslatable(f"it is no pattern that formsite can use: {fault}")
    return pattern


def _email(term: Term, _raw: Mapping[str, Any]) -> Rule:
    return _matching(terms.text(term), EMAIL)


def _count(term: Term, raw: Mapping[str, Any]) -> Rule:
    if not isinstance(term, Chosen) or not term.field:
        return r.YES
    count = r.unary("count", r.field(term.field))
    least, most = js.number(raw.get("minCount")), js.number(raw.get("maxCount"))
    return r.every(
        *([r.compare("at_least", count, r.value(least))] if least else []),
        *([r.compare("at_most", count, r.value(most))] if most else []),
    )


_CHECKS: dict[str, tuple[Callable[[Term, Mapping[str, Any]], Rule], str]] = {
    "numeric": (_numeric, "numeric"),
    "text": (_length, "format"),
    "regex": (_regex, "format"),
    "email": (_email, "format"),
    "answercount": (_count, "format"),
}
