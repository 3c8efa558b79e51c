"""Choosing from what is offered: one, or several."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field as Member
from pydantic import StrictBool, field_validator
from pydantic_core import PydanticCustomError

from formsite.definition import logic
from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import (
    Cell,
    Column,
    FieldType,
    Summary,
    Unreadable,
    Value,
    counted,
    one_text,
    registry,
)
from formsite.definition.logic import AnswerType, Operand
from formsite.definition.messages import Message, usual, words
from formsite.definition.parts import WHOLE, Choice, Id, Part, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field

MOST_CHOICES = 2_000


class Carried(Part):
    """An earlier question whose choices are offered: all of them, those that were chosen, or those that were not."""

    field: Id
    which: Literal["chosen", "unchosen", "all"] = "chosen"


class OfferedSettings(Part):
    """What is offered, and which texts stand beside it."""

    choices: Annotated[tuple[Choice, ...], Member(max_length=MOST_CHOICES)] = ()
    parent: Id | None = Member(default=None, description="An earlier question, on whose answer depends what is offered")
    other_compulsory: StrictBool = Member(default=False, description="Who chooses “other” must say what")
    comment: StrictBool = Member(default=False, description="A text beside the answer")

    @field_validator("choices")
    @classmethod
    def _distinct(cls, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        for name, times in Counter(choice.id for choice in choices).items():
            if times > 1:
                raise PydanticCustomError("choices", "The choice “{name}” is there twice", {"name": name})
        return choices


class ChoiceSettings(OfferedSettings):
    """What is offered, and in which order."""

    random: StrictBool = Member(default=False, description="The choices stand in an order of chance")
    choices_from: Carried | None = Member(default=None, description="Offered before the choices of its own")


class ChoiceField(FieldType):
    """What all fields with choices share."""

    family: ClassVar[str] = "Choice"
    missing: ClassVar[str] = "missing_choice"
    Settings: ClassVar[type[Part]] = ChoiceSettings

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """In the order in which they are offered."""
        offered: tuple[Choice, ...] = field.settings.choices
        return offered

    def parts(self, field: Field) -> tuple[Field, ...]:
        """What stands beside the choices: the text that “other” opens, and comments."""
        settings = field.settings
        made = []
        if other := next((choice for choice in self.choices(field) if choice.other), None):
            chosen, must = self._chosen(field, other), settings.other_compulsory
            made.append(field.part("other", "short_text", label=usual("specify"), shown_if=chosen, compulsory=must))
        if getattr(settings, "comments", False):
            for choice in self.choices(field):
                name, chosen = f"{choice.id}-comment", self._chosen(field, choice)
                made.append(field.part(name, "short_text", label=usual("comment"), hint=choice.label, shown_if=chosen))
        if settings.comment:
            made.append(field.part("comment", "long_text", label=usual("comment")))
        return tuple(made)

    def _chosen(self, field: Field, choice: Choice) -> logic.Node:
        op = "contains" if self.answer is AnswerType.CHOICES else "is"
        return logic.parse({"op": op, "left": {"field": field.id}, "right": {"value": choice.id}})

    def operand(self, field: Field) -> Operand:
        """A rule may compare it with its choices."""
        return Operand(self.answer, tuple(choice.id for choice in self.choices(field)))

    def faults(self, field: Field) -> list[Fault]:
        """Nothing to choose from, or a choice nobody can read."""
        if not self.choices(field) and not getattr(field.settings, "choices_from", None):
            name = field.label.say("en") or field.id
            return [Fault("/settings/choices", f"“{name}” offers nothing to choose", "Add choices")]
        return [
            Fault(f"/settings/choices/{at}/label", f"The choice “{choice.id}” has no words", "Write what is chosen")
            for at, choice in enumerate(self.choices(field))
            if not choice.label.say("").strip()
        ] + self._orphans(field)

    def _orphans(self, field: Field) -> list[Fault]:
        """Choices that depend on a question that is not named."""
        if field.settings.parent:
            return []
        what = "It depends on an answer, and the question does not say to what"
        return [
            Fault(f"/settings/choices/{at}/of", f"“{choice.id}”: {what}", "Name the question, or take “of” away")
            for at, choice in enumerate(field.settings.choices)
            if choice.of is not None
        ][:1]

    def label(self, value: object, field: Field, language: str) -> str:
        """The words of a choice."""
        said = (choice.label.say(language) for choice in self.choices(field) if choice.id == value)
        return next(said, "").strip() or str(value)

    def summary(self, values: Iterable[Value], field: Field, language: str) -> Summary:
        """How often each was chosen."""
        given = list(values)
        labels = [(choice.id, choice.label.say(language)) for choice in self.choices(field)]
        return Summary(len(given), counted(given, labels))


class OneChoice(ChoiceField):
    """One of several."""

    answer: ClassVar[AnswerType] = AnswerType.CHOICE

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The id of a choice."""
        chosen = one_text(raw)
        if chosen and all(chosen != choice.id for choice in self.choices(field)):
            raise Unreadable("not_a_choice")
        return chosen or None

    def text(self, value: Value, field: Field, language: str) -> str:
        """Its words."""
        return self.label(value, field, language)

    def schema(self, field: Field) -> dict[str, Any]:
        """One of the ids."""
        return {"enum": [choice.id for choice in self.choices(field)]}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """The earlier ones more often, as people do."""
        offered = self.choices(field)
        return rng.choices([choice.id for choice in offered], [1 / (at + 1.5) for at in range(len(offered))])[0]


@registry.register
class SingleChoice(OneChoice):
    """One of several, all of them in sight."""

    name: ClassVar[str] = "single_choice"
    title: ClassVar[str] = "One choice"
    widget: ClassVar[str] = "radios"


