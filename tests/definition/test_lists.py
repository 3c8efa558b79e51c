"""Choices from a long list, and choices that depend on the answer to another question."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from formsite.definition.checks import faults
from formsite.definition.controls import Drawing, controls
from formsite.definition.document import parse
from formsite.definition.faults import Faulty
from formsite.definition.fieldtypes import Unreadable
from formsite.definition.fieldtypes.lists import MOST_ENTRIES, MOST_FITTING
from formsite.definition.flow import Plan
from formsite.definition.state import Taken
from tests.support.definitions import field, form

TODAY = date(2026, 5, 17)


def entries(*made: str, **of: str) -> list[dict[str, Any]]:
    """Entries called as they are; those by keyword are of something."""
    found = [{"id": f"e{at}", "label": {"en": words}} for at, words in enumerate(made)]
    return found + [{"id": name, "label": {"en": name.title()}, "of": whose} for name, whose in of.items()]


AREA = {"id": "area", "type": "dropdown", "label": {"en": "Area"}, "settings": {"choices": entries("North", "South")}}
TOWNS = {"oslo": "e0", "bodo": "e0", "rome": "e1"}


def town(type_: str, **settings: Any) -> dict[str, Any]:
    given = {"choices": entries(**TOWNS), "parent": "area"} | settings
    return {"id": "town", "type": type_, "label": {"en": "Town"}, "settings": given, "compulsory": True}


def took(plan: Plan, **sent: str) -> Taken:
    given = {name: [text] for name, text in sent.items()}
    return plan.take("the_page", given, {}, asked=(), language="en", today=TODAY)


ASKED = field("list_choice", {"choices": entries("Århus C", "Łódź", "Große Straße", "Springfield", "Springfield")})


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        (["e1"], "e1"),
        (["Łódź"], "e1"),
        (["  lodz "], "e1"),
        (["århus  c"], "e0"),
        (["GROSSE STRASSE"], "e2"),
        (["Springfield (e4)"], "e4"),
        (["spring", "e3"], "e3"),
        (["", "e3"], "e3"),
        (["   "], None),
    ],
)
def test_an_entry_is_found_by_its_id_or_its_words(sent: list[str], value: str | None) -> None:
    assert ASKED.kind.parse(sent, ASKED) == value


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        (["Springfield"], "list_several"),
        (["gros"], "list_several"),
        (["nowhere"], "list_none"),
        (["\u0301"], "list_none"),
        (["a", "b", "e1"], "one_answer"),
    ],
)
def test_what_names_none_or_several_is_refused_in_words(sent: list[str], key: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        ASKED.kind.parse(sent, ASKED)
    assert refusal.value.message.key == key


def test_a_program_gives_an_id() -> None:
    assert ASKED.kind.load("e1", ASKED) == "e1"
    for given in ("Łódź", "nowhere", ["e1"], 1):
        with pytest.raises(Unreadable):
            ASKED.kind.load(given, ASKED)


def test_no_two_entries_are_called_alike() -> None:
    kind: Any = ASKED.kind
    said = [kind.words(choice.id, ASKED, "en") for choice in ASKED.settings.choices]
    assert said == ["Århus C", "Łódź", "Große Straße", "Springfield (e3)", "Springfield (e4)"]
    assert kind.text("e3", ASKED, "en") == "Springfield"


def test_those_that_begin_with_it_come_first_and_other_comes_always() -> None:
    other = {"id": "none", "label": {"en": "Not in the list"}, "other": True}
    asked = field("list_choice", {"choices": [*entries("New York", "York", "Yorkshire"), other]})
    kind: Any = asked.kind
    assert [c.id for c in kind.found(asked, "york", "en")[0]] == ["e1", "e2", "e0", "none"]
    assert [c.id for c in kind.found(asked, "qqq", "en")[0]] == ["none"]
    assert [c.id for c in kind.found(asked, "york", "en", {"e1", "none"})[0]] == ["e2", "e0"]


def test_a_page_draws_a_line_and_no_more_than_a_few_of_thousands() -> None:
    many = {"choices": entries(*(f"Shop {n}" for n in range(MOST_ENTRIES)))}
    plan = Plan(parse(form({"id": "shop", "type": "list_choice", "label": {"en": "Shop"}, "settings": many})))

    def drawn(text: str) -> Any:
        taken = took(plan, shop=text)
        [control] = controls(Drawing(plan, taken.state, "en", taken.typed, taken.errors).page(plan.definition.pages[0]))
        return taken, control

    taken, control = drawn("hop 99")
    assert taken.errors["shop"][0].key == "list_many" and control.choices == () and control.line == "hop 99"
    taken, control = drawn("hop 991")
    assert taken.errors["shop"][0].key == "list_several"
    assert 0 < len(control.choices) <= MOST_FITTING and control.choices[0].label == "Shop 991"
    taken, control = drawn("e17")
    assert taken.answers == {"shop": "e17"} and control.choices == () and control.line == "Shop 17"


def test_a_list_has_an_end() -> None:
    with pytest.raises(Faulty):
        field("list_choice", {"choices": entries(*("x" for _ in range(MOST_ENTRIES + 1)))})


@pytest.mark.parametrize("type_", ["dropdown", "single_choice", "list_choice"])
def test_what_is_offered_depends_on_the_answer_before(type_: str) -> None:
    plan = Plan(parse(form(AREA, town(type_))))
    assert took(plan, area="e0", town="oslo").answers == {"area": "e0", "town": "oslo"}
    astray = took(plan, area="e1", town="oslo")
    assert astray.answers == {"area": "e1"} and ("town" in astray.errors or astray.brought_up == ["town"])
    assert took(plan).state.withheld == {"town": frozenset(TOWNS)}


def test_several_answers_before_offer_more() -> None:
    areas = AREA | {"type": "several_choices"}
    plan = Plan(parse(form(areas, town("dropdown"))))
    taken = plan.take("the_page", {"area": ["e0", "e1"]}, {}, asked=(), language="en", today=TODAY)
    assert taken.state.withheld["town"] == frozenset()


def test_a_rule_of_its_own_and_what_it_is_of_must_both_hold() -> None:
    choices = entries(**TOWNS)
    choices[0]["shown_if"] = {"op": "is", "left": {"field": "late"}, "right": {"value": True}}
    late = {"id": "late", "type": "yes_no", "label": {"en": "Late?"}}
    plan = Plan(parse(form(late, AREA, town("dropdown", choices=choices))))
    assert took(plan, area="e0", late="false").state.withheld["town"] == {"oslo", "rome"}
    assert took(plan, area="e0", late="true").state.withheld["town"] == {"rome"}


def test_in_a_group_that_repeats_each_instance_has_its_own() -> None:
    group = {"id": "trip", "type": "group", "repeat": {"start": 2}, "items": [AREA, town("list_choice")]}
    plan = Plan(parse(form(group)))
    sent = {"trip": ["2"], "trip-0-area": ["e0"], "trip-1-area": ["e1"], "trip-1-town": ["rome"]}
    taken = plan.take("the_page", sent, {}, asked=(), language="en", today=TODAY)
    assert taken.state.withheld["trip-0-town"] == {"rome"} and taken.answers["trip-1-town"] == "rome"
    drawn = {c.id: c for c in controls(Drawing(plan, taken.state, "en").page(plan.definition.pages[0]))}
    assert (drawn["trip-1-town"].parent, drawn["trip-1-town"].parent_answers) == ("trip-1-area", ("e1",))
    assert drawn["trip-1-town"].field == "town"


REPEATED = {"id": "trip", "type": "group", "label": {"en": "Trip"}, "repeat": {}, "items": [AREA]}


@pytest.mark.parametrize(
    ("items", "where"),
    [
        ([town("dropdown")], "/pages/0/items/0/settings/parent"),
        ([town("dropdown"), AREA], "/pages/0/items/0/settings/parent"),
        ([town("dropdown", parent="town")], "/pages/0/items/0/settings/parent"),
        ([AREA | {"type": "short_text", "settings": {}}, town("dropdown")], "/pages/0/items/1/settings/parent"),
        ([REPEATED, town("dropdown")], "/pages/0/items/1/settings/parent"),
        ([AREA, town("dropdown", choices=entries(oslo="east"))], "/pages/0/items/1/settings/choices/0/of"),
        ([AREA, town("dropdown", parent=None)], "/pages/0/items/1/settings/choices/0/of"),
        ([AREA, town("list_choice", parent=None)], "/pages/0/items/1/settings/choices/0/of"),
        ([town("dropdown", choices=[], parent=None, choices_from={"field": "area"}), AREA],
         "/pages/0/items/0/settings/choices_from"),
    ],
)  # fmt: skip
def test_what_depends_on_nothing_that_was_asked_is_a_fault(items: list[dict[str, Any]], where: str) -> None:
    found = [fault for fault in faults(parse(form(*items))) if "/settings/" in fault.where]
    assert [fault.where for fault in found] == [where]
    assert all(fault.what and fault.fix for fault in found)


def test_a_cascade_can_be_published() -> None:
    assert faults(parse(form(AREA, town("dropdown")))) == ()


def test_what_offers_something_only_now_is_asked_before_the_page_is_left() -> None:
    """Without scripts a list that waits for an answer on the same page is drawn empty."""
    plan = Plan(parse(form(AREA, town("dropdown") | {"compulsory": False})))

    def take(*asked: str, **sent: str) -> Taken:
        given = {name: [text] for name, text in sent.items()}
        return plan.take("the_page", given, {}, asked=asked, language="en", today=TODAY)

    assert take(area="e0", town="").brought_up == ["town"]
    assert take("town", area="e0", town="").brought_up == [], "it was there and was left empty"
    assert take("town", area="e1", town="oslo").brought_up == ["town"], "what was there is not offered any more"
    assert take("town", area="e1", town="rome").brought_up == take(area="", town="").brought_up == []
