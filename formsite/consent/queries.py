"""Reads of consent: always by response, by index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from formsite.consent.models import ConsentRecord, Wording
from formsite.consent.standing import Standing, fold
from formsite.foundation.database import db


def rows_of(response_id: UUID) -> Sequence[ConsentRecord]:
    """Every event of one response, oldest first."""
    query = select(ConsentRecord).where(ConsentRecord.response_id == response_id).order_by(ConsentRecord.id)
    return db.session.scalars(query).all()


def standing_of(response_ids: Collection[UUID]) -> dict[UUID, tuple[Standing, ...]]:
    """What holds now for each of a page of responses: one statement."""
    query = (
        select(ConsentRecord.response_id, ConsentRecord.record)
        .where(ConsentRecord.response_id.in_(response_ids))
        .order_by(ConsentRecord.response_id, ConsentRecord.id)
    )
    events: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for response_id, record in db.session.execute(query):
        events[response_id].append(record)
    return {response_id: fold(records) for response_id, records in events.items()}


def texts(hashes: Collection[str | None]) -> dict[str, str]:
    """The exact words behind hashes."""
    query = select(Wording.sha256, Wording.text).where(Wording.sha256.in_([each for each in hashes if each]))
    return {row.sha256: row.text for row in db.session.execute(query)}
