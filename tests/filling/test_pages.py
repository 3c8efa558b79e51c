"""A form of several pages: drafts, back, save, review, languages, and what is never lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from formsite.foundation import clock
from formsite.foundation.database import unit_of_work
from formsite.responses.models import Response
from tests.support.forms import alter, paged, publish, simple, text
from tests.support.pages import Page
from tests.support.statements import counted


@pytest.fixture
def steps(db_app: Flask) -> Flask:
    publish(db_app, paged(), "steps")
    return db_app


def send(client: Any, place: str, go: str = "next", **answers: Any) -> str:
    """Fill in the page at `place`; where it leads."""
    page = Page(client.get(place))
    answer = client.post(place, data=page.form_data() | answers | {"_go": go})
    assert answer.status_code == 303, Page(answer, expect=answer.status_code).problems
    return answer.headers["Location"]


def only(app: Flask) -> Response:
    with app.app_context(), unit_of_work(write=False) as session:
        row = session.scalars(select(Response)).one()
        session.expunge(row)
        return row


def test_the_whole_way(steps: Flask) -> None:
    client = steps.test_client()
    second = send(client, "/f/steps", full_name="Zoë O’Brien", more="true")
    assert second.endswith("/second")
    draft = only(steps)
    assert draft.state == "in_progress" and "full_name" not in draft.answers and b"Zo" not in (draft.sealed or b"")
    third = send(client, second, what="a thing")
    review = send(client, third, rating="4", comment="None")
    page = Page(client.get(review))
    assert "Zoë O’Brien" in page.text and "a thing" in page.text and page.typed("consent-news") == []
    with counted() as sending:
        answer = client.post(review, data=page.form_data() | {"_go": "submit", "consent-news": "yes"})
    assert answer.status_code == 303 and sending.commits == 1
    assert sending.statements <= 5  # the draft is looked at before the lock and again under it
    assert only(steps).state == "submitted"
    assert Page(client.get(answer.headers["Location"])).text.count("Zoë") == 0
    again = client.post(review, data=page.form_data() | {"_go": "submit"})
    assert again.status_code == 303 and only(steps).state == "submitted"


def test_a_page_that_is_not_shown_is_passed_over_and_its_answers_go(steps: Flask) -> None:
    client = steps.test_client()
    second = send(client, "/f/steps", more="true")
    third = send(client, second, what="a thing")
    first = third.rsplit("/", 1)[0] + "/first"
    assert send(client, first, more="false").endswith("/third")
    assert "what" not in only(steps).answers


def test_back_keeps_what_was_typed_also_where_it_is_wrong_elsewhere(steps: Flask) -> None:
    client = steps.test_client()
    second = send(client, "/f/steps", full_name="Ann", more="true")
    first = send(client, second, go="back", what="half")
    assert Page(client.get(first)).typed("full_name") == "Ann"
    assert Page(client.get(second)).typed("what") == "half"


def test_save_gives_a_link_that_goes_on_anywhere(steps: Flask) -> None:
    client = steps.test_client()
    second = send(client, "/f/steps", full_name="Ann", more="true")
    saved = Page(client.get(send(client, second, go="save", what="later")))
    (link,) = set(re.findall(r"/f/steps/r/[^\"<\s]+", saved.html))
    elsewhere = steps.test_client()
    assert Page(elsewhere.get(link)).typed("full_name") == "Ann"


def test_the_review_leads_back_to_what_is_missing(steps: Flask) -> None:
    client = steps.test_client()
    second = send(client, "/f/steps", more="true")
    review = second.rsplit("/", 1)[0] + "/review"
    place = send(client, review, go="submit")
    assert "/second" in place
    page = Page(client.get(place))
    assert "what" in page.problems
    assert only(steps).state == "in_progress"


def test_sending_the_first_page_twice_makes_one_draft_and_keeps_later_answers(steps: Flask) -> None:
    client = steps.test_client()
    blank = Page(client.get("/f/steps")).form_data()
    second = client.post("/f/steps", data=blank | {"more": "true"}).headers["Location"]
    send(client, second, what="kept")
    assert client.post("/f/steps", data=blank | {"more": "true", "full_name": "Ann"}).status_code == 303
    assert only(steps).answers["what"] == "kept"


def test_every_language_has_its_page_and_it_stays(steps: Flask) -> None:
    client = steps.test_client()
    german = Page(client.get("/f/steps?lang=de"))
    assert german.all("html")[0].get("lang") == "de" and "In Schritten" in german.text
    assert (
        Page(client.get("/f/steps", headers={"Accept-Language": "de-AT,en;q=0.5"})).all("html")[0].get("lang") == "de"
    )
    assert Page(client.get("/f/steps?lang=xx")).all("html")[0].get("lang") == "en"
    second = client.post("/f/steps?lang=de", data=german.form_data() | {"more": "true"}).headers["Location"]
    assert Page(client.get(second)).all("html")[0].get("lang") == "de"
    assert only(steps).language == "de"


@pytest.mark.parametrize(
    "place", ["/f/steps/r/x/first", "/f/steps/r/x/review", "/f/steps/done/x", "/f/steps/r/x/nothing"]
)
def test_an_address_that_was_not_given_out_is_not_there(steps: Flask, place: str) -> None:
    client = steps.test_client()
    assert client.get(place).status_code == 404
    if "/r/" in place:
        assert client.post(place, data={}).status_code == 404


def test_a_draft_of_one_form_is_none_of_another(steps: Flask) -> None:
    publish(steps, paged(), "other")
    client = steps.test_client()
    second = send(client, "/f/steps", more="true")
    assert client.get(second.replace("/f/steps/", "/f/other/")).status_code == 404
    assert client.get(second.replace("/second", "/nothing")).status_code == 404


def test_an_old_draft_page_is_shown_again_and_a_closed_form_says_so(steps: Flask) -> None:
    import time_machine

    client = steps.test_client()
    second = send(client, "/f/steps", more="true")
    data = Page(client.get(second)).form_data() | {"what": "typed", "_go": "next"}
    with time_machine.travel(clock.now() + timedelta(hours=30)):
        page = Page(client.post(second, data=data), expect=422)
        assert page.typed("what") == "typed"
        assert client.post(second, data=page.form_data() | {"_go": "next"}).status_code == 303
    alter(steps, "steps", state="closed")
    from formsite.filling import faces

    faces.forget()
    assert "closed" in Page(client.post(second, data=data), expect=410).text


def test_home_names_what_is_open_and_listed(steps: Flask) -> None:
    publish(steps, paged(), "unlisted", listed=False)
    page = Page(steps.test_client().get("/"))
    places = [link.get("href") for link in page.all("a")]
    assert "/f/steps" in places and "/f/unlisted" not in places


def test_another_language_keeps_what_came_with_the_address(steps: Flask) -> None:
    page = Page(steps.test_client().get("/f/steps?full_name=A%26B&lang=en"))
    (german,) = [link.get("href") for link in page.all("a") if link.get("hreflang") == "de"]
    assert german == "?full_name=A%26B&lang=de"
    assert Page(steps.test_client().get("/f/steps" + german)).typed("full_name") == "A&B"


def test_an_address_that_brings_one_answer_leaves_the_defaults_of_the_others(app: Flask) -> None:
    items = [
        {"id": "source", "type": "hidden", "label": text("Where the link was")},
        {"id": "town", "type": "short_text", "label": text("Town"), "default": {"value": "Bergen"}},
        {"id": "place", "type": "short_text", "label": text("Place"), "default": {"field": "source"}},
        {"id": "wish", "type": "short_text", "label": text("Wish"), "default": {"value": "none"}},
    ]
    publish(app, simple(pages=[{"id": "all", "items": items}], consents=[]), "come")
    page = Page(app.test_client().get("/f/come?source=The+shop&wish=tea"))
    assert [page.typed(name) for name in ("town", "place", "wish")] == ["Bergen", "The shop", "tea"]
    emptied = app.test_client().post("/f/come", data=page.form_data() | {"town": "", "_go": "submit"})
    assert emptied.status_code == 303
    kept = {name: value for name, value in only(app).answers.items() if value is not None}
    assert kept == {"source": "The shop", "place": "The shop", "wish": "tea"}
