"""What goes away by itself: files that no response names, and keys that were made for such files alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

import structlog
from sqlalchemy import delete, select

from formsite.foundation.database import affected, unit_of_work
from formsite.foundation.ids import first_of
from formsite.foundation.jobs import job
from formsite.foundation.parts import parts
from formsite.foundation.storage import Kept
from formsite.responses import uploads
from formsite.responses.models import Response, ResponseKey, Upload, UploadState

AT_A_TIME = 200
LOOKED_BACK = timedelta(days=7)
log = structlog.get_logger("uploads")


@job("uploads", every=timedelta(hours=1))
def sweep(now: datetime) -> None:
    """Take away what has been loose for a day: rows, then their files, and keys that were made for them."""
    before = now - uploads.LOOSE_FOR
    loose = 0
    while gone := _forget_some(before):
        uploads.remove(gone)
        loose += len(gone)
    _forget_keys(before)
    if loose:
        log.info("swept", loose=loose)


@job("lost_uploads", every=timedelta(days=1))
def sweep_lost(now: datetime) -> None:
    """Take away files without rows, and what was never finished. Every file is looked at, so this is seldom."""
    before = now - uploads.LOOSE_FOR
    lost, wrecks = _remove_lost(before), parts().storage.tidy(before)
    if lost or wrecks:
        log.info("swept", lost=lost, unfinished=wrecks)


def _forget_some(before: datetime) -> Sequence[UUID]:
    """The row goes first: a file without a row is swept, a row without a file would be a promise that nobody keeps."""
    with unit_of_work(write=True) as session:
        old = Upload.state == UploadState.LOOSE.value, Upload.touched_at < before
        ids = session.scalars(select(Upload.id).where(*old).limit(AT_A_TIME)).all()
        if ids:
            session.execute(delete(Upload).where(Upload.id.in_(ids)))
    return ids


def _forget_keys(before: datetime) -> int:
    """Keys that were made for files of a response that never came. Responses of some days are a span of keys."""
    of_these_days = ResponseKey.id >= first_of(before - LOOKED_BACK), ResponseKey.id < first_of(before)
    nobody = ~select(Response.id).where(Response.id == ResponseKey.id).exists()
    nothing = ~select(Upload.id).where(Upload.response_id == ResponseKey.id).exists()
    statement = delete(ResponseKey).where(*of_these_days, nobody, nothing)
    with unit_of_work(write=True) as session:
        return affected(session.execute(statement.execution_options(synchronize_session=False)))


def _remove_lost(before: datetime) -> int:
    """Files whose rows were never written, or went while the storage was away."""
    removed = 0
    old = (each for each in parts().storage.kept(uploads.SHELF) if each.at < before)
    while some := list(islice(old, AT_A_TIME)):
        lost = _without_row(some)
        uploads.remove(lost)
        removed += len(lost)
    return removed


def _without_row(files: Iterable[Kept]) -> list[UUID]:
    ids = [UUID(each.name.rpartition("/")[2]) for each in files]
    with unit_of_work(write=False) as session:
        known = set(session.scalars(select(Upload.id).where(Upload.id.in_(ids))))
    return [id_ for id_ in ids if id_ not in known]
