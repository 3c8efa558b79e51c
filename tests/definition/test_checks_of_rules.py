"""Rules, texts, jumps and quotas that mean nothing, look ahead or lead nowhere: found before publishing."""

from __future__ import annotations

from typing import Any

import pytest

from formsite.definition.checks import advice, faults
from formsite.definition.document import parse
from tests.support.definitions import form

AGE = {"id": "age", "type": "number", "label": {"en": "Age"}}
LATE = {"id": "late", "type": "number", "label": {"en": "Late"}}
MOVED = {"id": "moved", "type": "yes_no", "label": {"en": "Moved"}}
OLD = {"op": "more", "left": {"field": "age"}, "right": {"value": 60}}
LIMIT = {"rule": OLD, "message": {"en": "Too young"}}
QUOTA = {"id": "old", "rule": OLD, "limit": 5, "message": {"en": "Enough"}}


def choosing(label: str = "A", **settings: Any) -> dict[str, Any]:
    choices = [{"id": "a", "label": {"en": label}}, {"id": "b", "label": {"en": "B"}}]
    return {
        "id": "pick",
        "type": "single_choice",
        "label": {"en": "Pick"},
        "settings": {"choices": choices, **settings},
    }


def repeating(count: dict[str, Any]) -> dict[str, Any]:
    return {"id": "kids", "type": "group", "repeat": {"count": count}, "items": [MOVED]}


@pytest.mark.parametrize(
    ("items", "members", "where"),
    [
        ([AGE, repeating({"op": "instances", "over": "kids"})], {}, "items/1/repeat/count"),
        ([AGE, choosing("As old as {{gone}}")], {}, "items/1/settings/choices/0/label"),
        ([AGE, choosing() | {"hint": {"en": "{{ pick-nowhere }}"}}], {}, "items/1/hint"),
        ([AGE | {"limits": [LIMIT | {"message": {"en": " "}}]}], {}, "items/0/limits/0/message"),
        ([AGE | {"default": {"value": "many"}}], {}, "items/0/default"),
        ([choosing() | {"default": {"value": "z"}}], {}, "items/0/default"),
        ([AGE | {"wanted": OLD}], {}, "items/0/wanted"),
        ([AGE | {"computed": OLD}], {}, "items/0/computed"),
        ([AGE, MOVED | {"read_only": {"op": "answered", "field": "late"}}, LATE], {}, "items/1/read_only/field"),
    ],
)
def test_it_is_found_in_its_place(items: list[dict[str, Any]], members: dict[str, Any], where: str) -> None:
    found = faults(parse(form(*items, **members)))
    assert [fault.where.removeprefix("/pages/0/") for fault in found] in ([where], [where.removesuffix("/field")])
    assert all(fault.what and fault.fix for fault in found)


@pytest.mark.parametrize(
    ("members", "where"),
    [
        ({"quotas": [QUOTA | {"message": {}}]}, "/quotas/0/message"),
        ({"quotas": [QUOTA, QUOTA]}, "/quotas/1/id"),
        ({"quotas": [QUOTA | {"rule": {"op": "answered", "field": "gone"}}]}, "/quotas/0/rule/field"),
        ({"done": {"en": "Bye, {{gone}}"}}, "/done"),
    ],
)
def test_what_is_about_the_whole_form_is_found_too(members: dict[str, Any], where: str) -> None:
    assert [fault.where for fault in faults(parse(form(AGE, **members)))] == [where]


def paged(first: dict[str, Any], second: dict[str, Any], **members: Any) -> Any:
    pages = [{"id": "one", "items": [AGE]} | first, {"id": "two", "items": [LATE]} | second]
    return parse(form(MOVED, **members) | {"pages": [*pages, {"id": "three", "items": [MOVED]}]})


def test_a_form_that_ends_at_its_first_page_cannot_be_published() -> None:
    assert [fault.where for fault in faults(paged({"exit": True}, {}))] == ["/pages/0/exit"]
    assert faults(paged({}, {"exit": True, "shown_if": OLD})) == ()


@pytest.mark.parametrize(
    ("first", "second", "members", "where"),
    [
        ({"title": {"en": "As {{late}}"}}, {}, {}, "/pages/0/title"),
        ({}, {}, {"intro": {"en": "Dear {{age}}"}}, "/intro"),
        ({}, {"exit": True}, {}, "/pages/1/exit"),
        ({}, {"jumps": [{"if": OLD, "to": "end"}]}, {"random_pages": True}, "/pages/1/jumps/0/to"),
    ],
)
def test_what_looks_ahead_is_told_and_does_not_stop(
    first: dict[str, Any], second: dict[str, Any], members: dict[str, Any], where: str
) -> None:
    definition = paged(first, second, **members)
    assert faults(definition) == () and where in [each.where for each in advice(definition)]


def test_pages_in_an_order_of_chance_that_look_at_each_other_are_told() -> None:
    later = {"id": "four", "items": [choosing()], "shown_if": {"op": "answered", "field": "late"}}
    raw = paged({}, {}, random_pages=True).as_json()
    assert not any("chance" in each.what for each in advice(parse(raw)))
    raw["pages"].append(later)
    assert ["/pages/3/shown_if"] == [each.where for each in advice(parse(raw)) if "chance" in each.what]


def test_an_exit_that_a_jump_leads_past_is_no_trap() -> None:
    jump = {"jumps": [{"if": OLD, "to": "three"}]}
    assert not any(each.where == "/pages/1/exit" for each in advice(paged(jump, {"exit": True})))
