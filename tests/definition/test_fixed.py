"""What is shown but not to be changed stays as it was, whatever is sent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from formsite.definition.document import parse
from formsite.definition.flow import Plan

TODAY = date(2026, 1, 31)


def plan_of(**members: Any) -> Plan:
    known = {"id": "known", "type": "yes_no", "label": {"en": "Known"}}
    fixed = {"id": "fixed", "type": "short_text", "label": {"en": "Fixed"}, **members}
    free = {"id": "free", "type": "short_text", "label": {"en": "Free"}}
    pages = [{"id": "one", "items": [known]}, {"id": "two", "items": [fixed, free]}]
    return Plan(parse({"formsite": 1, "languages": ["en"], "title": {"en": "F"}, "pages": pages}))


def taken(plan: Plan, sent: dict[str, str], answers: dict[str, Any]) -> dict[str, Any]:
    page = {name: [value] for name, value in sent.items()}
    return plan.take("two", page, answers, asked=(), language="en", today=TODAY).answers


BY_RULE = {"op": "is", "left": {"field": "known"}, "right": {"value": True}}


@pytest.mark.parametrize("sent", [{"fixed": "forged", "free": "x"}, {"fixed": "", "free": "x"}, {"free": "x"}])
def test_what_a_rule_has_fixed_stays(sent: dict[str, str]) -> None:
    plan = plan_of(read_only=BY_RULE)
    held = {"known": True, "fixed": "as it was"}
    assert taken(plan, sent, held) == held | {"free": "x"}
    assert taken(plan, sent, {"known": True}) == {"known": True, "free": "x"}


@pytest.mark.parametrize("sent", [{"fixed": "forged"}, {"fixed": ""}, {}])
def test_a_fixed_value_given_beforehand_stays(sent: dict[str, str]) -> None:
    for read_only in (BY_RULE, True):
        plan = plan_of(read_only=read_only, default={"value": "given"})
        assert taken(plan, sent, {"known": True})["fixed"] == "given"


def test_what_is_not_fixed_is_changed() -> None:
    plan = plan_of(read_only=BY_RULE, default={"value": "given"})
    assert taken(plan, {"fixed": "mine"}, {"known": False, "fixed": "as it was"})["fixed"] == "mine"
    assert taken(plan, {"fixed": ""}, {"known": False})["fixed"] is None
