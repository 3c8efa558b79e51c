"""What an expression is while it is translated: its kind, known before any answer, and the rules that yield it.

The engine knows what kind a value has only when it is there, and treats nothing as a value; rules know kinds before,
and unknown. A term keeps both: what is empty there is unknown here, and conditions made of terms are never unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

from formsite.definition.logic.reading import LONGEST_TEXT
from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs import js

LARGEST_NUMBER = 2**53 - 1
LARGEST = 1_500
DEEPEST = 50
"""Nodes of a rule; what is larger is no condition that a customer's form needs."""


class Untranslatable(Exception):
    """formsite has no rule for it; says what."""


@dataclass(frozen=True, slots=True)
class Const:
    """A value that is the same for everyone."""

    value: js.Value


@dataclass(frozen=True, slots=True)
class Cases:
    """One of a few values, each with the condition under which it is that; empty where none of them holds."""

    cases: tuple[tuple[js.Value, Rule], ...]
    field: str = ""  # the field whose answer it is

    def empty(self) -> Rule:
        """The condition under which it is none of them."""
        return r.opposite(r.known(r.field(self.field))) if self.field else r.opposite(self.filled())

    def filled(self) -> Rule:
        """The condition under which it is one of them that is something."""
        if self.field:
            return r.known(r.field(self.field))
        return r.some(*(rule for held, rule in self.cases if not js.is_empty(held)))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Several values at once, each with the condition under which it is among them."""

    items: tuple[tuple[js.Value, Rule], ...]
    field: str = ""
    in_order: bool = False  # their order counts


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or empty."""

    rule: Rule
    filled: bool = False  # never empty


@dataclass(frozen=True, slots=True)
class Words:
    """A text, or empty; a text that looks like a number is one. `numeric`: the rule for that number, if there is a better
    one than to read it from the text.
    """

    rule: Rule
    numeric: Rule | None = None


@dataclass(frozen=True, slots=True)
class Bool:
    """True or false."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Day:
    """A day, time, moment or month as the engine keeps it: a text of fixed shape. Or empty."""

    rule: Rule
    shape: str  # date, time, moment, month


@dataclass(frozen=True, slots=True)
class Date:
    """A day as an object of the engine, which functions make. Or empty. `now`: it is this very moment."""

    rule: Rule
    now: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """An answer of which only is known that it is there: a file, a signature, a table."""

    rule: Rule


class Held(Protocol):
    """Something with a name that has a term, as it is when it is looked at."""

    @property
    def term(self) -> Term:
        """What an expression finds there."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question with its term, and its path where it is one answer."""

    term: Term
    id: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """The entries of a repeating group: `fields` are the questions inside one entry, by name in small letters."""

    repeat: str
    fields: Mapping[str, Held]
    counted: bool = False  # entries count where nothing is in them, too
    start: int | None = None  # how many there are before anything is done


@dataclass(frozen=True, slots=True)
class Table:
    """An object with fixed members, by name in small letters: rows, cells, items."""

    members: Mapping[str, Held]


Term = Const | Cases | Chosen | Number | Words | Bool | Day | Date | Present | Records | Table
NOTHING = Const(None)


def bounded(rule: Rule) -> Rule:
    """The rule, unless it is too large, too deep, or holds what no rule can. Parts that stand in it twice count twice.

    Raises:
        Untranslatable: it is.
    """
    waiting: list[tuple[Any, int]] = [(rule, 1)]
    count = 0
    while waiting:
        held, depth = waiting.pop()
        count += 1
        if count > LARGEST or depth > DEEPEST:
            raise Untranslatable("it is far larger than a rule can be")
        if "value" in held and _is_out_of_bounds(held["value"]):
            raise Untranslatable("it holds a number or text that is too large for a rule")
        for each in held.values():
            if isinstance(each, dict):
                waiting.append((each, depth + 1))
            elif isinstance(each, list):
                waiting += [(one, depth + 1) for one in each if isinstance(one, dict)]
    return rule


