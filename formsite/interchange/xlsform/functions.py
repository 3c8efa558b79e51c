"""What the functions of XPath and of XForms mean (https://getodk.github.io/xforms-spec/#xpath-functions), as rules."""

from __future__ import annotations

from collections.abc import Callable

from formsite.definition.logic import patterns
from formsite.definition.logic.calendar import is_shaped
from formsite.interchange.xlsform import instances, nodesets
from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform import xpath as x
from formsite.interchange.xlsform.paths import Located, Place, chain_of
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.terms import Term, Untranslatable, number_term, text_term, truth_term, written
from formsite.interchange.xlsform.translation import OF_DAYS, Translator

Args = tuple[x.Expr, ...]
Make = Callable[[Translator, Args, Place], Term]


def _selected(t: Translator, args: Args, place: Place) -> Term:
    chosen, wanted = t.term(args[0], place), t.term(args[1], place)
    if chosen.kind in ("choice", "choices") and chosen.source is not None:
        op = "is" if chosen.kind == "choice" else "contains"
        if isinstance(wanted.const, str | float):
            ids = chosen.source.choices.get(written(wanted.const).strip(), ())
            return truth_term(r.some(*(r.sure(r.compare(op, chosen.rule, r.value(each))) for each in ids)))
        both_empty = r.every(t.is_empty(chosen), t.is_empty(wanted))
        return truth_term(r.some(r.sure(r.compare(op, chosen.rule, t.as_text(wanted))), both_empty))
    spaced = (r.many("join", r.value(" "), t.as_text(each), r.value(" ")) for each in (chosen, wanted))
    return truth_term(r.sure(r.compare("contains", *spaced)))


def _if(t: Translator, args: Args, place: Place) -> Term:
    condition = t.truth_of(args[0], place)
    then, otherwise = t.term(args[1], place), t.term(args[2], place)
    kind = then.kind if then.kind == otherwise.kind else None
    for one, other in ((then, otherwise), (otherwise, then)):
        if kind is None and other.const == "" and one.kind in ("number", "date"):
            kind = one.kind  # nothing, where the other is a number or a day
    if kind in ("choice", "choices", None):
        kind = "text"
    empty = {"number": r.NO_NUMBER, "date": r.NO_DATE}.get(kind)
    branches = [empty if each.const == "" and empty else t.of_kind(each, kind) for each in (then, otherwise)]
    if kind == "text":
        branches = [t.as_text(each) for each in (then, otherwise)]
    return Term(kind, r.when(condition, *branches))


def _coalesce(t: Translator, args: Args, place: Place) -> Term:
    """The first that is not '' as a text."""
    terms = [t.term(each, place) for each in args]
    kinds = {term.kind for term in terms}
    if len(kinds) == 1 and not kinds & {"text", "choice", "choices", "truth"}:
        return Term(kinds.pop(), r.many("or_else", *(each.rule for each in terms)), is_blank=True)
    known = [t.as_known_text(term) if _is_never_blank(term) else _unless_blank(t, term) for term in terms]
    return text_term(r.many("or_else", *known, r.value("")))


def _is_never_blank(term: Term) -> bool:
    """Whether its text is unknown where it is empty."""
    if isinstance(term.const, str):
        return term.const != ""
    return term.kind != "text" or (term.source is not None and "field" in term.rule and len(term.rule) == 1)


def _unless_blank(t: Translator, term: Term) -> Rule:
    if isinstance(term.const, str):
        return r.NO_TEXT
    return r.when(t.is_filled(term), t.as_known_text(term), r.NO_TEXT)


def _text_function(op: str) -> Make:
    return lambda t, args, place: text_term(r.unary(op, t.texts(args[:1] or (_HERE,), place)[0]))


def _pair(op: str, kind: str) -> Make:
    def make(t: Translator, args: Args, place: Place) -> Term:
        rule = r.compare(op, *t.texts(args[:2], place))
        return truth_term(r.sure(rule)) if kind == "truth" else Term(kind, rule)

    return make


