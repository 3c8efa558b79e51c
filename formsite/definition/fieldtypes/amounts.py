"""Numbers of a kind: money in a currency, and a place on a scale that is dragged."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field as Member
from pydantic import WithJsonSchema

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import Value, registry
from formsite.definition.fieldtypes.numbers import Number, as_number, plain
from formsite.definition.locales import locale_of
from formsite.definition.messages import Message, words
from formsite.definition.parts import LARGEST, Amount, Part, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field

MOST_STEPS = 10_000


@cache
def _precision(currency: str) -> int:
    """How many decimals the currency has."""
    from babel.numbers import get_currency_precision  # 20 ms: not at start

    return int(get_currency_precision(currency))


@cache
def _sign(currency: str) -> str:
    """The sign of the currency that no other has."""
    from babel.numbers import get_currency_symbol

    return str(get_currency_symbol(currency, locale="en"))


class CurrencySettings(Part):
    """Which currency, and the bounds (inclusive)."""

    currency: Annotated[str, Member(pattern="^[A-Z]{3}$", description="ISO 4217")] = "EUR"
    min: Amount = 0
    max: Amount | None = None

    @property
    def decimals(self) -> int:
        """Those of the currency."""
        return _precision(self.currency)

    @property
    def unit(self) -> Text:
        """The sign of the currency, which is the same in all languages here."""
        return Text({"en": _sign(self.currency)})


@registry.register
class Currency(Number):
    """An amount of money."""

    name: ClassVar[str] = "currency"
    title: ClassVar[str] = "Amount of money"
    missing: ClassVar[str] = "missing_amount"
    Settings: ClassVar[type[Part]] = CurrencySettings

    def beside(self, field: Field) -> Iterable[str]:
        """The sign of the currency, or its letters."""
        return (field.settings.currency, *field.settings.unit.root.values())

    def text(self, value: Value, field: Field, language: str) -> str:
        """The amount as the language writes it."""
        from babel.numbers import format_currency

        locale, currency = locale_of(language), field.settings.currency
        amount = Decimal(plain(as_number(value)))
        return str(format_currency(amount, currency, locale=locale)) if locale else f"{amount} {currency}"

    def faults(self, field: Field) -> list[Fault]:
        """A currency that there is not."""
        from babel.numbers import list_currencies

        if field.settings.currency in list_currencies():
            return super().faults(field)
        what = f"“{field.settings.currency}” is no currency that is known"
        return [Fault("/settings/currency", what, "Use its three letters, like EUR")]


Step = Annotated[Amount, Member(gt=0), WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST})]


class SliderSettings(Part):
    """The ends and the steps of the scale, and the words at its ends."""

    min: Amount = 0
    max: Amount = 100
    step: Step = 1
    unit: Text | None = None
    low_label: Text | None = None
    high_label: Text | None = None

    @property
    def decimals(self) -> int:
        """As many as it takes to write every step."""
        return max(0, *(-_exponent(number) for number in (self.min, self.step)))


def _exponent(number: float) -> int:
    exponent = Decimal(str(number)).normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


@registry.register
class Slider(Number):
    """A number on a scale, dragged to or typed."""

    name: ClassVar[str] = "slider"
    title: ClassVar[str] = "Slider"
    family: ClassVar[str] = "Rating"
    widget: ClassVar[str] = "slider"
    Settings: ClassVar[type[Part]] = SliderSettings

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """Within the ends, and on a step."""
        if wrong := super().check(value, field, today):
            return wrong
        settings = field.settings
        over = (Decimal(plain(as_number(value))) - Decimal(str(settings.min))) % Decimal(str(settings.step))
        if not over:
            return []
        return [Message("number_step", {"step": plain(settings.step), "least": plain(settings.min)})]

    def input(self, field: Field, language: str) -> dict[str, str]:
        """What the script makes a slider of."""
        settings = field.settings
        ends = {"data-min": settings.min, "data-max": settings.max, "data-step": settings.step}
        scale = {name: plain(number) for name, number in ends.items()}
        return super().input(field, language) | scale | {"data-unanswered": words(language)["not_answered"]}

    def schema(self, field: Field) -> dict[str, Any]:
        """A number within the ends; on a step where JSON Schema can say so exactly."""
        out, settings = super().schema(field), field.settings
        whole = isinstance(settings.step, int) and isinstance(settings.min, int) and settings.min % settings.step == 0
        return out | ({"multipleOf": settings.step} if whole else {})

    def sample(self, field: Field, rng: random.Random) -> Value:
        """One of the steps."""
        settings = field.settings
        least, step = Decimal(str(settings.min)), Decimal(str(settings.step))
        at = least + step * rng.randint(0, int((Decimal(str(settings.max)) - least) // step))
        return int(at) if at == int(at) else float(at)

    def faults(self, field: Field) -> list[Fault]:
        """A scale without steps, or with too many."""
        settings = field.settings
        steps = (Decimal(str(settings.max)) - Decimal(str(settings.min))) / Decimal(str(settings.step))
        if steps < 1:
            return [
                Fault("/settings/max", "The scale ends before its first step", "Choose ends that are farther apart")
            ]
        if steps > MOST_STEPS:
            return [Fault("/settings/step", f"The scale has more than {MOST_STEPS} steps", "Choose larger steps")]
        return super().faults(field)
