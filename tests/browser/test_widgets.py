"""Livelier faces of controls: what is touched is sent, what is not is no answer, and keys do what the pointer does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.test_public_js import answers
from tests.support import stored

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
PLANS = ["Small", "Medium", "Gigantic", "Große Freiheit"]


def choices(*names: str, **alone: str) -> list[dict[str, Any]]:
    made = [{"id": name.split()[0].lower().replace("ß", "ss"), "label": {"en": name}} for name in names]
    return made + [{"id": key, "label": {"en": name}, "exclusive": True} for key, name in alone.items()]


def item(name: str, type_: str, settings: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    made = {"id": name, "type": type_, "label": {"en": f"The {name}?"}, **members}
    return made | ({"settings": settings} if settings else {})


FORM: dict[str, Any] = {
    "formsite": 1,
    "kind": "questionnaire",
    "languages": ["en", "ar"],
    "title": {"en": "Widgets"},
    "pages": [
        {
            "id": "one",
            "items": [
                item("sure", "slider", {"min": 0, "max": 10, "step": 0.5, "low_label": {"en": "No"}}),
                item("paint", "colour"),
                item("plan", "search_choice", {"choices": choices(*PLANS)}),
                item("home", "country"),
                item("order", "ranking", {"choices": choices("Price", "Speed", "Help")}),
                item("uses", "several_choices", {"choices": choices("Films", "Work", none="None of these")}),
                item("stars", "rating", {"look": "stars"}),
                item("faces", "rating", {"look": "faces"}),
                item("quick", "buttons", {"choices": choices("Now", "Later")}),
                item("likely", "nps"),
                item(
                    "why",
                    "short_text",
                    shown_if={"op": "is", "left": {"field": "plan"}, "right": {"value": "gigantic"}},
                ),
            ],
        }
    ],
}


@pytest.fixture
def open_form(app: Flask, address: str, open_tab: Open) -> Open:
    """Opens the form; keywords as of Playwright's `new_context`."""
    with app.app_context():
        stored.publish(FORM, slug="f")

    def open_(query: str = "", **given: Any) -> Page:
        tab = open_tab(**given)
        tab.goto(f"{address}/f/f{query}")
        return tab

    return open_


@pytest.fixture
def tab(open_form: Open) -> Page:
    return open_form()


def send(tab: Page, app: Flask) -> dict[str, Any]:
    """Sends the form; what was stored."""
    tab.click("[value=submit]")
    expect(tab.locator("#reference")).to_be_visible()
    [stored_] = answers(app)
    return stored_


def ranked(tab: Page) -> list[str]:
    """The words of the rows, those with a place first and numbered."""
    return [" ".join(text.split()[:2]) for text in tab.locator(".ranking__row").all_inner_texts()]


def test_what_nobody_touched_is_no_answer(tab: Page, app: Flask) -> None:
    expect(tab.locator(".slider__range")).to_have_attribute("data-untouched", "")
    expect(tab.locator(".slider__range")).to_have_attribute("aria-valuetext", "Not answered")
    assert send(tab, app) == {}


def test_a_slider_and_its_number_keep_in_step(tab: Page, app: Flask) -> None:
    slider, number = tab.locator(".slider__range"), tab.locator("#sure")
    slider.focus()
    slider.press("ArrowRight")
    expect(number).to_have_value("5.5")
    expect(slider).not_to_have_attribute("data-untouched", "")
    number.fill("7,5")
    expect(slider).to_have_value("7.5")
    number.fill("")
    expect(slider).to_have_attribute("data-untouched", "")
    slider.press("Space")
    expect(number).to_have_value("5")
    assert send(tab, app) == {"sure": 5}


def test_a_colour_is_picked_or_typed(tab: Page, app: Flask) -> None:
    picker = tab.locator(".colour__picker")
    expect(picker).to_have_attribute("data-untouched", "")
    picker.fill("#cc3366")
    expect(tab.locator("#paint")).to_have_value("#cc3366")
    tab.fill("#paint", "#00FF00")
    expect(picker).to_have_value("#00ff00")
    assert send(tab, app) == {"paint": "#00ff00"}


def test_a_list_is_found_by_typing_and_chosen_by_keys(tab: Page, app: Flask) -> None:
    line, options = tab.get_by_role("combobox", name="The plan?"), tab.locator("#plan-list [role=option]")
    line.click()
    expect(options).to_have_text(PLANS)
    expect(line).to_have_attribute("aria-expanded", "true")
    line.fill("g")
    expect(options).to_have_text(["Gigantic", "Große Freiheit"])
    line.press("ArrowDown")
    active = options.first.get_attribute("id")
    expect(line).to_have_attribute("aria-activedescendant", str(active))
    line.press("Enter")
    expect(line).to_have_value("Gigantic")
    expect(tab.locator("#why")).to_be_visible()
    expect(line).to_have_attribute("aria-expanded", "false")
    assert send(tab, app) == {"plan": "gigantic"}


