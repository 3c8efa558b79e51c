"""What is put on record about staff accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from formsite.foundation.audit import AuditEvent


@dataclass(frozen=True)
class AccountMade(AuditEvent):
    """Somebody may sign in from now on."""

    name: ClassVar[str] = "account_made"
    staff_id: UUID
    role: str


@dataclass(frozen=True)
class AccountChanged(AuditEvent):
    """Another role, another password, disabled or enabled."""

    name: ClassVar[str] = "account_changed"
    staff_id: UUID
    change: str


@dataclass(frozen=True)
class SignedIn(AuditEvent):
    """A password was right."""

    name: ClassVar[str] = "signed_in"
    device: str


@dataclass(frozen=True)
class SignInRefused(AuditEvent):
    """A password was wrong, or there were too many tries."""

    name: ClassVar[str] = "sign_in_refused"
    reason: str