def _numeric(op: str) -> Make:
    return lambda t, args, place: number_term(r.unary(op, t.number(args, 0, place)))


_HERE = x.Path(None, False, (x.Step("."),))


def _regex(t: Translator, args: Args, place: Place) -> Term:
    pattern = t.term(args[1], place).const
    if not isinstance(pattern, str):
        raise Untranslatable("a pattern that is put together")
    if wrong := patterns.fault(pattern):
        raise Untranslatable(f"the pattern “{pattern[:80]}” is beyond RE2 ({wrong})")
    text = t.as_text(t.term(args[0], place))
    return truth_term(r.sure({"op": "matches", "of": text, "pattern": pattern}))


def _int(t: Translator, args: Args, place: Place) -> Term:
    number = t.number(args, 0, place)
    negative = r.sure(r.compare("less", number, r.value(0.0)))
    return number_term(r.when(negative, r.unary("ceil", number), r.unary("floor", number)))


def _round(t: Translator, args: Args, place: Place) -> Term:
    places = t.term(args[1], place).const if len(args) > 1 else 0.0
    if not isinstance(places, float) or places not in range(10):
        raise Untranslatable("round() to a number of places that is not from 0 to 9")
    number = t.number(args, 0, place)
    if places == 0:  # half up, as XPath 1.0 section 4.4 says; formsite's own rounding is half away from zero
        return number_term(r.unary("floor", r.many("plus", number, r.value(0.5))))
    return number_term({"op": "round", "of": number, "places": int(places)})


def _extreme(op: str) -> Make:
    def make(t: Translator, args: Args, place: Place) -> Term:
        terms = [t.term(each, place) for each in args]
        kinds = {term.kind for term in terms}
        if kinds == {"date"}:
            return Term("date", r.many(op, *(term.rule for term in terms)))
        return number_term(r.many(op, *(t.as_number(term) for term in terms)))

    return make


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


def _date(t: Translator, args: Args, place: Place) -> Term:
    term = t.term(args[0], place)
    if isinstance(term.const, str) and is_shaped(term.const[:10], "DATE"):
        return Term("date", {"date": term.const[:10]})
    return Term("date", t.of_kind(term, "date"))


def _date_time(t: Translator, args: Args, place: Place) -> Term:
    term = t.term(args[0], place)
    return term if term.kind == "moment" else _date(t, args, place)


def _format_date(t: Translator, args: Args, place: Place) -> Term:
    term, pattern = t.term(args[0], place), t.term(args[1], place).const
    if not isinstance(pattern, str):
        raise Untranslatable("a format of dates that is put together")
    of = term.rule if term.kind == "moment" else t.of_kind(term, "date")
    return text_term(r.many("or_else", {"op": "format_date", "of": of, "pattern": pattern}, r.value("")))


def _add_date(t: Translator, args: Args, place: Place) -> Term:
    months = r.many("plus", r.many("times", t.number(args, 1, place), r.value(12.0)), t.number(args, 2, place))
    day: Rule = {"op": "add_months", "date": t.date(args, 0, place), "months": months}
    return Term("date", {"op": "add_days", "date": day, "days": t.number(args, 3, place)} if len(args) > 3 else day)


def _choice_name(t: Translator, args: Args, place: Place) -> Term:
    term = t.term(args[0], place)
    if term.source is None or term.kind not in ("choice", "choices") or "field" not in term.rule:
        raise Untranslatable("the words of a choice that is put together")
    return text_term(r.many("or_else", {"op": "label", "field": term.source.id}, r.value("")))


def _indexed_repeat(t: Translator, args: Args, place: Place) -> Term:
    """`indexed-repeat(${what}, ${repeat}, number, ${outer repeat}, number ...)`."""
    found = t.locate(args[0], place) if isinstance(args[0], x.Variable | x.Path) else None
    if found is None or not found.source.homes:
        raise Untranslatable("indexed-repeat() of what does not repeat")
    picked: dict[str, Rule] = {}
    for repeat, number in zip(args[1::2], args[2::2], strict=True):
        around = t.locate(repeat, place) if isinstance(repeat, x.Variable | x.Path) else None
        if around is None or around.source.id not in found.source.homes:
            raise Untranslatable("indexed-repeat() of another repeat")
        picked[around.source.id] = t.minus_one(t.term(number, place))
    rule, there = r.field(found.source.id), r.TRUE
    for home in reversed(found.source.homes):
        if home in picked or home in found.free:
            rule, there = nodesets.picked(home, picked.get(home, r.value(0.0)), rule, there)
    return Term(found.source.kind, rule, None, found.source, there, is_blank=True)


