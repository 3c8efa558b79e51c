"""Addresses that are not to be written to. Only keyed hashes are kept, so the list outlives the person's data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from formsite.followups.models import Suppression
from formsite.foundation.database import db
from formsite.foundation.ids import uuid7
from formsite.foundation.parts import parts

SCOPE = "suppression"
UNSUBSCRIBED = "unsubscribed"


def index_of(address: str) -> bytes:
    """What an address goes by on the list."""
    return parts().keyring.blind_index(SCOPE, address)


def suppress(address_index: bytes, purpose: str, *, reason: str, at: datetime) -> None:
    """Put an address on the list for one purpose. Doing it again changes nothing."""
    row = {"id": uuid7(), "address_index": address_index, "purpose": purpose, "reason": reason, "at": at}
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(Suppression).values(row).on_conflict_do_nothing())


def is_suppressed(address: str, purpose: str) -> bool:
    """Whether the address asked not to get this kind of mail, under any key it may be listed by."""
    indexes = parts().keyring.blind_indexes(SCOPE, address)
    query = select(Suppression.id).where(Suppression.address_index.in_(indexes), Suppression.purpose == purpose)
    return db.session.execute(query.limit(1)).first() is not None