def _is_out_of_bounds(held: Any) -> bool:
    if isinstance(held, str):
        return len(held) > LONGEST_TEXT
    return not isinstance(held, bool) and not -LARGEST_NUMBER <= held <= LARGEST_NUMBER


def within_bounds(term: Term) -> Term:
    """The term, unless a rule of it is too large. Checked at every step, so that nothing grows beyond measure.

    Raises:
        Untranslatable: it is.
    """
    if isinstance(term, Cases | Chosen):
        for _, rule in term.cases if isinstance(term, Cases) else term.items:
            bounded(rule)
    elif isinstance(term, Number | Words | Bool | Day | Date | Present):
        bounded(term.rule)
        if isinstance(term, Words) and term.numeric is not None:
            bounded(term.numeric)
    return term


# -- emptiness and truth -----------------------------------------------------------------------------------------------
def filled(term: Term) -> Rule:
    """`notempty`."""
    if isinstance(term, Const):
        return r.NO if js.is_empty(term.value) else r.YES
    if isinstance(term, Cases):
        return term.filled()
    if isinstance(term, Chosen):
        return r.known(r.field(term.field)) if term.field else r.some(*(rule for _, rule in term.items))
    if isinstance(term, Bool):
        return r.YES
    if isinstance(term, Number) and term.filled:
        return r.YES
    if isinstance(term, Present):
        return term.rule
    if isinstance(term, Records):
        asked = [filled(held.term) for held in term.fields.values()]
        some = r.sure({"op": "any_over", "over": term.repeat, "of": r.some(*asked)}) if asked else r.NO
        if term.counted or term.start is None:
            return some
        many: Rule = {"op": "instances", "over": term.repeat}
        touched = r.every(r.compare("more", many, r.value(0)), r.compare("is_not", many, r.value(term.start)))
        return r.some(some, touched)
    if isinstance(term, Table):
        return r.some(*(filled(member.term) for member in term.members.values()))
    if isinstance(term, Words) and set(term.rule) not in ({"field"}, {"value"}):
        return r.compare("more", r.unary("length", term.rule), r.value(0))  # a text put together may be empty
    return r.known(term.rule)


def empty(term: Term) -> Rule:
    """`empty`."""
    return term.empty() if isinstance(term, Cases) else r.opposite(filled(term))


def truth(term: Term) -> Rule:
    """What `and`, `or` and `!` make of it."""
    if isinstance(term, Const):
        return r.YES if js.truth(term.value) else r.NO
    if isinstance(term, Cases):
        return r.some(*(rule for held, rule in term.cases if js.truth(held)))
    if isinstance(term, Bool):
        return term.rule
    if isinstance(term, Number):
        return r.compare("is_not", term.rule, r.value(0))
    if isinstance(term, Words):
        other = [r.compare("is", _plain(term), r.value("false")), r.compare("is", number(term), r.value(0))]
        return r.every(filled(term), *(r.opposite(each) for each in other))
    return filled(term)


def untrue(term: Term) -> Rule:
    """What `!` makes of it: several choices are a list, and a list counts as true even if nothing is in it."""
    return r.NO if isinstance(term, Chosen) else r.opposite(truth(term))


def exactly(term: Term, wanted: bool) -> Rule:
    """Whether it is true, or false, and nothing that only counts as that."""
    if isinstance(term, Const):
        return r.YES if term.value is wanted else r.NO
    if isinstance(term, Cases):
        return r.some(*(rule for held, rule in term.cases if held is wanted))
    if isinstance(term, Bool):
        return term.rule if wanted else r.opposite(term.rule)
    if isinstance(term, Words):
        return r.compare("is", r.unary("lower", term.rule), r.value("true" if wanted else "false"))
    return r.NO


