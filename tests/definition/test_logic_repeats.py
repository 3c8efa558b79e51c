"""Rules over groups that repeat: where answers stand, what may be asked of them from where, and what is known of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from formsite.definition import logic
from formsite.definition.logic import AnswerType, Context, Operand, Scope

T = AnswerType
SCOPE = Scope(
    homes={
        "age": ("children",),
        "name": ("children",),
        "name-first": ("children",),
        "toys": ("children",),
        "toy": ("children", "toys"),
    },
    repeats=frozenset({"children", "toys", "trips", "pets"}),
    parts={"name": ("name-first",)},
    scores={"line": {"fibre": 3, "dsl": 1}},
)
FIELDS = {
    "amount": Operand(T.NUMBER),
    "line": Operand(T.CHOICE, ("fibre", "dsl", "none")),
    "used": Operand(T.CHOICES, ("fibre", "dsl")),
    "age": Operand(T.NUMBER),
    "name": Operand(T.NOTHING),
    "name-first": Operand(T.TEXT),
    "toy": Operand(T.TEXT),
    "start": Operand(T.TIME),
    "seen": Operand(T.MOMENT),
    "due": Operand(T.MONTH),
    "born": Operand(T.DATE),
    "agreed": Operand(T.BOOLEAN),
    "photo": Operand(T.FILE),
    **dict.fromkeys(("children", "toys", "trips", "pets"), Operand(T.NOTHING)),
}
ANSWERS: dict[str, Any] = {
    "children": 3,
    "children-0-age": 7,
    "children-0-toys": 2,
    "children-0-toys-0-toy": "car",
    "children-0-toys-1-toy": "doll",
    "children-1-age": 3,
    "children-1-name-first": "Ada",
    "children-2-toys": 1,
    "children-2-toys-0-toy": "kite",
    "children-3-age": 99,  # of an instance that was taken away
    "used": ["fibre", "dsl"],
    "line": "fibre",
}
TODAY = date(2026, 5, 17)


def f(name: str) -> dict[str, Any]:
    """An answer."""
    return {"field": name}


def v(value: Any) -> dict[str, Any]:
    """A literal."""
    return {"value": value}


def two(op: str, left: Any, right: Any) -> dict[str, Any]:
    """A comparison."""
    return {"op": op, "left": left, "right": right}


def over(op: str, of: dict[str, Any], group: str = "children", **more: Any) -> dict[str, Any]:
    """An expression over the children, or another group."""
    return {"op": op, "over": group, "of": of, **more}


def run(rule: dict[str, Any], answers: dict[str, Any] = ANSWERS, **at: int) -> Any:
    """What a rule comes to in an instance."""
    return logic.compile_rule(logic.parse(rule), SCOPE)(Context(answers, TODAY, at))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (over("sum_over", f("age")), 10),
        (over("least_over", f("age")), 3),
        (over("greatest_over", f("age")), 7),
        (over("count_over", two("at_least", f("age"), v(3))), 2),
        (over("any_over", two("is", f("age"), v(3))), True),
        (over("any_over", two("is", f("age"), v(4))), None),
        (over("all_over", two("less", f("age"), v(99))), None),
        (over("all_over", two("less", f("age"), v(5))), False),
        (over("all_over", two("less", f("age"), v(9)), where={"op": "answered", "field": "age"}), True),
        (over("join_over", f("name-first"), separator=", "), "Ada"),
        (over("sum_over", {"op": "instances", "over": "toys"}), 3),
        (over("join_over", over("join_over", f("toy"), "toys", separator="+"), separator="/"), "car+doll//kite"),
        (over("sum_over", {"op": "position", "over": "children"}), 6),
        ({"op": "instances", "over": "children"}, 3),
        ({"op": "instances", "over": "trips"}, 0),
        (over("sum_over", f("amount"), "trips"), 0),
        (over("least_over", f("amount"), "trips"), None),
        (over("any_over", f("agreed"), "trips"), False),
        (over("all_over", f("agreed"), "trips"), True),
        (over("at", f("age"), index=v(1)), 3),
        (over("at", f("age"), index=v(3)), None),
        (over("at", f("age"), index=v(-1)), None),
        (over("at", f("age"), index=v(0.5)), None),
        (over("at", over("at", f("toy"), "toys", index=v(1)), index=v(0)), "doll"),
        ({"op": "answered", "field": "children"}, True),
        ({"op": "answered", "field": "trips"}, False),
        (over("count_over", {"op": "answered", "field": "name"}), 1),
        (f("age"), None),
        ({"op": "score", "field": "line"}, 3),
    ],
)
def test_over_the_instances_of_a_group(rule: dict[str, Any], expected: Any) -> None:
    assert run(rule) == expected and isinstance(run(rule), bool) is isinstance(expected, bool)


def test_inside_of_an_instance_its_own_answers_are_meant() -> None:
    assert [run(f("age"), children=at) for at in range(3)] == [7, 3, None]
    assert run(f("toy"), children=0, toys=1) == "doll"
    assert run({"op": "position", "over": "children"}, children=2) == 3
    assert run(two("is", f("age"), over("greatest_over", f("age"))), children=0) is True


def test_a_group_is_gone_through_and_the_place_stays() -> None:
    context = Context(ANSWERS, TODAY, {"children": 1})
    assert logic.compile_rule(logic.parse(over("sum_over", f("age"))), SCOPE)(context) == 10
    assert context.at == {"children": 1}
    assert logic.compile_rule(logic.parse(over("at", f("age"), index=v(0))), SCOPE)(context) == 7
    assert context.at == {"children": 1}


@pytest.mark.parametrize("number", [-1, 1.5, True, "3", [3], 10**400, float("nan"), {}])
def test_what_is_no_number_of_instances_is_none(number: Any) -> None:
    assert run({"op": "instances", "over": "children"}, {"children": number}) == 0
    assert run({"op": "answered", "field": "children"}, {"children": number}) is False


def test_no_more_instances_are_gone_through_than_a_group_can_have() -> None:
    assert run({"op": "instances", "over": "children"}, {"children": 10**12}) == 1_000


def test_moments_and_words_come_from_outside() -> None:
    context = Context({"line": "dsl"}, TODAY, now=datetime(2026, 5, 17, 9, 5, 59), say={"line": "DSL line"}.get)
    assert logic.compile_rule(logic.parse({"op": "now"}))(context) == "2026-05-17T09:05"
    assert logic.compile_rule(logic.parse({"op": "label", "field": "line"}))(context) == "DSL line"
    assert run({"op": "now"}) is None and run({"op": "label", "field": "line"}) is None


def grown(times: int) -> dict[str, Any]:
    """A text that is put into itself: ten times as long each time."""
    rule = v("a" * 10)
    for _ in range(times):
        rule = {"op": "replace", "of": rule, "old": v("a"), "new": v("a" * 10)}
    return {"op": "length", "of": rule}


def test_texts_do_not_grow_without_end() -> None:
    assert run(grown(4)) == 100_000
    assert run(grown(5)) is None and run(grown(50)) is None
    assert run({"op": "join", "of": [v("a" * 2_000)] * 50}) == "a" * 100_000
    assert run({"op": "join", "of": [v("a" * 2_000)] * 51}) is None


@pytest.mark.parametrize("text", ["\ud800", "a\udfff"])
def test_half_a_character_is_found_in_nothing(text: str) -> None:
    assert run({"op": "matches", "of": f("x"), "pattern": "."}, {"x": text}) is False


# -- types -------------------------------------------------------------------------------------------------------------


def faults(rule: dict[str, Any], *homes: str, expect: AnswerType | None = None) -> list[tuple[str, str]]:
    """Where and what; of a rule that stands in some groups."""
    found = logic.typecheck(logic.parse(rule), FIELDS, "", expect, homes=homes, scope=SCOPE)
    return [(fault.where, fault.what) for fault in found]


EACH = "is asked in each instance of"


@pytest.mark.parametrize(
    ("rule", "homes", "where", "what"),
    [
        (f("age"), (), "/field", EACH),
        (f("toy"), ("children",), "/field", EACH),
        ({"op": "answered", "field": "name"}, (), "/field", EACH),
        ({"op": "instances", "over": "toys"}, (), "/over", EACH),
        (over("sum_over", v(1), "toys"), (), "/over", EACH),
        (over("sum_over", f("age"), "trips"), (), "/of/field", EACH),
        (over("sum_over", f("amount"), "amount"), (), "/over", "no earlier group that repeats"),
        (over("sum_over", f("amount"), "unknown"), (), "/over", "no earlier group that repeats"),
        (over("sum_over", f("name-first")), (), "/of", "a number is needed"),
        (over("count_over", f("age")), (), "/of", "yes or no is needed"),
        (over("any_over", two("is", f("age"), v(1)), where=f("age")), (), "/where", "yes or no is needed"),
        (over("join_over", f("age"), separator=""), (), "/of", "a text is needed"),
        (over("least_over", f("name-first")), (), "/of", "needed"),
        (over("at", f("age"), index=v("1")), (), "/index", "a number is needed"),
        (over("at", f("age"), index=f("age")), (), "/index/field", EACH),
        ({"op": "position", "over": "children"}, (), "/over", "does not stand in"),
        (over("sum_over", over("sum_over", f("age"))), (), "/of/over", "inside each other"),
        ({"op": "score", "field": "amount"}, (), "/field", "Only choices"),
        ({"op": "nth", "of": f("line"), "index": v(0)}, (), "/of", "several choices is needed"),
        ({"op": "sure", "of": f("amount")}, (), "/of", "yes or no is needed"),
        ({"op": "or_else", "of": [f("amount"), v("x")]}, (), "/of/1", "cannot be compared"),
        ({"op": "or_else", "of": [f("line"), v("fiber")]}, (), "/of/1", "not among the choices"),
        (two("less", f("seen"), f("born")), (), "/right", "cannot be compared"),
        (two("less", f("start"), v("25:00")), (), "/right", "cannot be compared"),
        (two("less", f("due"), v("2026-13")), (), "/right", "cannot be compared"),
        (f("name"), ("children",), "/field", "asks nothing"),
        (two("is", f("photo"), v("x")), (), "/right", "cannot be compared"),
        ({"op": "matches", "of": f("amount"), "pattern": "1"}, (), "/of", "a text is needed"),
        ({"op": "hour", "of": f("born")}, (), "/of", "needed"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(rule: dict[str, Any], homes: tuple[str, ...], where: str, what: str) -> None:
    ((found, said),) = faults(rule, *homes)
    assert found == where and what in said


@pytest.mark.parametrize(
    ("rule", "homes"),
    [
        (f("age"), ("children",)),
        (over("sum_over", f("age")), ()),
        (over("sum_over", f("age")), ("children",)),  # all of them, from inside of one
        (over("at", f("age"), index=v(0)), ("children",)),
        (over("sum_over", over("count_over", two("is", f("toy"), v("car")), "toys")), ()),
        ({"op": "position", "over": "children"}, ("children",)),
        ({"op": "instances", "over": "toys"}, ("children",)),
        ({"op": "answered", "field": "children"}, ()),
        ({"op": "answered", "field": "name"}, ("children",)),
        ({"op": "answered", "field": "photo"}, ()),
        ({"op": "or_else", "of": [f("line"), v("dsl"), {"op": "text", "of": f("amount")}]}, ()),
        (two("contains", f("used"), {"op": "lower", "of": f("line")}), ()),
        (two("is", f("line"), {"op": "label", "field": "line"}), ()),
        (two("is", {"op": "nth", "of": f("used"), "index": v(0)}, v("dsl")), ()),
        (two("is", {"op": "number", "of": f("line")}, {"op": "number", "of": f("born")}), ()),
        (two("less", f("start"), v("09:30")), ()),
        (two("less", f("seen"), {"op": "now"}), ()),
        (two("less", {"op": "date_of", "of": f("seen")}, f("born")), ()),
        (two("less", f("due"), v("2026-12")), ()),
        (two("is", {"op": "if", "if": f("agreed"), "then": f("line"), "else": f("line")}, v("dsl")), ()),
        ({"op": "least", "of": [f("start"), v("09:30")]}, ()),
    ],
)  # fmt: skip
def test_what_can_be_meant_is_taken(rule: dict[str, Any], homes: tuple[str, ...]) -> None:
    assert faults(rule, *homes) == []


def test_a_group_is_renamed_with_what_goes_over_it_and_a_field_with_its_parts() -> None:
    rule = logic.parse(over("any_over", {"op": "all", "of": [f("name-first"), {"op": "score", "field": "line"}]}))
    assert logic.fields_of(rule) == {"children", "name-first", "line"}
    for old, new in (("children", "kids"), ("name", "called"), ("line", "access")):
        rule = logic.rename_field(rule, old, new)
    assert logic.fields_of(rule) == {"kids", "called-first", "access"}
