"""`/healthz`: alive. `/readyz`: able to take a submission."""

from __future__ import annotations

import shutil
from uuid import UUID

from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from formsite.foundation import clock, outbox
from formsite.foundation.database import migrations_at_head, unit_of_work
from formsite.foundation.errors import Unavailable

LEAST_ROOM = 64 * 1024 * 1024
bp = Blueprint("health", __name__)
OPEN_TO_ALL = ("health.healthz", "health.readyz", "static")


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database takes writes, its tables are of this version, the disk has room; and how late the mail is."""
    try:
        with unit_of_work(write=True) as session:
            session.execute(delete(outbox.OutboxMail).where(outbox.OutboxMail.id == UUID(int=0)))
            late = outbox.oldest_due(clock.now())
        migrated = migrations_at_head()
    except (SQLAlchemyError, Unavailable) as error:
        return {"status": "unavailable", "database": type(error).__name__}, 503, {"Retry-After": "5"}
    room = shutil.disk_usage(current_app.config["FORMSITE"].data_dir).free >= LEAST_ROOM
    ready = migrated and room
    answer = {
        "status": "ok" if ready else "unavailable",
        "database": "ok",
        "migrations": "at head" if migrated else "not at head",
        "disk": "ok" if room else "full",
        "oldest_due_mail_seconds": int(late.total_seconds()),
    }
    return answer, 200 if ready else 503


def set_up(app: Flask) -> None:
    """Both addresses."""
    app.register_blueprint(bp)
