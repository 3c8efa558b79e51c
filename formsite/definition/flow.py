"""Definition and answers -> what is asked, what is missing, what comes next.

A definition is compiled once into a `Plan`; a plan is a pure function of the answers. Parts are decided in document
order, and an answer to something that is not shown is dropped before anything later looks at it: it is neither stored
nor counted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from datetime import date
from typing import Any

from formsite.definition import logic
from formsite.definition.document import Definition, Field, Group, Item, Page
from formsite.definition.fieldtypes import Unreadable, Value
from formsite.definition.messages import Message

Answers = Mapping[str, Value]
Condition = Callable[[logic.Context], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One page, group or field with its rules compiled. `until` is the index after everything inside it."""

    part: Page | Group | Field
    page: Page
    until: int
    condition: Condition | None
    compulsory: bool | Condition
    choices: tuple[tuple[str, Condition], ...]
    conditional: bool  # it, or a group around it, is shown by a rule


@dataclass(slots=True)
class State:
    """What holds for one set of answers."""

    answers: dict[str, Value] = member(default_factory=dict)  # of shown fields only
    shown: list[str] = member(default_factory=list)  # fields, in order
    parts: set[str] = member(default_factory=set)  # pages and groups shown
    compulsory: set[str] = member(default_factory=set)
    withheld: dict[str, frozenset[str]] = member(default_factory=dict)  # field -> choices not offered
    pages: list[str] = member(default_factory=list)  # pages with something on them


@dataclass(slots=True)
class Taken:
    """One page as it came in."""

    state: State
    answers: dict[str, Value]  # all that is kept, other pages included
    errors: dict[str, list[Message]]
    typed: dict[str, list[str]]  # what was sent for each field of the page
    brought_up: list[str]  # fields that an answer just given calls for, and that the customer has not seen


