"""The feedback request on its way: by real SMTP, once, and only while the consent holds."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import Message
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, update

from formsite.consent import withdrawal
from formsite.designer.models import Form
from formsite.followups import requests, suppression
from formsite.foundation import outbox as mailing
from formsite.foundation.database import unit_of_work
from formsite.foundation.outbox import OutboxMail, OutboxState
from formsite.foundation.parts import parts
from formsite.responses.models import Response, ResponseKey
from tests.support.stored import ANSWERS, FEEDBACK, NOON, REGISTRATION, outbox, publish, respond

DUE = NOON + timedelta(hours=25)


def waiting(app: Flask, *, language: str = "en", raw: dict[str, Any] = REGISTRATION) -> UUID:
    with app.app_context():
        publish(FEEDBACK, slug="how-was-it")
        return respond(publish(raw), language=language)


def send(app: Flask, at: Any = DUE) -> OutboxMail:
    with app.app_context():
        mailing.send_due(at)
        return outbox()[-1]


def part(message: Message, kind: str) -> str:
    (found,) = [each for each in message.walk() if each.get_content_type() == kind]
    payload = found.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def test_it_arrives_with_both_parts_and_every_header(app: Flask, smtp: Any) -> None:
    response_id = waiting(app)
    mail = send(app)
    assert mail.state == OutboxState.SENT
    (message,) = smtp.messages
    assert message["To"] == ANSWERS["address"]
    assert message["Subject"] == "How did it go?"
    assert message["Message-ID"].startswith(f"<{mail.id}@")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = message["List-Unsubscribe"].strip("<>")
    with app.app_context():
        assert stop.startswith(parts().organisation.base_url + "/u/")
    for kind in ("text/plain", "text/html"):
        body = part(message, kind)
        assert "tell us in one minute." in body
        assert stop in body
        assert "/f/how-was-it?" in body
        with app.app_context():
            assert parts().organisation.name in body
    token = re.search(r"about=([\w-]+)", part(message, "text/plain"))
    assert token is not None
    with app.app_context():
        assert requests.read_feedback_token(token[1], DUE) == response_id


def test_it_speaks_the_language_of_the_response(app: Flask, smtp: Any) -> None:
    waiting(app, language="de")
    send(app)
    (message,) = smtp.messages
    assert message["Subject"] == "Wie war es?"
    assert "sagen Sie es uns." in part(message, "text/plain")
    assert 'lang="de"' in part(message, "text/html")


def test_what_staff_wrote_is_text_in_the_html(app: Flask, smtp: Any) -> None:
    bad = "<img src=x onerror=alert(1)>"
    feedback = REGISTRATION["feedback"] | {"body": {"en": bad}, "subject": {"en": "Two\nlines: x"}}
    waiting(app, raw=REGISTRATION | {"feedback": feedback, "title": {"en": bad}})
    send(app)
    (message,) = smtp.messages
    assert message["Subject"] == "Two lines: x"
    assert bad not in part(message, "text/html")
    assert bad in part(message, "text/plain")


def test_it_does_not_leave_early_nor_twice(db_app: Flask, smtp: Any) -> None:
    waiting(db_app)
    send(db_app, NOON + timedelta(hours=23))
    assert smtp.messages == []
    for _ in range(3):
        send(db_app)
    assert len(smtp.messages) == 1


def test_smtp_down_then_up(db_app: Flask, smtp: Any) -> None:
    waiting(db_app)
    smtp.refuse = True
    mail = send(db_app)
    assert mail.state == OutboxState.WAITING
    smtp.refuse = False
    assert send(db_app, mail.due_at).state == OutboxState.SENT
    send(db_app, mail.due_at + timedelta(days=1))
    (message,) = smtp.messages
    assert message["Message-ID"].startswith(f"<{mail.id}@")


def test_an_outage_of_days_loses_nothing_however_long_ago_it_was_asked_for(db_app: Flask, smtp: Any) -> None:
    feedback = REGISTRATION["feedback"] | {"after_hours": 24 * 80}
    waiting(db_app, raw=REGISTRATION | {"feedback": feedback})
    smtp.refuse = True
    due = NOON + timedelta(days=80, minutes=2)
    at, attempts = due, 0
    while at < due + timedelta(hours=71):
        mail = send(db_app, at)
        assert mail.state == OutboxState.WAITING
        at, attempts = mail.due_at, attempts + 1
    smtp.refuse = False
    assert send(db_app, at).state == OutboxState.SENT
    assert attempts < 25
    assert len(smtp.messages) == 1


def test_after_three_days_it_is_given_up_and_kept(app: Flask, smtp: Any) -> None:
    waiting(app)
    smtp.refuse = True
    mail, at = None, DUE
    while mail is None or mail.state == OutboxState.WAITING:
        mail = send(app, at)
        at = mail.due_at
    assert mail.state == OutboxState.FAILED
    assert mail.payload is not None  # so that it can be tried again
    assert timedelta(hours=66) < at - DUE < timedelta(hours=80)


def withdraw(response_id: UUID) -> None:
    withdrawal.withdraw(response_id, "ask_me", at=NOON, method="receipt-page")


def un_cancel(response_id: UUID) -> None:
    """As if the mail had been on its way while the consent was taken back."""
    with unit_of_work(write=False) as session:
        before = session.query(OutboxMail).filter_by(about=response_id).one()
        kept = before.payload
    with unit_of_work(write=True) as session:
        withdraw(response_id)
        session.execute(update(OutboxMail).values(state=OutboxState.WAITING.value, payload=kept))


def suppress(_response_id: UUID) -> None:
    with unit_of_work(write=True):
        index = suppression.index_of("  ZOE.Canary@example.org ")  # one address, however it is typed
        suppression.suppress(index, "feedback", reason="unsubscribed", at=NOON)


def close(_response_id: UUID) -> None:
    with unit_of_work(write=True) as session:
        session.execute(update(Form).where(Form.slug == "how-was-it").values(state="closed"))


def unname(_response_id: UUID) -> None:
    with unit_of_work(write=True) as session:
        session.execute(update(Form).where(Form.slug == "how-was-it").values(slug="gone"))


def erase(response_id: UUID) -> None:
    with unit_of_work(write=True) as session:
        session.execute(delete(ResponseKey).where(ResponseKey.id == response_id))
        session.execute(delete(Response).where(Response.id == response_id))


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (un_cancel, "consent withdrawn"),
        (suppress, "the address is unsubscribed"),
        (close, "the feedback form is closed"),
        (unname, "the feedback form does not exist"),
        (erase, "the response is gone"),
    ],
)
def test_what_happens_between_is_respected(db_app: Flask, smtp: Any, happens: Any, reason: str) -> None:
    response_id = waiting(db_app)
    with db_app.app_context():
        happens(response_id)
    mail = send(db_app)
    assert (mail.state, mail.last_error, mail.payload) == (OutboxState.CANCELLED, reason, None)
    assert smtp.messages == []
