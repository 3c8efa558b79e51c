"""Tables of the designer: a form with its draft, and the versions published from it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from formsite.foundation.database import Base, Json, UtcDateTime, key


class FormState(StrEnum):
    """Where a form stands. Only an open one takes answers."""

    DRAFT = "draft"  # never published
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Form(Base):
    """What staff own. Its draft is edited; what customers see is its current version."""

    __tablename__ = "forms"
    __table_args__ = (
        CheckConstraint("max_responses IS NULL OR max_responses > 0", name="max_responses_positive"),
        Index("ix_forms_state_id", "state", "id"),
    )

    id: Mapped[UUID] = key()
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))  # of the draft, in its first language: for lists
    state: Mapped[str] = mapped_column(String(20), default=FormState.DRAFT.value)
    draft: Mapped[dict[str, Any]] = mapped_column(Json)
    revision: Mapped[int] = mapped_column(default=1)  # grows with each change of the draft
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(120))  # a name, for "changed by … a minute ago"
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("versions.id", use_alter=True, name="fk_forms_version_id_versions")
    )
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    max_responses: Mapped[int | None]
    listed: Mapped[bool] = mapped_column(default=True)  # on the public front page
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MediaFile(Base):
    """A picture that forms show. It is named after its content, and never changes."""

    __tablename__ = "media_files"
    __table_args__ = (Index("ix_media_files_added_at_name", "added_at", "name"),)

    name: Mapped[str] = mapped_column(String(70), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))  # what the designer's file was called
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(String(120))


class Version(Base):
    """A published definition. The database refuses to change or delete it."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("form_id", "number", name="uq_versions_form_id_number"),)

    id: Mapped[UUID] = key()
    form_id: Mapped[UUID] = mapped_column(ForeignKey("forms.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))  # over the canonical JSON of the definition
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(120))
