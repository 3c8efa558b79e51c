"""Mail waiting to be sent.

A mail is a row written in the transaction of what it tells of. A worker claims due rows with a lease, so two workers
never send one mail twice, and a crash between sending and noting it costs at most one duplicate, which carries the
same Message-ID (RFC 5321 section 6.1: it cannot be none). What is in the mail is built when it leaves.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from uuid import UUID

import structlog
from flask_mail import Message
from sqlalchemy import Index, LargeBinary, String, Text, and_, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from formsite.foundation import clock, crypto
from formsite.foundation.database import Base, UtcDateTime, db, key, unit_of_work
from formsite.foundation.ids import uuid7
from formsite.foundation.parts import parts
from formsite.foundation.postbox import Postbox

LEASE = timedelta(minutes=5)
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360))
GIVE_UP = timedelta(hours=72)  # after it was first due, however long before that it was written
MOST_ATTEMPTS = len(WAITS) + 1 + (GIVE_UP - sum(WAITS, timedelta())) // WAITS[-1]
TABLE, COLUMN, PURPOSE = "outbox", "payload", "outbox"
log = structlog.get_logger("outbox")


class OutboxState(StrEnum):
    """Where a mail stands."""

    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"  # it was not to be sent any more; `last_error` says why
    FAILED = "failed"  # given up


class OutboxMail(Base):
    """One mail. Whom it is for and what it says is sealed until it leaves, and forgotten afterwards."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_due_at", "state", "due_at"),
        Index("ix_outbox_state_id", "state", "id"),
        Index("ix_outbox_about_id", "about", "id"),
    )

    id: Mapped[UUID] = key()
    kind: Mapped[str] = mapped_column(String(40))
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_id: Mapped[int]
    about: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A builder's word that the mail is not to be sent, and why: `withdrawn`, `suppressed`, `closed`, …"""

    reason: str


Builder = Callable[[Mapping[str, Any], OutboxMail], Message | Cancelled]
_builders: dict[str, Builder] = {}


def builder(kind: str) -> Callable[[Builder], Builder]:
    """Declares who builds the mails of a kind. Runs inside the unit that claims the row, and may read."""

    def register(build: Builder) -> Builder:
        known = _builders.get(kind)
        if known is not None and known.__qualname__ != build.__qualname__:
            raise TypeError(f"two builders for mails of kind {kind}")
        _builders[kind] = build
        return build

    return register


def mail_row(
    kind: str, payload: Mapping[str, Any], *, dedupe_key: str, due_at: datetime, about: UUID | None = None
) -> dict[str, Any]:
    """A row ready to insert. `dedupe_key` is unique for ever: what it names is mailed once.

    Args:
        payload: JSON values for the builder; sealed.
        about: the response that the mail is about.
    """
    row_id = uuid7()
    keyring = parts().keyring
    plain = json.dumps(dict(payload), ensure_ascii=False, separators=(",", ":")).encode()
    secret = keyring.derive(PURPOSE)
    return {
        "id": row_id,
        "kind": kind,
        "dedupe_key": dedupe_key,
        "payload": crypto.seal(secret, plain, table=TABLE, column=COLUMN, row=row_id),
        "key_id": keyring.newest,
        "about": about,
        "state": OutboxState.WAITING.value,
        "due_at": due_at,
        "attempts": 0,
        "created_at": min(due_at, clock.now()),
    }


def payload_of(mail: OutboxMail) -> dict[str, Any]:
    """What the mail was asked to say.

    Raises:
        crypto.Unreadable: it was altered, or its key is gone.
    """
    if mail.payload is None:
        raise crypto.Unreadable("the mail has left")
    secret = parts().keyring.derive(PURPOSE, mail.key_id)
    plain = crypto.open_sealed(secret, mail.payload, table=TABLE, column=COLUMN, row=mail.id)
    opened: dict[str, Any] = json.loads(plain)
    return opened


