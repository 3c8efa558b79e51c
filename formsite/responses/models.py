"""Tables of the answers: one row a response, and the key that opens its personal part."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from formsite.foundation.database import Base, Json, UtcDateTime, key


class ResponseState(StrEnum):
    """A response is being filled in, or it was sent."""

    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"


def _unique_where_set(name: str, *columns: str, where: str = "seat") -> Index:
    """Unique among the few rows that have the value; the others cost an index nothing."""
    condition = text(f"{where} IS NOT NULL")
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


class Response(Base):
    """One person's answers to one version.

    `id` is minted with the blank page, so sending the same page twice meets its own row. It is time-ordered (UUIDv7):
    lists page by it, and a span of days is a span of ids. `seat` is taken only in forms with a limit; its uniqueness
    is what makes the limit exact under concurrent submissions.
    """

    __tablename__ = "responses"
    __table_args__ = (
        _unique_where_set("uq_responses_form_id_seat", "form_id", "seat"),
        _unique_where_set("uq_responses_about_id_form_id", "about_id", "form_id", where="about_id"),
        CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name="submitted_has_time"),
        Index("ix_responses_form_id_state_id", "form_id", "state", "id"),
    )

    id: Mapped[UUID] = key()
    form_id: Mapped[UUID] = mapped_column(ForeignKey("forms.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("versions.id"))
    state: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(35))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)  # nothing personal
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # the personal ones, under this response's key
    request_hash: Mapped[bytes | None] = mapped_column(
        LargeBinary(32)
    )  # of what was sent: the same key must mean the same
    seat: Mapped[int | None]
    about_id: Mapped[UUID | None]  # the response that this one gives feedback on
    is_test: Mapped[bool] = mapped_column(default=False)


class Tally(Base):
    """How much is taken of something limited: seats of a choice, or responses that fulfil a quota."""

    __tablename__ = "tallies"

    form_id: Mapped[UUID] = mapped_column(ForeignKey("forms.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    taken: Mapped[int]


class UploadState(StrEnum):
    """A file is loose until a response that is kept or sent names it; what stays loose for a day goes away."""

    LOOSE = "loose"
    BOUND = "bound"


class Upload(Base):
    """A file of a customer. The file is in the storage as `uploads/<id>`, sealed under the key of the response.

    It may come before its response does: `response_id` is minted with the blank page. `digest` is the same for the
    same file sent again to the same question, and tells nothing without the response's key.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        UniqueConstraint("response_id", "digest", name="uq_uploads_response_id_digest"),
        Index("ix_uploads_state_touched_at", "state", "touched_at"),
    )

    id: Mapped[UUID] = key()
    response_id: Mapped[UUID]
    form_id: Mapped[UUID] = mapped_column(ForeignKey("forms.id"))
    path: Mapped[str] = mapped_column(String(1000))  # of the question
    kind: Mapped[str] = mapped_column(String(20))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    state: Mapped[str] = mapped_column(String(10))
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ResponseKey(Base):
    """The wrapped key of one response. Deleting the row makes the sealed answers unreadable everywhere, backups too."""

    __tablename__ = "response_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)  # the response's
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
