"""Types of answers and of rules: what may stand where, checked when a rule is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Any

from formsite.definition.faults import Fault
from formsite.definition.logic import nodes as n
from formsite.definition.logic.calendar import is_shaped
from formsite.definition.logic.scope import EMPTY, Scope


class AnswerType(Enum):
    """What kind of value an answer or an expression is."""

    TEXT = "a text"
    NUMBER = "a number"
    BOOLEAN = "yes or no"
    DATE = "a date"
    TIME = "a time of day"
    MOMENT = "a moment"
    MONTH = "a month"
    CHOICE = "a choice"
    CHOICES = "several choices"
    FILE = "a file"
    PLACE = "a place"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Operand:
    """The type of a field's answer, and the ids it can take if it is a choice."""

    type: AnswerType
    choices: tuple[str, ...] | None = None


T = AnswerType
_TEXTUAL = (T.TEXT, T.CHOICE)
_ORDERED = (T.NUMBER, T.DATE, T.TIME, T.MOMENT, T.MONTH)
_DAYS = (T.DATE, T.MOMENT)
_VALUES = (T.TEXT, T.CHOICE, T.NUMBER, T.BOOLEAN, T.DATE, T.TIME, T.MOMENT, T.MONTH)
MOST_WALKED = 3
"""Repeats inside each other whose every instance a rule goes through: what it costs is the product."""
LONGEST_NAME = 64
"""Of an id; a longer one names nothing, and is cut where it is told."""


def typecheck(
    node: n.Node,
    fields: Mapping[str, Operand],
    where: str = "",
    expect: AnswerType | None = AnswerType.BOOLEAN,
    *,
    homes: tuple[str, ...] = (),
    scope: Scope = EMPTY,
) -> list[Fault]:
    """What is wrong with the types of a rule; empty if it means something.

    Args:
        fields: the answers it may look at; repeating groups and fields made of parts are NOTHING.
        where: JSON pointer of the rule in its document.
        expect: what it must yield; None for anything.
        homes: the repeating groups around the rule.
    """
    checker = _Checker(fields, homes, scope)
    found = checker.type_of(node, where)
    if found is not None and expect is not None and not _fits(found.type, expect):
        checker.fault(where, f"This is {found.type.value}, and {expect.value} is needed", "Compare it with something")
    return checker.faults


def infer(
    node: n.Node, fields: Mapping[str, Operand], *, homes: tuple[str, ...] = (), scope: Scope = EMPTY
) -> Operand | None:
    """What an expression yields; None where it means nothing."""
    checker = _Checker(fields, homes, scope)
    found = checker.type_of(node, "")
    return None if checker.faults else found


def _fits(found: AnswerType, expect: AnswerType) -> bool:
    return found is expect or (expect is T.TEXT and found is T.CHOICE)


