"""The staff's screen that says why a response's questions were shown: who is told how much."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from formsite.staff.models import Role
from tests.responses.test_screens import LIST, REASON, _token, events
from tests.support.pages import Element, Page
from tests.support.people import sign_in
from tests.support.stored import REGISTRATION, destroy_key, publish, respond

YOU = REGISTRATION["pages"][0]
IS_JANE = {"op": "is", "left": {"field": "full_name"}, "right": {"value": "Jane"}}
FORM: dict[str, Any] = REGISTRATION | {
    "pages": [
        YOU
        | {
            "items": [
                *YOU["items"],
                {"id": "years", "type": "number", "label": {"en": "Age"}, "personal": True},
                {"id": "adult", "type": "short_text", "label": {"en": "Licence"}, "shown_if": {"op": "at_least", "left": {"field": "years"}, "right": {"value": 18}}},
                {"id": "bad", "type": "short_text", "label": {"en": "What went wrong?"}, "shown_if": {"op": "less", "left": {"field": "rated"}, "right": {"value": 3}}},
            ]
        },
        {
            "id": "more",
            "title": {"en": "More"},
            "random": True,
            "items": [{"id": f"q{n}", "type": "short_text", "label": {"en": f"Question {n}"}} for n in range(4)],
        },
    ]
}  # fmt: skip
ANSWERS = {"full_name": "Zoë Canary-Quux", "address": "zoe.canary@example.org", "years": 4711, "rated": 4, "adult": "B"}


@pytest.fixture
def response_id(app: Flask) -> UUID:
    with app.app_context():
        return respond(publish(FORM), ANSWERS)


def opened(app: Flask, role: Role, response_id: UUID) -> Page:
    return Page(sign_in(app, role).get(f"{LIST}/{response_id}/why"))


def shown(page: Page) -> dict[str, str]:
    return {each.get("data-path"): each.get("data-shown") for each in page.root.walk() if each.get("data-path")}


def about(page: Page, path: str) -> Element:
    return next(each for each in page.root.walk() if each.get("data-path") == path)


def test_the_response_leads_to_it(app: Flask, designer: FlaskClient, response_id: UUID) -> None:
    links = [link.get("href") for link in Page(designer.get(f"{LIST}/{response_id}")).all("a")]
    assert f"{LIST}/{response_id}/why" in links


@pytest.mark.parametrize("role", [Role.DESIGNER, Role.ANALYST])
def test_without_a_right_to_masks_nothing_is_told_that_follows(app: Flask, response_id: UUID, role: Role) -> None:
    page = opened(app, role, response_id)
    assert shown(page)["adult"] == "untold"
    assert shown(page)["bad"] == "no"
    assert "“How was it?”: 4" in about(page, "bad").text
    assert "not told" in about(page, "adult").text and "true" not in about(page, "adult").text
    assert "4711" not in page.html and "Canary" not in page.html
    assert not page.controls("reason")


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.PRIVACY])
def test_with_it_what_was_shown_is_told_but_no_value(app: Flask, response_id: UUID, role: Role) -> None:
    page = opened(app, role, response_id)
    assert shown(page)["adult"] == "yes"
    assert "“Age”: personal, not shown" in about(page, "adult").text
    assert "4711" not in page.html and "Canary" not in page.html
    assert bool(page.controls("reason")) is (role is Role.PRIVACY)


def test_an_erased_key_tells_as_little_as_no_right(app: Flask, support: FlaskClient, response_id: UUID) -> None:
    with app.app_context():
        destroy_key(response_id)
    assert shown(Page(support.get(f"{LIST}/{response_id}/why")))["adult"] == "untold"


def test_a_reason_reveals_once_and_is_on_record(app: Flask, privacy: FlaskClient, response_id: UUID) -> None:
    address = f"{LIST}/{response_id}/why"
    data = Page(privacy.get(address)).form_data(address)
    refused = Page(privacy.post(address, data=data | {"reason": "so"}), expect=422)
    assert "4711" not in refused.html and events(app, "answers_revealed") == []
    page = Page(privacy.post(address, data=data | {"reason": REASON}))
    assert "“Age”: 4711" in about(page, "adult").text
    assert "4711" not in privacy.get(address).text
    (event,) = events(app, "answers_revealed")
    assert event.details["reason"] == REASON


@pytest.mark.parametrize("role", [Role.DESIGNER, Role.SUPPORT, Role.ANALYST, Role.ADMIN])
def test_others_cannot_reveal(app: Flask, response_id: UUID, role: Role) -> None:
    browser = sign_in(app, role)
    refused = browser.post(f"{LIST}/{response_id}/why", data={"reason": REASON, "csrf_token": _token(browser)})
    assert refused.status_code == 403
    assert events(app, "answers_revealed") == []


def test_an_admin_is_told_nothing(admin: FlaskClient, response_id: UUID) -> None:
    assert admin.get(f"{LIST}/{response_id}/why").status_code == 403


def test_the_order_is_the_one_that_the_customer_saw(app: Flask, designer: FlaskClient) -> None:
    """Drawn by the form's own pages for that response, and told after it."""
    raw = FORM | {"pages": [{"id": "you", "items": [FORM["pages"][0]["items"][3]]}, FORM["pages"][1]], "consents": []}
    with app.app_context():
        publish({name: value for name, value in raw.items() if name != "feedback"})
    orders = set()
    for _ in range(4):
        customer = app.test_client()
        data = Page(customer.get("/f/broadband")).form_data()
        answer = customer.post("/f/broadband", data=data | {"_go": "next"})
        seen = Page(customer.get(answer.location))
        order = [label.text.partition(" optional")[0] for label in seen.all("label") if "Question" in label.text]
        listed = Page(designer.get(f"{LIST}?state=in_progress")).all("a")
        address = next(link.get("href") for link in listed if f"{LIST}/" in link.get("href"))
        told = [
            each.text
            for each in about(Page(designer.get(f"{address}/why")), "more").walk()
            if each.name == "li" and each.parent and each.parent.name == "ol"
        ]
        assert told == order and sorted(told) == [f"Question {n}" for n in range(4)]
        orders.add(tuple(told))
    assert len(orders) > 1
