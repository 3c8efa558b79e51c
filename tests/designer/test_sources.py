"""A question whose choices depend on another: the draft keeps the two together."""

from __future__ import annotations

from typing import Any

import pytest

from formsite.designer import drafts, settings
from tests.definition.test_lists import AREA, entries, town
from tests.support.definitions import form


def draft() -> dict[str, Any]:
    return form(AREA, town("dropdown"))


def test_another_name_goes_into_what_depends_on_it() -> None:
    changed = drafts.replace(draft(), "area", AREA | {"id": "region"})
    assert drafts.find(changed, "town")[0]["settings"]["parent"] == "region"


def test_what_others_depend_on_stays() -> None:
    with pytest.raises(drafts.StillUsed, match="town"):
        drafts.delete(draft(), "area")
    assert drafts.delete(draft(), "town")["pages"][0]["items"] == [AREA]


def test_lines_and_the_question_they_depend_on_are_typed() -> None:
    sent = {"settings.choices": "oslo | Oslo | of e0\nrome | Rome", "settings.parent": "area"}
    made, errors = settings.read("dropdown", sent, {}, "en")
    assert errors == {} and made["parent"] == "area"
    assert [choice.get("of") for choice in made["choices"]] == ["e0", None]


def test_a_list_that_is_too_long_to_type_is_not_typed_away() -> None:
    held = {"choices": entries("Oslo", "Rome")}
    assert settings.read("list_choice", {"settings.choices": ""}, held, "en") == (held, {})
    assert settings.read("list_choice", {}, {}, "en") == ({}, {})
    [shown] = [each for each in settings.drawn("list_choice", held, "en") if each.name == "choices"]
    assert (shown.control, shown.value) == ("held", "2 choices")
