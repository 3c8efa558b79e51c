"""Tables, types and the one place that commits.

On SQLite every writing unit begins with BEGIN IMMEDIATE and waits its turn in a queue of this process: threads that
fight for SQLite's one lock sleep and retry, which makes the slow tail. Reading never waits.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, cast
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, Executable, MetaData, Result, Uuid, event, types
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from formsite.foundation.errors import Unavailable
from formsite.foundation.ids import uuid7

BUSY_MS = 5_000
TURN_SECONDS = 10.0
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an acknowledged submission survives a power cut
    f"busy_timeout={BUSY_MS}",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is deleted is overwritten
    "wal_autocheckpoint=4000",  # 16 MB: pages that change often are copied back seldom
)


REFUSALS: tuple[tuple[type[sqlite3.Error], type[DBAPIError]], ...] = (
    (sqlite3.IntegrityError, IntegrityError),
    (sqlite3.OperationalError, OperationalError),
    (sqlite3.Error, DatabaseError),
)


class UtcDateTime(types.TypeDecorator[datetime]):
    """An aware moment in UTC. A naive one is refused, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """Base of all tables. Every constraint has a name, so that migrations can drop it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def key() -> Mapped[UUID]:
    """A primary key: UUIDv7, so that rows of one time lie together and lists can page by it."""
    return mapped_column(Uuid(), primary_key=True, default=uuid7)


class Turns:
    """A lock that is handed over in the order of asking (threading.Lock promises no order).

    Waiting has an end: where one unit hangs, the others are told so instead of hanging with it.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()
        self._held = False

    def acquire(self, seconds: float = TURN_SECONDS) -> None:
        """Wait for one's turn.

        Raises:
            Unavailable: it did not come in time.
        """
        with self._guard:
            if not self._held:
                self._held = True
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if not mine.acquire(timeout=seconds) and self._leaves(mine):
            raise Unavailable("the database is busy")

    def _leaves(self, mine: Lock) -> bool:
        """Leave the queue; False if the turn came at the last moment."""
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return True
        return False

    def release(self) -> None:
        """Hand over to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


_turns = Turns()
_writing: ContextVar[bool] = ContextVar("formsite_writing", default=False)
_inside: ContextVar[bool] = ContextVar("formsite_unit", default=False)


@contextmanager
def unit_of_work(*, write: bool) -> Iterator[Session]:
    """One unit: all of it happens, or none. The only place that commits, `writing_connection` beside it.

    A writing unit commits at its end and rolls back on any exception; a reading one always rolls back. Units do not
    nest: what belongs together is one unit.
    """
    with _turn(write=write):
        session = db.session()
        try:
            yield session
            if write:
                session.commit()
        finally:
            session.rollback()  # after a commit there is nothing to undo


@contextmanager
def writing_connection() -> Iterator[Connection]:
    """A writing unit without a session around it, for the few places where that is the price."""
    with _turn(write=True), db.engine.begin() as connection:
        yield connection


@contextmanager
def _turn(*, write: bool) -> Iterator[None]:
    """The frame of a unit: whose turn it is to write on SQLite, and which BEGIN the connection says."""
    if _inside.get():
        raise RuntimeError("units of work do not nest")
    queued = write and db.engine.dialect.name == "sqlite"
    if queued:
        _turns.acquire()
    inside, writing = _inside.set(True), _writing.set(write)
    try:
        yield
    finally:
        if queued:
            _turns.release()
        _writing.reset(writing)
        _inside.reset(inside)


@contextmanager
def reading() -> Iterator[Session]:
    """The unit that is open, or else a reading one: for what is asked both inside and outside of units."""
    if _inside.get():
        yield db.session()
        return
    with unit_of_work(write=False) as session:
        yield session


@event.listens_for(Engine, "connect")
def _set_up(connection: Any, _record: object) -> None:
    """SQLite's own transaction handling is switched off: it begins too late, and never IMMEDIATE."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        say(connection, "BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def say(connection: Connection, words: str) -> None:
    """A word that frames a transaction, straight to SQLite: it has no result and concerns nobody else.

    Raises:
        OperationalError: as SQLAlchemy would, where the lock is not to be had.
    """
    _straight(connection, words, ())


def _straight(connection: Connection, words: str, values: Sequence[Any]) -> sqlite3.Cursor:
    """Past SQLAlchemy, to SQLite; what SQLite refuses is told as SQLAlchemy would."""
    raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    try:
        return raw.execute(words, values)
    except sqlite3.Error as error:
        kind = next(kind for known, kind in REFUSALS if isinstance(error, known))
        raise kind(words, None, error) from error


class Prepared:
    """A statement compiled once for a dialect, for the few places where SQLAlchemy's per-call work is the price.

    Values go through the types' own processors, as they would otherwise. On SQLite it costs about a fifth of
    `execute`: the call itself goes past SQLAlchemy.
    """

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        self._sql = str(compiled)
        self._named = compiled.positiontup is None
        names: list[str] = list(compiled.binds) if self._named else compiled.positiontup
        self._names = names
        self._slots = [self._slot(name, compiled.binds[name], dialect) for name in names]

    @staticmethod
    def _slot(name: str, bind: Any, dialect: Dialect) -> tuple[str, Callable[[Any], Any] | None, Any]:
        """(name, processor, value): a value that the statement itself brings is processed here, once, and for all."""
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.required or bind.value is None:
            return name, process, None
        return "", None, process(bind.value) if process else bind.value

    def __call__(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Execute it; how many rows it changed. A value that is not given is NULL."""
        look = values.get
        given = [
            (process(look(name)) if process else look(name)) if name else fixed for name, process, fixed in self._slots
        ]
        if self._named:
            return connection.exec_driver_sql(self._sql, self._by_name(given)).rowcount
        return _straight(connection, self._sql, given).rowcount

    def _by_name(self, given: list[Any]) -> dict[str, Any]:
        return dict(zip(self._names, given, strict=True))


def prepared(make: Callable[[str], Executable]) -> Callable[[Connection], Prepared]:
    """Declares a prepared statement: `make` gets the dialect's name, once."""
    kept: dict[str, Prepared] = {}

    def of(connection: Connection) -> Prepared:
        dialect = connection.dialect
        found = kept.get(dialect.name)
        if found is None:
            found = kept[dialect.name] = Prepared(make(dialect.name), dialect)
        return found

    return of


def affected(result: Result[Any]) -> int:
    """How many rows a statement changed."""
    count: int = result.rowcount  # type: ignore[attr-defined]  # only results of INSERT, UPDATE and DELETE have it
    return count


def migrations_folder() -> Path:
    """Where the migrations are: in the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def migrations_at_head() -> bool:
    """Whether the tables are of this version."""
    from alembic.migration import MigrationContext  # 88 ms: not at every start

    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == _heads()


@cache
def _heads() -> set[str]:
    """The newest migration that this version has; they do not change while it runs."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    return set(ScriptDirectory.from_config(config).get_heads())
