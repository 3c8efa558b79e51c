"""Forms as staff own them: begun, copied, closed, opened again, archived, and their settings."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import select

from formsite.definition.document import Definition, Kind, parse
from formsite.designer import starters
from formsite.designer.events import FormMade, FormStateChanged
from formsite.designer.models import Form, FormState
from formsite.foundation import audit
from formsite.foundation.audit import Actor
from formsite.foundation.database import db
from formsite.foundation.errors import Refused

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 80
RESERVED = frozenset({"new", "import"})


class BadSlug(Refused):
    """It cannot stand in an address."""


class SlugTaken(Refused):
    """Another form has this address."""

    status = 409


class WrongState(Refused):
    """The form is not in a state that allows this."""

    status = 409


class BadPeriod(Refused):
    """It would close before it opens."""


def create(kind: Kind, starter: str, title: str, *, slug: str | None, actor: Actor, now: datetime) -> Form:
    """A new form out of a starter.

    Raises:
        BadSlug, SlugTaken; KeyError: there is no such starter.
    """
    draft = starters.load(starter) | {"kind": kind.value}
    language = draft["languages"][0]
    draft["title"] = draft["title"] | {language: title.strip() or draft["title"][language]}
    wanted = _checked(slug) if slug else _free_slug(draft["title"][language])
    return _make(parse(draft), wanted, f"starter {starter}", actor=actor, now=now)


def import_form(definition: Definition, *, slug: str, taken_slug_is_new: bool, actor: Actor, now: datetime) -> Form:
    """A form out of a definition that came in. Under a slug that exists it becomes that form's draft.

    Args:
        taken_slug_is_new: the slug was only suggested: where it is taken, the form gets another one.
    """
    if taken_slug_is_new and not _is_slug(slug):
        return _make(definition, _free_slug(slug), "import", actor=actor, now=now)
    existing = db.session.scalar(select(Form).where(Form.slug == _checked(slug)))
    if existing is None or taken_slug_is_new:
        wanted = slug if existing is None else _free_slug(slug)
        return _make(definition, wanted, "import", actor=actor, now=now)
    if existing.state == FormState.ARCHIVED:
        raise WrongState(f"“{slug}” is archived. Take it out of the archive first.")
    keep_draft(existing, definition, actor=actor, now=now)
    return existing


def duplicate(form: Form, *, actor: Actor, now: datetime) -> Form:
    """The same draft under another address; nothing of its responses."""
    definition = parse(form.draft)
    language = definition.language
    title = f"{definition.title.say(language)} (copy)"
    copied = parse(form.draft | {"title": form.draft["title"] | {language: title}})
    return _make(copied, _free_slug(title), f"form {form.slug}", actor=actor, now=now)


def keep_draft(form: Form, definition: Definition, *, actor: Actor, now: datetime) -> None:
    """Make a definition the form's draft."""
    form.draft = definition.as_json()
    form.kind = definition.kind.value
    form.title = definition.title.say(definition.language)[:300] or form.slug
    form.revision += 1
    form.changed_at, form.changed_by = now, actor.name


def close(form: Form, *, actor: Actor, now: datetime) -> None:
    """Take no more answers."""
    _go(form, FormState.CLOSED, {FormState.OPEN}, actor=actor, now=now)


def reopen(form: Form, *, actor: Actor, now: datetime) -> None:
    """Take answers again."""
    if form.version_id is None:
        raise WrongState("This form was never published. Publish it first.")
    _go(form, FormState.OPEN, {FormState.CLOSED}, actor=actor, now=now)


def archive(form: Form, *, actor: Actor, now: datetime) -> None:
    """Put it away; customers are told that it is gone."""
    _go(form, FormState.ARCHIVED, {FormState.DRAFT, FormState.CLOSED, FormState.OPEN}, actor=actor, now=now)


def unarchive(form: Form, *, actor: Actor, now: datetime) -> None:
    """Take it out of the archive, closed."""
    target = FormState.CLOSED if form.version_id else FormState.DRAFT
    _go(form, target, {FormState.ARCHIVED}, actor=actor, now=now)


def change_settings(form: Form, given: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """Address, period, limit, and whether the front page names it.

    Raises:
        BadSlug, SlugTaken, BadPeriod.
    """
    slug = _checked(given["slug"])
    if slug != form.slug and db.session.scalar(select(Form.id).where(Form.slug == slug)):
        raise SlugTaken(f"Another form has the address “{slug}”.")
    opens_at, closes_at = given["opens_at"], given["closes_at"]
    if opens_at and closes_at and closes_at <= opens_at:
        raise BadPeriod("The form would close before it opens.")
    form.slug, form.opens_at, form.closes_at = slug, opens_at, closes_at
    form.max_responses, form.listed = given["max_responses"], given["listed"]
    form.changed_at, form.changed_by = now, actor.name


def _make(definition: Definition, slug: str, out_of: str, *, actor: Actor, now: datetime) -> Form:
    form = Form(
        slug=slug,
        kind=definition.kind.value,
        title=definition.title.say(definition.language)[:300] or slug,
        state=FormState.DRAFT.value,
        draft=definition.as_json(),
        revision=1,
        changed_at=now,
        changed_by=actor.name,
        owner_id=actor.id if actor.kind == "staff" else None,
        listed=definition.kind is not Kind.FEEDBACK,  # that one is reached by a personal link
        created_at=now,
    )
    db.session.add(form)
    db.session.flush()  # the event names its id
    audit.record(FormMade(form.id, out_of), actor=actor, at=now)
    return form


def _go(form: Form, state: FormState, allowed: set[FormState], *, actor: Actor, now: datetime) -> None:
    if form.state not in allowed:
        raise WrongState(f"“{form.title}” is {form.state}; that cannot be done now.")
    form.state = state.value
    audit.record(FormStateChanged(form.id, state.value), actor=actor, at=now)


def _is_slug(slug: str) -> bool:
    return SLUG.fullmatch(slug) is not None and len(slug) <= LONGEST_SLUG and slug not in RESERVED


def _checked(slug: str) -> str:
    if not _is_slug(slug):
        raise BadSlug("An address is made of small letters, digits and hyphens, like “spring-survey”.")
    return slug


def _free_slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    base = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "form"
    taken = set(db.session.scalars(select(Form.slug).where(Form.slug.startswith(base)).limit(2_000)))
    for candidate in (base, *(f"{base}-{number}" for number in range(2, 1_000))):
        if candidate not in taken and candidate not in RESERVED:
            return candidate
    return f"{base}-{secrets.token_hex(4)}"
