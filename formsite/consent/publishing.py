"""Publishing stores the exact words that customers will see, so that a submission need not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from formsite.consent.models import Wording
from formsite.consent.records import wordings
from formsite.definition.document import Definition
from formsite.foundation.database import db


def store_wordings(definition: Definition, at: datetime) -> None:
    """Store the wordings of a version about to be published; those known already stay as they are."""
    if rows := wordings(definition, at):
        dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        db.session.execute(dialect.insert(Wording).values(rows).on_conflict_do_nothing())
