"""A number on a scale with named ends: ratings, and the three questions that whole surveys are made of."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field as Member

from formsite.definition.fieldtypes.base import (
    Cell,
    FieldType,
    Summary,
    Unreadable,
    Value,
    counted,
    json_number,
    one_text,
    registry,
)
from formsite.definition.logic import AnswerType
from formsite.definition.messages import words
from formsite.definition.parts import WHOLE, Part, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field


class Scale(FieldType):
    """What all scales share."""

    family: ClassVar[str] = "Rating"
    widget: ClassVar[str] = "rating"
    answer: ClassVar[AnswerType] = AnswerType.NUMBER
    missing: ClassVar[str] = "missing_choice"

    def scale(self, field: Field) -> range:
        """The numbers that can be given."""
        raise NotImplementedError(self.name)

    def options(self, field: Field, language: str) -> Sequence[tuple[str, str]]:
        """The numbers."""
        return [(str(number), str(number)) for number in self.scale(field)]

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """One of the numbers."""
        text = one_text(raw).strip()
        if not text:
            return None
        if text not in map(str, self.scale(field)):
            raise Unreadable("not_a_choice")
        return int(text)

    def load(self, value: object, field: Field) -> Value | None:
        """A JSON number of the scale."""
        number = json_number(value)
        if number is None:
            return None
        if number not in self.scale(field):
            raise Unreadable("not_a_choice")
        return int(number)

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """The number."""
        return (int(value) if isinstance(value, int) else None,)

    def summary(self, values: Iterable[Value], field: Field, language: str) -> Summary:
        """How often each number was given, their mean, and what the type makes of them."""
        given = [int(value) for value in values if isinstance(value, int)]
        counts = counted(given, [(number, str(number)) for number in self.scale(field)])
        if not given:
            return Summary(0, counts)
        return Summary(len(given), counts, (*self.figures(given), ("mean", sum(given) / len(given))))

    def figures(self, given: Sequence[int]) -> tuple[tuple[str, float], ...]:
        """What is told besides the mean, of at least one number."""
        return ()

    def schema(self, field: Field) -> dict[str, Any]:
        """An integer of the scale."""
        scale = self.scale(field)
        return {"type": "integer", "minimum": scale[0], "maximum": scale[-1]}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """Rather good."""
        scale = self.scale(field)
        return round(rng.triangular(scale[0], scale[-1], scale[-1] * 0.8))


class RatingSettings(Part):
    """The ends of the scale, the words at them, and whether it is drawn as numbers, stars or faces."""

    from_: Annotated[int, Member(ge=0, le=1, alias="from"), WHOLE] = 1
    to: Annotated[int, Member(ge=2, le=10), WHOLE] = 5
    look: Literal["numbers", "stars", "faces"] = "numbers"
    low_label: Text | None = None
    high_label: Text | None = None


@registry.register
class Rating(Scale):
    """A number on a scale of the designer's."""

    name: ClassVar[str] = "rating"
    title: ClassVar[str] = "Rating"
    Settings: ClassVar[type[Part]] = RatingSettings

    def scale(self, field: Field) -> range:
        """From 0 or 1 to what the designer set."""
        return range(field.settings.from_, field.settings.to + 1)

    def options(self, field: Field, language: str) -> Sequence[tuple[str, str]]:
        """The numbers; a star or a face is said as "3 of 5"."""
        if field.settings.look == "numbers":
            return super().options(field, language)
        said = words(language)["of_points"].replace("{most}", str(field.settings.to))
        return [(str(number), said.replace("{n}", str(number))) for number in self.scale(field)]


class EndsSettings(Part):
    """The words at the ends, where they are not the usual ones."""

    low_label: Text | None = None
    high_label: Text | None = None


def _share(given: Sequence[int], least: int) -> float:
    """How many of a hundred gave at least so much."""
    return 100 * sum(1 for number in given if number >= least) / len(given)


@registry.register
class Recommendation(Scale):
    """Net Promoter Score: how likely is it that you would recommend us?"""

    name: ClassVar[str] = "nps"
    title: ClassVar[str] = "Recommendation (NPS)"
    ends: ClassVar[tuple[str, str]] = ("not_at_all_likely", "extremely_likely")
    Settings: ClassVar[type[Part]] = EndsSettings

    def scale(self, field: Field) -> range:
        """0 to 10."""
        return range(11)

    def figures(self, given: Sequence[int]) -> tuple[tuple[str, float], ...]:
        """Promoters give 9 or 10, detractors 6 or less; the score is the difference of their shares, -100 to 100."""
        promoters = sum(1 for number in given if number >= 9)
        detractors = sum(1 for number in given if number <= 6)
        return (
            ("promoters", promoters),
            ("passives", len(given) - promoters - detractors),
            ("detractors", detractors),
            ("score", 100 * (promoters - detractors) / len(given)),
        )


@registry.register
class Satisfaction(Scale):
    """Customer satisfaction (CSAT): how satisfied are you?"""

    name: ClassVar[str] = "csat"
    title: ClassVar[str] = "Satisfaction (CSAT)"
    ends: ClassVar[tuple[str, str]] = ("very_dissatisfied", "very_satisfied")
    Settings: ClassVar[type[Part]] = EndsSettings

    def scale(self, field: Field) -> range:
        """1 to 5."""
        return range(1, 6)

    def figures(self, given: Sequence[int]) -> tuple[tuple[str, float], ...]:
        """The share of those who gave 4 or 5, in per cent."""
        return (("satisfied", _share(given, 4)),)


@registry.register
class Effort(Scale):
    """Customer effort (CES): it was easy to have it done."""

    name: ClassVar[str] = "ces"
    title: ClassVar[str] = "Effort (CES)"
    ends: ClassVar[tuple[str, str]] = ("strongly_disagree", "strongly_agree")
    Settings: ClassVar[type[Part]] = EndsSettings

    def scale(self, field: Field) -> range:
        """1 to 7."""
        return range(1, 8)

    def figures(self, given: Sequence[int]) -> tuple[tuple[str, float], ...]:
        """The share of those who gave 5 or more, in per cent."""
        return (("agreed", _share(given, 5)),)
