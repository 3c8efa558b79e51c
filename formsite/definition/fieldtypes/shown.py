"""What only shows something and asks nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from formsite.definition.fieldtypes.base import Cell, Column, FieldType, Value, registry
from formsite.definition.logic import AnswerType
from formsite.definition.parts import Part, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field


class StatementSettings(Part):
    """What is said below the heading; a subset of Markdown."""

    body: Text | None = None


@registry.register
class Statement(FieldType):
    """Words between the questions. Asks nothing."""

    name: ClassVar[str] = "statement"
    title: ClassVar[str] = "Statement"
    family: ClassVar[str] = "Show"
    widget: ClassVar[str] = "statement"
    answer: ClassVar[AnswerType] = AnswerType.NOTHING
    Settings: ClassVar[type[Part]] = StatementSettings

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """Never an answer."""
        return None

    def load(self, value: object, field: Field) -> Value | None:
        """Never an answer."""
        return None

    def columns(self, field: Field, language: str) -> tuple[Column, ...]:
        """None."""
        return ()

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """None."""
        return ()

    def schema(self, field: Field) -> dict[str, Any]:
        """No value fits."""
        return {"not": {}}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """There is no answer to give."""
        raise LookupError("a statement has no answer")
