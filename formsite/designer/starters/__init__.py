"""Forms to begin with: short, mostly optional, with consent asked as it should be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from formsite.definition.document import Kind

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Starter:
    """A starter as the designer is offered it."""

    name: str
    kind: Kind
    title: str
    about: str


STARTERS = (
    Starter("questionnaire", Kind.QUESTIONNAIRE, "Questionnaire", "What people think of a product or a service."),
    Starter("registration", Kind.REGISTRATION, "Registration", "Who comes, or who owns what they bought."),
    Starter(
        "competition", Kind.COMPETITION, "Competition", "A question, an entry, a prize; marketing stays a free choice."
    ),
    Starter("promotion", Kind.PROMOTION, "Promotion", "An offer for those who ask for it."),
    Starter(
        "feedback", Kind.FEEDBACK, "Feedback", "One rating and one open question, for those who agreed to be asked."
    ),
    Starter("blank", Kind.QUESTIONNAIRE, "Blank", "One empty page."),
)


@cache
def _text(name: str) -> str:
    if all(starter.name != name for starter in STARTERS):
        raise KeyError(name)
    return (FOLDER / f"{name}.json").read_text("utf-8")


def load(name: str) -> dict[str, Any]:
    """A fresh copy of a starter's definition; KeyError if there is none of that name."""
    starter: dict[str, Any] = json.loads(_text(name))
    return starter
