"""Functions of days and moments."""

from __future__ import annotations

from formsite.definition.logic import calendar
from formsite.definition.logic.calendar import is_shaped
from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform.paths import Place
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.terms import Term, Untranslatable, number_term, text_term
from formsite.interchange.xlsform.translation import OF_DAYS, SECONDS, Args, Make, Translator


def _date(t: Translator, args: Args, place: Place) -> Term:
    term = t.term(args[0], place)
    if isinstance(term.const, str) and is_shaped(term.const[:10], "DATE"):
        return Term("date", {"date": term.const[:10]})
    return Term("date", t.of_kind(term, "date"))


def _date_time(t: Translator, args: Args, place: Place) -> Term:
    term = t.term(args[0], place)
    if isinstance(term.const, str) and is_shaped(term.const[:16], "MOMENT"):
        return Term("moment", r.value(term.const[:16]), term.const[:16])
    return term if term.kind == "moment" else _date(t, args, place)


def _format_date(t: Translator, args: Args, place: Place) -> Term:
    term, pattern = t.term(args[0], place), t.term(args[1], place).const
    if not isinstance(pattern, str):
        raise Untranslatable("a format of dates that is put together")
    of = term.rule if term.kind == "moment" else t.of_kind(term, "date")
    pattern = pattern.replace("%3", "000")
    return text_term(r.many("or_else", {"op": "format_date", "of": of, "pattern": pattern}, r.value("")))


def _add_date(t: Translator, args: Args, place: Place) -> Term:
    months = r.many("plus", r.many("times", t.number(args, 1, place), r.value(12.0)), t.number(args, 2, place))
    day: Rule = {"op": "add_months", "date": t.date(args, 0, place), "months": months}
    return Term("date", {"op": "add_days", "date": day, "days": t.number(args, 3, place)} if len(args) > 3 else day)


def _decimal(t: Translator, args: Args, place: Place) -> Term:
    """Days since 1970, of a time of day the part of one."""
    term = t.term(args[0], place)
    if isinstance(term.const, str) and (days := calendar.day_number(term.const.removesuffix(SECONDS))) is not None:
        return Term("number", r.value(days), days)
    if term.kind not in (*OF_DAYS, "time"):
        term = Term("date", t.of_kind(term, "date"))
    return number_term(t.as_number(term))


DATE_FUNCTIONS: dict[str, Make] = {
    "today": lambda _t, _args, _place: Term("date", {"op": "today"}),
    "now": lambda _t, _args, _place: Term("moment", {"op": "now"}),
    "date": _date,
    "date-time": _date_time,
    "format-date": _format_date,
    "format-date-time": _format_date,
    "decimal-date-time": _decimal,
    "decimal-time": _decimal,
    "decimal-date": _decimal,
    "difference-in-months": lambda t, args, place: number_term(
        {"op": "months_between", "from": t.date(args, 0, place), "to": t.date(args, 1, place)}
    ),
    "cht:difference-in-months": lambda t, args, place: DATE_FUNCTIONS["difference-in-months"](t, args, place),
    "add-date": _add_date,
    "cht:add-date": _add_date,
}
