"""Rows by columns: one answer a row, or one in each cell."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Field as Member
from pydantic import (
    SerializerFunctionWrapHandler,
    StrictBool,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import GridRow, GridShape, Value, registry
from formsite.definition.fieldtypes.choices import ChoiceSettings, SeveralSettings
from formsite.definition.fieldtypes.composites import (
    Composite,
    Compulsion,
    LocalId,
    Row,
    Rows,
    distinct,
    row_faults,
)
from formsite.definition.messages import usual
from formsite.definition.fieldtypes.numbers import NumberSettings
from formsite.definition.fieldtypes.texts import Length, TextSettings
from formsite.definition.messages import Message
from formsite.definition.parts import WHOLE, Amount, Choice, Part, Rule, Text, joined
from formsite.definition.reading import read_part

if TYPE_CHECKING:
    from formsite.definition.document import Field

MOST_COLUMNS = 50
MOST_CELLS = 2_000


class RowSettings(Part):
    """The rows of a matrix."""

    rows: Rows = ()

    _distinct_rows = field_validator("rows")(distinct)


class RowLaws(Part):
    """In which order the rows stand, and how many of them a compulsory matrix asks for."""

    random: StrictBool = Member(default=False, description="The rows stand in an order of chance")
    compulsory_rows: Compulsion = "all"


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


class ScaleColumns(RowSettings):
    """The answers that each row offers."""

    columns: Annotated[tuple[ScaleColumn, ...], Member(max_length=MOST_COLUMNS)] = ()

    _distinct_columns = field_validator("columns")(distinct)


class ScaleSettings(RowLaws, ScaleColumns):
    """The rows and columns, and the laws of the rows."""


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
        offered = self.offered(field, tuple(column.choice() for column in self.scale(field)))
        return tuple(
            field.part(row.id, self.of, label=row.label, settings=offered, shown_if=row.shown_if)
            for row in field.settings.rows
        )

    def size(self, field: Field) -> int:
        """Each row counts."""
        return max(1, len(field.settings.rows))

    def offered(self, field: Field, choices: tuple[Choice, ...]) -> Part:
        """The settings of each row."""
        return ChoiceSettings(choices=choices)

    def grid(self, field: Field) -> GridShape | None:
        """One part spans the columns of its row."""
        rows = (GridRow(row.id, row.label, (row.id,), row.fixed) for row in field.settings.rows)
        return GridShape(tuple(column.label for column in self.scale(field)), tuple(rows))

    def faults(self, field: Field) -> list[Fault]:
        """Rows or columns that are not there, or have no words."""
        return row_faults(field, "rows", field.settings.rows) + row_faults(field, "columns", self.scale(field))


class OneSettings(ScaleSettings):
    """The rows and columns, and whether two rows may have one answer."""

    each_row_unique: StrictBool = False


@registry.register
class MatrixOne(ScaleMatrix):
    """One answer a row, out of the same few."""

    name: ClassVar[str] = "matrix_one"
    title: ClassVar[str] = "Matrix: one choice a row"
    Settings: ClassVar[type[Part]] = OneSettings
    of: ClassVar[str] = "single_choice"

    def check_parts(self, values: Mapping[str, Value], field: Field, today: date) -> list[Message]:
        """No answer twice, where the designer wants it so."""
        given = [str(value) for value in values.values()]
        return [Message("rows_same")] if field.settings.each_row_unique and len(set(given)) < len(given) else []

    def sample_parts(self, field: Field, rng: random.Random, shown: Collection[str] | None = None) -> dict[str, Value]:
        """All different, where they have to be and there are enough of them."""
        names = [column.id for column in self.scale(field)]
        if not field.settings.each_row_unique:
            return super().sample_parts(field, rng, shown)
        rng.shuffle(names)
        rows = (row.id for row in field.settings.rows if shown is None or row.id in shown)
        return dict(zip(rows, names, strict=False))

    def faults(self, field: Field) -> list[Fault]:
        """Too few answers for them to differ."""
        settings, found = field.settings, super().faults(field)
        if settings.each_row_unique and len(settings.rows) > len(self.scale(field)):
            what = "There are more rows than answers, so that the rows cannot all differ"
            found.append(Fault("/settings/each_row_unique", what, "Add columns, or allow one answer twice"))
        return found


AGREEMENT = tuple(
    ScaleColumn(id=str(score), label=words, score=score)
    for score, words in enumerate(
        (
            usual("agree_not_at_all"),
            usual("agree_not"),
            usual("agree_neither"),
            usual("agree_rather"),
            usual("agree_fully"),
        ),
        1,
    )
)
"""Five degrees, scored 1 to 5."""


@registry.register
class Likert(MatrixOne):
    """How far somebody agrees with each statement."""

    name: ClassVar[str] = "likert"
    title: ClassVar[str] = "Agreement (Likert)"

    def scale(self, field: Field) -> tuple[ScaleColumn, ...]:
        """The designer's columns, else five degrees of agreement."""
        return super().scale(field) or AGREEMENT


