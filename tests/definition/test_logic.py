"""The laws of rules: what unknown does, that nothing raises, what is refused and how a rule is read aloud."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from jsonschema import Draft202012Validator

from formsite.definition import logic
from formsite.definition.faults import Faulty
from formsite.definition.logic import Context
from formsite.definition.logic.nodes import OPERATORS
from tests.support.rules import FIELDS, answered, anything, comparisons, hostile, numbers, rules

TODAY = date(2026, 5, 17)
JUDGE = Draft202012Validator({"$ref": "#/$defs/rule", "$defs": logic.SCHEMA})
some = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def run(rule: dict[str, Any], answers: dict[str, Any] | None = None) -> Any:
    """What a rule comes to."""
    return logic.compile_rule(logic.parse(rule))(Context(answers or {}, TODAY))


def v(value: Any) -> dict[str, Any]:
    """A literal."""
    return {"value": value}


def two(op: str, left: Any, right: Any) -> dict[str, Any]:
    """A comparison."""
    return {"op": op, "left": left, "right": right}


# -- laws --------------------------------------------------------------------------------------------------------------


@some
@given(rules())
def test_a_rule_is_written_as_it_was_read(raw: dict[str, Any]) -> None:
    node = logic.parse(raw)
    written = logic.to_json(node)
    assert logic.parse(written) == node and logic.to_json(logic.parse(json.loads(json.dumps(written)))) == written
    JUDGE.validate(raw)
    JUDGE.validate(written)


@some
@given(rules(), anything)
def test_a_well_typed_rule_never_raises_whatever_was_answered(raw: dict[str, Any], answers: dict[str, Any]) -> None:
    node = logic.parse(raw)
    assert logic.typecheck(node, FIELDS) == []
    assert logic.compile_rule(node)(Context(answers, TODAY)) in (True, False, None) or _is_bare_field(raw)


def _is_bare_field(raw: dict[str, Any]) -> bool:
    return "field" in raw and "op" not in raw


@some
@given(numbers(3), anything)
def test_an_expression_is_finite_or_unknown(raw: dict[str, Any], answers: dict[str, Any]) -> None:
    if not _is_bare_field(raw):
        value = run(raw, {name: held for name, held in answers.items() if name not in ("amount", "rated")})
        assert value is None or (isinstance(value, int | float) and math.isfinite(value))


@some
@given(comparisons(1), answered)
def test_what_is_unanswered_satisfies_no_comparison_nor_its_opposite(
    raw: dict[str, Any], answers: dict[str, Any]
) -> None:
    def looks(side: Any) -> bool:
        return isinstance(side, dict) and "field" in side and "op" not in side

    assume(looks(raw["left"]) or looks(raw.get("right")))
    missing = raw["left"]["field"] if looks(raw["left"]) else raw["right"]["field"]
    for nothing in (None, "", []):
        given_ = answers | {missing: nothing}
        assert run(raw, given_) is None
        assert run({"op": "not", "of": raw}, given_) is None
    del answers[missing]
    assert run(raw, answers) is None and run({"op": "not", "of": raw}, answers) is None


@some
@given(st.lists(rules(1), min_size=1, max_size=3), answered, st.sets(st.sampled_from(list(FIELDS))))
def test_the_laws_of_de_morgan_hold_with_unknowns(
    parts: list[dict[str, Any]], answers: dict[str, Any], gone: set[str]
) -> None:
    answers = {name: value for name, value in answers.items() if name not in gone}
    opposites = [{"op": "not", "of": part} for part in parts]
    for op, dual in (("all", "any"), ("any", "all")):
        assert run({"op": "not", "of": {"op": op, "of": parts}}, answers) is run({"op": dual, "of": opposites}, answers)
        assert run({"op": op, "of": parts}, answers) is run({"op": op, "of": parts[::-1]}, answers)
        assert run({"op": op, "of": parts + parts}, answers) is run({"op": op, "of": parts}, answers)


@some
@given(rules(1), answered, st.sets(st.sampled_from(list(FIELDS)), min_size=1))
def test_more_answers_never_turn_a_rule_round_unless_it_asks_what_is_answered(
    raw: dict[str, Any], answers: dict[str, Any], gone: set[str]
) -> None:
    """Unknown may become true or false; true does not become false. (Kleene's logic is monotonic.)"""
    assume('"answered"' not in json.dumps(raw))
    fewer = run(raw, {name: value for name, value in answers.items() if name not in gone})
    assert fewer is None or fewer is run(raw, answers)


@some
@given(st.sampled_from(sorted(OPERATORS)), hostile, hostile, hostile)
def test_whatever_stands_in_a_rule_it_is_read_or_refused(op: str, one: Any, other: Any, third: Any) -> None:
    for raw in (one, {"op": op, "of": one}, {"op": op, "left": one, "right": other}, {"op": one}, {"value": one}, {"field": other}, {"date": third}, {"op": "one_of", "left": v(1), "values": [{"value": one}]}):  # fmt: skip
        try:
            node = logic.parse(raw)
        except Faulty as refusal:
            assert refusal.faults
        else:
            logic.compile_rule(node)(Context({}, TODAY))


# -- another interpreter -----------------------------------------------------------------------------------------------

ORACLE = {"is": "===", "is_not": "!==", "less": "<", "at_most": "<=", "more": ">", "at_least": ">="}


def translated(raw: dict[str, Any]) -> Any:
    """The rule in JSONLogic, or None where JSONLogic has no such thing or means another."""
    if "op" not in raw:
        return {"var": raw["field"]} if "field" in raw else raw.get("value", raw.get("date"))
    op = raw["op"]
    if op in ("all", "any", "plus", "times", "least", "greatest"):
        name = {"all": "and", "any": "or", "plus": "+", "times": "*", "least": "min", "greatest": "max"}[op]
        return {name: [translated(each) for each in raw["of"]]}
    if op == "minus":
        return {"-": [translated(each) for each in raw["of"]]}
    if op == "not":
        return {"!": [translated(raw["of"])]}
    if op == "if":
        return {"if": [translated(raw[name]) for name in ("if", "then", "else")]}
    if op == "one_of":
        return {"in": [translated(raw["left"]), [translated(each) for each in raw["values"]]]}
    if op == "contains":
        return {"in": [translated(raw["right"]), translated(raw["left"])]}
    return {ORACLE[op]: [translated(raw["left"]), translated(raw["right"])]}


SPOKEN = {"all", "any", "not", "if", "one_of", "contains", "plus", "times", "minus", "least", "greatest", *ORACLE}


def _operators(raw: Any) -> set[str]:
    if isinstance(raw, list):
        return set().union(*map(_operators, raw))
    if not isinstance(raw, dict):
        return set()
    return (
        {raw["op"]} if set(raw) == {"op"} else set().union(*map(_operators, raw.values()), {raw.get("op", "")}) - {""}
    )


whole = st.integers(-1000, 1000)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(rules(2), answered, whole)
def test_datalogic_comes_to_the_same_where_all_is_answered(
    raw: dict[str, Any], answers: dict[str, Any], n: int
) -> None:
    import datalogic_py

    assume(_operators(raw) <= SPOKEN and json.dumps(raw).isascii() and _is_whole(raw))
    assume(
        not (('"born"' in json.dumps(raw) or '"date"' in json.dumps(raw)) and {"least", "greatest"} & _operators(raw))
    )  # its min and max know no days
    answers = answers | {"amount": n, "said": "abc", "named": "b"}
    expected = datalogic_py.apply(translated(raw), answers)
    assert run(raw, answers) is bool(expected)


def _is_whole(raw: Any) -> bool:
    """Without decimals: how those are added up is no question of logic."""
    if isinstance(raw, dict | list):
        return all(map(_is_whole, raw.values() if isinstance(raw, dict) else raw))
    return not isinstance(raw, float)


# -- looking into a rule -----------------------------------------------------------------------------------------------


@some
@given(rules(3))
def test_the_fields_of_a_rule_are_those_it_names_and_can_be_renamed(raw: dict[str, Any]) -> None:
    node = logic.parse(raw)
    assert logic.fields_of(node) == {name for name in FIELDS if f'"field": "{name}"' in json.dumps(logic.to_json(node))}
    renamed = logic.rename_field(node, "said", "told")
    assert "said" not in logic.fields_of(renamed)
    assert logic.rename_field(renamed, "told", "said") == node


@some
@given(rules(2), answered, anything)
def test_a_rule_looks_only_at_the_fields_it_names(
    raw: dict[str, Any], answers: dict[str, Any], others: dict[str, Any]
) -> None:
    named = logic.fields_of(logic.parse(raw))
    changed = {name: value for name, value in others.items() if name not in named}
    assert run(raw, answers) is run(raw, {name: value for name, value in answers.items() if name in named} | changed)


@pytest.mark.parametrize("huge", [10**400, -(10**400)])
def test_a_number_that_no_double_holds_is_unknown(huge: int) -> None:
    for op in ("is", "less", "at_least"):
        assert run({"op": op, "left": {"field": "x"}, "right": v(1)}, {"x": huge}) is None
    for rule in ({"op": "plus", "of": [{"field": "x"}, v(1)]}, {"op": "round", "of": {"field": "x"}}):
        assert run(rule, {"x": huge}) is None
