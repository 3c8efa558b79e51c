"""What is put on record about forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from formsite.foundation.audit import AuditEvent


@dataclass(frozen=True)
class FormMade(AuditEvent):
    """A form began, from a starter, a file or another form."""

    name: ClassVar[str] = "form_made"
    form_id: UUID
    out_of: str


@dataclass(frozen=True)
class FormPublished(AuditEvent):
    """Customers see another version from now on."""

    name: ClassVar[str] = "form_published"
    form_id: UUID
    version: int
    sha256: str


@dataclass(frozen=True)
class MediaAdded(AuditEvent):
    """A picture came into the library, and is public from now on."""

    name: ClassVar[str] = "media_added"
    file: str
    title: str


@dataclass(frozen=True)
class FormStateChanged(AuditEvent):
    """Closed, opened again, archived."""

    name: ClassVar[str] = "form_state_changed"
    form_id: UUID
    state: str
