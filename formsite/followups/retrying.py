"""Sending again what was given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import update

from formsite.foundation import audit
from formsite.foundation.audit import Actor, AuditEvent
from formsite.foundation.database import db
from formsite.foundation.errors import Refused
from formsite.foundation.outbox import OutboxMail, OutboxState


class NotFailed(Refused):
    """Only mail that was given up can be tried again."""

    status = 409


@dataclass(frozen=True)
class MailRetried(AuditEvent):
    """Somebody had a mail sent again that had been given up."""

    name: ClassVar[str] = "mail_retried"
    mail_id: UUID
    kind: str


def retry(mail: OutboxMail, *, actor: Actor, now: datetime) -> None:
    """Let a failed mail wait again, due now. Whether it may still leave is checked anew when it is built.

    Raises:
        NotFailed: it waits, has left, or was cancelled.

    """
    statement = (
        update(OutboxMail)
        .where(OutboxMail.id == mail.id, OutboxMail.state == OutboxState.FAILED.value)
        .values(state=OutboxState.WAITING.value, due_at=now, attempts=0, leased_until=None, last_error=None)
    )
    if db.session.execute(statement.returning(OutboxMail.id)).first() is None:
        raise NotFailed("This mail was not given up, so there is nothing to try again")
    audit.record(MailRetried(mail.id, mail.kind), actor=actor, at=now)
