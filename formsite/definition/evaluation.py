"""What a definition makes of given answers: the answer of `formsite forms evaluate`, and of whoever tries a form out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from formsite.definition import logic, paths
from formsite.definition.document import Definition, Field
from formsite.definition.flow import Plan
from formsite.definition.messages import render
from formsite.definition.state import Moment, State


class Dialect(Protocol):
    """How another program names questions and writes answers.

    One that counts groups among the questions has their ids in `groups`: they are told as shown, too, and those in
    `demands` as compulsory, always or by a rule. `shows_empty`: a table is told as shown without any row.
    `keeps_wrong`: rules see a text that is wrong, such as half an address.
    """

    def answers_in(self, answers: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
        """Its answers, by formsite's paths and in formsite's values."""

    def name_out(self, path: str) -> str | None:
        """Its name for what stands at a path; None if it has none."""

    def value_out(self, path: str, field: Field, value: Any) -> Any:
        """An answer as it writes it."""


class Own:
    """Formsite's own names and values: nested objects or paths."""

    def answers_in(self, answers: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
        """Groups and pages may stand around the fields: a field's name is unique without them."""
        return dict(_opened(answers, plan))

    def name_out(self, path: str) -> str | None:
        """The path."""
        return path

    def value_out(self, path: str, field: Field, value: Any) -> Any:
        """The answer."""
        return value


class Evaluator:
    """Compiles a definition once and evaluates many sets of answers, in the names and values of a dialect."""

    def __init__(self, definition: Definition, *, language: str | None = None, dialect: Dialect | None = None) -> None:
        self.plan = Plan(definition)
        self._language = language or definition.language
        self._dialect: Dialect = dialect or Own()
        demands: Mapping[str, bool | Mapping[str, Any]] = getattr(self._dialect, "demands", {})
        self._demands = {name: self._demand(given) for name, given in demands.items()}

    def _demand(self, given: bool | Mapping[str, Any]) -> Callable[[logic.Context], object]:
        if isinstance(given, bool):
            return lambda _context: given
        return logic.compile_rule(logic.parse(given), self.plan.questions.scope)

    def evaluate(self, answers: Mapping[str, Any], today: date, now: datetime | None = None) -> dict[str, Any]:
        """`shown`, `compulsory`, `errors`, `computed`, the `next` page that still lacks something, and the `exit` page
        that ends the form, if one is come to.
        """
        plan, language = self.plan, self._language
        given = self._dialect.answers_in(answers, plan)
        values, errors = plan.load(given, language)
        if getattr(self._dialect, "keeps_wrong", False):
            values |= {path: given[path] for path in errors if self._is_text(path, given.get(path))}
        state = plan.state(values, today, now=now, language=language)
        unreadable = {path: found for path, found in errors.items() if path in state.shown or path in state.parts}
        wrong = plan.errors(state, language, today) | unreadable
        return {
            "shown": self._names([*state.shown, *self._groups(state)]),
            "compulsory": self._names(
                [*(path for path in state.shown if path in state.compulsory), *self._demanded(state, today, now)]
            ),
            "errors": {
                name: [render(message, language) for message in wrong[path]]
                for path in sorted(wrong, key=_position(state.shown))
                if (name := self._dialect.name_out(path)) is not None
            },
            "computed": dict(self._computed(state.answers)),
            "next": plan.unfinished(state, wrong),
        } | ({"exit": state.exit} if state.exit else {})

    def _is_text(self, path: str, given: object) -> bool:
        question = self.plan.questions.at(path)
        return isinstance(given, str) and question is not None and question.field.kind.answer is logic.AnswerType.TEXT

    def _groups(self, state: State) -> list[str]:
        """The groups that are shown and that the dialect calls questions."""
        wanted: frozenset[str] = getattr(self._dialect, "groups", frozenset())
        found = {path for path in state.parts if wanted and self.plan.step(path).id in wanted}
        return sorted(found | (state.emptied if getattr(self._dialect, "shows_empty", False) else set()))

    def _demanded(self, state: State, today: date, now: datetime | None) -> Iterator[str]:
        """The groups that are shown and in which something must be answered."""
        for path in sorted(state.parts) if self._demands else ():
            holds = self._demands.get(self.plan.step(path).id)
            at = paths.places(path, self.plan.questions.repeats)
            if holds and holds(self.plan.context(state, Moment(today, now, self._language), at)) is True:
                yield path

    def _names(self, found: Any) -> list[str]:
        return [name for path in found if (name := self._dialect.name_out(path)) is not None]

    def _computed(self, answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for path, value in answers.items():
            part = self.plan.step(path).part
            name = self._dialect.name_out(path)
            if isinstance(part, Field) and part.computed is not None and name is not None:
                yield name, self._dialect.value_out(path, part, value)


def _position(shown: list[str]) -> Any:
    at = {path: number for number, path in enumerate(shown)}
    return lambda path: at.get(path, len(at))


def _opened(answers: Mapping[str, Any], plan: Plan) -> Iterator[tuple[str, Any]]:
    """Pages and groups that stand as objects around fields, opened; what holds parts or instances stays."""
    for name, value in answers.items():
        step = plan.by_id.get(name)
        around = step is None or not isinstance(step.part, Field)
        if isinstance(value, Mapping) and around:
            yield from _opened(value, plan)
        elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            yield name, [dict(_opened(each, plan)) for each in value]
        else:
            yield name, value
