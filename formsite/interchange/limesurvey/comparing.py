"""`==`, `<` and their like between terms, with the engine's own order of what is empty, zero, a number and a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import product

from formsite.interchange.limesurvey import php
from formsite.interchange.limesurvey.patterns import behind as behind_pattern
from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.limesurvey.terms import (
    Bool,
    Cases,
    Const,
    Moment,
    Number,
    Stamp,
    Term,
    Untranslatable,
    Words,
    as_cases,
    empty,
    filled_text,
    number,
    text,
    truth,
)

MOST_PAIRS = 600
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
ORDERS = {"<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}


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
    if _may_be_false(b) and not isinstance(a, Const):
        return equal(b, a) if not _may_be_false(a) else r.some(_same_number(a, b), r.every(empty(a), empty(b)))
    if _may_be_false(a):
        return r.some(_same_number(a, b), r.every(empty(a), r.opposite(truth(b))))
    both_empty = r.every(empty(a), empty(b))
    if isinstance(a, Moment) or isinstance(b, Moment):
        return r.some(_same_day(a, b), both_empty)
    if isinstance(b, Const):
        return _equals_constant(a, b)
    same = _same_number(a, b)
    if isinstance(a, Number | Stamp) or isinstance(b, Number | Stamp):
        return r.some(same, both_empty)
    return r.some(r.compare("is", text(a), text(b)), same, both_empty)


def _may_be_false(term: Term) -> bool:
    """Whether a number is false where there is none."""
    return isinstance(term, Number) and term.absent is False


def _same_number(a: Term, b: Term) -> Rule:
    return r.compare("is", number(a), number(b))


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
    if isinstance(b, Const) and b.quoted and isinstance(a, Number | Words):
        return lettered(op, a, b)
    if isinstance(a, Const) and a.quoted and isinstance(b, Number | Words):
        return lettered(FLIPPED[op], b, a)
    if _may_be_false(a) and not isinstance(b, Cases | Const | Bool):
        main = r.compare(ORDERS[op], number(a), number(b))
        return r.some(main, r.every(empty(a), _with_value(op, b, False, flipped=True)))
    if _may_be_false(b) and not isinstance(a, Cases | Const | Bool):
        return order(FLIPPED[op], b, a)
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

    def decide(mine: php.Plain) -> bool:
        return php.ordered(op, held, mine) if flipped else php.ordered(op, mine, held)

    if isinstance(held, bool):
        classes = [(_zero(term), "0"), (empty(term), ""), (_truthy_number(term), "1"), (_words(term), "a")]
        return r.some(*(rule for rule, mine in classes if decide(mine)))
    numeric = php.is_numeric(held)
    sides = (r.value(php.number(held)), number(term)) if flipped else (number(term), r.value(php.number(held)))
    main = r.compare(ORDERS[op], *sides) if numeric else r.NO
    at_nothing = empty(term) if decide(term.absent if isinstance(term, Number) else "") else r.NO
    at_zero = _zero(term) if not numeric and decide("0") else r.NO
    return r.some(main, at_nothing, at_zero, _words_with(FLIPPED[op] if flipped else op, term, php.written(held)))


def _words_with(op: str, term: Term, held: str) -> Rule:
    """A text that is no number before or behind a value that is a text too."""
    if not isinstance(term, Words) or (php.is_numeric(held) and held != "0"):
        return r.NO
    if not held:
        return _words(term) if php.ordered(op, "a", "") else r.NO
    return r.every(_words(term), lettered(op, term, Const(held, quoted=True)))


def _words(term: Term) -> Rule:
    """Whether it is a text that is no number."""
    if not isinstance(term, Words):
        return r.NO
    return r.every(filled_text(term.rule), r.opposite(r.known(number(term))))


def _truthy_number(term: Term) -> Rule:
    here = number(term)
    return r.every(r.known(here), r.compare("is_not", here, r.value(0)))


def lettered(op: str, term: Term, quoted: Const) -> Rule:
    """A number or text before or behind a text in quotes, letter by letter: a pattern tells what stands behind it."""
    held = php.written(quoted.value)
    nothing = term.absent if isinstance(term, Number) else ""
    at_nothing = empty(term) if php.ordered(op, nothing, held, as_texts=True) else r.NO
    if not held:
        at_zero = _zero(term) if php.ordered(op, "0", "", as_texts=True) else r.NO
        return r.some(at_nothing, at_zero, _words_with(op, term, ""))
    behind: Rule = {"op": "matches", "of": text(term), "pattern": behind_pattern(held, itself=op in ("<", ">="))}
    here = r.sure(behind) if op in (">", ">=") else r.opposite(r.sure(behind))
    known = r.every(r.opposite(empty(term)), r.known(text(term)), here)
    if php.is_numeric(held):
        alike = r.YES if held == "0" or isinstance(term, Number) else r.known(number(term))
    else:
        alike = r.some(_words(term), _zero(term))
    return r.some(r.every(alike, known), at_nothing)


def loose(op: str, a: Term, b: Term) -> Rule:
    """An order as functions have it: nothing stands before everything, and a number and a text are two texts."""
    few = _pairs(a, b, lambda x, y: php.loosely_ordered(op, x, y))
    if few is not None:
        return few
    below = op in ("<", "<=")  # which the operators deny
    return r.some(order(op, a, b), empty(a) if below else r.NO)


def same_text(a: Term, b: Term) -> Rule:
    """Letter by letter the same: `7` and `07` are not."""
    if isinstance(a, Words) or isinstance(b, Words):
        return r.compare("is", text(a), text(b))
    return equal(a, b)


def _edges(op: str, a: Term, b: Term) -> list[Rule]:
    """Nothing and zero are in an order too: as texts, with two exceptions."""
    pairs = [
        (empty(a), _zero(b), php.ordered(op, "", "0")),
        (_zero(a), empty(b), php.ordered(op, "0", "")),
        (empty(a), empty(b), php.ordered(op, "", "")),
    ]
    found = [r.every(left, right) for left, right, holds in pairs if holds]
    return [*found, *_words_and_nothing(op, a, b), *_words_and_nothing(FLIPPED[op], b, a)]


def _words_and_nothing(op: str, words: Term, other: Term) -> list[Rule]:
    """A text that is no number is in an order with nothing and with zero, which are texts too."""
    if not isinstance(words, Words):
        return []
    return [r.every(empty(other), _words_with(op, words, "")), r.every(_zero(other), _words_with(op, words, "0"))]


def _zero(term: Term) -> Rule:
    if isinstance(term, Const):
        return r.YES if php.written(term.value) == "0" else r.NO
    if isinstance(term, Moment):
        return r.NO
    return r.compare("is", number(term), r.value(0))


def _order_days(written: str, a: Term, b: Term) -> Rule:
    op = written
    left = a if isinstance(a, Moment) else _day(a)
    right = b if isinstance(b, Moment) else _day(b)
    if left is None or right is None:
        raise Untranslatable("a date is compared with what is none")
    if left.timed != right.timed:
        return _order_moment(op, left, right) if left.timed else _order_moment(FLIPPED[op], right, left)
    if left.bare != right.bare:  # the one with a time of day is the longer text, and so the greater on the same day
        after = op if op in ("<", ">=") else {"<=": "<", ">": ">="}[op]
        before = op if op in (">", "<=") else {">=": ">", "<": "<="}[op]
        op = before if left.bare else after
    main = r.compare(ORDERS[op], left.rule, right.rule)
    return r.some(main, _nothing_first(written, r.known(left.rule), r.known(right.rule)))


def _order_moment(op: str, moment: Moment, day: Moment) -> Rule:
    """A moment before or behind the first minute of a day."""
    here = r.unary("date_of", moment.rule)
    zero = [r.compare("is", r.unary(unit, moment.rule), r.value(0)) for unit in ("hour", "minute")]
    midnight = r.NO if day.bare else r.every(r.compare("is", here, day.rule), *zero)
    before, known = r.compare("less", here, day.rule), (r.known(moment.rule), r.known(day.rule))
    main = {
        "<": before,
        ">=": r.compare("at_least", here, day.rule),
        "<=": r.some(before, midnight),
        ">": r.every(r.compare("at_least", here, day.rule), r.opposite(midnight)),
    }[op]
    return r.some(main, _nothing_first(op, *known))


def _nothing_first(op: str, left: Rule, right: Rule) -> Rule:
    """As texts, nothing stands before every day. The rules tell whether either side is known."""
    if op in (">", ">="):
        return r.every(r.opposite(right), left if op == ">" else r.YES)
    return r.every(r.opposite(left), right if op == "<" else r.YES)


def _pairs(a: Term, b: Term, decide: Callable[[php.Plain, php.Plain], bool]) -> Rule | None:
    """A comparison of two terms with few values each, decided for every pair beforehand."""
    left, right = as_cases(a), as_cases(b)
    if left is None or right is None:
        return None
    first, second = _with_empty(a, left), _with_empty(b, right)
    if len(first) * len(second) > MOST_PAIRS:
        return None
    met = [r.every(x, y) for (held, x), (other, y) in product(first, second) if decide(held, other)]
    missed = [r.every(x, y) for (held, x), (other, y) in product(first, second) if not decide(held, other)]
    return r.opposite(r.some(*missed)) if r.size(missed) < r.size(met) else r.some(*met)


def _with_empty(term: Term, cases: Cases) -> Sequence[tuple[php.Plain, Rule]]:
    return cases.cases if isinstance(term, Bool | Const) else (*cases.cases, ("", cases.empty()))