class SeveralSettings(ChoiceSettings):
    """What is offered, and how many may be chosen."""

    comments: StrictBool = Member(default=False, description="A text beside each choice")
    min_choices: Annotated[int, Member(ge=0, le=MOST_CHOICES), WHOLE] | None = None
    max_choices: Annotated[int, Member(ge=1, le=MOST_CHOICES), WHOLE] | None = None


@registry.register
class SeveralChoices(ChoiceField):
    """Any number of several; stored in the order in which they are offered."""

    name: ClassVar[str] = "several_choices"
    title: ClassVar[str] = "Several choices"
    widget: ClassVar[str] = "checkboxes"
    answer: ClassVar[AnswerType] = AnswerType.CHOICES
    missing: ClassVar[str] = "missing_choices"
    Settings: ClassVar[type[Part]] = SeveralSettings

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """Ids of choices; the name is sent once for each."""
        chosen = {each for each in raw if each}
        offered = [choice.id for choice in self.choices(field)]
        if not chosen.issubset(offered):
            raise Unreadable("not_a_choice")
        return [name for name in offered if name in chosen] or None

    def load(self, value: object, field: Field) -> Value | None:
        """A list of ids."""
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise Unreadable("wrong_type")
        return self.parse(value, field)

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """Not too few, not too many; one that excludes the others is enough by itself."""
        number = len(value) if isinstance(value, list) else 1
        least, most = field.settings.min_choices, field.settings.max_choices
        if (alone := self._alone(value, field)) is not None:
            return [Message("choice_alone", {"choice": alone})] if number > 1 else []
        if least is not None and number < least:
            return [Message("choices_least", {"n": least})]
        return [Message("choices_most", {"n": most})] if most is not None and number > most else []

    def _alone(self, value: Value, field: Field) -> Text | None:
        """The words of a chosen one that none of the others goes with."""
        chosen = self.typed(value, field)
        return next((choice.label for choice in self.choices(field) if choice.exclusive and choice.id in chosen), None)

    def typed(self, value: Value, field: Field) -> list[str]:
        """As the boxes send it."""
        return list(value) if isinstance(value, list) else [str(value)]

    def text(self, value: Value, field: Field, language: str) -> str:
        """Their words, with commas."""
        return ", ".join(self.label(each, field, language) for each in self.typed(value, field))

    def columns(self, field: Field, language: str) -> tuple[Column, ...]:
        """All in one column, and one column of 0 and 1 for each choice."""
        name = field.label.say(language)
        each = (Column(f"{field.id}:{c.id}", f"{name}: {c.label.say(language)}") for c in self.choices(field))
        return (Column(field.id, name), *each)

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """Labels joined, then 0 or 1; all empty where there is no answer."""
        offered = self.choices(field)
        if value is None:
            return (None,) * (len(offered) + 1)
        chosen = set(self.typed(value, field))
        joined = "; ".join(choice.label.say(language).strip() or choice.id for choice in offered if choice.id in chosen)
        return (joined, *(int(choice.id in chosen) for choice in offered))

    def schema(self, field: Field) -> dict[str, Any]:
        """A list of ids without doubles."""
        settings, together, alone = field.settings, *self._sides(field)
        out: dict[str, Any] = {"type": "array", "items": {"enum": together}}
        out |= {"uniqueItems": True, "minItems": max(settings.min_choices or 1, 1)}
        out |= {"maxItems": settings.max_choices} if settings.max_choices else {}
        return {"anyOf": [out, {"enum": [[name] for name in alone]}]} if alone else out

    def _sides(self, field: Field) -> tuple[list[str], list[str]]:
        """The choices that go together, and those that stand alone."""
        offered = self.choices(field)
        return [c.id for c in offered if not c.exclusive], [c.id for c in offered if c.exclusive]

    def sample(self, field: Field, rng: random.Random) -> Value:
        """As many as are allowed; now and then the one that excludes the others."""
        offered, alone = self._sides(field)
        if alone and (not offered or rng.random() < 0.1):
            return [rng.choice(alone)]
        least = max(field.settings.min_choices or 1, 1)
        most = min(field.settings.max_choices or len(offered), len(offered))
        chosen = set(rng.sample(offered, rng.randint(min(least, most), most)))
        return [name for name in offered if name in chosen]

    def faults(self, field: Field) -> list[Fault]:
        """Numbers that cannot be chosen."""
        settings, found = field.settings, super().faults(field)
        together = len(self._sides(field)[0])
        most = min(settings.max_choices or MOST_CHOICES, together)
        if settings.choices and not settings.choices_from and (settings.min_choices or 0) > most:
            found.append(Fault("/settings/min_choices", "More must be chosen than can be", "Ask for fewer"))
        return found


@registry.register
class Buttons(OneChoice):
    """One of a few, as a row of buttons."""

    name: ClassVar[str] = "buttons"
    title: ClassVar[str] = "Buttons"
    widget: ClassVar[str] = "buttons"


@registry.register
class SearchChoice(OneChoice):
    """One of very many, found by typing."""

    name: ClassVar[str] = "search_choice"
    title: ClassVar[str] = "Dropdown with search"
    widget: ClassVar[str] = "search"

    def input(self, field: Field, language: str) -> dict[str, str]:
        """What the script says where nothing is found."""
        return {"data-none": words(language)["nothing_found"]}


@registry.register
class Dropdown(OneChoice):
    """One of many, in a list that opens."""

    name: ClassVar[str] = "dropdown"
    title: ClassVar[str] = "Dropdown"
    widget: ClassVar[str] = "dropdown"
