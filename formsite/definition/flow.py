"""Definition and answers -> what is asked, what is missing, what comes next.

A definition is compiled once into a `Plan`; a plan is a pure function of the answers. Parts are decided in document
order, and an answer to something that is not shown is dropped before anything later looks at it: it is neither stored
nor counted. Answers are flat by path (see `paths`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from typing import Any

from formsite.definition import logic, paths, piping
from formsite.definition.chance import shuffled, varies
from formsite.definition.compiling import Compiler, Step
from formsite.definition.document import Definition, Field, Group
from formsite.definition.fieldtypes import Unreadable
from formsite.definition.judging import Judge, labelled
from formsite.definition.messages import Message
from formsite.definition.parts import Text, followed
from formsite.definition.questions import Questions
from formsite.definition.state import Answers, Moment, State, Taken
from formsite.definition.walking import Walk


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
        self._fixing = frozenset(step.page for step in self.steps if callable(step.read_only))
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
        state = State()
        Walk(self.steps, answers, state, self.context(state, Moment(today, now, language))).pages()
        return state

    def everything(self, today: date) -> State:
        """A state in which nothing is hidden and every repeat has one instance: how a designer sees a form."""
        state = self.state({}, today)
        state.withheld.clear()
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
        return Judge(self, state, Moment(today, language=language)).errors(fields)

    def answered(self, path: str, state: State) -> bool:
        """Whether there is an answer to a field, or to a part of it where it is made of parts."""
        step = self.step(path)
        if step.composite:
            return any(f"{path}-{part[len(step.id) + 1 :]}" in state.answers for part in step.parts)
        return path in state.answers

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
        for path in self._fixed(page_id, answers, Moment(today, now, language)):
            merged.pop(path, None)
            merged |= {path: answers[path]} if path in answers else {}
        state = self.state(merged, today, now=now, language=language)
        here = [path for path in state.shown if self.page_of(path) == page_id]
        brought_up = [
            path
            for path in here
            if (path not in asked and path not in sent and self.is_conditional(path) and self.step(path).answers)
            or self._offers_anew(path, values, asked, state)
        ]
        unseen = {*brought_up, *self._wholes_of(brought_up, here)}
        visible = {path for path in here if path not in unseen} | {
            path for path in state.parts if self.page_of(path) == page_id and not brought_up
        }
        errors = self.errors(state, language, today, visible)
        for path, message in unreadable.items():
            if path in state.shown:
                errors[path] = [labelled(self, message, self.field(path), path, state, language)]
        ordered = {path: errors.pop(path) for path in state.shown if path in errors} | errors
        empty = [
            p for p in here if p in state.wanted and not self.answered(p, state) and p not in sure and p in visible
        ]
        kept = state.answers | {p: None for p, value in merged.items() if value is None and p not in state.answers}
        return Taken(state, kept, ordered, typed, brought_up, empty)

    def may_offer_nothing(self, path: str) -> bool:
        """Whether every choice of a question that is drawn with its choices depends on answers of the same page."""
        step = self.step(path)
        field = step.part
        if not step.choices or not isinstance(field, Field) or field.kind.looked_up:
            return False
        if all(by.page != step.page for by in step.choices_by):
            return False
        return sum(len(names) for names, _ in step.choices) == len(field.kind.choices(field))

    def _offers_anew(self, path: str, values: Answers, asked: Collection[str], state: State) -> bool:
        """Whether a question offers choices that the customer has not seen: there were none, or others, before the
        answers that were sent with it.
        """
        if path in state.answers or not self.may_offer_nothing(path):
            return False
        field = self.field(path)
        offers = len(state.withheld.get(path, ())) < len(field.kind.choices(field))
        return offers and (path not in asked or values.get(path) is not None)

    def _fixed(self, page_id: str, answers: Answers, moment: Moment) -> set[str]:
        """What a rule had fixed when the page was drawn: what is sent, or not sent, does not change it."""
        if page_id not in self._fixing:
            return set()
        state = self.state(answers, moment.today, now=moment.now, language=moment.language)
        return {path for path in state.read_only if self.page_of(path) == page_id and self.step(path).computed is None}

    def _wholes_of(self, brought_up: Sequence[str], here: Sequence[str]) -> Iterator[str]:
        """The wholes of which every part that is shown was brought up."""
        shown, new = set(here), set(brought_up)
        for path in here:
            step = self.step(path)
            if step.composite:
                prefix = path[: len(path) - len(step.id)]
                if {f"{prefix}{part}" for part in step.parts} & shown <= new:
                    yield path

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
        errors: dict[str, list[Message]] = dict(self._misshapen(raw, language))
        for path, given in paths.flat(raw).items():
            try:
                step = self.step(path)
            except KeyError:
                continue
            part = step.part
            if isinstance(part, Group) and part.repeat and path not in errors:
                values[path] = len(given) if isinstance(given, list) else given
            if not isinstance(part, Field) or not step.answers or step.computed is not None:
                continue
            try:
                value = part.kind.load(given, part)
            except Unreadable as refusal:
                errors[path] = [labelled(self, refusal.message, part, path, State(), language)]
                continue
            if value is not None or step.default is not None:
                values[path] = value
        return values, errors

    def _misshapen(self, raw: Mapping[str, object], language: str) -> Iterator[tuple[str, list[Message]]]:
        """Objects where one value is asked for, and what is no number of instances."""
        for name, given in raw.items():
            try:
                part = self.step(name).part
            except KeyError:
                continue
            if isinstance(part, Field):
                wrong = isinstance(given, Mapping) and part.kind.holds_answer and not self.questions.parts(part.id)
            else:
                wrong = isinstance(part, Group) and bool(part.repeat) and not _counts(given)
            if wrong:
                label = getattr(part, "label", None)
                yield name, [Message("wrong_type", {"label": self.piped(label, State(), language) if label else name})]

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


def _first_instances(questions: Questions) -> Iterator[str]:
    """The path of each repeat inside the first instances of those around it."""
    for name, homes in questions.repeats.items():
        yield "".join(f"{home}-0-" for home in homes) + name


def _counts(given: object) -> bool:
    """Whether it says how many instances there are: a number, or all of them in a list."""
    if isinstance(given, list):
        return all(isinstance(each, Mapping) for each in given)
    return given is None or (isinstance(given, int) and not isinstance(given, bool))


def _count(raw: Sequence[str], group: Group) -> int:
    """How many instances a page says that it has."""
    assert group.repeat is not None
    text = raw[-1] if raw else ""
    number = int(text) if text.isdecimal() and len(text) < 6 else 0
    return max(group.repeat.min, min(number, group.repeat.max))
