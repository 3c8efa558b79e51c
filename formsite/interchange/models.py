"""The table of imports: what was brought, how far it is, what came of it and what was lost."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from formsite.foundation.database import Base, Json, UtcDateTime, key


class ImportState(StrEnum):
    """How far an import is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"


class Import(Base):
    """A file that somebody brought on the screen. The file itself is kept in the storage until it was read.

    `request_hash` is the same for the same file sent by the same page: a double click brings it once. A worker that
    reads it holds it until `leased_until`; then another one may try.
    """

    __tablename__ = "imports"
    __table_args__ = (Index("ix_imports_state_id", "state", "id"),)

    id: Mapped[UUID] = key()
    request_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))  # of the file
    size: Mapped[int]
    format: Mapped[str] = mapped_column(String(20), default="")  # known when it was read
    state: Mapped[str] = mapped_column(String(10), default=ImportState.WAITING.value)
    stage: Mapped[str] = mapped_column(String(20), default="")
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    form_id: Mapped[UUID | None] = mapped_column(ForeignKey("forms.id"), index=True)
    questions: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    losses: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # where, what, why, fix, and the part's id
    refusals: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # where, what, fix
