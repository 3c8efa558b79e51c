"""The gallery of question types: nothing is missing from it, and nothing that is typed there is kept."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from formsite.definition import checks
from formsite.definition.document import Group, walk
from formsite.definition.fieldtypes import registry
from formsite.designer import media
from formsite.designer.gallery import gallery
from formsite.foundation.database import unit_of_work
from formsite.responses.models import Response
from formsite.staff.models import Role
from tests.support.pages import Page
from tests.support.people import sign_in

PLACE = "/staff/gallery"


def test_every_type_and_every_look_is_there() -> None:
    definition = gallery().definition
    fields = list(definition.fields())
    assert {field.type for field in fields} == set(registry.names())
    looks = {field.settings.look for field in fields if field.type == "rating"}
    assert looks == {"numbers", "stars", "faces"}
    groups = [part for _, part in walk(definition) if isinstance(part, Group)]
    assert any(group.repeat for group in groups) and definition.consents
    offered = [choice for field in fields for choice in field.kind.choices(field)]
    for member in ("picture", "other", "exclusive", "shown_if", "of", "capacity"):
        assert any(getattr(choice, member) for choice in offered), member
    assert {True, False} == {bool(field.compulsory) for field in fields}


def test_it_could_be_published_in_both_languages() -> None:
    definition = gallery().definition
    assert checks.faults(definition) == () and checks.advice(definition) == ()
    assert definition.languages == ("en", "ar")


def test_its_pictures_come_with_it(client: FlaskClient) -> None:
    fields = list(gallery().definition.fields())
    names = {choice.picture for field in fields for choice in field.kind.choices(field) if choice.picture}
    names |= {field.settings.picture for field in fields if field.type == "media"}
    assert {path.name for path in media.SHIPPED.iterdir()} == names
    for name in names:
        answer = client.get(f"/media/{name}")
        assert answer.status_code == 200 and answer.mimetype == "image/png" and answer.data[:4] == b"\x89PNG"


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_it_and_are_led_to_it(app: Flask, role: Role) -> None:
    browser = sign_in(app, role)
    assert PLACE in [link.get("href") for link in Page(browser.get("/staff/account")).all("a")]
    page = Page(browser.get(PLACE))
    for field in gallery().definition.fields():
        if field.kind.drawn(field) and field.kind.asks:
            assert re.search(f'id="field-(repeats-0-)?{field.id}"', page.html), field.id
    assert "Every kind of question" in page.text


def test_what_has_no_seats_is_there_to_look_at(designer: FlaskClient) -> None:
    page = Page(designer.get(PLACE))
    [full] = [each for each in page.all("input") if each.get("value") == "workshop"]
    assert "disabled" in full.attributes and "(no places left)" in page.text


def test_strangers_do_not(client: FlaskClient) -> None:
    assert client.get(PLACE).status_code == 303
    assert client.post(PLACE).status_code in (400, 401)


def test_it_is_there_from_right_to_left(designer: FlaskClient) -> None:
    page = Page(designer.get(f"{PLACE}?lang=ar"))
    [html] = page.all("html")
    assert (html.get("lang"), html.get("dir")) == ("ar", "rtl")
    assert "واحد من كل نوع" in page.text


def test_what_is_typed_is_judged_and_not_kept(app: Flask, designer: FlaskClient) -> None:
    data = Page(designer.get(PLACE)).form_data()
    wrong = Page(designer.post(PLACE, data=data | {"_go": "submit"}), expect=422)
    assert wrong.error("line")
    more = Page(designer.post(PLACE, data=data | {"_go": "add:repeats", "line": "typed"}))
    assert "repeats-2-child" in more.html and more.typed("line") == "typed"
    fewer = Page(designer.post(PLACE, data=data | {"_go": "remove:repeats:1"}))
    assert "repeats-1-child" not in fewer.html
    right = {"line": "x", "mail": "a@example.org", "yes": "true", "points": "3", "swear": "true"}
    right |= {f"each_one-{row}": "low" for row in ("speed", "price", "advice")}
    asked = Page(designer.post(PLACE, data=data | right | {"_go": "submit"}), expect=422)
    assert "Asked once more" in asked.text
    answer = designer.post(PLACE, data=data | right | {"_go": "submit", "_sure": "soft"})
    assert answer.status_code == 303, Page(answer, expect=422).text[:1500]
    with app.app_context(), unit_of_work(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 0
