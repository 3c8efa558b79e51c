"""Rules and values through their pickers and back: what was picked means what was written, whatever is answered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from formsite.definition import logic
from formsite.definition.document import parse
from formsite.definition.flow import Plan
from formsite.definition.logic import AnswerType
from formsite.definition.state import Moment
from formsite.designer import picking, working
from formsite.designer.comparing import COMPARISONS, FITTING
from formsite.designer.looking import Outlook
from formsite.designer.picking import Picked, Row
from formsite.designer.working import Sum, Worked
from tests.support.definitions import form

TODAY = date(2026, 5, 17)
MOMENT = Moment(TODAY)
CHOICES = {"choices": [{"id": "a", "label": {"en": "A"}, "score": 2}, {"id": "b", "label": {"en": "B"}, "score": 1.5}]}
ASKED: dict[str, tuple[str, dict[str, Any], list[Any]]] = {
    "words": ("short_text", {}, ["", "abc", "4"]),
    "more_words": ("short_text", {}, ["", "abc"]),
    "age": ("number", {}, [None, 0, 4, 17]),
    "size": ("number", {"decimals": 1}, [None, 4, 1.5]),
    "born": ("date", {}, [None, "2008-05-18", "2008-05-17", "2026-05-17"]),
    "came": ("date", {}, [None, "2008-05-18"]),
    "moved": ("yes_no", {}, [None, True, False]),
    "one": ("single_choice", CHOICES, [None, "a", "b"]),
    "some": ("several_choices", CHOICES, [None, ["a"], ["a", "b"]]),
}
KIDS = {"id": "kids", "type": "group", "label": {"en": "Kid"}, "repeat": {"start": 2}, "items": [
    {"id": "kid_age", "type": "number", "label": {"en": "Age"}}]}  # fmt: skip
DEFINITION = parse(form(*({"id": name, "type": kind, "label": {"en": name}, "settings": settings} for name, (kind, settings, _) in ASKED.items()), KIDS))  # fmt: skip
VIEW = Outlook(DEFINITION, "en").whole()
PLAN = Plan(DEFINITION)
VALUES = {"words": "abc", "age": "4", "size": "4", "born": "2008-05-17", "moved": "true", "one": "a", "some": "a"}


def sent_rule(picked: Picked, prefix: str) -> Iterator[tuple[str, str]]:
    """What the controls of a rule send."""
    yield f"{prefix}.match", picked.match
    for number, row in enumerate(picked.rows):
        base = f"{prefix}.{number}"
        if isinstance(row, Picked):
            yield from sent_rule(row, base)
        else:
            yield from ((f"{base}.field", row.field), (f"{base}.op", row.op), (f"{base}.value", row.value))


def sent_sum(given: Sum, prefix: str) -> Iterator[tuple[str, str]]:
    """What the controls of a value send."""
    yield from ((f"{prefix}.op", given.op), (f"{prefix}.places", given.places))
    for number, term in enumerate(given.terms):
        base = f"{prefix}.{number}"
        yield from ((f"{base}.kind", term.kind), (f"{base}.field", term.field), (f"{base}.value", term.value))


def sent_value(worked: Worked, prefix: str) -> Iterator[tuple[str, str]]:
    yield from sent_sum(worked.otherwise, prefix)
    for number, case in enumerate(worked.cases):
        base = f"{prefix}.case.{number}"
        yield f"{base}.there", "1"
        yield from sent_rule(case.when, f"{base}.when")
        yield from sent_sum(case.gives, f"{base}.gives")


class Chance:
    """Rules and values by chance, of all that pickers can say."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def row(self) -> dict[str, Any]:
        name = self.rng.choice([*ASKED, "kids"])
        subject = VIEW.subjects[name]
        ops = ("instances_at_least", "instances_less") if subject.repeats else FITTING[subject.operand.type]
        row = Row(name, self.rng.choice(ops))
        against = COMPARISONS[row.op].against
        alike = {
            "words": "more_words",
            "more_words": "one",
            "age": "size",
            "size": "age",
            "born": "came",
            "came": "born",
        }
        row.value = {"number": "2", "answer": alike.get(name, name), "value": VALUES.get(name, "2026-05-17")}.get(
            against, ""
        )
        if name == "more_words" and against == "value":
            row.value = "abc"
        rule = picking.rule_of(Picked("all", [row]), VIEW)
        assert rule is not None and not row.error, row
        return rule

    def rule(self, depth: int = 1) -> dict[str, Any]:
        if depth >= 3 or self.rng.random() < 0.4:
            return self.row()
        return {
            "op": self.rng.choice(["all", "any"]),
            "of": [self.rule(depth + 1) for _ in range(self.rng.randint(2, 3))],
        }

    def term(self) -> dict[str, Any]:
        looks = [
            {"field": "age"}, {"field": "size"}, {"value": 3}, {"value": 0.5}, {"op": "score", "field": "some"},
            {"op": "count", "of": {"field": "some"}}, {"op": "length", "of": {"field": "words"}},
            {"op": "instances", "over": "kids"}, {"op": "sum_over", "over": "kids", "of": {"field": "kid_age"}},
            {"op": "years_between", "from": {"field": "born"}, "to": {"op": "today"}},
        ]  # fmt: skip
        return self.rng.choice(looks)

    def sum(self) -> dict[str, Any]:
        op = self.rng.choice(["", "plus", "total", "minus", "times", "divided_by", "least", "greatest", "or_else"])
        of = [self.term() for _ in range(2)]
        if op == "total":
            made = {"op": "plus", "of": [{"op": "or_else", "of": [each, {"value": 0}]} for each in of]}
        else:
            made = {"op": op, "of": of} if op else of[0]
        return made if self.rng.random() < 0.7 else {"op": "round", "of": made, "places": 1}

    def value(self) -> dict[str, Any]:
        made = self.sum()
        for _ in range(self.rng.randint(0, 2)):
            made = {"op": "if", "if": self.rule(2), "then": self.sum(), "else": made}
        return made

    def answers(self) -> dict[str, Any]:
        chosen = {name: self.rng.choice(held) for name, (_, _, held) in ASKED.items()}
        return {"kids": 2, "kids-0-kid_age": self.rng.choice([None, 3]), "kids-1-kid_age": 4} | chosen


