"""A rule read aloud, in English, for the people who design forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

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
        match node:
            case n.FieldValue(field):
                return self.name(field)
            case n.Value(value):
                return self.literal(value, about)
            case n.Day(day):
                return _long_day(day)
            case n.Today():
                return "today"
            case n.Answered(_, field):
                return f"{self.name(field)} is answered"
            case n.Not(_, n.Answered(_, field)):
                return f"{self.name(field)} is not answered"
            case n.Not(_, of):
                return f"not ({self.say(of)})"
            case n.Many():
                return self.many(node, inside)
            case n.Compare():
                return self.compare(node)
            case n.OneOf(_, left, values):
                listed = [self.say(value, _field(left)) for value in values]
                return f"{self.say(left)} is {_either(listed)}"
            case n.Unary(op, of):
                return UNARIES[op].format(self.say(of))
            case n.Round(_, of, places):
                return f"{self.say(of)} rounded" + (f" to {places} places" if places else "")
            case n.AddDays(_, day, days):
                return f"{self.say(days)} days after {self.say(day)}"
            case n.Between(op, start, end):
                unit = "days" if op == "days_between" else "full years"
                return f"the {unit} from {self.say(start)} to {self.say(end)}"
            case n.Choose(_, condition, then, otherwise):
                return f"({self.say(then)} if {self.say(condition)}, else {self.say(otherwise)})"

    def literal(self, value: n.Literal, about: str | None) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str):
            return f"“{self.choice(about, value) if about else value}”"
        return f"{value:g}" if isinstance(value, float) else f"{value:,}"

    def many(self, node: n.Many, inside: bool) -> str:
        if node.op in ("all", "any"):
            parts = [self.say(each, inside=len(node.of) > 1) for each in node.of]
            said = (" and " if node.op == "all" else " or ").join(parts)
            return f"({said})" if inside and len(parts) > 1 else said
        parts = [self.say(each) for each in node.of]
        return f"({SIGNS[node.op].join(parts)})" if node.op in SIGNS else f"{LISTS[node.op]} {', '.join(parts)}"

    def compare(self, node: n.Compare) -> str:
        words = COMPARISONS
        if isinstance(node.right, n.Day | n.Today | n.AddDays):
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
