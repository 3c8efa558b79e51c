"""Functions of texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formsite.definition.logic import patterns
from formsite.interchange.collapsing import COLLAPSING, OPEN
from formsite.interchange.looks import without_looks
from formsite.interchange.xlsform import nodesets
from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform import xpath as x
from formsite.interchange.xlsform.paths import Place
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.terms import Term, Untranslatable, number_term, text_term, truth_term
from formsite.interchange.xlsform.translation import Args, Make, Translator

HERE = x.Path(None, False, (x.Step("."),))
MOST_PIECES = 50
MOST_LETTERS = 30
_CODE = re.compile(
    r"((?<!\\)(?:\\\\)*)\\u(0[1-9a-f][0-9a-f]{2}|00[89a-f][0-9a-f]|[1-9a-ce-f][0-9a-f]{3})", re.IGNORECASE
)
"""A letter beyond ASCII by its number."""


def _text_function(op: str) -> Make:
    return lambda t, args, place: text_term(r.unary(op, t.texts(args[:1] or (HERE,), place)[0]))


def _pair(op: str, kind: str) -> Make:
    def make(t: Translator, args: Args, place: Place) -> Term:
        rule = r.compare(op, *t.texts(args[:2], place))
        return truth_term(r.sure(rule)) if kind == "truth" else Term(kind, rule)

    return make


def _after(t: Translator, args: Args, place: Place) -> Term:
    """'' where the mark does not occur; what is after nothing is the whole text."""
    text, mark = t.texts(args[:2], place)
    after = r.compare("after", text, mark)
    if t.term(args[1], place).const:
        return text_term(after)
    return text_term(r.when(r.sure(r.compare("contains", text, mark)), after, r.value("")))


def _item_at(t: Translator, args: Args, place: Place) -> Term:
    """`item-at('|', ${text}, 2)`: a piece of a text, counted from 0."""
    mark, number = t.term(args[0], place).const, t.term(args[2], place).const
    return text_term(piece(t.texts(args[1:2], place)[0], mark, number))


def piece(text: Rule, mark: object, number: object) -> Rule:
    """What stands at a place between marks, counted from 0."""
    if not isinstance(mark, str) or not mark or not isinstance(number, float) or number not in range(MOST_PIECES):
        raise Untranslatable(f"a piece of a text whose separator or number is worked out, or beyond {MOST_PIECES}")
    for _ in range(int(number)):
        text = r.compare("after", text, r.value(mark))
    return r.compare("before", r.many("join", text, r.value(mark)), r.value(mark))


def collapsed(text: Rule) -> Rule:
    """Without white space around it, and with single spaces inside (XPath 1.0, section 4.2)."""
    for old, new in COLLAPSING:
        text = {"op": "replace", "of": text, "old": r.value(old), "new": r.value(new)}
    return r.unary("trim", text)


def _normalized(t: Translator, args: Args, place: Place) -> Term:
    return text_term(collapsed(t.texts(args[:1] or (HERE,), place)[0]))


def _regex(t: Translator, args: Args, place: Place) -> Term:
    pattern = t.term(args[1], place).const
    if not isinstance(pattern, str):
        raise Untranslatable("a pattern that is put together")
    text = t.as_text(t.term(args[0], place))
    pattern = _CODE.sub(lambda found: found[1] + chr(int(found[2], 16)), pattern)
    return truth_term(r.every(*(_matching(text, part, is_wanted) for part, is_wanted in without_looks(pattern))))


def _matching(text: Rule, pattern: str, is_wanted: bool) -> Rule:
    if wrong := patterns.fault(pattern):
        raise Untranslatable(f"the pattern “{pattern[:80]}” is beyond RE2 ({wrong})")
    found = r.sure({"op": "matches", "of": text, "pattern": pattern})
    return found if is_wanted else r.negated(found)


def _substr(t: Translator, args: Args, place: Place) -> Term:
    """From a place to another, counted from 0; one below 0 is counted from the end."""
    text = t.texts(args[:1], place)[0]
    start, *end = (_from_end(t, t.term(each, place), text) for each in args[1:3])
    rule: Rule = {"op": "substring", "of": text, "from": start}
    if end:
        rule["length"] = r.many("minus", end[0], start)
    return text_term(rule)


def _from_end(t: Translator, number: Term, text: Rule) -> Rule:
    if isinstance(number.const, float) and number.const < 0:
        return r.many("minus", r.unary("length", text), r.value(-number.const))
    return t.as_number(number)


def _substring(t: Translator, args: Args, place: Place) -> Term:
    first = t.minus_one(t.term(args[1], place))
    rule: Rule = {"op": "substring", "of": t.texts(args[:1], place)[0], "from": first}
    if len(args) > 2:
        rule["length"] = t.number(args, 2, place)
    return text_term(rule)


def _translate(t: Translator, args: Args, place: Place) -> Term:
    old, new = (t.term(each, place).const for each in args[1:3])
    letters = "abcdefghijklmnopqrstuvwxyz"
    text = t.texts(args[:1], place)[0]
    if (old, new) in ((letters, letters.upper()), (letters.upper(), letters)):
        return text_term(r.unary("upper" if old == letters else "lower", text))
    if not isinstance(old, str) or not isinstance(new, str) or len(old) > MOST_LETTERS:
        raise Untranslatable("translate() of these letters")
    pairs = [(letter, new[at : at + 1]) for at, letter in enumerate(old) if letter not in old[:at]]
    if any(
        other in old[at + 1 :] for at, (_, other) in enumerate(pairs) if other
    ):  # what was put is not replaced again
        first = [(letter, chr(ord(OPEN) + at)) for at, (letter, _) in enumerate(pairs)]
        pairs = [*first, *((held, other) for (_, held), (_, other) in zip(first, pairs, strict=True))]
    for letter, other in pairs:
        text = {"op": "replace", "of": text, "old": r.value(letter), "new": r.value(other)}
    return text_term(text)


def _length(t: Translator, args: Args, place: Place) -> Term:
    return number_term(r.unary("length", t.texts(args[:1] or (HERE,), place)[0]))


def _concat(t: Translator, args: Args, place: Place) -> Term:
    parts = [part for each in args for part, _ in _parts(t, each, "", place)]
    return text_term(r.many("join", *parts) if parts else r.value(""))


def _join(t: Translator, args: Args, place: Place) -> Term:
    """Texts with something between them; one that leads to the answers of all instances stands for all of them."""
    separator = t.term(args[0], place)
    between = t.as_text(separator)
    found = [part for each in args[1:] for part in _parts(t, each, separator.const, place)]
    if all(there == r.TRUE for _, there in found):
        held = [text for part, _ in found for text in (between, part)][1:]
        return text_term(r.many("join", *held) if held else r.value(""))
    led = (r.when(there, r.many("join", between, part), r.value("")) for part, there in found)
    return text_term({"op": "substring", "of": r.many("join", *led), "from": r.unary("length", between)})


def _parts(t: Translator, expr: x.Expr, separator: object, place: Place) -> Iterator[tuple[Rule, Rule]]:
    """An argument as a text, and whether there is any."""
    found = nodesets.nodes(t, expr, place)
    if found is None or found.source.kind == "repeat":
        yield t.texts((expr,), place)[0], r.TRUE
        return
    if not isinstance(separator, str):
        raise Untranslatable("a separator that is worked out")
    text = t.as_text(Term(found.source.kind, r.field(found.source.id), None, found.source))
    number = nodesets.over(t, "count_over", found, r.TRUE, place)
    joined = nodesets.over(t, "join_over", found, text, place, separator=separator)
    yield joined, r.sure(r.compare("more", number, r.value(0.0)))


TEXT_FUNCTIONS: dict[str, Make] = {
    "concat": _concat,
    "join": _join,
    "string-length": _length,
    "normalize-space": _normalized,
    "upper-case": _text_function("upper"),
    "lower-case": _text_function("lower"),
    "contains": _pair("contains", "truth"),
    "starts-with": _pair("starts_with", "truth"),
    "ends-with": _pair("ends_with", "truth"),
    "substring-before": _pair("before", "text"),
    "substring-after": _after,
    "item-at": _item_at,
    "substr": _substr,
    "substring": _substring,
    "translate": _translate,
    "regex": _regex,
    "linebreak": lambda _t, _args, _place: text_term(r.value("\n")),
}
