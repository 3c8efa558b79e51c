"""The tree of a rule: one frozen class for each shape a node can have, and the table of operators.

A shape is shared by operators that take the same operands, so that adding an operator is a line in `OPERATORS` and a
line in each table that gives it meaning (evaluation, types, words).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, replace
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
class OfField:
    """Something about a field's answer: score (what its choices score), label (its words, as the customer reads them)."""

    op: str
    field: str


@dataclass(frozen=True, slots=True)
class Sure:
    """True where the rule is; false where it is false or unknown."""

    op: str
    of: Node


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; of unknown: unknown."""

    op: str
    of: Node


@dataclass(frozen=True, slots=True)
class Many:
    """An operator over a list: all, any, or_else (the first that is known), plus, minus, times, divided_by, mod, power,
    least, greatest, join.
    """

    op: str
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Two operands: is, is_not, less, at_most, more, at_least, contains, starts_with, ends_with; before and after (the
    text before or after the first occurrence of another), find (where it occurs, from 0; or -1).
    """

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
    """One operand: what is counted, measured, converted or taken out of it (`OPERATORS` lists them)."""

    op: str
    of: Node


@dataclass(frozen=True, slots=True)
class Round:
    """Rounded half away from zero, to `places` decimals (0 to 9)."""

    op: str
    of: Node
    places: int = 0


@dataclass(frozen=True, slots=True)
class Matches:
    """Whether a pattern (RE2 syntax) is found anywhere in a text."""

    op: str
    of: Node
    pattern: str


@dataclass(frozen=True, slots=True)
class Substring:
    """The text from a place (from 0) on, of a length or to its end."""

    op: str
    of: Node
    start: Node
    length: Node | None = None


@dataclass(frozen=True, slots=True)
class Replace:
    """The text with every occurrence of another replaced."""

    op: str
    of: Node
    old: Node
    new: Node


@dataclass(frozen=True, slots=True)
class Nth:
    """One of several choices, by its place (from 0)."""

    op: str
    of: Node
    index: Node


@dataclass(frozen=True, slots=True)
class ListText:
    """Several choices as one text."""

    op: str
    of: Node
    separator: str


@dataclass(frozen=True, slots=True)
class FormatDate:
    """A day or moment as a text, by the marks of XForms: %Y %y %m %n %b %d %e %H %h %M %S %a; names are English."""

    op: str
    of: Node
    pattern: str


@dataclass(frozen=True, slots=True)
class AddDays:
    """The day so many days later."""

    op: str
    date: Node
    days: Node


@dataclass(frozen=True, slots=True)
class AddMonths:
    """The day so many months later; the last of the month where there is no such day."""

    op: str
    date: Node
    months: Node


@dataclass(frozen=True, slots=True)
class OfRepeat:
    """instances (how many a group has), position (which of them this is, from 1)."""

    op: str
    over: str


@dataclass(frozen=True, slots=True)
class Over:
    """An expression in every instance of a group, put together: sum, least, greatest; count, any, all of a rule.

    What is unknown is passed over; `where` picks the instances.
    """

    op: str
    over: str
    of: Node
    where: Node | None = None


@dataclass(frozen=True, slots=True)
class JoinOver:
    """The texts of every instance, joined."""

    op: str
    over: str
    of: Node
    separator: str
    where: Node | None = None


@dataclass(frozen=True, slots=True)
class At:
    """An expression in one instance of a group, by its number (from 0)."""

    op: str
    over: str
    index: Node
    of: Node


@dataclass(frozen=True, slots=True)
class Between:
    """From one day to another: days_between, months_between and years_between (completed ones)."""

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
    | OfField
    | Sure
    | Not
    | Many
    | Compare
    | OneOf
    | Unary
    | Round
    | Matches
    | Substring
    | Replace
    | Nth
    | ListText
    | FormatDate
    | AddDays
    | AddMonths
    | Between
    | OfRepeat
    | Over
    | JoinOver
    | At
    | Choose
)
NODES = (
    FieldValue,
    Value,
    Day,
    Today,
    Answered,
    OfField,
    Sure,
    Not,
    Many,
    Compare,
    OneOf,
    Unary,
    Round,
    Matches,
    Substring,
    Replace,
    Nth,
    ListText,
    FormatDate,
    AddDays,
    AddMonths,
    Between,
    OfRepeat,
    Over,
    JoinOver,
    At,
    Choose,
)

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
    "months_between": Between,
    "years_between": Between,
    "if": Choose,
    "sure": Sure,
    "or_else": Many,
    "number": Unary,
    "text": Unary,
    "upper": Unary,
    "ends_with": Compare,
    "before": Compare,
    "after": Compare,
    "find": Compare,
    "matches": Matches,
    "substring": Substring,
    "replace": Replace,
    "mod": Many,
    "power": Many,
    "sqrt": Unary,
    "abs": Unary,
    "floor": Unary,
    "ceil": Unary,
    "exp": Unary,
    "log": Unary,
    "nth": Nth,
    "list_text": ListText,
    "now": Today,
    "hour": Unary,
    "minute": Unary,
    "weekday": Unary,
    "day_number": Unary,
    "day_of_number": Unary,
    "date_of": Unary,
    "time_of": Unary,
    "format_date": FormatDate,
    "add_months": AddMonths,
    "score": OfField,
    "label": OfField,
    "sum_over": Over,
    "least_over": Over,
    "greatest_over": Over,
    "count_over": Over,
    "any_over": Over,
    "all_over": Over,
    "join_over": JoinOver,
    "instances": OfRepeat,
    "position": OfRepeat,
    "at": At,
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
        elif member.default is MISSING or held != member.default:
            out[name] = held
    return out


def optional(shape: type) -> frozenset[str]:
    """The members that a shape can do without."""
    return frozenset(member.name for member in members(shape) if member.default is not MISSING)


def fields_of(node: Node) -> frozenset[str]:
    """The fields and repeating groups that the tree looks at."""
    return frozenset(name for each in walk(node) if (name := named(each)) is not None)


def named(node: Node) -> str | None:
    """The field or repeating group that a node itself names."""
    name: str | None = getattr(node, "field", None) or getattr(node, "over", None)
    return name


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below."""
    yield node
    for child in children(node):
        yield from walk(child)


def rename_field(node: Node, old: str, new: str) -> Node:
    """The same tree, looking at `new` wherever it looked at `old`, or at a part of it."""
    changed: dict[str, Any] = {}
    for member in members(node):
        held = getattr(node, member.name)
        if isinstance(held, NODES):
            changed[member.name] = rename_field(held, old, new)
        elif isinstance(held, tuple):
            changed[member.name] = tuple(rename_field(each, old, new) for each in held)
        elif member.name in ("field", "over") and (held == old or held.startswith(f"{old}-")):
            changed[member.name] = new + held[len(old) :]
    return replace(node, **changed)
