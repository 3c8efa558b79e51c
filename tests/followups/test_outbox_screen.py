"""The outbox as staff see it: states, reasons, no addresses; and trying again what was given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from formsite.followups import queries
from formsite.foundation import outbox as mailing
from formsite.foundation.database import unit_of_work
from formsite.foundation.outbox import OutboxMail, OutboxState
from formsite.staff.models import Role
from tests.support.pages import Page
from tests.support.people import sign_in
from tests.support.stored import ANSWERS, FEEDBACK, outbox, publish, respond

OUTBOX = "/staff/outbox"


def failed(app: Flask, number: int = 1) -> list[OutboxMail]:
    with app.app_context():
        publish(FEEDBACK, slug="how-was-it")
        version = publish()
        for _ in range(number):
            respond(version)
        with unit_of_work(write=True) as session:
            session.execute(update(OutboxMail).values(state="failed", last_error="mail server said 550", attempts=9))
        return outbox()


@pytest.mark.parametrize("role", [Role.PRIVACY, Role.ADMIN])
def test_states_and_reasons_without_addresses(app: Flask, role: Role) -> None:
    failed(app, 2)
    page = Page(sign_in(app, role).get(f"{OUTBOX}?state=failed"))
    assert "mail server said 550" in page.text
    assert "Failed 2" in page.text
    assert ANSWERS["address"] not in page.html


@pytest.mark.parametrize("role", [Role.DESIGNER, Role.SUPPORT, Role.ANALYST])
def test_it_is_not_for_others(app: Flask, role: Role) -> None:
    (mail,) = failed(app)
    browser = sign_in(app, role)
    assert browser.get(OUTBOX).status_code == 403
    token = Page(browser.get("/staff/account")).form_data()["csrf_token"]
    assert browser.post(f"{OUTBOX}/{mail.id}/retry", data={"csrf_token": token}).status_code == 403


@pytest.mark.parametrize("state", [*OutboxState, "nonsense"])
def test_empty_states_say_what_they_are(privacy: FlaskClient, state: str) -> None:
    assert "No mail" in Page(privacy.get(f"{OUTBOX}?state={state}&older_than=x")).text


def test_trying_again_sends_it(app: Flask, privacy: FlaskClient, smtp: Any) -> None:
    from formsite.foundation import clock

    (mail,) = failed(app)
    page = Page(privacy.get(f"{OUTBOX}?state=failed"))
    action = f"{OUTBOX}/{mail.id}/retry"
    assert privacy.post(action, data=page.form_data(action)).status_code == 303
    with app.app_context():
        mailing.send_due(clock.now())
        assert [each.state for each in outbox()] == [OutboxState.SENT]
    assert len(smtp.messages) == 1


def test_only_what_was_given_up_can_be_tried_again(app: Flask, privacy: FlaskClient) -> None:
    (mail,) = failed(app)
    page = Page(privacy.get(f"{OUTBOX}?state=failed"))
    action = f"{OUTBOX}/{mail.id}/retry"
    data = page.form_data(action)
    privacy.post(action, data=data)
    again = Page(privacy.post(action, data=data), expect=409)
    assert "nothing to try again" in again.text


def test_a_retry_that_another_site_sends_is_refused(app: Flask, privacy: FlaskClient) -> None:
    (mail,) = failed(app)
    assert privacy.post(f"{OUTBOX}/{mail.id}/retry").status_code == 400
    with app.app_context():
        assert [each.state for each in outbox()] == [OutboxState.FAILED]


def test_pages_and_bounded_counts(
    app: Flask, privacy: FlaskClient, monkeypatch: pytest.MonkeyPatch, count_statements: Callable[[], Any]
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    failed(app, 5)
    page = Page(privacy.get(f"{OUTBOX}?state=failed"))
    assert "3+" in page.text
    counts, rows = [], []
    address: str | None = f"{OUTBOX}?state=failed"
    while address:
        with count_statements() as count:
            page = Page(privacy.get(address))
        counts.append(count.statements)
        rows.append(len(page.all("th", scope="row")))
        address = next((link.get("href") for link in page.all("a", rel="next")), None)
    assert rows == [2, 2, 1]
    assert len(set(counts)) == 1
