"""Counts what goes to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


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

    def statement(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if not sql.lstrip().upper().startswith(FRAME):
            count.sql.append(sql)

    def commit(_connection: Any) -> None:
        count.commits += 1

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", commit)
    try:
        yield count
    finally:
        event.remove(Engine, "before_cursor_execute", statement)
        event.remove(Engine, "commit", commit)
