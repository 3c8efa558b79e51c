"""What rules do to a customer's pages, without scripts: by plain requests, from the first page to the last."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from formsite.filling import faces
from formsite.foundation.database import unit_of_work
from formsite.responses.models import Response, Tally
from tests.filling.test_pages import only, send
from tests.support.forms import publish, text
from tests.support.pages import Page


def ask(name: str, kind: str = "short_text", settings: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, "label": text(name.capitalize()), "settings": settings or {}, **members}


def offered(*names: str, **members: Any) -> dict[str, Any]:
    return {"choices": [{"id": name, "label": text(name.upper())} | members for name in names]}


def compare(op: str, name: str, value: Any) -> dict[str, Any]:
    return {"op": op, "left": {"field": name}, "right": {"value": value}}


def form(*pages: dict[str, Any], **members: Any) -> dict[str, Any]:
    named = [{"id": f"p{number}", **page} for number, page in enumerate(pages, 1)]
    return {"formsite": 1, "languages": ["en"], "title": text("By rule"), "pages": named, **members}


def refused(client: Any, place: str, **answers: Any) -> Page:
    page = Page(client.get(place))
    return Page(client.post(place, data=page.form_data() | answers | {"_go": "next"}), expect=422)


def labels(page: Page) -> list[str]:
    return [label.text.split(" optional")[0] for label in page.all("label", class_="field__label")]


QUOTA = {
    "id": "old",
    "rule": compare("more", "age", 60),
    "limit": 3,
    "message": text("Enough {{age}}-year-olds. Thanks!"),
}


def at_once(app: Flask, slug: str, count: int, **answers: Any) -> list[int]:
    """Many send the same answers at the same time; the statuses."""
    pages = [Page(app.test_client().get(f"/f/{slug}")).form_data() for _ in range(count)]
    statuses: list[int] = []

    def run(page: dict[str, Any]) -> None:
        statuses.append(app.test_client().post(f"/f/{slug}", data=page | answers).status_code)

    threads = [threading.Thread(target=run, args=(page,)) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def submitted(app: Flask) -> int:
    with app.app_context(), unit_of_work(write=False) as session:
        return session.scalar(select(func.count()).select_from(Response).where(Response.state == "submitted")) or 0


def test_a_quota_is_exact_however_many_come_at_once(db_app: Flask) -> None:
    publish(db_app, form({"items": [ask("age", "number")]}, quotas=[QUOTA]), "q")
    assert at_once(db_app, "q", 12, age="70") == [303] * 3 + [422] * 9
    assert at_once(db_app, "q", 4, age="20") == [303] * 4
    assert submitted(db_app) == 7
    with db_app.app_context(), unit_of_work(write=False) as session:
        assert session.execute(select(Tally.name, Tally.taken)).all() == [("quota:old", 3)]
    client = db_app.test_client()
    page = refused(client, "/f/q", age="70")
    assert "Enough 70-year-olds. Thanks!" in page.text and page.typed("age") == "70"
    assert client.post("/f/q", data=page.form_data() | {"age": "59"}).status_code == 303


def test_seats_of_a_choice_are_exact_and_the_choice_is_closed_afterwards(db_app: Flask) -> None:
    publish(db_app, form({"items": [ask("slot", "single_choice", offered("early", "late", capacity=2))]}), "s")
    assert at_once(db_app, "s", 6, slot="early") == [303] * 2 + [422] * 4
    faces.forget()
    page = Page(db_app.test_client().get("/f/s"))
    closed = [each.get("value") for each in page.controls("slot") if "disabled" in each.attributes]
    assert closed == ["early"] and "EARLY" in page.text
    assert at_once(db_app, "s", 2, slot="late") == [303] * 2


def test_who_comes_too_late_for_a_quota_is_told_as_soon_as_it_is_known(db_app: Flask) -> None:
    publish(
        db_app, form({"items": [ask("age", "number")]}, {"items": [ask("why")]}, quotas=[QUOTA | {"limit": 1}]), "q"
    )
    client = db_app.test_client()
    late = send(client, "/f/q", age="70")
    review = send(client, send(client, "/f/q", age="80"))
    done = client.post(review, data=Page(client.get(review)).form_data() | {"_go": "submit"})
    assert done.status_code == 303 and submitted(db_app) == 1
    faces.forget()
    assert "Enough 90-year-olds" in refused(client, "/f/q", age="90").text
    assert send(client, "/f/q", age="40").endswith("/p2")
    assert "Enough 70-year-olds" in refused(client, late, why="because").text
    first = late.rsplit("/", 1)[0] + "/p1"
    review = send(client, send(client, first, age="59"), why="because")
    assert client.post(review, data=Page(client.get(review)).form_data() | {"_go": "submit"}).status_code == 303


def test_what_is_wanted_is_asked_once_more_and_no_more(app: Flask) -> None:
    publish(app, form({"items": [ask("age", "number"), ask("town", wanted=compare("more", "age", 17))]}), "w")
    client = app.test_client()
    page = refused(client, "/f/w", age="40")
    assert list(page.problems) == ["town"] and "You left one question empty" in page.text
    assert client.post("/f/w", data=page.form_data()).status_code == 303
    assert client.post("/f/w", data=Page(client.get("/f/w")).form_data() | {"age": "5"}).status_code == 303
    assert submitted(app) == 2


def test_checks_over_several_questions_say_the_designers_words(app: Flask) -> None:
    first, last = ask("first", "date"), ask("last", "date")
    rule = {"op": "at_most", "left": {"field": "first"}, "right": {"field": "last"}}
    limits = [{"rule": rule, "message": text("{{first}} is after {{last}}")}]
    publish(app, form({"items": [first, last | {"limits": limits}]}), "c")
    client = app.test_client()
    page = refused(client, "/f/c", first="2026-05-02", last="2026-05-01")
    assert "May 2, 2026 is after May 1, 2026" in page.error("last") and "last" in page.problems
    assert client.post("/f/c", data=page.form_data() | {"first": ""}).status_code == 303  # unknown is no mistake


def test_a_page_check_is_told_above_the_page(app: Flask) -> None:
    limits = [{"rule": {"op": "any", "of": [{"op": "answered", "field": n} for n in ("mail", "tel")]}, "message": text("Give one")}]  # fmt: skip
    publish(app, form({"items": [ask("mail"), ask("tel")], "limits": limits}), "c")
    page = refused(app.test_client(), "/f/c")
    assert "Give one" in page.text


def test_a_jump_leads_past_pages_and_an_exit_sends_nothing(app: Flask) -> None:
    young, skip = compare("less", "age", 18), compare("more", "age", 60)
    pages = (
        {"items": [ask("age", "number")], "jumps": [{"if": skip, "to": "p4"}, {"if": young, "to": "p3"}]},
        {"items": [ask("work")], "jumps": [{"if": {"op": "answered", "field": "age"}, "to": "p4"}]},
        {"items": [ask("sorry", "statement", {"body": text("You are {{age}}. Come back later.")})], "exit": True},
        {"items": [ask("last")]},
    )
    publish(app, form(*pages), "j")
    client = app.test_client()
    exit_ = send(client, "/f/j", age="12")
    page = Page(client.get(exit_))
    assert exit_.endswith("/p3") and "You are 12" in page.text and "Come back later." in page.text
    assert not [b for b in page.all("button") if b.get("value") in ("next", "submit")]
    assert only(app).state == "in_progress"
    review = exit_.rsplit("/", 1)[0] + "/review"
    forced = client.post(review, data=page.form_data() | {"_go": "submit"})
    assert submitted(app) == 0 and (
        forced.status_code != 303 or forced.headers["Location"].split("?")[0].endswith("/p3")
    )
    assert send(client, exit_.rsplit("/", 1)[0] + "/p1", age="70").endswith("/p4")
    assert send(client, "/f/j", age="40").endswith("/p2")


def test_answers_stand_in_every_text_and_never_as_markup(app: Flask) -> None:
    hostile = "<b>Ann</b> & {{town}}"
    choices = {"choices": [{"id": "a", "label": text("As {{who}} says")}]}
    items = [
        ask("town", "short_text", hint=text("Dear **{{who}}**"), label=text("Town of {{who}}")),
        ask("pick", "single_choice", choices),
        ask("list", "dropdown", choices),
        ask("told", "statement", {"body": text('Hello {{who}}, [read]( https://example.org "{{who}}" )')}),
        {"id": "box", "type": "group", "label": text("Box of {{who}}"), "items": [ask("in_it")]},
        ask(
            "grid",
            "matrix_one",
            {"rows": [{"id": "r", "label": text("Row of {{who}}")}], "columns": [{"id": "c", "label": text("C")}]},
        ),  # fmt: skip
        ask("must", compulsory=True, compulsory_message=text("{{who}} must say")),
    ]
    publish(
        app,
        form({"items": [ask("who")]}, {"title": text("For {{who}}"), "items": items}, done=text("Bye {{who}}")),
        "t",
    )
    client = app.test_client()
    second = send(client, "/f/t", who=hostile)
    page = Page(client.get(second))
    assert "<b>Ann" not in page.html and page.text.count(hostile) >= 6
    for said in ("For ", "Town of ", "Dear ", "Hello ", "Box of ", "Row of ", "As "):
        assert f"{said}{hostile}" in page.text, said
    assert f"{hostile} must say" in refused(client, second, town="x").error("must")
    assert "data-pipe" not in "".join(a.get("title") for a in page.all("a"))


def test_choices_are_carried_forward_over_pages(app: Flask) -> None:
    which = [ask(w, "single_choice", {"choices_from": {"field": "know", "which": w}}) for w in ("chosen", "unchosen")]
    publish(app, form({"items": [ask("know", "several_choices", offered("a", "b", "c"))]}, {"items": which}), "f")
    client = app.test_client()
    second = send(client, "/f/f", know=["a", "c"])
    page = Page(client.get(second))
    open_ = {name: [c.get("value") for c in page.controls(name) if "disabled" not in c.attributes] for name in ("chosen", "unchosen")}  # fmt: skip
    assert open_ == {"chosen": ["a", "c"], "unchosen": ["b"]}
    send(client, second, chosen="b", unchosen="b")  # what is not offered is no answer
    assert only(app).answers == {"know": ["a", "c"], "unchosen": "b"}


def test_values_are_worked_out_and_nobody_can_send_others(app: Flask) -> None:
    total = {"op": "plus", "of": [{"field": "a"}, {"field": "b"}]}
    items = [ask("a", "number"), ask("b", "number", default={"value": 5}), ask("sum", "computed", computed=total)]
    publish(app, form({"items": items}), "v")
    client = app.test_client()
    page = Page(client.get("/f/v"))
    assert page.typed("b") == "5" and not page.controls("sum")
    assert client.post("/f/v", data=page.form_data() | {"a": "2", "sum": "99"}).status_code == 303
    assert only(app).answers == {"a": 2, "b": 5, "sum": 7}


@pytest.mark.parametrize("what", ["choices", "fields", "pages", "rows"])
def test_an_order_of_chance_is_one_order_for_one_customer(app: Flask, what: str) -> None:
    names = "abcdefgh"
    if what == "pages":
        raw = form(
            {"items": [ask("start")]}, *({"title": text(n), "items": [ask(n)]} for n in names), random_pages=True
        )
    elif what == "fields":
        raw = form({"items": [ask("start")]}, {"random": True, "items": [ask(n) for n in names]})
    elif what == "choices":
        raw = form(
            {"items": [ask("start")]}, {"items": [ask("pick", "single_choice", offered(*names) | {"random": True})]}
        )
    else:
        rows = [{"id": n, "label": text(n)} for n in names]
        grid = ask("grid", "matrix_one", {"rows": rows, "columns": [{"id": "x", "label": text("X")}], "random": True})
        raw = form({"items": [ask("start")]}, {"items": [grid]})
    publish(app, raw, "r")

    def order(client: Any, second: str) -> list[str]:
        if what == "pages":
            seen, place = [], second
            while not place.endswith("review"):
                seen.append(place.rsplit("/", 1)[1])
                place = send(client, place)
            return seen
        page = Page(client.get(second))
        if what == "choices":
            return [control.get("value") for control in page.controls("pick")]
        found = [e.get("name") for e in page.elements if e.name == "input" and e.get("type") in ("text", "radio")]
        return [name for name in found if name]

    orders = []
    for _ in range(3):
        client = app.test_client()
        second = send(client, "/f/r")
        orders.append(tuple(order(client, second)))
        assert tuple(order(client, second)) == orders[-1]
    assert len({frozenset(each) for each in orders}) == 1 and len(orders[0]) == 8
    assert len(set(orders)) > 1
