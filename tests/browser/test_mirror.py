"""The page in the browser and the server's flow, side by side: whatever is answered, both ask the same questions."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from formsite.definition.document import parse
from formsite.definition.flow import Plan
from tests.support import stored

pytestmark = pytest.mark.browser

SEEN = """form => ({
    shown: [...form.querySelectorAll("[data-field]")].filter((field) => !field.hidden).map((field) => field.dataset.field),
    compulsory: [...form.querySelectorAll("[data-field]")]
        .filter((field) => !field.hidden && field.querySelector(".field__word")?.hasAttribute("data-compulsory")).map((field) => field.dataset.field),
    groups: [...form.querySelectorAll("[data-group]")].filter((group) => !group.hidden).map((group) => group.dataset.group),
    withheld: [...form.querySelectorAll("[data-field]:not([hidden])")].flatMap((field) =>
        [...field.querySelectorAll(".choice__input:disabled, option:disabled")]
            .map((each) => [field.dataset.field, each.value])),
    sent: [...new FormData(form)].filter(([name]) => form.querySelector(`[data-field="${CSS.escape(name)}"]`)),
})"""
ANSWER = """(form, [number, text]) => {
    const live = [...form.querySelectorAll("[data-field] input, [data-field] select")].filter((each) => !each.disabled);
    const chosen = live[number % live.length];
    if (chosen.type === "radio") chosen.checked = true;
    else if (chosen.type === "checkbox") chosen.checked = !chosen.checked;
    else if (chosen.options) {
        const open = [...chosen.options].filter((each) => !each.disabled);
        chosen.value = open[number % open.length].value;
    } else chosen.value = text;
    chosen.dispatchEvent(new Event("input", { bubbles: true }));
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def is_(name: str, value: Any) -> dict[str, Any]:
    """A rule: the answer is `value`."""
    return {"op": "is", "left": {"field": name}, "right": {"value": value}}


def choices(**rules: Any) -> dict[str, Any]:
    """Settings with choices, each with its rule or None."""
    offered = [
        {"id": name, "label": {"en": name.title()}} | ({"shown_if": rule} if rule else {})
        for name, rule in rules.items()
    ]
    return {"choices": offered}


def ask(name: str, type_: str, settings: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A question."""
    return {"id": name, "type": type_, "label": {"en": name}, "settings": settings or {}, **members}


MOVED, FIBRE = is_("moved", True), is_("line", "fibre")
ITEMS = [
    ask("moved", "yes_no"),
    ask("line", "single_choice", choices(fibre=None, dsl=None, radio=MOVED)),
    ask("plan", "dropdown", choices(small=FIBRE, large=FIBRE), compulsory=True),
    ask("tariff", "single_choice", choices(day=MOVED, night=MOVED), compulsory=is_("line", "dsl")),
    {
        "id": "home",
        "type": "group",
        "shown_if": {"op": "not", "of": MOVED},
        "items": [
            ask("rooms", "number", {"decimals": 1}),
            {
                "id": "large_home",
                "type": "group",
                "shown_if": {"op": "more", "left": {"field": "rooms"}, "right": {"value": 4}},
                "items": [ask("floors", "rating", compulsory=True)],
            },
        ],
    },
    ask("uses", "several_choices", choices(films=None, work=None, games=FIBRE)),
    ask("why", "short_text", shown_if={"op": "at_least", "left": {"op": "count", "of": {"field": "uses"}}, "right": {"value": 2}}),
    ask("chain", "yes_no", shown_if={"op": "contains", "left": {"field": "why"}, "right": {"value": "4"}}),
    ask("at_last", "short_text", shown_if={"op": "any", "of": [is_("chain", False), is_("floors", 3)]}, compulsory={"op": "answered", "field": "plan"}),
]  # fmt: skip
FORM = {"formsite": 1, "languages": ["en"], "title": {"en": "Side by side"}, "pages": [{"id": "one", "items": ITEMS}]}


@pytest.mark.parametrize("seed", range(6))
def test_both_ask_the_same_whatever_is_answered(
    seed: int, app: Flask, address: str, open_tab: Callable[..., Page]
) -> None:
    with app.app_context():
        stored.publish(FORM, slug="side")
    tab = open_tab()
    tab.goto(f"{address}/f/side")
    form = tab.locator("form", has=tab.locator("[data-field=moved]"))
    rng, plan, today = random.Random(seed), Plan(parse(FORM)), datetime.now(UTC).date()
    for _ in range(40):
        form.evaluate(ANSWER, [rng.randrange(1_000), rng.choice(["4", "4,5", "12", "x", ""])])
        seen = form.evaluate(SEEN)
        sent: dict[str, list[str]] = {}
        for name, value in seen["sent"]:
            sent.setdefault(name, []).append(value)
        state = plan.take("one", sent, {}, asked=seen["shown"], language="en", today=today).state
        assert seen["shown"] == state.shown, sent
        assert set(seen["compulsory"]) == state.compulsory, sent
        assert {*seen["groups"], "one"} == state.parts, sent
        withheld = {(name, choice) for name, held in state.withheld.items() for choice in held}
        assert {(name, choice) for name, choice in seen["withheld"]} == withheld, sent
