"""Definition and answers -> what is asked, what is missing, what comes next.

A definition is compiled once into a `Plan`; a plan is a pure function of the answers. Parts are decided in document
order, and an answer to something that is not shown is dropped before anything later looks at it: it is neither stored
nor counted. Answers are flat by path (see `paths`).
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from datetime import date, datetime
from functools import reduce
from typing import Any

from formsite.definition import logic, paths, piping
from formsite.definition.compiling import Check, Compiler, Condition, Step
from formsite.definition.document import END, Definition, Field, Group, Page
from formsite.definition.fieldtypes import Unreadable, Value
from formsite.definition.messages import OWN, Message
from formsite.definition.parts import Text, followed
from formsite.definition.questions import Question, Questions

Answers = Mapping[str, Any]
"""By path; None is an answer that was taken back, so that a default does not return."""


@dataclass(slots=True)
class State:
    """What holds for one set of answers. All names are paths."""

    answers: dict[str, Any] = member(default_factory=dict)  # of shown fields, computed ones and repeats
    shown: list[str] = member(default_factory=list)  # fields and their parts, in order
    parts: set[str] = member(default_factory=set)  # pages and groups shown
    compulsory: set[str] = member(default_factory=set)
    wanted: set[str] = member(default_factory=set)
    read_only: set[str] = member(default_factory=set)
    withheld: dict[str, frozenset[str]] = member(default_factory=dict)  # field -> choices not offered
    pages: list[str] = member(default_factory=list)  # pages with something on them
    exit: str | None = None  # the page that ends the form without sending it


@dataclass(slots=True)
class Taken:
    """One page as it came in."""

    state: State
    answers: dict[str, Any]  # all that is kept, other pages included
    errors: dict[str, list[Message]]
    typed: dict[str, list[str]]  # what was sent for each field of the page
    brought_up: list[str]  # fields that an answer just given calls for, and that the customer has not seen
    unsure: list[str]  # wanted fields left empty, of which the customer was not asked yet whether that is meant


@dataclass(frozen=True, slots=True)
class Moment:
    """When and for whom the rules are run."""

    today: date
    now: datetime | None = None
    language: str = ""


class Plan:
    """A compiled definition. Cost of `state`: one closure call a rule, no allocation but the state itself."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.questions = Questions(definition)
        compiled = Compiler(definition, self.questions)
        self.steps = tuple(compiled.steps)
        self.scope = compiled.scope
        self.by_id = {step.id: step for step in self.steps}
        self.pages = {page.id: page for page in definition.pages}
        self.conditional = frozenset(
            step.id for step in self.steps if step.conditional and isinstance(step.part, Field)
        )
        self._page_numbers = {page.id: number for number, page in enumerate(definition.pages)}
        self.takes_files = any(q.field.kind.answer is logic.AnswerType.FILE for q in self.questions.values())
        self.first_page_varies = bool(definition.pages) and varies(definition.pages[0])
        self._defaults = tuple(step for step in self.steps if step.default is not None)

    # -- names -------------------------------------------------------------------------------------------------------
    def step(self, path: str) -> Step:
        """The page, group, field or part at a path; an instance of a repeat (`children-0`) is that repeat.

        Raises:
            KeyError: there is none.
        """
        repeats = self.questions.repeats
        found = self.by_id.get(path) or self.by_id.get(paths.plain(path, repeats))
        return found if found is not None else self.by_id[self._repeat_of(path) or path]

    def _repeat_of(self, path: str) -> str | None:
        """The id of the repeat that a path is an instance of."""
        home, _, number = path.rpartition(paths.DASH)
        name = paths.plain(home, self.questions.repeats)
        return name if number.isdecimal() and name in self.questions.repeats else None

    def field(self, path: str) -> Field:
        """The field or part at a path, its choices resolved."""
        part = self.step(path).part
        assert isinstance(part, Field)
        return part

    def page_of(self, path: str) -> str:
        """The page that asks it."""
        return self.step(path).page

    def is_conditional(self, path: str) -> bool:
        """Whether a rule decides if it is shown."""
        return paths.plain(path, self.questions.repeats) in self.conditional

    # -- state -------------------------------------------------------------------------------------------------------
    def state(self, answers: Answers, today: date, *, now: datetime | None = None, language: str = "") -> State:
        """What is shown and compulsory, and which answers count."""
        return _Run(self, answers, Moment(today, now, language)).state

    def everything(self, today: date) -> State:
        """A state in which nothing is hidden and every repeat has one instance: how a designer sees a form."""
        state = self.state({}, today)
        state.answers |= dict.fromkeys(_first_instances(self.questions), 1)
        state.shown = [path for name in self.questions for path in self._instances(name, state.answers)]
        state.parts = {*self.pages, *(self.placed(step.id, "") for step in self.steps if isinstance(step.part, Group))}
        return state

    def context(self, state: State, moment: Moment, at: Mapping[str, int] | None = None) -> logic.Context:
        """What rules see of a state."""

        def say(path: str) -> str | None:
            value = state.answers.get(path)
            return None if value is None else self.text(path, value, moment.language)

        return logic.Context(answers=state.answers, today=moment.today, at=dict(at or {}), now=moment.now, say=say)

    def text(self, path: str, value: Any, language: str) -> str:
        """An answer in words."""
        question = self.questions.at(path)
        if question is None:
            return str(value)
        return question.field.kind.text(value, question.field, language or self.definition.language)

    def piped(self, text: Text, state: State, language: str, path: str = "") -> str:
        """A text with the answers it names filled in; `path` tells in which instance of a repeat it stands."""
        said = text.say(language, self.definition.language)
        if piping.MARK not in said:
            return said
        return piping.fill(said, lambda name: self.answer_text(name, state, language, path))

    def described(self, path: str, state: State, language: str) -> str:
        """The words of a question by themselves: with those of the field it is a part of, and the number of its
        instances.
        """
        question = self.questions.at(path)
        if question is None:
            home = self._repeat_of(path)
            return (
                path
                if home is None
                else self._instance_name(home, int(path.rpartition(paths.DASH)[2]), state, language, path)
            )
        places = paths.places(path, self.questions.repeats)
        numbers = [self._instance_name(home, number, state, language, path) for home, number in places.items()]
        whole = [self.piped(question.of.label, state, language, path)] if question.of else []
        own = self.piped(question.field.label, state, language, path)
        said = [part for part in (*numbers, *whole, own) if part]
        return reduce(followed, said) if said else ""

    def _instance_name(self, home: str, number: int, state: State, language: str, path: str) -> str:
        label = getattr(self.by_id[home].part, "label", None)
        return f"{self.piped(label, state, language, path) if label else ''} {number + 1}".strip()

    def answer_text(self, name: str, state: State, language: str, path: str = "") -> str:
        """The words of the answer that a text names, seen from `path`; empty where there is none."""
        place = self.placed(name, path)
        value = state.answers.get(place)
        if value is not None:
            return self.text(place, value, language)
        parts = (f"{place}{part.id[len(name) :]}" for part in self.questions.parts(name))
        said = (self.text(part, state.answers[part], language) for part in parts if part in state.answers)
        return ", ".join(said)

    def placed(self, name: str, path: str) -> str:
        """The path of a field as seen from `path`: the same instances of the repeats they share."""
        question = self.questions.get(name)
        homes = question.homes if question else self.questions.repeats.get(name, ())
        if not homes:
            return name
        at = paths.places(path, self.questions.repeats)
        return "".join(f"{home}-{at.get(home, 0)}-" for home in homes) + name

    # -- errors ------------------------------------------------------------------------------------------------------
    def errors(
        self, state: State, language: str, today: date, fields: Collection[str] | None = None
    ) -> dict[str, list[Message]]:
        """What is wrong or missing, by path of a field, group or page; only among `fields` if given."""
        found: dict[str, list[Message]] = {}
        context = self.context(state, Moment(today, language=language))
        for path in state.shown:
            if fields is not None and path not in fields:
                continue
            step = self.step(path)
            assert isinstance(step.part, Field)
            messages = self._wrong(path, step, step.part, state, today)
            if messages:
                found[path] = [self._labelled(message, step.part, state, path, language) for message in messages]
            elif step.limits and self.answered(path, state):
                found |= self._violated(path, step.limits, state, context, language)
        for path in state.parts:
            step = self.step(path)
            if step.limits and (fields is None or path in fields):
                found |= self._violated(path, step.limits, state, context, language)
        return found

    def _wrong(self, path: str, step: Step, field: Field, state: State, today: date) -> list[Message]:
        if step.computed is not None:
            return []
        if step.composite:
            return self._wrong_parts(path, step, field, state, today)
        value = state.answers.get(path)
        if value is None:
            return [_missing(field)] if path in state.compulsory else []
        return field.kind.check(value, field, today)

    def _wrong_parts(self, path: str, step: Step, field: Field, state: State, today: date) -> list[Message]:
        values = {}
        for part in step.parts:
            local = part[len(step.id) + 1 :]
            if (value := state.answers.get(f"{path}-{local}")) is not None:
                values[local] = value
        if not values:
            any_will_do = field.kind.compulsory_parts(field) == "any"  # else the parts say what is missing
            return [_missing(field)] if any_will_do and path in state.compulsory else []
        return field.kind.check_parts(values, field, today)

    def answered(self, path: str, state: State) -> bool:
        """Whether there is an answer to a field, or to a part of it where it is made of parts."""
        step = self.step(path)
        if step.composite:
            return any(f"{path}-{part[len(step.id) + 1 :]}" in state.answers for part in step.parts)
        return path in state.answers

    def _violated(
        self, path: str, limits: Sequence[Check], state: State, context: logic.Context, language: str
    ) -> dict[str, list[Message]]:
        context.at.clear()
        context.at.update(paths.places(path, self.questions.repeats))
        if (own := self.step(path).part) and isinstance(own, Group) and own.repeat:
            return self._violated_instances(path, limits, state, context, language)
        messages = [
            Message(OWN, {"text": self.piped(limit.message, state, language, path)})
            for limit in limits
            if limit.rule(context) is False
        ]
        return {path: messages} if messages else {}

    def _violated_instances(
        self, path: str, limits: Sequence[Check], state: State, context: logic.Context, language: str
    ) -> dict[str, list[Message]]:
        """The limits of a group that repeats hold in each of its instances."""
        found: dict[str, list[Message]] = {}
        group = self.step(path).id
        for number in range(state.answers.get(path, 0)):
            context.at[group] = number
            place = f"{path}-{number}"
            said = [
                Message(OWN, {"text": self.piped(limit.message, state, language, f"{place}-")})
                for limit in limits
                if limit.rule(context) is False
            ]
            if said:
                found[place] = said
        return found

    def _labelled(self, message: Message, field: Field, state: State, path: str, language: str) -> Message:
        """The message with the name of what it is about, or the designer's own words in its place."""
        own = field.compulsory_message
        if own is not None and message.key == field.kind.missing:
            return Message(OWN, {"text": self.piped(own, state, language, path)})
        said = {"label": field.label, **message.params}
        filled = {name: self.piped(p, state, language, path) if isinstance(p, Text) else p for name, p in said.items()}
        return Message(message.key, filled)

    # -- taking ------------------------------------------------------------------------------------------------------
    def take(
        self,
        page_id: str,
        sent: Mapping[str, Sequence[str]],
        answers: Answers,
        *,
        asked: Collection[str],
        language: str,
        today: date,
        now: datetime | None = None,
        sure: Collection[str] = (),
    ) -> Taken:
        """Take what was sent for a page.

        Args:
            sent: every value by control name; names that are no field of the page are ignored.
            answers: what is known from other pages.
            asked: the conditional fields that were before the customer's eyes.
            sure: the wanted fields of which the customer was told that they are empty.
        """
        values, unreadable, typed = self._read(page_id, sent)
        others = {path: value for path, value in answers.items() if not self._is_on(page_id, path)}
        merged: dict[str, Any] = others | self._cleared(page_id, sent, values, asked) | values
        state = self.state(merged, today, now=now, language=language)
        here = [path for path in state.shown if self.page_of(path) == page_id]
        brought_up = [
            path
            for path in here
            if path not in asked and path not in sent and self.is_conditional(path) and self.step(path).answers
        ]
        visible = {path for path in here if path not in brought_up} | {
            path for path in state.parts if self.page_of(path) == page_id and not brought_up
        }
        errors = self.errors(state, language, today, visible)
        for path, message in unreadable.items():
            if path in state.shown:
                errors[path] = [self._labelled(message, self.field(path), state, path, language)]
        ordered = {path: errors.pop(path) for path in state.shown if path in errors} | errors
        empty = [
            p for p in here if p in state.wanted and not self.answered(p, state) and p not in sure and p in visible
        ]
        kept = state.answers | {p: None for p, value in merged.items() if value is None and p not in state.answers}
        return Taken(state, kept, ordered, typed, brought_up, empty)

    def _is_on(self, page_id: str, path: str) -> bool:
        try:
            return self.page_of(path) == page_id
        except KeyError:
            return False

    def _read(
        self, page_id: str, sent: Mapping[str, Sequence[str]]
    ) -> tuple[dict[str, Any], dict[str, Message], dict[str, list[str]]]:
        values: dict[str, Any] = {}
        unreadable: dict[str, Message] = {}
        typed: dict[str, list[str]] = {}
        for path, raw in sent.items():
            step = self._taker(page_id, path)
            if step is None:
                continue
            part = step.part
            if isinstance(part, Group):
                values[path] = _count(raw, part)
                continue
            assert isinstance(part, Field)
            typed[path] = list(raw)
            try:
                value = part.kind.parse(raw, part)
            except Unreadable as refusal:
                unreadable[path] = refusal.message
                continue
            if value is not None:
                values[path] = value
        return values, unreadable, typed

    def _taker(self, page_id: str, path: str) -> Step | None:
        """What takes the value of a control: a field of the page that the customer may change, or a repeat."""
        try:
            step = self.step(path)
        except KeyError:
            return None
        if step.page != page_id:
            return None
        if isinstance(step.part, Group):
            return step if step.part.repeat and step.count is None else None
        takes = step.answers and step.computed is None and step.read_only is not True
        return step if takes else None

    def _cleared(
        self, page_id: str, sent: Mapping[str, object], values: Mapping[str, object], asked: Collection[str]
    ) -> dict[str, None]:
        """Fields with a default that the customer saw and left empty."""
        found: dict[str, None] = {}
        for step in self._defaults:
            if step.page != page_id or not step.answers or step.read_only is True or not step.drawn:
                continue
            for path in self._instances(step.id, values):
                if path not in values and (path in sent or path in asked or step.id not in self.conditional):
                    found[path] = None
        return found

    def _instances(self, name: str, values: Mapping[str, Any]) -> Iterable[str]:
        """The paths of a field in every instance of the repeats around it."""
        found = [""]
        for home in self.questions[name].homes:
            found = [
                f"{prefix}{home}-{number}-" for prefix in found for number in range(values.get(f"{prefix}{home}") or 0)
            ]
        return [f"{prefix}{name}" for prefix in found]

    def every_path(self, page_id: str, answers: Answers) -> Iterator[str]:
        """The path of every question of a page that holds an answer, in each instance that `answers` know of."""
        for question in self.questions.answering():
            if question.page == page_id:
                yield from self._instances(question.id, answers)

    def load(self, raw: Mapping[str, object], language: str) -> tuple[dict[str, Any], dict[str, list[Message]]]:
        """Answers out of JSON values, nested or by path, and what could not be read."""
        values: dict[str, Any] = {}
        errors: dict[str, list[Message]] = {}
        for path, given in paths.flat(raw).items():
            try:
                step = self.step(path)
            except KeyError:
                continue
            part = step.part
            if isinstance(part, Group) and part.repeat:
                values[path] = len(given) if isinstance(given, list) else given
            if not isinstance(part, Field) or not step.answers or step.computed is not None:
                continue
            try:
                value = part.kind.load(given, part)
            except Unreadable as refusal:
                errors[path] = [self._labelled(refusal.message, part, State(), path, language)]
                continue
            if value is not None or step.default is not None:
                values[path] = value
        return values, errors

    # -- pages -------------------------------------------------------------------------------------------------------
    def order(self, seed: str | None) -> list[str]:
        """The pages in the order of one response: all but the first by chance, where the definition says so."""
        pages = list(self.pages)
        return [*pages[:1], *shuffled(pages[1:], seed, "pages")] if self.definition.random_pages else pages

    def after(self, page_id: str, state: State, seed: str | None = None) -> str | None:
        """The page that comes next, or None after the last."""
        order = self.order(seed)
        return next((page for page in order[order.index(page_id) + 1 :] if page in state.pages), None)

    def before(self, page_id: str, state: State, seed: str | None = None) -> str | None:
        """The page that came before, or None before the first."""
        order = self.order(seed)
        return next((page for page in reversed(order[: order.index(page_id)]) if page in state.pages), None)

    def shown_pages(self, state: State, seed: str | None = None) -> list[str]:
        """The pages with something on them, in the order of one response."""
        return [page for page in self.order(seed) if page in state.pages]

    def unfinished(self, state: State, errors: Collection[str]) -> str | None:
        """The first page on which something is wrong or missing."""
        at = {self.page_of(path) for path in errors}
        return next((page for page in state.pages if page in at), None)


