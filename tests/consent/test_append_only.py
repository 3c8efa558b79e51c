"""The database refuses to change history."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from formsite.consent import append_only
from formsite.foundation.database import db, unit_of_work
from tests.support.stored import publish, respond

CHANGES = {
    "consent_records": "method = 'staff'",
    "wordings": "text = 'something else'",
    "versions": "number = 9",
    "audit_events": "name = 'nothing'",
}


@pytest.fixture
def guarded(db_app: Flask) -> Flask:
    """With a row in each table. The triggers are those of the migrations."""
    with db_app.app_context():
        respond(publish())
        with unit_of_work(write=True) as session:
            session.execute(
                text(
                    "INSERT INTO audit_events (id, at, name, actor_kind, actor_name, details) VALUES "
                    "('00000000000070008000000000000001', '2026-01-31 12:00:00', 'x', 'system', 'formsite', '{}')"
                )
            )
    return db_app


@pytest.mark.parametrize("table", append_only.TABLES)
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_rows_of_history_stay(guarded: Flask, table: str, verb: str) -> None:
    statement = f"UPDATE {table} SET {CHANGES[table]}" if verb == "update" else f"DELETE FROM {table}"
    with guarded.app_context():
        with pytest.raises(DBAPIError, match="append-only"), unit_of_work(write=True) as session:
            session.execute(text(statement))
        with unit_of_work(write=False) as session:
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() > 0


def test_postgresql_refuses_to_truncate(guarded: Flask) -> None:
    with guarded.app_context():
        if db.engine.dialect.name == "sqlite":
            return  # has no TRUNCATE
        with pytest.raises(DBAPIError, match="append-only"), unit_of_work(write=True) as session:
            session.execute(text("TRUNCATE consent_records"))


def test_a_downgrade_takes_the_protection_off(guarded: Flask) -> None:
    with guarded.app_context(), unit_of_work(write=True) as session:
        for statement in append_only.drop(db.engine.dialect.name):
            session.execute(text(statement))
        session.execute(text("DELETE FROM wordings"))
        for statement in append_only.create(db.engine.dialect.name):  # the server is shared by further tests
            session.execute(text(statement))
