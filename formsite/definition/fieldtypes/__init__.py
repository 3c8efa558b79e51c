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
from formsite.definition.fieldtypes import choices, contact, urls, numbers, amounts, times, scales, texts, patterns, countries, colours, declarations, ranking, shown  # noqa: F401
from formsite.definition.fieldtypes import files, places  # noqa: F401
from formsite.definition.fieldtypes import grouped, matrices, persons, ranges, values  # noqa: F401
