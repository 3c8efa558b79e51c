"""Reads of responses. Lists go by index from a known place; none walks the table or opens a sealed answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import Row, Select, or_, select

from formsite.designer.models import Form, Version
from formsite.foundation.database import db
from formsite.foundation.ids import first_of
from formsite.foundation.outbox import OutboxMail
from formsite.responses import uploads
from formsite.responses.models import Response, ResponseKey, ResponseState
from formsite.responses.uploads import Kept

PAGE = 50
Columns = TypeVarTuple("Columns")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the list: its state stands in the address of the screen."""

    state: ResponseState = ResponseState.SUBMITTED
    since: date | None = None
    until: date | None = None  # inclusive
    older_than: UUID | None = None
    newer_than: UUID | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list, newest first, and where its neighbours begin."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    newer: UUID | None
    older: UUID | None


def form_by_slug(slug: str) -> Form | None:
    """The form of an address."""
    return db.session.scalar(select(Form).where(Form.slug == slug))


def listed(form_id: UUID, wanted: Wanted) -> Listed:
    """One page of the responses to a form: one statement, whatever the number of responses."""
    upwards = wanted.newer_than is not None
    query = _span(
        select(
            Response.id,
            Response.state,
            Response.started_at,
            Response.submitted_at,
            Response.language,
            Response.is_test,
            Version.number.label("version"),
        )
        .join(Version, Version.id == Response.version_id)
        .where(Response.form_id == form_id, Response.state == wanted.state.value),
        wanted,
    )
    order = Response.id.asc() if upwards else Response.id.desc()
    rows: list[Row[*tuple[Any, ...]]] = list(db.session.execute(query.order_by(order).limit(PAGE + 1)))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if upwards:
        rows.reverse()
    has_newer = more if upwards else wanted.older_than is not None
    has_older = True if upwards else more
    return Listed(rows, rows[0].id if rows and has_newer else None, rows[-1].id if rows and has_older else None)


def _span(query: Select[*Columns], wanted: Wanted) -> Select[*Columns]:
    if wanted.since:
        query = query.where(Response.id >= first_id(wanted.since))
    if wanted.until and wanted.until < date.max:
        query = query.where(Response.id < first_id(wanted.until + timedelta(days=1)))
    if wanted.older_than:
        query = query.where(Response.id < wanted.older_than)
    if wanted.newer_than:
        query = query.where(Response.id > wanted.newer_than)
    return query


def first_id(day: date) -> UUID:
    """The least id that a response begun on `day` (UTC) can have."""
    return first_of(max(datetime.combine(day, time.min, UTC), EPOCH))


@dataclass(frozen=True, slots=True)
class Found:
    """A response, its form, and its wrapped key: None where it was destroyed."""

    response: Response
    form: Form
    wrapped: bytes | None


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, and the response that it belongs to."""

    found: Found
    kept: Kept


def one(slug: str, response_id: UUID) -> Found | None:
    """A response to the form of that address."""
    query = (
        select(Response, Form, ResponseKey.wrapped)
        .join(Form, Form.id == Response.form_id)
        .outerjoin(ResponseKey, ResponseKey.id == Response.id)
        .where(Response.id == response_id, Form.slug == slug)
    )
    row = db.session.execute(query).one_or_none()
    return None if row is None else Found(*row)


def one_file(slug: str, response_id: UUID, upload_id: UUID) -> FoundFile | None:
    """A file of a response to the form of that address."""
    found = one(slug, response_id)
    kept = uploads.of_response(response_id, found.wrapped) if found else ()
    return next((FoundFile(found, each) for each in kept if found and each.id == upload_id), None)


def linked(response: Response) -> Sequence[Row[*tuple[Any, ...]]]:
    """Responses tied to this one: the one it gives feedback on, and the feedback given on it."""
    query = (
        select(Response.id, Response.about_id, Form.slug, Form.title)
        .join(Form, Form.id == Response.form_id)
        .where(or_(Response.id == response.about_id, Response.about_id == response.id))
        .order_by(Response.id)
    )
    return db.session.execute(query).all()


def mails_about(response_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was or will be sent because of a response: kind, state and times, never an address."""
    query = (
        select(OutboxMail.kind, OutboxMail.state, OutboxMail.due_at, OutboxMail.sent_at, OutboxMail.last_error)
        .where(OutboxMail.about == response_id)
        .order_by(OutboxMail.id)
    )
    return db.session.execute(query).all()
