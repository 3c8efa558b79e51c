"""Believable responses that nobody gave, through the real submission path, marked as test data."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from formsite.definition.fieldtypes import Value
from formsite.definition.flow import Plan
from formsite.designer.plans import Published
from formsite.filling.refusals import Full
from formsite.filling.submission import Submission, store
from formsite.foundation.database import unit_of_work
from formsite.foundation.ids import uuid7

AT_A_TIME = 200  # submissions that share a commit
ANSWERED = 0.75  # how often an optional question is answered
AGREED = 0.4  # how often a consent box is ticked
MOST_TRIES = 20


def fill(version: Published, slug: str, number: int, *, seed: int, days: int, now: datetime, limited: bool) -> int:
    """Store `number` responses spread over the last `days`; how many the form took."""
    rng = random.Random(seed)
    made = 0
    submissions = _submissions(version, slug, number, rng, days, now, limited)
    while batch := list(islice(submissions, AT_A_TIME)):
        with unit_of_work(write=True) as session:
            connection = session.connection()
            for submission in batch:
                if not store(submission, connection):
                    raise Full(slug)
        made += len(batch)
    return made


def _submissions(
    version: Published, slug: str, number: int, rng: random.Random, days: int, now: datetime, limited: bool
) -> Iterator[Submission]:
    times = sorted(now - timedelta(seconds=rng.uniform(0, max(days, 0) * 86_400)) for _ in range(number))
    for at in times:
        started = at - timedelta(seconds=rng.lognormvariate(4.2, 0.6))
        yield Submission(
            id=uuid7(started),
            slug=slug,
            version=version,
            language=rng.choice(version.definition.languages),
            answers=answers(version.plan, rng, at),
            choices={statement.id: rng.random() < AGREED for statement in version.definition.consents},
            started_at=started,
            now=at,
            limited=limited,
            is_test=True,
            method="synthetic",
        )


def answers(plan: Plan, rng: random.Random, at: datetime) -> dict[str, Value]:
    """One complete set of answers that the form accepts."""
    given: dict[str, Value] = {}
    for field in plan.definition.fields():
        state = plan.state(given, at.date())
        if field.id not in state.shown or not field.kind.holds_answer:
            continue
        if field.id not in state.compulsory and rng.random() > ANSWERED:
            continue
        for _ in range(MOST_TRIES):
            given[field.id] = field.kind.sample(field, rng)
            kept = plan.state(given, at.date())
            if field.id in kept.answers and not plan.errors(kept, plan.definition.language, at.date(), {field.id}):
                break
        else:
            given.pop(field.id)
    return plan.state(given, at.date()).answers
