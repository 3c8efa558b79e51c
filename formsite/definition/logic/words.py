"""A rule read aloud, in English, for the people who design forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from formsite.definition.logic import nodes as n

COMPARISONS = {
    "is": "is",
    "is_not": "is not",
    "less": "is less than",
    "at_most": "is at most",
    "more": "is more than",
    "at_least": "is at least",
    "contains": "contains",
    "starts_with": "starts with",
}
DATE_COMPARISONS = {"less": "is before", "at_most": "is not after", "more": "is after", "at_least": "is not before"}
SIGNS = {"plus": " + ", "minus": " − ", "times": " × ", "divided_by": " ÷ "}
LISTS = {"least": "the least of", "greatest": "the greatest of", "join": "the joined texts of"}
UNARIES = {
    "count": "the number of choices in {}",
    "length": "the length of {}",
    "lower": "{} in small letters",
    "trim": "{} without spaces around it",
    "year": "the year of {}",
    "month": "the month of {}",
    "day": "the day of the month of {}",
}


def read_aloud(node: n.Node, name: Callable[[str], str], choice: Callable[[str, str], str]) -> str:
    """The rule as a phrase, like `Connection is “Fibre” and (Age is at least 18 or Country is not “France”)`.

    Args:
        name: the words of a field.
        choice: the words of a field's choice, or of any text compared with the field.
    """
    return _Reader(name, choice).say(node)


class _Reader:
    def __init__(self, name: Callable[[str], str], choice: Callable[[str, str], str]) -> None:
        self.name, self.choice = name, choice

    def say(self, node: n.Node, about: str | None = None, inside: bool = False) -> str:
        """`about`: the field that a literal is compared with; `inside`: brackets are needed around and/or."""
        if isinstance(node, n.Value):
            return self.literal(node.value, about)
        if isinstance(node, n.Many):
            return self.many(node, inside)
        return _SAYINGS[type(node)](self, node)

    def negation(self, node: n.Not) -> str:
        if isinstance(node.of, n.Answered):
            return f"{self.name(node.of.field)} is not answered"
        return f"not ({self.say(node.of)})"

    def one_of(self, node: n.OneOf) -> str:
        listed = [self.say(value, _field(node.left)) for value in node.values]
        return f"{self.say(node.left)} is {_either(listed)}"

    def rounded(self, node: n.Round) -> str:
        places = f" to {node.places} place{'s' if node.places > 1 else ''}" if node.places else ""
        return f"{self.say(node.of)} rounded{places}"

    def between(self, node: n.Between) -> str:
        unit = "days" if node.op == "days_between" else "full years"
        return f"the {unit} from {self.say(node.start)} to {self.say(node.end)}"

    def choice_of(self, node: n.Choose) -> str:
        return f"({self.say(node.then)} if {self.say(node.condition)}, else {self.say(node.otherwise)})"

    def literal(self, value: n.Literal, about: str | None) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str):
            return f"“{self.choice(about, value) if about else value}”"
        return f"{int(value) if float(value).is_integer() else value:,}"

    def many(self, node: n.Many, inside: bool) -> str:
        if node.op in ("all", "any"):
            parts = [self.say(each, inside=len(node.of) > 1) for each in node.of]
            said = (" and " if node.op == "all" else " or ").join(parts)
            return f"({said})" if inside and len(parts) > 1 else said
        parts = [self.say(each) for each in node.of]
        return f"({SIGNS[node.op].join(parts)})" if node.op in SIGNS else f"{LISTS[node.op]} {', '.join(parts)}"

    def compare(self, node: n.Compare) -> str:
        words = COMPARISONS
        if any(isinstance(side, n.Day | n.Today | n.AddDays) for side in (node.left, node.right)):
            words = COMPARISONS | DATE_COMPARISONS
        left, right = self.say(node.left, _field(node.right)), self.say(node.right, _field(node.left))
        return f"{left} {words[node.op]} {right}"


def _field(node: n.Node) -> str | None:
    return node.field if isinstance(node, n.FieldValue) else None


def _either(listed: list[str]) -> str:
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} or {listed[-1]}"


def _long_day(written: str) -> str:
    day = date.fromisoformat(written)
    return f"{day.day} {day:%B} {day.year}"


_SAYINGS: dict[type, Callable[[_Reader, Any], str]] = {
    n.FieldValue: lambda reader, node: reader.name(node.field),
    n.Day: lambda _reader, node: _long_day(node.date),
    n.Today: lambda _reader, _node: "today",
    n.Answered: lambda reader, node: f"{reader.name(node.field)} is answered",
    n.Not: _Reader.negation,
    n.Compare: _Reader.compare,
    n.OneOf: _Reader.one_of,
    n.Unary: lambda reader, node: UNARIES[node.op].format(reader.say(node.of)),
    n.Round: _Reader.rounded,
    n.AddDays: lambda reader, node: f"{reader.say(node.days)} days after {reader.say(node.date)}",
    n.Between: _Reader.between,
    n.Choose: _Reader.choice_of,
}
