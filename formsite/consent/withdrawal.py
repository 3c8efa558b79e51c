"""Taking consent back: as easy as giving it, at once, and by a new record beside the old one.

Mail that waits for a consent goes by the name of its purpose, so a withdrawal stops it without knowing what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.dialects import postgresql, sqlite

from formsite.consent.models import ConsentRecord
from formsite.consent.queries import rows_of
from formsite.consent.records import withdrawal_row
from formsite.consent.standing import Standing, fold
from formsite.foundation.database import db
from formsite.foundation.outbox import OutboxMail, OutboxState

MOST_RACES = 20
REASON = "consent withdrawn"


def withdraw(response_id: UUID, statement: str, *, at: datetime, method: str) -> bool:
    """Take back what was agreed under one statement. False where it does not hold, which is no error."""
    return _withdraw(response_id, lambda each: each.id == statement, at=at, method=method)


def withdraw_purpose(response_id: UUID, purpose: str, channel: str, *, at: datetime, method: str) -> bool:
    """Take back every agreement to one purpose by one channel."""
    return _withdraw(response_id, lambda each: (each.purpose, each.channel) == (purpose, channel), at=at, method=method)


def _withdraw(response_id: UUID, meant: Callable[[Standing], bool], *, at: datetime, method: str) -> bool:
    for _ in range(MOST_RACES):
        rows = rows_of(response_id)
        gone = [each for each in fold(row.record for row in rows) if each.holds and meant(each)]
        if not gone:
            return False
        newest = {column.name: getattr(rows[-1], column.name) for column in ConsentRecord.__table__.columns}
        row = withdrawal_row(newest, [each.id for each in gone], at=at, method=method)
        if _append(row):
            _stop_mail(response_id, {each.purpose for each in gone}, at)
            return True
    raise RuntimeError("consent records of one response keep changing")


def _append(row: dict[str, object]) -> bool:
    """False when another event came in between: two may not supersede the same record."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(ConsentRecord).values(row).on_conflict_do_nothing()
    return db.session.execute(statement.returning(ConsentRecord.id)).first() is not None


def _stop_mail(response_id: UUID, purposes: set[str], now: datetime) -> None:
    """Cancel what waits. What is leaving at this very moment is left alone; if it fails, its builder looks again."""
    db.session.execute(
        update(OutboxMail)
        .where(OutboxMail.about == response_id, OutboxMail.kind.in_(purposes))
        .where(OutboxMail.state == OutboxState.WAITING.value)
        .where(or_(OutboxMail.leased_until.is_(None), OutboxMail.leased_until <= now))
        .values(state=OutboxState.CANCELLED.value, last_error=REASON, payload=None)
    )
