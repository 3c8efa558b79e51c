"""The consent record: complete, without answers, one insert; and what publishing stores for it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from formsite.consent import records
from formsite.consent.models import ConsentRecord, Wording
from formsite.consent.standing import fold
from formsite.definition.document import parse
from formsite.designer import publishing
from formsite.designer.models import Form
from formsite.foundation.audit import SYSTEM
from formsite.foundation.database import unit_of_work
from formsite.foundation.ids import uuid7
from tests.support.stored import ANSWERS, FEEDBACK, NOON, REGISTRATION, publish, respond


def row(
    app: Flask, raw: dict[str, Any] = REGISTRATION, *, slug: str = "broadband", language: str = "en", **choices: bool
) -> dict[str, Any]:
    with app.app_context():
        version = publish(raw, slug=slug)
        return records.record_row(
            version=version,
            slug="broadband",
            response_id=uuid7(),
            language=language,
            choices=choices,
            shown_at=NOON,
            at=NOON,
            method="web-form",
        )


def test_every_statement_shown_is_recorded_given_or_refused(app: Flask) -> None:
    record = row(app, ask_me=True)["record"]
    assert [(c["id"], c["purpose"], c["channel"], c["value"]) for c in record["choices"]] == [
        ("ask_me", "feedback", "email", "given"),
        ("news", "marketing", "email", "refused"),
    ]
    for choice in record["choices"]:
        assert (choice["control"], choice["default_state"], choice["required_for_service"]) == (
            "checkbox",
            "unset",
            False,
        )


def test_the_record_says_who_what_when_and_how(app: Flask) -> None:
    made = row(app, ask_me=True)
    record = made["record"]
    assert record["header"]["schema"] == "formsite-consent/1"
    assert record["header"]["record_id"] == str(made["id"])
    assert record["form"]["version"] == 1
    assert record["form"]["sha256"] == parse(REGISTRATION).sha256
    assert record["notice"]["text_sha256"] == sha256(b"Answers are kept for a year.").hexdigest()
    assert record["notice"]["shown_at"] == "2026-01-31T12:00:00.250Z"
    assert record["event"] == {
        "type": "chosen",
        "time": "2026-01-31T12:00:00.250Z",
        "method": "web-form",
        "actor": "subject",
    }
    assert record["processing"]["pii_types"] == [
        {"type": "name", "compulsory": False},
        {"type": "email", "compulsory": True},
    ]
    assert record["parties"]["controller"]["name"]
    UUID(record["subject"]["id"])


def test_the_subject_is_random_and_not_the_response(app: Flask) -> None:
    one, other = row(app, ask_me=True), row(app, slug="other", ask_me=True)
    assert one["record"]["subject"]["id"] != other["record"]["subject"]["id"]
    assert str(one["response_id"]) not in json.dumps(one["record"])


def test_no_answer_and_no_address_is_in_it(db_app: Flask) -> None:
    with db_app.app_context():
        response_id = respond(publish())
        with unit_of_work(write=False) as session:
            stored = session.scalar(select(ConsentRecord).where(ConsentRecord.response_id == response_id))
            assert stored is not None
            text = json.dumps(stored.record)
    for answer in ANSWERS.values():
        assert f'"{answer}"' not in text


def test_a_form_that_asks_for_no_consent_still_gets_a_record(app: Flask) -> None:
    record = row(app, FEEDBACK)["record"]
    assert record["choices"] == []
    assert record["notice"]["text_sha256"] is None


def test_a_missing_translation_is_recorded_in_the_language_it_was_shown_in(app: Flask) -> None:
    ask_me, news = row(app, language="de")["record"]["choices"]
    assert (ask_me["language"], news["language"]) == ("de", "en")
    assert ask_me["statement_text_sha256"] == sha256("Sie dürfen mich fragen, wie es war.".encode()).hexdigest()


def test_publishing_stores_every_wording_once(db_app: Flask) -> None:
    with db_app.app_context():
        version = publish()
        publish(form_id=version.form_id)  # again: nothing is stored twice, nothing collides
        with unit_of_work(write=False) as session:
            texts = sorted(session.scalars(select(Wording.text)))
        expected = [*REGISTRATION["notice"].values()]
        expected += [words for each in REGISTRATION["consents"] for words in each["wording"].values()]
        assert texts == sorted(expected)


def test_the_designer_s_own_publishing_stores_them(app: Flask) -> None:
    with app.app_context(), unit_of_work(write=True) as session:
        raw = {name: part for name, part in REGISTRATION.items() if name != "feedback"} | {"languages": ["en"]}
        form = Form(
            slug="x", kind="registration", title="x", draft=raw, changed_at=NOON, changed_by="D", created_at=NOON
        )
        session.add(form)
        session.flush()  # its version refers to it
        publishing.publish(form, actor=SYSTEM, now=NOON)
        assert "Send me news." in set(session.scalars(select(Wording.text)))


def test_the_fold_follows_the_events() -> None:
    chosen = {
        "event": {"type": "chosen", "time": "1"},
        "choices": [
            {"id": name, "purpose": "feedback", "channel": "email", "value": value, "statement_text_sha256": "x"}
            for name, value in (("a", "given"), ("b", "refused"))
        ],
    }
    withdrawn = {"event": {"type": "withdrawn", "time": "2", "statements": ["a"]}, "choices": []}
    assert [(s.id, s.value, s.holds) for s in fold([chosen])] == [("a", "given", True), ("b", "refused", False)]
    assert [(s.id, s.value, s.since) for s in fold([chosen, withdrawn])] == [
        ("a", "withdrawn", "2"),
        ("b", "refused", "1"),
    ]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_what_is_shown_is_put_together_once(app: Flask, language: str) -> None:
    with app.app_context():
        version = publish()
        assert records.shown(version, "broadband", language) is records.shown(version, "broadband", language)
