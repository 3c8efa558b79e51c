"""What is looked up while a customer types, and what comes in without scripts."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from formsite.designer.models import Form, FormState
from formsite.filling import faces
from formsite.foundation.database import db, unit_of_work
from formsite.staff.models import Role
from tests.definition.test_lists import AREA, entries, town
from tests.support import stored
from tests.support.definitions import form
from tests.support.pages import Page
from tests.support.people import sign_in

OTHER = {"id": "none", "label": {"en": "Not in the list"}, "other": True}
TOWNS = [*entries(oslo="e0", oslavany="e0", rome="e1"), OTHER]
FORM = form(AREA, town("list_choice", choices=TOWNS))


@pytest.fixture
def looked_up(app: Flask, client: FlaskClient) -> Any:
    """Asks for the entries of the form that fit."""
    with app.app_context():
        stored.publish(FORM, slug="f")
        face = faces.face("f")
    assert face is not None

    def ask(version: object = None, **given: Any) -> Any:
        query = {"field": "town", "q": "os", "of": ["e0"]} | given
        return client.get(f"/f/f/entries/{version or face.version.id}", query_string=query)

    return ask


def test_what_fits_is_told_with_its_words(looked_up: Any) -> None:
    answer = looked_up()
    expected = [["oslo", "Oslo"], ["oslavany", "Oslavany"], ["none", "Not in the list"]]
    assert answer.json == {"entries": expected, "more": False}
    assert "max-age" in answer.headers["Cache-Control"] and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"of": ["e1"], "q": ""}, ["rome", "none"]),
        ({"of": []}, ["none"]),
        ({"of": ["e0", "e1"], "q": "o"}, ["oslo", "oslavany", "rome", "none"]),
        ({"q": "\x00<script>" * 9_000}, ["none"]),
    ],
)
def test_it_depends_on_the_answer_before(looked_up: Any, given: dict[str, Any], found: list[str]) -> None:
    assert [name for name, _ in looked_up(**given).json["entries"]] == found


def test_what_is_no_list_is_not_there(looked_up: Any, client: FlaskClient) -> None:
    assert looked_up(field="area").status_code == looked_up(field="nothing").status_code == 404
    assert looked_up(version=uuid4()).status_code == 404
    assert client.get(f"/f/nowhere/entries/{uuid4()}").status_code == 404


def test_another_forms_version_is_not_told(app: Flask, looked_up: Any) -> None:
    with app.app_context():
        stored.publish(FORM, slug="g")
        other = faces.face("g")
    assert other is not None and looked_up(version=other.version.id).status_code == 404


def test_a_form_that_is_closed_tells_nothing(app: Flask, looked_up: Any) -> None:
    with app.app_context(), unit_of_work(write=True):
        db.session.execute(update(Form).values(state=FormState.CLOSED.value))
    faces.forget()
    assert looked_up().status_code == 404


def test_without_scripts_the_next_page_offers_what_fits(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        stored.publish(FORM, slug="f")
    page = Page(client.get("/f/f"))
    assert "Oslavany" not in page.html and len(page.html) < 20_000
    page = Page(client.post("/f/f", data=page.form_data() | {"area": "e0", "town": "osl"}), expect=422)
    assert 'value="osl"' in page.html
    offered = [control.get("value") for control in page.all("input") if control.get("type") == "radio"]
    assert offered == ["oslo", "oslavany", "none"]
    sent = page.form_data() | {"area": "e0", "town": ["osl", "oslavany"]}
    assert client.post("/f/f", data=sent).status_code == 303


@pytest.mark.parametrize("place", ["/staff/gallery", "/staff/forms/f/preview"])
def test_previews_look_up_as_well_and_strangers_do_not(app: Flask, client: FlaskClient, place: str) -> None:
    with app.app_context():
        stored.publish(FORM, slug="f")
    designer = sign_in(app, Role.DESIGNER)
    assert f'data-entries="{place}/entries?lang=en"' in designer.get(place).text
    name, of = ("looked_up", "north") if "gallery" in place else ("town", "e0")
    found = designer.get(f"{place}/entries", query_string={"field": name, "q": "oslo", "of": of})
    assert found.json["entries"][0][1].startswith("Oslo")
    assert client.get(f"{place}/entries", query_string={"field": name}).status_code == 303


def test_without_scripts_a_list_that_was_empty_comes_once_more(app: Flask, client: FlaskClient) -> None:
    optional = town("dropdown") | {"compulsory": False}
    with app.app_context():
        stored.publish(form(AREA, optional), slug="f")
    page = Page(client.get("/f/f"))
    assert "_asked" in page.form_data() and page.form_data()["_asked"] == ""
    page = Page(client.post("/f/f", data=page.form_data() | {"area": "e0"}), expect=422)
    assert "Your answers brought up one more question" in page.text and page.form_data()["_asked"] == "town"
    offered = [option for option in page.all("option") if option.get("value") in ("oslo", "bodo", "rome")]
    assert ["disabled" in option.attributes for option in offered] == [False, False, True]
    assert client.post("/f/f", data=page.form_data() | {"town": ""}).status_code == 303
