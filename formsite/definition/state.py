"""What holds for one set of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as member
from datetime import date, datetime
from typing import Any

from formsite.definition.messages import Message

Answers = Mapping[str, Any]
"""By path; None is an answer that was taken back, so that a default does not return."""


@dataclass(slots=True)
class State:
    """What holds for one set of answers. All names are paths."""

    answers: dict[str, Any] = member(default_factory=dict)  # of shown fields, computed ones and repeats
    shown: list[str] = member(default_factory=list)  # fields and their parts, in order
    parts: set[str] = member(default_factory=set)  # pages and groups shown
    emptied: set[str] = member(default_factory=set)  # fields not shown only because each part of them is hidden
    compulsory: set[str] = member(default_factory=set)
    wanted: set[str] = member(default_factory=set)
    read_only: set[str] = member(default_factory=set)
    withheld: dict[str, frozenset[str]] = member(default_factory=dict)  # field -> choices not offered
    pages: list[str] = member(default_factory=list)  # pages with something on them
    exit: str | None = None  # the page that ends the form without sending it


@dataclass(slots=True)
class Taken:
    """One page as it came in."""

    state: State
    answers: dict[str, Any]  # all that is kept, other pages included
    errors: dict[str, list[Message]]
    typed: dict[str, list[str]]  # what was sent for each field of the page
    brought_up: list[str]  # fields that an answer just given calls for, and that the customer has not seen
    unsure: list[str]  # wanted fields left empty, of which the customer was not asked yet whether that is meant


@dataclass(frozen=True, slots=True)
class Moment:
    """When and for whom the rules are run."""

    today: date
    now: datetime | None = None
    language: str = ""
