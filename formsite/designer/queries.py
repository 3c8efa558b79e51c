"""Reads of forms and versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select

from formsite.definition.document import Kind
from formsite.designer.models import Form, FormState, Version
from formsite.foundation.database import db

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which forms the list shows; stands in its address."""

    words: str = ""
    kind: str = ""
    state: str = ""
    older_than: UUID | None = None


def by_slug(slug: str) -> Form | None:
    """The form of an address."""
    return db.session.scalar(select(Form).where(Form.slug == slug))


def for_change(slug: str) -> Form | None:
    """The form of an address, locked until the unit ends (SQLite's writing units are alone anyway)."""
    return db.session.scalar(select(Form).where(Form.slug == slug).with_for_update())


def listed(wanted: Wanted) -> tuple[list[Row[Any]], UUID | None]:
    """A page of forms, newest first, with the number of their version; and where the next page begins."""
    query = select(Form, Version.number).outerjoin(Version, Version.id == Form.version_id)
    if wanted.words:
        pattern = "%" + wanted.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(or_(Form.title.ilike(pattern, escape="\\"), Form.slug.ilike(pattern, escape="\\")))
    if wanted.kind:
        query = query.where(Form.kind == wanted.kind)
    query = (
        query.where(Form.state == wanted.state) if wanted.state else query.where(Form.state != FormState.ARCHIVED.value)
    )
    if wanted.older_than:
        query = query.where(Form.id < wanted.older_than)
    rows: list[Row[Any]] = list(db.session.execute(query.order_by(Form.id.desc()).limit(PAGE + 1)))
    return rows[:PAGE], rows[PAGE - 1][0].id if len(rows) > PAGE else None


def versions(form: Form) -> Sequence[Version]:
    """The versions of a form, newest first."""
    return db.session.scalars(
        select(Version).where(Version.form_id == form.id).order_by(Version.number.desc()).limit(200)
    ).all()


def version(form: Form, number: int) -> Version | None:
    """One of them."""
    return db.session.scalar(select(Version).where(Version.form_id == form.id, Version.number == number))


def definition(slug: str, number: int | None) -> dict[str, Any] | None:
    """The definition of a version; without a number, what customers see, else the draft."""
    form = by_slug(slug)
    if form is None:
        return None
    if number is None and form.version_id is None:
        return form.draft
    found = version(form, number) if number else db.session.get(Version, form.version_id)
    return found.definition if found else None


def feedback_forms() -> list[Row[Any]]:
    """Slug and title of the feedback forms that are published."""
    query = select(Form.slug, Form.title).where(Form.kind == Kind.FEEDBACK.value, Form.version_id.is_not(None))
    return list(db.session.execute(query.order_by(Form.title).limit(200)))