class _Checker:
    """Walks a tree once. A part whose type cannot be told (None) was complained of already."""

    def __init__(self, fields: Mapping[str, Operand], homes: tuple[str, ...], scope: Scope) -> None:
        self.fields = fields
        self.open = homes
        self.walked: tuple[str, ...] = ()  # the repeats that every instance is gone through of
        self.scope = scope
        self.faults: list[Fault] = []

    def fault(self, where: str, what: str, fix: str) -> None:
        self.faults.append(Fault(where, what, fix))

    def type_of(self, node: n.Node, where: str) -> Operand | None:
        return _TYPES[type(node)](self, node, where)

    def answered(self, node: n.Answered, where: str) -> Operand:
        if node.field in self.scope.repeats or node.field in self.scope.parts:
            self.reachable(node.field, f"{where}/field")
        else:
            self.field(node.field, where)
        return Operand(T.BOOLEAN)

    def of_field(self, node: n.OfField, where: str) -> Operand:
        found = self.field(node.field, where)
        if node.op == "label":
            return Operand(T.TEXT)
        if found is not None and found.type not in (T.CHOICE, T.CHOICES):
            self.fault(f"{where}/field", "Only choices have scores", "Choose a question with choices")
        return Operand(T.NUMBER)

    def sure(self, node: n.Sure, where: str) -> Operand:
        self.need(node.of, f"{where}/of", T.BOOLEAN)
        return Operand(T.BOOLEAN)

    def reachable(self, name: str, where: str) -> bool:
        """Whether the rule stands in every repeat that the named part stands in, so that one instance is meant."""
        closed = [home for home in self.scope.homes.get(name, ()) if home not in self.open]
        for home in closed[:1]:
            self.fault(
                where,
                f"“{name}” is asked in each instance of “{home}”",
                "Say over the group what is meant: a sum, a count, any or all of them",
            )
        return not closed

    def negate(self, node: n.Not, where: str) -> Operand:
        self.need(node.of, f"{where}/of", T.BOOLEAN)
        return Operand(T.BOOLEAN)

    def one_of(self, node: n.OneOf, where: str) -> Operand:
        found = self.type_of(node.left, f"{where}/left")
        if found is not None and found.type is T.CHOICES:
            self.fault(f"{where}/left", "Several choices are not equal to one thing", "Use “contains” or “count”")
            found = None
        for index, each in enumerate(node.values):
            self.alike(found, each, f"{where}/values/{index}")
        return Operand(T.BOOLEAN)

    def round(self, node: n.Round, where: str) -> Operand:
        self.need(node.of, f"{where}/of", T.NUMBER)
        return Operand(T.NUMBER)

    def add_days(self, node: n.AddDays, where: str) -> Operand:
        self.need(node.date, f"{where}/date", T.DATE)
        self.need(node.days, f"{where}/days", T.NUMBER)
        return Operand(T.DATE)

    def between(self, node: n.Between, where: str) -> Operand:
        self.need(node.start, f"{where}/from", T.DATE)
        self.need(node.end, f"{where}/to", T.DATE)
        return Operand(T.NUMBER)

    def choose(self, node: n.Choose, where: str) -> Operand | None:
        self.need(node.condition, f"{where}/if", T.BOOLEAN)
        then = self.type_of(node.then, f"{where}/then")
        otherwise = self.type_of(node.otherwise, f"{where}/else")
        if then is None or otherwise is None or not self.same_kind(then, otherwise, f"{where}/else"):
            return None
        if then.choices is None or otherwise.choices is None:
            return Operand(T.TEXT if then.type in _TEXTUAL else then.type)
        return Operand(then.type, then.choices + otherwise.choices)

    def field(self, name: str, where: str) -> Operand | None:
        found = self.fields.get(name)
        if found is None:
            near = get_close_matches(name[:LONGEST_NAME], self.fields, 1)
            self.fault(
                f"{where}/field",
                f"There is no earlier question “{name[:LONGEST_NAME]}”",
                f"Did you mean “{near[0]}”?" if near else "Choose a question that is asked before",
            )
        elif found.type is T.NOTHING:
            self.fault(f"{where}/field", f"“{name}” asks nothing", "Choose a question")
            return None
        elif not self.reachable(name, f"{where}/field"):
            return None
        return found

    def need(self, node: n.Node, where: str, *types: AnswerType) -> Operand | None:
        found = self.type_of(node, where)
        if found is not None and not any(_fits(found.type, each) for each in types):
            wanted = " or ".join(each.value for each in types)
            self.fault(where, f"This is {found.type.value}, and {wanted} is needed", "Choose another operand")
            return None
        return found

    def many(self, node: n.Many, where: str) -> Operand | None:
        places = [(each, f"{where}/of/{index}") for index, each in enumerate(node.of)]
        if node.op in ("all", "any"):
            for each, place in places:
                self.need(each, place, T.BOOLEAN)
            return Operand(T.BOOLEAN)
        if node.op == "join":
            for each, place in places:
                self.need(each, place, T.TEXT)
            return Operand(T.TEXT)
        if node.op == "or_else":
            first = self.type_of(*places[0])
            for each, place in places[1:]:
                self.alike(first, each, place)
            return Operand(T.TEXT) if first is not None and first.type is T.CHOICE else first
        if node.op in ("least", "greatest"):
            found = self.need(*places[0], *_ORDERED)
            for each, place in places[1:]:
                self.alike(found, each, place)
            return found
        for each, place in places:
            self.need(each, place, T.NUMBER)
        divisor = node.of[-1]
        if node.op == "divided_by" and isinstance(divisor, n.Value) and divisor.value == 0:
            self.fault(places[-1][1], "Nothing can be divided by zero", "Divide by something else")
        return Operand(T.NUMBER)

    def unary(self, node: n.Unary, where: str) -> Operand:
        wanted, made = _UNARIES[node.op]
        self.need(node.of, f"{where}/of", *wanted)
        return Operand(made)

    def matches(self, node: n.Matches, where: str) -> Operand:
        self.need(node.of, f"{where}/of", T.TEXT)
        return Operand(T.BOOLEAN)

    def substring(self, node: n.Substring, where: str) -> Operand:
        self.need(node.of, f"{where}/of", T.TEXT)
        self.need(node.start, f"{where}/from", T.NUMBER)
        if node.length is not None:
            self.need(node.length, f"{where}/length", T.NUMBER)
        return Operand(T.TEXT)

    def replace(self, node: n.Replace, where: str) -> Operand:
        for name in ("of", "old", "new"):
            self.need(getattr(node, name), f"{where}/{name}", T.TEXT)
        return Operand(T.TEXT)

    def nth(self, node: n.Nth, where: str) -> Operand:
        found = self.need(node.of, f"{where}/of", T.CHOICES)
        self.need(node.index, f"{where}/index", T.NUMBER)
        return Operand(T.CHOICE, found.choices if found else None)

    def list_text(self, node: n.ListText, where: str) -> Operand:
        self.need(node.of, f"{where}/of", T.CHOICES)
        return Operand(T.TEXT)

    def format_date(self, node: n.FormatDate, where: str) -> Operand:
        self.need(node.of, f"{where}/of", *_DAYS)
        return Operand(T.TEXT)

    def add_months(self, node: n.AddMonths, where: str) -> Operand:
        self.need(node.date, f"{where}/date", T.DATE)
        self.need(node.months, f"{where}/months", T.NUMBER)
        return Operand(T.DATE)

    def repeat(self, name: str, where: str) -> None:
        if name not in self.scope.repeats or name not in self.fields:
            what = f"“{name[:LONGEST_NAME]}” is no earlier group that repeats"
            self.fault(f"{where}/over", what, "Choose one that is")
        else:
            self.reachable(name, f"{where}/over")

    def of_repeat(self, node: n.OfRepeat, where: str) -> Operand:
        self.repeat(node.over, where)
        if node.op == "position" and node.over not in self.open:
            what = f"This does not stand in “{node.over}”"
            self.fault(f"{where}/over", what, "Ask for the position inside the group")
        return Operand(T.NUMBER)

    def over(self, node: n.Over | n.JoinOver | n.At, where: str) -> Operand | None:
        self.repeat(node.over, where)
        if isinstance(node, n.At):
            self.need(node.index, f"{where}/index", T.NUMBER)
        elif node.over in self.walked or len(self.walked) >= MOST_WALKED:
            self.fault(f"{where}/over", "Too many groups are gone through inside each other", "Reckon it in steps")
            return None
        before = self.open, self.walked
        self.open = (*self.open, node.over)
        self.walked += () if isinstance(node, n.At) else (node.over,)
        try:
            return self.inside(node, where)
        finally:
            self.open, self.walked = before

    def inside(self, node: n.Over | n.JoinOver | n.At, where: str) -> Operand | None:
        if isinstance(node, n.At):
            return self.type_of(node.of, f"{where}/of")
        if node.where is not None:
            self.need(node.where, f"{where}/where", T.BOOLEAN)
        if isinstance(node, n.JoinOver):
            self.need(node.of, f"{where}/of", T.TEXT)
            return Operand(T.TEXT)
        if node.op in ("least_over", "greatest_over"):
            return self.need(node.of, f"{where}/of", *_ORDERED)
        self.need(node.of, f"{where}/of", T.NUMBER if node.op == "sum_over" else T.BOOLEAN)
        return Operand(T.BOOLEAN if node.op in ("any_over", "all_over") else T.NUMBER)

    def compare(self, node: n.Compare, where: str) -> Operand:
        left, right = f"{where}/left", f"{where}/right"
        if node.op == "contains":
            found = self.need(node.left, left, T.CHOICES, T.TEXT)
            if found is not None and found.type is T.CHOICES:
                self.alike(Operand(T.CHOICE, found.choices), node.right, right)
            else:
                self.need(node.right, right, T.TEXT)
        elif node.op in _TEXT_PAIRS:
            self.need(node.left, left, T.TEXT)
            self.need(node.right, right, T.TEXT)
            return Operand(_TEXT_PAIRS[node.op])
        elif node.op in ("is", "is_not"):
            found = self.type_of(node.left, left)
            if found is not None and found.type is T.CHOICES:
                self.fault(left, "Several choices are not equal to one thing", "Use “contains” or “count”")
            elif found is not None and isinstance(node.left, n.Value):
                self.alike(self.type_of(node.right, right), node.left, left)
            else:
                self.alike(found, node.right, right)
        else:
            self.alike(self.need(node.left, left, *_ORDERED), node.right, right)
        return Operand(T.BOOLEAN)

    def alike(self, left: Operand | None, node: n.Node, where: str) -> None:
        """The node must be of the same type as `left`; and a choice must be one of its choices."""
        right = self.type_of(node, where)
        if left is None or right is None:
            return
        if isinstance(node, n.Value) and isinstance(node.value, str) and left.type is T.CHOICE and left.choices:
            if node.value not in left.choices:
                near = get_close_matches(node.value[:LONGEST_NAME], left.choices, 1)
                fix = f"Did you mean “{near[0]}”?" if near else "Choose one of its choices"
                self.fault(where, f"“{node.value[:LONGEST_NAME]}” is not among the choices", fix)
            return
        if isinstance(node, n.Value) and isinstance(node.value, str) and is_shaped(node.value, left.type.name):
            return  # a day, time, moment or month may be written as a text
        self.same_kind(left, right, where)

    def same_kind(self, left: Operand, right: Operand, where: str) -> bool:
        if right.type is left.type or (left.type in _TEXTUAL and right.type in _TEXTUAL):
            return True
        what = f"{left.type.value.capitalize()} cannot be compared with {right.type.value}"
        self.fault(where, what, "Compare things of one kind")
        return False


