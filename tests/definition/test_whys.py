"""Why things are shown or not, and what may not be told of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from formsite.definition import secrecy
from formsite.definition.document import parse
from formsite.definition.flow import Plan
from formsite.definition.logic import Line
from formsite.definition.state import Moment
from formsite.definition.whys import Demand, Topic, Why, said, whys
from tests.support.definitions import documents

TODAY = date(2026, 5, 17)


def text(words: str) -> dict[str, str]:
    return {"en": words}


def item(name: str, type_: str = "short_text", **members: Any) -> dict[str, Any]:
    return {"id": name, "type": type_, "label": text(name.replace("_", " ").title()), **members}


def offered(*names: str, **rules: Any) -> dict[str, Any]:
    return {
        "choices": [{"id": n, "label": text(n.title())} | ({"shown_if": rules[n]} if n in rules else {}) for n in names]
    }


def two(op: str, field: str, value: Any) -> dict[str, Any]:
    return {"op": op, "left": {"field": field}, "right": {"value": value}}


IS_RED = two("is", "colour", "red")
FORM: dict[str, Any] = {
    "formsite": 1,
    "languages": ["en"],
    "title": text("Colours"),
    "pages": [
        {
            "id": "first",
            "title": text("First"),
            "items": [
                item("colour", "single_choice", settings=offered("red", "blue")),
                item("age", "number", personal=True),
                item("shade", compulsory=IS_RED, shown_if=two("is", "colour", "red")),
                item("licence", shown_if={"op": "all", "of": [IS_RED, two("at_least", "age", 18)]}),
                item(
                    "paint",
                    "single_choice",
                    settings=offered("oil", "water", "acid", water=two("is", "colour", "blue"), acid=two("more", "age", 30)),
                ),
                {"id": "box", "type": "group", "shown_if": two("is", "colour", "blue"), "items": [item("inside")]},
            ],
            "jumps": [{"if": two("is", "colour", "blue"), "to": "last"}],
        },
        {"id": "middle", "items": [item("note")]},
        {
            "id": "last",
            "items": [
                {
                    "id": "cars",
                    "type": "group",
                    "label": text("Car"),
                    "repeat": {"min": 0, "max": 5},
                    "items": [item("make"), item("model", shown_if={"op": "answered", "field": "make"})],
                },
                item("sum", "number", limits=[{"rule": two("less", "sum", 10), "message": text("Too much")}]),
            ],
        },
    ],
}  # fmt: skip
RED = {"colour": "red", "age": 20, "cars": 2, "cars-0-make": "Fiat", "sum": 12}
BLUE = RED | {"colour": "blue"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan(parse(FORM))


def every(found: tuple[Why, ...]) -> Iterator[Why]:
    for why in found:
        yield why
        yield from every(why.items)


def told(plan: Plan, answers: dict[str, Any], **given: Any) -> dict[str, Why]:
    return {why.path: why for why in every(whys(plan, answers, Moment(TODAY), **given))}


def topics(why: Why) -> list[tuple[Topic, bool | None]]:
    return [(reason.topic, reason.line.outcome if reason.line else None) for reason in why.reasons]


def lines(line: Line) -> Iterator[Line]:
    yield line
    for part in line.parts:
        yield from lines(part)


def test_a_rule_is_told_in_words_with_what_it_saw(plan: Plan) -> None:
    why = told(plan, RED)["shade"]
    assert why.shown is True and why.demand is Demand.COMPULSORY
    assert topics(why) == [(Topic.SHOWN, True), (Topic.COMPULSORY, True)]
    line = why.reasons[0].line
    assert line and line.words == "“Colour” is “Red”"
    assert [said(plan, seen, "en") for seen in line.seen] == ["Red"]


def test_what_stands_in_something_hidden_says_so(plan: Plan) -> None:
    found = told(plan, RED)
    assert found["box"].shown is False and not found["box"].around
    assert found["inside"].shown is False and found["inside"].around


def test_a_jump_is_named_on_what_it_leads_past(plan: Plan) -> None:
    found = told(plan, BLUE)
    assert found["middle"].shown is False
    [reason] = found["middle"].reasons
    assert (reason.topic, reason.about) == (Topic.JUMP, "First")
    assert reason.line and reason.line.outcome is True
    assert found["last"].shown is True
    assert told(plan, RED)["middle"].reasons == ()
    assert [(r.topic, r.about) for r in found["first"].reasons] == [(Topic.LEADS, "last")]


def test_a_jump_to_a_page_that_is_hidden_goes_on_behind_it() -> None:
    last = {"id": "behind", "items": [item("more")]}
    hidden = FORM["pages"][2] | {"shown_if": two("is", "colour", "red")}
    found = told(Plan(parse(FORM | {"pages": [*FORM["pages"][:2], hidden, last]})), BLUE)
    assert [name for name in ("first", "middle", "last", "behind") if found[name].shown] == ["first", "behind"]
    assert [topic for topic, _ in topics(found["last"])] == [Topic.SHOWN]


def test_an_exit_page_is_named_on_what_comes_after_it() -> None:
    pages = [FORM["pages"][0], FORM["pages"][1] | {"exit": True, "title": text("Sorry")}, FORM["pages"][2]]
    found = told(Plan(parse(FORM | {"pages": pages})), RED)
    assert [(r.topic, r.about) for r in found["last"].reasons] == [(Topic.EXIT, "Sorry")]
    assert found["last"].shown is False and found["sum"].around


def test_choices_say_whether_they_are_offered(plan: Plan) -> None:
    found = {reason.about: reason.line.outcome for reason in told(plan, RED)["paint"].reasons if reason.line}
    assert found == {"Water": False, "Acid": False}


def test_each_instance_has_its_own_reasons(plan: Plan) -> None:
    found = told(plan, RED)
    assert found["cars-0"].label == "Car 1"
    assert (found["cars-0-model"].shown, found["cars-1-model"].shown) == (True, False)
    assert "cars-2" not in found


def test_a_limit_is_told_with_its_message(plan: Plan) -> None:
    [reason] = told(plan, RED)["sum"].reasons
    assert (reason.topic, reason.about) == (Topic.LIMIT, "Too much")
    assert reason.line and reason.line.outcome is False


def test_values_of_personal_answers_are_not_told_but_what_was_shown_is(plan: Plan) -> None:
    found = told(plan, RED, secrets=secrecy.of_values(plan.questions))
    why = found["licence"]
    assert why.shown is True
    [reason] = why.reasons
    assert reason.line and [(line.told, line.outcome) for line in lines(reason.line)] == [
        (False, None),
        (True, True),
        (False, None),
    ]
    assert [(seen.told, seen.value) for seen in reason.line.parts[1].seen] == [(False, None)]
    assert found["paint"].demand is Demand.UNTOLD
    assert {r.about: r.line.told for r in found["paint"].reasons if r.line} == {"Water": True, "Acid": False}


def test_nothing_that_follows_from_personal_answers_is_told(plan: Plan) -> None:
    secrets = secrecy.of_everything(plan.definition, plan.questions)
    assert secrets.answers == {"age", "licence", "paint"}
    assert secrets.shown == {"licence"}
    without = {name: value for name, value in RED.items() if name != "age"}
    found = told(plan, without, secrets=secrets)
    assert found["licence"].shown is None and found["licence"].demand is Demand.UNTOLD
    assert found["shade"].shown is True


@pytest.mark.parametrize(
    ("rule", "whether", "sealed"),
    [
        ({"op": "answered", "field": "age"}, True, True),
        ({"op": "answered", "field": "age"}, False, False),
        (two("is", "age", 3), False, True),
        (IS_RED, True, False),
    ],
)
def test_whether_there_is_an_answer_may_be_less_of_a_secret(
    plan: Plan, rule: dict[str, Any], whether: bool, sealed: bool
) -> None:
    from formsite.definition import logic

    assert secrecy.Secrets(frozenset({"age"}), whether=whether).sealed(logic.parse(rule)) is sealed


def test_chance_is_told_as_it_was_drawn() -> None:
    many = [f"c{number}" for number in range(9)]
    pages = [
        {"id": f"page_{number}", "random": True, "items": [item(f"q{number}_{n}") for n in range(5)]}
        for number in range(5)
    ]
    pages[0]["items"].append(item("pick", "single_choice", settings=offered(*many) | {"random": True}))
    plan = Plan(parse(FORM | {"pages": pages, "random_pages": True}))
    found = whys(plan, {}, Moment(TODAY), seed="abc")
    assert [why.path for why in found] == plan.order("abc") != list(plan.pages)
    assert sorted(found[0].order) == sorted([*(f"Q0 {n}" for n in range(5)), "Pick"]) and found[0].order[0] != "Q0 0"
    [pick] = [why for why in every(found) if why.path == "pick"]
    assert sorted(pick.order) == sorted(name.title() for name in many) != list(pick.order)
    assert all(why.order == () for why in every(whys(plan, {}, Moment(TODAY))))


@st.composite
def ruled(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A form in which nearly everything hangs on something before it, and answers to all of it."""
    earlier: list[str] = []
    answers: dict[str, Any] = {}
    names = (f"q{number}" for number in range(99))

    def rule() -> dict[str, Any]:
        name = draw(st.sampled_from(earlier))
        return draw(st.sampled_from([two("is", name, 1), two("less", name, 2), {"op": "answered", "field": name}]))

    def ruled_(made: dict[str, Any], member: str) -> dict[str, Any]:
        return made | {member: rule()} if earlier and draw(st.integers(0, 2)) else made

    def asked() -> dict[str, Any]:
        name = next(names)
        kind = draw(st.sampled_from(["number", "number", "number", "dropdown", "computed"]))
        made = ruled_(item(name, kind, personal=draw(st.booleans())), "shown_if")
        if kind == "computed":
            made["computed"] = {"field": draw(st.sampled_from(earlier))} if earlier else {"value": 1}
        if kind == "dropdown":
            made["settings"] = {"choices": [ruled_({"id": c, "label": text(c)}, "shown_if") for c in "ab"]}
            answers[name] = draw(st.sampled_from("ab"))
        elif kind == "number":
            answers[name] = draw(st.integers(0, 3))
            earlier.append(name)
        else:
            earlier.append(name)
        return made

    def group(name: str) -> dict[str, Any]:
        return ruled_({"id": name, "type": "group", "items": [asked(), asked()]}, "shown_if")

    pages = [
        ruled_({"id": f"page{number}", "items": [asked(), group(f"g{number}")]}, "shown_if") for number in range(5)
    ]
    for number, page in enumerate(pages[1:3], 1):
        before = [n for n in earlier if n in str(pages[: number + 1])]
        to = draw(st.sampled_from([f"page{number + 2}", "end", None]))
        if to and before:
            page["jumps"] = [{"if": two("less", draw(st.sampled_from(before)), 2), "to": to}]
    pages[3]["exit"] = draw(st.booleans())
    return FORM | {"pages": pages}, answers


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(ruled())
def test_what_is_told_without_personal_answers_is_the_same_with_them(
    made: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    """So it tells nothing about them, and is true."""
    raw, answers = made
    plan = Plan(parse(raw))
    plain = {path: value for path, value in answers.items() if not plan.field(path).personal}
    secrets = secrecy.of_everything(plan.definition, plan.questions)
    part, whole = (list(every(whys(plan, given, Moment(TODAY), secrets=secrets))) for given in (plain, answers))
    assert part == whole
    known = [plan.state(given, TODAY).answers for given in (plain, answers)]
    part, whole = ({n: v for n, v in held.items() if n not in secrets.answers} for held in known)
    assert part == whole


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_every_shape_of_form_is_told(raw: dict[str, Any]) -> None:
    plan = Plan(parse(raw))
    for secrets in (secrecy.NOTHING, secrecy.of_values(plan.questions)):
        found = list(every(whys(plan, {}, Moment(TODAY), secrets=secrets, seed="x")))
        state = plan.state({}, TODAY)
        assert {why.path for why in found if why.shown} >= state.parts
        assert {
            why.path
            for why in found
            if why.kind == "question" and why.shown and plan.field(why.path).kind.drawn(plan.field(why.path))
        } <= set(state.shown)


def test_where_an_answer_stands_in_a_text_nothing_is_told() -> None:
    colour = item("colour", "single_choice", settings={"choices": [{"id": "red", "label": text("{{who}}’s red")}]})
    asked = item("why", label=text("Why does {{who}} say so?"), shown_if=IS_RED)
    raw = FORM | {"pages": [{"id": "one", "items": [item("who"), colour | {"label": text("Of {{who}}")}, asked]}]}
    (page,) = whys(Plan(parse(raw)), {"who": "Ann", "colour": "red"}, Moment(TODAY))
    why = page.items[2]
    assert why.label == "Why does … say so?" and why.reasons[0].line is not None
    assert why.reasons[0].line.words == "“Of …” is “…’s red”"
