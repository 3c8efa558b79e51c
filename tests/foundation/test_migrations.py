"""Migrations lead to the tables that the models describe, and each goes down and up again, on both databases."""

from __future__ import annotations

from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text

from formsite.foundation.database import Base, db, migrations_folder


def heads() -> list[str]:
    """Every revision, the newest first."""
    return [script.revision for script in ScriptDirectory(str(migrations_folder())).walk_revisions()]


def differences() -> list[Any]:
    with db.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


def test_the_migrations_make_what_the_models_say(db_app: Flask) -> None:
    with db_app.app_context():
        assert differences() == []


def test_each_migration_goes_down_and_up(db_app: Flask) -> None:
    with db_app.app_context():
        before = tables()
        for older in heads()[1:]:
            flask_migrate.downgrade(revision=older)
            assert tables() < before
            before = tables()
        flask_migrate.upgrade()
        assert differences() == []


@pytest.mark.parametrize("table", ["uploads", "media_files"])
def test_files_go_down_with_what_is_in_them(db_app: Flask, table: str) -> None:
    with db_app.app_context():
        flask_migrate.downgrade(revision="0002")
        assert table not in tables()
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
