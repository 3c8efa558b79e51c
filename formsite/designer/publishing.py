"""Publishing: a draft that passes every check becomes an immutable version, and what customers see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from formsite.definition import checks
from formsite.definition.document import Definition, Kind, parse
from formsite.definition.faults import Fault, Faulty
from formsite.designer.events import FormPublished
from formsite.designer.forms import WrongState
from formsite.designer.models import Form, FormState, Version
from formsite.foundation import audit
from formsite.foundation.audit import Actor
from formsite.foundation.database import db

ON_PUBLISH: list[Callable[[Definition, datetime], None]] = []
"""What upper features do in the same transaction; `consent` stores the wordings."""


class ChangeClass(StrEnum):
    """What a change means for responses and exports."""

    HARMLESS = "harmless"  # words and order: columns and their meaning stay
    MERGEABLE = "mergeable"  # questions or choices were added: old responses lack them
    BREAKING = "breaking"  # a question or choice is gone, or means something else


@dataclass(frozen=True, slots=True)
class Change:
    """One difference to the version before, in words."""

    kind: ChangeClass
    what: str


def faults(form: Form) -> tuple[Fault, ...]:
    """What stands in the way of publishing the draft."""
    return _faults(parse(form.draft), form.slug)


def _faults(definition: Definition, slug: str) -> tuple[Fault, ...]:
    return (*checks.faults(definition), *_feedback_form(definition, slug))


def publish(form: Form, *, actor: Actor, now: datetime) -> Version:
    """The draft as the next version, and the form open. An unchanged draft is not published twice.

    Raises:
        Faulty: every fault that stands in the way.
        WrongState: the form is archived.
    """
    if form.state == FormState.ARCHIVED:
        raise WrongState(f"“{form.title}” is archived. Take it out of the archive first.")
    definition = parse(form.draft)
    if found := _faults(definition, form.slug):
        raise Faulty(found)
    current = current_version(form)
    if current is not None and current.sha256 == definition.sha256:
        form.state = FormState.OPEN.value
        return current
    highest = db.session.scalar(select(func.max(Version.number)).where(Version.form_id == form.id)) or 0
    version = Version(
        form_id=form.id,
        number=highest + 1,
        definition=definition.as_json(),
        sha256=definition.sha256,
        published_at=now,
        published_by=actor.name,
    )
    db.session.add(version)
    db.session.flush()  # the form points at it
    form.version_id, form.state = version.id, FormState.OPEN.value
    for hook in ON_PUBLISH:
        hook(definition, now)
    audit.record(FormPublished(form.id, version.number, version.sha256), actor=actor, at=now)
    return version


def current_version(form: Form) -> Version | None:
    """What customers see."""
    return db.session.get(Version, form.version_id) if form.version_id else None


def changes(before: Definition, after: Definition) -> list[Change]:
    """The differences, each with what it means for responses that are there."""
    found: list[Change] = []
    for name, field in before.by_id.items():
        now = after.by_id.get(name)
        words = field.label.say(before.language)
        if now is None:
            found.append(
                Change(ChangeClass.BREAKING, f"The question “{words}” is gone; its column stays for old responses")
            )
        elif now.type != field.type:
            found.append(Change(ChangeClass.BREAKING, f"“{words}” is of another type"))
        else:
            found += _field_changes(before, after, name)
    for name, field in after.by_id.items():
        if name not in before.by_id:
            found.append(Change(ChangeClass.MERGEABLE, f"The question “{field.label.say(after.language)}” is new"))
    if before.as_json().get("consents") != after.as_json().get("consents"):
        found.append(
            Change(ChangeClass.HARMLESS, "Consent statements changed; agreements given before keep their own words")
        )
    if not found and before.sha256 != after.sha256:
        found.append(Change(ChangeClass.HARMLESS, "Words, order or rules changed"))
    return found


def _field_changes(before: Definition, after: Definition, name: str) -> list[Change]:
    old, new = before.by_id[name], after.by_id[name]
    words = new.label.say(after.language)
    had, has = ({c.id for c in field.kind.choices(field)} for field in (old, new))
    found = []
    if had - has:
        found.append(Change(ChangeClass.BREAKING, f"“{words}” lost choices: {', '.join(sorted(had - has))}"))
    if has - had:
        found.append(Change(ChangeClass.MERGEABLE, f"“{words}” has new choices: {', '.join(sorted(has - had))}"))
    if old.personal != new.personal:
        kind = ChangeClass.MERGEABLE if new.personal else ChangeClass.BREAKING
        found.append(
            Change(
                kind,
                f"“{words}” is {'now' if new.personal else 'no longer'} personal; answers given before stay as they were kept",
            )
        )
    if old.compulsory != new.compulsory:
        found.append(
            Change(
                ChangeClass.HARMLESS,
                f"“{words}” is {'compulsory' if new.compulsory is True else 'optional' if new.compulsory is False else 'compulsory by rule'} now",
            )
        )
    if old.label != new.label:
        found.append(Change(ChangeClass.HARMLESS, f"“{words}” is worded anew"))
    return found


def _feedback_form(definition: Definition, own_slug: str) -> list[Fault]:
    """The form that a feedback request leads to must be there, and open."""
    request = definition.feedback
    if request is None:
        return []
    target = db.session.scalar(select(Form).where(Form.slug == request.form))
    if request.form == own_slug:
        return [Fault("/feedback/form", "The feedback request leads back to this form", "Choose another form")]
    if target is None or target.version_id is None:
        return [
            Fault(
                "/feedback/form", f"No form is published as “{request.form}”", "Publish a feedback form, and choose it"
            )
        ]
    if target.kind != Kind.FEEDBACK:
        return [Fault("/feedback/form", f"“{target.title}” is no feedback form", "Choose a form of the kind feedback")]
    return []
