"""What is drawn for a field, a group or a page: plain values for templates, in one language.

The public pages, the preview and the designer's middle column draw the same controls by the same templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from markupsafe import Markup

from formsite.definition.document import Field, Group, Item, Page
from formsite.definition.fieldtypes.choices import Rating
from formsite.definition.flow import Plan, State, labelled
from formsite.definition.messages import Message, Words, words
from formsite.foundation.richtext import render


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice as it is drawn."""

    id: str
    label: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """A field as it is drawn. Its `name` is its path; an error links to `#id`."""

    id: str
    type: str
    widget: str
    label: str
    word: str  # compulsory or optional, in the language of the page
    is_compulsory: bool
    hidden: bool  # not shown with the answers so far
    conditional: bool
    hint: Markup = Markup()
    why: str = ""
    body: Markup = Markup()
    typed: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    choices: tuple[Offered, ...] = ()
    input: Mapping[str, str] = member(default_factory=dict)
    ends: tuple[str, str] = ("", "")
    unit: str = ""
    choose: str = ""  # the line of a list on which nothing is chosen
    missing: str = ""  # what is said where an answer is, or may become, compulsory and is not there
    personal: bool = False

    @property
    def described_by(self) -> str:
        """The ids of the texts that describe the control, errors first as they are most urgent."""
        told = (("error", self.errors), ("hint", self.hint), ("why", self.why), ("unit", self.unit))
        return " ".join(f"{self.id}-{name}" for name, text in told if text)


@dataclass(frozen=True, slots=True)
class Section:
    """A group as it is drawn."""

    id: str
    label: str
    hidden: bool
    items: tuple[Control | Section, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What controls are drawn from."""

    plan: Plan
    state: State
    language: str
    typed: Mapping[str, Sequence[str]] = member(default_factory=dict)
    errors: Mapping[str, Sequence[Message]] = member(default_factory=dict)

    @property
    def words(self) -> Words:
        """The catalogue."""
        return words(self.language)

    def page(self, page: Page) -> tuple[Control | Section, ...]:
        """Everything on a page, hidden parts included: the browser may bring them up."""
        return tuple(self._items(page.items))

    def _items(self, items: Sequence[Item]) -> Iterator[Control | Section]:
        for item in items:
            if isinstance(item, Group):
                label = item.label.say(self.language, self.default) if item.label else ""
                yield Section(item.id, label, item.id not in self.state.parts, tuple(self._items(item.items)))
            else:
                yield self.control(item)

    @property
    def default(self) -> str:
        """The language that stands in."""
        return self.plan.definition.language

    def control(self, field: Field) -> Control:
        """One field."""
        settings: Any = field.settings
        is_compulsory = field.id in self.state.compulsory
        withheld = self.state.withheld.get(field.id, frozenset())
        body = getattr(settings, "body", None)
        return Control(
            id=field.id,
            type=field.type,
            widget=field.kind.widget,
            label=self._say(field.label),
            word=self.words["compulsory" if is_compulsory else "optional"],
            is_compulsory=is_compulsory,
            hidden=field.id not in self.state.shown,
            conditional=field.id in self.plan.conditional,
            hint=render(self._say(field.hint)) if field.hint else Markup(),
            why=self._say(field.why),
            body=render(self._say(body)) if body else Markup(),
            typed=self._typed(field),
            errors=tuple(self.words.say(message) for message in self.errors.get(field.id, ())),
            choices=tuple(self._offered(field, withheld)),
            input=field.kind.input(field, self.language),
            ends=(self._say(getattr(settings, "low_label", None)), self._say(getattr(settings, "high_label", None))),
            unit=self._say(getattr(settings, "unit", None)),
            choose=self.words["choose"],
            missing=self._missing(field),
            personal=field.personal,
        )

    def _missing(self, field: Field) -> str:
        if field.compulsory is False or not field.kind.holds_answer:
            return ""
        return self.words.say(labelled(Message(field.kind.missing), field, self.language))

    def _say(self, text: Any) -> str:
        return text.say(self.language, self.default) if text else ""

    def _typed(self, field: Field) -> tuple[str, ...]:
        if field.id in self.typed:
            return tuple(self.typed[field.id])
        value = self.state.answers.get(field.id)
        return () if value is None else tuple(field.kind.typed(value, field))

    def _offered(self, field: Field, withheld: frozenset[str]) -> Iterator[Offered]:
        if isinstance(field.kind, Rating):
            yield from (Offered(str(number), str(number)) for number in field.kind.scale(field))
        if field.type == "yes_no":
            yield from (Offered("true", self.words["yes"]), Offered("false", self.words["no"]))
        for choice in field.kind.choices(field):
            yield Offered(choice.id, choice.label.say(self.language, self.default), choice.id in withheld)


def controls(parts: Sequence[Control | Section]) -> Iterator[Control]:
    """Every control, sections opened."""
    for part in parts:
        if isinstance(part, Section):
            yield from controls(part.items)
        else:
            yield part
