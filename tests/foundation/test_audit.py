"""What staff did is kept as declared, and cannot be rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from formsite.foundation.audit import SYSTEM, Actor, AuditEvent, AuditRow, record
from formsite.foundation.database import unit_of_work

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
DANA = Actor("staff", UUID(int=5), "Dana")


class Mood(StrEnum):
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Waved(AuditEvent):
    name: ClassVar[str] = "test.waved"
    to: UUID
    at: datetime
    mood: Mood
    times: int


def rows() -> list[AuditRow]:
    with unit_of_work(write=False) as session:
        found = list(session.scalars(select(AuditRow)))
        session.expunge_all()
        return found


def test_an_event_is_kept_with_its_fields_and_who_did_it(db_app: Flask) -> None:
    with db_app.app_context():
        with unit_of_work(write=True):
            record(Waved(UUID(int=7), NOON, Mood.GOOD, 3), actor=DANA, at=NOON)
        (row,) = rows()
    assert (row.name, row.at, row.actor_kind, row.actor_id, row.actor_name) == (
        "test.waved",
        NOON,
        "staff",
        UUID(int=5),
        "Dana",
    )
    assert row.details == {"to": str(UUID(int=7)), "at": "2026-01-31T12:00:00+00:00", "mood": "good", "times": 3}


def test_it_falls_with_what_it_tells_of(db_app: Flask) -> None:
    with db_app.app_context():
        with pytest.raises(KeyError), unit_of_work(write=True):
            record(Waved(UUID(int=7), NOON, Mood.GOOD, 3), actor=SYSTEM, at=NOON)
            raise KeyError
        assert rows() == []


def test_an_event_without_declared_fields_is_refused(app: Flask) -> None:
    class Vague(AuditEvent):
        name: ClassVar[str] = "test.vague"

    with app.app_context(), unit_of_work(write=False), pytest.raises(TypeError, match="declares no fields"):
        record(Vague(), actor=SYSTEM, at=NOON)
    del AuditEvent.declared["test.vague"]


def test_wrong_fields_are_refused() -> None:
    with pytest.raises(TypeError):
        Waved(UUID(int=7), NOON, Mood.GOOD, 3, reason="x")  # type: ignore[call-arg]


def test_two_events_cannot_share_a_name() -> None:
    with pytest.raises(TypeError, match=r"two audit events are called test\.waved"):

        class Other(AuditEvent):
            name: ClassVar[str] = "test.waved"