_NUMBERS = ((T.NUMBER,), T.NUMBER)
_UNARIES: dict[str, tuple[tuple[AnswerType, ...], AnswerType]] = {
    "count": ((T.CHOICES,), T.NUMBER),
    "length": ((T.TEXT,), T.NUMBER),
    "lower": ((T.TEXT,), T.TEXT),
    "upper": ((T.TEXT,), T.TEXT),
    "trim": ((T.TEXT,), T.TEXT),
    "year": (_DAYS, T.NUMBER),
    "month": (_DAYS, T.NUMBER),
    "day": (_DAYS, T.NUMBER),
    "weekday": (_DAYS, T.NUMBER),
    "hour": ((T.TIME, T.MOMENT), T.NUMBER),
    "minute": ((T.TIME, T.MOMENT), T.NUMBER),
    "number": ((T.TEXT, T.NUMBER, T.BOOLEAN, T.DATE), T.NUMBER),
    "text": ((*_VALUES, T.CHOICES, T.PLACE), T.TEXT),
    **dict.fromkeys(("sqrt", "abs", "floor", "ceil", "exp", "log"), _NUMBERS),
    "day_number": ((T.DATE, T.MOMENT, T.TIME), T.NUMBER),
    "day_of_number": ((T.NUMBER,), T.DATE),
    "date_of": ((T.DATE, T.MOMENT, T.TEXT), T.DATE),
    "time_of": ((T.MOMENT,), T.TIME),
}
"""Operator -> what it takes, and what it makes of it."""
_TEXT_PAIRS = {
    "starts_with": T.BOOLEAN,
    "ends_with": T.BOOLEAN,
    "before": T.TEXT,
    "after": T.TEXT,
    "find": T.NUMBER,
}


