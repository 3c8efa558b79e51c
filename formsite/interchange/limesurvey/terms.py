"""What an expression is while it is translated: its kind, known before any answer, and the rules that yield it.

The engine knows one kind of value, texts that may look like numbers, and an empty text where there is no answer. Rules
know kinds, and unknown. A term keeps both: what is empty there is unknown here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from formsite.interchange.limesurvey import php
from formsite.interchange.limesurvey import rules as r
from formsite.interchange.limesurvey.rules import Rule

MOST_PAIRS = 600
ORDERS = {"<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}


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
    """A number, or empty."""

    rule: Rule
    filled: bool = False  # never empty


@dataclass(frozen=True, slots=True)
class Words:
    """A text, or empty."""

    rule: Rule


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
        return r.compare("is_not", term.rule, r.value(0))
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
    surely = isinstance(term, Const | Bool) or (isinstance(term, Number) and term.filled)
    return rule if surely or rule.get("op") == "join" else r.either(rule, r.value(""))


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


def as_cases(term: Term) -> Cases | None:
    """The few values that a term can have, where they are few."""
    if isinstance(term, Bool):
        return Cases(((True, term.rule), (False, r.opposite(term.rule))))
    if isinstance(term, Const):
        return Cases(((term.value, r.YES),))
    return term if isinstance(term, Cases) else None


def equal(a: Term, b: Term) -> Rule:
    """`==`."""
    if isinstance(a, Const) and not isinstance(b, Const):
        return equal(b, a)
    if isinstance(b, Const) and b.value in ("", None) and not isinstance(a, Const):
        return r.opposite(truth(a)) if isinstance(a, Bool) else empty(a)
    if isinstance(a, Bool) or isinstance(b, Bool):
        return _same_truth(truth(a), truth(b))
    few = _pairs(a, b, php.equal)
    if few is not None:
        return few
    both_empty = r.every(empty(a), empty(b))
    if isinstance(a, Moment) or isinstance(b, Moment):
        return r.some(_same_day(a, b), both_empty)
    if isinstance(b, Const):
        return _equals_constant(a, b)
    same = r.compare("is", number(a), number(b))
    if isinstance(a, Number | Stamp) or isinstance(b, Number | Stamp):
        return r.some(same, both_empty)
    return r.some(r.compare("is", text(a), text(b)), same, both_empty)


def _same_truth(a: Rule, b: Rule) -> Rule:
    if b == r.YES or a == r.YES:
        return a if b == r.YES else b
    if b == r.NO or a == r.NO:
        return r.opposite(a if b == r.NO else b)
    return r.some(r.every(a, b), r.every(r.opposite(a), r.opposite(b)))


def _equals_constant(a: Term, b: Const) -> Rule:
    if php.is_numeric(b.value):
        return r.compare("is", number(a), r.value(php.number(b.value)))
    if isinstance(a, Number | Stamp):
        return r.NO
    return r.compare("is", text(a), r.value(php.written(b.value)))


def _same_day(a: Term, b: Term) -> Rule:
    if isinstance(a, Moment) and isinstance(b, Moment):
        return r.NO if a.bare != b.bare else r.compare("is", a.rule, b.rule)
    day = _day(b) if isinstance(a, Moment) else _day(a)
    moment = a if isinstance(a, Moment) else b
    assert isinstance(moment, Moment)
    return r.NO if day is None or day.bare != moment.bare else r.compare("is", moment.rule, day.rule)


def _day(term: Term) -> Moment | None:
    """A day out of a constant text."""
    import re

    if not isinstance(term, Const) or not isinstance(term.value, str):
        return None
    found = re.fullmatch(r"\s*(\d{4}-\d\d-\d\d)(\s+00:00(:00)?)?\s*", term.value)
    return Moment({"date": found[1]}, bare=not found[2]) if found else None


def order(op: str, a: Term, b: Term) -> Rule:
    """`<`, `<=`, `>` and `>=`."""
    quoted = any(isinstance(each, Const) and each.quoted for each in (a, b))
    few = _pairs(a, b, lambda x, y: php.ordered(op, x, y, as_texts=quoted))
    if few is not None:
        return few
    if isinstance(a, Moment) or isinstance(b, Moment):
        return _order_days(op, a, b)
    if isinstance(a, Cases | Const | Bool):
        return _by_cases(op, a, b, flipped=True)
    if isinstance(b, Cases | Const | Bool):
        return _by_cases(op, b, a, flipped=False)
    main = r.compare(ORDERS[op], number(a), number(b))
    alike = op in ("<=", ">=") and isinstance(a, Words) and isinstance(b, Words)
    return r.some(main, r.compare("is", text(a), text(b)) if alike else r.NO, *_edges(op, a, b))


def _by_cases(op: str, few: Cases | Const | Bool, other: Term, *, flipped: bool) -> Rule:
    """A comparison with each of the values that one side can have."""
    cases = as_cases(few)
    assert cases is not None
    return r.some(
        *(r.every(rule, _with_value(op, other, held, flipped=flipped)) for held, rule in _with_empty(few, cases))
    )


def _with_value(op: str, term: Term, held: php.Plain, *, flipped: bool) -> Rule:
    """A number or text before (or, flipped, behind) a value: nothing and zero are texts too, the latter a number as well."""

    def decide(mine: str) -> bool:
        return php.ordered(op, held, mine) if flipped else php.ordered(op, mine, held)

    numeric = php.is_numeric(held)
    sides = (r.value(php.number(held)), number(term)) if flipped else (number(term), r.value(php.number(held)))
    main = r.compare(ORDERS[op], *sides) if numeric else r.NO
    at_nothing = empty(term) if decide("") else r.NO
    at_zero = _zero(term) if not numeric and decide("0") else r.NO
    words = r.NO
    if isinstance(term, Words) and php.written(held) == "0" and decide("a"):
        words = r.every(filled_text(term.rule), r.opposite(r.known(number(term))))
    return r.some(main, at_nothing, at_zero, words)


def _edges(op: str, a: Term, b: Term) -> list[Rule]:
    """Nothing and zero are in an order too: as texts, with two exceptions."""
    pairs = [
        (empty(a), _zero(b), php.ordered(op, "", "0")),
        (_zero(a), empty(b), php.ordered(op, "0", "")),
        (empty(a), empty(b), php.ordered(op, "", "")),
    ]
    return [r.every(left, right) for left, right, holds in pairs if holds]


def _zero(term: Term) -> Rule:
    if isinstance(term, Const):
        return r.YES if php.written(term.value) == "0" else r.NO
    if isinstance(term, Moment):
        return r.NO
    return r.compare("is", number(term), r.value(0))


def _order_days(op: str, a: Term, b: Term) -> Rule:
    left = a if isinstance(a, Moment) else _day(a)
    right = b if isinstance(b, Moment) else _day(b)
    if left is None or right is None or left.timed != right.timed:
        raise Untranslatable("a date is compared with what is no date of the same kind")
    if left.bare != right.bare:  # the one with a time of day is the longer text, and so the greater on the same day
        after = op if op in ("<", ">=") else {"<=": "<", ">": ">="}[op]
        before = op if op in (">", "<=") else {">=": ">", "<": "<="}[op]
        op = before if left.bare else after
    return r.compare(ORDERS[op], left.rule, right.rule)


def _pairs(a: Term, b: Term, decide: object) -> Rule | None:
    """A comparison of two terms with few values each, decided for every pair beforehand."""
    left, right = as_cases(a), as_cases(b)
    if left is None or right is None or not callable(decide):
        return None
    first, second = _with_empty(a, left), _with_empty(b, right)
    if len(first) * len(second) > MOST_PAIRS:
        return None
    met = [r.every(x, y) for (held, x), (other, y) in product(first, second) if decide(held, other)]
    missed = [r.every(x, y) for (held, x), (other, y) in product(first, second) if not decide(held, other)]
    return r.opposite(r.some(*missed)) if r.size(missed) < r.size(met) else r.some(*met)


def _with_empty(term: Term, cases: Cases) -> Sequence[tuple[php.Plain, Rule]]:
    return cases.cases if isinstance(term, Bool | Const) else (*cases.cases, ("", cases.empty()))


def add(a: Term, b: Term) -> Term:
    """`+`: a sum of two numbers, else one text after the other."""
    if isinstance(a, Const) and isinstance(b, Const) and not a.quoted and not b.quoted:
        if php.is_numeric(a.value) and php.is_numeric(b.value):
            return Const(php.number(a.value) + php.number(b.value))
        return Const(php.written(a.value) + php.written(b.value), quoted=True)
    texts = any(isinstance(each, Words) or (isinstance(each, Const) and _is_text(each)) for each in (a, b))
    if texts:
        return Words(r.many("join", [said(a), said(b)]))
    filled = all(isinstance(each, Bool | Const) or (isinstance(each, Number) and each.filled) for each in (a, b))
    both = r.many("plus", [number(a), number(b)])
    if filled:
        return Number(both, filled=True)
    return Number({"op": "or_else", "of": [both, number(a), number(b)]})


def _is_text(term: Const) -> bool:
    return term.quoted or not php.is_numeric(term.value)


def calculate(op: str, a: Term, b: Term) -> Term:
    """`-`, `*` and `/`: of numbers only."""
    if isinstance(a, Const) and isinstance(b, Const) and php.is_numeric(a.value) and php.is_numeric(b.value):
        x, y = php.number(a.value), php.number(b.value)
        if op != "/" or y:
            return Const({"-": x - y, "*": x * y}[op] if op != "/" else x / y)
    name = {"-": "minus", "*": "times", "/": "divided_by"}[op]
    left, right = number(a), number(b)
    filled = all(isinstance(each, Bool | Const) or (isinstance(each, Number) and each.filled) for each in (a, b))
    rule: Rule = r.many("times", [left, right]) if op == "*" else {"op": name, "of": [left, right]}
    return Number(rule, filled=filled and op != "/")


def negative(term: Term) -> Term:
    """`-x`: nothing counts as zero."""
    if isinstance(term, Const):
        return Const(-php.number(term.value))
    return Number({"op": "times", "of": [r.value(-1), number_or_zero(term)]}, filled=not isinstance(term, Words))


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
        full = all(isinstance(each, Number) and each.filled for each in (then, otherwise))
        return Number(r.choose(condition, number(then), number(otherwise)), filled=full)
    return Words(r.choose(condition, said(then), said(otherwise)))


def _numeric(term: Term) -> bool:
    if isinstance(term, Const):
        return term.value in ("", None) or php.is_numeric(term.value)
    if isinstance(term, Cases):
        return all(php.is_numeric(held) for held, _ in term.cases)
    return isinstance(term, Number | Bool | Stamp)
