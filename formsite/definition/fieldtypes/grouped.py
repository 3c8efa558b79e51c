"""Several short answers under one heading: texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import StrictBool

from formsite.definition.fieldtypes.base import registry
from formsite.definition.fieldtypes.composites import Itemised, ItemSettings
from formsite.definition.fieldtypes.texts import Length, TextSettings
from formsite.definition.parts import Part

if TYPE_CHECKING:
    from formsite.definition.document import Field


class SeveralTextsSettings(ItemSettings):
    """The items, and how long each answer may be."""

    lines: StrictBool = False
    max_length: Length | None = None


@registry.register
class SeveralTexts(Itemised):
    """A text for each item."""

    name: ClassVar[str] = "several_texts"
    title: ClassVar[str] = "Several texts"
    family: ClassVar[str] = "Text"
    Settings: ClassVar[type[Part]] = SeveralTextsSettings

    def parts(self, field: Field) -> tuple[Field, ...]:
        """A line or a few lines of text each."""
        settings = field.settings
        kind = "long_text" if settings.lines else "short_text"
        bounds = TextSettings(max_length=settings.max_length)
        return tuple(
            field.part(item.id, kind, label=item.label, settings=bounds, shown_if=item.shown_if)
            for item in settings.items
        )
