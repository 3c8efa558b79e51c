"""One of each type of question in a real browser: narrow and wide, light and dark, both directions, wrong and long."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from formsite.staff.models import Role
from tests.support.people import sign_in

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
PHONE, DESK, ZOOMED = ({"width": width, "height": 900} for width in (390, 1_440, 320))
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LENGTHEN = """long => document.querySelectorAll(".field__label, .group__label, .choice span, th, legend, .field__hint").forEach(
  element => { const words = [...element.childNodes].find(node => node.nodeType === 3 && node.textContent.trim());
    if (words) words.textContent = long + " "; })"""
SPOIL = """() => document.querySelectorAll("form[data-form] :is(input:not([type=hidden]), textarea)").forEach(control => {
  if (!control.name || control.name.startsWith("_")) return;
  if (["date", "time", "month", "datetime-local"].includes(control.type)) control.type = "text";
  if (control.type === "checkbox") control.checked = true;
  else if (!["radio", "file"].includes(control.type)) control.value = "x".repeat(30_000); })"""
SMALL = """() => [...document.querySelectorAll("form[data-form] :is(button, input, select, textarea, label.choice)")]
  .filter(element => element.offsetParent && !element.closest(".visually-hidden"))
  .map(element => element.matches("[type=radio], [type=checkbox]") ? element.closest("label") : element)
  .filter(element => element.getBoundingClientRect().height < 44 || element.getBoundingClientRect().width < 44)
  .map(element => element.outerHTML.slice(0, 120))"""


@pytest.fixture
def open_gallery(app: Flask, address: str, open_tab: Open) -> Open:
    """Opens the gallery for a designer; keywords as of Playwright's `new_context`."""
    client = sign_in(app, Role.DESIGNER)
    cookies = [{"name": c.key, "value": c.value, "url": address} for c in client._cookies.values()]  # noqa: SLF001

    def open_(query: str = "", **given: object) -> Page:
        tab = open_tab(**given)
        tab.context.add_cookies(cookies)  # type: ignore[arg-type]
        tab.goto(f"{address}/staff/gallery{query}")
        return tab

    return open_


def send(tab: Page) -> None:
    tab.locator("form[data-form] button.button[value=submit]").click()
    expect(tab.get_by_role("alert")).to_be_visible()


def judged(tab: Page) -> None:
    found = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth") <= tab.viewport_size["width"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("viewport", "scheme", "query"),
    [(PHONE, "light", "?lang=ar"), (DESK, "dark", ""), (ZOOMED, "dark", "?lang=ar")],
    ids=["phone, from right to left", "desk, dark", "at 400 %"],
)
def test_nothing_is_wrong_with_any_of_them(open_gallery: Open, viewport: object, scheme: str, query: str) -> None:
    tab = open_gallery(query, viewport=viewport, color_scheme=scheme)
    judged(tab)
    assert tab.evaluate(SMALL) == []


def test_nothing_is_wrong_where_every_answer_is(open_gallery: Open) -> None:
    tab = open_gallery(viewport=PHONE)
    tab.evaluate(SPOIL)
    send(tab)
    judged(tab)
    links = tab.get_by_role("alert").locator("a")
    assert links.count() > 50
    for target in links.evaluate_all("links => links.map(link => link.getAttribute('href'))"):
        assert tab.locator(f"[id='{target[1:]}']").count() == 1, target
    said = links.all_inner_texts()
    assert len(set(said)) == len(said), "no two of them say the same"


def test_words_longer_than_the_page_are_broken(open_gallery: Open) -> None:
    tab = open_gallery(viewport=PHONE)
    tab.evaluate(LENGTHEN, LONG)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_all_of_it_can_be_reached_by_keys(open_gallery: Open) -> None:
    tab = open_gallery()
    wanted = set(tab.evaluate("[...document.querySelectorAll('[data-field]:not([hidden]) :is(input, select, textarea):not([hidden], :disabled, [type=hidden])')].filter(c => c.offsetParent).map(c => c.name || c.id)"))  # fmt: skip
    reached: set[str] = set()
    for _ in range(400):
        tab.keyboard.press("Tab")
        name = tab.evaluate("document.activeElement === document.body ? null : document.activeElement.name || document.activeElement.id")  # fmt: skip
        if name is None:
            break
        reached.add(name)
    assert wanted - reached == set()


def test_without_scripts_each_can_be_answered(open_gallery: Open) -> None:
    tab = open_gallery(java_script_enabled=False, viewport=PHONE)
    tab.fill("#line", "x" * 81)
    send(tab)
    expect(tab.get_by_role("alert")).to_contain_text("“A short text”: shorten it to 80 characters")
    expect(tab.locator("#line")).to_have_attribute("aria-invalid", "true")
