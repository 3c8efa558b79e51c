"""Who is asked for feedback."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from formsite.followups import requests
from formsite.foundation.outbox import OutboxMail
from tests.support.stored import AGREED, ANSWERS, NOON, REGISTRATION, outbox, publish, respond

DUE = NOON + timedelta(hours=24, minutes=2)
STATEMENT = REGISTRATION["consents"][0]


def asked(
    app: Flask,
    raw: dict[str, Any] = REGISTRATION,
    answers: dict[str, Any] = ANSWERS,
    choices: dict[str, bool] = AGREED,
) -> list[OutboxMail]:
    with app.app_context():
        respond(publish(raw), answers, choices)
        return outbox()


def test_whoever_agreed_is_asked_after_the_delay_once(db_app: Flask) -> None:
    (mail,) = asked(db_app)
    assert mail.kind == "feedback"
    assert mail.due_at == DUE
    assert mail.dedupe_key == f"feedback:{mail.about}"
    assert ANSWERS["address"].encode() not in (mail.payload or b"")


@pytest.mark.parametrize("choices", [{}, {"ask_me": False}, {"news": True}])
def test_whoever_refused_is_not_asked(app: Flask, choices: dict[str, bool]) -> None:
    assert asked(app, choices=choices) == []


def test_without_an_address_nobody_is_asked(app: Flask) -> None:
    assert asked(app, answers={"full_name": "Zoë"}) == []


def test_a_form_without_a_request_asks_nobody(app: Flask) -> None:
    assert asked(app, {name: part for name, part in REGISTRATION.items() if name != "feedback"}) == []


@pytest.mark.parametrize("change", [{"channel": "sms"}, {"channel": "phone"}, {"purpose": "marketing"}])
def test_consent_to_another_channel_or_purpose_is_not_enough(app: Flask, change: dict[str, str]) -> None:
    assert asked(app, REGISTRATION | {"consents": [STATEMENT | change]}) == []


def test_the_personal_link_leads_back_to_the_response_for_sixty_days(app: Flask) -> None:
    (mail,) = asked(app)
    assert mail.about is not None
    with app.app_context():
        token = requests.feedback_token(mail.about, NOON)
        assert requests.read_feedback_token(token, NOON + timedelta(days=59)) == mail.about
        assert requests.read_feedback_token(token, NOON + timedelta(days=61)) is None
        assert requests.read_feedback_token(token[:-2] + "xx", NOON) is None