def outcome(rule: dict[str, Any], answers: dict[str, Any]) -> Any:
    context = PLAN.context(PLAN.state({k: v for k, v in answers.items() if v not in (None, "")}, TODAY), MOMENT)
    return logic.compile_rule(logic.parse(rule), PLAN.scope)(context)


@pytest.mark.parametrize("seed", range(60))
def test_a_rule_comes_back_from_its_picker_as_it_was_meant(seed: int) -> None:
    chance = Chance(seed)
    rule = chance.rule()
    picked = picking.pick(rule)
    assert picked is not None
    back = picking.read(dict(sent_rule(picked, "shown_if")), "shown_if")
    assert back == picked
    again = picking.rule_of(back, VIEW)
    assert again is not None and not picking.errors(back)
    for _ in range(20):
        answers = chance.answers()
        assert outcome(again, answers) is outcome(rule, answers), (rule, again, answers)


@pytest.mark.parametrize("seed", range(60))
def test_a_value_comes_back_from_its_picker_as_it_was_meant(seed: int) -> None:
    chance = Chance(seed)
    rule = chance.value()
    worked = working.pick(rule)
    assert worked is not None
    back = working.read(dict(sent_value(worked, "computed")), "computed")
    assert back == worked
    again = working.rule_of(back, VIEW, AnswerType.NUMBER)
    assert again is not None and not working.errors(back)
    for _ in range(20):
        answers = chance.answers()
        assert outcome(again, answers) == outcome(rule, answers), (rule, again, answers)


@pytest.mark.parametrize(
    "row",
    [
        Row("age", "is", "much"), Row("age", "is", "1e999"), Row("age", "is", "nan"), Row("age", "contains", "4"),
        Row("born", "less", "2026-02-30"), Row("moved", "is", "perhaps"), Row("one", "is", "z"), Row("one", "is", ""),
        Row("gone", "is", "4"), Row("born", "less_answer", "age"), Row("born", "less_answer", "gone"),
        Row("words", "is", "x" * 5_000), Row("kids", "is", "2"), Row("some", "is", "a"), Row("age", "is", "9" * 400),
    ],
)  # fmt: skip
def test_what_means_nothing_is_told_and_makes_no_rule(row: Row) -> None:
    assert picking.rule_of(Picked("all", [row]), VIEW) is None and row.error


@pytest.mark.parametrize("size", [20, 300])
def test_whatever_is_sent_is_read(size: int) -> None:
    rng = random.Random(size)
    names = [f"shown_if{''.join(f'.{rng.randint(0, 3)}' for _ in range(rng.randint(0, 5)))}.{last}" for last in ("field", "op", "value", "match", "kind", "case.0.there") for _ in range(size)]  # fmt: skip
    sent = {name: rng.choice(["", "age", "is", "any", "plus", "\x00", "“”"]) for name in names}
    picked, worked = picking.read(sent, "shown_if"), working.read(sent, "shown_if")
    picking.rule_of(picked, VIEW)
    working.rule_of(worked, VIEW, None)
    for button in (
        "row:x.9.9",
        "remove:shown_if.77",
        "remove:",
        "drop:shown_if",
        "term:shown_if.case.9.gives",
        "uncase:x",
        "case:",
    ):
        picking.press(picked, "shown_if", button)
        working.press(worked, "shown_if", button)
