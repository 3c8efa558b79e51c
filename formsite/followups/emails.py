"""The mail that asks for feedback. What it says is decided when it is built; whether it may leave, at that moment too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import render_template
from sqlalchemy import Row, select

from formsite.consent.queries import standing_of
from formsite.definition.document import Channel, FeedbackRequest, Purpose
from formsite.definition.messages import direction, words
from formsite.designer import plans
from formsite.designer.models import Form, FormState
from formsite.designer.plans import Published
from formsite.followups import requests, suppression
from formsite.followups.unsubscribing import Unsubscribe
from formsite.foundation import clock
from formsite.foundation.database import db
from formsite.foundation.letters import Letter
from formsite.foundation.outbox import Cancelled, OutboxMail, builder
from formsite.foundation.parts import Organisation, parts
from formsite.responses.models import Response


@dataclass(frozen=True, slots=True)
class FeedbackMail:
    """Everything the mail says."""

    to: str
    language: str
    title: str  # of the form that was filled in
    submitted_at: datetime
    subject: str
    body: str
    link: str
    unsubscribe_link: str
    organisation: Organisation


def declare() -> None:
    """Say who builds the mails that ask for feedback."""
    builder(requests.KIND)(build)


def build(payload: Mapping[str, Any], _mail_row: OutboxMail) -> Letter | Cancelled:
    """The mail, or why it may not leave (any more). Runs inside the claim."""
    response_id, now = UUID(payload["response_id"]), clock.now()
    found = _response(response_id)
    version = plans.published(found.version_id) if found else None
    if found is None or version is None or version.definition.feedback is None:
        return Cancelled("the response is gone")
    if hindrance := _hindrance(response_id, payload["to"], version.definition.feedback, now):
        return Cancelled(hindrance)
    return message(_mail(payload, found, version, version.definition.feedback, now))


def message(mail: FeedbackMail) -> Letter:
    """The mail as it goes out, in words and as HTML, with the headers of RFC 8058 and RFC 3834."""
    context = {"mail": mail, "words": words(mail.language), "direction": direction(mail.language)}
    return Letter(
        subject=" ".join(render_template("emails/feedback/subject.txt", **context).split()),
        recipients=[mail.to],
        body=render_template("emails/feedback/body.txt", **context),
        html=render_template("emails/feedback/body.html", **context),
        extra_headers={
            "List-Unsubscribe": f"<{mail.unsubscribe_link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _response(response_id: UUID) -> Row[*tuple[Any, ...]] | None:
    query = select(Response.version_id, Response.submitted_at).where(Response.id == response_id)
    return db.session.execute(query).one_or_none()


def _hindrance(response_id: UUID, address: str, feedback: FeedbackRequest, now: datetime) -> str | None:
    """Why the mail may not leave now; None if it may."""
    standing = standing_of([response_id]).get(response_id, ())
    wanted = (Purpose.FEEDBACK.value, Channel.EMAIL.value)
    if not any(each.holds and (each.purpose, each.channel) == wanted for each in standing):
        return "consent withdrawn"
    if suppression.is_suppressed(address, Purpose.FEEDBACK.value):
        return "the address is unsubscribed"
    form = db.session.scalar(select(Form).where(Form.slug == feedback.form))
    if form is None or form.version_id is None:
        return "the feedback form does not exist"
    if form.state != FormState.OPEN or (form.closes_at and form.closes_at <= now):
        return "the feedback form is closed"
    return None


def _mail(
    payload: Mapping[str, Any],
    found: Row[*tuple[Any, ...]],
    version: Published,
    feedback: FeedbackRequest,
    now: datetime,
) -> FeedbackMail:
    response_id, language, default = UUID(payload["response_id"]), payload["language"], version.definition.language
    base = parts().organisation.base_url
    stop = Unsubscribe(response_id, suppression.index_of(payload["to"]), Purpose.FEEDBACK.value)
    about = requests.feedback_token(response_id, now)
    return FeedbackMail(
        to=payload["to"],
        language=language,
        title=version.definition.title.say(language, default),
        submitted_at=found.submitted_at,
        subject=feedback.subject.say(language, default),
        body=feedback.body.say(language, default),
        link=f"{base}/f/{feedback.form}?lang={language}&about={about}",
        unsubscribe_link=f"{base}/u/{stop.token()}",
        organisation=parts().organisation,
    )
