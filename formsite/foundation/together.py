"""Group commit: submissions that arrive together share one transaction, and one wait for the disk.

Whoever comes first leads: it runs the work of all that wait, each behind its own savepoint, commits once, and only
then does anybody go on. Work that came while the disk was busy makes the next group. While groups are larger than
one, a leader gives those who come a moment (a third of a millisecond) to join; a submission on its own never waits.
On PostgreSQL every piece of work has its own transaction: that database groups its commits itself.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from formsite.foundation.database import db, say, writing_connection

T = TypeVar("T")
MOST = 64
PAUSE = 0.0003  # seconds; less than the wait for the disk that joining saves


class _Piece:
    """A piece of work that waits for its turn."""

    __slots__ = ("error", "finished", "result", "woken", "work")

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.finished = False
        self.woken = Lock()
        self.woken.acquire()


_guard = Lock()
_waiting: deque[_Piece] = deque()
_led = False
_busy = False  # the last group was more than one


def together(work: Callable[[Connection], T]) -> T:
    """Run `work` in a writing unit that it may share; return when it is durable.

    `work` may run in another thread, in the same application. What it raises is raised here, and undoes only its own
    changes; a failing commit is raised in everybody who shared it.
    """
    if db.engine.dialect.name != "sqlite":
        with writing_connection() as connection:
            return work(connection)
    piece = _Piece(work)
    if not _leads(piece):
        piece.woken.acquire()  # until it is done, or until it is its turn to lead
    if not piece.finished:
        _lead()
    if piece.error is not None:
        raise piece.error
    return cast("T", piece.result)


def _leads(piece: _Piece) -> bool:
    global _led  # noqa: PLW0603  (there is one writer in a process, and one queue in front of it)
    with _guard:
        _waiting.append(piece)
        if _led:
            return False
        _led = True
        return True


def _lead() -> None:
    """Run everything that waits, the leader's own piece first, and hand over."""
    global _led, _busy  # noqa: PLW0603
    if _busy:  # otherwise whoever was answered just now would come back to a group of one, then of all the rest
        time.sleep(PAUSE)
    with _guard:
        group = [_waiting.popleft() for _ in range(min(MOST, len(_waiting)))]
        _busy = len(group) > 1
    try:
        _run(group)
    finally:
        for piece in group:
            piece.finished = True
        with _guard:
            if _waiting:
                _waiting[0].woken.release()
            else:
                _led = False
        for piece in group[1:]:
            piece.woken.release()


def _run(group: list[_Piece]) -> None:
    try:
        with writing_connection() as connection:
            if len(group) == 1:
                group[0].result = group[0].work(connection)
                return
            for piece in group:
                _run_one(piece, connection)
    except BaseException as error:  # noqa: BLE001  (whatever it is, each who shared the commit must hear of it)
        for piece in group:
            piece.error = piece.error or error


def _run_one(piece: _Piece, connection: Connection) -> None:
    say(connection, "SAVEPOINT piece")
    try:
        piece.result = piece.work(connection)
    except BaseException as error:  # noqa: BLE001  (raised again in the thread that asked)
        piece.error = error
        say(connection, "ROLLBACK TO piece")
    say(connection, "RELEASE piece")