class SeveralOfScaleSettings(ScaleSettings):
    """The rows and columns, and how many may be chosen in a row."""

    min_choices: Annotated[int, Member(ge=0, le=MOST_COLUMNS), WHOLE] | None = None
    max_choices: Annotated[int, Member(ge=1, le=MOST_COLUMNS), WHOLE] | None = None


@registry.register
class MatrixSeveral(ScaleMatrix):
    """Any number of the same few answers a row."""

    name: ClassVar[str] = "matrix_several"
    title: ClassVar[str] = "Matrix: several choices a row"
    Settings: ClassVar[type[Part]] = SeveralOfScaleSettings
    of: ClassVar[str] = "several_choices"

    def offered(self, field: Field, choices: tuple[Choice, ...]) -> Part:
        """With the numbers that may be chosen."""
        settings = field.settings
        return SeveralSettings(choices=choices, min_choices=settings.min_choices, max_choices=settings.max_choices)

    def faults(self, field: Field) -> list[Fault]:
        """Numbers that cannot be chosen."""
        found, most = super().faults(field), len(field.settings.columns)
        if most and (field.settings.min_choices or 0) > min(field.settings.max_choices or most, most):
            found.append(Fault("/settings/min_choices", "More must be chosen than can be", "Ask for fewer"))
        return found


class CellColumn(Part):
    """A column of cells that are typed into."""

    id: LocalId
    label: Text


class CellColumns(RowSettings):
    """The columns that each row has a cell for."""

    columns: Annotated[tuple[CellColumn, ...], Member(max_length=MOST_COLUMNS)] = ()

    _distinct_columns = field_validator("columns")(distinct)

    @model_validator(mode="after")
    def _few_cells(self) -> Self:
        if len(self.rows) * len(self.columns) > MOST_CELLS:
            raise PydanticCustomError("cells", "There are more than {most} cells", {"most": MOST_CELLS})
        return self


class CellMatrix(Composite):
    """A matrix with a part in each cell."""

    family: ClassVar[str] = "Matrix"
    widget: ClassVar[str] = "grid"
    missing: ClassVar[str] = "missing_any"

    def size(self, field: Field) -> int:
        """Each cell counts."""
        return max(1, len(field.settings.rows) * len(field.settings.columns))

    def cell(self, field: Field, row: Row, column: Any) -> Field:
        """The part where a row and a column meet."""
        raise NotImplementedError(self.name)

    def parts(self, field: Field) -> tuple[Field, ...]:
        """Row by row."""
        return tuple(self.cell(field, row, column) for row in field.settings.rows for column in field.settings.columns)

    def grid(self, field: Field) -> GridShape | None:
        """A part for each column of a row."""
        settings = field.settings
        rows = (
            GridRow(row.id, row.label, tuple(f"{row.id}-{column.id}" for column in settings.columns), row.fixed)
            for row in settings.rows
        )
        return GridShape(tuple(column.label for column in settings.columns), tuple(rows))

    def faults(self, field: Field) -> list[Fault]:
        """Rows or columns that are not there, or have no words."""
        settings = field.settings
        return row_faults(field, "rows", settings.rows) + row_faults(field, "columns", settings.columns)


