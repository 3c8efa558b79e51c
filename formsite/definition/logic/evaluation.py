"""Tree -> closure. Compiled once for a version; an evaluation is a call, and never raises.

Numbers are IEEE 754 doubles, texts are compared in NFC and as written, days are proleptic Gregorian. Whatever is
unanswered, of another type than the operator takes, out of range or divided by nothing is unknown (None).
What single operators do with values stands in `operators`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from formsite.definition.logic import calendar, operators, patterns
from formsite.definition.logic import nodes as n
from formsite.definition.logic.scope import EMPTY, Scope

MOST_INSTANCES = 1_000
"""Of a group, whatever the answers say."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at: the answers that count, by path, and the day."""

    answers: Mapping[str, Any]
    today: date
    at: dict[str, int] = field(default_factory=dict)  # repeat -> the number of the instance that is looked at
    now: datetime | None = None
    say: Callable[[str], str | None] | None = None  # the words of the answer at a path


Run = Callable[[Context], Any]
Place = Callable[[Context], str | None]


def compile_rule(node: n.Node, scope: Scope = EMPTY) -> Run:
    """A function of the context: True, False or None for a rule; a value or None for an expression."""
    return _Compiler(scope).compile(node)


class _Compiler:
    """Makes closures of nodes, knowing where answers stand."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def compile(self, node: n.Node) -> Run:
        return _COMPILERS[type(node)](self, node)

    def place(self, name: str) -> Place | None:
        """How the path of a field or repeat is found; None where it is its name."""
        homes = self.scope.homes.get(name)
        if not homes:
            return None

        def place(context: Context) -> str | None:
            at = context.at
            path = ""
            for home in homes:
                if home not in at:
                    return None
                path += f"{home}-{at[home]}-"
            return path + name

        return place

    def look(self, name: str) -> Run:
        place = self.place(name)
        if place is None:

            def run(context: Context) -> Any:
                value = context.answers.get(name)
                return None if value == "" or value == [] else value

            return run

        def run_placed(context: Context) -> Any:
            path = place(context)
            value = None if path is None else context.answers.get(path)
            return None if value == "" or value == [] else value

        return run_placed

    def field_value(self, node: n.FieldValue) -> Run:
        return self.look(node.field)

    def answered(self, node: n.Answered) -> Run:
        """Of a field made of parts: whether any is; of a repeat: whether it has an instance."""
        looks = tuple(self.look(name) for name in (node.field, *self.scope.parts.get(node.field, ())))
        if node.field in self.scope.repeats:
            count = self.instances(node.field)
            return lambda context: count(context) > 0
        if len(looks) == 1:
            look = looks[0]
            return lambda context: look(context) is not None
        return lambda context: any(look(context) is not None for look in looks)

    def of_field(self, node: n.OfField) -> Run:
        return self.label(node.field) if node.op == "label" else self.score(node.field)

    def score(self, name: str) -> Run:
        look, scores = self.look(name), self.scope.scores.get(name, {})

        def run(context: Context) -> Any:
            value = look(context)
            if value is None:
                return None
            chosen = value if isinstance(value, list) else [value]
            return operators.added(scores.get(each, 0) for each in chosen if isinstance(each, str))

        return run

    def label(self, name: str) -> Run:
        place = self.place(name)

        def run(context: Context) -> Any:
            path = name if place is None else place(context)
            return None if context.say is None or path is None else context.say(path)

        return run

    def negate(self, node: n.Not) -> Run:
        inner = self.compile(node.of)

        def run(context: Context) -> Any:
            value = inner(context)
            return (not value) if isinstance(value, bool) else None

        return run

    def sure(self, node: n.Sure) -> Run:
        inner = self.compile(node.of)
        return lambda context: inner(context) is True

    def many(self, node: n.Many) -> Run:
        parts = tuple(self.compile(each) for each in node.of)
        if node.op in ("all", "any"):
            return _kleene(parts, decisive=node.op == "any")
        if node.op == "or_else":
            return _first_known(parts)
        combine = operators.LISTS[node.op]

        def run(context: Context) -> Any:
            values = [part(context) for part in parts]
            return None if any(value is None for value in values) else combine(values)

        return run

    def compare(self, node: n.Compare) -> Run:
        if isinstance(node.left, n.FieldValue) and isinstance(node.right, n.Value | n.Day):
            return self.compare_answer(node.left.field, node.op, node.right)
        decide = operators.PAIRS[node.op]
        left, right = self.compile(node.left), self.compile(node.right)

        def run(context: Context) -> Any:
            a, b = left(context), right(context)
            return None if a is None or b is None else decide(a, b)

        return run

    def compare_answer(self, name: str, op: str, literal: n.Value | n.Day) -> Run:
        """An answer with a literal, as most rules do."""
        decide = operators.against(op, literal.date if isinstance(literal, n.Day) else literal.value)
        look = self.look(name)
        if self.place(name) is not None:
            return lambda context: None if (value := look(context)) is None else decide(value)

        def run(context: Context) -> Any:
            value = context.answers.get(name)
            return None if value is None or value == "" or value == [] else decide(value)

        return run

    def one_of(self, node: n.OneOf) -> Run:
        left = self.compile(node.left)
        values = tuple(self.compile(each) for each in node.values)

        def run(context: Context) -> Any:
            a = left(context)
            found = [None if a is None else operators.same(a, value(context)) for value in values]
            return True if True in found else None if None in found else False

        return run

    def unary(self, node: n.Unary) -> Run:
        return self.strict(operators.UNARIES[node.op], node.of)

    def strict(self, apply: Callable[..., Any], *operands: n.Node) -> Run:
        """Of values that are all known."""
        parts = tuple(self.compile(each) for each in operands)
        if len(parts) == 1:
            inner = parts[0]

            def run_one(context: Context) -> Any:
                value = inner(context)
                return None if value is None else apply(value)

            return run_one

        def run(context: Context) -> Any:
            values = [part(context) for part in parts]
            return None if any(value is None for value in values) else apply(*values)

        return run

    def round(self, node: n.Round) -> Run:
        return self.strict(lambda value: operators.rounded(value, node.places), node.of)

    def matches(self, node: n.Matches) -> Run:
        found = patterns.compiled(node.pattern)
        return self.strict(lambda value: found(value) if isinstance(value, str) else None, node.of)

    def substring(self, node: n.Substring) -> Run:
        rest = () if node.length is None else (node.length,)
        return self.strict(operators.substring, node.of, node.start, *rest)

    def replace(self, node: n.Replace) -> Run:
        return self.strict(operators.replaced, node.of, node.old, node.new)

    def nth(self, node: n.Nth) -> Run:
        return self.strict(operators.nth, node.of, node.index)

    def list_text(self, node: n.ListText) -> Run:
        return self.strict(lambda value: operators.joined(node.separator, value), node.of)

    def format_date(self, node: n.FormatDate) -> Run:
        return self.strict(lambda value: calendar.formatted(value, node.pattern), node.of)

    def add_days(self, node: n.AddDays) -> Run:
        return self.strict(operators.add_days, node.date, node.days)

    def add_months(self, node: n.AddMonths) -> Run:
        return self.strict(operators.add_months, node.date, node.months)

    def between(self, node: n.Between) -> Run:
        measure = operators.SPANS[node.op]
        return self.strict(lambda a, b: operators.span(a, b, measure), node.start, node.end)

    def choose(self, node: n.Choose) -> Run:
        condition, then, otherwise = map(self.compile, (node.condition, node.then, node.otherwise))

        def run(context: Context) -> Any:
            value = condition(context)
            return None if not isinstance(value, bool) else (then if value else otherwise)(context)

        return run

    # -- over the instances of a group -------------------------------------------------------------------------------
    def instances(self, name: str) -> Callable[[Context], int]:
        look = self.look(name)

        def count(context: Context) -> int:
            number = look(context)
            if not operators.is_number(number) or number != int(number):
                return 0
            return max(0, min(int(number), MOST_INSTANCES))

        return count

    def of_repeat(self, node: n.OfRepeat) -> Run:
        if node.op == "instances":
            count = self.instances(node.over)
            return lambda context: float(count(context))

        def position(context: Context) -> Any:
            at = context.at.get(node.over)
            return None if at is None else float(at + 1)

        return position

    def each(self, over: str, of: n.Node, where: n.Node | None) -> Callable[[Context], list[Any]]:
        """The expression in every instance that `where` picks."""
        count, run = self.instances(over), self.compile(of)
        picks = None if where is None else self.compile(where)

        def values(context: Context) -> list[Any]:
            numbers: Sequence[int] = range(count(context))
            if picks is not None:
                picked = _seen(context, over, numbers, picks)
                numbers = [number for number, holds in zip(numbers, picked, strict=True) if holds is True]
            return _seen(context, over, numbers, run)

        return values

    def over(self, node: n.Over) -> Run:
        values, combine = self.each(node.over, node.of, node.where), operators.OVER[node.op]
        return lambda context: combine(values(context))

    def join_over(self, node: n.JoinOver) -> Run:
        values = self.each(node.over, node.of, node.where)
        return lambda context: operators.joined(node.separator, [v for v in values(context) if isinstance(v, str)])

    def at(self, node: n.At) -> Run:
        count, index, run = self.instances(node.over), self.compile(node.index), self.compile(node.of)

        def pick(context: Context) -> Any:
            number = index(context)
            if not operators.is_number(number) or number != int(number) or not 0 <= number < count(context):
                return None
            return _seen(context, node.over, (int(number),), run)[0]

        return pick


def _seen(context: Context, over: str, numbers: Iterable[int], run: Run) -> list[Any]:
    """The value in each of some instances; afterwards the context looks where it looked before."""
    around, values = context.at.get(over), []
    try:
        for number in numbers:
            context.at[over] = number
            values.append(run(context))
        return values
    finally:
        if around is None:
            context.at.pop(over, None)
        else:
            context.at[over] = around


def _kleene(parts: tuple[Run, ...], *, decisive: bool) -> Run:
    """One decisive part decides; else one unknown part leaves it unknown."""
    other = not decisive

    def run(context: Context) -> Any:
        result: bool | None = other
        for part in parts:
            value = part(context)
            if value is decisive:
                return decisive
            if value is not other:
                result = None
        return result

    return run


def _first_known(parts: tuple[Run, ...]) -> Run:
    def run(context: Context) -> Any:
        for part in parts:
            value = part(context)
            if value is not None:
                return value
        return None

    return run


def _now(context: Context) -> str | None:
    return None if context.now is None else context.now.isoformat()[:16]


def _constant(value: Any) -> Run:
    return lambda _context: value


_COMPILERS: dict[type, Callable[[_Compiler, Any], Run]] = {
    n.FieldValue: _Compiler.field_value,
    n.Value: lambda _compiler, node: _constant(node.value),
    n.Day: lambda _compiler, node: _constant(node.date),
    n.Today: lambda _compiler, node: _now if node.op == "now" else (lambda context: context.today.isoformat()),
    n.Answered: _Compiler.answered,
    n.OfField: _Compiler.of_field,
    n.Sure: _Compiler.sure,
    n.Not: _Compiler.negate,
    n.Many: _Compiler.many,
    n.Compare: _Compiler.compare,
    n.OneOf: _Compiler.one_of,
    n.Unary: _Compiler.unary,
    n.Round: _Compiler.round,
    n.Matches: _Compiler.matches,
    n.Substring: _Compiler.substring,
    n.Replace: _Compiler.replace,
    n.Nth: _Compiler.nth,
    n.ListText: _Compiler.list_text,
    n.FormatDate: _Compiler.format_date,
    n.AddDays: _Compiler.add_days,
    n.AddMonths: _Compiler.add_months,
    n.Between: _Compiler.between,
    n.OfRepeat: _Compiler.of_repeat,
    n.Over: _Compiler.over,
    n.JoinOver: _Compiler.join_over,
    n.At: _Compiler.at,
    n.Choose: _Compiler.choose,
}
