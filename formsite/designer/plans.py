"""Published versions, parsed and compiled once in a process. A version never changes, so nothing here goes stale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import select

from formsite.definition.document import Definition, parse
from formsite.definition.flow import Plan
from formsite.designer.models import Version
from formsite.foundation.database import db

MOST_KEPT = 256


@dataclass(frozen=True)
class Published:
    """One version: its place in the form's history and its compiled definition."""

    id: UUID
    form_id: UUID
    number: int
    sha256: str
    definition: Definition

    @cached_property
    def plan(self) -> Plan:
        """The compiled rules."""
        return Plan(self.definition)


_kept: dict[UUID, Published] = {}
_lock = Lock()


def published(version_id: UUID) -> Published | None:
    """The version, from memory or by one statement; None if there is none."""
    if kept := _kept.get(version_id):
        return kept
    row = db.session.execute(
        select(Version.id, Version.form_id, Version.number, Version.sha256, Version.definition).where(
            Version.id == version_id
        )
    ).one_or_none()
    return None if row is None else keep(*row)


def known(version_id: UUID) -> Published | None:
    """The version if it is in memory."""
    return _kept.get(version_id)


def keep(version_id: UUID, form_id: UUID, number: int, sha256: str, definition: Mapping[str, Any]) -> Published:
    """Compile a version that was just read, and keep it; the oldest kept makes room."""
    version = Published(version_id, form_id, number, sha256, parse(dict(definition)))
    with _lock:
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[version_id] = version
    return version
