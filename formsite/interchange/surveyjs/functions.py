"""The functions of SurveyJS's expressions, as rules. Each takes terms; what none of them knows is untranslatable."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs import comparing, js, terms
from formsite.interchange.surveyjs.terms import (
    NOTHING,
    Bool,
    Cases,
    Chosen,
    Const,
    Date,
    Day,
    Number,
    Records,
    Table,
    Term,
    Untranslatable,
    Words,
)

TODAY: Rule = {"op": "today"}
FAR = 1e15
Arguments = Sequence[Term]


def call(name: str, given: Arguments) -> Term:
    """The value of a function.

    Raises:
        Untranslatable: formsite has no rule for it.
    """
    if name in UNTRANSLATED:
        raise Untranslatable(f"{name}(): {UNTRANSLATED[name]}")
    if name not in FUNCTIONS:
        raise Untranslatable(f"{name}() is no function of SurveyJS; whoever wrote the survey has the code of it")
    return FUNCTIONS[name](given)


UNTRANSLATED = {
    "isContainerReady": "formsite checks a page when it is sent, and rules do not see that",
    "propertyValue": "rules see answers, and not how a question is set up",
    "getComment": "name the comment itself",
}


# -- sums --------------------------------------------------------------------------------------------------------------
def _flat(given: Arguments) -> list[Term]:
    """Lists opened, what is surely empty left out."""
    found: list[Term] = []
    for term in given:
        if isinstance(term, Const) and isinstance(term.value, list):
            found += _flat([Const(each) for each in term.value])
        elif isinstance(term, Chosen):
            found += [Cases(((held, rule),)) for held, rule in term.items]
        elif isinstance(term, Records | Table | terms.Present):
            raise Untranslatable("it takes the numbers of a table; name the column with sumInArray()")
        elif not (isinstance(term, Const) and term.value is None):
            found.append(term)
    return found


def _sum(given: Arguments) -> Term:
    parts = [terms.reckoned(each) for each in _flat(given)]
    return Number(r.many("plus", parts), filled=True) if parts else Const(0)


def _count(given: Arguments) -> Term:
    parts = [r.choose(terms.filled(each), r.value(1), r.value(0)) for each in _flat(given)]
    return Number(r.many("plus", parts), filled=True) if parts else Const(0)


def _avg(given: Arguments) -> Term:
    many = terms.number(_count(given))
    if many == r.value(0):
        return Const(0)
    average: Rule = {"op": "divided_by", "of": [terms.number(_sum(given)), many]}
    return Number(r.choose(r.compare("is", many, r.value(0)), r.value(0), average), filled=True)


def _extreme(op: str) -> Callable[[Arguments], Term]:
    def apply(given: Arguments) -> Term:
        parts = [terms.number(each) for each in _flat(given)]
        if len(parts) < 2:
            return Number(parts[0]) if parts else NOTHING
        beyond = r.value(FAR if op == "least" else -FAR)
        found = r.many(op, [r.either(part, beyond) for part in parts])
        return Number(r.choose(r.compare("is", found, beyond), r.NOTHING, found))

    return apply


# -- tables ------------------------------------------------------------------------------------------------------------
def in_array(name: str, data: Term, column: Term, where: Callable[[Records | Table], Rule | None]) -> Term:
    """`sumInArray` and the like: over the entries of a group or the rows of a table."""
    key = js.text(column.value).lower() if isinstance(column, Const) else ""
    if isinstance(data, Records) and key in data.fields:
        return _over(name, data, data.fields[key].term, where(data))
    if isinstance(data, Table):
        cells = [
            row.members[key].term
            for row in (member.term for member in data.members.values())
            if isinstance(row, Table) and key in row.members
        ]
        if cells and where(data) is None:
            return _IN_TABLE[name](cells)
    raise Untranslatable(f"{name}() does not find “{key}” there")


def _over(name: str, data: Records, term: Term, where: Rule | None) -> Term:
    condition = {} if where is None else {"where": where}
    held = {"over": data.repeat, **condition}
    there: Rule = {"op": "count_over", "of": terms.filled(term), **held}
    if name == "countInArray":
        return Number(there, filled=True)
    total: Rule = {"op": "sum_over", "of": terms.number(term), **held}
    if name == "sumInArray":
        return Number(r.either(total, r.value(0)), filled=True)
    if name == "avgInArray":
        share: Rule = {"op": "divided_by", "of": [total, there]}
        return Number(r.choose(r.compare("is", there, r.value(0)), r.value(0), share), filled=True)
    return Number({"op": f"{'least' if name == 'minInArray' else 'greatest'}_over", "of": terms.number(term), **held})


# -- days --------------------------------------------------------------------------------------------------------------
def as_day(term: Term) -> Rule:
    """The day that a function takes: of a day, a moment, or a text that is one."""
    if isinstance(term, Date):
        return TODAY if term.now else term.rule
    if isinstance(term, Day) and term.shape == "date":
        return term.rule
    if (isinstance(term, Day) and term.shape == "moment") or isinstance(term, Words):
        return r.unary("date_of", term.rule)
    if isinstance(term, Const) and (day := comparing.constant_day(term.value)) is not None:
        return day
    if isinstance(term, Const) and js.is_empty(term.value):
        return r.unary("date_of", r.value(""))
    raise Untranslatable("it needs a day")


def _today(given: Arguments) -> Term:
    if not given:
        return Date(TODAY)
    return Date({"op": "add_days", "date": TODAY, "days": terms.reckoned(given[0])})


def _age(given: Arguments) -> Term:
    return _between(as_day(_first(given)), TODAY, _unit(given, 1, "years"))


def _first(given: Arguments) -> Term:
    if not given:
        raise Untranslatable("it is given no value")
    return given[0]


def _unit(given: Arguments, at: int, usual: str) -> str:
    if len(given) <= at:
        return usual
    unit = given[at]
    if not isinstance(unit, Const):
        raise Untranslatable("its unit is not fixed")
    return js.text(unit.value) or usual


def _between(start: Rule, end: Rule, unit: str) -> Term:
    if unit == "days":
        return Number(r.unary("abs", {"op": "days_between", "from": start, "to": end}))
    if unit in ("months", "years"):
        return Number({"op": f"{unit}_between", "from": start, "to": end})
    raise Untranslatable(f"it reckons in {unit}")


def _date_diff(given: Arguments) -> Term:
    if len(given) < 2:
        return NOTHING
    unit = _unit(given, 2, "days")
    if unit in ("hours", "minutes", "seconds"):
        factor = {"hours": 24, "minutes": 24 * 60, "seconds": 24 * 60 * 60}[unit]
        numbers = [r.unary("day_number", _moment(each)) for each in given[:2]]
        apart = r.unary("abs", {"op": "minus", "of": numbers})
        exact: Rule = {"op": "round", "of": {"op": "times", "of": [apart, r.value(factor)]}, "places": 6}
        return Number(r.unary("ceil", exact))
    return _between(as_day(given[0]), as_day(given[1]), unit)


def _diff_days(given: Arguments) -> Term:
    """Days between two days; none where one is missing."""
    if len(given) != 2:
        return Const(0)
    apart = terms.number(_between(as_day(given[0]), as_day(given[1]), "days"))
    return Number(r.either(apart, r.value(0)), filled=True)


def _moment(term: Term) -> Rule:
    if isinstance(term, Day) and term.shape in ("moment", "date"):
        return term.rule
    return {"op": "now"} if isinstance(term, Date) and term.now else as_day(term)


def _date_add(given: Arguments) -> Term:
    if len(given) < 2:
        return NOTHING
    day, amount, unit = as_day(given[0]), terms.number(given[1]), _unit(given, 2, "days")
    if unit == "days":
        return Date({"op": "add_days", "date": day, "days": amount})
    if unit in ("months", "years"):
        months = amount if unit == "months" else r.many("times", [amount, r.value(12)])
        return Date({"op": "add_months", "date": day, "months": months})
    raise Untranslatable(f"it adds {unit} to a day")


def _part_of_day(op: str) -> Callable[[Arguments], Term]:
    def apply(given: Arguments) -> Term:
        rule: Rule = r.unary(op, _day_or_today(given))
        if op == "weekday":  # Sunday is 0 there, and 7 here
            rule = {"op": "mod", "of": [rule, r.value(7)]}
        return Number(rule)

    return apply


def _day_or_today(given: Arguments) -> Rule:
    if not given:
        return TODAY
    return (
        r.choose(terms.filled(given[0]), as_day(given[0]), TODAY)
        if not isinstance(given[0], Const)
        else as_day(given[0])
    )


# -- the rest ----------------------------------------------------------------------------------------------------------
def _iif(given: Arguments) -> Term:
    if len(given) < 2:
        return NOTHING
    return terms.chosen(r.opposite(terms.untrue(given[0])), given[1], given[2] if len(given) > 2 else NOTHING)


def _places(given: Arguments) -> int:
    if len(given) < 2:
        return 0
    held = given[1].value if isinstance(given[1], Const) else None
    found = js.number(held)
    if found is None or not 0 <= found <= 9 or not found.is_integer():
        raise Untranslatable("it rounds to a number of places that is not fixed")
    return int(found)


def _round(given: Arguments) -> Term:
    rule: Rule = {"op": "round", "of": terms.number(_first(given)), "places": _places(given)}
    return Number(rule)


def _trunc(given: Arguments) -> Term:
    number, factor = terms.number(_first(given)), 10 ** _places(given)
    scaled = number if factor == 1 else r.many("times", [number, r.value(factor)])
    cut = r.choose(r.compare("less", number, r.value(0)), r.unary("ceil", scaled), r.unary("floor", scaled))
    return Number(cut if factor == 1 else {"op": "divided_by", "of": [cut, r.value(factor)]})


def _substring(given: Arguments) -> Term:
    if len(given) < 2:
        return Const("")
    rule: Rule = {"op": "substring", "of": terms.text(given[0]), "from": terms.number(given[1])}
    if len(given) > 2:
        rule["length"] = {"op": "minus", "of": [terms.number(given[2]), terms.number(given[1])]}
    return Words(rule)


FUNCTIONS: dict[str, Callable[[Arguments], Term]] = {
    "iif": _iif,
    "sum": _sum,
    "count": _count,
    "avg": _avg,
    "min": _extreme("least"),
    "max": _extreme("greatest"),
    "round": _round,
    "trunc": _trunc,
    "today": _today,
    "currentDate": lambda _given: Date({"op": "now"}, now=True),
    "currentYear": lambda _given: Number(r.unary("year", TODAY), filled=True),
    "getDate": lambda given: Date(as_day(_first(given))),
    "getYear": lambda given: Number(r.unary("year", as_day(_first(given)))),
    "year": _part_of_day("year"),
    "month": _part_of_day("month"),
    "day": _part_of_day("day"),
    "weekday": _part_of_day("weekday"),
    "age": _age,
    "dateDiff": _date_diff,
    "diffDays": _diff_days,
    "dateAdd": _date_add,
    "substring": _substring,
    "isDisplayMode": lambda _given: Bool(r.NO),
}
ARRAY_FUNCTIONS = frozenset({"sumInArray", "countInArray", "avgInArray", "minInArray", "maxInArray"})
_IN_TABLE: dict[str, Callable[[Arguments], Term]] = {
    "sumInArray": _sum,
    "countInArray": _count,
    "avgInArray": _avg,
    "minInArray": _extreme("least"),
    "maxInArray": _extreme("greatest"),
}
