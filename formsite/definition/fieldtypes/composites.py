"""What fields made of parts share: rows and items, usual words, and no answer of their own."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field as Member
from pydantic import StrictBool, field_validator
from pydantic_core import PydanticCustomError

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import Cell, Column, FieldType, GridRow, GridShape, Value
from formsite.definition.logic import AnswerType
from formsite.definition.parts import Part, Rule, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field

MOST_ROWS = 500
LocalId = Annotated[str, Member(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.]{0,63}$")]
"""Of a row or a column. It is a step of a path, so it holds no dash."""


class Row(Part):
    """One line of a field that is made of several: its part is named `<field>-<id>`."""

    id: LocalId
    label: Text
    shown_if: Rule | None = None
    fixed: StrictBool = Member(default=False, description="It keeps its place in an order of chance")


def distinct(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    """The rows, no two of which may have one id."""
    for name, times in Counter(row.id for row in rows).items():
        if times > 1:
            raise PydanticCustomError("rows", "“{name}” is there twice", {"name": name})
    return rows


Rows = Annotated[tuple[Row, ...], Member(max_length=MOST_ROWS)]
Compulsion = Annotated[
    Literal["all", "any"], Member(description="What a compulsory field asks for: every line, or at least one")
]


class ItemSettings(Part):
    """Lines below each other, each with a control."""

    items: Rows = ()
    random: StrictBool = False
    compulsory_rows: Compulsion = "all"

    _distinct = field_validator("items")(distinct)


class Composite(FieldType):
    """A field made of parts. It holds no answer: its parts do, each by the laws of its own type."""

    widget: ClassVar[str] = "stack"
    answer: ClassVar[AnswerType] = AnswerType.NOTHING
    composite: ClassVar[bool] = True

    def compulsory_parts(self, field: Field) -> Literal["all", "any", "own"]:
        """As the designer set it, else every part."""
        how: Literal["all", "any", "own"] = getattr(field.settings, "compulsory_rows", "all")
        return how

    def sample_parts(self, field: Field, rng: random.Random, shown: Collection[str] | None = None) -> dict[str, Value]:
        """Believable answers to the parts that are shown (all of them, if nothing is said), by their local names, that
        `check_parts` accepts together.
        """
        parts = ((part.id[len(field.id) + 1 :], part) for part in self.parts(field))
        return {name: part.kind.sample(part, rng) for name, part in parts if shown is None or name in shown}

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """Never an answer of its own."""
        return None

    def load(self, value: object, field: Field) -> Value | None:
        """Never an answer of its own."""
        return None

    def columns(self, field: Field, language: str) -> tuple[Column, ...]:
        """Those of its parts are enough."""
        return ()

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """Those of its parts are enough."""
        return ()

    def schema(self, field: Field) -> dict[str, Any]:
        """No value fits: the parts hold the answers."""
        return {"not": {}}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """There is no answer to give."""
        raise LookupError(f"“{field.id}” is answered in parts")


class Itemised(Composite):
    """A composite with one part for each item that the designer lists."""

    missing: ClassVar[str] = "missing_any"
    Settings: ClassVar[type[Part]] = ItemSettings

    def grid(self, field: Field) -> GridShape | None:
        """No columns: only the order of the items, which may be one of chance."""
        return GridShape(
            (), tuple(GridRow(item.id, item.label, (item.id,), item.fixed) for item in field.settings.items)
        )

    def size(self, field: Field) -> int:
        """Each item counts."""
        return max(1, len(field.settings.items))

    def faults(self, field: Field) -> list[Fault]:
        """No items, or one without words."""
        return row_faults(field, "items", field.settings.items)


def row_faults(field: Field, name: str, rows: Sequence[Any]) -> list[Fault]:
    """What is wrong with the lines of a field: there are none, or some have no words."""
    said = field.label.say("") or field.id
    if not rows:
        return [Fault(f"/settings/{name}", f"“{said}” has no {name}", f"Add {name}")]
    return [
        Fault(f"/settings/{name}/{at}/label", f"“{row.id}” of “{said}” has no words", "Write what is asked")
        for at, row in enumerate(rows)
        if not row.label.say("").strip()
    ]
