"""The markup of a form that others rely on: names, words, what describes a control, and what comes back with a fault."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from formsite.definition.messages import words
from formsite.filling.refusals import SHUT
from tests.support import stored
from tests.support.pages import Page

HOSTILE = "<b onload=x>\"'&{{ 7 * 7 }}"
CHOICES = {"choices": [{"id": "one", "label": {"en": "One"}}, {"id": "two", "label": {"en": HOSTILE}}]}
TYPES: dict[str, dict[str, Any]] = {
    "short_text": {},
    "long_text": {},
    "name": {},
    "email": {},
    "phone": {},
    "number": {"unit": {"en": "km"}},
    "date": {},
    "yes_no": {},
    "single_choice": CHOICES,
    "several_choices": CHOICES,
    "dropdown": CHOICES,
    "rating": {"from": 0, "to": 3, "low_label": {"en": "Low"}, "high_label": {"en": "High"}},
    "url": {},
    "pattern_text": {"mask": "99-aa"},
    "currency": {},
    "slider": {"max": 10, "low_label": {"en": "Low"}},
    "nps": {},
    "csat": {},
    "ces": {},
    "time": {},
    "date_time": {},
    "month": {},
    "colour": {},
    "country": {"countries": ["DE", "FR"]},
    "buttons": CHOICES,
    "search_choice": CHOICES,
    "ranking": CHOICES,
    "declaration": {"body": {"en": "I am **old** enough"}},
}
NEVER = {"op": "is", "left": {"field": "short_text"}, "right": {"value": "show"}}


def item(name: str, **given: Any) -> dict[str, Any]:
    return {
        "id": name,
        "type": name,
        "label": {"en": f"About {name}?"},
        "hint": {"en": "A **hint**"},
        "settings": TYPES[name],
    } | given


def definition(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "formsite": 1,
        "kind": "questionnaire",
        "languages": ["en"],
        "title": {"en": HOSTILE},
        "pages": [{"id": "p", "items": items}],
    }


def page_of(app: Flask, client: FlaskClient, *items: dict[str, Any]) -> Page:
    with app.app_context():
        stored.publish(definition(list(items)), slug="f")
    return Page(client.get("/f/f"))


def live(page: Page, name: str) -> list[Any]:
    return [control for control in page.controls(name) if control.get("type") != "hidden"]


def inside(page: Page, around: str, name: str) -> list[Any]:
    return [element for element in page.by_id(around).walk() if element.name == name]


@pytest.mark.parametrize("name", TYPES)
def test_an_optional_control_says_so_and_has_its_words(app: Flask, client: FlaskClient, name: str) -> None:
    page = page_of(app, client, item(name))
    field = page.by_id(f"field-{name}")
    assert f"About {name}? optional" in field.text
    assert live(page, name)[0].get("id") == name
    assert not any("required" in control.attributes for control in live(page, name))
    describing = [element.get("aria-describedby") for element in field.walk()]
    assert any(f"{name}-hint" in ids.split() for ids in describing)
    assert page.by_id(f"{name}-hint").text == "A hint"


@pytest.mark.parametrize("name", TYPES)
def test_a_compulsory_control_that_is_missing_comes_back_with_its_message(
    app: Flask, client: FlaskClient, name: str
) -> None:
    page = page_of(app, client, item(name, compulsory=True, why={"en": "We need it"}))
    assert f"About {name}? compulsory" in page.by_id(f"field-{name}").text
    assert all("required" in control.attributes for control in live(page, name))
    page = Page(client.post("/f/f", data=page.form_data() | {"_go": "submit"}), expect=422)
    assert page.problems == {name: page.error(name)}
    for control in live(page, name):
        assert control.get("aria-invalid") == "true"
        assert f"{name}-error" in control.get("aria-describedby").split()
    assert page.by_id(f"{name}-why").text == "We need it"


@pytest.mark.parametrize("name", [name for name in TYPES if name != "short_text"])
def test_what_is_not_shown_is_there_but_neither_seen_nor_sent(app: Flask, client: FlaskClient, name: str) -> None:
    page = page_of(app, client, item("short_text"), item(name, shown_if=NEVER, compulsory=True))
    assert "hidden" in page.by_id(f"field-{name}").attributes
    for control in live(page, name):
        assert "disabled" in control.attributes
        assert "required" not in control.attributes
    assert name not in page.form_data()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("short_text", HOSTILE),
        ("long_text", f"\n{HOSTILE}\nlast"),
        ("email", HOSTILE),
        ("number", "many"),
        ("date", "tomorrow"),
        ("dropdown", "two"),
        ("single_choice", "two"),
        ("rating", "0"),
        ("url", HOSTILE),
        ("pattern_text", HOSTILE),
        ("currency", "much"),
        ("slider", "far"),
        ("time", "later"),
        ("date_time", "some day"),
        ("month", "May"),
        ("colour", HOSTILE),
        ("country", "FR"),
        ("buttons", "two"),
        ("search_choice", "two"),
        ("declaration", "true"),
    ],
)
def test_what_was_typed_comes_back_as_it_was(app: Flask, client: FlaskClient, name: str, typed: str) -> None:
    page = page_of(app, client, item(name), item("name", id="missing", compulsory=True, why={"en": "So"}))
    page = Page(client.post("/f/f", data=page.form_data() | {name: typed, "_go": "submit"}), expect=422)
    assert page.typed(name) in (typed, [typed])


@pytest.mark.parametrize("typed", ["31/01/2026", "tomorrow"])
def test_a_day_that_a_date_control_could_not_hold_comes_back_in_a_text_control(
    app: Flask, client: FlaskClient, typed: str
) -> None:
    page = page_of(app, client, item("date"))
    assert live(page, "date")[0].get("type") == "date"
    page = Page(client.post("/f/f", data=page.form_data() | {"date": typed, "_go": "submit"}), expect=422)
    assert (live(page, "date")[0].get("type"), page.typed("date")) == ("text", typed)


def test_several_choices_send_their_name_several_times(app: Flask, client: FlaskClient) -> None:
    page = page_of(app, client, item("several_choices"), item("name", id="missing", compulsory=True, why={"en": "So"}))
    sent = page.form_data() | {"several_choices": ["one", "two"], "_go": "submit"}
    page = Page(client.post("/f/f", data=sent), expect=422)
    assert [control.get("value") for control in live(page, "several_choices") if "checked" in control.attributes] == [
        "one",
        "two",
    ]


def test_a_ranking_has_a_list_for_each_place_and_comes_back_in_its_order(app: Flask, client: FlaskClient) -> None:
    page = page_of(app, client, item("ranking"), item("name", id="missing", compulsory=True, why={"en": "So"}))
    sent = page.form_data() | {"ranking": ["two", "one"], "_go": "submit"}
    page = Page(client.post("/f/f", data=sent), expect=422)
    options = inside(page, "field-ranking", "option")
    assert [each.get("value") for each in options if "selected" in each.attributes] == ["two", "one"]
    assert [label.text for label in inside(page, "field-ranking", "label")] == ["Place 1", "Place 2"]


@pytest.mark.parametrize("look", ["stars", "faces"])
def test_stars_and_faces_have_names(app: Flask, client: FlaskClient, look: str) -> None:
    page = page_of(app, client, item("rating", settings={"look": look, "to": 3, "low_label": {"en": "Bad"}}))
    assert [label.text for label in inside(page, "field-rating", "label")] == ["1 of 3, Bad", "2 of 3", "3 of 3"]


def test_a_value_that_follows_from_others_is_shown_and_cannot_be_typed(app: Flask, client: FlaskClient) -> None:
    total = {"op": "plus", "of": [{"field": "number"}, {"value": 1.5}]}
    summed = {
        "id": "total",
        "type": "computed",
        "label": {"en": "Total"},
        "computed": total,
        "settings": {"decimals": 2},
    }
    whole = item("number", id="whole", computed={"op": "round", "of": total})
    page = page_of(app, client, item("number"), summed, whole, item("date"))
    assert page.by_id("total").text == page.by_id("whole").text == ""
    page = Page(client.get("/f/f?number=3"))
    assert [page.by_id(name).name for name in ("total", "whole")] == ["output", "output"]
    assert (page.by_id("total").text, page.by_id("whole").text) == ("4.50", "5 km")
    assert not page.controls("total") and not page.controls("whole")


def test_a_link_leads_to_another_site_without_loading_anything_of_it(app: Flask, client: FlaskClient) -> None:
    given = {"link": "https://example.org/?a=1&b=%22", "link_label": {"en": HOSTILE}}
    shown = {"id": "film", "type": "media", "label": {"en": "Film"}, "settings": given}
    page = page_of(app, client, shown, item("date"))
    [link] = inside(page, "field-film", "a")
    assert (link.get("href"), link.text) == (given["link"], HOSTILE)
    assert not page.all("iframe") and not page.all("video") and not page.all("img")


def test_words_of_designers_are_text(app: Flask, client: FlaskClient) -> None:
    page = page_of(app, client, item("single_choice", label={"en": HOSTILE}))
    assert page.all("h1")[0].text == HOSTILE
    assert HOSTILE in page.by_id("field-single_choice").text
    assert not page.all("b")


def test_an_unlabelled_group_and_a_statement_are_drawn(app: Flask, client: FlaskClient) -> None:
    note = {"id": "note", "type": "statement", "label": {"en": "Note"}, "settings": {"body": {"en": "Read *this*"}}}
    inner = {"id": "inner", "type": "group", "label": {"en": "Inner"}, "items": [item("date")]}
    page = page_of(app, client, {"id": "outer", "type": "group", "items": [note, inner]})
    assert "Read this" in page.by_id("field-note").text
    assert [legend.text for legend in page.all("legend")] == ["Inner"]
    assert live(page, "date")


@pytest.mark.parametrize("name", SHUT)
def test_each_reason_for_being_shut_has_its_page(app: Flask, name: str) -> None:
    with app.test_request_context("/f/f"):
        html = app.jinja_env.get_template(f"filling/{name}.html").render(
            form_title="Win a year",
            page_language="en",
            page_direction="ltr",
            words=words("en"),
            language_links=(),
            when="31 March 2027",
        )
    assert f"<h1>{words('en')[name]}</h1>" in html
    assert ("31 March 2027" in html) == (name in ("closed", "not_yet"))
