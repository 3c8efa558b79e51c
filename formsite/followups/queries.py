"""Reads of the outbox for staff: kind, state, times and reasons, never whom a mail is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from formsite.foundation.database import db
from formsite.foundation.outbox import OutboxMail, OutboxState

PAGE = 50
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Mails:
    """One page of mails in one state, newest first, and where its neighbours begin."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    newer: UUID | None
    older: UUID | None


def counts() -> dict[OutboxState, int]:
    """How many mails stand in each state. Counting stops after `MOST_COUNTED`: no request walks the table."""
    found = {}
    for state in OutboxState:
        some = select(OutboxMail.id).where(OutboxMail.state == state.value).limit(MOST_COUNTED + 1).subquery()
        found[state] = db.session.scalar(select(func.count()).select_from(some)) or 0
    return found


def mails(state: OutboxState, *, older_than: UUID | None = None, newer_than: UUID | None = None) -> Mails:
    """One page of the mails in `state`."""
    query = select(
        OutboxMail.id,
        OutboxMail.kind,
        OutboxMail.due_at,
        OutboxMail.sent_at,
        OutboxMail.attempts,
        OutboxMail.last_error,
        OutboxMail.about,
    ).where(OutboxMail.state == state.value)
    if older_than:
        query = query.where(OutboxMail.id < older_than)
    if newer_than:
        query = query.where(OutboxMail.id > newer_than)
    order = OutboxMail.id.asc() if newer_than else OutboxMail.id.desc()
    rows: list[Row[*tuple[Any, ...]]] = list(db.session.execute(query.order_by(order).limit(PAGE + 1)))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if newer_than:
        rows.reverse()
    has_newer, has_older = (more, True) if newer_than else (older_than is not None, more)
    return Mails(rows, rows[0].id if rows and has_newer else None, rows[-1].id if rows and has_older else None)


def mail(mail_id: UUID) -> OutboxMail | None:
    """One mail."""
    return db.session.get(OutboxMail, mail_id)
