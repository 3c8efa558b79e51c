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
    "ends_with": "ends with",
}
TEXT_PARTS = {
    "before": "the text of {left} before {right}",
    "after": "the text of {left} after {right}",
    "find": "the place of {right} in {left}, from 0",
}
DATE_COMPARISONS = {"less": "is before", "at_most": "is not after", "more": "is after", "at_least": "is not before"}
SIGNS = {
    "plus": " + ",
    "minus": " − ",
    "times": " × ",
    "divided_by": " ÷ ",
    "mod": " modulo ",
    "power": " to the power of ",
    "or_else": ", or else ",
}
LISTS = {"least": "the least of", "greatest": "the greatest of", "join": "the joined texts of"}
UNARIES = {
    "count": "the number of choices in {}",
    "length": "the length of {}",
    "lower": "{} in small letters",
    "trim": "{} without spaces around it",
    "year": "the year of {}",
    "month": "the month of {}",
    "day": "the day of the month of {}",
    "weekday": "the day of the week of {}",
    "hour": "the hour of {}",
    "minute": "the minute of {}",
    "number": "the number in {}",
    "text": "{} as a text",
    "upper": "{} in capital letters",
    "sqrt": "the square root of {}",
    "abs": "{} without its sign",
    "floor": "{} rounded down",
    "ceil": "{} rounded up",
    "exp": "e to the power of {}",
    "log": "the natural logarithm of {}",
    "day_number": "the number of the day of {}",
    "day_of_number": "the day with the number {}",
    "date_of": "the day of {}",
    "time_of": "the time of day of {}",
}
OVER = {
    "sum_over": "the sum of {of} over every {over}",
    "least_over": "the least {of} of every {over}",
    "greatest_over": "the greatest {of} of every {over}",
    "count_over": "the number of {over} for which {of}",
    "any_over": "for any {over}: {of}",
    "all_over": "for every {over}: {of}",
    "join_over": "{of} of every {over}, joined",
}


def read_aloud(
    node: n.Node,
    name: Callable[[str], str],
    choice: Callable[[str, str], str],
    day: Callable[[str], bool] = lambda _name: False,
) -> str:
    """The rule as a phrase, like `Connection is “Fibre” and (Age is at least 18 or Country is not “France”)`.

    Args:
        name: the words of a field.
        choice: the words of a field's choice, or of any text compared with the field.
        day: whether the answer to a field is a day or a time, which is before another rather than less.
    """
    return _Reader(name, choice, day).say(node)


class _Reader:
    def __init__(
        self, name: Callable[[str], str], choice: Callable[[str, str], str], day: Callable[[str], bool]
    ) -> None:
        self.name, self.choice, self.day = name, choice, day

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
        unit = {"days_between": "days", "months_between": "full months"}.get(node.op, "full years")
        return f"the {unit} from {self.say(node.start)} to {self.say(node.end)}"

    def choice_of(self, node: n.Choose) -> str:
        return f"({self.say(node.then)} if {self.say(node.condition)}, else {self.say(node.otherwise)})"

    def substring(self, node: n.Substring) -> str:
        length = "to its end" if node.length is None else f"for {self.say(node.length)} characters"
        return f"{self.say(node.of)} from place {self.say(node.start)} {length}"

    def of_repeat(self, node: n.OfRepeat) -> str:
        name = self.name(node.over)
        return f"the number of {name}" if node.op == "instances" else f"the position of this {name}"

    def over(self, node: n.Over | n.JoinOver) -> str:
        said = OVER[node.op].format(of=self.say(node.of), over=self.name(node.over))
        return said if node.where is None else f"{said}, where {self.say(node.where)}"

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

    def is_day(self, node: n.Node) -> bool:
        if isinstance(node, n.FieldValue):
            return self.day(node.field)
        return isinstance(node, n.Day | n.Today | n.AddDays | n.AddMonths)

    def compare(self, node: n.Compare) -> str:
        words = COMPARISONS
        if self.is_day(node.left) or self.is_day(node.right):
            words = COMPARISONS | DATE_COMPARISONS
        left, right = self.say(node.left, _field(node.right)), self.say(node.right, _field(node.left))
        if node.op in TEXT_PARTS:
            return TEXT_PARTS[node.op].format(left=left, right=right)
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
    n.Today: lambda _reader, node: node.op,
    n.OfField: lambda reader, node: f"the {'words' if node.op == 'label' else 'score'} of {reader.name(node.field)}",
    n.Sure: lambda reader, node: reader.say(node.of, inside=True),
    n.Matches: lambda reader, node: f"{reader.say(node.of)} matches the pattern {node.pattern}",
    n.Substring: _Reader.substring,
    n.Replace: lambda reader, node: (
        f"{reader.say(node.of)} with {reader.say(node.new)} in place of {reader.say(node.old)}"
    ),
    n.Nth: lambda reader, node: f"the choice of {reader.say(node.of)} at place {reader.say(node.index)}, from 0",
    n.ListText: lambda reader, node: f"the choices of {reader.say(node.of)}, joined",
    n.FormatDate: lambda reader, node: f"{reader.say(node.of)} written as {node.pattern}",
    n.AddMonths: lambda reader, node: f"{reader.say(node.months)} months after {reader.say(node.date)}",
    n.OfRepeat: _Reader.of_repeat,
    n.Over: _Reader.over,
    n.JoinOver: _Reader.over,
    n.At: lambda reader, node: (
        f"{reader.say(node.of)} of {reader.name(node.over)} at place {reader.say(node.index)}, from 0"
    ),
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
