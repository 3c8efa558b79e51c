"""The library of starters as designers look through it: on shelves, each with what it asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from formsite.definition.document import parse
from formsite.designer import starters
from formsite.designer.screens import meter
from formsite.designer.starters import STARTERS, Shelf, Starter
from formsite.designer.starters.words import ALSO

LANGUAGES = {"en": "English", "de": "German"}


@dataclass(frozen=True, slots=True)
class Card:
    """A starter, and what is told of it before somebody begins with it."""

    starter: Starter
    title: str  # that its form would have
    questions: int
    compulsory: int
    minutes: int
    personal: bool
    languages: tuple[str, ...]  # by their names
    words: str  # in which it is looked for


@cache
def cards() -> tuple[Card, ...]:
    """All of them."""
    return tuple(map(_card, STARTERS))


def card(name: str) -> Card | None:
    """The one of that name."""
    return next((each for each in cards() if each.starter.name == name), None)


@cache
def shelves() -> dict[Shelf, tuple[Card, ...]]:
    """All cards, by shelf."""
    return {shelf: tuple(each for each in cards() if each.starter.shelf is shelf) for shelf in Shelf}


def found(sought: str) -> frozenset[str]:
    """The names of those that have every word that is sought."""
    wanted = sought.casefold().split()
    return frozenset(each.starter.name for each in cards() if all(word in each.words for word in wanted))


def _card(starter: Starter) -> Card:
    definition = parse(starters.load(starter.name))
    asked = meter(definition)
    told = (starter.title, starter.about, starter.shelf, starter.kind, *definition.title.root.values())
    types = {field.kind.title for field in definition.fields()}
    return Card(
        starter,
        definition.title.say(definition.language),
        asked["questions"],
        asked["compulsory"],
        asked["minutes"],
        asked["personal"] > 0,
        tuple(LANGUAGES.get(tag, tag) for tag in definition.languages),
        " ".join((*told, ALSO.get(starter.name, ""), *sorted(types))).casefold(),
    )
