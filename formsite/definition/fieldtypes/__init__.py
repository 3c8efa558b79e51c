"""The field types a form can hold. Importing this package registers them, in the order the designer offers them."""

from formsite.definition.fieldtypes.base import (
    Cell,
    Column,
    FieldType,
    Registry,
    Summary,
    Unreadable,
    Value,
    registry,
)

__all__ = ["Cell", "Column", "FieldType", "Registry", "Summary", "Unreadable", "Value", "registry"]

# Each family registers itself; the types are offered in this order.
# ruff: noqa: F401
from formsite.definition.fieldtypes import choices, lists, contact, urls, numbers, amounts, times, scales, texts
from formsite.definition.fieldtypes import patterns, countries, colours, declarations, ranking, shown
from formsite.definition.fieldtypes import files, places
from formsite.definition.fieldtypes import grouped, matrices, persons, ranges, values
