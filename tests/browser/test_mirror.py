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
            .filter((each) => each.closest("[data-field]") === field).map((each) => [field.dataset.field, each.value])),
    sent: [...new FormData(form)].filter(([name]) => form.querySelector(`:is([data-field="${CSS.escape(name)}"], [data-group="${CSS.escape(name)}"])`)),
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


COMPARED = ("number", "yes_no", "single_choice", "several_choices", "short_text", "dropdown", "date")


class Chance:
    """A page by chance: every kind of rule over what stands before, groups and repeats, in an order of chance."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.asked: list[tuple[str, str]] = []  # name and type, of those outside repeats
        self.number = 0

    def form(self) -> dict[str, Any]:
        """The whole definition."""
        items = self.items(9, 0) + [self.repeat(), self.grid(), *self.items(4, 0)]
        page = {"id": "one", "items": items, "random": self.rng.random() < 0.5}
        return {"formsite": 1, "languages": ["en"], "title": {"en": "By chance"}, "pages": [page]}

    def items(self, count: int, depth: int) -> list[dict[str, Any]]:
        return [self.group(depth) if depth < 2 and self.rng.random() < 0.15 else self.one() for _ in range(count)]

    def name(self) -> str:
        self.number += 1
        return f"q{self.number}"

    def group(self, depth: int) -> dict[str, Any]:
        made = {"id": self.name(), "type": "group", "label": {"en": "Group"}} | self.maybe("shown_if", 0.6)
        return made | {"items": self.items(2, depth + 1), "random": self.rng.random() < 0.3}

    def repeat(self) -> dict[str, Any]:
        """Its questions look at each other; what comes after looks at all of them."""
        made = {"id": "kids", "type": "group", "label": {"en": "Kid"}, "repeat": {"start": 2}} | self.maybe(
            "shown_if", 0.3
        )
        age = ask("kid_age", "number", **self.maybe("compulsory", 0.5))
        grown = {"op": "at_least", "left": {"field": "kid_age"}, "right": {"value": 12}}
        self.later = [{"op": "any_over", "over": "kids", "of": grown}, {"op": "more", "left": {"op": "instances", "over": "kids"}, "right": {"value": 1}}]  # fmt: skip
        return made | {"items": [age, ask("kid_job", "short_text", shown_if=grown)]}

    def grid(self) -> dict[str, Any]:
        rows = [{"id": f"r{n}", "label": {"en": f"Row {n}"}} | self.maybe("shown_if", 0.5) for n in range(3)]
        columns = [{"id": "good", "label": {"en": "Good"}}, {"id": "bad", "label": {"en": "Bad"}}]
        return ask("grid", "matrix_one", {"rows": rows, "columns": columns}, **self.maybe("compulsory", 0.4))

    def one(self) -> dict[str, Any]:
        if self.asked and self.rng.random() < 0.2:
            return self.computed()
        kind, name = self.rng.choice(COMPARED), self.name()
        settings = {"decimals": 1} if kind == "number" else {}
        if kind in ("single_choice", "several_choices", "dropdown"):
            settings = choices(a=None, b=self.rule(), c=self.rule())
        members = self.maybe("shown_if", 0.5) | self.maybe("compulsory", 0.4) | self.maybe("read_only", 0.1)
        made = ask(name, kind, settings, **members)
        self.asked.append((name, kind))
        return made

    def computed(self) -> dict[str, Any]:
        name = self.name()
        numbers = [{"field": asked} for asked, kind in self.asked if kind == "number"] or [{"value": 1}]
        worked = {"op": "plus", "of": [{"op": "or_else", "of": [each, {"value": 0.5}]} for each in numbers]}
        made = ask(
            name,
            "computed",
            {"hidden": self.rng.random() < 0.5, "decimals": 1},
            computed=worked,
            **self.maybe("shown_if", 0.4),
        )
        self.asked.append((name, "number"))
        return made

    def maybe(self, member: str, chance: float) -> dict[str, Any]:
        rule = self.rule() if self.rng.random() < chance else None
        return {member: rule} if rule else {}

    def rule(self, depth: int = 0) -> dict[str, Any] | None:
        if not self.asked:
            return None
        if depth < 2 and self.rng.random() < 0.3:
            of = [self.rule(depth + 1) for _ in range(2)]
            return {"op": self.rng.choice(["all", "any"]), "of": of}
        if self.rng.random() < 0.15:
            return {"op": "not", "of": self.rule(depth + 1)}
        if hasattr(self, "later") and self.rng.random() < 0.4:
            return self.rng.choice(self.later)
        name, kind = self.rng.choice(self.asked)
        left = {"field": name}
        if self.rng.random() < 0.2:
            return {"op": "answered", "field": name}
        if kind == "several_choices":
            return {"op": "contains", "left": left, "right": {"value": self.rng.choice("abc")}}
        value = {"number": 4, "yes_no": self.rng.random() < 0.5, "short_text": "4", "date": "2026-01-31"}.get(kind, self.rng.choice("abc"))  # fmt: skip
        op = self.rng.choice(["is", "is_not", "more", "at_most"] if kind in ("number", "date") else ["is", "is_not"])
        return {"op": op, "left": left, "right": {"date": value} if kind == "date" else {"value": value}}


WORKED = """form => Object.fromEntries([...form.querySelectorAll("[data-field]:not([hidden]) output")]
    .map((output) => [output.closest("[data-field]").dataset.field, output.textContent]))"""


@pytest.mark.parametrize("seed", range(20))
def test_forms_by_chance_are_the_same_on_both_sides(
    seed: int, app: Flask, address: str, open_tab: Callable[..., Page]
) -> None:
    raw = Chance(seed).form()
    with app.app_context():
        stored.publish(raw, slug="side")
    tab = open_tab()
    tab.goto(f"{address}/f/side")
    form = tab.locator("form", has=tab.locator("[data-field=grid]"))
    rng, plan, today = random.Random(seed), Plan(parse(raw)), datetime.now(UTC).date()
    for _ in range(15):
        form.evaluate(ANSWER, [rng.randrange(1_000), rng.choice(["4", "4,5", "12", "2026-01-31", "2026-02-01", ""])])
        seen = form.evaluate(SEEN)
        sent: dict[str, list[str]] = {}
        for name, value in seen["sent"]:
            sent.setdefault(name, []).append(value)
        state = plan.take("one", sent, {}, asked=seen["shown"], language="en", today=today).state
        assert sorted(seen["shown"]) == sorted(state.shown), sent
        assert set(seen["compulsory"]) == state.compulsory, sent
        open_ = {*seen["shown"]} - state.read_only
        withheld = {(name, choice) for name, held in state.withheld.items() for choice in held if name in open_}
        assert {(name, choice) for name, choice in seen["withheld"] if choice and name in open_} == withheld, sent
        for path, said in form.evaluate(WORKED).items():
            value = state.answers.get(path)
            assert said == ("" if value is None else plan.text(path, value, "en")), (path, sent)
