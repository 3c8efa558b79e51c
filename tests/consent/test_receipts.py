"""The receipt: what was agreed, as a page and for machines, and the button that takes it back."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from formsite.consent.receipts import receipt_token
from formsite.foundation.outbox import OutboxState
from tests.support.stored import ANSWERS, AGREED, FEEDBACK, destroy_key, outbox, publish, respond


@pytest.fixture
def token(app: Flask) -> str:
    with app.app_context():
        return receipt_token(respond(publish()))


def test_the_page_says_what_was_agreed_in_the_exact_words(client: FlaskClient, token: str) -> None:
    page = client.get(f"/r/{token}")
    assert page.status_code == 200
    assert "You may ask me how it went." in page.text
    assert "Send me news." in page.text
    assert "You agreed" in page.text
    assert "You did not agree" in page.text
    assert "Answers are kept for a year." in page.text
    assert page.text.count('name="statement"') == 1  # only what was given can be taken back
    assert page.headers["Cache-Control"] == "no-store"
    for personal in (ANSWERS["address"], ANSWERS["full_name"]):
        assert personal not in page.text


def test_the_page_speaks_the_language_of_the_form_as_filled_in(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        token = receipt_token(respond(publish(), language="de"))
    page = client.get(f"/r/{token}").text
    assert 'lang="de"' in page
    assert "Sie dürfen mich fragen, wie es war." in page
    assert "Sie haben zugestimmt" in page


def test_the_file_holds_the_records_as_they_are_stored(client: FlaskClient, token: str) -> None:
    receipt = client.get(f"/r/{token}.json").get_json()
    assert [state["value"] for state in receipt["state"]] == ["given", "refused"]
    (record,) = receipt["records"]
    assert record["header"]["receipt_id"] == receipt["receipt_id"]
    for choice in record["choices"]:
        assert choice["statement_text_sha256"] in receipt["wordings"]


def test_one_button_takes_it_back(app: Flask, client: FlaskClient, token: str) -> None:
    answer = client.post(f"/r/{token}/withdraw", data={"statement": "ask_me"})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "You took this back" in page
    assert 'name="statement"' not in page
    receipt = client.get(f"/r/{token}.json").get_json()
    assert [state["value"] for state in receipt["state"]] == ["withdrawn", "refused"]
    assert [record["event"]["type"] for record in receipt["records"]] == ["chosen", "withdrawn"]
    with app.app_context():
        assert [mail.state for mail in outbox()] == [OutboxState.CANCELLED]


def test_taking_back_twice_is_no_error(client: FlaskClient, token: str) -> None:
    for _ in range(2):
        assert client.post(f"/r/{token}/withdraw", data={"statement": "ask_me"}).status_code == 303
    assert len(client.get(f"/r/{token}.json").get_json()["records"]) == 2


@pytest.mark.parametrize("statement", ["", "unheard_of"])
def test_an_unknown_statement_is_refused(client: FlaskClient, token: str, statement: str) -> None:
    assert client.post(f"/r/{token}/withdraw", data={"statement": statement}).status_code == 404


def test_looking_changes_nothing(client: FlaskClient, token: str) -> None:
    before = client.get(f"/r/{token}.json").data
    client.get(f"/r/{token}")
    client.head(f"/r/{token}")
    assert client.get(f"/r/{token}/withdraw").status_code == 405
    assert client.get(f"/r/{token}.json").data == before


def test_every_altered_token_is_the_same_404(client: FlaskClient, token: str) -> None:
    bodies = set()
    for at in range(0, len(token), 3):
        altered = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        page = client.get(f"/r/{altered}")
        assert page.status_code == 404
        bodies.add(page.data)
    for other in ("x", token + "A", token[:-1], token.upper()):
        page = client.get(f"/r/{other}")
        assert page.status_code == 404
        bodies.add(page.data)
    assert len({_without_nonce(body) for body in bodies}) == 1


def test_a_response_that_was_never_sent_has_no_receipt(app: Flask, client: FlaskClient) -> None:
    from formsite.foundation.ids import uuid7

    with app.app_context():
        token = receipt_token(uuid7())
    assert client.get(f"/r/{token}").status_code == 404


def test_the_receipt_outlives_the_answers(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        response_id = respond(publish())
        destroy_key(response_id)
        token = receipt_token(response_id)
    assert client.get(f"/r/{token}").status_code == 200


def test_a_form_without_statements_says_so(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        token = receipt_token(respond(publish(FEEDBACK, slug="how-was-it"), {"words": "fine"}, {}))
    assert "You were not asked to agree to anything." in client.get(f"/r/{token}").text


def test_the_words_of_staff_are_text(app: Flask, client: FlaskClient) -> None:
    from tests.support.stored import REGISTRATION

    bad = "<script>alert(1)</script>"
    statement = {"id": "ask_me", "purpose": "feedback", "channel": "email", "wording": {"en": bad}}
    with app.app_context():
        version = publish({**REGISTRATION, "consents": [statement], "notice": {"en": bad}, "title": {"en": bad}})
        token = receipt_token(respond(version, choices=AGREED))
    assert bad not in client.get(f"/r/{token}").text


def _without_nonce(body: bytes) -> bytes:
    import re

    return re.sub(rb'nonce="[^"]*"', b"", body)