def _position(t: Translator, args: Args, place: Place) -> Term:
    """`position()` of what a predicate looks at, `position(..)` of the repeat around; that of a group is always 1."""
    if not args:
        if not place.counted:
            raise Untranslatable("a position outside of a predicate")
        return number_term({"op": "position", "over": place.counted})
    if not isinstance(args[0], x.Path | x.Variable):
        raise Untranslatable("a position of what is no path")
    found = t.sources.exactly(chain_of(args[0], place, t.sources))
    if found is None or found.kind != "repeat":
        return Term("number", r.value(1.0), 1.0)
    if found.id not in place.homes:
        raise Untranslatable("the position of what is not around")
    if found.id in place.rebound and isinstance(args[0], x.Path) and args[0].start is not None:
        raise Untranslatable("a comparison of instances of one repeat with each other")
    return number_term({"op": "position", "over": found.id})


def _index(t: Translator, _args: Args, place: Place) -> Term:
    if not place.homes:
        raise Untranslatable("index() outside of a repeat")
    return number_term({"op": "position", "over": place.homes[-1]})


def _checked_boolean(t: Translator, args: Args, place: Place) -> Term:
    text = t.texts(args[:1], place)[0]
    return truth_term(r.sure({"op": "one_of", "left": text, "values": [r.value("true"), r.value("1")]}))


def _count_selected(t: Translator, args: Args, place: Place) -> Term:
    term = t.term(args[0], place)
    if term.kind == "choices":
        return number_term(r.many("or_else", r.unary("count", term.rule), r.value(0.0)))
    return number_term(r.when(t.is_filled(term), r.value(1.0), r.value(0.0)))


def _selected_at(t: Translator, args: Args, place: Place) -> Term:
    term = t.term(args[0], place)
    if term.kind != "choices":
        raise Untranslatable("selected-at() of what has one answer")
    found = {"op": "nth", "of": term.rule, "index": t.number(args, 1, place)}
    return Term("choice", found, None, term.source)


def _length(t: Translator, args: Args, place: Place) -> Term:
    return number_term(r.unary("length", t.texts(args[:1] or (_HERE,), place)[0]))


def _count_filled(t: Translator, args: Args, place: Place) -> Term:
    filled = (r.when(t.is_filled(t.term(each, place)), r.value(1.0), r.value(0.0)) for each in args)
    return number_term(r.many("plus", *filled))


def _checklist(t: Translator, args: Args, place: Place) -> Term:
    return _tallied(t, args, [(each, r.value(1.0)) for each in args[2:]], place)


def _weighted_checklist(t: Translator, args: Args, place: Place) -> Term:
    weights = [t.number(args, at, place) for at in range(3, len(args), 2)]
    return _tallied(t, args, list(zip(args[2::2], weights, strict=True)), place)


def _tallied(t: Translator, args: Args, weighted: list[tuple[x.Expr, Rule]], place: Place) -> Term:
    """Whether the weights of what is true add up to between the first argument and the second."""
    least, most = t.number(args, 0, place), t.number(args, 1, place)
    held = (r.when(t.truth_of(each, place), weight, r.value(0.0)) for each, weight in weighted)
    total = r.many("plus", r.value(0.0), *held)
    unlimited = t.term(args[1], place).const == -1
    upper = r.TRUE if unlimited else r.sure(r.compare("at_most", total, most))
    return truth_term(r.every(r.sure(r.compare("at_least", total, least)), upper))


