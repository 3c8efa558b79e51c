"""Definitions as spreadsheets: what goes out comes in again, with rules of the same meaning."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from formsite.definition import checks
from formsite.definition.document import Definition, parse
from formsite.definition.evaluation import Evaluator
from formsite.interchange import files
from formsite.interchange.to_xlsform import write
from tests.support.rules import OFFERED, rules

TODAY = date(2026, 5, 17)
CHOICES = [{"id": name, "label": {"en": name.upper()}} for name in OFFERED]
ASKED: list[dict[str, Any]] = [
    {"id": "amount", "type": "number", "settings": {"decimals": 6}},
    {"id": "rated", "type": "number"},
    {"id": "said", "type": "short_text"},
    {"id": "named", "type": "long_text"},
    {"id": "born", "type": "date"},
    {"id": "agreed", "type": "yes_no"},
    {"id": "line", "type": "single_choice", "settings": {"choices": CHOICES}},
    {"id": "used", "type": "several_choices", "settings": {"choices": CHOICES}},
]
words = st.text("abcAB,'\"", min_size=1, max_size=4)
answers = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.integers(-20, 20) | st.sampled_from([0.5, -2.25]),
        "rated": st.integers(0, 10),
        "said": words,
        "named": words,
        "born": st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat),
        "agreed": st.booleans(),
        "line": st.sampled_from(OFFERED),
        "used": st.lists(st.sampled_from(OFFERED), min_size=1, unique=True),
    },
)


def form(*items: dict[str, Any], **members: Any) -> Definition:
    """A definition with one page; each item is labelled with its name."""
    made = [{"label": {"en": item["id"]}, **item} for item in items]
    raw = {"formsite": 1, "languages": ["en"], "title": {"en": "Form"}, "pages": [{"id": "one", "items": made}]}
    return parse(raw | members)


def there_and_back(definition: Definition) -> Definition:
    """As it comes in again."""
    return files.read(write(definition).content, "out.xlsx").definition


def as_sent(given: dict[str, Any]) -> dict[str, Any]:
    """The answers as the spreadsheet has them: there is no question of yes and no, but one with two choices."""
    return {name: {True: "yes", False: "no"}[held] if isinstance(held, bool) else held for name, held in given.items()}


def shown(definition: Definition, given: dict[str, Any]) -> set[str]:
    """The names of the questions that are asked."""
    return set(Evaluator(definition).evaluate(given, TODAY)["shown"])


@settings(max_examples=100, deadline=None)
@given(rules(2), st.lists(answers, min_size=4, max_size=4))
@example(
    {"op": "not", "of": {"op": "less", "left": {"field": "rated"}, "right": {"value": 5}}},
    [{}, {"rated": 5}, {"rated": 4}],
)
@example({"op": "is", "left": {"field": "said"}, "right": {"field": "named"}}, [{}, {"said": "a", "named": "a"}])
@example({"op": "all", "of": [{"op": "not", "of": {"field": "agreed"}}]}, [{}, {"agreed": False}, {"agreed": True}])
@example(
    {"op": "is", "left": {"field": "amount"}, "right": {"op": "plus", "of": [{"field": "amount"}]}}, [{}, {"amount": 2}]
)
def test_rules_mean_the_same_when_they_come_back(rule: dict[str, Any], given_: list[dict[str, Any]]) -> None:
    definition = form(*ASKED, {"id": "asked", "type": "short_text", "shown_if": rule})
    assume(not checks.faults(definition))
    out = write(definition)
    assume(all(loss.where != "asked" for loss in out.losses))
    imported = files.read(out.content, "out.xlsx")
    assert imported.losses == ()
    for each in given_:
        assert ("asked" in shown(definition, each)) is ("asked" in shown(imported.definition, as_sent(each)))


def field(name: str) -> dict[str, Any]:
    return {"field": name}


def value(held: Any) -> dict[str, Any]:
    return {"value": held}


def op(name: str, of: Any = None, **members: Any) -> dict[str, Any]:
    return {"op": name} | ({} if of is None else {"of": of}) | members


AGES = {"id": "people", "type": "group", "repeat": {"max": 200}, "items": [
    {"id": "who", "type": "short_text", "label": {"en": "Who"}},
    {"id": "around", "type": "group", "items": [{"id": "age", "type": "number", "label": {"en": "Age"}}]},
]}  # fmt: skip
PEOPLE = [{}, {"people": [{"who": "A", "age": 30}, {"age": 4}]}, {"people": [{"who": "B"}], "rated": 3}]
GIVEN: list[dict[str, Any]] = [
    {},
    {"amount": -2.5, "rated": 3, "said": "Anna", "named": "n", "born": "2000-02-29", "agreed": True, "line": "dsl", "used": ["dsl", "none"]},
    {"amount": 7, "rated": 0, "said": "4.5", "born": "2026-05-17", "agreed": False, "line": "none", "used": ["fibre"]},
    {"amount": 2.5, "named": "b'\"", "born": "1969-12-31"},
]  # fmt: skip
EXPRESSIONS: list[dict[str, Any]] = [
    op("sure", op("less", left=field("rated"), right=value(2))),
    op("or_else", [field("rated"), field("amount"), value(9)]),
    op("or_else", [field("said"), field("named"), value("x")]),
    op("or_else", [op("text", field("amount")), value("")]),
    op("number", field("said")),
    op("number", field("agreed")),
    op("text", field("amount")),
    op("text", field("used")),
    op("text", field("agreed")),
    op("ends_with", left=field("said"), right=field("named")),
    op("matches", field("said"), pattern="^[A-Z]"),
    op("upper", field("said")),
    op("lower", field("said")),
    op("substring", field("said"), **{"from": value(1), "length": value(2)}),
    op("substring", field("said"), **{"from": field("rated")}),
    op("before", left=field("said"), right=value("n")),
    op("after", left=field("said"), right=value("n")),
    op("replace", field("said"), old=value("n"), new=value("m")),
    op("find", left=field("said"), right=value("n")),
    op("mod", [field("amount"), field("rated")]),
    op("divided_by", [field("amount"), field("rated")]),
    op("power", [field("rated"), value(2)]),
    *(op(name, field("amount")) for name in ("sqrt", "abs", "floor", "ceil", "exp", "log", "round")),
    op("round", op("divided_by", [field("amount"), value(3)]), places=2),
    op("nth", field("used"), index=value(1)),
    op("count", field("used")),
    op("year", op("today")),
    *(op(name, field("born")) for name in ("year", "month", "day", "weekday", "day_number", "date_of")),
    op("day_of_number", field("rated")),
    op("format_date", field("born"), pattern="%e %b %Y"),
    op("add_days", date=field("born"), days=value(-60)),
    *(op(f"{name}_between", **{"from": field("born"), "to": op("today")}) for name in ("days", "months", "years")),
    *(op(f"{name}_between", **{"to": field("born"), "from": op("today")}) for name in ("days", "months", "years")),
    op("if", **{"if": op("less", left=field("rated"), right=value(2)), "then": value("a"), "else": field("said")}),
    op("if", **{"if": field("agreed"), "then": field("rated"), "else": field("amount")}),
    op("one_of", left=field("line"), values=[value("dsl"), value("fibre")]),
    op("not", op("one_of", left=field("line"), values=[value("dsl"), value("fibre")])),
    op("not", op("contains", left=field("used"), right=value("dsl"))),
    op("is", left=field("agreed"), right=op("answered", field="said")),
    op("greatest", [field("amount"), field("rated"), value(1)]),
    op("join", [field("said"), value(" and "), field("named")]),
]  # fmt: skip
OVER: list[dict[str, Any]] = [
    op("sum_over", field("age"), over="people"),
    op("sum_over", field("age"), over="people", where=op("answered", field="who")),
    op("greatest_over", field("age"), over="people"),
    op("count_over", op("more", left=field("age"), right=value(10)), over="people"),
    op("count_over", op("more", left=field("age"), right=field("rated")), over="people", where=op("answered", field="who")),
    op("any_over", op("more", left=field("age"), right=value(10)), over="people"),
    op("all_over", op("more", left=field("age"), right=value(10)), over="people"),
    op("not", op("all_over", op("more", left=field("age"), right=value(10)), over="people")),
    op("join_over", field("who"), over="people", separator=", "),
    op("instances", over="people"),
    op("at", field("age"), over="people", index=value(1)),
    op("answered", field="people"),
]  # fmt: skip


def worth(definition: Definition, given: dict[str, Any]) -> str:
    """What the computed value comes to, as a text."""
    found = Evaluator(definition).evaluate(given, TODAY)["computed"].get("worth", "")
    if isinstance(found, bool):
        return str(found).lower()
    return f"{found:.9g}" if isinstance(found, int | float) else str(found)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_values_are_the_same_when_they_come_back(expression: dict[str, Any]) -> None:
    computed = {"id": "worth", "type": "computed", "computed": expression, "settings": {"hidden": True}}
    _compare(form(*ASKED, computed), GIVEN)


@pytest.mark.parametrize("expression", OVER, ids=str)
def test_what_is_reckoned_of_a_repeat_is_the_same_when_it_comes_back(expression: dict[str, Any]) -> None:
    computed = {"id": "worth", "type": "computed", "computed": expression, "settings": {"hidden": True}}
    _compare(form(*ASKED, AGES, computed), [*PEOPLE, *GIVEN])


def _compare(definition: Definition, given: list[dict[str, Any]]) -> None:
    assert checks.faults(definition) == ()
    out = write(definition)
    assert out.losses == ()
    imported = files.read(out.content, "out.xlsx")
    assert imported.losses == ()
    for each in given:
        assert worth(definition, each) == worth(imported.definition, as_sent(each)), each
