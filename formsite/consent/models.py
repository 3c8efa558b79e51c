"""Tables of consent. Both are append-only: triggers made by the migrations refuse UPDATE and DELETE."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from formsite.foundation.database import Base, Json, UtcDateTime, key


class ConsentEvent(StrEnum):
    """What happened. A later event supersedes an earlier record and never changes it."""

    CHOSEN = "chosen"  # the choices of a submission: given and refused
    WITHDRAWN = "withdrawn"


class Wording(Base):
    """The exact words of a statement or a notice, stored once under their hash."""

    __tablename__ = "wordings"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)  # over the UTF-8 bytes of `text`
    language: Mapped[str] = mapped_column(String(35))
    text: Mapped[str] = mapped_column(Text)
    first_used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsentRecord(Base):
    """What one person chose, what they were told, when and how. Holds no answer and no address.

    No foreign keys: a record outlives the response it came with.
    """

    __tablename__ = "consent_records"
    __table_args__ = (
        Index("ix_consent_records_response_id_id", "response_id", "id"),
        Index(
            "uq_consent_records_supersedes",  # so events of one person stand in one line
            "supersedes",
            unique=True,
            sqlite_where=text("supersedes IS NOT NULL"),
            postgresql_where=text("supersedes IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = key()
    response_id: Mapped[UUID]
    form_id: Mapped[UUID]
    version_id: Mapped[UUID]
    event: Mapped[str] = mapped_column(String(20))
    supersedes: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    method: Mapped[str] = mapped_column(String(20))  # web-form, one-click, preference-page, staff
    language: Mapped[str] = mapped_column(String(35))
    record: Mapped[dict[str, Any]] = mapped_column(Json)  # the whole of it, in the shape of consent/records.py
