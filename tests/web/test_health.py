"""`/readyz`: whether the next submission can be taken."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import event, text

from formsite.foundation import clock, database
from formsite.foundation.database import db, unit_of_work
from formsite.web import health
from tests.foundation.test_outbox import put


def ready(app: Flask, expect: int = 200) -> dict[str, Any]:
    answer = app.test_client().get("/readyz")
    assert answer.status_code == expect, answer.text
    found: dict[str, Any] = answer.get_json()
    assert found["status"] == ("ok" if expect == 200 else "unavailable")
    return found


def test_all_is_well(db_app: Flask) -> None:
    assert ready(db_app) == {
        "status": "ok",
        "database": "ok",
        "migrations": "at head",
        "disk": "ok",
        "oldest_due_mail_seconds": 0,
    }


def test_how_late_the_mail_is(db_app: Flask) -> None:
    with db_app.app_context():
        put("zoe", due=clock.now() - timedelta(minutes=2))
        put("later", due=clock.now() + timedelta(minutes=2))
    assert 120 <= ready(db_app)["oldest_due_mail_seconds"] < 180
    with db_app.app_context(), unit_of_work(write=False) as session:
        assert session.scalar(text("SELECT count(*) FROM outbox")) == 2


def test_tables_of_another_version(app: Flask) -> None:
    with app.app_context(), unit_of_work(write=True) as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert ready(app, 503)["migrations"] == "not at head"


@pytest.fixture
def impatient(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "busy_timeout=50"))
    return make_app()


def test_a_database_that_takes_no_writes(impatient: Flask) -> None:
    other = sqlite3.connect(impatient.config["FORMSITE"].data_dir / "formsite.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert ready(impatient, 503)["database"] == "OperationalError"
    assert impatient.test_client().get("/healthz").status_code == 200
    other.execute("ROLLBACK")
    other.close()
    ready(impatient)


@pytest.fixture
def read_only(db_app: Flask) -> Iterator[Flask]:
    def shut(connection: Any, _record: object) -> None:
        sqlite = isinstance(connection, sqlite3.Connection)
        connection.execute("PRAGMA query_only=1" if sqlite else "SET default_transaction_read_only = on")
        connection.commit()

    with db_app.app_context():
        engine = db.engine
        engine.dispose()
    event.listen(engine, "connect", shut)
    yield db_app
    event.remove(engine, "connect", shut)
    engine.dispose()


def test_a_database_that_can_only_be_read(read_only: Flask) -> None:
    assert "Error" in ready(read_only, 503)["database"]


def test_a_disk_that_is_nearly_full(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: Usage(health.LEAST_ROOM - 1))
    assert ready(app, 503)["disk"] == "full"
