"""What is asked, what is missing and what comes next, for answers of every kind."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from formsite.definition.document import parse
from formsite.definition.fieldtypes.composites import Composite
from formsite.definition.flow import Plan
from formsite.definition.state import State, Taken
from formsite.foundation import clock
from tests.support.definitions import documents, form, tiny

TODAY = date(2026, 5, 17)
CHOICES = {"choices": [{"id": name, "label": {"en": name}} for name in ("fibre", "dsl", "none")]}


def is_(name: str, value: Any) -> dict[str, Any]:
    """A rule: the answer is `value`."""
    return {"op": "is", "left": {"field": name}, "right": {"value": value}}


def text(name: str, **members: Any) -> dict[str, Any]:
    """A question for a line of text."""
    return {"id": name, "type": "short_text", "label": {"en": name.title()}, **members}


def yes_no(name: str, **members: Any) -> dict[str, Any]:
    """A question for yes or no."""
    return {"id": name, "type": "yes_no", "label": {"en": name.title()}, **members}


def state(*items: dict[str, Any], **answers: Any) -> State:
    """The state of a form with one page."""
    return Plan(parse(form(*items))).state(answers, TODAY)


def take(
    items: list[dict[str, Any]], sent: dict[str, list[str]], *, asked: tuple[str, ...] = (), **answers: Any
) -> Taken:
    """One page taken."""
    return Plan(parse(form(*items))).take("the_page", sent, answers, asked=asked, language="en", today=TODAY)


def test_what_depends_on_an_answer_is_shown_by_it_alone() -> None:
    items = [yes_no("moved"), text("where", shown_if=is_("moved", True))]
    assert state(*items).shown == ["moved"]
    assert state(*items, moved=False).shown == ["moved"]
    assert state(*items, moved=True).shown == ["moved", "where"]


def test_unanswered_satisfies_neither_a_rule_nor_its_opposite() -> None:
    items = [
        yes_no("moved"),
        text("a", shown_if={"op": "not", "of": is_("moved", True)}),
        text("b", shown_if={"op": "is_not", "left": {"field": "moved"}, "right": {"value": True}}),
        text("c", shown_if={"op": "not", "of": {"op": "answered", "field": "moved"}}),
    ]
    assert state(*items).shown == ["moved", "c"]
    assert state(*items, moved=False).shown == ["moved", "a", "b"]


def test_an_answer_to_what_is_not_shown_counts_for_nothing() -> None:
    items = [yes_no("moved"), yes_no("far", shown_if=is_("moved", True)), text("why", shown_if=is_("far", True))]
    found = state(*items, moved=False, far=True, why="work")
    assert found.shown == ["moved"] and found.answers == {"moved": False}


def test_a_group_hides_all_that_is_in_it() -> None:
    inner = {"id": "inner", "type": "group", "items": [text("b", compulsory=True)]}
    outer = {"id": "outer", "type": "group", "shown_if": is_("moved", True), "items": [text("a"), inner]}
    hidden = state(yes_no("moved"), outer, text("after"), moved=False, a="x", b="y")
    assert hidden.shown == ["moved", "after"] and hidden.parts == {"the_page"}
    assert hidden.compulsory == set() and hidden.answers == {"moved": False}
    shown = state(yes_no("moved"), outer, text("after"), moved=True)
    assert shown.shown == ["moved", "a", "b", "after"] and shown.parts == {"the_page", "outer", "inner"}
    assert shown.compulsory == {"b"}


def test_compulsory_may_be_a_rule() -> None:
    items = [yes_no("moved"), text("where", compulsory=is_("moved", True))]
    assert state(*items).compulsory == state(*items, moved=False).compulsory == set()
    assert state(*items, moved=True).compulsory == {"where"}


def test_a_choice_that_is_not_offered_cannot_be_chosen() -> None:
    offered = {"choices": [{"id": "a", "label": {}}, {"id": "b", "label": {}, "shown_if": is_("member", True)}]}
    one = {"id": "one", "type": "single_choice", "label": {}, "settings": offered, "compulsory": True}
    many = {"id": "many", "type": "several_choices", "label": {}, "settings": offered}
    items = [yes_no("member"), one, many]
    assert state(*items).withheld == {"one": frozenset({"b"}), "many": frozenset({"b"})}
    assert state(*items, member=True, one="b", many=["a", "b"]).answers == {
        "member": True,
        "one": "b",
        "many": ["a", "b"],
    }
    assert state(*items, member=False, one="b", many=["a", "b"]).answers == {"member": False, "many": ["a"]}
    assert state(*items, one="b", many=["b"]).answers == {}
    taken = take(items, {"member": ["false"], "one": ["b"]})
    assert [message.key for message in taken.errors["one"]] == ["missing_choice"]


@pytest.mark.parametrize("type_", ["single_choice", "dropdown", "several_choices"])
def test_a_question_whose_choices_are_all_withheld_is_not_compulsory(type_: str) -> None:
    """Nobody could answer it, and nobody would get on."""
    offered = {"choices": [{"id": name, "label": {}, "shown_if": is_("member", True)} for name in "ab"]}
    items = [yes_no("member"), {"id": "one", "type": type_, "label": {}, "settings": offered, "compulsory": True}]
    assert state(*items, member=False).compulsory == set()
    assert state(*items).compulsory == state(*items, member=True).compulsory == {"one"}
    assert take(items, {"member": ["false"]}).errors == {}
    assert take(items, {"member": ["true"]}).brought_up == ["one"], "it had nothing to choose until now"
    assert list(take(items, {"member": ["true"]}, asked=("one",)).errors) == ["one"]


def test_choices_that_wait_for_a_missing_answer_are_compulsory() -> None:
    """Whoever gives that answer has to choose."""
    offered = {"choices": [{"id": "a", "label": {}, "shown_if": is_("member", True)}]}
    asked = {"id": "one", "type": "single_choice", "label": {}, "settings": offered, "compulsory": True}
    items = [yes_no("member") | {"compulsory": True}, asked]
    assert state(*items).compulsory == {"member", "one"}
    assert state(*items, member=False).compulsory == {"member"}
    assert list(take(items, {}).errors) == ["member", "one"]
    document = form(yes_no("member"))
    document["pages"].append({"id": "next", "items": [asked]})  # an answer of another page may be left out
    assert Plan(parse(document)).state({}, TODAY).compulsory == set()
    group = {"id": "each", "type": "group", "repeat": {}, "items": items}
    assert state(group, each=2, **{"each-0-member": False}).compulsory == {
        "each-0-member",
        "each-1-member",
        "each-1-one",
    }


def test_what_an_answer_brings_up_is_asked_before_it_is_missed() -> None:
    items = [yes_no("moved"), text("where", compulsory=True, shown_if=is_("moved", True))]
    first = take(items, {"moved": ["true"]})
    assert first.brought_up == ["where"] and first.errors == {}
    second = take(items, {"moved": ["true"]}, asked=("where",))
    assert second.brought_up == [] and [message.key for message in second.errors["where"]] == ["missing_text"]
    filled = take(items, {"moved": ["true"], "where": ["Leeds"]})
    assert filled.brought_up == [] and filled.answers == {"moved": True, "where": "Leeds"}


def test_a_compulsory_question_in_sight_is_missed_at_once() -> None:
    taken = take([text("name", compulsory=True), text("more")], {})
    assert list(taken.errors) == ["name"] and taken.errors["name"][0].params["label"] == "Name"


def test_what_was_typed_is_kept_with_what_is_wrong_with_it() -> None:
    number = {"id": "rooms", "type": "number", "label": {"en": "Rooms"}}
    taken = take([number, text("name")], {"rooms": ["many"], "name": [" Ada "], "other": ["x"], "the_page": ["x"]})
    assert taken.typed == {"rooms": ["many"], "name": [" Ada "]}
    assert [message.key for message in taken.errors["rooms"]] == ["number"]
    assert taken.answers == {"name": "Ada"}


def test_what_cannot_be_read_and_is_not_shown_is_no_fault() -> None:
    items = [yes_no("moved"), {"id": "n", "type": "number", "label": {}, "shown_if": is_("moved", True)}]
    assert take(items, {"moved": ["false"], "n": ["many"]}).errors == {}


def test_a_page_sent_again_without_an_answer_takes_it_back() -> None:
    assert take([text("name")], {"name": [""]}, name="Ada").answers == {}
    assert take([text("name")], {}, name="Ada").answers == {}


def test_repeated_and_oversized_values_are_refused_beside_their_question() -> None:
    taken = take([text("name"), yes_no("moved")], {"name": ["x" * 1_000_000], "moved": ["true", "false"]})
    assert {name: [m.key for m in found] for name, found in taken.errors.items()} == {
        "name": ["too_long"],
        "moved": ["one_answer"],
    }


def test_errors_come_in_the_order_of_the_questions() -> None:
    items = [text(name, compulsory=True) for name in ("c", "a", "b")]
    assert list(take(items, {}).errors) == ["c", "a", "b"]


def test_answers_of_other_pages_are_kept_and_decide() -> None:
    raw = form(yes_no("moved"))
    raw["pages"].append({"id": "second", "items": [text("where", shown_if=is_("moved", True), compulsory=True)]})
    plan = Plan(parse(raw))
    taken = plan.take("second", {}, {"moved": True}, asked=(), language="en", today=TODAY)
    assert taken.brought_up == ["where"]  # it was not there when the page was drawn
    taken = plan.take("second", {"where": ["Leeds"]}, {"moved": True}, asked=("where",), language="en", today=TODAY)
    assert taken.answers == {"moved": True, "where": "Leeds"}


def pages() -> Plan:
    """First, a second only for who moved, an empty third, a fourth."""
    raw = form(yes_no("moved"))
    raw["pages"] += [
        {"id": "second", "shown_if": is_("moved", True), "items": [text("where", compulsory=True)]},
        {"id": "third", "items": [text("never", shown_if=is_("moved", True))]},
        {"id": "fourth", "items": [text("last", compulsory=True)]},
    ]
    return Plan(parse(raw))


@pytest.mark.parametrize(
    ("moved", "order"),
    [
        (True, ["the_page", "second", "third", "fourth"]),
        (False, ["the_page", "fourth"]),
        (None, ["the_page", "fourth"]),
    ],
)
def test_pages_with_nothing_on_them_are_passed_over(moved: bool | None, order: list[str]) -> None:
    plan = pages()
    found = plan.state({} if moved is None else {"moved": moved}, TODAY)
    assert found.pages == order
    assert [plan.after(page, found) for page in order] == [*order[1:], None]
    assert [plan.before(page, found) for page in order] == [None, *order[:-1]]


def test_from_a_page_that_is_gone_there_is_still_a_way() -> None:
    plan = pages()
    found = plan.state({"moved": False}, TODAY)
    assert (plan.before("second", found), plan.after("second", found)) == ("the_page", "fourth")


def test_the_first_page_with_something_missing() -> None:
    plan = pages()
    found = plan.state({"moved": True}, TODAY)
    assert plan.unfinished(found, plan.errors(found, "en", TODAY)) == "second"
    found = plan.state({"moved": True, "where": "Leeds"}, TODAY)
    assert plan.unfinished(found, plan.errors(found, "en", TODAY)) == "fourth"
    found = plan.state({"moved": False, "last": "x"}, TODAY)
    assert plan.unfinished(found, plan.errors(found, "en", TODAY)) is None


def test_json_values_are_loaded_by_the_same_laws() -> None:
    choice = {"id": "line", "type": "single_choice", "label": {"en": "Line"}, "settings": CHOICES}
    plan = Plan(parse(form(yes_no("moved"), choice, {"id": "said", "type": "statement", "label": {}})))
    given = {"moved": False, "line": "cable", "said": "x", "other": 1}
    values, errors = plan.load(given, "en")
    assert values == {"moved": False}
    assert {name: [m.key for m in found] for name, found in errors.items()} == {"line": ["not_a_choice"]}
    assert errors["line"][0].params["label"] == "Line"


def test_only_the_fields_asked_for_are_judged() -> None:
    plan = Plan(parse(form(text("a", compulsory=True), text("b", compulsory=True))))
    assert list(plan.errors(plan.state({}, TODAY), "en", TODAY, {"b"})) == ["b"]


def test_a_rule_may_depend_on_the_day() -> None:
    later = {"op": "less", "left": {"date": "2026-05-17"}, "right": {"op": "today"}}
    plan = Plan(parse(form(text("a", shown_if=later))))
    assert plan.state({}, date(2026, 5, 17)).shown == []
    assert plan.state({}, date(2026, 5, 18)).shown == ["a"]


answers = st.dictionaries(
    st.integers(0, 15).map(lambda number: f"f_{number}"),
    st.sampled_from([True, False, 0, 1, 2.5, -3, "", "x", "2026-01-01", ["a"], [], "\x00", 10.0**300]),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents(), answers)
def test_any_answers_have_a_state_and_what_it_keeps_has_the_same(raw: dict[str, Any], given: dict[str, Any]) -> None:
    plan = Plan(parse(raw))
    found = plan.state(given, TODAY)
    undrawn = {name for name, question in plan.questions.items() if not question.field.kind.drawn(question.field)}
    assert set(found.answers) <= {*found.shown, *undrawn} and found.compulsory <= set(found.shown)
    assert len(set(found.shown)) == len(found.shown) and len(set(found.pages)) == len(found.pages)
    assert plan.state(found.answers, TODAY) == found


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents(), st.randoms(use_true_random=False))
def test_any_form_is_walked_to_its_end_and_no_page_comes_twice(raw: dict[str, Any], rng: random.Random) -> None:
    """A customer who answers what is asked gets through, and who goes back comes the same way."""
    plan, today = Plan(parse(raw)), clock.now().date()  # samples keep to the days that are allowed now
    kept: dict[str, Any] = {}
    page, seen = next(iter(plan.state({}, today).pages), None), []
    while page is not None:
        assert page not in seen
        seen.append(page)
        kept = _answered(plan, page, kept, rng, today)
        page = plan.after(page, plan.state(kept, today))
    found = plan.state(kept, today)
    assert set(found.pages) <= set(seen)
    assert [plan.before(one, found) for one in found.pages] == [None, *found.pages[:-1]] if found.pages else True


def _answered(plan: Plan, page: str, kept: dict[str, Any], rng: random.Random, today: date) -> dict[str, Any]:
    """The page sent until nothing more is brought up; only a question that offers no choice stays open."""
    sent: dict[str, list[str]] = {}
    for _ in range(20):
        found = plan.state(kept, today)
        for path in found.shown:
            field = plan.field(path)
            if plan.page_of(path) != page or path in sent:
                continue
            if isinstance(field.kind, Composite):
                shown = {name.removeprefix(f"{path}-") for name in found.shown}
                for local, value in field.kind.sample_parts(field, rng, shown).items():
                    part = plan.field(f"{path}-{local}")
                    sent[part.id] = part.kind.typed(value, part)
            elif field.kind.holds_answer:
                sent[path] = field.kind.typed(field.kind.sample(field, rng), field)
        taken = plan.take(page, sent, kept, asked=found.shown, language="en", today=today)
        offered = [name for name in taken.errors if name not in taken.state.withheld]
        assert offered == [], taken.errors
        kept = taken.answers
        if not taken.brought_up:
            return kept
    raise AssertionError("the page asks for ever")


def test_what_only_shows_something_holds_no_answer() -> None:
    plan = Plan(parse(tiny("statement")))
    taken = plan.take("one", {"asked": ["x"], "read": ["true"]}, {}, asked=(), language="en", today=TODAY)
    assert taken.answers == {"read": True} and taken.typed == {"read": ["true"]}


def test_a_whole_that_an_answer_brings_up_is_not_missing_before_it_was_seen() -> None:
    rule = {"op": "is", "left": {"field": "a"}, "right": {"value": "x"}}
    rows, columns = [{"id": "r", "label": {"en": "R"}}], [{"id": "c", "label": {"en": "C"}}]
    whole = {"id": "m", "type": "matrix_one", "label": {"en": "M"}, "shown_if": rule, "compulsory": True}
    plan = Plan(
        parse(form(text("a"), whole | {"settings": {"rows": rows, "columns": columns, "compulsory_rows": "any"}}))
    )
    page = next(iter(plan.pages))
    first = plan.take(page, {"a": ["x"]}, {}, asked=(), language="en", today=TODAY)
    assert first.brought_up == ["m-r"] and first.errors == {}
    again = plan.take(page, {"a": ["x"]}, {}, asked=("m-r",), language="en", today=TODAY)
    assert again.brought_up == [] and list(again.errors) == ["m"]
