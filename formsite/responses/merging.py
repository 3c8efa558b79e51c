"""Responses to several versions of a form as rows of one table: columns are merged by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from formsite.definition import paths
from formsite.definition.document import Definition, Field
from formsite.definition.fieldtypes import Cell, Value
from formsite.definition.questions import Question, Questions
from formsite.responses import companions

FIXED = ("_reference", "_submitted_at", "_started_at", "_version", "_language", "_test")
"""What every row begins with. No field's name can begin with an underscore."""


class Table:
    """The columns of one version: a question in a repeat has one for each instance that some response has."""

    def __init__(self, definition: Definition, counts: Mapping[str, int], *, personal: bool) -> None:
        self._language = definition.language
        self._fields = dict(_placed(Questions(definition), counts, personal=personal))
        self.names = tuple(name for path, field in self._fields.items() for name in _names(path, field))

    def cells(self, answers: Mapping[str, Value]) -> dict[str, Cell]:
        """One response's answers by column."""
        found: dict[str, Cell] = {}
        for path, field in self._fields.items():
            found |= zip(_names(path, field), field.kind.cells(answers.get(path), field, self._language), strict=True)
        return found


def columns(tables: Sequence[Table], definitions: Sequence[Definition]) -> tuple[str, ...]:
    """The names of all columns: those of the first version (the newest), then what others had beside them."""
    names = dict.fromkeys(FIXED)
    for table in tables:
        names |= dict.fromkeys(table.names)
    for definition in definitions:
        names |= dict.fromkeys(name for companion in companions.all() for name in companion.columns(definition))
    return tuple(names)


def counted(definition: Definition, answers: Mapping[str, Value], counts: dict[str, int]) -> None:
    """Note the most instances that a repeat has, by its id, in `counts`."""
    for path, value in answers.items():
        name = paths.plain(path, definition.repeats)
        if name in definition.repeats and isinstance(value, int):
            counts[name] = max(counts.get(name, 0), value)


def _placed(questions: Questions, counts: Mapping[str, int], *, personal: bool) -> Iterator[tuple[str, Field]]:
    for question in questions.answering():
        if personal or not question.field.personal:
            for prefix in _prefixes(question, counts):
                yield prefix + question.id, question.field


def _prefixes(question: Question, counts: Mapping[str, int]) -> list[str]:
    found = [""]
    for home in question.homes:
        found = [f"{prefix}{home}-{number}-" for prefix in found for number in range(counts.get(home, 0))]
    return found


def _names(path: str, field: Field) -> list[str]:
    """The names of a field's columns, each beginning with its path."""
    return [path + column.name.removeprefix(field.id) for column in field.kind.columns(field, "")]
