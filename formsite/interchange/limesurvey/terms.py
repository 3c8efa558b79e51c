"""What an expression is while it is translated: its kind, known before any answer, and the rules that yield it.

The engine knows one kind of value, texts that may look like numbers, and an empty text where there is no answer. Rules
know kinds, and unknown. A term keeps both: what is empty there is unknown here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from formsite.interchange.limesurvey import php
from formsite.interchange import rules as r
from formsite.interchange.rules import Rule


MOST_PARTS = 80
"""Of a sum of texts."""


class Untranslatable(Exception):
    """formsite has no rule for it; says what."""


@dataclass(frozen=True, slots=True)
class Const:
    """A value that is the same for everyone. `quoted`: it stands in quotes."""

    value: php.Plain
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Cases:
    """One of a few values, each with the condition under which it is that; empty where none of them holds."""

    cases: tuple[tuple[php.Plain, Rule], ...]
    as_text: Rule | None = None  # a rule that yields the value at once

    def empty(self) -> Rule:
        """The condition under which it is none of them."""
        return r.opposite(r.some(*(rule for _, rule in self.cases)))


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or empty. Where it is never empty but unknown, it is the engine's NAN: true, and equal to nothing."""

    rule: Rule
    filled: bool = False  # never empty
    nan: bool = False  # NAN where it is unknown
    absent: php.Plain = ""  # what it is where it is none: false, for what a function does not find


@dataclass(frozen=True, slots=True)
class Words:
    """A text, or empty."""

    rule: Rule
    forced: bool = False  # put together of texts in quotes: never calculated with
    parts: tuple[Term, ...] = ()  # what it is the sum of