def _join(t: Translator, args: Args, place: Place) -> Term:
    separator = t.as_text(t.term(args[0], place))
    parts: list[Rule] = []
    for each in t.texts(args[1:], place):
        parts += [separator, each] if parts else [each]
    return text_term(r.many("join", *parts) if parts else r.value(""))


FUNCTIONS: dict[str, Make] = {
    "true": lambda _t, _args, _place: truth_term(r.TRUE),
    "false": lambda _t, _args, _place: truth_term(r.FALSE),
    "not": lambda t, args, place: truth_term(r.negated(t.truth_of(args[0], place))),
    "boolean": lambda t, args, place: truth_term(t.truth_of(args[0], place)),
    "boolean-from-string": _checked_boolean,
    "empty": lambda t, args, place: truth_term(t.is_empty(t.term(args[0], place))),
    "number": lambda t, args, place: number_term(t.as_number(t.term((args or (_HERE,))[0], place))),
    "string": lambda t, args, place: text_term(t.texts((args or (_HERE,))[:1], place)[0]),
    "selected": _selected,
    "selected-at": _selected_at,
    "count-selected": _count_selected,
    "if": _if,
    "coalesce": _coalesce,
    "once": lambda t, args, place: t.term(args[0], place),
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
    "substring-after": lambda t, args, place: text_term(
        r.when(
            r.sure(r.compare("contains", *t.texts(args[:2], place))),
            r.compare("after", *t.texts(args[:2], place)),
            r.value(""),
        )
    ),
    "substr": _substr,
    "substring": _substring,
    "translate": _translate,
    "regex": _regex,
    "linebreak": lambda _t, _args, _place: text_term(r.value("\n")),
    "int": _int,
    "floor": _numeric("floor"),
    "ceiling": _numeric("ceil"),
    "round": _round,
    "abs": _numeric("abs"),
    "sqrt": _numeric("sqrt"),
    "exp": _numeric("exp"),
    "log": _numeric("log"),
    "log10": lambda t, args, place: number_term(
        r.many("divided_by", r.unary("log", t.number(args, 0, place)), r.value(2.302585092994046))
    ),
    "pow": lambda t, args, place: number_term(r.many("power", t.number(args, 0, place), t.number(args, 1, place))),
    "pi": lambda _t, _args, _place: Term("number", r.value(3.141592653589793), 3.141592653589793),
    "min": _extreme("least"),
    "max": _extreme("greatest"),
    "sum": lambda t, args, place: number_term(t.number(args, 0, place)),
    "count": lambda t, args, place: _count_one(t, args, place),
    "count-non-empty": _count_filled,
    "checklist": _checklist,
    "weighted-checklist": _weighted_checklist,
    "today": lambda _t, _args, _place: Term("date", {"op": "today"}),
    "now": lambda _t, _args, _place: Term("moment", {"op": "now"}),
    "date": _date,
    "date-time": _date_time,
    "format-date": _format_date,
    "format-date-time": _format_date,
    "decimal-date-time": lambda t, args, place: number_term(t.as_number(_day_like(t, t.term(args[0], place)))),
    "decimal-time": lambda t, args, place: number_term(t.as_number(_day_like(t, t.term(args[0], place)))),
    "decimal-date": lambda t, args, place: number_term(t.as_number(_day_like(t, t.term(args[0], place)))),
    "difference-in-months": lambda t, args, place: number_term(
        {"op": "months_between", "from": t.date(args, 0, place), "to": t.date(args, 1, place)}
    ),
    "cht:difference-in-months": lambda t, args, place: FUNCTIONS["difference-in-months"](t, args, place),
    "add-date": _add_date,
    "cht:add-date": _add_date,
    "jr:choice-name": _choice_name,
    "choice-label": _choice_name,
    "indexed-repeat": _indexed_repeat,
    "position": _position,
    "index": _index,
}


def _day_like(t: Translator, term: Term) -> Term:
    return term if term.kind in (*OF_DAYS, "time") else Term("date", t.of_kind(term, "date"))


# -- what functions mean of nodes in a repeat ------------------------------------------------------------------------
Over = Callable[[Translator, Located, x.Call, Place], Term]