def claim(limit: int, now: datetime, lease: timedelta = LEASE) -> list[OutboxMail]:
    """Due mails, leased to the caller; another worker sees them again only when the lease has run out."""
    chosen = (
        select(OutboxMail.id)
        .where(
            OutboxMail.state == OutboxState.WAITING.value,
            OutboxMail.due_at <= now,
            or_(OutboxMail.leased_until.is_(None), OutboxMail.leased_until <= now),
        )
        .order_by(OutboxMail.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")  # worked out once: PostgreSQL may run a plain subquery anew for each row, past its limit
    )
    statement = (
        update(OutboxMail)
        .where(OutboxMail.id.in_(select(chosen.c.id)))
        .values(leased_until=now + lease, attempts=OutboxMail.attempts + 1)
        .returning(OutboxMail)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    with unit_of_work(write=True) as session:
        claimed = list(session.scalars(statement))
        session.expunge_all()
    return sorted(claimed, key=lambda mail: (mail.due_at, mail.id))


def send_due(now: datetime, limit: int = 20) -> int:
    """Send what is due; how many were claimed. One mail that cannot be built never stops the others.

    When the server is so slow that the lease may run out, the rest is left to whoever claims it next.
    """
    if not _anything_due(now):
        return 0
    claimed = claim(limit, now)
    in_time = time.monotonic() + LEASE.total_seconds() / 2
    box = Postbox()
    try:
        for mail in claimed:
            if time.monotonic() > in_time:
                break
            _note(mail, *_send(mail, box), now=now)
    finally:
        box.close()
    return len(claimed)


def _anything_due(now: datetime) -> bool:
    """A look without the writer's lock: an idle worker writes nothing."""
    query = (
        select(OutboxMail.id).where(OutboxMail.state == OutboxState.WAITING.value, OutboxMail.due_at <= now).limit(1)
    )
    with unit_of_work(write=False) as session:
        return session.execute(query).first() is not None


def _send(mail: OutboxMail, box: Postbox) -> tuple[OutboxState, str | None]:
    """What became of it, and why."""
    try:
        built = _build(mail)
        if isinstance(built, Cancelled):
            return OutboxState.CANCELLED, built.reason
        box.send(built)
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        permanent = bool(codes) and all(code >= 500 for code in codes)
        return (OutboxState.FAILED if permanent else OutboxState.WAITING), f"recipient refused: {codes}"
    except SMTPResponseException as error:
        permanent = error.smtp_code in (550, 551, 553, 554)
        return (OutboxState.FAILED if permanent else OutboxState.WAITING), f"mail server said {error.smtp_code}"
    except (SMTPException, OSError) as error:
        return OutboxState.WAITING, f"mail server: {type(error).__name__}"
    except Exception as error:
        log.exception("mail cannot be built", mail=str(mail.id), kind=mail.kind)
        return OutboxState.WAITING, f"cannot be built: {type(error).__name__}"
    return OutboxState.SENT, None


def _build(mail: OutboxMail) -> Message | Cancelled:
    build = _builders.get(mail.kind)
    if build is None:
        raise LookupError(f"nobody builds mails of kind {mail.kind}")
    with unit_of_work(write=False):
        built = build(payload_of(mail), mail)
    if isinstance(built, Message):
        domain = parts().mail_sender.rpartition("@")[2].strip("> ") or "localhost"
        built.msgId = f"<{mail.id}@{domain}>"  # the same at every attempt
    return built


def _note(mail: OutboxMail, state: OutboxState, why: str | None, *, now: datetime) -> None:
    values: dict[str, Any] = {"leased_until": None, "last_error": why}
    if state is OutboxState.WAITING:
        if mail.attempts > MOST_ATTEMPTS:
            state = OutboxState.FAILED
        else:
            values["due_at"] = now + WAITS[min(mail.attempts, len(WAITS)) - 1]
    values["state"] = state.value
    if state in (OutboxState.SENT, OutboxState.CANCELLED):
        values |= {"payload": None, "sent_at": now if state is OutboxState.SENT else None}
    mine = and_(OutboxMail.id == mail.id, OutboxMail.leased_until == mail.leased_until)
    with unit_of_work(write=True) as session:
        session.execute(update(OutboxMail).where(mine).values(**values))
    log.info("mail", mail=str(mail.id), kind=mail.kind, state=state.value, why=why, attempts=mail.attempts)


def oldest_due(now: datetime) -> timedelta:
    """For how long the mail that has waited longest has been due."""
    oldest = db.session.scalar(select(func.min(OutboxMail.due_at)).where(OutboxMail.state == OutboxState.WAITING.value))
    return max(now - oldest, timedelta(0)) if oldest else timedelta(0)
