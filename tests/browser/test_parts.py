"""Fields made of parts in the browser: tables and cards, rows by rule, sums, and all of it without scripts."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from formsite.definition.document import parse
from formsite.definition.flow import Plan
from tests.browser.test_mirror import ANSWER, SEEN
from tests.browser.test_public_js import answers
from tests.support import stored

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
ARABIC = {"speed": "السرعة", "price": "السعر", "advice": "المشورة", "good": "جيد", "fair": "مقبول", "poor": "ضعيف"}
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def lines(*names: str, **rules: Any) -> list[dict[str, Any]]:
    """Rows or columns, some of them shown by a rule."""
    made = [{"id": name, "label": {"en": name.title(), "ar": ARABIC.get(name, name)}} for name in (*names, *rules)]
    return [line | ({"shown_if": rules[line["id"]]} if line["id"] in rules else {}) for line in made]


def ask(name: str, type_: str, settings: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A question."""
    made = {"id": name, "type": type_, "label": {"en": name.title(), "ar": name}, **members}
    return made | ({"settings": settings} if settings else {})


def is_(name: str, value: Any) -> dict[str, Any]:
    """A rule: the answer is `value`."""
    return {"op": "is", "left": {"field": name}, "right": {"value": value}}


MOVED = is_("moved", True)
SCALE = lines("good", "fair", "poor")
LEVELS = {"choices": [{"id": "low", "label": {"en": "Low"}}, {"id": "high", "label": {"en": "High"}}]}
MIXED = [
    {"id": "level", "label": {"en": "Level"}, "type": "single_choice", "settings": LEVELS, "compulsory": True},
    {"id": "known", "label": {"en": "Known?"}, "type": "yes_no"},
    {"id": "note", "label": {"en": "Note"}},
]
ITEMS = [
    ask("moved", "yes_no"),
    ask("rate", "matrix_one", {"rows": lines("speed", "price", advice=MOVED), "columns": SCALE}, compulsory=MOVED),
    ask("why", "short_text", shown_if=is_("rate-speed", "poor")),
    ask("uses", "matrix_several", {"rows": lines(home=MOVED, work=MOVED), "columns": lines("films", "games")}),
    ask("wide", "matrix_one", {"rows": lines("speed", "price"), "columns": lines(*map(str, range(11)))}),
    ask("mixed", "matrix_mixed", {"rows": lines("first", second=MOVED), "columns": MIXED}),
    ask("people", "matrix_number", {"rows": lines("ground", "upper"), "columns": lines("men", "women")}),
    ask("share", "constant_sum", {"items": lines("work", "rest", travel=MOVED), "total": 24}),
    ask("name", "full_name", {"middle": True}, compulsory=MOVED),
    ask("home", "address"),
    ask("stay", "date_range", shown_if=is_("share-work", 8)),
    ask("mail", "email_confirmed"),
]
FORM: dict[str, Any] = {
    "formsite": 1,
    "languages": ["en", "ar"],
    "title": {"en": "Parts", "ar": "أجزاء"},
    "pages": [{"id": "one", "items": ITEMS}],
}


@pytest.fixture
def open_form(app: Flask, address: str, open_tab: Open) -> Open:
    """Opens the form; keywords as of `open_tab`."""
    with app.app_context():
        stored.publish(FORM, slug="parts")

    def open_(query: str = "", **given: Any) -> Page:
        tab = open_tab(**given)
        tab.goto(f"{address}/f/parts{query}")
        return tab

    return open_


@pytest.mark.parametrize("seed", range(4))
def test_both_ask_the_same_whatever_is_answered(seed: int, open_form: Open) -> None:
    form = open_form().locator("form", has_text="Moved")
    rng, plan, today = random.Random(seed), Plan(parse(FORM)), datetime.now(UTC).date()
    for _ in range(40):
        form.evaluate(ANSWER, [rng.randrange(1_000), rng.choice(["8", "4", "x", "2026-05-01", ""])])
        seen = form.evaluate(SEEN)
        sent: dict[str, list[str]] = {}
        for name, value in seen["sent"]:
            sent.setdefault(name, []).append(value)
        state = plan.take("one", sent, {}, asked=seen["shown"], language="en", today=today).state
        assert seen["shown"] == state.shown, sent
        assert set(seen["compulsory"]) == state.compulsory, sent


