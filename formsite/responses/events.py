"""What is written down when staff look at, or take out, what customers sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from formsite.foundation.audit import AuditEvent


@dataclass(frozen=True)
class AnswersRevealed(AuditEvent):
    """Somebody looked at the personal answers of one response."""

    name: ClassVar[str] = "answers_revealed"
    form_id: UUID
    response_id: UUID
    reason: str


@dataclass(frozen=True)
class FileHandedOut(AuditEvent):
    """Somebody took a file that a customer sent."""

    name: ClassVar[str] = "file_handed_out"
    form_id: UUID
    response_id: UUID
    upload_id: UUID
    reason: str


@dataclass(frozen=True)
class ResponsesExported(AuditEvent):
    """The responses to a form left. Written before the first row does."""

    name: ClassVar[str] = "responses_exported"
    form_id: UUID
    format: str
    personal: bool
    reason: str
    rows: int