class CellSettings(RowLaws, CellColumns):
    """The rows and columns, and the laws of the rows."""


class MatrixTextSettings(CellSettings):
    """The rows and columns, and how long each text may be."""

    max_length: Length | None = None


@registry.register
class MatrixText(CellMatrix):
    """A line of text in each cell."""

    name: ClassVar[str] = "matrix_text"
    title: ClassVar[str] = "Matrix of texts"
    Settings: ClassVar[type[Part]] = MatrixTextSettings

    def cell(self, field: Field, row: Row, column: Any) -> Field:
        """A line of text."""
        return field.part(
            f"{row.id}-{column.id}",
            "short_text",
            label=joined(row.label, column.label),
            settings=TextSettings(max_length=field.settings.max_length),
            shown_if=row.shown_if,
        )


class MatrixNumberSettings(CellSettings):
    """The rows and columns, and the bounds of each number."""

    min: Amount | None = None
    max: Amount | None = None
    decimals: Annotated[int, Member(ge=0, le=9), WHOLE] = 0


@registry.register
class MatrixNumber(CellMatrix):
    """A number in each cell."""

    name: ClassVar[str] = "matrix_number"
    title: ClassVar[str] = "Matrix of numbers"
    Settings: ClassVar[type[Part]] = MatrixNumberSettings

    def cell(self, field: Field, row: Row, column: Any) -> Field:
        """A number."""
        settings = field.settings
        return field.part(
            f"{row.id}-{column.id}",
            "number",
            label=joined(row.label, column.label),
            settings=NumberSettings(min=settings.min, max=settings.max, decimals=settings.decimals),
            shown_if=row.shown_if,
        )

    def faults(self, field: Field) -> list[Fault]:
        """Bounds that leave no number."""
        cells = self.parts(field)
        return super().faults(field) + (cells[0].kind.faults(cells[0]) if cells else [])


CellType = Literal[
    "short_text",
    "long_text",
    "number",
    "single_choice",
    "dropdown",
    "several_choices",
    "yes_no",
    "rating",
    "date",
]
"""The types that have room in a cell."""


class MixedColumn(CellColumn):
    """A column of cells of one type, with its own settings. Where it is compulsory, each of its cells is."""

    type: CellType = "short_text"
    settings: Any = Member(default=None, validate_default=True)
    compulsory: StrictBool = False

    @field_validator("settings", mode="before")
    @classmethod
    def _of_its_type(cls, raw: object, info: ValidationInfo) -> Part | None:
        name = info.data.get("type")
        return read_part(registry.get(name).Settings, raw) if name else None

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        out: dict[str, Any] = handler(self)
        settings = self.settings.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
        out.pop("settings", None)
        return out | {"type": self.type} | ({"settings": settings} if settings else {})


class MixedSettings(CellSettings):
    """The rows, and columns of different types."""

    columns: Annotated[tuple[MixedColumn, ...], Member(max_length=MOST_COLUMNS)] = ()


@registry.register
class MatrixMixed(CellMatrix):
    """Cells of different types, by their columns."""

    name: ClassVar[str] = "matrix_mixed"
    title: ClassVar[str] = "Matrix of different answers"
    Settings: ClassVar[type[Part]] = MixedSettings

    def cell(self, field: Field, row: Row, column: Any) -> Field:
        """By the type and settings of its column."""
        return field.part(
            f"{row.id}-{column.id}",
            column.type,
            label=joined(row.label, column.label),
            settings=column.settings,
            shown_if=row.shown_if,
            compulsory=column.compulsory,
        )

    def faults(self, field: Field) -> list[Fault]:
        """What is wrong with the settings of a column."""
        settings, found = field.settings, super().faults(field)
        for at, column in enumerate(settings.columns if settings.rows else ()):
            cell = self.cell(field, settings.rows[0], column)
            found += [Fault(f"/settings/columns/{at}{f.where}", f.what, f.fix) for f in cell.kind.faults(cell)]
            if cell.kind.parts(cell):
                what = f"A cell of “{column.id}” has no room for a text beside the answer"
                found.append(Fault(f"/settings/columns/{at}/settings", what, "Ask for it in a column of its own"))
        return found
