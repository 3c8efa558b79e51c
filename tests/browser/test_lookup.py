"""A list too long to come with the page: what fits is asked for while one types, and nothing is lost without an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.test_public_js import answers
from tests.definition.test_lists import AREA, entries, town
from tests.support import stored
from tests.support.definitions import form

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
SHOPS = [*entries(*(f"Shop {n}" for n in range(3_000))), *entries(tromsø="e0", bodø="e0", rome="e1")]


@pytest.fixture
def open_form(app: Flask, address: str, open_tab: Open) -> Open:
    """Opens the form; keywords as of Playwright's `new_context`."""
    towns = [entry | {"id": entry["id"].replace("ø", "o")} for entry in SHOPS]
    then = {"op": "is", "left": {"field": "town"}, "right": {"value": "rome"}}
    why = {"id": "why", "type": "short_text", "label": {"en": "Why Rome?"}, "shown_if": then}
    with app.app_context():
        stored.publish(form(AREA, town("list_choice", choices=towns), why), slug="f")

    def open_(**given: object) -> Page:
        tab = open_tab(**given)
        tab.goto(f"{address}/f/f")
        return tab

    return open_


def send(tab: Page, app: Flask) -> dict[str, object]:
    tab.click("[value=submit]")
    expect(tab.locator("#reference")).to_be_visible()
    [stored_] = answers(app)
    return stored_


def test_what_fits_is_found_chosen_and_sent(open_form: Open, app: Flask) -> None:
    tab = open_form()
    assert len(tab.content()) < 30_000
    tab.select_option("#area", "e0")
    line, options = tab.get_by_role("combobox", name="Town"), tab.locator("#town-list [role=option]")
    line.fill("tromso")
    expect(options).to_have_text(["Tromsø"])
    line.press("ArrowDown")
    line.press("Enter")
    expect(line).to_have_value("Tromsø")
    assert send(tab, app) == {"area": "e0", "town": "tromso"}


def test_a_rule_sees_the_entry_and_another_answer_before_takes_it_back(open_form: Open) -> None:
    tab = open_form()
    tab.select_option("#area", "e1")
    line = tab.get_by_role("combobox", name="Town")
    line.fill("rome")
    tab.locator("#town-list [role=option]").click()
    expect(tab.locator("#why")).to_be_visible()
    tab.select_option("#area", "e0")
    expect(line).to_have_value("")
    expect(tab.locator("#why")).to_be_hidden()


def test_a_list_says_that_there_are_more_or_none(open_form: Open) -> None:
    tab = open_form()
    line, status = tab.get_by_role("combobox", name="Town"), tab.locator("#town-list + [role=status]")
    line.fill("shop")
    expect(tab.locator("#town-list [role=option]")).to_have_count(50)
    expect(status).to_have_text("There are more: type on")
    line.fill("qqq")
    expect(status).to_have_text("Nothing found")


def test_what_was_typed_and_not_chosen_is_sent_and_answered(open_form: Open) -> None:
    tab = open_form()
    tab.route("**/entries/**", lambda route: route.abort())
    tab.get_by_role("combobox", name="Town").fill("hop 299")
    tab.keyboard.press("Tab")
    tab.unroute("**/entries/**")
    tab.click("[value=submit]")
    line = tab.get_by_role("combobox", name="Town")
    expect(line).to_have_value("hop 299")
    expect(line).to_have_attribute("aria-invalid", "true")
    expect(tab.locator("#field-town .field__error")).to_contain_text("choose one of the entries that fit")


def test_axe_finds_nothing_in_what_fits(open_form: Open) -> None:
    tab = open_form(viewport={"width": 390, "height": 900})
    tab.get_by_role("combobox", name="Town").fill("shop 1")
    expect(tab.locator("#town-list [role=option]").first).to_be_visible()
    found = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_without_scripts_the_next_page_offers_what_fits(open_form: Open) -> None:
    tab = open_form(java_script_enabled=False, viewport={"width": 390, "height": 900})
    tab.fill("#town", "hop 299")
    tab.click("[value=submit]")
    fitting = tab.get_by_role("group", name="These fit")
    expect(fitting.get_by_role("radio")).to_have_count(11)
    fitting.get_by_text("Shop 2995").click()
    tab.click("[value=submit]")
    expect(tab.locator("#reference")).to_be_visible()
