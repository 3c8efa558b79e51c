"""The library of starters in a browser: the cards follow what is typed, and the address with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from formsite.designer.starters import STARTERS
from formsite.staff.models import Role
from tests.browser.test_chain import sign_in
from tests.support.people import make_member

pytestmark = pytest.mark.browser


def test_cards_follow_what_is_typed(app: object, address: str, open_tab: Callable[..., Tab]) -> None:
    make_member(app, Role.DESIGNER)  # type: ignore[arg-type]
    tab = open_tab(viewport={"width": 390, "height": 844})
    sign_in(tab, address)
    tab.goto(f"{address}/staff/forms/new")
    cards = tab.locator(".starter:visible")
    expect(cards).to_have_count(len(STARTERS))
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    tab.get_by_label("What should the form do?").fill("Photo jury")
    expect(cards).to_have_count(1)
    expect(tab.get_by_role("status")).to_have_text(f"1 of {len(STARTERS)}")
    expect(tab.locator(".shelf:visible")).to_have_count(1)
    expect(tab.locator(".shelves a:visible")).to_have_text(["Competitions"])
    cards.get_by_role("link", name="Preview").click()
    tab.get_by_text("Preview: nothing that you type here is kept.").wait_for()
    tab.go_back()
    expect(cards).to_have_count(1)
    tab.get_by_label("What should the form do?").fill("of nothing like it")
    expect(cards).to_have_count(0)
    expect(tab.get_by_role("heading", name="No starter fits")).to_be_visible()
    tab.get_by_label("What should the form do?").fill("")
    expect(cards).to_have_count(len(STARTERS))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_library(app: object, address: str, open_tab: Callable[..., Tab], scheme: str) -> None:
    make_member(app, Role.DESIGNER)  # type: ignore[arg-type]
    tab = open_tab(color_scheme=scheme)
    sign_in(tab, address)
    for place in ("forms/new", "forms/new?starter=prize_draw", "starters/prize_draw", "starters/rsvp?lang=de"):
        tab.goto(f"{address}/staff/{place}")
        found = Axe().run(tab)
        assert found.violations_count == 0, (place, found.generate_report())
