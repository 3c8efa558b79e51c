"""A response in progress: kept page by page, personal answers sealed from the first page on.

Keeping a page costs two statements and one commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from formsite.definition.fieldtypes import Value
from formsite.designer import plans
from formsite.designer.plans import Published
from formsite.foundation.database import db
from formsite.foundation.parts import parts
from formsite.responses import sealing, uploads
from formsite.responses.models import Response, ResponseKey, ResponseState


@dataclass(frozen=True, slots=True)
class Draft:
    """A response as it stands, its personal answers opened."""

    id: UUID
    version: Published
    submitted: bool
    language: str
    started_at: datetime
    answers: dict[str, Value]
    about_id: UUID | None
    key: bytes


def find(response_id: UUID) -> Draft | None:
    """The response, in progress or sent; None if there is none or its key was destroyed."""
    row = db.session.execute(
        select(Response, ResponseKey.wrapped)
        .join(ResponseKey, ResponseKey.id == Response.id)
        .where(Response.id == response_id)
    ).one_or_none()
    if row is None:
        return None
    response, wrapped = row
    version = plans.published(response.version_id)
    if version is None:
        return None
    key = parts().keyring.unwrap(wrapped, response.id)
    return Draft(
        response.id,
        version,
        response.state == ResponseState.SUBMITTED,
        response.language,
        response.started_at,
        response.answers | sealing.unseal(key, response.id, response.sealed),
        response.about_id,
        key,
    )


def start(
    response_id: UUID,
    version: Published,
    answers: Mapping[str, Value],
    *,
    language: str,
    started_at: datetime,
    about_id: UUID | None,
) -> Draft:
    """Make the row of a response in progress. The id came with the blank page."""
    held = uploads.held_key(response_id, version.plan, db.session.connection())
    key, wrapped = held or parts().keyring.new_data_key(response_id)
    draft = Draft(response_id, version, False, language, started_at, dict(answers), about_id, key)
    row = {
        "id": response_id,
        "form_id": version.form_id,
        "version_id": version.id,
        "state": ResponseState.IN_PROGRESS.value,
        "started_at": started_at,
        "about_id": about_id,
        "is_test": False,
    } | _kept(draft)
    db.session.execute(insert(Response), [row])
    if held is None:
        db.session.execute(insert(ResponseKey), [{"id": response_id, "wrapped": wrapped}])
    return draft


def keep(draft: Draft, answers: Mapping[str, Value], *, language: str) -> Draft:
    """Keep what is known by now in place of what was. A response that was sent stays as it was sent."""
    if draft.submitted:
        return draft
    changed = replace(draft, answers=dict(answers), language=language)
    db.session.execute(
        update(Response)
        .where(Response.id == draft.id, Response.state == ResponseState.IN_PROGRESS)
        .values(**_kept(changed))
    )
    return changed


def _kept(draft: Draft) -> dict[str, Any]:
    open_answers, personal = sealing.split(draft.version.definition, draft.answers)
    return {
        "language": draft.language,
        "answers": open_answers,
        "sealed": sealing.seal(draft.key, draft.id, personal),
    }
