"""Who is not to be written to. Outlives the person's data: only a keyed hash of the address is kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from formsite.foundation.database import Base, UtcDateTime, key


class Suppression(Base):
    """An address that asked not to get one kind of mail."""

    __tablename__ = "suppressions"
    __table_args__ = (UniqueConstraint("address_index", "purpose", name="uq_suppressions_address_index_purpose"),)

    id: Mapped[UUID] = key()
    address_index: Mapped[bytes] = mapped_column(LargeBinary(17))  # blind index: key id and HMAC
    purpose: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(20))  # unsubscribed, bounced
    at: Mapped[datetime] = mapped_column(UtcDateTime)