@pytest.mark.parametrize(
    ("keys", "held"),
    [
        (["medium", "Tab"], "Medium"),
        (["grosse", "Tab"], ""),
        (["nothing like it", "Tab"], ""),
        (["small", "Tab", "x", "Escape"], "Small"),
        (["small", "Tab", "Escape"], ""),
        (["small", "Tab", "", "Tab"], ""),
        (["free", "ArrowUp", "Enter"], ""),
        (["frei", "ArrowUp", "Enter"], "Große Freiheit"),
    ],
)
def test_what_a_line_is_left_with(tab: Page, keys: list[str], held: str) -> None:
    line = tab.get_by_role("combobox", name="The plan?")
    for key in keys:
        line.focus()
        line.press(key) if key in ("Tab", "Escape", "ArrowUp", "Enter") else line.fill(key)
    tab.locator("#paint").focus()
    expect(line).to_have_value(held)
    chosen = tab.eval_on_selector("select[name=plan]", "list => list.selectedOptions[0].textContent.trim()")
    assert chosen == (held or "Choose")


def test_nothing_found_is_said(tab: Page) -> None:
    line = tab.get_by_role("combobox", name="The home?")
    line.fill("qqq")
    expect(tab.locator("#home-list + [role=status]")).to_have_text("Nothing found")
    line.fill("aland")
    expect(tab.locator("#home-list [role=option]").first).to_have_text("Åland Islands")


def test_a_country_is_sent_by_its_code(tab: Page, app: Flask) -> None:
    line = tab.get_by_role("combobox", name="The home?")
    line.fill("Côte")
    tab.locator("#home-list [role=option]").click()
    assert send(tab, app) == {"home": "CI"}


def test_rows_are_ranked_by_buttons(tab: Page, app: Flask) -> None:
    def press(verb: str, name: str) -> None:
        tab.get_by_role("button", name=f"{verb}: {name}").click()

    press("Give it the next place", "Help")
    press("Give it the next place", "Price")
    assert ranked(tab) == ["1 Help", "2 Price", "– Speed"]
    press("Move up", "Price")
    assert ranked(tab) == ["1 Price", "2 Help", "– Speed"]
    expect(tab.locator(".ranking [role=status]")).to_have_text("Price: place 1")
    assert tab.evaluate("document.activeElement.getAttribute('aria-label')") == "Move down: Price"
    press("Take its place away", "Price")
    assert ranked(tab) == ["1 Help", "– Price", "– Speed"]
    press("Give it the next place", "Speed")
    assert send(tab, app) == {"order": ["help", "speed"]}


def test_rows_are_ranked_by_dragging(tab: Page, app: Flask) -> None:
    for name in ("Price", "Speed", "Help"):
        tab.get_by_role("button", name=f"Give it the next place: {name}").click()
    row = tab.locator(".ranking__row", has_text="Help").locator(".ranking__words")
    top = tab.locator(".ranking__row", has_text="Price").bounding_box()
    assert top
    row.hover()
    tab.mouse.down()
    tab.mouse.move(top["x"] + 60, top["y"] + 30, steps=8)
    tab.mouse.move(top["x"] + 60, top["y"] + 2, steps=4)
    tab.mouse.up()
    assert ranked(tab) == ["1 Help", "2 Price", "3 Speed"]
    assert send(tab, app) == {"order": ["help", "price", "speed"]}


def test_a_choice_that_stands_alone_unticks_the_others(tab: Page, app: Flask) -> None:
    box = "[name=uses][value={}]".format
    tab.check(box("films"))
    tab.check(box("work"))
    tab.check(box("none"))
    expect(tab.locator("[name=uses]:checked")).to_have_count(1)
    tab.check(box("films"))
    assert send(tab, app) == {"uses": ["films"]}


def test_without_javascript_every_control_is_sent(open_form: Open, app: Flask) -> None:
    tab = open_form(java_script_enabled=False)
    tab.fill("#sure", "2.5")
    tab.fill("#paint", "#abcdef")
    tab.select_option("#plan", "medium")
    tab.select_option("#home", "EG")
    tab.select_option("#order", "speed")
    tab.select_option("#order-3", "help")
    tab.check("[name=stars][value='4']", force=True)
    tab.check("[name=quick][value=later]", force=True)
    assert send(tab, app) == {
        "sure": 2.5,
        "paint": "#abcdef",
        "plan": "medium",
        "home": "EG",
        "order": ["speed", "help"],
        "stars": 4,
        "quick": "later",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?lang=ar"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    open_form: Open, scheme: str, query: str, width: int
) -> None:
    tab = open_form(query, color_scheme=scheme, viewport={"width": width, "height": 900})
    tab.locator("[name=stars][value='3']").check(force=True)
    tab.locator("[name=faces][value='4']").check(force=True)
    tab.locator("[name=quick][value=now]").check(force=True)
    tab.locator(".ranking__row").first.get_by_role("button").first.click()
    line = tab.get_by_role("combobox").first
    line.click()
    line.press("ArrowDown")
    found = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
