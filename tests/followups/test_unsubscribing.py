"""The link that stops mail: POST acts without anything else, looking does nothing, and it works for ever."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from formsite.consent import queries
from formsite.followups import suppression
from formsite.followups.models import Suppression
from formsite.followups.unsubscribing import Unsubscribe
from formsite.foundation.database import unit_of_work
from formsite.foundation.outbox import OutboxState
from tests.support.stored import ANSWERS, destroy_key, outbox, publish, respond


@pytest.fixture
def link(app: Flask) -> tuple[str, Unsubscribe]:
    with app.app_context():
        response_id = respond(publish())
        found = Unsubscribe(response_id, suppression.index_of(ANSWERS["address"]), "feedback")
        return found.token(), found


def standing(app: Flask, link: Unsubscribe) -> list[str]:
    with app.app_context(), unit_of_work(write=False):
        return [each.value for each in queries.standing_of([link.response_id])[link.response_id]]


def listed(app: Flask) -> int:
    with app.app_context(), unit_of_work(write=False) as session:
        return session.scalar(select(func.count()).select_from(Suppression)) or 0


def test_one_post_without_cookies_or_a_page_before_it_stops_the_mail(app: Flask, link: tuple[str, Unsubscribe]) -> None:
    token, meant = link
    browserless = app.test_client(use_cookies=False)
    answer = browserless.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert standing(app, meant) == ["withdrawn", "refused"]
    with app.app_context():
        assert [mail.state for mail in outbox()] == [OutboxState.CANCELLED]
        with unit_of_work(write=False):
            assert suppression.is_suppressed(ANSWERS["address"], "feedback")
            assert not suppression.is_suppressed(ANSWERS["address"], "marketing")
            assert not suppression.is_suppressed("someone.else@example.org", "feedback")


def test_doing_it_again_changes_nothing(app: Flask, client: FlaskClient, link: tuple[str, Unsubscribe]) -> None:
    token, meant = link
    for _ in range(3):
        assert client.post(f"/u/{token}").status_code == 200
    assert listed(app) == 1
    with app.app_context(), unit_of_work(write=False):
        assert len(queries.rows_of(meant.response_id)) == 2


def test_looking_changes_nothing(app: Flask, client: FlaskClient, link: tuple[str, Unsubscribe]) -> None:
    token, meant = link
    page = client.get(f"/u/{token}")
    assert page.status_code == 200
    assert 'method="post"' in page.text
    assert client.head(f"/u/{token}").status_code == 200
    assert listed(app) == 0
    assert standing(app, meant) == ["given", "refused"]


def test_the_button_of_the_page_works(client: FlaskClient, link: tuple[str, Unsubscribe]) -> None:
    page = client.get(f"/u/{link[0]}").text
    assert f'action="/u/{link[0]}"' in page
    assert "No more of these mails" in client.post(f"/u/{link[0]}").text


def test_it_works_after_the_answers_were_erased(app: Flask, client: FlaskClient, link: tuple[str, Unsubscribe]) -> None:
    token, meant = link
    with app.app_context():
        destroy_key(meant.response_id)
    assert client.post(f"/u/{token}").status_code == 200
    assert listed(app) == 1


def test_it_stops_what_waits_for_the_same_address_elsewhere(app: Flask, client: FlaskClient) -> None:
    from datetime import timedelta

    from formsite.foundation import outbox as mailing
    from tests.support.stored import FEEDBACK, NOON

    with app.app_context():
        publish(FEEDBACK, slug="how-was-it")
        version = publish()
        first, second = respond(version), respond(version)
        link = Unsubscribe(first, suppression.index_of(ANSWERS["address"]), "feedback")
        token = link.token()
    client.post(f"/u/{token}")
    with app.app_context():
        mailing.send_due(NOON + timedelta(days=2))
        reasons = {mail.about: mail.last_error for mail in outbox()}
    assert reasons == {first: "consent withdrawn", second: "the address is unsubscribed"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_altered_link_is_not_found(
    app: Flask, client: FlaskClient, link: tuple[str, Unsubscribe], method: str
) -> None:
    token = link[0]
    for other in ("x", token[:-1], "B" + token[1:], token[:30] + ("A" if token[30] != "A" else "B") + token[31:]):
        assert getattr(client, method)(f"/u/{other}").status_code == 404
    assert listed(app) == 0
