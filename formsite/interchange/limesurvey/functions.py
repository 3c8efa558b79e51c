"""The functions of the engine's language over terms, each with the engine's own treatment of what is empty."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from formsite.interchange.limesurvey import comparing as c
from formsite.interchange.limesurvey import php, printing
from formsite.interchange import rules as r
from formsite.interchange.limesurvey import terms as t
from formsite.interchange.limesurvey import textfunctions as tf
from formsite.interchange.limesurvey.writtenfunctions import WRITTEN
from formsite.interchange.rules import Rule
from formsite.interchange.limesurvey.terms import Bool, Cases, Const, Number, Term, Untranslatable, Words

Function = Callable[[Sequence[Term]], Term]
SMALLEST = -(2**53 - 1)
MOST_UNIQUE = 40


def _one(rule: Rule) -> Rule:
    return r.choose(rule, r.value(1), r.value(0))


def _total(rules: list[Rule]) -> Term:
    """A sum in which constants are added up beforehand."""
    fixed = sum(rule["value"] for rule in rules if set(rule) == {"value"})
    open_ = [rule for rule in rules if set(rule) != {"value"}]
    if not open_:
        return Const(fixed)
    return Number(r.many("plus", [*open_, *([r.value(fixed)] if fixed else [])]), filled=True)


def counted(conditions: list[Rule]) -> Term:
    """How many conditions hold. Where they ask for the choices of one field, its choices are counted."""
    return _total([_one(rule) for rule in conditions])


def _is_empty(args: Sequence[Term]) -> Term:
    return Bool(t.empty(args[0]))


def _count(args: Sequence[Term]) -> Term:
    return counted([r.opposite(t.empty(arg)) for arg in args])


def _countif(args: Sequence[Term]) -> Term:
    return counted([c.equal(arg, args[0]) for arg in args[1:]])


def _passing(args: Sequence[Term]) -> list[Rule]:
    """Which of the arguments from the third on pass `<op> <value>`."""
    op = args[0].value if isinstance(args[0], Const) else None
    words = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
    op = words.get(str(op), op)
    if op == "RX":
        return [truth_of(tf.regex([args[1], arg])) for arg in args[2:]]
    if op in ("==", "!="):
        same = [c.equal(arg, args[1]) for arg in args[2:]]
        return same if op == "==" else [r.opposite(each) for each in same]
    if op not in c.ORDERS:
        raise Untranslatable("its comparison is not written in it")
    return [c.loose(op, arg, args[1]) for arg in args[2:]]


def truth_of(term: Term) -> Rule:
    """The condition that a term is."""
    return t.truth(term)


def _countifop(args: Sequence[Term]) -> Term:
    return counted(_passing(args))


def _sum(args: Sequence[Term]) -> Term:
    return _total([t.number_or_zero(arg) for arg in args])


def _sumifop(args: Sequence[Term]) -> Term:
    passing = _passing(args)
    return _total(
        [r.choose(rule, t.number_or_zero(arg), r.value(0)) for rule, arg in zip(passing, args[2:], strict=True)]
    )


def _greatest(args: Sequence[Term]) -> Term:
    """What is empty is less than any number."""
    if all(isinstance(arg, Const) for arg in args):
        return Const(max(php.number(arg.value) for arg in args if isinstance(arg, Const)))
    rules = [r.either(t.number(arg), r.value(SMALLEST)) if not _filled(arg) else t.number(arg) for arg in args]
    biggest = r.many("greatest", rules)
    if any(_filled(arg) for arg in args):
        return Number(biggest, filled=True)
    any_known = r.some(*(r.opposite(t.empty(arg)) for arg in args))
    return Number(r.choose(any_known, biggest, r.NOTHING))


def _least(args: Sequence[Term]) -> Term:
    """Empty where anything is: an empty text is less than a number."""
    if all(isinstance(arg, Const) for arg in args):
        return Const(min(php.number(arg.value) for arg in args if isinstance(arg, Const)))
    return Number(r.many("least", [t.number(arg) for arg in args]), filled=all(map(_filled, args)))


def _filled(term: Term) -> bool:
    if isinstance(term, Const):
        return php.is_numeric(term.value)
    return isinstance(term, Number) and term.filled


def _if(args: Sequence[Term]) -> Term:
    return t.chosen(t.truth(args[0]), args[1], args[2] if len(args) > 2 else Const(""))


def _implode(args: Sequence[Term]) -> Term:
    if len(args) == 1:
        return Const("")
    parts: list[Rule] = []
    for arg in args[1:]:
        parts += ([t.said(args[0])] if parts else []) + [t.said(arg)]
    return Words(r.many("join", parts))


def _join(args: Sequence[Term]) -> Term:
    return Words(r.many("join", [t.said(arg) for arg in args]))


def _list(args: Sequence[Term]) -> Term:
    """What is not empty, with commas: each with a comma before it, and the first comma taken off."""
    parts = [
        r.choose(r.opposite(t.empty(arg)), {"op": "join", "of": [r.value(", "), t.text(arg)]}, r.value(""))
        for arg in args
    ]
    return Words({"op": "substring", "of": r.many("join", parts), "from": r.value(2)})


def listed_if(op: Term, value: Term, glue: Term, pairs: Sequence[tuple[Term, Term]]) -> Term:
    """The second of each pair whose first passes a comparison."""
    if not isinstance(glue, Const):
        raise Untranslatable("what it puts between depends on answers")
    between = php.written(glue.value)
    passing = _passing([op, value, *(compared for compared, _ in pairs)])
    parts = [
        r.choose(holds, {"op": "join", "of": [r.value(between), t.said(said)]}, r.value(""))
        for holds, (_, said) in zip(passing, pairs, strict=True)
    ]
    if not parts:
        return Const("")
    return Words({"op": "substring", "of": {"op": "join", "of": parts}, "from": r.value(len(between))})


def _math(op: str, python: Callable[[float], float]) -> Function:
    def apply(args: Sequence[Term]) -> Term:
        arg = args[0]
        if isinstance(arg, Const):
            try:
                return Const(python(php.number(arg.value))) if php.is_numeric(arg.value) else Const("")
            except (ValueError, OverflowError):
                return Const("")
        if op == "abs":
            return Number(r.unary(op, t.number(arg)), filled=_filled(arg), absent=False)
        return Number(r.unary(op, t.number(arg)), filled=True, nan=True)

    return apply


def _written(name: str, python: Callable[..., float]) -> Function:
    """A function that only numbers written in the expression can go through."""

    def apply(args: Sequence[Term]) -> Term:
        if not all(isinstance(arg, Const) and php.is_numeric(arg.value) for arg in args):
            raise Untranslatable(f"there is no rule for {name}()")
        try:
            return Const(python(*(php.number(arg.value) for arg in args if isinstance(arg, Const))))
        except (ValueError, OverflowError):
            return Const("")

    return apply


def _round(args: Sequence[Term]) -> Term:
    written = args[1] if len(args) > 1 else Const(0)
    if not isinstance(written, Const) or not -9 <= php.number(written.value) <= 9:
        raise Untranslatable("the number of decimals is not written in it")
    places = int(php.number(written.value))
    if isinstance(args[0], Const):
        value = php.number(args[0].value)
        return Const(round(value + math.copysign(1e-12, value), places))
    here, unit = t.number(args[0]), r.value(10 ** max(-places, 0))
    if places < 0:
        here = {"op": "divided_by", "of": [here, unit]}
    rounded: Rule = {"op": "round", "of": here, "places": max(places, 0)}
    return Number({"op": "times", "of": [rounded, unit]} if places < 0 else rounded, filled=True, nan=True)


def _pow(args: Sequence[Term]) -> Term:
    return Number({"op": "power", "of": [t.number(args[0]), t.number(args[1])]}, absent=False)


def _log(args: Sequence[Term]) -> Term:
    natural = r.unary("log", t.number(args[0]))
    if len(args) == 1:
        return Number(natural, filled=True, nan=True)
    return Number({"op": "divided_by", "of": [natural, r.unary("log", t.number(args[1]))]}, filled=True, nan=True)


def _floatval(args: Sequence[Term]) -> Term:
    if isinstance(args[0], Const):
        return Const(php.number(args[0].value))
    return Number(t.number_or_zero(args[0]), filled=True)


def _intval(args: Sequence[Term]) -> Term:
    base = args[1] if len(args) > 1 else Const(10)
    if not isinstance(base, Const) or php.number(base.value) != 10:
        raise Untranslatable("it reads numbers to another base than ten")
    return t.whole_part(args[0])


def _stddev(args: Sequence[Term]) -> Term:
    """Of a sample, by the sums of the numbers and of their squares; 0 with fewer than two."""
    n = t.number(_count([Number(t.number(arg)) for arg in args]))
    values = [t.number(arg) for arg in args]
    total = t.number(_total([r.either(each, r.value(0)) for each in values]))
    squares = r.many("plus", [r.either({"op": "times", "of": [each, each]}, r.value(0)) for each in values])
    mean_square = {"op": "divided_by", "of": [{"op": "times", "of": [total, total]}, n]}
    spread = {
        "op": "divided_by",
        "of": [{"op": "minus", "of": [squares, mean_square]}, {"op": "minus", "of": [n, r.value(1)]}],
    }
    return Number(r.choose(r.compare("more", n, r.value(1)), r.unary("sqrt", spread), r.value(0)), filled=True)


def _is_numeric(args: Sequence[Term]) -> Term:
    arg = args[0]
    if isinstance(arg, Const):
        return Bool(r.YES if php.is_numeric(arg.value) else r.NO)
    if isinstance(arg, Cases):
        return Bool(r.some(*(rule for held, rule in arg.cases if php.is_numeric(held))))
    return Bool(r.NO if isinstance(arg, Bool) else r.known(t.number(arg)))


def _is_int(args: Sequence[Term]) -> Term:
    arg = args[0]
    if isinstance(arg, Const | Cases):
        cases = t.as_cases(arg)
        assert cases is not None
        return Bool(r.some(*(rule for held, rule in cases.cases if re.fullmatch(r"-?\d+(\.0*)?", php.written(held)))))
    whole = t.number(arg)
    return Bool(r.compare("is", r.unary("floor", whole), whole))


def _never(_args: Sequence[Term]) -> Term:
    return Bool(r.NO)


def _same(args: Sequence[Term]) -> Term:
    return args[0]


def _unique(args: Sequence[Term]) -> Term:
    if len(args) > MOST_UNIQUE:
        raise Untranslatable(f"it compares more than {MOST_UNIQUE} answers with each other")
    doubles = [
        r.every(r.opposite(t.empty(a)), r.opposite(t.empty(b)), c.same_text(a, b))
        for at, a in enumerate(args)
        for b in args[at + 1 :]
    ]
    return Bool(r.opposite(r.some(*doubles)))


def _convert(args: Sequence[Term]) -> Term:
    """The number at the same place of another list; of the nearest where the match need not be exact."""
    subject, strict, sources, targets = args
    if not all(isinstance(each, Const) for each in (strict, sources, targets)):
        raise Untranslatable("its lists depend on answers")
    old, new = (php.written(each.value).split(",") if isinstance(each, Const) else [] for each in (sources, targets))
    exact = isinstance(strict, Const) and php.number(strict.value) == 1
    if len(old) != len(new) or not all(map(php.is_numeric, old)) or not exact:
        raise Untranslatable("it takes the nearest number of a list")
    here = t.number(subject)
    cases = tuple((b.strip(), r.compare("is", here, r.value(php.number(a)))) for a, b in zip(old, new, strict=True))
    return Cases(cases)


MANY = 10_000
FUNCTIONS: dict[str, tuple[int, int, Function]] = {
    "abs": (1, 1, _math("abs", abs)),
    "ceil": (1, 1, _math("ceil", lambda x: float(math.ceil(x)))),
    "convert_value": (4, 4, _convert),
    "count": (0, MANY, _count),
    "countif": (1, MANY, _countif),
    "countifop": (2, MANY, _countifop),
    "exp": (1, 1, _math("exp", math.exp)),
    "fixnum": (1, 1, _same),
    "floatval": (1, 1, _floatval),
    "floor": (1, 1, _math("floor", lambda x: float(math.floor(x)))),
    "htmlentities": (1, 1, _same),
    "html_entity_decode": (1, 1, _same),
    "htmlspecialchars": (1, 1, _same),
    "htmlspecialchars_decode": (1, 1, _same),
    "if": (2, 3, _if),
    "implode": (1, MANY, _implode),
    "intval": (1, 2, _intval),
    "is_bool": (1, 1, _never),
    "is_empty": (1, 1, _is_empty),
    "is_float": (1, 1, _never),
    "is_int": (1, 1, _is_int),
    "is_nan": (1, 1, _never),
    "is_numeric": (1, 1, _is_numeric),
    "join": (0, MANY, _join),
    "list": (1, MANY, _list),
    "log": (1, 2, _log),
    "ltrim": (1, 1, tf.text_function("trim")),
    "max": (1, MANY, _greatest),
    "min": (1, MANY, _least),
    "nl2br": (1, 1, _same),
    "pi": (0, 0, lambda _args: Const(math.pi)),
    "pow": (2, 2, _pow),
    "regexMatch": (2, 2, tf.regex),
    "round": (1, 2, _round),
    "rtrim": (1, 1, tf.text_function("trim")),
    "number_format": (1, 4, printing.grouped),
    "sprintf": (1, MANY, printing.sprintf),
    "sqrt": (1, 1, _math("sqrt", math.sqrt)),
    "stddev": (1, MANY, _stddev),
    "str_replace": (3, 3, tf.str_replace),
    "strip_tags": (1, 2, _same),
    "stripos": (2, 3, tf.strpos(lower=True)),
    "stristr": (2, 3, tf.stristr),
    "strlen": (1, 1, tf.strlen),
    "strpos": (2, 3, tf.strpos(lower=False)),
    "strstr": (2, 3, tf.strstr),
    "strtolower": (1, 1, tf.text_function("lower")),
    "strtoupper": (1, 1, tf.text_function("upper")),
    "substr": (2, 3, tf.substr),
    "sum": (0, MANY, _sum),
    "sumifop": (2, MANY, _sumifop),
    "trim": (1, 2, tf.text_function("trim")),
    "unique": (0, MANY, _unique),
    **{name: (1, 1, _written(name, getattr(math, name))) for name in ("acos", "asin", "atan", "cos", "sin", "tan")},
    "atan2": (2, 2, _written("atan2", math.atan2)),
    **WRITTEN,
}
KNOWN_UNTRANSLATED = frozenset({"quoted_printable_decode", "quoted_printable_encode", "rand"})
"""Of the engine, but without a rule here."""
