"""Functions of texts."""

from __future__ import annotations

from formsite.definition.logic import patterns
from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform import xpath as x
from formsite.interchange.xlsform.paths import Place
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.terms import Term, Untranslatable, number_term, text_term, truth_term
from formsite.interchange.xlsform.translation import Args, Make, Translator

HERE = x.Path(None, False, (x.Step("."),))
MOST_PIECES = 50


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
    if not isinstance(mark, str) or not mark or not isinstance(number, float) or number not in range(MOST_PIECES):
        raise Untranslatable(f"item-at() with a separator or a number that is worked out, or beyond {MOST_PIECES}")
    text = t.texts(args[1:2], place)[0]
    for _ in range(int(number)):
        text = r.compare("after", text, r.value(mark))
    return text_term(r.compare("before", r.many("join", text, r.value(mark)), r.value(mark)))


def _regex(t: Translator, args: Args, place: Place) -> Term:
    pattern = t.term(args[1], place).const
    if not isinstance(pattern, str):
        raise Untranslatable("a pattern that is put together")
    if wrong := patterns.fault(pattern):
        raise Untranslatable(f"the pattern “{pattern[:80]}” is beyond RE2 ({wrong})")
    text = t.as_text(t.term(args[0], place))
    return truth_term(r.sure({"op": "matches", "of": text, "pattern": pattern}))


def _substr(t: Translator, args: Args, place: Place) -> Term:
    start = t.number(args, 1, place)
    rule: Rule = {"op": "substring", "of": t.texts(args[:1], place)[0], "from": start}
    if len(args) > 2:
        rule["length"] = r.many("minus", t.number(args, 2, place), start)
    return text_term(rule)


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
    if not isinstance(old, str) or not isinstance(new, str) or len(old) > 30 or set(old) & set(new):
        raise Untranslatable("translate() of these letters")
    for at, letter in enumerate(old):
        text = {"op": "replace", "of": text, "old": r.value(letter), "new": r.value(new[at : at + 1])}
    return text_term(text)


def _length(t: Translator, args: Args, place: Place) -> Term:
    return number_term(r.unary("length", t.texts(args[:1] or (HERE,), place)[0]))


def _join(t: Translator, args: Args, place: Place) -> Term:
    separator = t.as_text(t.term(args[0], place))
    parts: list[Rule] = []
    for each in t.texts(args[1:], place):
        parts += [separator, each] if parts else [each]
    return text_term(r.many("join", *parts) if parts else r.value(""))


TEXT_FUNCTIONS: dict[str, Make] = {
    "concat": lambda t, args, place: text_term(r.many("join", *t.texts(args, place)) if args else r.value("")),
    "join": _join,
    "string-length": _length,
    "normalize-space": _text_function("trim"),
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
