"""Sessions of the staff: rows in the database, so that each can be seen, and ended, from any other."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from formsite.foundation.database import db
from formsite.staff.models import StaffMember, StaffSession

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)


def begin(member: StaffMember, *, device: str, now: datetime) -> str:
    """A new session; its key, which is kept nowhere but in the cookie."""
    key = secrets.token_urlsafe(32)
    db.session.add(
        StaffSession(staff_id=member.id, key_hash=_hash(key), created_at=now, seen_at=now, device=device[:80])
    )
    return key


def holder(key: str, now: datetime) -> tuple[StaffMember, StaffSession] | None:
    """Whose session it is, if it still lives."""
    row = db.session.execute(
        select(StaffMember, StaffSession)
        .join(StaffSession, StaffSession.staff_id == StaffMember.id)
        .where(StaffSession.key_hash == _hash(key), *_alive(now), StaffMember.disabled_at.is_(None))
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def touch(key: str, now: datetime) -> None:
    """Note that it is in use."""
    db.session.execute(update(StaffSession).where(StaffSession.key_hash == _hash(key)).values(seen_at=now))


def end(key: str, now: datetime) -> None:
    """Sign out."""
    db.session.execute(
        update(StaffSession)
        .where(StaffSession.key_hash == _hash(key), StaffSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_one(member: StaffMember, session_id: UUID, now: datetime) -> None:
    """End one of a member's sessions, on whatever device."""
    _end(member, StaffSession.id == session_id, now=now)


def end_others(member: StaffMember, key: str, now: datetime) -> None:
    """End all of a member's sessions but this one."""
    _end(member, StaffSession.key_hash != _hash(key), now=now)


def end_all(member: StaffMember, now: datetime) -> None:
    """End all of a member's sessions."""
    _end(member, now=now)


def living(member: StaffMember, now: datetime) -> Sequence[StaffSession]:
    """A member's sessions that live, newest first."""
    query = select(StaffSession).where(StaffSession.staff_id == member.id, *_alive(now))
    return db.session.scalars(query.order_by(StaffSession.id.desc()).limit(50)).all()


def is_own(row: StaffSession, key: str) -> bool:
    """Whether it is the session with this key."""
    return secrets.compare_digest(row.key_hash, _hash(key))


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return StaffSession.ended_at.is_(None), StaffSession.seen_at > now - IDLE, StaffSession.created_at > now - LONGEST


def _end(member: StaffMember, *which: ColumnElement[bool], now: datetime) -> None:
    mine = (StaffSession.staff_id == member.id, StaffSession.ended_at.is_(None))
    db.session.execute(update(StaffSession).where(*mine, *which).values(ended_at=now))


def _hash(key: str) -> bytes:
    return sha256(key.encode()).digest()
