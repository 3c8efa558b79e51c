"""Tables of the staff: accounts, sessions, and the failed attempts that slow a guesser down."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from formsite.foundation.database import Base, UtcDateTime, key


class Role(StrEnum):
    """What a member of staff is here for; see DESIGN: each role also says what its holder must never see."""

    DESIGNER = "designer"
    SUPPORT = "support"
    ANALYST = "analyst"
    PRIVACY = "privacy"
    ADMIN = "admin"


class StaffMember(UserMixin, Base):  # type: ignore[misc]
    """An account. It is disabled, never deleted, so that what it did keeps its name."""

    __tablename__ = "staff"

    id: Mapped[UUID] = key()
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))  # argon2id, with its parameters
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffSession(Base):
    """One sign-in on one device. The cookie holds a random key, the row only its hash."""

    __tablename__ = "staff_sessions"

    id: Mapped[UUID] = key()
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device: Mapped[str] = mapped_column(String(80))  # family of browser and system, for "sign out that device"


class FailedSignIn(Base):
    """A wrong password, counted by account and by network; rows older than the window are swept."""

    __tablename__ = "failed_sign_ins"
    __table_args__ = (Index("ix_failed_sign_ins_bucket_at", "bucket", "at"),)

    id: Mapped[UUID] = key()
    bucket: Mapped[str] = mapped_column(String(80))  # "email:<keyed hash>" or "net:<prefix>"
    at: Mapped[datetime] = mapped_column(UtcDateTime)
