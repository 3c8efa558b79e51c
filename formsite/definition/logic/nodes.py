"""The tree of a rule: one frozen class for each shape a node can have, and the table of operators.

A shape is shared by operators that take the same operands, so that adding an operator is a line in `OPERATORS` and a
line in each table that gives it meaning (evaluation, types, words).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from dataclasses import fields as members
from typing import Any

Literal = str | int | float | bool


@dataclass(frozen=True, slots=True)
class FieldValue:
    """The answer to a field."""

    field: str


@dataclass(frozen=True, slots=True)
class Value:
    """A text, a number or true/false."""

    value: Literal


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, written YYYY-MM-DD."""

    date: str


@dataclass(frozen=True, slots=True)
class Today:
    """The day of the evaluation."""

    op: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Whether a field has an answer; never unknown."""

    op: str
    field: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; of unknown: unknown."""

    op: str
    of: Node


@dataclass(frozen=True, slots=True)
class Many:
    """An operator over a list: all, any, plus, minus, times, divided_by, least, greatest, join."""

    op: str
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Two operands: is, is_not, less, at_most, more, at_least, contains, starts_with."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether the left operand is one of some values."""

    op: str
    left: Node
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """One operand: count, length, lower, trim, year, month, day."""

    op: str
    of: Node


@dataclass(frozen=True, slots=True)
class Round:
    """Rounded half away from zero, to `places` decimals (0 to 9)."""

    op: str
    of: Node
    places: int = 0


@dataclass(frozen=True, slots=True)
class AddDays:
    """The day so many days later."""

    op: str
    date: Node
    days: Node


@dataclass(frozen=True, slots=True)
class Between:
    """From one day to another: days_between, years_between (completed years)."""

    op: str
    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class Choose:
    """One expression or the other; unknown where the condition is."""

    op: str
    condition: Node
    then: Node
    otherwise: Node


Node = (
    FieldValue
    | Value
    | Day
    | Today
    | Answered
    | Not
    | Many
    | Compare
    | OneOf
    | Unary
    | Round
    | AddDays
    | Between
    | Choose
)
NODES = (FieldValue, Value, Day, Today, Answered, Not, Many, Compare, OneOf, Unary, Round, AddDays, Between, Choose)

OPERATORS: dict[str, type] = {
    "all": Many,
    "any": Many,
    "not": Not,
    "answered": Answered,
    "is": Compare,
    "is_not": Compare,
    "less": Compare,
    "at_most": Compare,
    "more": Compare,
    "at_least": Compare,
    "contains": Compare,
    "starts_with": Compare,
    "one_of": OneOf,
    "today": Today,
    "count": Unary,
    "length": Unary,
    "lower": Unary,
    "trim": Unary,
    "year": Unary,
    "month": Unary,
    "day": Unary,
    "plus": Many,
    "minus": Many,
    "times": Many,
    "divided_by": Many,
    "least": Many,
    "greatest": Many,
    "join": Many,
    "round": Round,
    "add_days": AddDays,
    "days_between": Between,
    "years_between": Between,
    "if": Choose,
}
KEYWORDS = {"start": "from", "end": "to", "condition": "if", "otherwise": "else"}
"""Members whose JSON names are words of Python."""


def children(node: Node) -> Iterator[Node]:
    """The nodes right below."""
    for member in members(node):
        held = getattr(node, member.name)
        if isinstance(held, NODES):
            yield held
        elif isinstance(held, tuple):
            yield from held


def to_json(node: Node) -> dict[str, Any]:
    """The node as plain JSON values; `parse` reads it back."""
    out: dict[str, Any] = {}
    for member in members(node):
        held = getattr(node, member.name)
        name = KEYWORDS.get(member.name, member.name)
        if isinstance(held, tuple):
            out[name] = [to_json(each) for each in held]
        elif isinstance(held, NODES):
            out[name] = to_json(held)
        elif not (member.name == "places" and held == 0):
            out[name] = held
    return out


def fields_of(node: Node) -> frozenset[str]:
    """The fields the tree looks at."""
    own = frozenset({node.field}) if isinstance(node, FieldValue | Answered) else frozenset()
    return own.union(*(fields_of(child) for child in children(node)))


def rename_field(node: Node, old: str, new: str) -> Node:
    """The same tree, looking at `new` wherever it looked at `old`."""
    changed: dict[str, Any] = {}
    for member in members(node):
        held = getattr(node, member.name)
        if isinstance(held, NODES):
            changed[member.name] = rename_field(held, old, new)
        elif isinstance(held, tuple):
            changed[member.name] = tuple(rename_field(each, old, new) for each in held)
    if isinstance(node, FieldValue | Answered) and node.field == old:
        changed["field"] = new
    return replace(node, **changed)
