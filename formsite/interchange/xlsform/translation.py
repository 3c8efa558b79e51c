"""XPath trees -> rules, keeping XPath's meaning where formsite's rules are three-valued.

XPath knows no unknown: an empty answer is '' as a text and NaN as a number (XPath 1.0, sections 3.4 and 4.4), so a
comparison with it is false and its `not()` true. Kinds are told from the types of the questions before any answer is
given, conversions are written out, and every truth is made definite by `sure`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from formsite.definition.logic import calendar
from formsite.definition.logic.calendar import is_shaped
from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform import xpath as x
from formsite.interchange.xlsform.paths import Located, Place, locate
from formsite.interchange.xlsform.rules import Rule
from formsite.interchange.xlsform.terms import (
    Source,
    Sources,
    Term,
    Untranslatable,
    as_float,
    decimal,
    equal_consts,
    folded,
    holds,
    truth_term,
    written,
)

MOST_CASES = 300
COMPARISONS = {"<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
ARITHMETIC = {"+": "plus", "-": "minus", "*": "times", "div": "divided_by", "mod": "mod"}
CHAINED = ("plus", "minus", "times")
OF_DAYS = ("date", "moment")
SECONDS = ":00.000"
NOTHING = Term("text", r.value(""), "", Source("", "", "nothing"))
"""An empty set of nodes: what a path finds that leads nowhere."""


Args = tuple[x.Expr, ...]
Make = Callable[["Translator", Args, Place], Term]
"""How a function is translated."""


@dataclass(slots=True)
class Translator:
    """Translates the expressions of one form. `lists` holds the choices of each list with all their columns."""

    sources: Sources
    lists: Mapping[str, list[Mapping[str, str]]] = field(default_factory=dict)
    seen: list[Source] = field(default_factory=list)  # what was looked at, until somebody empties it
    said: list[str] = field(default_factory=list)  # what is not quite the same, until somebody empties it

    def truth(self, text: str, place: Place) -> Rule:
        """A condition.

        Raises:
            x.NoXPath: it cannot be read.
            Untranslatable: formsite has no rule for it.
        """
        return self.truth_of(x.parse(text), place)

    def truth_of(self, expr: x.Expr, place: Place) -> Rule:
        """A tree as a condition: `if()` is as true as its branch, `coalesce()` as the text that it is."""
        if isinstance(expr, x.Call) and expr.name == "if" and len(expr.args) == 3:
            return r.when(*(self.truth_of(each, place) for each in expr.args))
        if isinstance(expr, x.Call) and expr.name == "coalesce":
            return r.some(*(self.is_filled(self.term(each, place)) for each in expr.args))
        if self._is_set(expr, place):  # a set of nodes is true unless it is empty
            number = self.as_number(self.term(x.Call("count", (expr,)), place))
            return r.sure(r.compare("more", number, r.value(0.0)))
        return self.as_truth(self.term(expr, place))

    def _is_set(self, expr: x.Expr, place: Place) -> bool:
        from formsite.interchange.xlsform import instances, nodesets  # they translate what stands in them by this class

        found = nodesets.nodes(self, expr, place)
        return instances.is_data(expr) or (found is not None and found.source.kind == "repeat")

    def value(self, text: str, place: Place, kind: str | None = None) -> Rule:
        """An expression that yields a value of a kind (text, number, date ...), or of its own.

        Raises:
            x.NoXPath, Untranslatable: as `truth`.
        """
        term = self.term(x.parse(text), place)
        if kind is None and term.kind in ("choice", "choices", "place"):
            return self.as_known_text(term)
        if kind is None and term.kind == "truth":
            return r.unary("text", term.rule)  # what is worked out is held as a text: "true" or "false"
        return self.of_kind(term, kind)

    def of_kind(self, term: Term, kind: str | None) -> Rule:
        """The term as a value of a kind."""
        if kind is None or kind == term.kind:
            return term.rule
        if kind == "number":
            return self.as_number(term)
        if kind == "truth":
            return self.as_truth(term)
        if kind in OF_DAYS or kind == "time":
            return self._dated(term, kind)
        if kind == "choice" and term.kind == "text":
            return term.rule
        return self.as_known_text(term)

    def _dated(self, term: Term, kind: str) -> Rule:
        if term.const is not None and isinstance(term.const, str) and is_shaped(term.const, kind.upper()):
            return {"date": term.const} if kind == "date" else r.value(term.const)
        if kind == "date" and term.kind in ("text", "moment", "choice"):
            return r.unary("date_of", term.rule)
        if kind == "date" and term.kind == "number":
            return r.unary("day_of_number", term.rule)
        if kind == "time" and term.kind == "moment":
            return r.unary("time_of", term.rule)
        raise Untranslatable(f"a {term.kind} cannot be made a {kind}")

    # -- conversions -------------------------------------------------------------------------------------------------
    def as_truth(self, term: Term) -> Rule:
        """As `boolean()` makes it: a text is true unless it is empty, a number unless it is 0 or NaN.

        A question by itself is a set of one node, and a set is true unless it is empty (XPath 1.0, section 4.3).
        """
        if term.kind == "truth":
            return term.rule
        if term == NOTHING:
            return r.FALSE
        if term.source is not None and term.is_blank:
            return term.there
        if isinstance(term.const, str):
            return r.TRUE if term.const else r.FALSE
        if isinstance(term.const, float):
            return r.FALSE if term.const == 0 else r.TRUE
        if term.kind == "number":
            return r.sure(r.compare("is_not", term.rule, r.value(0.0)))
        return self.is_filled(term)

    def is_filled(self, term: Term) -> Rule:
        """Whether the text of it is not ''."""
        return r.negated(self.is_empty(term))

    def is_empty(self, term: Term) -> Rule:
        """Whether the text of it is ''."""
        if isinstance(term.const, str):
            return r.TRUE if not term.const else r.FALSE
        if term.const is not None or term.kind == "truth":
            return r.FALSE
        if "field" in term.rule and len(term.rule) == 1:
            return r.negated({"op": "answered", "field": term.rule["field"]})
        return r.sure(r.compare("is", self.as_text(term), r.value("")))

    def as_number(self, term: Term, *, is_dated: bool = False) -> Rule:
        """As `number()` makes it; unknown where that is NaN. `is_dated`: a text may be that of a day."""
        if term.kind == "number":
            return term.rule
        if isinstance(term.const, str) and (number := decimal(term.const)) is not None:
            return r.value(number)
        if (
            isinstance(term.const, str)
            and (days := calendar.day_number(term.const)) is not None
            and term.const[2] != ":"
        ):
            return r.value(days)
        if term.kind in (*OF_DAYS, "time"):
            return r.unary("day_number", term.rule)
        known = r.unary("number", self.as_known_text(term) if term.kind != "truth" else term.rule)
        if not is_dated or term.kind != "text":
            return known
        return r.many("or_else", known, r.unary("day_number", r.unary("date_of", term.rule)))

    def as_known_text(self, term: Term) -> Rule:
        """The text, unknown where it is empty."""
        if term.kind == "text":
            return term.rule
        if term.kind == "ok":
            return r.when(r.sure(term.rule), r.value("OK"), r.value(""))
        if term.const is not None and not isinstance(term.const, bool):
            return r.value(written(term.const))
        if term.kind in ("time", "moment"):  # as XForms write them, with seconds
            return r.many("join", r.unary("text", term.rule), r.value(SECONDS))
        if term.kind == "place":  # with the altitude and the accuracy, which formsite does not keep
            spaced = {"op": "replace", "of": r.unary("text", term.rule), "old": r.value(","), "new": r.value(" ")}
            return r.many("join", spaced, r.value(" 0 0"))
        return self._named(term) if term.kind == "choice" else r.unary("text", term.rule)

    def _named(self, term: Term) -> Rule:
        """A choice as a text: by its name in the source, where formsite had to give it another."""
        text = r.unary("text", term.rule)
        choices = term.source.choices if term.source is not None else {}
        renamed = [(each, name) for name, ids in choices.items() for each in ids if each != name]
        if not renamed or len(renamed) > MOST_CASES:
            return text
        told = (
            r.when(r.sure(r.compare("is", term.rule, r.value(each))), r.value(name), r.NO_TEXT)
            for each, name in renamed
        )
        return r.many("or_else", *told, text)

    def as_text(self, term: Term) -> Rule:
        """The text, '' where it is empty."""
        text = self.as_known_text(term)
        if "value" in text or (term.kind == "text" and r.is_known_text(text)):
            return text
        return r.many("or_else", text, r.value(""))

    # -- expressions -------------------------------------------------------------------------------------------------
    def term(self, expr: x.Expr, place: Place) -> Term:
        """Translate a tree."""
        if isinstance(expr, x.Number):
            return Term("number", r.value(expr.value), expr.value)
        if isinstance(expr, x.String):
            return Term("text", r.value(expr.value), expr.value)
        if isinstance(expr, x.Variable | x.Path):
            return self._path(expr, place)
        if isinstance(expr, x.Negative):
            of = self.term(expr.of, place)
            if isinstance(of.const, float):
                return Term("number", r.value(-of.const), -of.const)
            return Term("number", r.many("times", self.as_number(of), r.value(-1.0)))
        if isinstance(expr, x.Call):
            return self._call(expr, place)
        return self._binary(expr, place)

    def _binary(self, expr: x.Binary, place: Place) -> Term:
        if expr.op in ("and", "or"):
            parts = [self.truth_of(each, place) for each in x.operands(expr)]
            return truth_term(r.every(*parts) if expr.op == "and" else r.some(*parts))
        if expr.op == "|":
            raise Untranslatable("a union of paths")
        if expr.op in ARITHMETIC:
            return self._reckoned(expr.op, self.term(expr.left, place), self.term(expr.right, place))
        from formsite.interchange.xlsform import nodesets  # they translate what stands in them by this class

        if (found := nodesets.compared(self, expr, place)) is not None:
            return found
        left, right = self.term(expr.left, place), self.term(expr.right, place)
        if expr.op in ("=", "!=") and "truth" in (left.kind, right.kind):
            left, right = truth_term(self.truth_of(expr.left, place)), truth_term(self.truth_of(expr.right, place))
        return self.compared(expr.op, left, right)

    def compared(self, op: str, left: Term, right: Term) -> Term:
        """Two single values."""
        if op in COMPARISONS:
            return truth_term(self._ordered(op, left, right))
        if NOTHING in (left, right) and "truth" not in (left.kind, right.kind):
            return truth_term(r.FALSE)  # no node is equal to anything, nor unequal
        equal = self._equal(left, right)
        return truth_term(r.every(left.there, right.there, equal if op == "=" else r.negated(equal)))

    def _reckoned(self, op: str, left: Term, right: Term) -> Term:
        if isinstance(left.const, float) and isinstance(right.const, float):
            return folded(op, left.const, right.const)
        if op in ("div", "mod") and right.const is not None and not as_float(right.const):
            return Term("number", r.NO_NUMBER)
        name, (first, second) = ARITHMETIC[op], self._numbers(left, right)
        before = first["of"] if first.get("op") == name and name in CHAINED else [first]  # one after the other
        return Term("number", r.many(name, *before, second))

    def _ordered(self, op: str, left: Term, right: Term) -> Rule:
        if left.const is not None and right.const is not None:
            a, b = as_float(left.const), as_float(right.const)
            known = a is not None and b is not None
            return r.TRUE if known and holds(op, a, b) else r.FALSE
        for kind in ("date", "time", "moment"):
            if left.kind == right.kind == kind:
                return r.sure(r.compare(COMPARISONS[op], left.rule, right.rule))
        return r.sure(r.compare(COMPARISONS[op], *self._numbers(left, right)))

    def _numbers(self, left: Term, right: Term) -> tuple[Rule, Rule]:
        """Both as numbers: beside a day, a text that writes one counts as its days since 1970."""
        is_dated = any(each.kind in OF_DAYS or is_shaped(str(each.const), "DATE") for each in (left, right))
        return self.as_number(left, is_dated=is_dated), self.as_number(right, is_dated=is_dated)

    def _equal(self, left: Term, right: Term) -> Rule:
        """Equality of XPath 1.0, section 3.4: truths, else numbers, else texts."""
        if left.const is not None and right.const is None:
            left, right = right, left
        if "truth" in (left.kind, right.kind):
            a, b = self.as_truth(left), self.as_truth(right)
            return r.some(r.every(a, b), r.every(r.negated(a), r.negated(b)))
        if right.const is not None:
            return self._equal_const(left, right)
        kinds = {each.kind for each in (left, right) if not each.is_blank}
        texts = (left.is_blank or right.is_blank) and kinds <= {"text"}  # compared as texts, '' among them
        both_empty = r.every(self.is_empty(left), self.is_empty(right)) if texts else r.FALSE
        if left.kind == right.kind and left.kind in ("number", *OF_DAYS, "time"):
            return r.some(r.sure(r.compare("is", left.rule, right.rule)), both_empty)
        if "number" in (left.kind, right.kind):
            return r.some(r.sure(r.compare("is", self.as_number(left), self.as_number(right))), both_empty)
        if {left.kind, right.kind} <= {"date", "moment"}:
            days = r.sure(r.compare("is", self.of_kind(left, "date"), self.of_kind(right, "date")))
            return r.some(days, both_empty)
        return r.sure(r.compare("is", self.as_text(left), self.as_text(right)))

    def _equal_const(self, left: Term, right: Term) -> Rule:
        const = right.const
        if left.const is not None:
            return equal_consts(left.const, const)
        if const == "":
            return self.is_empty(left)
        if left.kind == "choice" and left.source is not None:
            wanted = [
                chosen
                for name, ids in left.source.choices.items()
                for chosen in ids
                if name == const or (isinstance(const, float) and decimal(name) == const)
            ]
            return r.some(*(r.sure(r.compare("is", left.rule, r.value(each))) for each in wanted))
        if left.kind == "number" or isinstance(const, float):
            number = as_float(const)
            return r.FALSE if number is None else r.sure(r.compare("is", self.as_number(left), r.value(number)))
        if left.kind in (*OF_DAYS, "time"):
            if left.kind != "date":  # as a text: with seconds
                const = str(const).removesuffix(SECONDS) if str(const).endswith(SECONDS) else None
            if not is_shaped(str(const), left.kind.upper()):
                return r.FALSE
            literal = {"date": const} if left.kind == "date" else r.value(const or "")
            return r.sure(r.compare("is", left.rule, literal))
        return r.sure(r.compare("is", self.as_known_text(left), r.value(const or "")))

    # -- where things stand ------------------------------------------------------------------------------------------
    def _path(self, expr: x.Path | x.Variable, place: Place) -> Term:
        from formsite.interchange.xlsform import instances, nodesets  # they translate what stands in them by this class

        if isinstance(expr, x.Path) and isinstance(expr.start, x.Call) and expr.start.name != "current":
            return instances.column(self, expr, place)
        if isinstance(expr, x.Path) and (name := column_of(expr)) and place.row and name in place.row:
            return Term("text", r.value(place.row[name]), place.row[name])
        try:
            found = self.locate(expr, place)
        except Untranslatable:
            name = column_of(expr) if isinstance(expr, x.Path) else ""
            if name == "null" or (name and place.row):
                return NOTHING
            raise
        assert found is not None
        return nodesets.answer(self, found, place)

    def locate(self, expr: x.Path | x.Variable, place: Place) -> Located | None:
        """What a path names."""
        found = locate(expr, place, self.sources)
        if found is not None:
            self.seen.append(found.source)
        return found

    def minus_one(self, term: Term) -> Rule:
        """A place counted from 0, of one counted from 1."""
        if isinstance(term.const, float):
            return r.value(term.const - 1)
        return r.many("minus", self.as_number(term), r.value(1.0))

    # -- functions ---------------------------------------------------------------------------------------------------
    def _call(self, call: x.Call, place: Place) -> Term:
        from formsite.interchange.xlsform import aggregates, functions  # they translate their arguments by this class

        name = call.name
        if name in aggregates.OVER_NODES and len(call.args) == (2 if name == "join" else 1):
            over = aggregates.over_nodes(self, call, place)
            if over is not None:
                return over
        make = functions.FUNCTIONS.get(name)
        if make is None:
            raise Untranslatable(f"the function {name}()")
        try:
            return make(self, call.args, place)
        except (IndexError, ValueError):
            raise Untranslatable(f"{name}() with {len(call.args)} arguments") from None

    def texts(self, args: tuple[x.Expr, ...], place: Place) -> list[Rule]:
        """The arguments as texts that are never unknown."""
        return [self.as_text(self.term(each, place)) for each in args]

    def number(self, args: tuple[x.Expr, ...], at: int, place: Place) -> Rule:
        """An argument as a number."""
        return self.as_number(self.term(args[at], place))

    def date(self, args: tuple[x.Expr, ...], at: int, place: Place) -> Rule:
        """An argument as a day."""
        return self.of_kind(self.term(args[at], place), "date")


def column_of(path: x.Path) -> str:
    """The name of a path that is nothing but a name: in a choice filter, that of a column."""
    steps = [step for step in path.steps if step.name != "."]
    only = path.start is None and not path.is_absolute and len(steps) == 1
    return steps[0].name if only and steps[0].name != ".." else ""
