"""Rows by columns: one answer a row, or one in each cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field as Member
from pydantic import StrictBool, field_validator

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import GridRow, GridShape, Value, registry
from formsite.definition.fieldtypes.choices import ChoiceSettings
from formsite.definition.fieldtypes.composites import (
    Composite,
    Compulsion,
    LocalId,
    Rows,
    distinct,
    row_faults,
)
from formsite.definition.messages import Message
from formsite.definition.parts import Amount, Choice, Part, Rule, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field

MOST_COLUMNS = 50


class RowSettings(Part):
    """The rows of a matrix."""

    rows: Rows = ()
    random: StrictBool = Member(default=False, description="The rows stand in an order of chance")
    compulsory_rows: Compulsion = "all"

    _distinct_rows = field_validator("rows")(distinct)


class ScaleColumn(Part):
    """An answer that every row offers."""

    id: LocalId
    label: Text
    shown_if: Rule | None = None
    score: Amount | None = None
    exclusive: StrictBool = Member(default=False, description="None of the others goes with it")

    def choice(self) -> Choice:
        """The column as a choice of each row."""
        return Choice(**{name: getattr(self, name) for name in ScaleColumn.model_fields})


class ScaleSettings(RowSettings):
    """The rows, and the answers that each of them offers."""

    columns: Annotated[tuple[ScaleColumn, ...], Member(max_length=MOST_COLUMNS)] = ()

    _distinct_columns = field_validator("columns")(distinct)


class ScaleMatrix(Composite):
    """A matrix whose columns are the answers: each row is a choice."""

    family: ClassVar[str] = "Matrix"
    widget: ClassVar[str] = "grid"
    missing: ClassVar[str] = "missing_any"
    Settings: ClassVar[type[Part]] = ScaleSettings
    of: ClassVar[str]
    """The type of a row."""

    def scale(self, field: Field) -> tuple[ScaleColumn, ...]:
        """The columns."""
        columns: tuple[ScaleColumn, ...] = field.settings.columns
        return columns

    def parts(self, field: Field) -> tuple[Field, ...]:
        """A choice for each row; all of them share what they offer."""
        offered = self.offered(tuple(column.choice() for column in self.scale(field)))
        return tuple(
            field.part(row.id, self.of, label=row.label, settings=offered, shown_if=row.shown_if)
            for row in field.settings.rows
        )

    def offered(self, choices: tuple[Choice, ...]) -> Mapping[str, Any] | Part:
        """The settings of each row."""
        return ChoiceSettings(choices=choices)

    def grid(self, field: Field) -> GridShape | None:
        """One part spans the columns of its row."""
        rows = (GridRow(row.id, row.label, (row.id,), row.fixed) for row in field.settings.rows)
        return GridShape(tuple(column.label for column in self.scale(field)), tuple(rows))

    def faults(self, field: Field) -> list[Fault]:
        """Rows or columns that are not there, or have no words."""
        return row_faults(field, "rows", field.settings.rows) + row_faults(field, "columns", self.scale(field))


class MatrixOneSettings(ScaleSettings):
    """The rows and columns, and whether two rows may have one answer."""

    each_row_unique: StrictBool = False


@registry.register
class MatrixOne(ScaleMatrix):
    """One answer a row, out of the same few."""

    name: ClassVar[str] = "matrix_one"
    title: ClassVar[str] = "Matrix: one choice a row"
    Settings: ClassVar[type[Part]] = MatrixOneSettings
    of: ClassVar[str] = "single_choice"

    def check_parts(self, values: Mapping[str, Value], field: Field, today: date) -> list[Message]:
        """No answer twice, where the designer wants it so."""
        given = [str(value) for value in values.values()]
        return [Message("rows_same")] if field.settings.each_row_unique and len(set(given)) < len(given) else []
