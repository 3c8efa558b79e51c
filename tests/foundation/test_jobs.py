"""Jobs run when they are due, once, whoever asks; and the worker outlives what breaks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from formsite.foundation import jobs, outbox, worker
from formsite.foundation.database import db, unit_of_work
from formsite.foundation.jobs import LEASE, JobRow, job, run_due
from tests.foundation.test_outbox import at_once

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ran: list[datetime] = []


@pytest.fixture(autouse=True)
def no_other_jobs() -> Iterator[None]:
    """Only the jobs of the test."""
    known = dict(jobs._jobs)
    jobs._jobs.clear()
    ran.clear()
    yield
    jobs._jobs.clear()
    jobs._jobs.update(known)


def row(name: str) -> JobRow:
    with unit_of_work(write=False) as session:
        found = session.scalars(select(JobRow).where(JobRow.name == name)).one()
        session.expunge_all()
        return found


def test_a_job_runs_at_once_and_then_at_its_interval(db_app: Flask) -> None:
    job("tick", every=HOUR)(ran.append)
    with db_app.app_context():
        for minutes in (0, 1, 59, 60, 61, 500):
            run_due(NOON + timedelta(minutes=minutes))
        assert ran == [NOON + timedelta(minutes=minutes) for minutes in (0, 60, 500)]
        found = row("tick")
    assert (found.due_at, found.last_run_at, found.leased_until, found.last_error) == (
        NOON + timedelta(minutes=560),
        NOON + timedelta(minutes=500),
        None,
        None,
    )


@pytest.mark.parametrize("first", [True, False])
def test_many_workers_run_it_once(db_app: Flask, first: bool) -> None:
    job("tick", every=HOUR)(ran.append)
    moment = NOON
    if not first:
        with db_app.app_context():
            run_due(NOON)
        moment = NOON + HOUR
    ran.clear()
    assert sum(at_once(db_app, lambda: run_due(moment))) == 1
    assert ran == [moment]


def test_a_job_may_write(db_app: Flask) -> None:
    @job("writer", every=HOUR)
    def write(now: datetime) -> None:
        with unit_of_work(write=True) as session:
            session.add(JobRow(name="made by it", due_at=now))

    with db_app.app_context():
        run_due(NOON)
        assert row("made by it").due_at == NOON


def test_a_job_that_fails_is_noted_and_stops_no_other(db_app: Flask) -> None:
    @job("bad", every=HOUR)
    def fail(now: datetime) -> None:
        raise ZeroDivisionError

    job("good", every=HOUR)(ran.append)
    with db_app.app_context():
        assert run_due(NOON) == 2
        assert ran == [NOON]
        assert row("bad").last_error == "ZeroDivisionError"
        jobs._jobs.pop("bad")
        job("bad", every=HOUR)(ran.append)
        run_due(NOON + HOUR)
        assert row("bad").last_error is None


def test_a_worker_that_died_holds_nobody_up(db_app: Flask) -> None:
    job("tick", every=timedelta(minutes=1))(ran.append)
    with db_app.app_context():
        with unit_of_work(write=True) as session:
            session.add(JobRow(name="tick", due_at=NOON, leased_until=NOON + LEASE))
        run_due(NOON + LEASE - timedelta(seconds=1))
        assert ran == []
        run_due(NOON + LEASE)
        assert ran == [NOON + LEASE]


def test_whoever_overran_the_lease_does_not_free_the_next_one(db_app: Flask) -> None:
    taken = NOON + 2 * LEASE

    @job("slow", every=timedelta(minutes=1))
    def overrun(now: datetime) -> None:
        with unit_of_work(write=True) as session:  # meanwhile another worker has taken over
            session.get_one(JobRow, "slow").leased_until = taken

    with db_app.app_context():
        run_due(NOON)
        assert row("slow").leased_until == taken


def test_a_name_is_one_job() -> None:
    job("tick", every=HOUR)(ran.append)
    with pytest.raises(TypeError, match="two jobs"):
        job("tick", every=HOUR)(print)


def test_the_worker_sends_and_runs_until_it_is_stopped(app: Flask, smtp: Any) -> None:
    from tests.foundation.test_outbox import put

    stop = threading.Event()
    job("tick", every=HOUR)(lambda now: stop.set())
    with app.app_context():
        put("zoe", kind="nobody_builds_it")
        db.session.remove()
    thread = threading.Thread(target=worker.run, args=(app, stop))
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    with app.app_context():
        assert row("tick").last_run_at is not None


def test_nothing_that_breaks_ends_the_worker(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, broken = threading.Event(), iter([OSError("disk"), KeyError("bug")])
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.01)

    def stumble(_now: datetime) -> int:
        for error in broken:
            raise error
        stop.set()
        return 0

    monkeypatch.setattr(outbox, "send_due", stumble)
    worker.run(app, stop)
    assert stop.is_set()
    assert list(broken) == []


def test_a_database_that_is_away_is_waited_for(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.02)
    folder = app.config["FORMSITE"].data_dir
    away = folder.with_name("away")
    stop = threading.Event()
    job("tick", every=HOUR)(lambda now: stop.set())
    folder.rename(away)
    thread = threading.Thread(target=worker.run, args=(app, stop))
    thread.start()
    assert not stop.wait(0.2)
    away.rename(folder)
    thread.join(20)
    assert stop.is_set()
