"""Defaults of several choices: a rule yields a text, in which they stand with spaces between them."""

from __future__ import annotations

from datetime import date

from formsite.definition.flow import Plan
from tests.support.definitions import definition

CHOICES = [{"id": name, "label": {"en": name}} for name in ("tea", "cake", "beer")]


def test_a_text_fills_in_several_choices() -> None:
    asked = {"id": "likes", "type": "several_choices", "label": {"en": "Likes"}, "settings": {"choices": CHOICES}}
    for written, expected in (("cake tea", ["tea", "cake"]), ("tea wine", None), ("", None)):
        plan = Plan(definition(asked | {"default": {"value": written}}))
        assert plan.state({}, date(2026, 5, 17)).answers.get("likes") == expected
