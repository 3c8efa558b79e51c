"""Units of work: all or nothing, one writer after the other in the order of asking, durable when they return."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from formsite.foundation import database
from formsite.foundation.audit import AuditRow
from formsite.foundation.database import (
    Turns,
    db,
    migrations_at_head,
    prepared,
    reading,
    unit_of_work,
    writing_connection,
)
from formsite.foundation.errors import Unavailable
from formsite.foundation.ids import uuid7
from formsite.foundation.jobs import JobRow
from formsite.foundation.outbox import OutboxMail, mail_row

NOON = datetime(2026, 1, 31, 12, 0, 0, 123_456, tzinfo=UTC)
COUNTER = "counter"


def job(name: str = COUNTER) -> JobRow:
    return JobRow(name=name, due_at=NOON, last_error="0")


def names() -> list[str]:
    with unit_of_work(write=False) as session:
        return list(session.scalars(select(JobRow.name).order_by(JobRow.name)))


def elsewhere(app: Flask, work: Any) -> threading.Thread:
    def run() -> None:
        with app.app_context():
            work()
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_writing_unit_is_there_for_everybody_when_it_returns(db_app: Flask) -> None:
    seen: list[list[str]] = []
    with db_app.app_context():
        with unit_of_work(write=True) as session:
            session.add(job())
            session.flush()
            elsewhere(db_app, lambda: seen.append(names())).join()
        elsewhere(db_app, lambda: seen.append(names())).join()
    assert seen == [[], [COUNTER]]


def test_any_exception_undoes_all_of_it(db_app: Flask) -> None:
    with db_app.app_context():
        for stop in (KeyError, KeyboardInterrupt):
            with pytest.raises(stop), unit_of_work(write=True) as session:
                session.add(job())
                session.flush()
                raise stop
        with pytest.raises(KeyError), writing_connection() as connection:
            connection.execute(insert(JobRow), [{"name": "x", "due_at": NOON}])
            raise KeyError
        assert names() == []


def test_a_violated_constraint_undoes_all_of_it_and_the_next_unit_works(db_app: Flask) -> None:
    with db_app.app_context():
        with pytest.raises(IntegrityError), unit_of_work(write=True) as session:
            session.execute(insert(JobRow), [{"name": "one", "due_at": NOON}])
            session.execute(insert(JobRow), [{"name": "one", "due_at": NOON}])
        with unit_of_work(write=True) as session:
            session.add(job("two"))
        assert names() == ["two"]


def test_a_reading_unit_keeps_nothing(db_app: Flask) -> None:
    with db_app.app_context():
        with unit_of_work(write=False) as session:
            session.add(job())
            session.flush()
        assert names() == []


def test_units_do_not_nest(app: Flask) -> None:
    with app.app_context():
        for write in (True, False):
            with unit_of_work(write=True), pytest.raises(RuntimeError, match="nest"), unit_of_work(write=write):
                pass
            with unit_of_work(write=False), pytest.raises(RuntimeError, match="nest"), writing_connection():
                pass
        assert names() == []  # and are in order again afterwards


def test_reading_joins_the_unit_that_is_open(db_app: Flask) -> None:
    with db_app.app_context():
        with unit_of_work(write=True) as session:
            session.add(job())
            session.flush()
            with reading() as inner:
                assert inner is session
        with reading() as session:
            assert session.get(JobRow, COUNTER) is not None


def test_reading_then_writing_loses_no_change(app: Flask) -> None:
    with app.app_context():
        with unit_of_work(write=True) as session:
            session.add(job())

        def count() -> None:
            for _ in range(100):
                with unit_of_work(write=True) as session:
                    row = session.get_one(JobRow, COUNTER, populate_existing=True)
                    row.last_error = str(int(row.last_error or 0) + 1)

        for thread in [elsewhere(app, count) for _ in range(8)]:
            thread.join()
        with unit_of_work(write=False) as session:
            assert session.scalar(select(JobRow.last_error)) == "800"


def test_a_writing_unit_takes_the_lock_at_its_beginning(app: Flask) -> None:
    began: list[str] = []

    def note(raw: sqlite3.Connection, *_rest: Any) -> None:
        raw.set_trace_callback(began.append)

    with app.app_context():
        database.event.listen(db.engine, "checkout", note)
        with unit_of_work(write=True) as session:
            session.connection()
        with unit_of_work(write=False) as session:
            session.connection()
        with writing_connection():
            pass
    assert [sql for sql in began if sql.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN", "BEGIN IMMEDIATE"]


@pytest.fixture
def other_process(app: Flask) -> Iterator[sqlite3.Connection]:
    """Somebody else with the same database file."""
    path = app.config["FORMSITE"].data_dir / "formsite.db"
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    yield connection
    connection.close()


def test_a_lock_of_another_process_is_waited_for(app: Flask, other_process: sqlite3.Connection) -> None:
    other_process.execute("BEGIN IMMEDIATE")

    def let_go() -> None:
        time.sleep(0.3)
        other_process.execute("COMMIT")

    with app.app_context():
        db.engine.dispose()
        thread = threading.Thread(target=let_go)
        thread.start()
        with unit_of_work(write=True) as session:
            session.add(job())
        thread.join()
        assert names() == [COUNTER]


def test_nobody_waits_to_read(app: Flask, other_process: sqlite3.Connection) -> None:
    other_process.execute("BEGIN IMMEDIATE")
    with app.app_context():
        began = time.monotonic()
        assert names() == []
        assert time.monotonic() - began < 2


def test_a_lock_that_is_not_given_back_is_an_error_in_the_end(
    make_app: Any, monkeypatch: pytest.MonkeyPatch, other_process: sqlite3.Connection
) -> None:
    monkeypatch.setattr(database, "PRAGMAS", ("busy_timeout=50",))
    other_process.execute("BEGIN IMMEDIATE")
    with make_app().app_context():
        with pytest.raises(OperationalError, match="locked"), unit_of_work(write=True) as session:
            session.add(job())
        other_process.execute("ROLLBACK")
        with unit_of_work(write=True) as session:
            session.add(job())
        assert names() == [COUNTER]


def test_turns_come_in_the_order_of_asking() -> None:
    turns, order, threads = Turns(), [], []
    turns.acquire()
    for number in range(12):

        def work(mine: int = number) -> None:
            turns.acquire()
            order.append(mine)
            turns.release()

        threads.append(threading.Thread(target=work))
        threads[-1].start()
        while len(turns._waiting) <= number:
            time.sleep(0.001)
    turns.release()
    for thread in threads:
        thread.join()
    assert order == list(range(12))


def test_a_turn_that_does_not_come_is_not_waited_for_for_ever() -> None:
    turns = Turns()
    turns.acquire()
    with pytest.raises(Unavailable):
        turns.acquire(0.05)
    turns.release()
    turns.acquire(0.05)  # who gave up is not in the queue any more


def test_sqlite_is_durable_strict_and_forgets(app: Flask) -> None:
    with app.app_context(), unit_of_work(write=False) as session:
        found = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5_000,
    }


def test_what_is_deleted_is_not_in_the_file(app: Flask, other_process: sqlite3.Connection) -> None:
    path = app.config["FORMSITE"].data_dir / "formsite.db"
    with app.app_context():
        with unit_of_work(write=True) as session:
            session.add(job("canary-quux-7"))
        other_process.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert b"canary-quux-7" in path.read_bytes()
        with unit_of_work(write=True) as session:
            session.execute(delete(JobRow))
        other_process.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert b"canary-quux-7" not in path.read_bytes()


def test_moments_come_back_in_utc_to_the_microsecond(db_app: Flask) -> None:
    there = NOON.astimezone(timezone(timedelta(hours=-5)))
    with db_app.app_context():
        with unit_of_work(write=True) as session:
            session.add(JobRow(name=COUNTER, due_at=there))
        with unit_of_work(write=False) as session:
            (found,) = session.execute(select(JobRow.due_at, JobRow.leased_until).where(JobRow.due_at == NOON))
    assert found == (NOON, None)
    assert found.due_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(db_app: Flask) -> None:
    with db_app.app_context(), pytest.raises(StatementError, match="time zone"), unit_of_work(write=True) as session:
        session.add(JobRow(name=COUNTER, due_at=datetime(2026, 1, 31)))  # noqa: DTZ001


def test_json_comes_back_as_it_was(db_app: Flask) -> None:
    kept = {"ü": [1, 2.5, True, None, {"a": "\U0001f600"}], "": 0, "big": 2**53 - 1}
    with db_app.app_context():
        with unit_of_work(write=True) as session:
            session.add(AuditRow(at=NOON, name="x", actor_kind="cli", actor_name="me", details=kept))
        with unit_of_work(write=False) as session:
            (row,) = session.scalars(select(AuditRow))
            assert row.details == kept
            assert isinstance(row.id, UUID)
            assert row.id.version == 7


_insert_mail = prepared(lambda _dialect: insert(OutboxMail.__table__))


def test_a_prepared_statement_writes_what_execute_writes(db_app: Flask) -> None:
    with db_app.app_context():
        row = mail_row("hello", {"to": "ü"}, dedupe_key="a", due_at=NOON)
        twin = row | {"id": uuid7(), "dedupe_key": "b"}
        with writing_connection() as connection:
            connection.execute(insert(OutboxMail), [row])
            assert _insert_mail(connection)(connection, twin) == 1
        with unit_of_work(write=False) as session:
            rows = session.execute(select(*OutboxMail.__table__.columns).order_by(OutboxMail.dedupe_key)).all()
    one, other = (found._asdict() for found in rows)
    assert other == one | {"id": twin["id"], "dedupe_key": "b"}


def test_whether_the_tables_are_of_this_version(db_app: Flask) -> None:
    with db_app.app_context():
        assert migrations_at_head()
        with unit_of_work(write=True) as session:
            (revision,) = session.scalars(text("SELECT version_num FROM alembic_version")).all()
            session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        try:
            assert not migrations_at_head()
        finally:
            with unit_of_work(write=True) as session:
                session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})


def test_an_error_tells_no_value(db_app: Flask) -> None:
    with db_app.app_context():
        with unit_of_work(write=True) as session:
            session.add(job())
        with pytest.raises(IntegrityError) as refused, unit_of_work(write=True) as session:
            session.execute(insert(JobRow), [{"name": COUNTER, "due_at": NOON, "last_error": "canary-answer"}])
    assert "canary-answer" not in str(refused.value)
