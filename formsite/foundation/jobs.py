"""Work done at intervals. A job is a row that a worker claims by one UPDATE, so many workers run it once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import String, Text, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from formsite.foundation.database import Base, UtcDateTime, affected, unit_of_work

LEASE = timedelta(minutes=10)
log = structlog.get_logger("jobs")


class JobRow(Base):
    """When a job is due next, and how it went last."""

    __tablename__ = "jobs"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Job:
    """A declared job: its work runs outside any unit and opens its own."""

    name: str
    every: timedelta
    work: Callable[[datetime], None]


_jobs: dict[str, Job] = {}
_queues: dict[str, Callable[[datetime], int]] = {}


def job(name: str, *, every: timedelta) -> Callable[[Callable[[datetime], None]], Callable[[datetime], None]]:
    """Declares a job; its function gets the moment it runs at."""

    def register(work: Callable[[datetime], None]) -> Callable[[datetime], None]:
        known = _jobs.get(name)
        if known is not None and known.work.__qualname__ != work.__qualname__:
            raise TypeError(f"two jobs are called {name}")
        _jobs[name] = Job(name, every, work)
        return work

    return register


def queue(name: str) -> Callable[[Callable[[datetime], int]], Callable[[datetime], int]]:
    """Declares work that waits in rows of its own. Its function is asked at every turn of the worker, claims one thing,
    does it, and tells how many it did: so nothing that takes long keeps the rest from its turn.
    """

    def register(work: Callable[[datetime], int]) -> Callable[[datetime], int]:
        _queues[name] = work
        return work

    return register


def run_waiting(now: datetime) -> int:
    """One thing of each queue; how many that was."""
    return sum(work(now) for work in _queues.values())


def run_due(now: datetime) -> int:
    """Run what is due; how many ran. A job that fails is noted, and tried again at its next time."""
    ran = 0
    for each in _jobs.values():
        if _claim(each, now):
            _run(each, now)
            ran += 1
    return ran


def _claim(each: Job, now: datetime) -> bool:
    free = or_(JobRow.leased_until.is_(None), JobRow.leased_until <= now)
    with unit_of_work(write=False) as session:
        row = session.get(JobRow, each.name)
        if row is not None and (row.due_at > now or (row.leased_until is not None and row.leased_until > now)):
            return False
        session.expunge_all()
    if row is None:
        return _introduce(each, now)
    statement = (
        update(JobRow)
        .where(JobRow.name == each.name, JobRow.due_at <= now, free)
        .values(leased_until=now + LEASE, due_at=now + each.every)
        .execution_options(synchronize_session=False)
    )
    with unit_of_work(write=True) as session:
        return affected(session.execute(statement)) > 0


def _introduce(each: Job, now: datetime) -> bool:
    """The first run of a job ever: whoever writes its row runs it."""
    try:
        with unit_of_work(write=True) as session:
            if session.execute(select(JobRow.name).where(JobRow.name == each.name)).first():
                return False
            session.add(JobRow(name=each.name, due_at=now + each.every, leased_until=now + LEASE))
    except IntegrityError:
        return False
    return True


def _run(each: Job, now: datetime) -> None:
    error: str | None = None
    try:
        each.work(now)
    except Exception as failure:
        log.exception("job failed", job=each.name)
        error = type(failure).__name__
    mine = and_(JobRow.name == each.name, JobRow.leased_until == now + LEASE)  # not if another has taken over
    statement = update(JobRow).where(mine).values(leased_until=None, last_run_at=now, last_error=error)
    with unit_of_work(write=True) as session:
        session.execute(statement.execution_options(synchronize_session=False))
