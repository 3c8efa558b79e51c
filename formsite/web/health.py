"""`/healthz`: alive. `/readyz`: able to take a submission."""

from __future__ import annotations

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from formsite.foundation import clock, outbox
from formsite.foundation.database import migrations_at_head, unit_of_work

bp = Blueprint("health", __name__)
OPEN_TO_ALL = ("health.healthz", "health.readyz", "static")


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database takes writes, its tables are of this version; and how late the mail is."""
    try:
        with unit_of_work(write=True) as session:
            session.execute(text("SELECT 1"))
            late = outbox.oldest_due(clock.now())
        migrated = migrations_at_head()
    except SQLAlchemyError as error:
        return {"status": "unavailable", "database": type(error).__name__}, 503, {"Retry-After": "5"}
    answer = {
        "status": "ok" if migrated else "unavailable",
        "database": "ok",
        "migrations": "at head" if migrated else "not at head",
    }
    answer["oldest_due_mail_seconds"] = str(int(late.total_seconds()))
    return answer, 200 if migrated else 503


def set_up(app: Flask) -> None:
    """Both addresses."""
    app.register_blueprint(bp)
