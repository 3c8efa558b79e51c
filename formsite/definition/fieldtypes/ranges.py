"""From one value to another: days, times of day, numbers."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import StrictBool

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import Value, registry
from formsite.definition.fieldtypes.composites import Composite
from formsite.definition.messages import usual
from formsite.definition.fieldtypes.numbers import DateSettings, NumberSettings
from formsite.definition.fieldtypes.times import TimeSettings
from formsite.definition.messages import Message
from formsite.definition.parts import Part, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field


class RangeSettings(Part):
    """The words of both ends, and whether one of them is enough."""

    from_label: Text | None = None
    to_label: Text | None = None
    one_end: StrictBool = False


class Range(Composite):
    """Two values of one type, the second not before the first."""

    family: ClassVar[str] = "Numbers and dates"
    widget: ClassVar[str] = "range"
    of: ClassVar[str]
    """The type of both ends."""
    of_settings: ClassVar[type[Part]]
    """Its settings, which are those of the whole as well."""

    def parts(self, field: Field) -> tuple[Field, ...]:
        """Both ends, within the same bounds."""
        settings = field.settings
        bounds = self.of_settings(**{name: getattr(settings, name) for name in self.of_settings.model_fields})
        return (
            field.part("from", self.of, label=settings.from_label or usual("range_from"), settings=bounds),
            field.part("to", self.of, label=settings.to_label or usual("range_to"), settings=bounds),
        )

    def compulsory_parts(self, field: Field) -> Any:
        """Both, unless one is enough."""
        return "any" if field.settings.one_end else "all"

    def check_parts(self, values: Mapping[str, Value], field: Field, today: date) -> list[Message]:
        """Both ends, and in order."""
        start, end = values.get("from"), values.get("to")
        if start is None or end is None:
            return [] if field.settings.one_end else [Message("range_both")]
        return [Message("range_order")] if end < start else []  # type: ignore[operator]  # both are of one type

    def sample_parts(self, field: Field, rng: random.Random, shown: Collection[str] | None = None) -> dict[str, Value]:
        """In order."""
        one, other = super().sample_parts(field, rng).values()
        return {"from": min(one, other), "to": max(one, other)}  # both are of one type

    def faults(self, field: Field) -> list[Fault]:
        """Bounds that leave nothing."""
        first = self.parts(field)[0]
        return first.kind.faults(first)


class DateRangeSettings(DateSettings, RangeSettings):
    """The bounds of both days."""


@registry.register
class DateRange(Range):
    """From one day to another."""

    name: ClassVar[str] = "date_range"
    title: ClassVar[str] = "Range of days"
    Settings: ClassVar[type[Part]] = DateRangeSettings
    of: ClassVar[str] = "date"
    of_settings: ClassVar[type[Part]] = DateSettings


class TimeRangeSettings(TimeSettings, RangeSettings):
    """The bounds of both times. A range does not go past midnight."""


@registry.register
class TimeRange(Range):
    """From one time of day to another."""

    name: ClassVar[str] = "time_range"
    title: ClassVar[str] = "Range of times"
    Settings: ClassVar[type[Part]] = TimeRangeSettings
    of: ClassVar[str] = "time"
    of_settings: ClassVar[type[Part]] = TimeSettings


class NumberRangeSettings(NumberSettings, RangeSettings):
    """The bounds of both numbers."""


@registry.register
class NumberRange(Range):
    """From one number to another."""

    name: ClassVar[str] = "number_range"
    title: ClassVar[str] = "Range of numbers"
    Settings: ClassVar[type[Part]] = NumberRangeSettings
    of: ClassVar[str] = "number"
    of_settings: ClassVar[type[Part]] = NumberSettings