# -- as texts and numbers ----------------------------------------------------------------------------------------------
def text(term: Term) -> Rule:
    """The term as a text; unknown where it is empty."""
    if isinstance(term, Const):
        return r.value(js.text(term.value))
    if isinstance(term, Cases):
        return _said(term.cases)
    if isinstance(term, Bool):
        return r.choose(term.rule, r.value("true"), r.value("false"))
    if isinstance(term, Words):
        return term.rule
    if isinstance(term, Number | Day | Date):
        return r.unary("text", term.rule)
    if isinstance(term, Chosen):
        return _listed(term)
    raise Untranslatable("a table cannot be written as a text")


def said(term: Term) -> Rule:
    """The term as a text that is never unknown."""
    rule = text(term)
    known = isinstance(term, Const | Bool) or (isinstance(term, Number) and term.filled) or rule.get("op") == "join"
    return rule if known else r.either(rule, r.value(""))


def _said(cases: Sequence[tuple[js.Value, Rule]]) -> Rule:
    """The value that holds, as a text."""
    rule: Rule = r.value("")
    for held, condition in reversed(cases):
        rule = r.choose(condition, r.value(js.text(held)), rule)
        if len(cases) > 30:
            raise Untranslatable("there are too many values to write as a text")
    return rule


def _listed(term: Chosen) -> Rule:
    """The values that are chosen, with commas between them."""
    if len(term.items) > 30:
        raise Untranslatable("there are too many values to write as a text")
    parts: list[Rule] = []
    for at, (held, rule) in enumerate(term.items):
        before = r.some(*(other for _, other in term.items[:at]))
        parts.append(
            r.choose(
                rule, r.many("join", [r.choose(before, r.value(","), r.value("")), r.value(js.text(held))]), r.value("")
            )
        )
    return r.many("join", parts)


def _plain(term: Words) -> Rule:
    """The text as it is compared: without white space around it, in small letters."""
    return r.unary("lower", r.unary("trim", term.rule))


def plain(term: Term) -> Rule:
    """Any term as a text as it is compared."""
    return _plain(Words(text(term)))


def is_numeric(term: Term) -> bool:
    """Whether it is a number wherever it is something."""
    if isinstance(term, Const):
        return isinstance(term.value, int | float) and not isinstance(term.value, bool)
    if isinstance(term, Cases):
        return all(isinstance(held, int | float) and not isinstance(held, bool) for held, _ in term.cases)
    return isinstance(term, Number)


def number(term: Term) -> Rule:
    """The term as a number; unknown where it is none."""
    if isinstance(term, Const):
        found = js.native(term.value) if term.value not in (None, "") else None
        return r.NOTHING if found is None else r.value(found)
    if isinstance(term, Cases):
        return _numbered(term)
    if isinstance(term, Bool):
        return r.choose(term.rule, r.value(1), r.value(0))
    if isinstance(term, Number):
        return term.rule
    if isinstance(term, Words):
        return term.numeric or r.unary("number", term.rule)
    if isinstance(term, Chosen):
        return r.unary("number", text(term))
    return r.NOTHING


def _numbered(term: Cases) -> Rule:
    """The number that holds: read from the id of the choice where that is the number, else case by case."""
    rule: Rule = r.NOTHING
    if len(term.cases) > 60:
        raise Untranslatable("there are too many values to reckon with")
    for held, condition in reversed(term.cases):
        found = js.native(held)
        rule = r.choose(condition, r.NOTHING if found is None else r.value(found), rule)
    return rule


def reckoned(term: Term) -> Rule:
    """The number that arithmetic takes: nothing counts as zero, what is no number stays unknown."""
    rule = number(term)
    if isinstance(term, Const):
        return r.value(0) if js.is_empty(term.value) else rule
    if isinstance(term, Bool) or (isinstance(term, Number) and term.filled):
        return rule
    if isinstance(term, Number) or is_numeric(term):
        return r.either(rule, r.value(0))
    return r.choose(filled(term), rule, r.value(0))


# -- arithmetic --------------------------------------------------------------------------------------------------------
OPERATORS = {"-": "minus", "*": "times", "/": "divided_by", "%": "mod", "^": "power"}