def _literal(value: n.Literal) -> Operand:
    return Operand(T.BOOLEAN if isinstance(value, bool) else T.TEXT if isinstance(value, str) else T.NUMBER)


_TYPES: dict[type, Callable[[_Checker, Any, str], Operand | None]] = {
    n.FieldValue: lambda checker, node, where: checker.field(node.field, where),
    n.Value: lambda _checker, node, _where: _literal(node.value),
    n.Day: lambda _checker, _node, _where: Operand(T.DATE),
    n.Today: lambda _checker, node, _where: Operand(T.MOMENT if node.op == "now" else T.DATE),
    n.Answered: _Checker.answered,
    n.OfField: _Checker.of_field,
    n.Sure: _Checker.sure,
    n.Matches: _Checker.matches,
    n.Substring: _Checker.substring,
    n.Replace: _Checker.replace,
    n.Nth: _Checker.nth,
    n.ListText: _Checker.list_text,
    n.FormatDate: _Checker.format_date,
    n.AddMonths: _Checker.add_months,
    n.OfRepeat: _Checker.of_repeat,
    n.Over: _Checker.over,
    n.JoinOver: _Checker.over,
    n.At: _Checker.over,
    n.Not: _Checker.negate,
    n.Many: _Checker.many,
    n.Compare: _Checker.compare,
    n.OneOf: _Checker.one_of,
    n.Unary: _Checker.unary,
    n.Round: _Checker.round,
    n.AddDays: _Checker.add_days,
    n.Between: _Checker.between,
    n.Choose: _Checker.choose,
}
