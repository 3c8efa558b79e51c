"""The whole chain as people do it: a designer makes and publishes a form, a customer fills it in on a phone, and a day
later answers the feedback request that came by real SMTP. Once with JavaScript, once without."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Page as Tab
from sqlalchemy import select

from formsite.consent.models import ConsentRecord
from formsite.filling import faces
from formsite.foundation import clock, worker
from formsite.foundation.database import db, unit_of_work
from formsite.responses.models import Response
from formsite.staff.models import Role
from tests.support.people import PASSWORD, make_member
from tests.support.smtp import Catcher

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "xlsform"


def sign_in(tab: Tab, address: str) -> None:
    tab.goto(f"{address}/staff/sign-in")
    tab.get_by_label("E-mail address").fill("designer@northwind.example")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url("**/staff/forms/**")


def begin(tab: Tab, address: str, title: str, starter: str) -> str:
    """A form out of a starter; its slug."""
    tab.goto(f"{address}/staff/forms/new")
    tab.locator(f"#{starter}").get_by_role("link", name="Use this").click()
    tab.get_by_label("Title").fill(title)
    tab.get_by_role("button", name="Begin").click()
    tab.wait_for_url(re.compile(r"/staff/forms/[a-z-]+/"))
    return re.search(r"/staff/forms/([^/]+)/", tab.url).group(1)


def publish(tab: Tab, address: str, slug: str) -> None:
    tab.goto(f"{address}/staff/forms/{slug}/publish")
    tab.get_by_role("main").get_by_role("button", name="Publish").click()
    tab.wait_for_url("**/versions")
    assert "Version 1" in tab.content()
    faces.forget()


def ask_for_feedback(tab: Tab, address: str, slug: str, feedback: str) -> None:
    tab.goto(f"{address}/staff/forms/{slug}/follow-up")
    tab.locator("#form").select_option(feedback)
    tab.locator("#after_hours").fill("24")
    tab.locator("#subject").fill("How did it go?")
    tab.locator("#body").fill("You said that we may ask you.")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_text("Saved.").wait_for()


def mail_of_tomorrow(app: Flask, smtp: Catcher) -> tuple[Any, str]:
    """The one mail, and the personal link in it."""
    worker.run_once(app)
    assert smtp.messages == [], "it left too early"
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        worker.run_once(app)
        worker.run_once(app)
    (message,) = smtp.messages
    text = message.get_body(("plain",)).get_content()
    return message, re.search(r"https?://\S+/f/\S+about=\S+", text).group(0)


def rows(app: Flask, table: Any) -> list[Any]:
    with app.app_context(), unit_of_work(write=False) as session:
        found = list(session.scalars(select(table).order_by(table.id)))
        session.expunge_all()
        db.session.remove()
        return found


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_from_design_to_feedback(
    app: Flask, address: str, open_tab: Callable[..., Tab], smtp: Catcher, scripts: bool
) -> None:
    make_member(app, Role.DESIGNER)
    staff = open_tab(java_script_enabled=scripts)
    sign_in(staff, address)
    feedback = begin(staff, address, "How was it for you", "feedback")
    publish(staff, address, feedback)
    slug = begin(staff, address, "Summer survey", "questionnaire")
    staff.get_by_role("button", name="Yes or no").click()
    staff.locator("#label").fill("May the dog come along?")
    staff.locator('button.button:has-text("Save")').first.click()
    staff.wait_for_load_state()
    ask_for_feedback(staff, address, slug, feedback)
    publish(staff, address, slug)

    customer = open_tab(java_script_enabled=scripts, viewport=PHONE)
    customer.goto(f"{address}/f/{slug}")
    customer.locator('input[name="how_often"][value="not_yet"]').check()
    if scripts:
        customer.locator("#what_stops").wait_for(state="visible")
        assert customer.locator("#field-what_for").is_hidden()
    else:
        customer.get_by_role("button", name="Continue").click()
        assert customer.get_by_role("alert").is_visible()
    customer.locator("#what_stops").fill("The price")
    customer.get_by_role("button", name="Continue").click()
    customer.wait_for_url("**/you")
    customer.locator("#email").fill("not an address")
    customer.get_by_role("button", name="Continue").click()
    customer.get_by_role("alert").get_by_role("link").click()
    assert customer.locator("#email").input_value() == "not an address"
    customer.locator("#email").fill("grace@example.org")
    customer.get_by_role("button", name="Continue").click()
    customer.wait_for_url(re.compile("/review"))  # a browser keeps the fragment of the link it followed
    assert "The price" in customer.content()
    assert not customer.locator("#consent-feedback").is_checked()
    customer.locator("#consent-feedback").check()
    customer.get_by_role("button", name="Send").click()
    customer.wait_for_url("**/done/**")
    customer.locator('a[href^="/r/"]').click()
    assert customer.locator('[data-consent="feedback"]').get_attribute("data-value") == "given"
    assert customer.locator('[data-consent="profile"]').get_attribute("data-value") == "refused"

    message, link = mail_of_tomorrow(app, smtp)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    customer.goto(link.replace("http://localhost", address))
    customer.locator('input[name="easy"][value="5"]').check(force=True)
    customer.get_by_role("button", name="Send").click()
    customer.wait_for_url("**/done/**")
    first, second = rows(app, Response)
    assert second.about_id == first.id and second.answers == {"easy": 5}
    assert [row.event for row in rows(app, ConsentRecord)] == ["chosen", "chosen"]
    customer.goto(link.replace("http://localhost", address))
    assert "answered" in customer.content()


@pytest.mark.interop
def test_a_real_questionnaire_goes_the_whole_way(
    app: Flask, address: str, open_tab: Callable[..., Tab], smtp: Catcher
) -> None:
    source = CORPUS / "mitwirken_umfrage.xlsx"
    if not source.exists():
        pytest.skip(f"THE CORPUS IS ABSENT: {source} is needed for this test")
    make_member(app, Role.DESIGNER)
    staff = open_tab()
    sign_in(staff, address)
    feedback = begin(staff, address, "How was it for you", "feedback")
    publish(staff, address, feedback)
    staff.goto(f"{address}/staff/forms/import")
    staff.get_by_label("File").set_input_files(source)
    staff.get_by_role("button", name="Import").click()
    staff.wait_for_url("**/forms/import/*")
    worker.run_once(app)
    staff.get_by_role("link", name="Edit the draft").click()
    staff.wait_for_load_state()
    slug = re.search(r"/staff/forms/([^/]+)/", staff.url).group(1)
    staff.get_by_role("button", name="E-mail address", exact=True).click()
    staff.wait_for_load_state()
    staff.goto(f"{address}/staff/forms/{slug}/consent")
    staff.locator('textarea[name="consents.0.wording"]').fill("Fragt mich einmal, wie es war.")
    staff.get_by_role("button", name="Save").click()
    staff.get_by_text("Saved.").wait_for()
    ask_for_feedback(staff, address, slug, feedback)
    publish(staff, address, slug)

    with app.app_context():
        face = faces.face(slug)
        plan = face.version.plan
        pages, email = len(plan.pages), next(f.id for f in plan.definition.fields() if f.type == "email")
    customer = open_tab(viewport=PHONE)
    customer.goto(f"{address}/f/{slug}")
    for _ in range(2 * pages):  # what an answer opens is asked for when the page comes back
        if "/done/" in customer.url:
            break
        _answer_everything(customer)
        if customer.locator(f"#{email}").count():
            customer.locator(f"#{email}").fill("grace@example.org")
        if customer.locator('input[name^="consent-"]').count():
            customer.locator('input[name^="consent-"]').first.check()
        customer.locator('button[name="_go"]').first.click()
        customer.wait_for_load_state()
    assert "/done/" in customer.url, customer.content()[:2_000]
    _, link = mail_of_tomorrow(app, smtp)
    customer.goto(link.replace("http://localhost", address))
    customer.locator('input[name="easy"][value="4"]').check(force=True)
    customer.locator('button[name="_go"]').first.click()
    customer.wait_for_url("**/done/**")
    first, second = rows(app, Response)
    assert second.about_id == first.id


def _answer_everything(tab: Tab) -> None:
    """The first choice of each question, a few words, a number: whatever the page asks."""
    for control in tab.locator(
        "form[data-form] input:visible, form[data-form] textarea:visible, form[data-form] select:visible"
    ).all():
        kind, name = control.get_attribute("type"), control.get_attribute("name") or ""
        if kind == "radio":
            first = tab.locator(f'input[name="{name}"]').first
            if not tab.locator(f'input[name="{name}"]:checked').count():
                first.check(force=True)
        elif kind == "checkbox" and not name.startswith("consent-"):
            if not tab.locator(f'input[name="{name}"]:checked').count():
                control.check(force=True)
        elif kind == "date":
            control.fill("2026-05-01")
        elif control.get_attribute("inputmode") in ("numeric", "decimal"):
            control.fill("3")
        elif kind == "text":
            control.fill("grace@example.org" if "mail" in name else "some words")
