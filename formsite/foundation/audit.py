"""What staff and the system did, for whoever must answer for it. Each event is declared with its fields."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from formsite.foundation.database import Base, Json, UtcDateTime, db, key


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: `staff`, `customer`, `system` or `cli`."""

    kind: str
    id: UUID | None
    name: str


SYSTEM = Actor("system", None, "formsite")


class AuditEvent:
    """Base of the declared events: frozen dataclasses, known by `name`. They hold ids and reasons, never answers."""

    name: ClassVar[str]
    declared: ClassVar[dict[str, type[AuditEvent]]] = {}

    def __init_subclass__(cls) -> None:
        if "name" not in cls.__dict__:
            return
        known = AuditEvent.declared.get(cls.name)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise TypeError(f"two audit events are called {cls.name}")
        AuditEvent.declared[cls.name] = cls


class AuditRow(Base):
    """One event as it is kept. The database refuses to change or delete it."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_name_id", "name", "id"),)

    id: Mapped[UUID] = key()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(String(60))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(120))
    details: Mapped[dict[str, Any]] = mapped_column(Json)


def record(event: AuditEvent, *, actor: Actor, at: datetime) -> None:
    """Keep an event, in the transaction of what it tells of."""
    if not dataclasses.is_dataclass(event):
        raise TypeError(f"{type(event).__name__} declares no fields")
    details = {name: _plain(value) for name, value in dataclasses.asdict(event).items()}
    row = AuditRow(
        at=at, name=event.name, actor_kind=actor.kind, actor_id=actor.id, actor_name=actor.name, details=details
    )
    db.session.add(row)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
