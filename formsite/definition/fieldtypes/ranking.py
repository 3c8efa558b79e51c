"""Putting choices in an order."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field as Member

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import Cell, Column, Summary, Unreadable, Value, registry
from formsite.definition.fieldtypes.choices import ChoiceField, ChoiceSettings
from formsite.definition.logic import AnswerType
from formsite.definition.messages import Message, words
from formsite.definition.parts import WHOLE, Choice, Part

if TYPE_CHECKING:
    from formsite.definition.document import Field

MOST_RANKED = 60
"""As many lists as there are places are drawn, each with all choices."""


class RankingSettings(ChoiceSettings):
    """What is ranked, and how many places are given."""

    choices: Annotated[tuple[Choice, ...], Member(max_length=MOST_RANKED)] = ()
    min_choices: Annotated[int, Member(ge=0, le=MOST_RANKED), WHOLE] | None = None
    max_choices: Annotated[int, Member(ge=1, le=MOST_RANKED), WHOLE] | None = None


@registry.register
class Ranking(ChoiceField):
    """Choices in the customer's order, the best first. A browser sends the name once for each place, in their order."""

    name: ClassVar[str] = "ranking"
    title: ClassVar[str] = "Ranking"
    family: ClassVar[str] = "Choice"
    widget: ClassVar[str] = "ranking"
    answer: ClassVar[AnswerType] = AnswerType.CHOICES
    missing: ClassVar[str] = "missing_ranking"
    Settings: ClassVar[type[Part]] = RankingSettings

    def places(self, field: Field) -> int:
        """How many places there are to give."""
        number = len(self.choices(field))
        return min(field.settings.max_choices or number, number)

    def least(self, field: Field) -> int:
        """How many must be given: what the designer set, or else all where the field is compulsory.

        Where rules withhold choices nobody can tell here how many are left, and one is enough.
        """
        settings = field.settings
        if settings.min_choices is not None:
            return max(int(settings.min_choices), 1)
        varies = any(choice.shown_if is not None for choice in self.choices(field))
        return self.places(field) if field.compulsory is True and not varies else 1

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """Ids in the order of the places; places that are left empty close up."""
        ranked = [each for each in raw if each]
        if not {choice.id for choice in self.choices(field)}.issuperset(ranked):
            raise Unreadable("not_a_choice")
        if len(set(ranked)) != len(ranked):
            raise Unreadable("ranked_twice")
        return ranked or None

    def load(self, value: object, field: Field) -> Value | None:
        """A list of ids."""
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise Unreadable("wrong_type")
        return self.parse(value, field)

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """Not too few, not too many."""
        number, least, most = len(self.typed(value, field)), self.least(field), self.places(field)
        if number < least:
            return [Message("ranked_least", {"n": least})]
        return [Message("ranked_most", {"n": most})] if number > most else []

    def typed(self, value: Value, field: Field) -> list[str]:
        """As the places send it."""
        return list(value) if isinstance(value, list) else [str(value)]

    def text(self, value: Value, field: Field, language: str) -> str:
        """Numbers and words."""
        ranked = enumerate(self.typed(value, field), start=1)
        return ", ".join(f"{place}. {self.label(each, field, language)}" for place, each in ranked)

    def input(self, field: Field, language: str) -> dict[str, str]:
        """What the places are called, and what the script says."""
        said = words(language)
        return {
            "data-places": str(self.places(field)),
            "data-least": str(self.least(field)),
            "data-rank": said["rank_place"],
            "data-up": said["rank_up"],
            "data-down": said["rank_down"],
            "data-add": said["rank_add"],
            "data-remove": said["rank_remove"],
            "data-unranked": said["rank_none"],
            "data-now": said["rank_now"],
        }

    def columns(self, field: Field, language: str) -> tuple[Column, ...]:
        """The whole order in one column, and the place of each choice in one of its own."""
        name = field.label.say(language)
        each = (Column(f"{field.id}:{c.id}", f"{name}: {c.label.say(language)}") for c in self.choices(field))
        return (Column(field.id, name), *each)

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """Labels joined, then the places; empty for what was given none."""
        offered = self.choices(field)
        if value is None:
            return (None,) * (len(offered) + 1)
        ranked = self.typed(value, field)
        joined = "; ".join(self.label(each, field, language) for each in ranked)
        return (joined, *(ranked.index(c.id) + 1 if c.id in ranked else None for c in offered))

    def summary(self, values: Iterable[Value], field: Field, language: str) -> Summary:
        """How often each came first, and the mean place of each among those who gave it one."""
        given = [self.typed(value, field) for value in values]
        counts, means = [], []
        for choice in self.choices(field):
            label = self.label(choice.id, field, language)
            places = [ranked.index(choice.id) + 1 for ranked in given if choice.id in ranked]
            counts.append((label, places.count(1)))
            if places:
                means.append((label, sum(places) / len(places)))
        return Summary(len(given), tuple(counts), tuple(means))

    def schema(self, field: Field) -> dict[str, Any]:
        """A list of ids without doubles."""
        items = {"enum": [choice.id for choice in self.choices(field)]}
        bounds = {"minItems": self.least(field), "maxItems": self.places(field)}
        return {"type": "array", "items": items, "uniqueItems": True, **bounds}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """Any order of all that are asked for."""
        offered = [choice.id for choice in self.choices(field)]
        return rng.sample(offered, rng.randint(min(self.least(field), self.places(field)), self.places(field)))

    def faults(self, field: Field) -> list[Fault]:
        """Numbers of places that there are not."""
        found, settings = super().faults(field), field.settings
        if settings.choices and not settings.choices_from and (settings.min_choices or 0) > self.places(field):
            found.append(Fault("/settings/min_choices", "More must be ranked than can be", "Ask for fewer"))
        return found
