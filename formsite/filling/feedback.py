"""Feedback on an earlier response: whether a form is the one that was asked for, and whether it was given."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from formsite.designer import plans
from formsite.foundation.database import db
from formsite.responses.models import Response


def is_asked(about_id: UUID, slug: str) -> bool:
    """Whether the form of the first response asks for feedback by the form `slug`."""
    version_id = db.session.scalar(select(Response.version_id).where(Response.id == about_id))
    version = plans.published(version_id) if version_id else None
    return version is not None and version.definition.feedback is not None and version.definition.feedback.form == slug


def is_given(about_id: UUID, form_id: UUID) -> bool:
    """Whether that response has its feedback already."""
    query = select(Response.id).where(
        Response.form_id == form_id, Response.about_id == about_id, Response.submitted_at.is_not(None)
    )
    return db.session.execute(query.limit(1)).first() is not None