def test_a_table_on_a_desk_and_cards_on_a_phone(open_form: Open) -> None:
    tab = open_form(viewport=DESK)
    head, row = tab.locator("#field-rate thead"), tab.locator("#field-rate-speed")
    expect(head).to_be_in_viewport()
    tops = [box.bounding_box()["y"] for box in row.locator(".choice").all()]  # type: ignore[index]
    assert len(set(tops)) == 1 and row.locator(".grid__word").first.bounding_box()["width"] <= 1  # type: ignore[index]
    tab.set_viewport_size(PHONE)  # type: ignore[arg-type]
    words = row.locator(".grid__word")
    assert [word.inner_text() for word in words.all()] == ["Good", "Fair", "Poor"]
    tops = [word.bounding_box()["y"] for word in words.all()]  # type: ignore[index]
    assert tops == sorted(set(tops)) and head.bounding_box()["width"] <= 1  # type: ignore[index]
    assert tab.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_every_control_is_named_by_its_row_and_column_and_large_enough(open_form: Open, viewport: Any) -> None:
    tab = open_form(viewport=viewport)
    assert tab.get_by_role("radio", name="Speed Good").get_attribute("name") == "rate-speed"
    assert tab.get_by_role("textbox", name="Ground: Women").get_attribute("name") == "people-ground-women"
    assert tab.get_by_role("group", name="First: Level").get_by_role("radio").count() == 2
    sizes = tab.locator(".grid .choice:visible, .grid .control:visible").evaluate_all(
        "found => found.map((each) => each.getBoundingClientRect()).map(({ width, height }) => [width, height])"
    )
    assert len(sizes) > 30 and all(width >= 44 and height >= 43.5 for width, height in sizes)


def test_a_wide_grid_scrolls_in_a_box_that_keys_can_reach(open_form: Open) -> None:
    tab = open_form(viewport={"width": 760, "height": 900})
    box = tab.get_by_role("region", name="Wide")
    box.focus()
    assert box.evaluate("box => box === document.activeElement")
    assert tab.evaluate("document.documentElement.scrollWidth") == 760


def test_a_row_is_cleared_beside_its_words(open_form: Open) -> None:
    tab = open_form()
    tab.locator("#rate-speed").check(force=True)
    tab.locator("#field-rate-speed").get_by_role("button", name="Clear").click()
    assert tab.locator("[name=rate-speed]:checked").count() == 0


def test_the_sum_is_said_while_it_is_typed(open_form: Open) -> None:
    tab = open_form()
    shown = tab.locator("#share output")
    expect(shown).to_have_text("Sum so far: 0 / 24")
    tab.fill("#share-work", "8")
    tab.fill("#share-rest", "16")
    expect(shown).to_have_text("Sum so far: 24 / 24")
    expect(shown).to_have_class("sum sum--right")
    tab.fill("#share-rest", "17")
    expect(shown).to_have_class("sum sum--over")


def send(tab: Page) -> None:
    """By the first button of the page."""
    tab.locator("main form button[name=_go]").first.click()
    tab.wait_for_load_state()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_errors_lead_to_the_part_or_to_the_whole(app: Flask, open_form: Open, script: bool) -> None:
    tab = open_form(java_script_enabled=script)
    tab.locator("#rate-speed").check(force=True)
    tab.fill("#share-work", "8")
    tab.fill("#people-ground-men", "two")
    tab.fill("#mail", "a@example.org")
    tab.fill("#mail-again", "b@example.org")
    tab.locator("#mixed-first-level").check(force=True)
    send(tab)
    summary = tab.locator("#error-summary")
    links = {link.get_attribute("href"): link.inner_text() for link in summary.locator("a").all()}
    assert set(links) == {"#people-ground-men", "#share", "#mail"}
    assert links["#people-ground-men"] == "“People: Ground: Men”: enter a number, in digits"
    summary.get_by_role("link", name="Share").click()
    assert tab.url.endswith("#share") or tab.evaluate("document.activeElement.id") == "share"
    tab.fill("#share-rest", "16")
    tab.fill("#people-ground-men", "2")
    tab.fill("#mail-again", "a@example.org")
    send(tab)
    expect(tab.locator("#error-summary")).to_have_count(0)
    (stored_,) = answers(app)
    assert stored_ == {
        "rate-speed": "good",
        "share-work": 8,
        "share-rest": 16,
        "people-ground-men": 2,
        "mail": "a@example.org",
        "mixed-first-level": "low",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?lang=ar"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing(open_form: Open, scheme: str, query: str, viewport: Any) -> None:
    tab = open_form(query, color_scheme=scheme, viewport=viewport)
    tab.locator("#rate-speed").check(force=True)
    tab.fill("#people-ground-men", "two")
    tab.locator("button[name=_go]").first.click()
    expect(tab.locator("#error-summary")).to_be_visible()
    found = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
