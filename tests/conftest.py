"""What every test stands on: an application with a fresh database, both databases, real SMTP, counted statements."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text

from formsite import create_app
from formsite.config import Settings
from formsite.filling import faces
from formsite.foundation.crypto import Keyring
from formsite.foundation.database import Base, db
from formsite.foundation.parts import HashCost
from formsite.staff.models import Role
from tests.support.people import sign_in
from tests.support.postgres import Postgres
from tests.support.routing import compile_once
from tests.support.smtp import Catcher
from tests.support.statements import Count, counted

CHEAP = HashCost(memory_kib=8, passes=1)
for name in [name for name in os.environ if name.startswith("FORMSITE_")]:
    del os.environ[name]  # the tests' settings are their own
compile_once()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What hypothesis tries is a set of its own: it takes as long as there are examples."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.laws)


def settings_for(folder: Path, **given: Any) -> Settings:
    """Settings that read neither the environment nor a file."""
    known = {
        "data_dir": folder / "instance",
        "key_file": folder / "keys" / "formsite.keys",
        "mail_port": 1,
        "log_level": "error",
        "log_format": "json",
        "site_name": "Northwind",
        "organisation": "Northwind Ltd",
        "contact_email": "privacy@northwind.example",
        "base_url": "http://localhost",
    }
    return Settings(_env_file=None, **known | given)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database made by the real migrations; each test gets a copy."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(settings_for(folder), hash_cost=CHEAP)
    with app.app_context():
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder / "instance" / "formsite.db"


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all applications of the run."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))


@pytest.fixture
def make_app(tmp_path: Path, migrated: Path, compiled: FileSystemBytecodeCache) -> Iterator[Callable[..., Flask]]:
    """Makes an application on a fresh SQLite database; settings may be given."""
    made: list[Flask] = []

    def make(**given: Any) -> Flask:
        (tmp_path / "instance").mkdir(exist_ok=True)
        if not (tmp_path / "instance" / "formsite.db").exists():
            Keyring.load_or_create(tmp_path / "keys" / "formsite.keys")  # a database without its keys is refused
            shutil.copy(migrated, tmp_path / "instance" / "formsite.db")
        app = create_app(settings_for(tmp_path, **given), hash_cost=CHEAP)
        app.config["TESTING"] = True
        app.jinja_env.bytecode_cache = compiled
        made.append(app)
        return app

    faces.forget()
    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application on SQLite."""
    return make_app()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One real PostgreSQL server for the run of this worker."""
    with Postgres.started() as server:
        yield server


@pytest.fixture
def pg_app(postgres: Postgres, make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The application on PostgreSQL, all tables empty."""
    app = make_app(database_url=postgres.url)
    with app.app_context():
        if not postgres.migrated:
            flask_migrate.upgrade()
            postgres.migrated = True
        tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
        with db.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # history may go between two tests
            connection.execute(text(f"TRUNCATE {tables} CASCADE"))
    yield app


@pytest.fixture(params=["sqlite", "postgresql"])
def db_app(request: pytest.FixtureRequest) -> Flask:
    """The application, once on each database."""
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "pg_app")
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A customer's browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known of a form stays known, however slow the machine is: for tests that count statements."""
    monkeypatch.setattr(faces, "FRESH_SECONDS", 3_600)


@pytest.fixture
def count_statements() -> Callable[[], AbstractContextManager[Count]]:
    """Counts SQL statements and commits of a block."""
    return counted


@pytest.fixture
def smtp(request: pytest.FixtureRequest) -> Iterator[Catcher]:
    """A real SMTP server that keeps what it gets; the application of the test sends to it."""
    app: Flask = request.getfixturevalue("db_app" if "db_app" in request.fixturenames else "app")
    with Catcher.started() as catcher:
        app.extensions["mail"].port = catcher.port
        app.extensions["mail"].server = "127.0.0.1"
        yield catcher


def _fixture(role: Role) -> Any:
    @pytest.fixture(name=role.value)
    def signed_in(app: Flask) -> FlaskClient:
        return sign_in(app, role)

    return signed_in


designer, support, analyst, privacy, admin = map(_fixture, Role)


__all__ = ["admin", "analyst", "designer", "privacy", "support"]
