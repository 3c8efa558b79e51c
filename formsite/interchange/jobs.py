"""The worker's part of an import: reads the file apart, and makes the draft; and takes away what was left behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from formsite.definition.faults import Faulty
from formsite.foundation import clock
from formsite.foundation.database import unit_of_work
from formsite.foundation.errors import Unavailable
from formsite.foundation.jobs import job, queue
from formsite.foundation.parts import parts
from formsite.interchange import apart, incoming, queries
from formsite.interchange.losses import Imported, Unimportable
from formsite.interchange.progress import Stage

LEFT_FOR = timedelta(days=1)
AT_A_TIME = 200
MOST_FAULTS = 100
log = structlog.get_logger("imports")


@queue("imports")
def read_next(now: datetime) -> int:
    """Read the file that waits longest, if one does."""
    with unit_of_work(write=False):
        found = queries.next_waiting(now)
    if found is None:
        return 0
    with unit_of_work(write=True):
        mine = incoming.claim(found, now)
        if mine is None:
            return 0
        name, tries = mine.name, mine.tries
    until = now + incoming.LEASE
    try:
        _read(found, name, tries, until)
    except (SQLAlchemyError, Unavailable):  # tried again when the lease is over
        raise
    except Exception:
        log.exception("import failed", id=str(found))
        _refuse(found, until, [incoming.BROKEN])
    return 1


def _read(id: UUID, name: str, tries: int, until: datetime) -> None:
    """Nothing is half imported: the draft and the end of the import are one unit, or the reasons are."""
    if tries > incoming.MOST_TRIES:
        _refuse(id, until, [incoming.INTERRUPTED])
        return
    content = incoming.file_of(id)
    if content is None:
        _refuse(id, until, [incoming.GONE])
        return
    try:
        imported = apart.read(content, name, told=lambda stage: _reach(id, until, stage))
    except Unimportable as refusal:
        _refuse(id, until, [refusal.as_json()])
    except Faulty as refusal:
        _refuse(id, until, [fault.as_json() for fault in refusal.faults[:MOST_FAULTS]])
    else:
        _finish(id, until, imported)


def _reach(id: UUID, until: datetime, stage: Stage) -> None:
    with unit_of_work(write=True):
        mine = incoming.held(id, until)
        if mine is not None:
            incoming.reach(mine, stage)


def _finish(id: UUID, until: datetime, imported: Imported) -> None:
    _reach(id, until, Stage.MAKING)
    with unit_of_work(write=True):
        mine = incoming.held(id, until)
        if mine is None:
            log.warning("another worker has it", id=str(id))
            return
        incoming.finish(mine, imported, clock.now())
    incoming.forget_file(id)


def _refuse(id: UUID, until: datetime, refusals: list[dict[str, str]]) -> None:
    with unit_of_work(write=True):
        mine = incoming.held(id, until)
        if mine is None:
            return
        incoming.refuse(mine, refusals, clock.now())
    incoming.forget_file(id)


@job("left_imports", every=timedelta(days=1))
def sweep(now: datetime) -> None:
    """Take away files that nobody reads (any more): a crash came between the file and its row, or after the reading."""
    old = (kept.name for kept in parts().storage.kept(incoming.SHELF) if kept.at < now - LEFT_FOR)
    while some := [UUID(name.rpartition("/")[2]) for name in islice(old, AT_A_TIME)]:
        with unit_of_work(write=False):
            needed = queries.unread(some)
        for each in some:
            if each not in needed:
                incoming.forget_file(each)
