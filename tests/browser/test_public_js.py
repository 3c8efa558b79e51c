"""What `static/js/public.js` does to a form, and that everything works without it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, Response, expect
from sqlalchemy import select

from formsite.definition.document import Field, parse
from formsite.definition.fieldtypes.base import Unreadable
from formsite.definition.messages import Message, words
from formsite.foundation.database import db, unit_of_work
from formsite.responses import models
from tests.support import stored

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
MISSING = words("en").say(Message("missing_name", {"label": "Name"}))
FIBRE = {"op": "is", "left": {"field": "connection"}, "right": {"value": "fibre"}}


def said(text: str) -> dict[str, str]:
    return {"en": text, "ar": f"سؤال {text}"}


FORM: dict[str, Any] = {
    "formsite": 1,
    "kind": "registration",
    "languages": ["en", "ar"],
    "title": said("Broadband"),
    "notice": said("Kept for 90 days."),
    "pages": [
        {
            "id": "home",
            "title": said("Your home"),
            "items": [
                {
                    "id": "connection",
                    "type": "single_choice",
                    "label": said("Which connection do you have?"),
                    "settings": {
                        "choices": [{"id": "fibre", "label": said("Fibre")}, {"id": "dsl", "label": said("DSL")}]
                    },
                },
                {
                    "id": "line",
                    "type": "group",
                    "label": said("Your line"),
                    "shown_if": FIBRE,
                    "items": [
                        {
                            "id": "speed",
                            "type": "number",
                            "label": said("Speed"),
                            "settings": {"decimals": 3, "unit": said("Mbit/s")},
                        },
                        {
                            "id": "fast",
                            "type": "yes_no",
                            "label": said("Is it as fast as that?"),
                            "shown_if": {"op": "more", "left": {"field": "speed"}, "right": {"value": 1000}},
                        },
                    ],
                },
                {
                    "id": "rated",
                    "type": "rating",
                    "label": said("How is it?"),
                    "hint": said("Honestly."),
                    "settings": {"from": 0, "to": 10, "low_label": said("Bad"), "high_label": said("Good")},
                },
                {
                    "id": "wrong",
                    "type": "long_text",
                    "label": said("What went wrong?"),
                    "compulsory": {"op": "at_most", "left": {"field": "rated"}, "right": {"value": 3}},
                },
                {
                    "id": "uses",
                    "type": "several_choices",
                    "label": said("What for?"),
                    "compulsory": True,
                    "settings": {
                        "choices": [
                            {"id": "work", "label": said("Work")},
                            {"id": "films", "label": said("Films"), "shown_if": FIBRE},
                        ]
                    },
                },
                {
                    "id": "plan",
                    "type": "dropdown",
                    "label": said("Which plan?"),
                    "settings": {
                        "choices": [
                            {"id": "small", "label": said("Small")},
                            {"id": "giga", "label": said("Giga"), "shown_if": FIBRE},
                        ]
                    },
                },
                {"id": "since", "type": "date", "label": said("Since when?")},
                {
                    "id": "full_name",
                    "type": "name",
                    "label": said("Name"),
                    "compulsory": True,
                    "why": said("For the contract."),
                    "personal": True,
                },
            ],
        },
    ],
    "consents": [{"id": "news", "purpose": "marketing", "channel": "email", "wording": said("Send me news")}],
}


@pytest.fixture
def form(app: Flask, address: str) -> str:
    """Where the form is."""
    with app.app_context():
        stored.publish(FORM, slug="home")
    return f"{address}/f/home"


@pytest.fixture
def tab(open_tab: Open, form: str) -> Page:
    """The form, opened in a browser."""
    tab = open_tab()
    tab.goto(form)
    return tab


def answers(app: Flask) -> list[dict[str, Any]]:
    """What was stored, without the personal answers."""
    with app.app_context(), unit_of_work(write=False):
        return list(db.session.scalars(select(models.Response.answers)))


def asked(tab: Page) -> set[str]:
    return set(filter(None, tab.input_value("[name=_asked]").split(",")))


# -- questions that depend on answers ----------------------------------------------------------------------------------
def test_a_question_appears_is_announced_and_goes_again(tab: Page) -> None:
    expect(tab.locator("#speed")).to_be_hidden()
    expect(tab.locator("#speed")).to_be_disabled()
    tab.check("input[value=fibre]")
    expect(tab.locator("#speed")).to_be_visible()
    expect(tab.locator("#speed")).to_be_enabled()
    expect(tab.locator("main > [role=status], form ~ [role=status]")).to_have_text("One more question has appeared")
    assert asked(tab) == {"speed"}
    tab.check("input[value=dsl]")
    expect(tab.locator("[data-group=line]")).to_be_hidden()
    expect(tab.locator("#speed")).to_be_disabled()
    assert asked(tab) == set()


def test_what_appeared_is_sent_in_one_go_and_what_went_is_not(tab: Page, app: Flask) -> None:
    tab.check("input[value=fibre]")
    tab.fill("#speed", "1 500")
    tab.check("[name=fast][value=true]")
    tab.check("[name=uses][value=films]")
    tab.fill("#full_name", "Ada")
    tab.click("[value=submit]")
    expect(tab.locator("#reference")).to_be_visible()
    assert answers(app) == [{"connection": "fibre", "speed": 1500, "fast": True, "uses": ["films"]}]


def test_an_answer_that_is_no_longer_asked_is_not_sent(tab: Page, app: Flask) -> None:
    tab.check("input[value=fibre]")
    tab.fill("#speed", "10")
    tab.check("[name=uses][value=films]")
    tab.check("[name=uses][value=work]")
    tab.select_option("#plan", "giga")
    tab.check("input[value=dsl]")
    expect(tab.locator("[name=uses][value=films]")).to_be_hidden()
    expect(tab.locator("#plan")).to_have_value("")
    tab.fill("#full_name", "Ada")
    tab.click("[value=submit]")
    expect(tab.locator("#reference")).to_be_visible()
    assert answers(app) == [{"connection": "dsl", "uses": ["work"]}]


def test_compulsory_by_rule_says_so_at_once(tab: Page) -> None:
    word = tab.locator("#field-wrong .field__word")
    expect(word).to_have_text("optional")
    tab.check("[name=rated][value='2']")
    expect(word).to_have_text("compulsory")
    assert tab.locator("#wrong").evaluate("control => control.required")
    tab.check("[name=rated][value='9']")
    expect(word).to_have_text("optional")
    assert not tab.locator("#wrong").evaluate("control => control.required")


NUMBERS = (
    "1000",
    "1001",
    "1 001",
    "1,001.5",
    "1.001,5",
    "1001,5",
    "1,001",
    "1.001",
    "1'500",
    "\N{MINUS SIGN}5000",
    "1e9",
    "0x1000",
    "many",
    "1,0,0,1",
    "2,000,000",
    "+1001",
    "1001.",
    ".5",
    "12,001",
    "0.001",
    "0,001",
    "1.001.001",
    "1,001,001.5",
    "\N{ARABIC-INDIC DIGIT TWO}\N{ARABIC-INDIC DIGIT ZERO}\N{ARABIC-INDIC DIGIT ZERO}\N{ARABIC-INDIC DIGIT NINE}",
    "\N{MATHEMATICAL MONOSPACE DIGIT NINE}000",
    "9" * 16,
)


def test_numbers_are_read_as_the_server_reads_them(tab: Page) -> None:
    tab.check("input[value=fibre]")
    field = parse(FORM).by_id["speed"]
    seen = {}
    for typed in NUMBERS:
        tab.fill("#speed", typed)
        seen[typed] = tab.locator("#fast").is_visible()
    assert seen == {typed: is_over_1000(field, typed) for typed in NUMBERS}
    assert set(seen.values()) == {True, False}


def is_over_1000(field: Field, typed: str) -> bool:
    try:
        value = field.kind.parse([typed], field)
    except Unreadable:
        return False
    return isinstance(value, int | float) and value > 1000


def test_answers_that_came_back_are_mirrored_from_the_start(tab: Page) -> None:
    tab.check("input[value=fibre]")
    tab.click("[value=submit]")
    expect(tab.locator("#error-summary")).to_be_focused()
    expect(tab.locator("#speed")).to_be_visible()
    assert asked(tab) == {"speed"}


# -- leaving, clearing, sending ----------------------------------------------------------------------------------------
def test_a_compulsory_answer_taken_out_is_missed_on_leaving_but_not_before(tab: Page) -> None:
    name = tab.locator("#full_name")
    name.focus()
    tab.keyboard.press("Tab")
    expect(tab.locator("#full_name-error")).to_have_count(0)
    name.fill("Ada")
    name.fill("")
    expect(tab.locator("#full_name-error")).to_have_count(0)
    tab.keyboard.press("Tab")
    expect(tab.locator("#full_name-error")).to_have_text(MISSING)
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_attribute("aria-describedby", "full_name-error full_name-why")
    name.fill("A")
    expect(tab.locator("#full_name-error")).to_have_count(0)
    expect(name).to_have_attribute("aria-describedby", "full_name-why")
    assert name.get_attribute("aria-invalid") is None


def test_an_optional_choice_can_be_taken_back(tab: Page) -> None:
    clear = tab.locator("#field-connection .field__clear")
    expect(clear).to_be_hidden()
    tab.check("input[value=fibre]")
    expect(clear).to_have_text("Clear this answer")
    clear.click()
    expect(tab.locator("input[value=fibre]")).not_to_be_checked()
    expect(tab.locator("#connection")).to_be_focused()
    expect(tab.locator("#speed")).to_be_hidden()
    expect(clear).to_be_hidden()


def test_a_group_of_boxes_requires_one_of_them(tab: Page) -> None:
    boxes = "() => [...document.querySelectorAll('[name=uses]:enabled')].map(box => box.required)"
    assert tab.evaluate(boxes) == [True]
    tab.check("[name=uses][value=work]")
    assert tab.evaluate(boxes) == [False]


def test_a_second_click_sends_nothing_and_coming_back_frees_the_button(tab: Page) -> None:
    tab.evaluate("""() => {
        window.sent = 0;
        document.addEventListener("submit", (event) => { window.sent += event.defaultPrevented ? 0 : 1; event.preventDefault(); });
    }""")
    button = "document.querySelector('[value=submit]').click()"
    tab.evaluate(f"{button}; {button}")
    assert tab.evaluate("window.sent") == 1
    expect(tab.locator("[value=submit]")).to_have_attribute("aria-disabled", "true")
    tab.evaluate("dispatchEvent(new Event('pageshow'))")
    tab.evaluate(button)
    assert tab.evaluate("window.sent") == 2


def test_the_summary_leads_to_the_control(tab: Page) -> None:
    tab.click("[value=submit]")
    expect(tab.locator("#error-summary h2")).to_have_text("2 answers need another look")
    tab.click("#error-summary a[href='#full_name']")
    expect(tab.locator("#full_name")).to_be_focused()


# -- without it ---------------------------------------------------------------------------------------------------------
def test_all_of_it_works_without_javascript(open_tab: Open, form: str, app: Flask) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.goto(form)
    tab.check("input[value=fibre]")
    tab.check("[name=uses][value=work]")
    tab.fill("#full_name", "Ada")
    tab.click("[value=submit]")
    expect(tab.locator("[role=alert] h2")).to_have_text("Your answers brought up one more question")
    tab.fill("#speed", "50")
    tab.click("[value=submit]")
    expect(tab.locator("#reference")).to_be_visible()
    assert answers(app) == [{"connection": "fibre", "speed": 50, "uses": ["work"]}]


# -- what it costs, and for whom it works --------------------------------------------------------------------------------
def test_a_first_visit_is_three_requests_and_few_bytes(open_tab: Open, form: str) -> None:
    tab = open_tab()
    responses: list[Response] = []
    tab.on("response", lambda response: responses.append(response))
    tab.goto(form, wait_until="networkidle")
    assert [response.request.resource_type for response in responses] == ["document", "stylesheet", "script"]
    assert all(response.url.startswith(form.removesuffix("/f/home")) for response in responses)
    assert sum(response.request.sizes()["responseBodySize"] for response in responses) <= 30_000


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_fault_that_a_machine_can_find(open_tab: Open, form: str, language: str, scheme: str) -> None:
    tab = open_tab(color_scheme=scheme)
    tab.goto(f"{form}?lang={language}")
    faults = Axe().run(tab).generate_report()
    assert "Found 0 accessibility violations" in faults, faults
    tab.check("input[value=fibre]")
    tab.check("[name=rated][value='1']")
    tab.click("[value=submit]")
    expect(tab.locator("[role=alert]")).to_be_visible()
    faults = Axe().run(tab).generate_report()
    assert "Found 0 accessibility violations" in faults, faults


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_cut_off_and_targets_are_large(open_tab: Open, form: str, width: int) -> None:
    tab = open_tab(viewport={"width": width, "height": 900})
    tab.goto(form)
    tab.check("input[value=fibre]")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    targets = ".control, .choice, .button, .scale__point, .public-header__languages a"
    heights = tab.locator(targets).evaluate_all(
        "all => all.filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().height)"
    )
    assert len(heights) > 10
    assert min(heights) >= 44


def test_paper_is_white_in_dark_mode(open_tab: Open, form: str) -> None:
    tab = open_tab(color_scheme="dark")
    tab.goto(form)
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert tab.evaluate(ground) == "rgb(16, 21, 29)"
    tab.emulate_media(media="print")
    assert tab.evaluate(ground) == "rgb(255, 255, 255)"
    assert tab.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"


def test_a_day_of_today_reaches_the_rules(app: Flask, address: str, open_tab: Open) -> None:
    rule = {"op": "is", "left": {"field": "day"}, "right": {"op": "today"}}
    items = [
        {"id": "day", "type": "date", "label": said("Day")},
        {"id": "now", "type": "short_text", "label": said("Why today?"), "shown_if": rule},
    ]
    with app.app_context():
        stored.publish(FORM | {"pages": [{"id": "p", "items": items}], "consents": []}, slug="day")
    tab = open_tab()
    tab.goto(f"{address}/f/day")
    tab.fill("#day", "2001-01-01")
    expect(tab.locator("#now")).to_be_hidden()
    tab.fill("#day", datetime.now(UTC).date().isoformat())
    expect(tab.locator("#now")).to_be_visible()
