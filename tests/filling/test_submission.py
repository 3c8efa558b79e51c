"""One page, one transaction: what is stored, how often, at what cost, and what is refused."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text as sql

from formsite.consent.models import ConsentRecord
from formsite.filling import faces
from formsite.foundation import clock
from formsite.foundation.database import db, unit_of_work
from formsite.foundation.outbox import OutboxMail
from formsite.responses.models import Response, ResponseKey
from tests.support.forms import alter, publish, simple, text
from tests.support.pages import Page
from tests.support.statements import counted

ANSWERS = {"email": "a@example.org", "likes": "yes", "age": "41"}


def rows(app: Flask, table: Any) -> int:
    with app.app_context(), unit_of_work(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def stored(app: Flask) -> tuple[int, int, int]:
    return rows(app, Response), rows(app, ResponseKey), rows(app, ConsentRecord)


def blank(client: Any, slug: str = "tell") -> dict[str, Any]:
    return Page(client.get(f"/f/{slug}")).form_data()


def feedback(**more: Any) -> dict[str, Any]:
    return {
        "formsite": 1,
        "kind": "feedback",
        "languages": ["en"],
        "title": text("How?"),
        "pages": [{"id": "p", "items": [{"id": "r", "type": "rating", "label": text("How?")}]}],
    } | more


def asking(app: Flask) -> None:
    publish(app, feedback(), "how")
    publish(
        app,
        simple(feedback={"form": "how", "after_hours": 1, "subject": text("How?"), "body": text("Tell us")}),
        "tell",
    )


@pytest.fixture
def tell(db_app: Flask) -> Flask:
    publish(db_app, simple(), "tell")
    return db_app


def test_a_submission_is_stored_whole_and_leads_to_its_receipt(tell: Flask) -> None:
    client = tell.test_client()
    answer = client.post("/f/tell", data=blank(client) | ANSWERS | {"consent-feedback": "yes"})
    assert answer.status_code == 303
    done = Page(client.get(answer.headers["Location"]))
    assert stored(tell) == (1, 1, 1)
    receipt = next(link.get("href") for link in done.all("a") if link.get("href").startswith("/r/"))
    record = client.get(receipt + ".json").get_json()
    assert "given" in str(record) and "refused" in str(record)
    with tell.app_context(), unit_of_work(write=False) as session:
        row = session.scalars(select(Response)).one()
        assert row.answers == {"likes": "yes", "age": 41}
        assert b"a@example.org" not in (row.sealed or b"")


@pytest.mark.usefixtures("one_moment")
def test_it_costs_four_statements_and_one_commit_and_a_blank_page_at_most_one(db_app: Flask) -> None:
    asking(db_app)
    client = db_app.test_client()
    with counted() as looking:
        page = blank(client)
    assert looking.statements == 1
    with counted() as again:
        client.get("/f/tell")
    assert again.statements == 0
    with counted() as sending:
        answer = client.post("/f/tell", data=page | ANSWERS | {"consent-feedback": "yes"})
    assert answer.status_code == 303
    assert (sending.statements, sending.commits) == (4, 1), sending.sql
    assert rows(db_app, OutboxMail) == 1


@pytest.mark.usefixtures("one_moment")
def test_the_cost_does_not_grow_with_what_is_stored(db_app: Flask) -> None:
    asking(db_app)
    client = db_app.test_client()
    counts = []
    for _ in range(3):
        page = blank(client)
        with counted() as sending:
            client.post("/f/tell", data=page | ANSWERS | {"consent-feedback": "yes"})
        counts.append(sending.statements)
    assert counts == [4, 4, 4]


def test_sending_the_same_page_again_stores_nothing_more(tell: Flask) -> None:
    client = tell.test_client()
    data = blank(client) | ANSWERS
    first, second = client.post("/f/tell", data=data), client.post("/f/tell", data=data)
    reference = [Page(client.get(each.headers["Location"])).text for each in (first, second)]
    assert reference[0] == reference[1]
    assert stored(tell) == (1, 1, 1)


def test_the_same_page_with_other_answers_is_not_swallowed(tell: Flask) -> None:
    client = tell.test_client()
    data = blank(client)
    client.post("/f/tell", data=data | ANSWERS)
    again = Page(client.post("/f/tell", data=data | ANSWERS | {"email": "b@example.org"}), expect=422)
    assert again.typed("email") == "b@example.org"
    assert stored(tell) == (1, 1, 1)
    assert client.post("/f/tell", data=again.form_data()).status_code == 303  # a response of its own
    assert stored(tell) == (2, 2, 2)


def test_twenty_at_once_with_one_page_are_one_response(tell: Flask) -> None:
    data = blank(tell.test_client()) | ANSWERS
    places: list[str] = []

    def send() -> None:
        places.append(tell.test_client().post("/f/tell", data=data).headers["Location"])

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(places) == 20
    assert stored(tell) == (1, 1, 1)


def test_a_limit_is_exact_under_concurrent_submissions(tell: Flask) -> None:
    alter(tell, "tell", max_responses=7)
    faces.forget()
    pages = [blank(tell.test_client()) for _ in range(24)]
    statuses: list[int] = []

    def send(page: dict[str, Any]) -> None:
        statuses.append(tell.test_client().post("/f/tell", data=page | ANSWERS).status_code)

    threads = [threading.Thread(target=send, args=(page,)) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (statuses.count(303), statuses.count(410)) == (7, 17), statuses
    assert stored(tell) == (7, 7, 7)
    with tell.app_context(), unit_of_work(write=False) as session:
        assert sorted(session.scalars(select(Response.seat))) == list(range(1, 8))


def test_a_limit_set_a_moment_ago_holds_although_the_face_is_older(tell: Flask) -> None:
    client = tell.test_client()
    pages = [blank(client), blank(client)]
    alter(tell, "tell", max_responses=1)
    assert [client.post("/f/tell", data=page | ANSWERS).status_code for page in pages] == [303, 410]


@pytest.mark.parametrize(
    ("columns", "status", "words"),
    [
        ({"state": "closed"}, 410, "closed"),
        ({"state": "archived"}, 410, "taken away"),
        ({"closes_at": -60}, 410, "closed"),
        ({"opens_at": 3600}, 403, "not open yet"),
    ],
)
def test_a_shut_form_says_so_also_to_whoever_had_its_page(
    tell: Flask, columns: dict[str, Any], status: int, words: str
) -> None:
    client = tell.test_client()
    data = blank(client) | ANSWERS
    moved = {
        name: clock.now() + timedelta(seconds=value) if isinstance(value, int) else value
        for name, value in columns.items()
    }
    alter(tell, "tell", **moved)
    assert words in Page(client.post("/f/tell", data=data), expect=status).text
    faces.forget()
    assert words in Page(client.get("/f/tell"), expect=status).text
    assert stored(tell) == (0, 0, 0)


def test_a_form_that_was_never_published_is_not_there(tell: Flask, client: Any) -> None:
    assert tell.test_client().get("/f/nowhere").status_code == 404


def test_an_old_page_is_shown_again_with_its_answers(tell: Flask) -> None:
    import time_machine

    client = tell.test_client()
    data = blank(client) | ANSWERS
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        page = Page(client.post("/f/tell", data=data), expect=422)
        assert page.typed("email") == "a@example.org"
        assert client.post("/f/tell", data=page.form_data()).status_code == 303


@pytest.mark.parametrize("token", ["", "x", "A" * 120, None])
def test_a_page_that_was_not_made_here_stores_nothing_and_loses_nothing(tell: Flask, token: str | None) -> None:
    client = tell.test_client()
    data = blank(client) | ANSWERS | {"_page": token}
    if token is None:
        del data["_page"]
    page = Page(client.post("/f/tell", data=data), expect=422)
    assert page.typed("email") == "a@example.org"
    assert stored(tell) == (0, 0, 0)


def test_who_began_on_a_version_finishes_on_it(tell: Flask) -> None:
    client = tell.test_client()
    data = blank(client) | ANSWERS
    newer = simple()
    newer["pages"][0]["items"].append({"id": "town", "type": "short_text", "label": text("Town"), "compulsory": True})
    publish(tell, newer, "tell")
    assert client.post("/f/tell", data=data).status_code == 303
    with tell.app_context(), unit_of_work(write=False) as session:
        assert (
            session.execute(sql("SELECT number FROM versions v JOIN responses r ON r.version_id = v.id")).scalar() == 1
        )


def test_a_token_of_another_form_is_no_token_here(tell: Flask) -> None:
    publish(tell, simple(title=text("Other")), "other")
    client = tell.test_client()
    foreign = blank(client, "other")
    Page(client.post("/f/tell", data=foreign | ANSWERS), expect=422)
    assert stored(tell) == (0, 0, 0)


HOSTILE: list[dict[str, Any]] = [
    {"email": ["a@example.org", "b@example.org"]},
    {"email": "a@example.org\r\nBcc: x@example.org"},
    {"email": "x" * 30_000},
    {"age": "1e400"},
    {"age": "-1"},
    {"likes": "perhaps"},
    {"likes": ["yes", "no"]},
    {"email": "a@example.org\x00"},
    {"reason": "y" * 40_000, "likes": "no"},
]


@pytest.mark.parametrize("given", HOSTILE)
def test_wrong_values_are_refused_in_words_and_kept(tell: Flask, given: dict[str, Any]) -> None:
    client = tell.test_client()
    page = Page(client.post("/f/tell", data=blank(client) | ANSWERS | given), expect=422)
    name = next(iter(given))
    assert name in page.problems and page.error(name) == page.problems[name]
    assert page.by_id(name).get("aria-invalid") == "true"
    assert stored(tell) == (0, 0, 0)


def test_unknown_values_are_ignored(tell: Flask) -> None:
    client = tell.test_client()
    extra = {"is_admin": "1", "form_id": "x", "submitted_at": "2020-01-01", "consent-nothing": "yes", "email-0": "x"}
    assert client.post("/f/tell", data=blank(client) | ANSWERS | extra).status_code == 303
    with tell.app_context(), unit_of_work(write=False) as session:
        assert session.scalars(select(Response)).one().answers == {"likes": "yes", "age": 41}


def test_an_answer_to_what_is_not_shown_is_not_stored(tell: Flask) -> None:
    client = tell.test_client()
    assert client.post("/f/tell", data=blank(client) | ANSWERS | {"reason": "because"}).status_code == 303
    with tell.app_context(), unit_of_work(write=False) as session:
        assert "reason" not in session.scalars(select(Response)).one().answers


def test_an_answer_that_brings_up_a_question_is_followed_by_it(tell: Flask) -> None:
    client = tell.test_client()
    page = Page(client.post("/f/tell", data=blank(client) | ANSWERS | {"likes": "no"}), expect=422)
    assert set(page.problems) == {"reason"} and page.typed("likes") == ["no"]
    assert stored(tell) == (0, 0, 0)
    assert client.post("/f/tell", data=page.form_data()).status_code == 303  # it may stay empty: it is optional


def test_too_much_at_once_is_refused(tell: Flask) -> None:
    client = tell.test_client()
    assert client.post("/f/tell", data={"email": "x" * 1_200_000}).status_code == 413


def test_no_cookie_is_set_and_what_boxes_were_ticked_stays(tell: Flask) -> None:
    client = tell.test_client()
    answer = client.post("/f/tell", data=blank(client) | {"consent-news": "yes"})
    assert "Set-Cookie" not in answer.headers
    page = Page(answer, expect=422)
    assert page.typed("consent-news") == ["yes"] and page.typed("consent-feedback") == []


def test_nothing_is_ticked_beforehand_and_prefilled_answers_are(tell: Flask) -> None:
    page = Page(tell.test_client().get("/f/tell?email=x@example.org&likes=no&consent-news=yes&nothing=1"))
    assert page.typed("email") == "x@example.org" and page.typed("likes") == ["no"]
    assert page.typed("consent-news") == []


def test_a_full_disk_is_503_and_nothing_is_stored(app: Flask) -> None:
    publish(app, simple(), "tell")
    client = app.test_client()
    data = blank(client) | ANSWERS
    with app.app_context(), db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.rollback()
        db.engine.dispose()
    from sqlalchemy import Engine, event

    def small(raw: Any, _record: object) -> None:
        raw.execute(f"PRAGMA max_page_count={pages}")

    event.listen(Engine, "connect", small)
    try:
        answer = None
        for _ in range(200):
            answer = client.post("/f/tell", data=blank(client) | ANSWERS)
            if answer.status_code != 303:
                break
        assert answer is not None and answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert client.get("/f/tell").status_code == 200
    finally:
        event.remove(Engine, "connect", small)
        with app.app_context():
            db.engine.dispose()
    assert client.post("/f/tell", data=data).status_code == 303
    assert len(set(stored(app))) == 1