def over_nodes(t: Translator, call: x.Call, place: Place) -> Term | None:
    """A function of all instances that its argument names; None where that is one answer."""
    nodes = call.args[-1]
    if call.name == "count" and instances.is_data(nodes) and isinstance(nodes, x.Path):
        return instances.count(t, nodes, place)
    found = nodesets.nodes(t, nodes, place)
    return None if found is None else OVER_NODES[call.name](t, found, call, place)


def _value_of(t: Translator, found: Located) -> Term:
    """The answer, as it is in an instance."""
    source = found.source
    if source.kind == "repeat":
        raise Untranslatable(f"the repeat “{source.name}” as a value")
    return Term(source.kind, r.field(source.id), None, source)


def _count_one(t: Translator, args: Args, place: Place) -> Term:
    """A question by itself is a set of one node, whatever is answered; one that is picked may not be there."""
    found = t.locate(args[0], place) if isinstance(args[0], x.Variable | x.Path) else None
    if found is None:
        raise Untranslatable("count() of what is no path")
    conditions = [t.truth_of(each, place.inside(found.source.chain)) for each in found.own]
    return number_term(r.when(r.every(*conditions), r.value(1.0), r.value(0.0)))


def _sum_over(t: Translator, found: Located, _call: x.Call, place: Place) -> Term:
    number = t.as_number(_value_of(t, found))
    return number_term(_of_all(t, found, nodesets.over(t, "sum_over", found, number, place), place))


def _of_all(t: Translator, found: Located, rule: Rule, place: Place) -> Rule:
    """What is reckoned of all instances is no number where one of them is empty (XPath 1.0, section 4.4)."""
    filled: Rule = {"op": "answered", "field": found.source.id}
    if _are_filled(found):
        return rule
    return r.when(r.sure(nodesets.over(t, "all_over", found, filled, place)), rule, r.NO_NUMBER)


def _are_filled(found: Located) -> bool:
    """Whether empty ones are not picked: `[. != '']`."""
    return x.Binary("!=", x.Path(None, False, (x.Step("."),)), x.String("")) in found.own


def _extreme_over(op: str) -> Over:
    def make(t: Translator, found: Located, _call: x.Call, place: Place) -> Term:
        term = _value_of(t, found)
        if term.kind == "date":
            return Term("date", nodesets.over(t, op, found, term.rule, place))
        return number_term(_of_all(t, found, nodesets.over(t, op, found, t.as_number(term), place), place))

    return make


def _count_over(t: Translator, found: Located, _call: x.Call, place: Place) -> Term:
    source = found.source
    if source.kind == "repeat" and not found.own:
        counted: Rule = {"op": "instances", "over": source.id}
        return number_term(nodesets.over(t, "sum_over", found, counted, place) if found.free else counted)
    if source.kind == "repeat":
        found = Located(source, (*found.free, source.id), {**found.picks, source.id: found.own})
    return number_term(nodesets.over(t, "count_over", found, r.TRUE, place))


def _count_non_empty_over(t: Translator, found: Located, _call: x.Call, place: Place) -> Term:
    filled: Rule = {"op": "answered", "field": _value_of(t, found).rule["field"]}
    return number_term(nodesets.over(t, "count_over", found, filled, place))


def _join_over(t: Translator, found: Located, call: x.Call, place: Place) -> Term:
    separator = t.term(call.args[0], place).const if len(call.args) > 1 else ""
    if separator is None:
        raise Untranslatable("a separator that is worked out")
    term = _value_of(t, found)
    text = t.as_known_text(term) if _are_filled(found) else t.as_text(term)
    return text_term(nodesets.over(t, "join_over", found, text, place, separator=written(separator)))


OVER_NODES: dict[str, Over] = {
    "sum": _sum_over,
    "min": _extreme_over("least_over"),
    "max": _extreme_over("greatest_over"),
    "count": _count_over,
    "count-non-empty": _count_non_empty_over,
    "join": _join_over,
    "concat": _join_over,
}
