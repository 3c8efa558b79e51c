"""Forms and responses put into the database by the parts that a submission uses, without the pages before it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from formsite.consent import records
from formsite.consent.models import ConsentRecord
from formsite.consent.publishing import store_wordings
from formsite.definition.document import parse
from formsite.designer import plans
from formsite.designer.models import Form, FormState, Version
from formsite.designer.plans import Published
from formsite.followups import requests
from formsite.foundation.database import db, unit_of_work
from formsite.foundation.ids import uuid7
from formsite.foundation.outbox import OutboxMail
from formsite.foundation.parts import parts
from formsite.responses import sealing
from formsite.responses.models import Response, ResponseKey, ResponseState

NOON = datetime(2026, 1, 31, 12, 0, 0, 250_000, tzinfo=UTC)

REGISTRATION: dict[str, Any] = {
    "formsite": 1,
    "kind": "registration",
    "languages": ["en", "de"],
    "title": {"en": "Broadband registration", "de": "Breitband-Anmeldung"},
    "notice": {"en": "Answers are kept for a year.", "de": "Antworten werden ein Jahr aufbewahrt."},
    "pages": [
        {
            "id": "you",
            "title": {"en": "About you"},
            "items": [
                {"id": "full_name", "type": "name", "label": {"en": "Name"}, "personal": True},
                {
                    "id": "address",
                    "type": "email",
                    "label": {"en": "E-mail"},
                    "personal": True,
                    "compulsory": True,
                    "why": {"en": "To confirm your place"},
                },
                {"id": "remark", "type": "short_text", "label": {"en": "Remark"}},
                {"id": "rated", "type": "rating", "label": {"en": "How was it?"}, "settings": {"from": 1, "to": 5}},
            ],
        }
    ],
    "consents": [
        {
            "id": "ask_me",
            "purpose": "feedback",
            "channel": "email",
            "wording": {"en": "You may ask me how it went.", "de": "Sie dürfen mich fragen, wie es war."},
        },
        {"id": "news", "purpose": "marketing", "channel": "email", "wording": {"en": "Send me news."}},
    ],
    "feedback": {
        "form": "how-was-it",
        "after_hours": 24,
        "subject": {"en": "How did it go?", "de": "Wie war es?"},
        "body": {"en": "Hello,\n\ntell us in one minute.", "de": "Hallo,\n\nsagen Sie es uns."},
    },
}
FEEDBACK: dict[str, Any] = {
    "formsite": 1,
    "kind": "feedback",
    "languages": ["en"],
    "title": {"en": "How was it?"},
    "pages": [{"id": "p", "items": [{"id": "words", "type": "long_text", "label": {"en": "In your words"}}]}],
}
ANSWERS: dict[str, Any] = {
    "full_name": "Zoë Canary-Quux",
    "address": "zoe.canary@example.org",
    "remark": "quick",
    "rated": 4,
}
AGREED = {"ask_me": True, "news": False}


def publish(raw: dict[str, Any] = REGISTRATION, *, slug: str = "broadband", form_id: UUID | None = None) -> Published:
    """An open form and its first version; or a further version of the form `form_id`."""
    definition = parse(raw)
    with unit_of_work(write=True) as session:
        form = session.get(Form, form_id) if form_id else None
        if form is None:
            form = Form(
                id=uuid7(),
                slug=slug,
                kind=definition.kind.value,
                title=definition.title.say("en"),
                draft=raw,
                changed_at=NOON,
                changed_by="Dana",
                created_at=NOON,
                state=FormState.OPEN.value,
            )
            session.add(form)
            session.flush()  # the version refers to it
        number = session.query(Version).filter_by(form_id=form.id).count() + 1
        version = Version(
            id=uuid7(),
            form_id=form.id,
            number=number,
            definition=definition.as_json(),
            sha256=definition.sha256,
            published_at=NOON,
            published_by="Dana",
        )
        session.add(version)
        session.flush()  # the form refers to it
        form.version_id = version.id
        store_wordings(definition, NOON)
        return plans.keep(version.id, form.id, number, definition.sha256, definition.as_json())


def respond(
    version: Published,
    answers: dict[str, Any] | None = None,
    choices: dict[str, bool] | None = None,
    *,
    slug: str = "broadband",
    at: datetime = NOON,
    language: str = "en",
) -> UUID:
    """A submitted response with its key, its consent record and, where one is due, its feedback mail."""
    answers = ANSWERS if answers is None else answers
    choices = AGREED if choices is None else choices
    with unit_of_work(write=True) as session:
        response_id = uuid7(at)
        key, wrapped = parts().keyring.new_data_key(response_id)
        plain, personal = sealing.split(version.definition, answers)
        row = {
            "id": response_id,
            "form_id": version.form_id,
            "version_id": version.id,
            "state": ResponseState.SUBMITTED.value,
            "language": language,
            "started_at": at,
            "submitted_at": at + timedelta(minutes=2),
            "answers": plain,
            "sealed": sealing.seal(key, response_id, personal),
            "is_test": False,
        }
        session.execute(insert(Response), [row])
        session.execute(insert(ResponseKey), [{"id": response_id, "wrapped": wrapped}])
        asked = {"language": language, "choices": choices, "shown_at": at, "at": at + timedelta(minutes=2)}
        record = records.record_row(version=version, slug=slug, response_id=response_id, method="web-form", **asked)
        session.execute(insert(ConsentRecord), [record])
        mail = requests.feedback_mail(
            version.definition,
            form_id=version.form_id,
            response_id=response_id,
            answers=answers,
            choices=choices,
            language=language,
            submitted_at=at + timedelta(minutes=2),
        )
        if mail:
            session.execute(insert(OutboxMail), [mail])
    return response_id


def outbox() -> list[OutboxMail]:
    """Every mail, oldest first."""
    with unit_of_work(write=False) as session:
        mails = list(session.query(OutboxMail).order_by(OutboxMail.id))
        session.expunge_all()
        return mails


def destroy_key(response_id: UUID) -> None:
    """Make the personal answers of a response unreadable."""
    with unit_of_work(write=True):
        db.session.query(ResponseKey).filter_by(id=response_id).delete()
