"""The staff's screens of responses: who sees what, and that the plain answers stay where they belong."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from formsite.foundation.audit import AuditRow
from formsite.foundation.database import unit_of_work
from formsite.foundation.ids import reference
from formsite.responses.models import Response
from formsite.staff.models import Role
from tests.support.pages import Page
from tests.support.people import sign_in
from tests.support.stored import ANSWERS, FEEDBACK, NOON, destroy_key, publish, respond

LIST = "/staff/forms/broadband/responses"
CSV = "/staff/forms/broadband/responses.csv"
CANARIES = ("Canary", "zoe.canary", "Quux")
REASON = "Subject request 17, asked by phone"


@pytest.fixture
def response_id(app: Flask) -> UUID:
    with app.app_context():
        return respond(publish())


def no_canary(text: str) -> None:
    for canary in CANARIES:
        assert canary not in text
        assert base64.b64encode(canary.encode()).decode().rstrip("=")[:-1] not in text


def events(app: Flask, name: str) -> list[AuditRow]:
    with app.app_context(), unit_of_work(write=False) as session:
        rows = list(session.scalars(select(AuditRow).where(AuditRow.name == name).order_by(AuditRow.id)))
        session.expunge_all()
        return rows


# -- the list --------------------------------------------------------------------------------------------------------
def test_the_list_shows_what_is_not_personal(app: Flask, response_id: UUID) -> None:
    page = Page(sign_in(app, Role.ANALYST).get(LIST))
    assert reference(response_id) in page.text
    assert "1 of 2 agreed" in page.text
    assert "2026-01-31 12:02" in page.text
    no_canary(page.html)


def test_an_empty_list_says_what_to_do(app: Flask, designer: FlaskClient) -> None:
    with app.app_context():
        publish()
    assert "/f/broadband" in Page(designer.get(LIST)).text


def test_pages_follow_each_other_without_loss(
    app: Flask, designer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from formsite.responses import queries

    monkeypatch.setattr(queries, "PAGE", 3)
    with app.app_context():
        version = publish()
        ids = [respond(version, at=NOON + timedelta(minutes=n)) for n in range(8)]
    expected = [reference(id_) for id_ in reversed(ids)]
    seen: list[str] = []
    address: str | None = LIST
    visited = []
    while address:
        page = Page(designer.get(address))
        visited.append(address)
        seen += [row.text for row in page.all("th", scope="row")]
        address = next((link.get("href") for link in page.all("a", rel="next")), None)
    assert seen == expected
    back = Page(designer.get(visited[-1])).all("a", rel="prev")[0].get("href")
    assert [row.text for row in Page(designer.get(back)).all("th", scope="row")] == expected[3:6]


def test_state_and_days_filter_and_stay_in_the_address(app: Flask, designer: FlaskClient) -> None:
    with app.app_context():
        version = publish()
        old, new = respond(version), respond(version, at=NOON + timedelta(days=2))
        draft = respond(version, at=NOON + timedelta(days=4))
        with unit_of_work(write=True) as session:
            session.execute(update(Response).where(Response.id == draft).values(state="in_progress", submitted_at=None))

    def listed(query: str) -> list[str]:
        return [row.text for row in Page(designer.get(f"{LIST}?{query}")).all("th", scope="row")]

    assert listed("") == [reference(new), reference(old)]
    assert listed("state=in_progress") == [reference(draft)]
    assert listed("since=2026-02-01") == [reference(new)]
    assert listed("until=2026-01-31") == [reference(old)]
    assert listed("since=2026-01-31&until=2026-02-02") == [reference(new), reference(old)]
    assert listed("since=2026-02-03") == []
    page = Page(designer.get(f"{LIST}?since=2026-02-01&state=submitted"))
    assert (page.typed("since"), page.typed("state")) == ("2026-02-01", ["submitted"])


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-13-01", "since=2026-02-01&until=2026-01-01"])
def test_days_that_cannot_be_read_are_named(app: Flask, designer: FlaskClient, query: str) -> None:
    with app.app_context():
        publish()
    page = Page(designer.get(f"{LIST}?{query}"), expect=422)
    assert page.error("since" if query.startswith("since=y") else "until")


@pytest.mark.parametrize(
    "query", ["older_than=x", "newer_than=1", "state=nonsense", "since=9999-12-31", "until=0001-01-01"]
)
def test_odd_addresses_are_no_fault(app: Flask, designer: FlaskClient, response_id: UUID, query: str) -> None:
    assert designer.get(f"{LIST}?{query}").status_code == 200


def test_the_list_costs_the_same_at_ten_and_a_thousand(
    app: Flask, designer: FlaskClient, count_statements: Callable[[], Any]
) -> None:
    def cost() -> int:
        with count_statements() as count:
            Page(designer.get(LIST))
        return count.statements

    with app.app_context():
        version = publish()
        for number in range(10):
            respond(version, at=NOON + timedelta(seconds=number))
    designer.get(LIST)
    few = cost()
    with app.app_context():
        with unit_of_work(write=True) as session:
            row = session.execute(select(Response.__table__)).mappings().first()
            from formsite.foundation.ids import uuid7

            many = [dict(row or {}) | {"id": uuid7(NOON + timedelta(minutes=n))} for n in range(990)]
            session.execute(Response.__table__.insert(), many)
    assert cost() == few
    assert few <= 6


def test_an_unknown_form_or_response_is_not_found(app: Flask, designer: FlaskClient, response_id: UUID) -> None:
    assert designer.get("/staff/forms/nothing/responses").status_code == 404
    assert designer.get(f"{LIST}/{UUID(int=7)}").status_code == 404
    with app.app_context():
        publish(slug="other")
    assert designer.get(f"/staff/forms/other/responses/{response_id}").status_code == 404  # of another form


# -- one response ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.DESIGNER, Role.ANALYST])
def test_those_who_need_no_answers_see_that_they_are_personal(app: Flask, response_id: UUID, role: Role) -> None:
    page = Page(sign_in(app, role).get(f"{LIST}/{response_id}"))
    no_canary(page.html)
    assert "personal, not shown" in page.text
    assert "•" not in page.text  # not even a mask
    assert "quick" in page.text
    assert not page.controls("reason")


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.PRIVACY])
def test_support_and_privacy_see_masks(app: Flask, response_id: UUID, role: Role) -> None:
    page = Page(sign_in(app, role).get(f"{LIST}/{response_id}"))
    no_canary(page.html)
    assert "•" in page.text
    assert bool(page.controls("reason")) is (role is Role.PRIVACY)


def test_consent_and_mail_stand_beside_the_answers(app: Flask, support: FlaskClient, response_id: UUID) -> None:
    page = Page(support.get(f"{LIST}/{response_id}"))
    assert "You may ask me how it went." in page.text
    assert "given" in page.text
    assert "refused" in page.text
    assert "feedback waiting" in page.text


def test_feedback_and_what_it_is_about_link_to_each_other(app: Flask, designer: FlaskClient, response_id: UUID) -> None:
    with app.app_context():
        answer = respond(publish(FEEDBACK, slug="how-was-it"), {"words": "fine"}, {}, slug="how-was-it")
        with unit_of_work(write=True) as session:
            session.execute(update(Response).where(Response.id == answer).values(about_id=response_id))
    first, second = f"{LIST}/{response_id}", f"/staff/forms/how-was-it/responses/{answer}"
    for address, other in ((first, second), (second, first)):
        assert other in [link.get("href") for link in Page(designer.get(address)).all("a")]


def test_erased_answers_are_called_so(app: Flask, support: FlaskClient, response_id: UUID) -> None:
    with app.app_context():
        destroy_key(response_id)
    page = Page(support.get(f"{LIST}/{response_id}"))
    assert "erased" in page.text
    no_canary(page.html)


def test_answers_are_text_on_the_screen(app: Flask, designer: FlaskClient) -> None:
    bad = "<script>alert(1)</script>"
    with app.app_context():
        response_id = respond(publish(), {"remark": bad})
    assert bad not in Page(designer.get(f"{LIST}/{response_id}")).html


# -- the reveal ------------------------------------------------------------------------------------------------------
def test_a_reason_reveals_once_and_is_on_record(app: Flask, privacy: FlaskClient, response_id: UUID) -> None:
    address = f"{LIST}/{response_id}"
    page = Page(privacy.get(address))
    shown = privacy.post(address, data=page.form_data(address) | {"reason": REASON})
    assert ANSWERS["full_name"] in Page(shown).text
    assert ANSWERS["address"] in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    no_canary(Page(privacy.get(address)).html)  # shown once
    (event,) = events(app, "answers_revealed")
    assert event.details["reason"] == REASON
    assert event.details["response_id"] == str(response_id)
    assert event.actor_name == "Privacy"


@pytest.mark.parametrize("reason", ["", "because", " " * 40, "x    " * 3])
def test_without_a_reason_nothing_is_revealed(app: Flask, privacy: FlaskClient, response_id: UUID, reason: str) -> None:
    address = f"{LIST}/{response_id}"
    page = Page(privacy.get(address))
    refused = Page(privacy.post(address, data=page.form_data(address) | {"reason": reason}), expect=422)
    no_canary(refused.html)
    assert "Say why you need it" in refused.text
    assert events(app, "answers_revealed") == []


@pytest.mark.parametrize("role", [Role.DESIGNER, Role.SUPPORT, Role.ANALYST, Role.ADMIN])
def test_others_cannot_reveal(app: Flask, response_id: UUID, role: Role) -> None:
    browser = sign_in(app, role)
    token = _token(browser)
    refused = browser.post(f"{LIST}/{response_id}", data={"reason": REASON, "csrf_token": token})
    assert refused.status_code == 403
    no_canary(refused.text)
    assert events(app, "answers_revealed") == []


def test_a_reveal_that_another_site_sends_is_refused(app: Flask, privacy: FlaskClient, response_id: UUID) -> None:
    assert privacy.post(f"{LIST}/{response_id}", data={"reason": REASON}).status_code in (400, 422)
    assert events(app, "answers_revealed") == []


def test_an_admin_sees_no_responses(admin: FlaskClient, response_id: UUID) -> None:
    for address in (LIST, f"{LIST}/{response_id}", CSV):
        assert admin.get(address).status_code == 403


# -- exports ---------------------------------------------------------------------------------------------------------
def test_the_export_is_a_file_without_personal_answers_and_on_record(
    app: Flask, analyst: FlaskClient, response_id: UUID
) -> None:
    answer = analyst.get(CSV)
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="broadband.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert row["_consent_ask_me"] == "given"
    no_canary(answer.text)
    (event,) = events(app, "responses_exported")
    assert (event.details["rows"], event.details["personal"], event.actor_name) == (1, False, "Analyst")


def test_privacy_exports_personal_answers_with_a_reason(app: Flask, privacy: FlaskClient, response_id: UUID) -> None:
    page = Page(privacy.get(LIST))
    refused = Page(privacy.post(CSV, data=page.form_data(CSV) | {"reason": "because"}), expect=422)
    no_canary(refused.html)
    assert events(app, "responses_exported") == []
    answer = privacy.post(CSV, data=page.form_data(CSV) | {"reason": REASON})
    assert ANSWERS["address"] in answer.text
    (event,) = events(app, "responses_exported")
    assert (event.details["reason"], event.details["personal"]) == (REASON, True)


@pytest.mark.parametrize("role", [Role.DESIGNER, Role.SUPPORT, Role.ANALYST, Role.ADMIN])
def test_others_cannot_export_personal_answers(app: Flask, response_id: UUID, role: Role) -> None:
    browser = sign_in(app, role)
    refused = browser.post(CSV, data={"reason": REASON, "csrf_token": _token(browser)})
    assert refused.status_code == 403
    no_canary(refused.text)
    assert browser.get(CSV).status_code == (200 if role in (Role.DESIGNER, Role.ANALYST) else 403)


def _token(browser: FlaskClient) -> str:
    """The token against forged requests, as any staff page of that browser holds it."""
    page = Page(browser.get("/staff/account"))
    token: str = page.form_data()["csrf_token"]
    return token
