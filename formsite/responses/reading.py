"""One response in words, as much of it as the reader may see. Pure: what must stay hidden is never turned into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from formsite.definition.document import Field
from formsite.definition.fieldtypes import Value
from formsite.definition.flow import Plan
from formsite.definition.state import State


class Sight(StrEnum):
    """How much of a personal answer a reader gets."""

    HIDDEN = "hidden"  # not even whether there is one
    MASKED = "masked"
    PLAIN = "plain"


class How(StrEnum):
    """What a line holds."""

    PLAIN = "plain"
    MASKED = "masked"
    HIDDEN = "hidden"
    ERASED = "erased"
    UNANSWERED = "unanswered"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Line:
    """One question and its answer."""

    field_id: str
    label: str
    personal: bool
    how: How
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the form."""

    title: str
    lines: tuple[Line, ...]


def read(
    plan: Plan,
    answers: Mapping[str, Value],
    personal: Mapping[str, Value] | None,
    sight: Sight,
    *,
    language: str,
    today: date,
) -> tuple[Sheet, ...]:
    """The answers by page, in the words of the version they were given to.

    `personal` is None where those answers stay sealed, or where their key was destroyed; `today` is the day the form
    was filled in, for its rules.
    """
    everything = {**answers, **(personal or {})}
    state = plan.state(everything, today, language=language)
    asked = None if personal is None else set(state.shown)

    def line(path: str, field: Field) -> Line:
        how, text = _seen(path, field, answers, personal, sight=sight, asked=asked, language=language)
        return Line(path, plan.described(path, State(), language), field.personal, how, text)

    return tuple(
        Sheet(page.title.say(language, plan.definition.language) if page.title else "", lines)
        for page in plan.definition.pages
        if (lines := tuple(line(path, plan.field(path)) for path in plan.every_path(page.id, everything)))
    )


def _seen(
    path: str,
    field: Field,
    answers: Mapping[str, Value],
    personal: Mapping[str, Value] | None,
    *,
    sight: Sight,
    asked: set[str] | None,
    language: str,
) -> tuple[How, str]:
    if field.personal and personal is None:
        return (How.HIDDEN if sight is Sight.HIDDEN else How.ERASED), ""
    value = (personal or {}).get(path) if field.personal else answers.get(path)
    if value is None:
        return (How.UNANSWERED if asked is None or path in asked else How.NOT_ASKED), ""
    if field.personal and sight is not Sight.PLAIN:
        return How.MASKED, field.kind.mask(value, field)
    return How.PLAIN, field.kind.text(value, field, language)
