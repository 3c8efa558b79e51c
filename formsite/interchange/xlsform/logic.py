"""The expressions of rows as rules. One that cannot be had is named, with what happens without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import TypeVar

from formsite.definition import logic
from formsite.definition.faults import Faulty
from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform import xpath
from formsite.interchange.xlsform.lists import Offered
from formsite.interchange.xlsform.paths import Place
from formsite.interchange.xlsform.rows import Node
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.survey import Survey
from formsite.interchange.xlsform.terms import Term, Untranslatable
from formsite.interchange.xlsform.translation import Translator, column_of

WITHOUT = {
    "relevant": "it is always shown",
    "required": "it is optional",
    "constraint": "any answer of the type is taken",
    "choice_filter": "all choices are offered",
    "repeat_count": "the customer decides how often",
    "calculation": "it is empty",
    "default": "nothing is filled in beforehand",
    "read_only": "the customer can change it",
    "trigger": "it is worked out whenever what it looks at changes",
}
WORDS = {**dict.fromkeys(("yes", "true"), r.TRUE), **dict.fromkeys(("no", "false"), r.FALSE)}
"""What spreadsheets hold where an expression stands."""
Made = TypeVar("Made")
Failures = (xpath.NoXPath, Untranslatable, RecursionError, Faulty)


class Logic:
    """Translates what the cells of a survey say."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.translator = Translator(survey.sources, survey.lists.rows())
        self._filters: dict[tuple[str | None, ...], Rule] = {}
        self._settle()
        self._settle_choices()

    def _settle_choices(self) -> None:
        """A choice that is never offered is none to expressions either."""
        for node in self.survey.tree.questions():
            if node.listed and self.survey.get(node, "choice_filter"):
                kept = {each.id for each in self.survey.lists.get(node.listed) if self.offered(node, each) != r.FALSE}
                ids = {
                    name: tuple(each for each in ids if each in kept)
                    for name, ids in self.survey.choices_of(node).items()
                }
                ids |= {"other": ("other",)} if node.listed in self.survey.with_other else {}
                self.survey.sources.put(replace(self.survey.source_of(node), choices=ids))

    def offered(self, node: Node, choice: Offered) -> Rule:
        """When a choice is offered; rows that are alike in the columns that matter share the rule."""
        text = self.survey.get(node, "choice_filter")
        if not text:
            return r.TRUE
        key = (node.id, *(choice.row.get(column) for column in _columns(text)))
        if key not in self._filters:
            self._filters[key] = self.truth(node, "choice_filter", choice.row) or r.TRUE
        return self._filters[key]

    def _settle(self) -> None:
        """What computed values are is known once all of them are: one that cannot be worked out is empty to others."""
        for node in self.survey.tree.questions():
            text = self.survey.get(node, "calculation")
            if node.kind is not None and node.kind.is_computed and text:
                term = self._attempt(node, partial(self._term, text, node))
                kind = "nothing" if not isinstance(term, Term) else term.kind
                self.survey.settle(node, "text" if kind in ("choice", "choices", "place", "truth") else kind)

    def _term(self, text: str, node: Node) -> Term:
        term = self.translator.term(xpath.parse(text), self.place(node))
        logic.parse(term.rule)
        return term

    def place(self, node: Node, row: Mapping[str, str] | None = None) -> Place:
        """Where the expressions of a row stand."""
        own = self.survey.sources.exactly(node.chain)
        own = own if own is not None and own.id == node.id and own.kind != "repeat" else None
        return Place(own, node.homes, row or {}, node.chain, node.chain, node.homes)

    def truth(self, node: Node, column: str, row: Mapping[str, str] | None = None) -> Rule | None:
        """The condition in a cell; None where there is none, or where it does not come over."""
        text = self.survey.get(node, column)
        if not text:
            return None
        if text.lower() in WORDS:
            return WORDS[text.lower()]
        place = self.place(node, row)
        return self.attempt(node, column, text, lambda: self.translator.truth(text, place))

    def condition(self, node: Node, column: str, text: str) -> Rule | None:
        """A condition that the spreadsheet implies."""
        return self.attempt(node, column, text, lambda: self.translator.truth(text, self.place(node)))

    def value(self, node: Node, column: str, kind: str | None, text: str = "") -> Rule | None:
        """The value of a kind that a cell says, else that `text` says."""
        given = text or self.survey.get(node, column)
        if not given:
            return None
        place = self.place(node)
        return self.attempt(node, column, given, lambda: self.translator.value(given, place, kind))

    def first_value(self, node: Node, kind: str, text: str) -> Rule | None:
        """A default. It is worked out when its question comes to be: outside of repeats, before anything is answered."""
        if node.homes:
            return self.value(node, "default", kind, text)
        first = replace(self.translator, sources=self.survey.unanswered())
        return self.attempt(node, "default", text, lambda: first.value(text, self.place(node), kind))

    def attempt(self, node: Node, column: str, text: str, make: Callable[[], Rule]) -> Rule | None:
        """The rule, or a named loss."""
        found = self._attempt(node, make, is_own=column == "constraint")
        if isinstance(found, str):
            shown = text if len(text) <= 200 else f"{text[:200]}…"
            self.survey.lose(node.where, f"{column}: {shown}", f"{found}; {WITHOUT[column]}")
            return None
        for said in self.translator.said if self.survey.is_translated else ():
            self.survey.lose(node.where, f"{column}: {text[:200]}", said)
        return found

    def _attempt(self, node: Node, make: Callable[[], Made], *, is_own: bool = False) -> Made | str:
        """What is made, or why it is not."""
        self.translator.seen.clear()
        self.translator.said.clear()
        try:
            made = make()
            self._refuse_late(node, is_own=is_own)
            if isinstance(made, dict):
                logic.parse(made)
        except Failures as refusal:
            return _said(refusal)
        return made

    def _refuse_late(self, node: Node, *, is_own: bool) -> None:
        for found in self.translator.seen:
            late = found.position > node.position
            own = found.id == node.id and not is_own and found.kind != "repeat"
            if found.kind not in ("nothing", "fixed") and (late or own):
                raise Untranslatable(f"it looks at “{found.name}”, which is {'itself' if own else 'asked later'}")


def _said(refusal: Exception) -> str:
    if isinstance(refusal, RecursionError):
        return "it is nested too deeply"
    if isinstance(refusal, Faulty):
        return refusal.faults[0].what[0].lower() + refusal.faults[0].what[1:]
    return str(refusal)[:200]


@lru_cache(maxsize=256)  # asked for each choice of a list
def _columns(text: str) -> tuple[str, ...]:
    """The columns of a list that a filter may look at."""
    try:
        return tuple(dict.fromkeys(_bare(xpath.parse(text))))
    except xpath.NoXPath:
        return ()


def _bare(expr: xpath.Expr) -> Iterator[str]:
    """Paths that are nothing but a name."""
    if isinstance(expr, xpath.Path) and (name := column_of(expr)):
        yield name
    for below in xpath.below(expr):
        yield from _bare(below)
