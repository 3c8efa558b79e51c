"""Values in XPath, each with when it is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from formsite.definition import logic
from formsite.definition.logic import AnswerType
from formsite.definition.logic import nodes as n
from formsite.interchange.collapsing import COLLAPSING
from formsite.interchange.to_xlsform import instances
from formsite.interchange.to_xlsform.saying import Said, Saying
from formsite.interchange.to_xlsform.terms import (
    EQUAL,
    FALSE,
    NO_NUMBER,
    ORDER,
    PRODUCT,
    SUM,
    TRUE,
    Unsayable,
    X,
    binary,
    call,
    equal,
    every,
    filled,
    no,
    numeral,
    quoted,
    some,
    when,
)

T = AnswerType
ALPHABETS = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
BLANK = frozenset(
    "trim lower upper year month day hour minute number text sqrt abs floor ceil exp day_number day_of_number date_of time_of "
    "weekday".split()
)
"""Operators that make nothing of nothing."""
Make = Callable[[Said], tuple[AnswerType, X]]


def _literal(say: Saying, node: n.Value) -> Said:
    if isinstance(node.value, str):
        return Said(quoted(node.value), T.TEXT, const=node.value)
    return Said(numeral(float(node.value)), T.NUMBER, const=node.value)


def _field(say: Saying, node: n.FieldValue) -> Said:
    at = say.ref(node.field)
    return Said(at, say.places.kind(node.field), filled(at), is_node=True, is_blank=True)


def _of_field(say: Saying, node: n.OfField) -> Said:
    at, kind = say.ref(node.field), say.places.kind(node.field)
    field = say.places.questions[node.field].field
    if node.op == "label":
        if kind is T.CHOICES:
            raise Unsayable("the words of several choices")
        words = call("jr:choice-name", at, quoted(at.text)) if kind is T.CHOICE else at
        return Said(words, T.TEXT, filled(at), is_blank=True)
    scores = [(choice.id, choice.score) for choice in field.kind.choices(field) if choice.score]
    summed = [call("if", call("selected", at, quoted(name)), numeral(score), X("0")) for name, score in scores] or [
        X("0")
    ]
    return Said(_chain(summed, "+", SUM), T.NUMBER, filled(at))


def _many(say: Saying, node: n.Many) -> Said:
    of = [say.value(each) for each in node.of]
    known = every(*(each.known for each in of))
    if node.op == "or_else":
        return _first_known(of)
    if node.op == "join":
        return Said(call("concat", *(each.xpath for each in of)) if len(of) > 1 else of[0].xpath, T.TEXT, known)
    if node.op in ("least", "greatest"):
        name = "min" if node.op == "least" else "max"
        return Said(call(name, *(each.xpath for each in of)), of[0].kind, known)
    if node.op == "power":
        return Said(call("pow", *(each.xpath for each in of)), T.NUMBER, known)
    if len(of) == 1:
        return Said(call("number", of[0].xpath), T.NUMBER, known, is_blank=of[0].is_harmless)
    op, level = {"plus": ("+", SUM), "minus": ("-", SUM), "times": ("*", PRODUCT)}.get(node.op, (None, PRODUCT))
    is_blank = all(each.is_harmless for each in of)
    if op is None:
        op = "div" if node.op == "divided_by" else "mod"
        divisor = of[1]
        if divisor.const is None:
            known = every(known, binary(divisor.xpath, "!=", X("0"), EQUAL))
            is_blank = False
    return Said(_chain([each.xpath for each in of], op, level), T.NUMBER, known, is_blank=is_blank)


def _first_known(of: Sequence[Said]) -> Said:
    found = of[-1]
    for each in reversed(of[:-1]):
        if each.known == TRUE:
            found = each
        elif each.is_node and found.const == "":
            found = Said(each.xpath, T.TEXT if each.kind in (T.CHOICE, T.CHOICES) else each.kind)
        elif each.is_node and each.kind is not T.NUMBER:
            found = Said(call("coalesce", each.xpath, found.xpath), each.kind, some(each.known, found.known))
        else:
            either = some(each.known, found.known)
            found = Said(when(each.known, each.xpath, found.xpath), each.kind, either)
    return found


def _pair(say: Saying, node: n.Compare) -> Said:
    left, right = say.value(node.left), say.value(node.right)
    known = every(left.known, right.known)
    if node.op == "find":
        before = call("string-length", call("substring-before", left.xpath, right.xpath))
        return Said(call("if", call("contains", left.xpath, right.xpath), before, X("-1")), T.NUMBER, known)
    return Said(
        call(f"substring-{node.op}", left.xpath, right.xpath),
        T.TEXT,
        known,
        is_blank=left.is_harmless and right.const is not None,
    )


def _unary(say: Saying, node: n.Unary) -> Said:
    if node.op in ("text", "number") and say.is_truth(node.of):
        truth = say.truth(node.of)
        if node.op == "text":
            return say.value(node.of)
        number = when(truth.yes, X("1"), when(truth.no, X("0"), NO_NUMBER))
        return Said(number, T.NUMBER, some(truth.yes, truth.no), is_blank=True)
    of = say.value(_within(node))
    make = _UNARIES.get(node.op)
    if make is None:
        raise Unsayable(f"“{node.op}”")
    kind, xpath = make(of)
    known = of.known
    if node.op == "number" and of.kind is not T.NUMBER:
        known = _is_reckoned(xpath)
        if isinstance(of.const, str):
            known = TRUE if _is_number(of.const) else FALSE
    elif node.op in ("date_of", "sqrt", "log") and of.kind in (T.TEXT, T.NUMBER):
        known = every(known, filled(call("string", xpath)) if kind is T.DATE else _is_reckoned(xpath))
        known = known if node.op != "log" else every(known, binary(of.xpath, ">", X("0"), ORDER))
    return Said(xpath, kind, known, is_blank=of.is_harmless and node.op in BLANK)


def _within(node: n.Unary) -> logic.Node:
    """What is trimmed, without what makes single spaces of many: normalize-space() does both."""
    of = node.of
    for old, new in reversed(COLLAPSING if node.op == "trim" else ()):
        if not isinstance(of, n.Replace) or (of.old, of.new) != (n.Value(old), n.Value(new)):
            return node.of
        of = of.of
    return of


def _round(say: Saying, node: n.Round) -> Said:
    of = say.value(node.of)
    if node.places:
        return Said(call("round", of.xpath, numeral(node.places)), T.NUMBER, of.known, is_blank=of.is_harmless)
    up = call("floor", binary(of.xpath, "+", X("0.5"), SUM))
    down = binary(X("0"), "-", call("floor", binary(X("0.5"), "-", of.xpath, SUM)), SUM)
    return Said(call("if", binary(of.xpath, "<", X("0"), ORDER), down, up), T.NUMBER, of.known, is_blank=of.is_harmless)


def _substring(say: Saying, node: n.Substring) -> Said:
    of, start = say.value(node.of), say.value(node.start)
    if node.length is None:
        return Said(call("substr", of.xpath, start.xpath), T.TEXT, every(of.known, start.known))
    length = say.value(node.length)
    if isinstance(start.const, int | float) and isinstance(length.const, int | float):
        end = numeral(start.const + length.const)
    else:
        end = binary(start.xpath, "+", length.xpath, SUM)
    return Said(call("substr", of.xpath, start.xpath, end), T.TEXT, every(of.known, start.known, length.known))


def _replace(say: Saying, node: n.Replace) -> Said:
    of, old, new = (say.value(each) for each in (node.of, node.old, node.new))
    if not isinstance(old.const, str) or not isinstance(new.const, str) or len(old.const) != 1 or len(new.const) > 1:
        raise Unsayable("a replacement of more than one letter")
    return Said(call("translate", of.xpath, old.xpath, new.xpath), T.TEXT, of.known, is_blank=of.is_harmless)


def _nth(say: Saying, node: n.Nth) -> Said:
    of, index = say.value(node.of), say.value(node.index)
    xpath = call("selected-at", of.xpath, index.xpath)
    return Said(xpath, T.CHOICE, filled(xpath), is_blank=True)


def _format_date(say: Saying, node: n.FormatDate) -> Said:
    of = say.value(node.of)
    name = "format-date-time" if of.kind is T.MOMENT else "format-date"
    return Said(call(name, of.xpath, quoted(node.pattern)), T.TEXT, of.known, is_blank=of.is_harmless)


def _add_days(say: Saying, node: n.AddDays) -> Said:
    day, days = say.value(node.date), say.value(node.days)
    later = binary(call("decimal-date-time", day.xpath), "+", days.xpath, SUM)
    is_whole = isinstance(days.const, int) or binary(days.xpath, "=", call("floor", days.xpath), EQUAL)
    return Said(call("date", later), T.DATE, every(day.known, days.known, *([] if is_whole is True else [is_whole])))


def _between(say: Saying, node: n.Between) -> Said:
    start, end = say.value(node.start), say.value(node.end)
    known = every(start.known, end.known)
    if node.op == "days_between":
        days = [call("decimal-date-time", each.xpath) for each in (end, start)]
        return Said(binary(days[0], "-", days[1], SUM), T.NUMBER, known, is_blank=start.is_harmless and end.is_harmless)
    if node.op == "years_between":
        made = [call("number", call("format-date", each.xpath, quoted("%Y%m%d"))) for each in (end, start)]
        size = X("10000")
    else:
        made = [_months(each.xpath) for each in (end, start)]
        size = X("100")
    spans = binary(binary(made[0], "-", made[1], SUM), "div", size, PRODUCT)
    return Said(call("int", spans), T.NUMBER, known, is_blank=start.is_harmless and end.is_harmless)


def _choose(say: Saying, node: n.Choose) -> Said:
    condition, then, otherwise = say.truth(node.condition), say.value(node.then), say.value(node.otherwise)
    kind = then.kind if then.const is None else otherwise.kind
    empty = NO_NUMBER if kind is T.NUMBER else quoted("")
    if condition.no == no(condition.yes):
        xpath = when(condition.yes, then.xpath, otherwise.xpath)
    else:
        xpath = when(condition.yes, then.xpath, when(condition.no, otherwise.xpath, empty))
    is_definite = condition.no == no(condition.yes)
    is_blank = then.is_harmless and otherwise.is_harmless
    if is_definite and (then.known, otherwise.known) == (TRUE, TRUE):
        return Said(xpath, kind)
    known = some(every(condition.yes, then.known), every(condition.no, otherwise.known))
    return Said(xpath, kind, known, is_blank=is_blank)


def _chain(of: Sequence[X], op: str, level: int) -> X:
    found = of[0]
    for each in of[1:]:
        found = binary(found, op, each, level)
    return found


def _is_reckoned(number: X) -> X:
    """Whether it is a number: NaN is not even equal to itself."""
    return equal(number, number)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _months(day: X) -> X:
    """A number that grows by 100 with each month, and with the days in it."""
    parts = [call("number", call("format-date", day, quoted(mark))) for mark in ("%Y", "%n", "%e")]
    years = binary(parts[0], "*", X("1200"), PRODUCT)
    return _chain([years, binary(parts[1], "*", X("100"), PRODUCT), parts[2]], "+", SUM)


def _named(name: str, kind: AnswerType) -> Make:
    return lambda of: (kind, call(name, of.xpath))


def _marked(mark: str) -> Make:
    return lambda of: (T.NUMBER, call("number", call("format-date", of.xpath, quoted(mark))))


def _clocked(mark: str, start: int) -> Make:
    def make(of: Said) -> tuple[AnswerType, X]:
        if of.kind is T.TIME:
            return T.NUMBER, call("number", call("substr", of.xpath, numeral(start), numeral(start + 2)))
        return T.NUMBER, call("number", call("format-date-time", of.xpath, quoted(mark)))

    return make


def _weekday(of: Said) -> tuple[AnswerType, X]:
    """1970-01-01 was a Thursday."""
    days = binary(call("floor", call("decimal-date-time", of.xpath)), "mod", X("7"), PRODUCT)
    moved = binary(binary(days, "+", X("10"), SUM), "mod", X("7"), PRODUCT)
    return T.NUMBER, binary(moved, "+", X("1"), SUM)


def _as_text(of: Said) -> tuple[AnswerType, X]:
    if of.kind in (T.TIME, T.MOMENT):  # XForms write seconds, too
        return T.TEXT, call("substr", of.xpath, X("0"), X("5" if of.kind is T.TIME else "16"))
    textual = of.kind in (T.TEXT, T.CHOICE, T.CHOICES)
    return T.TEXT, of.xpath if textual or of.is_node else call("string", of.xpath)


def _cased(old: str, new: str) -> Make:
    return lambda of: (T.TEXT, call("translate", of.xpath, quoted(old), quoted(new)))


_UNARIES: dict[str, Make] = {
    "count": _named("count-selected", T.NUMBER),
    "length": _named("string-length", T.NUMBER),
    "lower": _cased(*ALPHABETS),
    "upper": _cased(*reversed(ALPHABETS)),
    "trim": _named("normalize-space", T.TEXT),
    "year": _marked("%Y"),
    "month": _marked("%n"),
    "day": _marked("%e"),
    "hour": _clocked("%h", 0),
    "minute": _clocked("%M", 3),
    "weekday": _weekday,
    "number": lambda of: (T.NUMBER, of.xpath if of.kind is T.NUMBER else call("number", of.xpath)),
    "text": _as_text,
    "sqrt": _named("sqrt", T.NUMBER),
    "abs": _named("abs", T.NUMBER),
    "floor": _named("floor", T.NUMBER),
    "ceil": _named("ceiling", T.NUMBER),
    "exp": _named("exp", T.NUMBER),
    "log": _named("log", T.NUMBER),
    "day_number": _named("decimal-date-time", T.NUMBER),
    "day_of_number": _named("date", T.DATE),
    "date_of": lambda of: (T.DATE, of.xpath if of.kind is T.DATE else call("date", of.xpath)),
    "time_of": lambda of: (T.TIME, call("format-date-time", of.xpath, quoted("%H:%M"))),
}
VALUES: dict[type, Callable[[Saying, Any], Said]] = {
    n.Value: _literal,
    n.FieldValue: _field,
    n.Day: lambda _saying, node: Said(call("date", quoted(node.date)), T.DATE),
    n.Today: lambda _saying, node: Said(X(f"{node.op}()"), T.MOMENT if node.op == "now" else T.DATE),
    n.OfField: _of_field,
    n.Many: _many,
    n.Compare: _pair,
    n.Unary: _unary,
    n.Round: _round,
    n.Substring: _substring,
    n.Replace: _replace,
    n.Nth: _nth,
    n.FormatDate: _format_date,
    n.AddDays: _add_days,
    n.Between: _between,
    n.Choose: _choose,
    n.OfRepeat: instances.of_repeat,
    n.Over: instances.over,
    n.JoinOver: instances.join_over,
    n.At: instances.at,
}
