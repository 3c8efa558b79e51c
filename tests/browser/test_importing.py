"""A file is dropped on the designer's screen: progress, losses, editing; and the same without scripts."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from formsite.foundation import worker
from formsite.interchange import jobs
from formsite.interchange.progress import Stage
from formsite.staff.models import Role
from tests.interchange.hostile import PDF
from tests.interchange.test_importing import BOOK
from tests.support.people import PASSWORD, make_member

pytestmark = pytest.mark.browser
DROP = """([content, name]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const held = new DataTransfer();
  for (const each of [name, "second.json"]) held.items.add(new File([bytes], each));
  for (const kind of ["dragenter", "dragover", "drop"])
    document.querySelector("h1").dispatchEvent(new DragEvent(kind, { dataTransfer: held, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def screen(app: Flask, address: str) -> str:
    make_member(app, Role.DESIGNER)
    return f"{address}/staff/forms/import"


def open_screen(tab: Tab, screen: str) -> None:
    tab.goto(screen)
    tab.get_by_label("E-mail address").fill("designer@northwind.example")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url(screen)


def drop(tab: Tab, content: bytes, name: str) -> None:
    """Anywhere on the page; of several files the first one is meant."""
    tab.evaluate(DROP, [base64.b64encode(content).decode(), name])
    tab.get_by_role("heading", name=f"Importing {name}").wait_for()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_file_is_dropped_followed_and_edited(
    app: Flask, screen: str, open_tab: Callable[..., Tab], monkeypatch: Any, width: int
) -> None:
    tab = open_tab(viewport={"width": width, "height": 900})
    open_screen(tab, screen)
    drop(tab, BOOK, "Field visit.xlsx")
    status = tab.get_by_role("status")
    expect(status).to_have_text("Waiting to be read")
    address = tab.url

    def reach(import_id: Any, until: datetime, stage: Stage) -> None:
        told(import_id, until, stage)
        expect(status).to_have_text(f"Step {stage.number} of 5: {stage.value}")

    told = jobs._reach
    monkeypatch.setattr(jobs, "_reach", reach)
    worker.run_once(app)
    tab.get_by_role("link", name="Losses as CSV").wait_for()
    assert tab.url == address and tab.get_by_text("2 things did not").is_visible()
    tab.reload()
    tab.get_by_label("Words").fill("asked later")
    tab.get_by_label("What to do").select_option("Those that need something")
    tab.get_by_role("button", name="Show", exact=True).click()
    tab.get_by_role("link", name="survey!4 in the draft").click()
    tab.wait_for_url("**/field-visit/?part=age")
    assert tab.locator('[aria-current="true"]').first.inner_text().startswith("AGE")
    tab.get_by_role("link", name="imported from Field visit.xlsx").click()
    tab.wait_for_url(address)
    assert not tab.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_refused_file_lets_choose_another(app: Flask, screen: str, open_tab: Callable[..., Tab]) -> None:
    tab = open_tab()
    open_screen(tab, screen)
    drop(tab, PDF, "form.xlsx")
    worker.run_once(app)
    tab.get_by_role("heading", name="This is a PDF document").wait_for()
    drop(tab, BOOK, "form.xlsx")
    worker.run_once(app)
    tab.get_by_role("link", name="Edit the draft").wait_for()


def test_the_same_without_scripts(app: Flask, screen: str, open_tab: Callable[..., Tab]) -> None:
    tab = open_tab(java_script_enabled=False, color_scheme="dark")
    open_screen(tab, screen)
    tab.get_by_label("File").set_input_files({"name": "a.xlsx", "mimeType": "application/octet-stream", "buffer": BOOK})
    tab.get_by_role("button", name="Import").click()
    tab.get_by_text("Waiting to be read").wait_for()
    worker.run_once(app)
    tab.get_by_role("link", name="Edit the draft").wait_for()  # the page looks again by itself


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way(app: Flask, screen: str, open_tab: Callable[..., Tab], scheme: str) -> None:
    tab = open_tab(color_scheme=scheme)
    open_screen(tab, screen)
    drop(tab, PDF, "form.xlsx")
    worker.run_once(app)
    tab.get_by_role("heading", name="This is a PDF document").wait_for()
    assert faults(tab) == []
    drop(tab, BOOK, "form.xlsx")
    assert faults(tab) == []
    worker.run_once(app)
    tab.get_by_role("link", name="Edit the draft").wait_for()
    for address in (tab.url, screen, f"{screen.removesuffix('import')}form/export"):
        tab.goto(address)
        assert faults(tab) == []


def faults(tab: Tab) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html'][:120]}" for found in Axe().run(tab).response["violations"]]
