"""What there is only so much of: seats of choices, and quotas on combinations of answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from formsite.definition import logic
from formsite.definition.document import Quota
from formsite.definition.flow import Plan
from formsite.definition.state import Moment, State
from formsite.definition.messages import OWN, Message


@dataclass(frozen=True, slots=True)
class Claim:
    """What one response takes of something limited. `name` is the same for every response."""

    name: str
    number: int
    limit: int
    path: str  # of the field that offers it; empty for a quota
    choice: str = ""


def quota_name(quota: Quota) -> str:
    """The name under which a quota is counted."""
    return f"quota:{quota.id}"


def choice_name(field_id: str, choice: str) -> str:
    """The name under which a choice's seats are counted."""
    return f"{field_id}:{choice}"


@lru_cache(maxsize=256)
def capacities(plan: Plan) -> Mapping[str, Mapping[str, int]]:
    """The seats of choices, by question and choice."""
    found = {
        name: {c.id: c.capacity for c in question.field.kind.choices(question.field) if c.capacity is not None}
        for name, question in plan.questions.items()
    }
    return {name: seats for name, seats in found.items() if seats}


def is_limited(plan: Plan) -> bool:
    """Whether there is anything to count."""
    return bool(plan.definition.quotas or capacities(plan))


def claims(plan: Plan, answers: Mapping[str, Any], today: date) -> list[Claim]:
    """What a response takes, in an order that is the same for all, so that two never wait for each other."""
    found: Counter[tuple[str, int, str, str]] = Counter()
    seats = capacities(plan)
    for path, value in answers.items():
        question = plan.questions.at(path) if seats else None
        for choice in value if isinstance(value, list) else [value]:
            limit = seats.get(question.id, {}).get(choice) if question and isinstance(choice, str) else None
            if question is not None and limit is not None:
                found[choice_name(question.id, choice), limit, path, choice] += 1
    made: dict[str, Claim] = {}
    for (name, limit, path, choice), number in found.items():
        before = made.get(name)
        made[name] = Claim(name, number + (before.number if before else 0), limit, path, choice)
    context = plan.context(State(answers=dict(answers)), Moment(today))
    for quota in plan.definition.quotas:
        if logic.compile_rule(quota.rule, plan.scope)(context) is True:
            made[quota_name(quota)] = Claim(quota_name(quota), 1, quota.limit, "")
    return [made[name] for name in sorted(made)]


def full_choices(plan: Plan, taken: Mapping[str, int]) -> dict[str, frozenset[str]]:
    """The choices whose seats are all taken, by question."""
    found = {}
    for name, seats in capacities(plan).items():
        full = frozenset(choice for choice, limit in seats.items() if taken.get(choice_name(name, choice), 0) >= limit)
        if full:
            found[name] = full
    return found


def refusal(plan: Plan, claim: Claim, language: str) -> Message:
    """What is said where a seat was not to be had."""
    if not claim.path:
        quota = next(quota for quota in plan.definition.quotas if quota_name(quota) == claim.name)
        return Message(OWN, {"text": quota.message.say(language, plan.definition.language)})
    field = plan.field(claim.path)
    default = plan.definition.language
    label = next(c.label.say(language, default) for c in field.kind.choices(field) if c.id == claim.choice)
    return Message("choice_full", {"label": field.label.say(language, default), "choice": label})
