"""Responses to several versions of a form as rows of one table: columns are merged by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from formsite.definition.document import Definition, Field
from formsite.definition.fieldtypes import Cell, Value
from formsite.responses import companions

FIXED = ("_reference", "_submitted_at", "_started_at", "_version", "_language", "_test")
"""What every row begins with. No field's name can begin with an underscore."""


def columns(definitions: Sequence[Definition], *, personal: bool) -> tuple[str, ...]:
    """The names of all columns: those of the first definition (the newest), then what others had beside them."""
    names = dict.fromkeys(FIXED)
    for definition in definitions:
        names |= dict.fromkeys(name for field in given(definition, personal=personal) for name in _names(field))
    for definition in definitions:
        names |= dict.fromkeys(name for companion in companions.all() for name in companion.columns(definition))
    return tuple(names)


def cells(definition: Definition, answers: Mapping[str, Value], *, personal: bool) -> dict[str, Cell]:
    """One response's answers by column."""
    found: dict[str, Cell] = {}
    for field in given(definition, personal=personal):
        found |= zip(_names(field), field.kind.cells(answers.get(field.id), field, definition.language), strict=True)
    return found


def given(definition: Definition, *, personal: bool) -> Iterator[Field]:
    """The fields whose answers leave."""
    return (field for field in definition.fields() if field.kind.holds_answer and (personal or not field.personal))


def _names(field: Field) -> list[str]:
    return [column.name for column in field.kind.columns(field, "")]