@dataclass(frozen=True, slots=True)
class Bool:
    """True or false."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or empty. `bare`: written without the time of day, which the engine keeps with every answered date.

    `timed`: the rule yields a moment rather than a day.
    """

    rule: Rule
    bare: bool = False
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment as seconds since 1970; the rule yields the day."""

    rule: Rule


NAN = Number(r.NOTHING, filled=True, nan=True)
Term = Const | Cases | Number | Words | Bool | Moment | Stamp


def constant(literal: str, *, quoted: bool) -> Const:
    """A literal of the language."""
    return Const(literal, quoted)


def empty(term: Term) -> Rule:
    """Whether it is empty (`is_empty`)."""
    if isinstance(term, Const):
        return r.YES if term.value in ("", None, False) else r.NO
    if isinstance(term, Cases):
        return r.some(term.empty(), *(rule for held, rule in term.cases if held in ("", False)))
    if isinstance(term, Bool):
        return r.opposite(term.rule)
    if isinstance(term, Number) and term.filled:
        return r.NO
    if isinstance(term, Words):
        return r.opposite(filled_text(term.rule))
    return r.opposite(r.known(term.rule))


def filled_text(rule: Rule) -> Rule:
    """Whether a text is known and holds something."""
    if set(rule) == {"field"}:
        return r.known(rule)
    return r.NO if rule == r.value("") else r.compare("is_not", rule, r.value(""))


def truth(term: Term) -> Rule:
    """The condition that a term is."""
    if isinstance(term, Const):
        return r.YES if php.truth(term.value) else r.NO
    if isinstance(term, Cases):
        return r.some(*(rule for held, rule in term.cases if php.truth(held)))
    if isinstance(term, Bool):
        return term.rule
    if isinstance(term, Number):
        zero = r.value(0)
        if term.filled:
            return r.opposite(r.compare("is", term.rule, zero))
        return r.compare("is_not", term.rule, zero)
    if isinstance(term, Words):
        return r.every(filled_text(term.rule), r.compare("is_not", term.rule, r.value("0")))
    return r.known(term.rule)


def text(term: Term) -> Rule:
    """The term as a text; unknown or empty where it is empty."""
    if isinstance(term, Const):
        return r.value(php.written(term.value))
    if isinstance(term, Cases):
        return term.as_text or _said(term.cases)
    if isinstance(term, Bool):
        return r.choose(term.rule, r.value("1"), r.value(""))
    if isinstance(term, Number):
        return r.unary("text", term.rule)
    if isinstance(term, Words):
        return term.rule
    if isinstance(term, Moment):
        return r.unary("text", term.rule)
    return r.unary("text", number(term))


def said(term: Term) -> Rule:
    """The term as a text that is never unknown."""
    rule = text(term)
    if isinstance(term, Const | Bool) or rule.get("op") == "join":
        return rule
    return r.either(rule, r.value(""))


def _said(cases: Iterable[tuple[php.Plain, Rule]]) -> Rule:
    return r.many("join", [r.choose(rule, r.value(php.written(held)), r.value("")) for held, rule in cases])


def number(term: Term) -> Rule:
    """The term as a number; unknown where it is none."""
    if isinstance(term, Const):
        return r.value(php.number(term.value)) if php.is_numeric(term.value) else r.NOTHING
    if isinstance(term, Bool):
        return r.choose(term.rule, r.value(1), r.value(0))
    if isinstance(term, Cases):
        return r.unary("number", text(term))
    if isinstance(term, Number):
        return term.rule
    if isinstance(term, Words):
        return r.unary("number", term.rule)
    if isinstance(term, Stamp):
        days = {"op": "day_number", "of": term.rule}
        return {"op": "times", "of": [days, r.value(86_400)]}
    return r.NOTHING


def number_or_zero(term: Term) -> Rule:
    """What a sum adds for it."""
    if isinstance(term, Const):
        return r.value(php.number(term.value))
    if isinstance(term, Bool) or (isinstance(term, Number) and term.filled):
        return number(term)
    return r.either(number(term), r.value(0))


def whole_part(term: Term) -> Term:
    """Of a number; 0 for what is none."""
    if isinstance(term, Const):
        return Const(int(php.number(term.value)))
    whole = number_or_zero(term)
    if isinstance(term, Bool):
        return Number(whole, filled=True)
    down, up = r.unary("floor", whole), r.unary("ceil", whole)
    return Number(r.choose(r.compare("less", whole, r.value(0)), up, down), filled=True)


def as_cases(term: Term) -> Cases | None:
    """The few values that a term can have, where they are few."""
    if isinstance(term, Bool):
        return Cases(((True, term.rule), (False, r.opposite(term.rule))))
    if isinstance(term, Const):
        return Cases(((term.value, r.YES),))
    return term if isinstance(term, Cases) else None


def add(a: Term, b: Term) -> Term:
    """`+`: a sum of two numbers, else one text after the other."""
    if _forced(a) or _forced(b):
        if isinstance(a, Const) and isinstance(b, Const):
            return Const(php.written(a.value) + php.written(b.value), quoted=True)
        return Words(r.many("join", [said(a), said(b)]), forced=True)
    if isinstance(a, Const) and isinstance(b, Const):
        return Const(php.number(a.value) + php.number(b.value))
    both = r.many("plus", [number(a), number(b)])
    if _numeric(a) and _numeric(b):
        if _always(a) and _always(b):
            return Number(both, filled=True)
        return Number({"op": "or_else", "of": [both, number(a), number(b)]})
    if _never_numeric(a) or _never_numeric(b):
        return Words(r.many("join", [said(a), said(b)]))
    return _sum_or_text((*_parts(a), *_parts(b)))


def _parts(term: Term) -> tuple[Term, ...]:
    return term.parts if isinstance(term, Words) and term.parts else (term,)


def _sum_or_text(parts: tuple[Term, ...]) -> Term:
    """The sum where all are numbers, nothing apart; else one text after the other."""
    if len(parts) > MOST_PARTS:
        raise Untranslatable(f"it adds up more than {MOST_PARTS} texts")
    joined = r.many("join", [said(each) for each in parts])
    known = [r.known(number(each)) for each in parts]
    if len(parts) == 2:
        total = r.many("plus", [number(each) for each in parts])
        return Words(r.choose(r.every(*known), r.unary("text", total), joined), parts=parts)
    total = r.many("plus", [number_or_zero(each) for each in parts])
    calculable = r.every(r.some(*known), *(r.some(here, empty(each)) for here, each in zip(known, parts, strict=True)))
    return Words(r.choose(calculable, r.unary("text", total), joined), parts=parts)


def _forced(term: Term) -> bool:
    return (isinstance(term, Const) and term.quoted) or (isinstance(term, Words) and term.forced)


def _always(term: Term) -> bool:
    return isinstance(term, Bool | Const) or (isinstance(term, Number) and term.filled)


def _numeric_value(value: php.Plain) -> bool:
    return isinstance(value, bool) or php.is_numeric(value)


def _never_numeric(term: Term) -> bool:
    return isinstance(term, Cases) and not any(php.is_numeric(held) for held, _ in term.cases)


def calculate(op: str, a: Term, b: Term) -> Term:
    """`-`, `*` and `/`: of numbers only, and a number in quotes is none."""
    if any(_forced(each) or (isinstance(each, Const) and not _numeric_value(each.value)) for each in (a, b)):
        return NAN
    if isinstance(a, Const) and isinstance(b, Const):
        x, y = php.number(a.value), php.number(b.value)
        if op == "/" and not y:
            return NAN
        return Const({"-": x - y, "*": x * y}[op] if op != "/" else x / y)
    if op == "/" and isinstance(b, Const) and not php.number(b.value):
        return NAN
    name = {"-": "minus", "*": "times", "/": "divided_by"}[op]
    left, right = number(a), number(b)
    rule: Rule = r.many("times", [left, right]) if op == "*" else {"op": name, "of": [left, right]}
    return Number(rule, filled=True, nan=True)


def negative(term: Term) -> Term:
    """`-x`: nothing counts as zero."""
    if isinstance(term, Const):
        return Const(-php.number(term.value))
    return Number({"op": "times", "of": [r.value(-1), number_or_zero(term)]}, filled=True)


def chosen(condition: Rule, then: Term, otherwise: Term) -> Term:
    """`if(…)`: one or the other, as numbers if both are, else as texts."""
    if condition in (r.YES, r.NO):
        return then if condition == r.YES else otherwise
    if isinstance(then, Bool) and isinstance(otherwise, Bool):
        return Bool(r.some(r.every(condition, then.rule), r.every(r.opposite(condition), otherwise.rule)))
    if isinstance(then, Const) and isinstance(otherwise, Const):
        return Cases(((then.value, condition), (otherwise.value, r.opposite(condition))))
    if isinstance(then, Moment) and isinstance(otherwise, Moment) and then.bare == otherwise.bare:
        return Moment(r.choose(condition, then.rule, otherwise.rule), then.bare)
    if _numeric(then) and _numeric(otherwise):
        full = all(map(never_empty, (then, otherwise)))
        nan = any(isinstance(each, Number) and each.nan for each in (then, otherwise))
        if full or not nan:
            return Number(r.choose(condition, number(then), number(otherwise)), filled=full, nan=nan)
        return Words(r.choose(condition, _said_or_nan(then), _said_or_nan(otherwise)))
    return Words(r.choose(condition, _said_or_nan(then), _said_or_nan(otherwise)))


def never_empty(term: Term) -> bool:
    """Whether it always has a value."""
    if isinstance(term, Const):
        return _numeric_value(term.value)
    return isinstance(term, Bool) or (isinstance(term, Number) and term.filled)


def _said_or_nan(term: Term) -> Rule:
    if isinstance(term, Number) and term.nan:
        return r.either(text(term), r.value("NAN"))
    return said(term)


def _numeric(term: Term) -> bool:
    if isinstance(term, Const):
        return term.value in ("", None) or _numeric_value(term.value)
    if isinstance(term, Cases):
        return all(php.is_numeric(held) for held, _ in term.cases)
    return isinstance(term, Number | Bool | Stamp)