class Plan:
    """A compiled definition. Cost of `state`: one closure call a rule, no allocation but the state itself."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.steps = tuple(_compile(definition))
        self.pages = {page.id: page for page in definition.pages}
        self.page_of = {step.part.id: step.page.id for step in self.steps if isinstance(step.part, Field)}
        self.conditional = frozenset(
            step.part.id for step in self.steps if step.conditional and isinstance(step.part, Field)
        )
        self._on_page = {
            page.id: tuple(field for field in page.fields() if field.kind.holds_answer) for page in definition.pages
        }

    def state(self, answers: Answers, today: date) -> State:
        """What is shown and compulsory, and which answers count."""
        state = State()
        context = logic.Context(answers=state.answers, today=today)
        index = 0
        while index < len(self.steps):
            step = self.steps[index]
            if step.condition is not None and step.condition(context) is not True:
                index = step.until
                continue
            index += 1
            if isinstance(step.part, Field):
                _decide(step, step.part, answers, state, context)
            else:
                state.parts.add(step.part.id)
        return state

    def errors(
        self, state: State, language: str, today: date, fields: Collection[str] | None = None
    ) -> dict[str, list[Message]]:
        """What is wrong or missing, by field path; only among `fields` if given."""
        found: dict[str, list[Message]] = {}
        for name in state.shown:
            if fields is not None and name not in fields:
                continue
            field = self.definition.by_id[name]
            if messages := self._wrong(field, state, today):
                found[name] = [labelled(message, field, language) for message in messages]
        return found

    def _wrong(self, field: Field, state: State, today: date) -> list[Message]:
        value = state.answers.get(field.id)
        if value is None:
            return [Message(field.kind.missing)] if field.id in state.compulsory else []
        return field.kind.check(value, field, today)

    def take(
        self,
        page_id: str,
        sent: Mapping[str, Sequence[str]],
        answers: Answers,
        *,
        asked: Collection[str],
        language: str,
        today: date,
    ) -> Taken:
        """Take what was sent for a page.

        Args:
            sent: every value by control name; names that are no field of the page are ignored.
            answers: what is known from other pages.
            asked: the conditional fields that were before the customer's eyes.
        """
        values, unreadable, typed = self._read(page_id, sent)
        fields = {field.id for field in self._on_page[page_id]}
        merged = {name: value for name, value in answers.items() if name not in fields} | values
        state = self.state(merged, today)
        brought_up = [
            name
            for name in state.shown
            if name in fields and name in self.conditional and name not in asked and name not in sent
        ]
        visible = fields.difference(brought_up)
        errors = self.errors(state, language, today, visible)
        for name, message in unreadable.items():
            if name in state.shown:
                errors[name] = [labelled(message, self.definition.by_id[name], language)]
        ordered = {name: errors[name] for name in state.shown if name in errors}
        return Taken(state, state.answers, ordered, typed, brought_up)

    def _read(
        self, page_id: str, sent: Mapping[str, Sequence[str]]
    ) -> tuple[dict[str, Value], dict[str, Message], dict[str, list[str]]]:
        values: dict[str, Value] = {}
        unreadable: dict[str, Message] = {}
        typed: dict[str, list[str]] = {}
        for field in self._on_page[page_id]:
            raw = sent.get(field.id)
            if raw is None:
                continue
            typed[field.id] = list(raw)
            try:
                value = field.kind.parse(raw, field)
            except Unreadable as refusal:
                unreadable[field.id] = refusal.message
                continue
            if value is not None:
                values[field.id] = value
        return values, unreadable, typed

    def load(self, raw: Mapping[str, object], language: str) -> tuple[dict[str, Value], dict[str, list[Message]]]:
        """Answers out of JSON values, and what could not be read."""
        values: dict[str, Value] = {}
        errors: dict[str, list[Message]] = {}
        for name, given in raw.items():
            field = self.definition.by_id.get(name)
            if field is None or not field.kind.holds_answer:
                continue
            try:
                value = field.kind.load(given, field)
            except Unreadable as refusal:
                errors[name] = [labelled(refusal.message, field, language)]
                continue
            if value is not None:
                values[name] = value
        return values, errors

    def after(self, page_id: str, state: State) -> str | None:
        """The page that comes next, or None after the last."""
        return _neighbour(state.pages, self._order(page_id), self._order, forward=True)

    def before(self, page_id: str, state: State) -> str | None:
        """The page that came before, or None before the first."""
        return _neighbour(state.pages, self._order(page_id), self._order, forward=False)

    def unfinished(self, state: State, errors: Collection[str]) -> str | None:
        """The first page on which something is wrong or missing."""
        at = {self.page_of[name] for name in errors}
        return next((page for page in state.pages if page in at), None)

    def _order(self, page_id: str) -> int:
        return list(self.pages).index(page_id)


def labelled(message: Message, field: Field, language: str) -> Message:
    """The message with the name of what it is about."""
    return Message(message.key, {"label": field.label.say(language), **message.params})


def _neighbour(pages: list[str], here: int, order: Callable[[str], int], *, forward: bool) -> str | None:
    if forward:
        return next((page for page in pages if order(page) > here), None)
    return next((page for page in reversed(pages) if order(page) < here), None)


def _decide(step: Step, field: Field, answers: Answers, state: State, context: logic.Context) -> None:
    state.shown.append(field.id)
    if step.page.id not in state.pages:
        state.pages.append(step.page.id)
    if step.choices:
        state.withheld[field.id] = frozenset(name for name, rule in step.choices if rule(context) is not True)
    value = answers.get(field.id)
    if value is not None and (value := _offered(value, state.withheld.get(field.id))) is not None:
        state.answers[field.id] = value
    compulsory = step.compulsory if isinstance(step.compulsory, bool) else step.compulsory(context) is True
    if compulsory and not _offers_nothing(field, state.withheld.get(field.id)):
        state.compulsory.add(field.id)


def _offers_nothing(field: Field, withheld: frozenset[str] | None) -> bool:
    """Every choice is withheld: nobody could give the answer, so it cannot be compulsory."""
    return bool(withheld) and len(withheld or ()) == len(field.kind.choices(field))


def _offered(value: Value, withheld: frozenset[str] | None) -> Value | None:
    if not withheld:
        return value
    if isinstance(value, list):
        return [choice for choice in value if choice not in withheld] or None
    return None if value in withheld else value


def _compile(definition: Definition) -> Iterator[Step]:
    steps: list[Step] = []

    def add(part: Page | Group | Field, page: Page, items: Sequence[Item], inherited: bool) -> None:
        at = len(steps)
        choices = part.kind.choices(part) if isinstance(part, Field) else ()
        rules = tuple((c.id, logic.compile_rule(c.shown_if)) for c in choices if c.shown_if is not None)
        own = not isinstance(part, Page) and part.shown_if is not None
        step = Step(
            part,
            page,
            at + 1,
            None if part.shown_if is None else logic.compile_rule(part.shown_if),
            _compulsory(part),
            rules,
            inherited or own,
        )
        steps.append(step)
        for item in items:
            add(item, page, item.items if isinstance(item, Group) else (), inherited or own)
        steps[at] = Step(part, page, len(steps), step.condition, step.compulsory, rules, step.conditional)

    for page in definition.pages:
        add(page, page, page.items, False)
    return iter(steps)


def _compulsory(part: Any) -> bool | Condition:
    given = getattr(part, "compulsory", False)
    return given if isinstance(given, bool) else logic.compile_rule(given)
