"""What there is only so much of: seats of choices, and quotas on combinations of answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from formsite.definition import logic
from formsite.definition.compiling import Condition
from formsite.definition.document import Quota
from formsite.definition.flow import Plan
from formsite.definition.messages import OWN, Message
from formsite.definition.state import Moment, State


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


def claims(plan: Plan, answers: Mapping[str, Any], moment: Moment) -> list[Claim]:
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
    context = plan.context(State(answers=dict(answers)), moment)
    for quota, counts, _ in quotas(plan):
        if counts(context) is True:
            made[quota_name(quota)] = Claim(quota_name(quota), 1, quota.limit, "")
    return [made[name] for name in sorted(made)]


@lru_cache(maxsize=256)
def quotas(plan: Plan) -> tuple[tuple[Quota, Condition, frozenset[str]], ...]:
    """Each quota with its rule compiled, and the pages on which what it looks at is asked."""
    found = []
    for quota in plan.definition.quotas:
        names = [name for name in logic.fields_of(quota.rule) if name in plan.by_id]
        pages = frozenset(plan.by_id[name].page for name in names)
        found.append((quota, logic.compile_rule(quota.rule, plan.scope), pages))
    return tuple(found)


def met(plan: Plan, state: State, moment: Moment, taken: Mapping[str, int], passed: Collection[str]) -> Claim | None:
    """A quota that is met already, once all that its rule looks at was asked: no need to fill in the rest for nothing."""
    context = plan.context(state, moment)
    for quota, counts, pages in quotas(plan):
        name = quota_name(quota)
        if pages <= {*passed} and taken.get(name, 0) >= quota.limit and counts(context) is True:
            return Claim(name, 1, quota.limit, "")
    return None


def full_choices(plan: Plan, taken: Mapping[str, int]) -> dict[str, frozenset[str]]:
    """The choices whose seats are all taken, by question."""
    found = {}
    for name, seats in capacities(plan).items():
        full = frozenset(choice for choice, limit in seats.items() if taken.get(choice_name(name, choice), 0) >= limit)
        if full:
            found[name] = full
    return found


def refusal(plan: Plan, claim: Claim, state: State, language: str) -> Message:
    """What is said where a seat was not to be had."""
    if not claim.path:
        quota = next(quota for quota in plan.definition.quotas if quota_name(quota) == claim.name)
        return Message(OWN, {"text": plan.piped(quota.message, state, language)})
    field = plan.field(claim.path)
    label = next(c.label for c in field.kind.choices(field) if c.id == claim.choice)
    said = [plan.piped(text, state, language, claim.path) for text in (field.label, label)]
    return Message("choice_full", {"label": said[0], "choice": said[1]})
