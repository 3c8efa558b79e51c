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

from formsite.definition.fieldtypes import choices, contact, numbers, texts  # noqa: F401  (each family registers itself; this is the order in which they are offered)
