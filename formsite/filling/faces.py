"""What a public page must know of a form, read at most once a second.

The answer may be a second old in another process; whether a form still takes answers is decided again, by the
database, inside the submission itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select

from formsite.definition import seats
from formsite.designer import plans
from formsite.designer.models import Form, FormState, Version
from formsite.designer.plans import Published
from formsite.foundation.database import db, reading
from formsite.responses import tallies
from formsite.responses.models import Response

FRESH_SECONDS = 1.0
MOST_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Face:
    """A form as the public sees it."""

    form_id: UUID
    slug: str
    state: str
    version: Published
    opens_at: datetime | None
    closes_at: datetime | None
    max_responses: int | None
    taken: int  # seats, in a form with a limit
    tallies: Mapping[str, int] = field(default_factory=dict)  # what is taken of what is limited inside of it

    @property
    def full(self) -> Mapping[str, frozenset[str]]:
        """The choices without seats, by question."""
        return seats.full_choices(self.version.plan, self.tallies) if self.tallies else {}

    def hindrance(self, now: datetime) -> str | None:
        """Why the form takes no answers now: `gone`, `not_yet`, `closed` or `full`; None if it does."""
        if self.state == FormState.ARCHIVED:
            return "gone"
        if self.opens_at and now < self.opens_at:
            return "not_yet"
        if self.state != FormState.OPEN or (self.closes_at and now >= self.closes_at):
            return "closed"
        return "full" if self.max_responses is not None and self.taken >= self.max_responses else None


_kept: dict[str, tuple[float, Face | None]] = {}

_seats = (
    select(func.coalesce(func.max(Response.seat), 0))
    .where(Response.form_id == Form.id, Form.max_responses.is_not(None))
    .scalar_subquery()
)
_columns = (
    Form.id,
    Form.slug,
    Form.state,
    Form.version_id,
    Form.opens_at,
    Form.closes_at,
    Form.max_responses,
    _seats.label("taken"),
    tallies.of_form(Form.id).label("tallies"),
)
_lean = select(*_columns)
_whole = _lean.add_columns(Version.form_id, Version.number, Version.sha256, Version.definition).join(
    Version, Version.id == Form.version_id
)


def fresh(slug: str) -> Face | None:
    """The form, if it was looked up within the last second: what can be known without the database."""
    kept = _kept.get(slug)
    return kept[1] if kept and monotonic() - kept[0] < FRESH_SECONDS else None


def face(slug: str) -> Face | None:
    """The form published under `slug`, or None. At most one statement; none within a second of the last look."""
    kept = _kept.get(slug)
    if kept and monotonic() - kept[0] < FRESH_SECONDS:
        return kept[1]
    with reading():
        found = look(slug, kept[1] if kept else None)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[slug] = (monotonic(), found)
    return found


def look(slug: str, before: Face | None = None) -> Face | None:
    """The form as it is in the database now. A version compiled before is not read again."""
    if before is not None and plans.known(before.version.id):
        row = db.session.execute(_lean.where(Form.slug == slug)).one_or_none()
        if row is None or row.version_id is None:
            return None
        if version := plans.known(row.version_id):
            return _face(row, version)
    row = db.session.execute(_whole.where(Form.slug == slug)).one_or_none()
    if row is None:
        return None
    version = plans.known(row.version_id) or plans.keep(
        row.version_id, row.form_id, row.number, row.sha256, row.definition
    )
    return _face(row, version)


def forget(slug: str | None = None) -> None:
    """Look anew at the next request: called where this process itself changed a form."""
    if slug is None:
        _kept.clear()
    else:
        _kept.pop(slug, None)


def _face(row: Row[Any], version: Published) -> Face:
    return Face(
        form_id=row[0],
        slug=row.slug,
        state=row.state,
        version=version,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        max_responses=row.max_responses,
        taken=row.taken,
        tallies=tallies.read(row.tallies),
    )


def open_forms(now: datetime) -> list[Row[Any]]:
    """The forms on the front page: open now, and listed. At most a hundred, newest first."""
    query = (
        select(Form.slug, Form.kind, Form.title, Form.closes_at)
        .where(Form.state == FormState.OPEN.value, Form.listed.is_(True))
        .where(or_(Form.opens_at.is_(None), Form.opens_at <= now), or_(Form.closes_at.is_(None), Form.closes_at > now))
        .order_by(Form.id.desc())
        .limit(100)
    )
    return list(db.session.execute(query))
