"""Several short answers under one heading: texts, numbers, and numbers that share out a total."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field as Member
from pydantic import StrictBool

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import Value, registry
from formsite.definition.fieldtypes.composites import Itemised, ItemSettings
from formsite.definition.fieldtypes.numbers import NumberSettings, in_steps, plain
from formsite.definition.fieldtypes.texts import Length, TextSettings
from formsite.definition.messages import Message, words
from formsite.definition.parts import WHOLE, Amount, Part, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field

Decimals = Annotated[int, Member(ge=0, le=9), WHOLE]


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


class SeveralNumbersSettings(ItemSettings):
    """The items, the bounds of each number, and those of their sum. An item left empty counts as nothing."""

    min: Amount | None = None
    max: Amount | None = None
    decimals: Decimals = 0
    unit: Text | None = None
    sum_is: Amount | None = None
    sum_least: Amount | None = None
    sum_most: Amount | None = None


class Numbers(Itemised):
    """A number for each item, with bounds for their sum."""

    family: ClassVar[str] = "Numbers and dates"
    widget: ClassVar[str] = "sum"

    def between(self, field: Field) -> tuple[float | None, float | None]:
        """The least and the greatest sum."""
        raise NotImplementedError(self.name)

    def parts(self, field: Field) -> tuple[Field, ...]:
        """A number each."""
        settings = field.settings
        each = NumberSettings(min=settings.min, max=settings.max, decimals=settings.decimals, unit=settings.unit)
        return tuple(
            field.part(item.id, "number", label=item.label, settings=each, shown_if=item.shown_if)
            for item in settings.items
        )

    def check_parts(self, values: Mapping[str, Value], field: Field, today: date) -> list[Message]:
        """The sum is within its bounds."""
        found, (least, most) = total(values), self.between(field)
        if least is not None and found < least:
            return [Message("sum_is" if least == most else "sum_least", {"bound": plain(least), "sum": plain(found)})]
        if most is not None and found > most:
            return [Message("sum_is" if least == most else "sum_most", {"bound": plain(most), "sum": plain(found)})]
        return []

    def help(self, field: Field, language: str) -> str:
        """What the sum must be."""
        said, (least, most) = words(language), self.between(field)
        if least is not None and least == most:
            return said["sum_is_help"].replace("{bound}", plain(least))
        told = ((said["sum_least_help"], least), (said["sum_most_help"], most))
        return " ".join(text.replace("{bound}", plain(bound)) for text, bound in told if bound is not None)

    def input(self, field: Field, language: str) -> dict[str, str]:
        """What the script needs to show the sum so far, where it matters."""
        bounds = zip(("data-least", "data-most"), self.between(field), strict=True)
        told = {name: plain(bound) for name, bound in bounds if bound is not None}
        decimals = str(field.settings.decimals)
        return {"data-sum": words(language)["sum_so_far"], "data-decimals": decimals} | told if told else {}

    def sample_parts(self, field: Field, rng: random.Random, shown: Collection[str] | None = None) -> dict[str, Value]:
        """Numbers whose sum is right: each as free as those after it allow."""
        scale = 10**field.settings.decimals
        names = [item.id for item in field.settings.items if shown is None or item.id in shown]
        least, most = self._each(field)
        lowest, highest = in_steps(*self.between(field), field.settings.decimals)
        low = max(least * len(names), least * len(names) if lowest is None else lowest)
        high = min(most * len(names), most * len(names) if highest is None else highest)
        left = rng.randint(low, min(high, low + 100 * scale))
        made: dict[str, Value] = {}
        for after in range(len(names) - 1, -1, -1):
            given = rng.randint(max(least, left - after * most), min(most, left - after * least))
            left -= given
            made[names[len(made)]] = given // scale if given % scale == 0 else given / scale
        return made

    def _each(self, field: Field) -> tuple[int, int]:
        """Bounds for samples of each number, in steps of the last decimal; wide enough for any sum."""
        settings = field.settings
        least, most = in_steps(settings.min, settings.max, settings.decimals)
        sums = [bound for bound in in_steps(*self.between(field), settings.decimals) if bound is not None]
        reach = max([100 * 10**settings.decimals, *(abs(bound) for bound in sums)])
        if least is None:  # nobody's number is below nothing, unless it has to be
            least = -reach + min(most or 0, 0) if min([most or 0, *sums]) < 0 else 0
        return least, max(least, 0) + reach if most is None else most

    def faults(self, field: Field) -> list[Fault]:
        """Bounds that leave no number, or no sum."""
        settings, found = field.settings, super().faults(field)
        least, most = in_steps(settings.min, settings.max, settings.decimals)
        lowest, highest = in_steps(*self.between(field), settings.decimals)
        number = len(settings.items)
        low = max(-math.inf if least is None else least * number, -math.inf if lowest is None else lowest)
        high = min(math.inf if most is None else most * number, math.inf if highest is None else highest)
        if least is not None and most is not None and least > most:
            found.append(Fault("/settings/max", "There is no number within the bounds", "Change one of the bounds"))
        elif number and low > high:
            what = "No numbers within the bounds have such a sum"
            found.append(Fault(f"/settings/{self.bounded_by(field)}", what, "Change one of the bounds"))
        return found

    def bounded_by(self, field: Field) -> str:
        """The setting that bounds the sum."""
        raise NotImplementedError(self.name)


def total(values: Mapping[str, Value]) -> float:
    """The sum as a person would write it: doubles are added exactly, and rounded to nine decimals."""
    found = round(math.fsum(value for value in values.values() if isinstance(value, int | float)), 9)
    return int(found) if found.is_integer() else found


@registry.register
class SeveralNumbers(Numbers):
    """A number for each item; their sum may be bounded."""

    name: ClassVar[str] = "several_numbers"
    title: ClassVar[str] = "Several numbers"
    Settings: ClassVar[type[Part]] = SeveralNumbersSettings

    def between(self, field: Field) -> tuple[float | None, float | None]:
        """As the designer set them."""
        settings = field.settings
        exact = settings.sum_is
        return (settings.sum_least, settings.sum_most) if exact is None else (exact, exact)

    def bounded_by(self, field: Field) -> str:
        """The one that is set."""
        given = (name for name in ("sum_is", "sum_least", "sum_most") if getattr(field.settings, name) is not None)
        return next(given, "max")


class ConstantSumSettings(ItemSettings):
    """The items, and what is shared out among them."""

    total: Amount = 100
    min: Amount | None = 0
    max: Amount | None = None
    decimals: Decimals = 0
    unit: Text | None = None


@registry.register
class ConstantSum(Numbers):
    """A total shared out among the items."""

    name: ClassVar[str] = "constant_sum"
    title: ClassVar[str] = "Share out a total"
    Settings: ClassVar[type[Part]] = ConstantSumSettings

    def between(self, field: Field) -> tuple[float | None, float | None]:
        """All of it, and no more."""
        return field.settings.total, field.settings.total

    def bounded_by(self, field: Field) -> str:
        """The total."""
        return "total"
