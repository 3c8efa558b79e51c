"""`forms evaluate` and whoever tries a form out: given answers in, what the form makes of them out."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings

from formsite.definition.document import parse
from formsite.definition.evaluation import Evaluator
from formsite.definition.questions import Questions
from formsite.interchange.dialects import NameByName
from tests.support.definitions import documents, form
from tests.support.rules import hostile

TODAY = date(2026, 5, 17)
MOVED = {"id": "moved", "type": "yes_no", "label": {"en": "Moved"}}
WHERE = {
    "id": "new_home",
    "type": "short_text",
    "label": {"en": "Where to", "de": "Wohin"},
    "compulsory": True,
    "shown_if": {"op": "is", "left": {"field": "moved"}, "right": {"value": True}},
}
ROOMS = {"id": "rooms", "type": "number", "label": {"en": "Rooms", "de": "Zimmer"}, "settings": {"min": 1}}


def evaluated(answers: dict[str, Any], **given: Any) -> dict[str, Any]:
    """What a form of three questions makes of answers."""
    return Evaluator(parse(form(MOVED, WHERE, ROOMS, languages=["en", "de"])), **given).evaluate(answers, TODAY)


def test_nothing_answered() -> None:
    assert evaluated({}) == {"shown": ["moved", "rooms"], "compulsory": [], "errors": {}, "computed": {}, "next": None}


def test_what_is_missing_and_where_to_go_for_it() -> None:
    found = evaluated({"moved": True})
    assert found["shown"] == ["moved", "new_home", "rooms"] and found["compulsory"] == ["new_home"]
    assert list(found["errors"]) == ["new_home"] and "Where to" in found["errors"]["new_home"][0]
    assert found["next"] == "the_page"


def test_what_is_wrong_is_said_in_the_language_asked_for() -> None:
    (said,) = evaluated({"rooms": 0}, language="de")["errors"]["rooms"]
    assert "Zimmer" in said and "1" in said


def test_what_cannot_be_read_is_an_error_where_it_is_shown() -> None:
    found = evaluated({"rooms": "three", "moved": "yes"})
    assert list(found["errors"]) == ["moved", "rooms"] and found["next"] == "the_page"
    assert evaluated({"new_home": 5})["errors"] == {}


def test_answers_may_lie_in_groups_and_go_by_their_own_names() -> None:
    dialect = NameByName({"Q1": "moved", "Q2": "new_home"})
    found = evaluated({"A": {"Q1": True, "deep": {"Q2": "Leeds"}}, "other": 1}, dialect=dialect)
    assert found["shown"] == ["Q1", "Q2"] and found["compulsory"] == ["Q2"] and found["errors"] == {}
    assert list(evaluated({"Q1": True}, dialect=dialect)["errors"]) == ["Q2"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents(), hostile, hostile)
def test_whatever_is_given_it_is_evaluated(raw: dict[str, Any], one: Any, other: Any) -> None:
    definition = parse(raw)
    names = [field.id for field in definition.fields()]
    found = Evaluator(definition).evaluate({name: one if at % 2 else other for at, name in enumerate(names)}, TODAY)
    assert set(found["compulsory"]) <= set(found["shown"]) <= set(Questions(definition))
    assert set(found["errors"]) <= set(found["shown"]) and (found["next"] is None) is (not found["errors"])


SHIFTS = {
    "id": "shifts",
    "type": "group",
    "label": {"en": "Shift"},
    "repeat": {"max": 5},
    "limits": [
        {
            "rule": {"op": "less", "left": {"field": "begins"}, "right": {"field": "ends"}},
            "message": {"en": "It ends before it begins."},
        }
    ],
    "items": [
        {"id": "begins", "type": "number", "label": {"en": "From"}},
        {"id": "ends", "type": "number", "label": {"en": "To"}},
    ],
}


def test_what_is_wrong_with_an_instance_of_a_group_is_told_of_that_instance() -> None:
    evaluator = Evaluator(parse(form(SHIFTS)))
    found = evaluator.evaluate({"shifts": [{"begins": 1, "ends": 2}, {"begins": 3, "ends": 2}]}, TODAY)
    assert found["errors"] == {"shifts-1": ["It ends before it begins."]} and found["next"] == "the_page"
    plan, state = evaluator.plan, evaluator.plan.state({"shifts": 2}, TODAY)
    assert plan.described("shifts-1", state, "en") == "Shift 2"


def test_a_dialect_may_count_groups_among_the_questions() -> None:
    class Counting(NameByName):
        groups = frozenset({"shifts"})

    names = {"shift": "shifts", "from": "begins", "to": "ends"}
    evaluator = Evaluator(parse(form(SHIFTS)), dialect=Counting(names))
    assert evaluator.evaluate({}, TODAY)["shown"] == ["shift-0-from", "shift-0-to", "shift"]


def test_answers_of_another_shape_are_errors_and_not_passed_over() -> None:
    kids = {"id": "kids", "type": "group", "label": {"en": "Children"}, "repeat": {}, "items": [ROOMS]}
    plan = Evaluator(parse(form(MOVED, kids)))
    for given_ in ({"kids": "many"}, {"kids": True}, {"kids": [1]}, {"moved": {"a": 1}}):
        assert list(plan.evaluate(given_, TODAY)["errors"]) == list(given_), given_
    assert plan.evaluate({"kids": [{"rooms": 2}, {}]}, TODAY)["errors"] == {}


def test_a_page_that_ends_the_form_is_named() -> None:
    is_yes = {"op": "is", "left": {"field": "moved"}, "right": {"value": True}}
    leave = {"id": "leave", "exit": True, "shown_if": is_yes, "items": [ROOMS]}
    raw = form(MOVED) | {"pages": [{"id": "first", "items": [MOVED]}, leave]}
    assert Evaluator(parse(raw)).evaluate({"moved": True}, TODAY)["exit"] == "leave"
    assert "exit" not in Evaluator(parse(raw)).evaluate({"moved": False}, TODAY)
