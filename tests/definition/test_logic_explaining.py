"""Why a rule came to what it came to."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings

from formsite.definition import logic
from formsite.definition.logic import Context, Line, Scope, Seen
from tests.definition.test_logic_vectors import SCOPE as WHOLE_SCOPE, VECTORS
from tests.support.rules import FIELDS, answered, rules

SCOPE = Scope(homes={"age": ("children",), "name": ("children",)}, repeats=frozenset({"children"}))


def f(name: str) -> dict[str, Any]:
    """An answer."""
    return {"field": name}


def two(op: str, left: Any, right: Any) -> dict[str, Any]:
    """A comparison with a literal, or of two expressions."""
    return {"op": op, "left": left, "right": right if isinstance(right, dict) else {"value": right}}


def explained(rule: dict[str, Any], answers: dict[str, Any], scope: Scope = SCOPE) -> Line:
    """The rule as it came out; fields are named in capitals, choices in brackets."""
    context = Context(answers, date(2026, 5, 17))
    return logic.explain(
        logic.parse(rule), context, scope, name=str.upper, choice=lambda field, value: f"{value} ({field})"
    )


def test_a_comparison_tells_the_values_it_saw() -> None:
    line = explained(two("is", f("line"), "fibre"), {"line": "dsl"})
    assert line == Line("LINE is “fibre (line)”", False, (Seen("LINE", "dsl"),))


def test_what_is_unanswered_is_unknown() -> None:
    line = explained(two("at_least", f("amount"), 18), {})
    assert line == Line("AMOUNT is at least 18", None, (Seen("AMOUNT", None),))


def test_an_expression_is_told_with_the_answers_in_it() -> None:
    rule = two("more", {"op": "plus", "of": [f("amount"), f("rated"), f("amount")]}, f("rated"))
    line = explained(rule, {"amount": 2, "rated": 3})
    assert line.outcome is True
    assert line.seen == (Seen("(AMOUNT + RATED + AMOUNT)", 7.0), Seen("RATED", 3), Seen("AMOUNT", 2))


def test_conditions_that_are_put_together_are_told_one_by_one() -> None:
    rule = {
        "op": "all",
        "of": [
            {"op": "not", "of": {"op": "answered", "field": "said"}},
            {"op": "any", "of": [f("agreed"), two("less", f("born"), {"op": "today"})]},
            {"op": "sure", "of": two("is", f("amount"), 1)},
        ],
    }
    line = explained(rule, {"said": "x", "born": "2000-01-01"})
    assert line.outcome is False and line.seen == ()
    negation, either, sure = line.parts
    assert negation == Line("SAID is not answered", False, (), (Line("SAID is answered", True, (Seen("SAID", "x"),)),))
    assert either.parts == (
        Line("AGREED", None, (Seen("AGREED", None),)),
        Line("BORN is before today", True, (Seen("BORN", "2000-01-01"), Seen("today", "2026-05-17"))),
    )
    assert sure.outcome is False and sure.parts[0].outcome is None


def test_of_two_ways_the_one_that_was_gone_is_told() -> None:
    rule = {"op": "if", "if": f("agreed"), "then": two("is", f("amount"), 1), "else": two("is", f("rated"), 1)}
    told = {held: [part.words for part in explained(rule, {"agreed": held}).parts] for held in (True, False, None)}
    assert told == {True: ["AGREED", "AMOUNT is 1"], False: ["AGREED", "RATED is 1"], None: ["AGREED"]}


def test_the_instances_of_a_group_are_told_one_by_one() -> None:
    under = two("less", f("age"), 5)
    answers = {"children": 3, "children-0-age": 7, "children-1-age": 3, "children-2-name": "Ada"}
    line = explained({"op": "any_over", "over": "children", "of": under}, answers)
    assert line.outcome is True
    assert [(part.instance, part.outcome, part.seen) for part in line.parts] == [
        (1, False, (Seen("AGE", 7),)),
        (2, True, (Seen("AGE", 3),)),
        (3, None, (Seen("AGE", None),)),
    ]
    named = {"op": "any_over", "over": "children", "of": under, "where": {"op": "answered", "field": "name"}}
    assert [part.instance for part in explained(named, answers).parts] == [3]


def test_a_sum_over_a_group_is_told_as_a_sum() -> None:
    total = {"op": "sum_over", "over": "children", "of": f("age")}
    line = explained(two("at_most", total, 18), {"children": 2, "children-0-age": 7, "children-1-age": 3})
    assert line.seen == (Seen("the sum of AGE over every CHILDREN", 10.0),)


def test_many_instances_are_not_all_told() -> None:
    line = explained(
        {"op": "all_over", "over": "children", "of": {"op": "answered", "field": "age"}}, {"children": 200}
    )
    assert line.outcome is False and len(line.parts) == 50


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules(3), answered)
def test_the_outcome_is_that_of_the_rule_and_follows_from_the_parts(
    raw: dict[str, Any], answers: dict[str, Any]
) -> None:
    node, context = logic.parse(raw), Context(answers, date(2026, 5, 17))
    line = logic.explain(node, context)
    assert line.outcome is logic.compile_rule(node)(context)
    outcomes = [part.outcome for part in line.parts]  # unknown where nothing is divided by nothing
    if raw.get("op") == "not":
        assert line.outcome is (None if outcomes[0] is None else not outcomes[0])
    if raw.get("op") == "all":
        assert line.outcome is (False if False in outcomes else None if None in outcomes else True)
    assert bool(line.parts) or bool(line.seen) or not (logic.fields_of(node) & set(FIELDS))


def test_every_case_can_be_explained() -> None:
    for case in VECTORS:
        context = Context(case["answers"], date(2026, 5, 17), dict(case.get("at", {})))
        node = logic.parse(case["rule"])
        value = logic.compile_rule(node, WHOLE_SCOPE)(context)
        line = logic.explain(node, context, WHOLE_SCOPE)
        assert line.outcome is (value if isinstance(value, bool) else None) and line.words
        assert context.at == case.get("at", {})
