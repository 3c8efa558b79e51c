"""What the functions of XPath and of XForms mean (https://getodk.github.io/xforms-spec/#xpath-functions), as rules."""

from __future__ import annotations

from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform import xpath as x
from formsite.interchange.xlsform.aggregates import NODE_FUNCTIONS
from formsite.interchange.xlsform.choicefunctions import CHOICE_FUNCTIONS
from formsite.interchange.xlsform.datefunctions import DATE_FUNCTIONS
from formsite.interchange.xlsform.paths import Place
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.terms import Term, Untranslatable, number_term, text_term, truth_term
from formsite.interchange.xlsform.textfunctions import HERE, TEXT_FUNCTIONS
from formsite.interchange.xlsform.translation import Args, Make, Translator


def _if(t: Translator, args: Args, place: Place) -> Term:
    condition = t.truth_of(args[0], place)
    then, otherwise = t.term(args[1], place), t.term(args[2], place)
    kind = then.kind if then.kind == otherwise.kind else None
    for one, other in ((then, otherwise), (otherwise, then)):
        if kind is None and other.const == "" and one.kind in r.EMPTY:
            kind = one.kind  # nothing, where the other is a number, a day or a time
    if kind in ("choice", "choices", None):
        kind = "text"
    empty = r.EMPTY.get(kind)
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


def _numeric(op: str) -> Make:
    return lambda t, args, place: number_term(r.unary(op, t.number(args, 0, place)))


def _int(t: Translator, args: Args, place: Place) -> Term:
    number = t.number(args, 0, place)
    negative = r.sure(r.compare("less", number, r.value(0.0)))
    return number_term(r.when(negative, r.unary("ceil", number), r.unary("floor", number)))


def _round(t: Translator, args: Args, place: Place) -> Term:
    places = t.term(args[1], place).const if len(args) > 1 else 0.0
    if not isinstance(places, float) or places not in range(-9, 10):
        raise Untranslatable("round() to a number of places that is worked out, or beyond 9")
    number = t.number(args, 0, place)
    if places < 0:
        scale = r.value(10.0**-places)
        return number_term(
            r.many("times", {"op": "round", "of": r.many("divided_by", number, scale), "places": 0}, scale)
        )
    if places == 0:  # half up, as XPath 1.0 section 4.4 says; formsite's own rounding is half away from zero
        return number_term(r.unary("floor", r.many("plus", number, r.value(0.5))))
    return number_term({"op": "round", "of": number, "places": int(places)})


def _extreme(op: str) -> Make:
    def make(t: Translator, args: Args, place: Place) -> Term:
        return number_term(r.many(op, *(t.number(args, at, place) for at in range(len(args)))))

    return make


def _checked_boolean(t: Translator, args: Args, place: Place) -> Term:
    text = t.texts(args[:1], place)[0]
    return truth_term(r.sure({"op": "one_of", "left": text, "values": [r.value("true"), r.value("1")]}))


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


FUNCTIONS: dict[str, Make] = {
    **TEXT_FUNCTIONS,
    **DATE_FUNCTIONS,
    **NODE_FUNCTIONS,
    **CHOICE_FUNCTIONS,
    "true": lambda _t, _args, _place: truth_term(r.TRUE),
    "false": lambda _t, _args, _place: truth_term(r.FALSE),
    "not": lambda t, args, place: truth_term(r.negated(t.truth_of(args[0], place))),
    "boolean": lambda t, args, place: truth_term(t.truth_of(args[0], place)),
    "boolean-from-string": _checked_boolean,
    "empty": lambda t, args, place: truth_term(t.is_empty(t.term(args[0], place))),
    "number": lambda t, args, place: number_term(t.as_number(t.term((args or (HERE,))[0], place))),
    "string": lambda t, args, place: text_term(t.texts((args or (HERE,))[:1], place)[0]),
    "if": _if,
    "coalesce": _coalesce,
    "once": lambda t, args, place: t.term(args[0], place),
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
    "count-non-empty": _count_filled,
    "checklist": _checklist,
    "weighted-checklist": _weighted_checklist,
}
