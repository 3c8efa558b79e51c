"""What rules mean, told a second time: walks plain JSON, and shares no line with formsite.

Single values are reckoned in `values.py`, days in `days.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tests.definition.vectors import days, values
from tests.definition.vectors.values import equal, kind, order

TRUTH = {2: True, 0: False, 1: None}
MOST_INSTANCES = 1_000


@dataclass(frozen=True)
class World:
    """What a rule may look at."""

    answers: dict[str, Any]
    today: str
    now: str | None = None
    words: dict[str, str] = field(default_factory=dict)
    scope: dict[str, Any] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)

    def path(self, name: str) -> str | None:
        """Where the answer stands, with the numbers of the instances around it."""
        homes = self.scope.get("homes", {}).get(name, [])
        if any(home not in self.at for home in homes):
            return None
        return "-".join([*(f"{home}-{self.at[home]}" for home in homes), name])

    def get(self, name: str) -> Any:
        """The answer, or None."""
        path = self.path(name)
        value = self.answers.get(path) if path is not None else None
        return None if value in ("", []) else value

    def count(self, group: str) -> int:
        """How many instances a group has."""
        number = self.get(group)
        if kind(number) != "number" or number % 1:
            return 0
        return int(min(max(number, 0), MOST_INSTANCES))

    def inside(self, group: str, number: int) -> World:
        """The same, seen from one instance."""
        return replace(self, at={**self.at, group: number})


def truth(value: Any) -> int:
    """2 for true, 0 for false, 1 for what is neither."""
    return {True: 2, False: 0}[value] if kind(value) == "boolean" else 1


def evaluate(rule: dict[str, Any], world: World) -> Any:
    """The meaning of a rule; unknown is None."""
    if "op" not in rule:
        return world.get(rule["field"]) if "field" in rule else rule.get("value", rule.get("date"))
    op = rule["op"]
    for meaning in (logic, asked, compared, over, reckoned):
        if op in meaning.ops:  # type: ignore[attr-defined]
            return meaning(op, rule, world)
    if isinstance(rule.get("of"), list):
        listed = [evaluate(each, world) for each in rule["of"]]
        return None if any(value is None for value in listed) else values.listed(op, listed)
    of = [evaluate(rule[name], world) for name in values.OPERANDS.get(op, ("of",)) if name in rule]
    return None if any(value is None for value in of) else values.one(op, rule, *of)


def _ops(*names: str) -> Any:
    def keep(meaning: Any) -> Any:
        meaning.ops = frozenset(names)
        return meaning

    return keep


@_ops("all", "any", "not", "sure", "or_else", "if", "one_of")
def logic(op: str, rule: dict[str, Any], world: World) -> Any:
    """What is known of what is only partly known."""
    if op == "if":
        decided = truth(evaluate(rule["if"], world))
        return None if decided == 1 else evaluate(rule["then" if decided else "else"], world)
    if op == "one_of":
        left = evaluate(rule["left"], world)
        found = [equal(left, evaluate(each, world)) for each in rule["values"]]
        return TRUTH[max(1 if same is None else 2 * same for same in found)]
    if op in ("not", "sure"):
        decided = truth(evaluate(rule["of"], world))
        return TRUTH[2 - decided] if op == "not" else decided == 2
    of = [evaluate(each, world) for each in rule["of"]]
    if op == "or_else":
        return next((value for value in of if value is not None), None)
    return TRUTH[min(map(truth, of)) if op == "all" else max(map(truth, of))]


@_ops("answered", "score", "label", "today", "now", "instances", "position")
def asked(op: str, rule: dict[str, Any], world: World) -> Any:
    """What is asked of the answers themselves."""
    if op == "answered":
        name = rule["field"]
        if name in world.scope.get("repeats", []):
            return world.count(name) > 0
        return any(world.get(each) is not None for each in [name, *world.scope.get("parts", {}).get(name, [])])
    if op == "score":
        value = world.get(rule["field"])
        scores = world.scope.get("scores", {}).get(rule["field"], {})
        chosen = value if kind(value) == "list" else [value]
        return None if value is None else sum(scores.get(each, 0) for each in chosen if kind(each) == "text")
    if op == "label":
        return world.words.get(world.path(rule["field"]) or "")
    if op == "instances":
        return world.count(rule["over"])
    if op == "position":
        return world.at[rule["over"]] + 1 if rule["over"] in world.at else None
    return world.today if op == "today" else world.now


@_ops("is", "is_not", "less", "at_most", "more", "at_least")
def compared(op: str, rule: dict[str, Any], world: World) -> bool | None:
    """One value with another."""
    left, right = evaluate(rule["left"], world), evaluate(rule["right"], world)
    if op in ("is", "is_not"):
        same = equal(left, right)
        return same if op == "is" or same is None else not same
    sign = order(left, right)
    wanted = {"less": (-1,), "at_most": (-1, 0), "more": (1,), "at_least": (0, 1)}[op]
    return None if sign is None else sign in wanted


@_ops("sum_over", "least_over", "greatest_over", "count_over", "any_over", "all_over", "join_over", "at")
def over(op: str, rule: dict[str, Any], world: World) -> Any:
    """Over the instances of a group."""
    group = rule["over"]
    if op == "at":
        index = evaluate(rule["index"], world)
        if kind(index) != "number" or index not in range(world.count(group)):
            return None
        return evaluate(rule["of"], world.inside(group, int(index)))
    worlds = [world.inside(group, number) for number in range(world.count(group))]
    picked = [each for each in worlds if "where" not in rule or evaluate(rule["where"], each) is True]
    found = [evaluate(rule["of"], each) for each in picked]
    known = [value for value in found if value is not None]
    if op == "sum_over":
        return values.total([value for value in found if kind(value) == "number"])
    if op == "count_over":
        return [truth(value) for value in found].count(2)
    if op == "join_over":
        return values.joined(rule["separator"], [value for value in found if kind(value) == "text"])
    if op in ("any_over", "all_over"):
        start = 0 if op == "any_over" else 2
        return TRUTH[(max if op == "any_over" else min)([start, *map(truth, found)])]
    return values.extreme(op[: -len("_over")], known) if known else None


@_ops("add_days", "add_months", "days_between", "months_between", "years_between")
def reckoned(op: str, rule: dict[str, Any], world: World) -> Any:
    """From day to day."""
    if op in ("add_days", "add_months"):
        name = op.partition("_")[2]
        day, number = days.ymd(evaluate(rule["date"], world)), evaluate(rule[name], world)
        if day is None or kind(number) != "number" or number % 1 or abs(number) > 4_000_000:
            return None
        if name == "days":
            return days.day_of_number(days.number_of_day(day) + int(number))
        return days.month_later(day, int(number))
    start, end = (days.ymd(evaluate(rule[name], world)) for name in ("from", "to"))
    return None if start is None or end is None else days.between(op, start, end)
