"""Believable responses that nobody gave, through the real submission path, marked as test data."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from formsite.definition.document import Field, Group
from formsite.definition.fieldtypes import Value
from formsite.definition.fieldtypes.composites import Composite
from formsite.definition.flow import Plan
from formsite.definition.state import State
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
    """One complete set of answers that the form accepts; a group that repeats has one to three instances."""
    given: dict[str, Value] = {}
    done: set[str] = set()
    while waiting := _next(plan, given, done, at):
        path, is_compulsory = waiting
        done.add(path)
        if plan.definition.is_repeat(path):
            given[path] = rng.randint(1, 3)
        elif is_compulsory or rng.random() <= ANSWERED:
            _answer(plan, rng, at, given, path)
        if plan.step(path).composite:
            done |= _parts(plan, path)
    return {path: value for path, value in plan.state(given, at.date(), now=at).answers.items() if value is not None}


def _next(plan: Plan, given: dict[str, Value], done: set[str], at: datetime) -> tuple[str, bool] | None:
    """What is shown and was not come to yet, repeats first."""
    state = plan.state(given, at.date(), now=at)
    for path in state.parts:
        part = plan.step(path).part
        if path not in done and isinstance(part, Group) and part.repeat and part.repeat.count is None:
            return path, False
    for path in state.shown:
        step = plan.step(path)
        asks = step.answers or step.composite
        if path not in done and asks and step.computed is None and path not in state.read_only:
            return path, not state.compulsory.isdisjoint({path, *_parts(plan, path)} if step.composite else {path})
    return None


def _parts(plan: Plan, path: str) -> set[str]:
    return {f"{path}-{part.local}" for part in plan.questions.parts(plan.step(path).id)}


def _answer(plan: Plan, rng: random.Random, at: datetime, given: dict[str, Value], path: str) -> None:
    for _ in range(MOST_TRIES):
        tried = _sample(plan, rng, path, plan.state(given, at.date(), now=at))
        state = plan.state(given | tried, at.date(), now=at)
        if tried.keys() <= state.answers.keys() and not plan.errors(
            state, plan.definition.language, at.date(), {path, *tried}
        ):
            given |= tried
            return


def _offering(field: Field, withheld: frozenset[str]) -> Field:
    """The field with the choices alone that are offered, as far as there are any."""
    offered = tuple(choice for choice in field.kind.choices(field) if choice.id not in withheld) if withheld else ()
    if not offered:
        return field
    return field.model_copy(update={"settings": field.settings.model_copy(update={"choices": offered})})


def _sample(plan: Plan, rng: random.Random, path: str, state: State) -> dict[str, Value]:
    """An answer to a field, or to its parts that are shown."""
    field = plan.field(path)
    if not isinstance(field.kind, Composite):
        return {path: field.kind.sample(_offering(field, state.withheld.get(path, frozenset())), rng)}
    shown = {name.removeprefix(f"{path}-") for name in state.shown}
    return {f"{path}-{local}": value for local, value in field.kind.sample_parts(field, rng, shown).items()}
