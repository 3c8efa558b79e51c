"""What a definition makes of given answers: the answer of `formsite forms evaluate`, and of whoever tries a form out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from formsite.definition.document import Definition
from formsite.definition.flow import Plan
from formsite.definition.messages import render


class Evaluator:
    """Compiles a definition once and evaluates many sets of answers.

    `names` maps a source's own names to field paths; answers and results then use the source's names.
    """

    def __init__(
        self, definition: Definition, *, language: str | None = None, names: Mapping[str, str] | None = None
    ) -> None:
        self._plan = Plan(definition)
        self._language = language or definition.language
        self._paths = dict(names or {})
        self._sources = {path: source for source, path in self._paths.items()}

    def evaluate(self, answers: Mapping[str, object], today: date) -> dict[str, Any]:
        """`shown`, `compulsory`, `errors`, `computed` and the `next` page that still lacks something."""
        given = {self._paths.get(name, name): value for name, value in _flat(answers)}
        values, errors = self._plan.load(given, self._language)
        state = self._plan.state(values, today)
        unreadable = {name: found for name, found in errors.items() if name in state.shown}
        wrong = self._plan.errors(state, self._language, today) | unreadable
        return {
            "shown": [self._name(name) for name in state.shown],
            "compulsory": [self._name(name) for name in state.shown if name in state.compulsory],
            "errors": {
                self._name(name): [render(message, self._language) for message in wrong[name]]
                for name in state.shown
                if name in wrong
            },
            "computed": {},
            "next": self._plan.unfinished(state, wrong),
        }

    def _name(self, path: str) -> str:
        return self._sources.get(path, path)


def _flat(answers: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Nested objects, as groups and pages may have them, opened: a field's name is unique in the form."""
    for name, value in answers.items():
        if isinstance(value, Mapping):
            yield from _flat(value)
        else:
            yield name, value
