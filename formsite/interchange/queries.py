"""Reads of imports."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import defer

from formsite.designer.models import Form
from formsite.foundation.database import db
from formsite.interchange.models import Import, ImportState

PAGE = 20
SOON = timedelta(seconds=15)
_LIGHT = (defer(Import.losses), defer(Import.refusals))


def one(id: UUID) -> Import | None:
    """The import of an address."""
    return db.session.get(Import, id)


def by_request(request_hash: bytes) -> Import | None:
    """The import that the same page made of the same file."""
    return db.session.scalar(select(Import).where(Import.request_hash == request_hash))


def next_waiting(now: datetime) -> UUID | None:
    """The oldest that nobody reads: it waits, or whoever read it did not come back."""
    left = and_(Import.state == ImportState.RUNNING.value, Import.leased_until <= now)
    free = or_(Import.state == ImportState.WAITING.value, left)
    return db.session.scalar(select(Import.id).where(free).order_by(Import.id).limit(1))


def is_late(found: Import, now: datetime) -> bool:
    """Whether a worker should have it by now."""
    if found.leased_until is not None:
        return found.leased_until <= now
    return now - found.begun_at > SOON


def recent(older_than: UUID | None) -> tuple[list[Row[Any]], UUID | None]:
    """A page of imports with their forms, newest first; and where the next page begins."""
    query = select(Import, Form).outerjoin(Form, Form.id == Import.form_id).options(*_LIGHT)
    if older_than:
        query = query.where(Import.id < older_than)
    rows: list[Row[Any]] = list(db.session.execute(query.order_by(Import.id.desc()).limit(PAGE + 1)))
    return rows[:PAGE], rows[PAGE - 1][0].id if len(rows) > PAGE else None


def of_form(form_id: UUID) -> Import | None:
    """The import that made a form, if one did."""
    return db.session.scalar(select(Import).where(Import.form_id == form_id).options(*_LIGHT).limit(1))


def unread(ids: list[UUID]) -> set[UUID]:
    """Which of these are there and wait for a reader, or have one: their files are needed."""
    open_ = Import.state.in_((ImportState.WAITING.value, ImportState.RUNNING.value))
    return set(db.session.scalars(select(Import.id).where(Import.id.in_(ids), open_)))
