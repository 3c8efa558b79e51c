"""How another program names questions and writes answers, so that a form can be tried with its own data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from formsite.definition.document import Field
from formsite.definition.evaluation import Dialect
from formsite.definition.flow import Plan


class NameByName:
    """A dialect that differs in the names of questions and in the values of single answers.

    `names` maps the source's name of a question or repeat to its path without the numbers of instances. A source
    overrides `value_in` and `value_out`, and what else it does differently.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = dict(names)
        self._sources = {path: name for name, path in names.items()}

    def answers_in(self, answers: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
        """Its answers by path: objects around fields are opened, a list of objects is a repeat."""
        return dict(self._opened(answers, plan, ""))

    def _opened(self, answers: Mapping[str, Any], plan: Plan, prefix: str) -> Iterator[tuple[str, Any]]:
        for name, raw in answers.items():
            path = prefix + self.path_in(name)
            if isinstance(raw, list) and raw and all(isinstance(each, Mapping) for each in raw):
                yield path, len(raw)
                for number, each in enumerate(raw):
                    yield from self._opened(each, plan, f"{path}-{number}-")
            elif isinstance(raw, Mapping):
                yield from self._opened(raw, plan, prefix)
            else:
                question = plan.questions.at(path)
                yield path, raw if question is None else self.value_in(path, question.field, raw)

    def path_in(self, name: str) -> str:
        """The path of the question called `name`; a name that is a path with numbers keeps them."""
        return self.names.get(name, name)

    def name_out(self, path: str) -> str | None:
        """Its name for what stands at a path; in a repeat `<repeat>-<number>-<question>`, in its names."""
        steps, named = path.split("-"), []
        while len(steps) > 2 and steps[1].isdecimal() and steps[0] in self._sources:
            named += [self._sources[steps[0]], steps[1]]
            steps = steps[2:]
        name = self._sources.get("-".join(steps))
        return None if name is None else "-".join([*named, name])

    def value_in(self, path: str, field: Field, raw: Any) -> Any:
        """An answer of the source as formsite's value."""
        return raw

    def value_out(self, path: str, field: Field, value: Any) -> Any:
        """An answer of formsite as the source writes it."""
        return value


__all__ = ["Dialect", "NameByName"]