class _Run:
    """One pass over the steps for one set of answers."""

    def __init__(self, plan: Plan, answers: Answers, moment: Moment) -> None:
        self.plan = plan
        self.given = answers
        self.state = State()
        self.context = plan.context(self.state, moment)
        self.steps = plan.steps
        self._pages()

    def _pages(self) -> None:
        index, until = 0, None
        while index < len(self.steps):
            step = self.steps[index]
            skipped = until is not None and step.id != until
            if skipped or self.state.exit or not _holds(step.condition, self.context):
                index = step.until
                continue
            until = None
            self.state.parts.add(step.id)
            self.run(index + 1, step.until, "")
            if getattr(step.part, "exit", False):
                if step.id in self.state.pages:
                    self.state.exit = step.id
            else:
                until = next((to for rule, to in step.jumps if rule(self.context) is True), None)
            index = step.until

    def run(self, index: int, end: int, prefix: str) -> None:
        """Decide the steps from `index` to `end`, in the instance that `prefix` names."""
        steps, context, state = self.steps, self.context, self.state
        while index < end:
            step = steps[index]
            if step.condition is not None and step.condition(context) is not True:
                index = step.until
            elif step.simple:
                self._simple(step, prefix + step.id)
                index += 1
            elif isinstance(step.part, Group):
                state.parts.add(prefix + step.id)
                if step.part.repeat:
                    self._repeat(step, step.part, index, prefix)
                    index = step.until
                else:
                    index += 1
            else:
                self._field(step, index, prefix)
                index = step.until

    def _repeat(self, step: Step, group: Group, index: int, prefix: str) -> None:
        path = prefix + step.id
        number = self._number(step, group, path)
        self.state.answers[path] = number
        around = self.context.at.get(step.id)
        for instance in range(number):
            self.context.at[step.id] = instance
            self.run(index + 1, step.until, f"{path}-{instance}-")
        if around is None:
            self.context.at.pop(step.id, None)

    def _number(self, step: Step, group: Group, path: str) -> int:
        assert group.repeat is not None
        if step.count is not None:
            counted = step.count(self.context)
            number = int(counted) if isinstance(counted, int | float) and not isinstance(counted, bool) else 0
        else:
            held = self.given.get(path)
            number = len(held) if isinstance(held, list) else held if isinstance(held, int) else group.repeat.start
        return (
            max(group.repeat.min, min(number, group.repeat.max))
            if step.count is None
            else max(0, min(number, group.repeat.max))
        )

    def _simple(self, step: Step, path: str) -> None:
        state = self.state
        state.shown.append(path)
        if not state.pages or state.pages[-1] != step.page:
            state.pages.append(step.page)
        if (value := self.given.get(path)) is not None:
            state.answers[path] = value
        compulsory = step.compulsory
        if compulsory is True or (compulsory and compulsory(self.context) is True):
            state.compulsory.add(path)

    def _field(self, step: Step, index: int, prefix: str) -> None:
        state, context, path = self.state, self.context, prefix + step.id
        at = len(state.shown)
        if step.drawn:
            state.shown.append(path)
        if step.choices:
            state.withheld[path] = frozenset(name for name, rule in step.choices if rule(context) is not True)
        if step.answers and (value := self._value(step, path)) is not None:
            state.answers[path] = value
        fixed = step.computed is not None or _true(step.read_only, context)
        if fixed:
            state.read_only.add(path)
        elif step.drawn:
            self._demand(step, path)
        self.run(index + 1, step.until, f"{prefix}")
        if step.composite and not any(f"{prefix}{part}" in state.shown[at + 1 :] for part in step.parts):
            del state.shown[at:]  # every part of it is hidden: there is nothing to ask
            for held in (state.compulsory, state.wanted, state.read_only):
                held.discard(path)
        elif step.drawn and (not state.pages or state.pages[-1] != step.page):
            state.pages.append(step.page)

    def _demand(self, step: Step, path: str) -> None:
        withheld = self.state.withheld.get(path)
        assert isinstance(step.part, Field)
        if withheld and len(withheld) == len(step.part.kind.choices(step.part)):
            return  # every choice is withheld: nobody could give the answer
        if _true(step.compulsory, self.context):
            self.state.compulsory.add(path)
        elif _true(step.wanted, self.context):
            self.state.wanted.add(path)

    def _value(self, step: Step, path: str) -> Any:
        field = step.part
        assert isinstance(field, Field)
        if step.computed is not None:
            return _loaded(step.computed(self.context), field)
        value = self.given.get(path)
        if value is None and step.default is not None and path not in self.given:
            value = _loaded(step.default(self.context), field)
        return _offered(value, self.state.withheld.get(path))