def add(*operands: Term) -> Term:
    """`+`, from left to right: a sum as long as there are numbers, else one text after the other."""
    first = next((at for at, each in enumerate(operands) if _is_text(each)), len(operands))
    numbers, texts = operands[:first], operands[first:]
    if all(isinstance(each, Const) for each in operands):
        return Const(
            reduce(lambda a, b: js.calculate("+", a, b), [each.value for each in operands if isinstance(each, Const)])
        )
    total = r.many("plus", [reckoned(each) for each in numbers]) if numbers else r.value("")
    if all(map(_counts_as_number, numbers)):
        if not texts:
            return Number(total, filled=True)
        leading = [r.unary("text", total)] if len(numbers) > 1 else [said(each) for each in numbers]
        return Words(r.many("join", [*leading, *map(said, texts)]))
    joined = r.many("join", [said(each) for each in operands])
    if texts:
        return Words(joined)
    return Words(r.choose(r.known(total), r.unary("text", total), joined), total)


def _counts_as_number(term: Term) -> bool:
    return is_numeric(term) or isinstance(term, Bool) or (isinstance(term, Const) and term.value is None)


def _is_text(term: Term) -> bool:
    """Whether it is surely no number, or one that is kept as a text."""
    if isinstance(term, Const):
        return isinstance(term.value, str)
    if isinstance(term, Cases):
        return all(isinstance(held, str) for held, _ in term.cases)
    return isinstance(term, Day | Date | Chosen)


def calculate(op: str, a: Term, b: Term) -> Term:
    """`- * / % ^`."""
    if isinstance(a, Const) and isinstance(b, Const):
        return Const(js.calculate(op, a.value, b.value))
    operands = [reckoned(a), reckoned(b)]
    rule = r.many("times", operands) if op == "*" else {"op": OPERATORS[op], "of": operands}
    numeric = _counts_as_number(a) and _counts_as_number(b)
    if op == "/" and operands[1] == r.value(0):
        return NOTHING
    return Number(rule, filled=numeric and op in "-*")


def chosen(condition: Rule, then: Term, otherwise: Term) -> Term:
    """`iif(…)`: one or the other, in the kind that both have, else as texts."""
    if condition in (r.YES, r.NO):
        return then if condition == r.YES else otherwise
    if isinstance(then, Bool) and isinstance(otherwise, Bool):
        return Bool(r.some(r.every(condition, then.rule), r.every(r.opposite(condition), otherwise.rule)))
    few, other = as_cases(then), as_cases(otherwise)
    if few is not None and other is not None and len(few) + len(other) <= 40:
        met = [(held, r.every(condition, rule)) for held, rule in few]
        missed = [(held, r.every(r.opposite(condition), rule)) for held, rule in other]
        return Cases(tuple(each for each in (*met, *missed) if not js.is_empty(each[0])))
    if _may_be_number(then) and _may_be_number(otherwise):
        full = all(isinstance(each, Number) and each.filled for each in (then, otherwise))
        return Number(r.choose(condition, number(then), number(otherwise)), filled=full)
    if isinstance(then, Day) and isinstance(otherwise, Day) and then.shape == otherwise.shape:
        return Day(r.choose(condition, then.rule, otherwise.rule), then.shape)
    if isinstance(then, Date) and isinstance(otherwise, Date) and then.now == otherwise.now:
        return Date(r.choose(condition, then.rule, otherwise.rule), then.now)
    return Words(r.choose(condition, said(then), said(otherwise)))


def _may_be_number(term: Term) -> bool:
    return is_numeric(term) or (isinstance(term, Const) and js.is_empty(term.value))


def as_cases(term: Term) -> tuple[tuple[js.Value, Rule], ...] | None:
    """The few values that a term can have, where they are few."""
    if isinstance(term, Bool):
        return ((True, term.rule), (False, r.opposite(term.rule)))
    if isinstance(term, Const):
        return ((term.value, r.YES),)
    return term.cases if isinstance(term, Cases) else None


Comparison = Callable[[Term, Term], Rule]
