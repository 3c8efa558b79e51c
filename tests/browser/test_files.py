"""Files, signatures and places in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page

from tests.filling.test_uploads import asked, only, stored
from tests.support.files import PDF
from tests.support.forms import publish, text

pytestmark = pytest.mark.browser
NEEDED = {"op": "is", "left": {"field": "more"}, "right": {"value": True}}


@pytest.fixture
def form(app: Flask, address: str) -> str:
    items = [
        asked("file", "cv", {"types": ["pdf", "image"], "most_files": 3}, compulsory=True, hint=text("The newest one")),
        asked("photo", "face"),
        asked("signature", "sign"),
        asked("location", "home"),
        {"id": "more", "type": "yes_no", "label": text("Is there more?")},
        asked("file", "letter", {"types": ["pdf"]}, shown_if=NEEDED),
        {
            "id": "said",
            "type": "statement",
            "label": text("Thank you"),
            "shown_if": {"op": "answered", "field": "sign"},
        },
    ]
    publish(
        app,
        {"formsite": 1, "languages": ["en", "ar"], "title": text("Apply"), "pages": [{"id": "p", "items": items}]},
        "apply",
    )
    return f"{address}/f/apply"


def pdf(name: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


def draw(tab: Page) -> None:
    box = tab.locator(".signature__pad").bounding_box()
    assert box
    tab.mouse.move(box["x"] + 20, box["y"] + 20)
    tab.mouse.down()
    for step in range(1, 9):
        tab.mouse.move(box["x"] + 20 + step * 20, box["y"] + 20 + (step % 3) * 15)
    tab.mouse.up()


def send(tab: Page) -> None:
    tab.get_by_role("button", name="Send").click()


def test_a_signature_is_drawn_and_sent(app: Flask, form: str, open_tab: Callable[..., Page]) -> None:
    tab = open_tab()
    tab.goto(form)
    tab.locator("#cv").set_input_files([pdf("a.pdf"), pdf("b.pdf")])
    tab.locator(".signature__pad").scroll_into_view_if_needed()
    draw(tab)
    tab.locator("#field-said").wait_for()  # rules know of the drawing
    tab.get_by_role("button", name="Clear the signature").click()
    tab.locator("#field-said").wait_for(state="hidden")
    draw(tab)
    tab.locator("#field-said").wait_for()
    send(tab)
    tab.wait_for_url("**/done/**")
    files = only(app)[1]
    assert set(files) == {"a.pdf", "b.pdf", "signature.png"}
    drawn = Image.open(BytesIO(files["signature.png"])).convert("L")
    assert drawn.size == (900, 300) and drawn.getextrema()[0] < 60


def test_a_place_is_taken_from_the_device(app: Flask, form: str, open_tab: Callable[..., Page]) -> None:
    place = {"latitude": 48.1372, "longitude": -11.5756}
    tab = open_tab(geolocation=place, permissions=["geolocation"])
    tab.goto(form)
    tab.get_by_role("button", name="Use the place where I am").click()
    tab.wait_for_function("document.querySelector('#home').value")
    assert tab.locator("#home").input_value() == "48.1372, -11.5756"
    refused = open_tab(permissions=[])
    refused.goto(form)
    refused.get_by_role("button", name="Use the place where I am").click()
    refused.get_by_text("could not be found").wait_for()


def test_a_file_stays_chosen_and_is_missed_when_it_is_removed(
    app: Flask, form: str, open_tab: Callable[..., Page]
) -> None:
    tab = open_tab()
    tab.goto(form)
    tab.locator("#home").fill("nowhere")
    tab.locator("#cv").set_input_files([pdf("a.pdf")])
    send(tab)
    tab.locator("#home-error").wait_for()
    assert tab.locator(".files__name").inner_text() == "Chosen: a.pdf"
    tab.get_by_label("Remove a.pdf").check()
    tab.locator("#cv").focus()
    tab.locator("#home").focus()
    assert "choose a file" in tab.locator("#cv-error").inner_text()
    tab.get_by_label("Remove a.pdf").uncheck()
    assert tab.locator("#cv-error").count() == 0
    tab.locator("#home").fill("48.1, 11.5")
    tab.get_by_label("Yes").check()
    tab.locator("#letter").set_input_files([pdf("letter.pdf")])
    send(tab)
    tab.wait_for_url("**/done/**")
    assert set(only(app)[1]) == {"a.pdf", "letter.pdf"}
    assert stored(app)[0] == 1


@pytest.mark.parametrize("given", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 360, "height": 800}}])
def test_nothing_is_wider_than_the_page(form: str, open_tab: Callable[..., Page], given: dict[str, Any]) -> None:
    tab = open_tab(**given)
    for language in ("en", "ar"):
        tab.goto(f"{form}?lang={language}")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for control in tab.locator("input:visible, button:visible").all():
            box = control.bounding_box()
            assert box and (box["height"] >= 24 or control.get_attribute("class") == "choice__input")
