"""What is no rule, what mixes kinds, and how a rule is read aloud."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from formsite.definition import logic
from formsite.definition.faults import Fault, Faulty
from formsite.definition.logic import AnswerType, Context, Operand
from formsite.definition.logic.nodes import OPERATORS
from tests.definition.test_logic_vectors import operators
from tests.support.rules import FIELDS, rules


def run(rule: dict[str, Any], answers: dict[str, Any] | None = None) -> Any:
    """What a rule comes to."""
    return logic.compile_rule(logic.parse(rule))(Context(answers or {}, date(2026, 5, 17)))


def refused(raw: object, where: str = "") -> tuple[Fault, ...]:
    """The faults of what is no rule."""
    with pytest.raises(Faulty) as caught:
        logic.parse(raw, where)
    assert all(fault.what and fault.fix for fault in caught.value.faults)
    return caught.value.faults


def v(value: Any) -> dict[str, Any]:
    """A literal."""
    return {"value": value}


def f(name: str) -> dict[str, Any]:
    """An answer."""
    return {"field": name}


def two(op: str, left: Any, right: Any) -> dict[str, Any]:
    """A comparison."""
    return {"op": op, "left": left, "right": right}


# -- what is refused ---------------------------------------------------------------------------------------------------


def deep(depth: int) -> dict[str, Any]:
    """So many negations over one value."""
    raw = v(True)
    for _ in range(depth):
        raw = {"op": "not", "of": raw}
    return raw


@pytest.mark.parametrize(
    ("raw", "where", "fix"),
    [
        (None, "", "Write it like"),
        ([], "", "Write it like"),
        ("amount", "", "Write it like"),
        ({}, "", "Give it an"),
        ({"feild": "a"}, "", "Give it an"),
        ({"field": "a", "value": 1}, "", "Give it an"),
        (f("a") | {"op": "lenght"}, "/op", "“length”"),
        ({"op": "at_leest", "left": v(1), "right": v(2)}, "/op", "“at_least”"),
        ({"op": "§§§", "of": []}, "/op", "Use one of: all, any"),
        ({"op": ["is"]}, "/op", "Use one of"),
        ({"op": None}, "/op", "Use one of"),
        ({"op": 10**5_000}, "/op", "Use one of"),
        ({"op": "x" * 1_000_000}, "/op", "Use one of"),
        ({"op": "answered"}, "", 'Add "field"'),
        ({"op": "answered", "field": 5}, "/field", "quotes"),
        ({"field": None}, "/field", "quotes"),
        ({"op": "is", "left": v(1)}, "", 'Add "right"'),
        ({"op": "is", "left": v(1), "right": v(2), "rigth": v(2)}, "/rigth", "spelling"),
        ({"op": "not", "of": v(True), "a/b~": 1}, "/a~1b~0", "spelling"),
        ({"op": "today", "of": []}, "/of", "spelling"),
        ({"op": "all", "of": []}, "/of", "Write ["),
        ({"op": "all", "of": v(True)}, "/of", "Write ["),
        ({"op": "one_of", "left": v(1), "values": []}, "/values", "Write ["),
        ({"op": "one_of", "left": v(1), "values": {}}, "/values", "Write ["),
        ({"op": "minus", "of": [v(1)]}, "/of", "two"),
        ({"op": "divided_by", "of": [v(1), v(1), v(1)]}, "/of", "two"),
        ({"op": "round", "of": v(1), "places": 10}, "/places", "Write one"),
        ({"op": "round", "of": v(1), "places": -1}, "/places", "Write one"),
        ({"op": "round", "of": v(1), "places": 1.5}, "/places", "Write one"),
        ({"op": "round", "of": v(1), "places": True}, "/places", "Write one"),
        ({"op": "round", "of": v(1), "places": float("nan")}, "/places", "Write one"),
        ({"op": "round", "of": v(1), "places": 10**400}, "/places", "Write one"),
        (v(None), "/value", "Write one of these"),
        (v([]), "/value", "Write one of these"),
        (v(float("nan")), "/value", "Write one of these"),
        (v(float("-inf")), "/value", "Write one of these"),
        (v(2**53), "/value", "Write one of these"),
        (v("x" * 2_001), "/value", "Write one of these"),
        (v("a\x00b"), "/value", "Write one of these"),
        ({"date": "2026-02-30"}, "/date", "2026-01-31"),
        ({"date": "today"}, "/date", "2026-01-31"),
        ({"date": 5}, "/date", "2026-01-31"),
        (two("is", f("a"), {"op": "all", "of": [v(1), {"op": "nott", "of": v(1)}]}), "/right/of/1/op", "“not”"),
        ({"op": "days_between", "from": {"date": "x"}, "to": {"op": "today"}}, "/from/date", "2026-01-31"),
        ({"op": "if", "if": v(1), "then": v(1), "else": 5}, "/else", "Write it like"),
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_by_place_and_told_how_to_mend(raw: object, where: str, fix: str) -> None:
    (fault,) = refused(raw, "/pages/0/shown_if")
    assert fault.where == f"/pages/0/shown_if{where}"
    assert fix in fault.fix


@pytest.mark.parametrize(
    "raw",
    [
        {"op": "minus", "of": [v(1)]},
        {"op": "divided_by", "of": [v(1), v(2), v(3)]},
        {"op": "all", "of": []},
        {"op": "one_of", "left": v(1), "values": []},
        {"op": "round", "of": v(1), "places": 10},
        {"op": "nott", "of": v(True)},
        v("x" * 2_001),
        v(None),
        {"date": "today"},
        {"field": "a", "value": 1},
        {"op": "today", "of": v(1)},
        {"op": "if", "if": v(True), "then": v(1)},
    ],
)
def test_the_schema_refuses_what_is_no_rule(raw: dict[str, Any]) -> None:
    refused(raw)
    assert not Draft202012Validator({"$ref": "#/$defs/rule", "$defs": logic.SCHEMA}).is_valid(raw)


def test_all_faults_of_a_rule_are_told_at_once() -> None:
    found = refused({"op": "all", "of": [v(None), {"op": "iss"}, f("fine"), {"date": ""}]})
    assert [fault.where for fault in found] == ["/of/0/value", "/of/1/op", "/of/3/date"]


def test_a_rule_is_so_deep_and_no_deeper() -> None:
    assert run(deep(60)) is True
    assert [fault.fix for fault in refused(deep(61))] == ["Take it apart"]
    assert [fault.where for fault in refused(deep(5_000))] == ["/of" * 61]


def test_a_rule_is_so_large_and_no_larger() -> None:
    assert run({"op": "all", "of": [v(True)] * 1_999}) is True
    found = refused({"op": "all", "of": [v(True)] * 100_000})
    assert [(fault.where, fault.fix) for fault in found] == [("/of/1999", "Take it apart")]


def test_decimals_of_a_round_may_be_written_with_a_point() -> None:
    assert logic.parse({"op": "round", "of": v(1), "places": 2.0}) == logic.parse(
        {"op": "round", "of": v(1), "places": 2}
    )


# -- types -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "where", "fix"),
    [
        (f("amount"), "", "Compare it"),
        (v("yes"), "", "Compare it"),
        ({"op": "today"}, "", "Compare it"),
        ({"op": "answered", "field": "amuont"}, "/field", "“amount”"),
        ({"op": "answered", "field": "§"}, "/field", "asked before"),
        ({"op": "answered", "field": "shown"}, "/field", "Choose a question"),
        (two("is", f("line"), v("fiber")), "/right", "“fibre”"),
        (two("is", v("fiber"), f("line")), "/left", "“fibre”"),
        (two("is", f("line"), v("§")), "/right", "one of its choices"),
        (two("is", f("line"), v(1)), "/right", "one kind"),
        (two("contains", f("used"), v("fiber")), "/right", "“fibre”"),
        (two("contains", f("used"), v(1)), "/right", "one kind"),
        (two("contains", f("amount"), v("1")), "/left", "another operand"),
        (two("contains", f("said"), f("amount")), "/right", "another operand"),
        (two("starts_with", f("used"), v("a")), "/left", "another operand"),
        (two("starts_with", f("said"), f("born")), "/right", "another operand"),
        (two("is", f("used"), v("fibre")), "/left", "contains"),
        (two("is", v("fibre"), f("used")), "/left", "one kind"),
        (two("is_not", f("line"), f("used")), "/right", "one kind"),
        ({"op": "one_of", "left": f("used"), "values": [v("fibre")]}, "/left", "contains"),
        ({"op": "one_of", "left": f("line"), "values": [v("dsl"), v("fiber")]}, "/values/1", "“fibre”"),
        ({"op": "one_of", "left": f("amount"), "values": [v(1), v("1")]}, "/values/1", "one kind"),
        (two("is", f("amount"), v("18")), "/right", "one kind"),
        (two("is", f("agreed"), v("true")), "/right", "one kind"),
        (two("less", f("said"), v("b")), "/left", "another operand"),
        (two("less", f("amount"), {"op": "today"}), "/right", "one kind"),
        (two("more", f("born"), v("2000-02-31")), "/right", "one kind"),
        ({"op": "all", "of": [f("agreed"), f("amount")]}, "/of/1", "another operand"),
        ({"op": "not", "of": f("said")}, "/of", "another operand"),
        (two("is", {"op": "count", "of": f("said")}, v(1)), "/left/of", "another operand"),
        (two("is", {"op": "length", "of": f("amount")}, v(1)), "/left/of", "another operand"),
        (two("is", {"op": "lower", "of": f("used")}, v("a")), "/left/of", "another operand"),
        (two("is", {"op": "year", "of": f("amount")}, v(1)), "/left/of", "another operand"),
        (two("is", {"op": "plus", "of": [v(1), f("said")]}, v(1)), "/left/of/1", "another operand"),
        (two("is", {"op": "divided_by", "of": [v(1), v(0)]}, v(1)), "/left/of/1", "something else"),
        (two("is", {"op": "join", "of": [v("a"), f("amount")]}, v("a")), "/left/of/1", "another operand"),
        (two("is", {"op": "least", "of": [f("said")]}, v(1)), "/left/of/0", "another operand"),
        (two("is", {"op": "least", "of": [f("born"), v(1)]}, {"op": "today"}), "/left/of/1", "one kind"),
        (two("is", {"op": "round", "of": f("born")}, v(1)), "/left/of", "another operand"),
        (two("is", {"op": "add_days", "date": v("x"), "days": v(1)}, {"op": "today"}), "/left/date", "another operand"),
        (two("is", {"op": "add_days", "date": f("born"), "days": f("said")}, f("born")), "/left/days", "another operand"),
        (two("is", {"op": "days_between", "from": v(1), "to": f("born")}, v(1)), "/left/from", "another operand"),
        (two("is", {"op": "years_between", "from": f("born"), "to": v(1)}, v(1)), "/left/to", "another operand"),
        (two("is", {"op": "if", "if": v(1), "then": v(1), "else": v(2)}, v(1)), "/left/if", "another operand"),
        (two("is", {"op": "if", "if": v(True), "then": v(1), "else": v("a")}, v(1)), "/left/else", "one kind"),
        (two("is", {"op": "if", "if": v(True), "then": f("line"), "else": f("line")}, v("x")), "/right", "of its choices"),
    ],
)  # fmt: skip
def test_a_rule_that_mixes_kinds_is_refused_by_place(raw: dict[str, Any], where: str, fix: str) -> None:
    fields = FIELDS | {"shown": Operand(AnswerType.NOTHING)}
    (fault,) = logic.typecheck(logic.parse(raw), fields, "/shown_if")
    assert fault.where == f"/shown_if{where}"
    assert fix in fault.fix and fault.what


@pytest.mark.parametrize(
    "raw",
    [
        two("is", f("said"), f("line")),
        two("contains", f("line"), v("fi")),
        two("is", {"op": "lower", "of": f("line")}, v("anything")),
        two("is", {"op": "if", "if": f("agreed"), "then": f("line"), "else": v("neither")}, v("neither")),
        two("is", {"op": "if", "if": f("agreed"), "then": f("line"), "else": f("network")}, v("mobile")),
        two("more", {"op": "count", "of": {"op": "if", "if": f("agreed"), "then": f("used"), "else": f("used")}}, v(1)),
    ],
)
def test_texts_and_choices_may_meet(raw: dict[str, Any]) -> None:
    fields = FIELDS | {"network": Operand(AnswerType.CHOICE, ("mobile", "fixed"))}
    assert logic.typecheck(logic.parse(raw), fields) == []


def test_an_endless_name_is_cut_where_it_is_told() -> None:
    raw = {"op": "any", "of": [{"op": "answered", "field": "x" * 100_000}, two("is", f("line"), v("y" * 2_000))]}
    found = logic.typecheck(logic.parse(raw), FIELDS)
    assert [fault.where for fault in found] == ["/of/0/field", "/of/1/right"]
    assert all(len(fault.what) < 120 for fault in found)


def test_several_faults_of_types_are_told_at_once() -> None:
    raw = {"op": "any", "of": [two("is", f("line"), v("x")), two("less", f("said"), v(1)), f("amount")]}
    assert [fault.where for fault in logic.typecheck(logic.parse(raw), FIELDS)] == [
        "/of/0/right",
        "/of/1/left",
        "/of/2",
    ]


# -- in words ----------------------------------------------------------------------------------------------------------

ALOUD = [
    ({"op": "all", "of": [f("agreed"), two("is", f("line"), v("fibre"))]}, "AGREED and LINE is “Fibre”"),
    (
        {"op": "all", "of": [f("agreed"), {"op": "any", "of": [two("at_least", f("amount"), v(18)), f("agreed")]}]},
        "AGREED and (AMOUNT is at least 18 or AGREED)",
    ),
    ({"op": "not", "of": {"op": "answered", "field": "said"}}, "SAID is not answered"),
    ({"op": "not", "of": f("agreed")}, "not (AGREED)"),
    ({"op": "answered", "field": "said"}, "SAID is answered"),
    (two("is_not", f("agreed"), v(True)), "AGREED is not yes"),
    (two("is", v(False), f("agreed")), "no is AGREED"),
    (two("less", f("amount"), v(1234567.5)), "AMOUNT is less than 1,234,567.5"),
    (two("at_most", f("amount"), v(1e6)), "AMOUNT is at most 1,000,000"),
    (two("more", f("amount"), v(0.125)), "AMOUNT is more than 0.125"),
    (two("less", f("born"), {"date": "2008-05-17"}), "BORN is before 17 May 2008"),
    (two("at_most", {"op": "today"}, f("born")), "today is not after BORN"),
    (two("contains", f("used"), v("dsl")), "USED contains “Dsl”"),
    (two("starts_with", f("said"), v("0")), "SAID starts with “0”"),
    ({"op": "one_of", "left": f("line"), "values": [v("fibre"), v("dsl"), v("none")]}, "LINE is “Fibre”, “Dsl” or “None”"),
    ({"op": "one_of", "left": f("line"), "values": [v("fibre")]}, "LINE is “Fibre”"),
    (two("more", {"op": "count", "of": f("used")}, v(1)), "the number of choices in USED is more than 1"),
    (two("more", {"op": "length", "of": {"op": "trim", "of": f("said")}}, v(1)), "the length of SAID without spaces around it is more than 1"),
    (two("is", {"op": "lower", "of": f("said")}, v("a")), "SAID in small letters is “a”"),
    (two("is", {"op": "year", "of": f("born")}, {"op": "month", "of": {"op": "today"}}), "the year of BORN is the month of today"),
    (two("is", {"op": "day", "of": f("born")}, v(1)), "the day of the month of BORN is 1"),
    (two("is", {"op": "plus", "of": [f("amount"), {"op": "times", "of": [v(2), f("rated")]}]}, v(1)), "(AMOUNT + (2 × RATED)) is 1"),
    (two("is", {"op": "minus", "of": [f("amount"), {"op": "divided_by", "of": [v(2), f("rated")]}]}, v(1)), "(AMOUNT − (2 ÷ RATED)) is 1"),
    (two("is", {"op": "least", "of": [f("amount"), f("rated")]}, {"op": "greatest", "of": [v(1)]}), "the least of AMOUNT, RATED is the greatest of 1"),
    (two("is", {"op": "join", "of": [f("said"), v("x")]}, f("said")), "the joined texts of SAID, “x” is SAID"),
    (two("is", {"op": "round", "of": f("amount")}, {"op": "round", "of": f("amount"), "places": 1}), "AMOUNT rounded is AMOUNT rounded to 1 place"),
    (two("is", {"op": "round", "of": f("amount"), "places": 2}, v(1)), "AMOUNT rounded to 2 places is 1"),
    (two("more", f("born"), {"op": "add_days", "date": {"op": "today"}, "days": v(-7)}), "BORN is after -7 days after today"),
    (two("more", {"op": "days_between", "from": f("born"), "to": {"op": "today"}}, v(7)), "the days from BORN to today is more than 7"),
    (two("less", {"op": "years_between", "from": f("born"), "to": {"op": "today"}}, v(18)), "the full years from BORN to today is less than 18"),
    (two("is", {"op": "if", "if": f("agreed"), "then": v(1), "else": v(2)}, v(1)), "(1 if AGREED, else 2) is 1"),
    ({"op": "all", "of": [{"op": "any", "of": [f("agreed"), f("agreed")]}]}, "AGREED or AGREED"),
    ({"op": "sure", "of": {"op": "any", "of": [f("agreed"), f("agreed")]}}, "(AGREED or AGREED)"),
    (two("is", {"op": "or_else", "of": [f("amount"), v(0)]}, v(1)), "(AMOUNT, or else 0) is 1"),
    (two("is", {"op": "number", "of": f("said")}, v(1)), "the number in SAID is 1"),
    (two("is", {"op": "text", "of": f("amount")}, v("1")), "AMOUNT as a text is “1”"),
    (two("is", {"op": "upper", "of": f("said")}, v("A")), "SAID in capital letters is “A”"),
    (two("ends_with", f("said"), v("x")), "SAID ends with “x”"),
    (two("is", two("before", f("said"), v("@")), two("after", f("said"), v("@"))), "the text of SAID before “@” is the text of SAID after “@”"),
    (two("is", two("find", f("said"), v("@")), v(1)), "the place of “@” in SAID, from 0 is 1"),
    ({"op": "matches", "of": f("said"), "pattern": "^[0-9]+$"}, "SAID matches the pattern ^[0-9]+$"),
    (two("is", {"op": "substring", "of": f("said"), "from": v(1)}, v("a")), "SAID from place 1 to its end is “a”"),
    (two("is", {"op": "substring", "of": f("said"), "from": v(1), "length": v(2)}, v("a")), "SAID from place 1 for 2 characters is “a”"),
    (two("is", {"op": "replace", "of": f("said"), "old": v("a"), "new": v("b")}, v("b")), "SAID with “b” in place of “a” is “b”"),
    (two("is", {"op": "mod", "of": [f("amount"), v(2)]}, {"op": "power", "of": [v(2), f("rated")]}), "(AMOUNT modulo 2) is (2 to the power of RATED)"),
    (two("is", {"op": "sqrt", "of": f("amount")}, {"op": "abs", "of": f("amount")}), "the square root of AMOUNT is AMOUNT without its sign"),
    (two("is", {"op": "floor", "of": f("amount")}, {"op": "ceil", "of": f("amount")}), "AMOUNT rounded down is AMOUNT rounded up"),
    (two("is", {"op": "exp", "of": f("amount")}, {"op": "log", "of": f("amount")}), "e to the power of AMOUNT is the natural logarithm of AMOUNT"),
    (two("is", {"op": "nth", "of": f("used"), "index": v(0)}, v("dsl")), "the choice of USED at place 0, from 0 is “dsl”"),
    (two("is", {"op": "list_text", "of": f("used"), "separator": ", "}, v("dsl")), "the choices of USED, joined is “dsl”"),
    (two("is", {"op": "hour", "of": {"op": "now"}}, {"op": "minute", "of": {"op": "now"}}), "the hour of now is the minute of now"),
    (two("is", {"op": "weekday", "of": f("born")}, v(1)), "the day of the week of BORN is 1"),
    (two("is", {"op": "day_number", "of": f("born")}, v(1)), "the number of the day of BORN is 1"),
    (two("is", {"op": "day_of_number", "of": f("amount")}, f("born")), "the day with the number AMOUNT is BORN"),
    (two("less", {"op": "date_of", "of": {"op": "now"}}, {"date": "2026-01-31"}), "the day of now is before 31 January 2026"),
    (two("is", {"op": "time_of", "of": {"op": "now"}}, v("12:00")), "the time of day of now is “12:00”"),
    (two("is", {"op": "format_date", "of": f("born"), "pattern": "%d.%m."}, v("17.05.")), "BORN written as %d.%m. is “17.05.”"),
    (two("less", f("born"), {"op": "add_months", "date": {"op": "today"}, "months": v(3)}), "BORN is before 3 months after today"),
    (two("more", {"op": "months_between", "from": f("born"), "to": {"op": "today"}}, v(7)), "the full months from BORN to today is more than 7"),
    (two("is", {"op": "score", "field": "line"}, v(1)), "the score of LINE is 1"),
    (two("is", {"op": "label", "field": "line"}, v("Fibre")), "the words of LINE is “Fibre”"),
    (two("is", {"op": "instances", "over": "children"}, {"op": "position", "over": "children"}), "the number of CHILDREN is the position of this CHILDREN"),
    (two("more", {"op": "sum_over", "over": "children", "of": f("age")}, v(1)), "the sum of AGE over every CHILDREN is more than 1"),
    (two("more", {"op": "least_over", "over": "children", "of": f("age"), "where": f("agreed")}, v(1)), "the least AGE of every CHILDREN, where AGREED is more than 1"),
    (two("more", {"op": "greatest_over", "over": "children", "of": f("age")}, v(1)), "the greatest AGE of every CHILDREN is more than 1"),
    (two("more", {"op": "count_over", "over": "children", "of": two("less", f("age"), v(5))}, v(1)), "the number of CHILDREN for which AGE is less than 5 is more than 1"),
    ({"op": "any_over", "over": "children", "of": f("agreed")}, "for any CHILDREN: AGREED"),
    ({"op": "all_over", "over": "children", "of": f("agreed")}, "for every CHILDREN: AGREED"),
    (two("is", {"op": "join_over", "over": "children", "of": f("name"), "separator": ", "}, v("a")), "NAME of every CHILDREN, joined is “a”"),
    (two("is", {"op": "at", "over": "children", "index": v(0), "of": f("age")}, v(1)), "AGE of CHILDREN at place 0, from 0 is 1"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "phrase"), ALOUD)
def test_a_rule_is_read_aloud(raw: dict[str, Any], phrase: str) -> None:
    choices = {"fibre": "Fibre", "dsl": "Dsl", "none": "None"}
    assert logic.read_aloud(logic.parse(raw), str.upper, lambda field, value: choices.get(value, value)) == phrase


def test_every_operator_has_words() -> None:
    assert set().union(*(operators(raw) for raw, _ in ALOUD)) - {""} == set(OPERATORS)


@settings(max_examples=100, deadline=None)
@given(rules(3))
def test_every_rule_can_be_read_aloud(raw: dict[str, Any]) -> None:
    assert logic.read_aloud(logic.parse(raw), lambda field: field, lambda field, value: value).strip()
