"""Counts what goes to the database: on SQLite what the library itself executes, on PostgreSQL what is sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE", "--")


@dataclass
class Count:
    """Statements other than those that frame a transaction, and commits."""

    sql: list[str] = field(default_factory=list)
    commits: int = 0

    @property
    def statements(self) -> int:
        """How many."""
        return len(self.sql)


@contextmanager
def counted() -> Iterator[Count]:
    """The count of the block."""
    count = Count()
    counting = True

    def note(sql: str) -> None:
        if counting and not sql.lstrip().upper().startswith(FRAME):
            count.sql.append(sql)

    def traced(raw: Any, *_rest: Any) -> None:
        if isinstance(raw, sqlite3.Connection):
            raw.set_trace_callback(note)

    def sent(connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if connection.dialect.name != "sqlite":
            note(sql)

    def commit(_connection: Any) -> None:
        count.commits += 1

    listeners = ((Pool, "checkout", traced), (Engine, "before_cursor_execute", sent), (Engine, "commit", commit))
    for target, name, listener in listeners:
        event.listen(target, name, listener)
    try:
        yield count
    finally:
        counting = False
        for target, name, listener in listeners:
            event.remove(target, name, listener)