def shuffled(names: Sequence[str], seed: str | None, about: str, fixed: Collection[str] = ()) -> list[str]:
    """The names in an order of chance that is the same for the same seed; `fixed` ones keep their places.

    The order is that of Python's Mersenne Twister seeded by the text `<seed>/<about>` (its sequence for a seed is
    guaranteed across versions for `random()`), sorting by one draw a name.
    """
    if seed is None:
        return list(names)
    chance = random.Random(f"{seed}/{about}")
    free = [name for name in names if name not in fixed]
    drawn = iter(sorted(free, key=lambda _name: chance.random()))
    return [name if name in fixed else next(drawn) for name in names]


def _first_instances(questions: Questions) -> Iterator[str]:
    """The path of each repeat inside the first instances of those around it."""
    for name, homes in questions.repeats.items():
        yield "".join(f"{home}-0-" for home in homes) + name


def varies(page: Page) -> bool:
    """Whether the page looks another way for other people or on other days, before anything is answered."""
    written = json.dumps(page.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    return any(mark in written for mark in ('"random": true', '"op": "today"', '"op": "now"'))


def _missing(field: Field) -> Message:
    return Message(field.kind.missing)


def _holds(condition: Condition | None, context: logic.Context) -> bool:
    return condition is None or condition(context) is True


def _true(given: bool | Callable[[logic.Context], object], context: logic.Context) -> bool:
    return given if isinstance(given, bool) else given(context) is True


def _count(raw: Sequence[str], group: Group) -> int:
    """How many instances a page says that it has."""
    assert group.repeat is not None
    text = raw[-1] if raw else ""
    number = int(text) if text.isdecimal() and len(text) < 6 else 0
    return max(group.repeat.min, min(number, group.repeat.max))


def _loaded(value: Any, field: Field) -> Any:
    """What a rule yields, as an answer of the field; None where it is none."""
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and field.kind.answer is logic.AnswerType.CHOICES:
        value = value.split()  # a rule writes several choices as a text, with spaces
    try:
        return field.kind.load(value, field)
    except Unreadable:
        return None


def _offered(value: Value | None, withheld: frozenset[str] | None) -> Any:
    if not withheld or value is None:
        return value
    if isinstance(value, list):
        return [choice for choice in value if choice not in withheld] or None
    return None if value in withheld else value


__all__ = ["END", "Answers", "Moment", "Page", "Plan", "Question", "State", "Taken", "shuffled"]
