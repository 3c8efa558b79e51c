"""Expressions -> rules."""

from __future__ import annotations

import re

from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs import comparing, functions, js, terms
from formsite.interchange.surveyjs import expressions as x
from formsite.interchange.surveyjs.finding import Finder, Found, Place
from formsite.interchange.surveyjs.layouts import Layout, Layouts
from formsite.interchange.surveyjs.terms import (
    Bool,
    Cases,
    Chosen,
    Const,
    Records,
    Table,
    Term,
    Untranslatable,
    Words,
    bounded,
)


class Translator(Finder):
    """Translates the expressions of one survey."""

    # -- whole expressions -------------------------------------------------------------------------------------------
    def condition(self, text: str, place: Place, wanted: bool = True) -> Rule:
        """Whether the expression is true (or false), and not only something that counts as that.

        Raises:
            Unwritten: the engine cannot read it either.
            Untranslatable: formsite has no rule for it.
        """
        return bounded(self._exactly(x.parse(text), place, wanted))

    def loosely(self, text: str, place: Place) -> Rule:
        """Whether the expression counts as true. Raises what `condition` does."""
        return bounded(terms.truth(self.term(x.parse(text), place)))

    def value(self, text: str, place: Place) -> Term:
        """The value of an expression. Raises what `condition` does."""
        return self.term(x.parse(text), place)

    def _exactly(self, tree: x.Expression, place: Place, wanted: bool) -> Rule:
        """A chain of `and` is what the first one is that counts as false, else what the last one is; `or` likewise."""
        if not isinstance(tree, x.Chain) or tree.op == "+":
            return terms.exactly(self.term(tree, place), wanted)
        goes_on = [terms.truth(self.term(each, place)) for each in tree.of[:-1]]
        if tree.op == "or":
            goes_on = [r.opposite(each) for each in goes_on]
        if wanted is not (tree.op == "or"):
            return r.every(*goes_on, self._exactly(tree.of[-1], place, wanted))
        ends = [self._exactly(each, place, wanted) for each in tree.of]
        if all(end == r.opposite(on) for end, on in zip(ends, goes_on, strict=False)):
            return r.some(*ends)
        return r.some(*(r.every(*goes_on[:at], end) for at, end in enumerate(ends)))

    # -- trees -------------------------------------------------------------------------------------------------------
    def term(self, tree: x.Expression, place: Place) -> Term:
        """The term of a tree."""
        return terms.within_bounds(self._term(tree, place))

    def _term(self, tree: x.Expression, place: Place) -> Term:
        if isinstance(tree, x.Literal):
            return Const(tree.value)
        if isinstance(tree, x.Variable):
            return self._named(tree.name, place)
        if isinstance(tree, x.Items):
            return self._list([self.term(each, place) for each in tree.items])
        if isinstance(tree, x.Unary):
            of = self.term(tree.of, place)
            if tree.op == "not":
                return Bool(terms.untrue(of))
            return Bool(terms.filled(of) if tree.op == "notempty" else terms.empty(of))
        if isinstance(tree, x.Call):
            return self._call(tree, place)
        if isinstance(tree, x.Chain):
            return self._chain(tree, place)
        return self._binary(tree, place)

    def _chain(self, tree: x.Chain, place: Place) -> Term:
        of = [self.term(each, place) for each in tree.of]
        if tree.op == "+":
            return terms.add(*of)
        return Bool((r.every if tree.op == "and" else r.some)(*map(terms.truth, of)))

    def _binary(self, tree: x.Binary, place: Place) -> Term:
        left, right = self.term(tree.left, place), self.term(tree.right, place)
        if tree.op in js.COMPARISONS:
            if isinstance(left, Const) and isinstance(right, Const):
                return Const(js.COMPARISONS[tree.op](left.value, right.value))
            return Bool(comparing.compare(tree.op, left, right))
        return terms.calculate(tree.op, left, right)

    @staticmethod
    def _list(items: list[Term]) -> Term:
        if all(isinstance(each, Const) for each in items):
            return Const([each.value for each in items if isinstance(each, Const)])
        chosen: list[tuple[js.Value, Rule]] = []
        for each in items:
            if isinstance(each, Const):
                chosen.append((each.value, r.YES))
            elif isinstance(each, Cases):
                chosen += each.cases
            elif isinstance(each, Chosen):
                chosen += each.items
            else:
                raise Untranslatable("a list holds answers that may be anything")
        return Chosen(tuple(chosen))

    def _call(self, tree: x.Call, place: Place) -> Term:
        if tree.name in functions.ARRAY_FUNCTIONS and 2 <= len(tree.arguments) <= 4:
            data, column = (self.term(each, place) for each in tree.arguments[:2])
            return functions.in_array(tree.name, data, column, lambda held: self._where(tree, held, place))
        if tree.name == "displayValue" and tree.arguments:
            return self._words_of(tree, place)
        if tree.name == "getComment" and len(tree.arguments) == 1 and isinstance(tree.arguments[0], x.Literal):
            return self.find(f"{js.text(tree.arguments[0].value)}-Comment", place).term
        return functions.call(tree.name, [self.term(each, place) for each in tree.arguments])

    def _where(self, tree: x.Call, held: Records | Table, place: Place) -> Rule | None:
        """The third argument: which entries count. It is written as an expression or as the text of one."""
        rest = tree.arguments[2:]
        if rest and isinstance(rest[0], x.Literal) and not re.search(r"[{}><=!]", js.text(rest[0].value)):
            if tree.name in ("minInArray", "maxInArray") and rest[0] != tree.arguments[1]:
                raise Untranslatable("it takes another column of the row that it finds")
            rest = rest[1:]  # the name of a column, which counts for these two only
        if not rest:
            return None
        given = rest[0]
        inner = x.parse(given.value) if isinstance(given, x.Literal) and isinstance(given.value, str) else given
        if not isinstance(held, Records):
            raise Untranslatable("it picks rows of a table by a condition")
        return _Entry(self, held).condition(inner, place)

    def _words_of(self, tree: x.Call, place: Place) -> Term:
        name = tree.arguments[0]
        if not isinstance(name, x.Literal) or len(tree.arguments) > 1:
            raise Untranslatable("displayValue() of a value that is given")
        found = self.find(js.text(name.value), place)
        if not found.field:
            raise Untranslatable(f"“{js.text(name.value)}” has no words of its own")
        return Words({"op": "label", "field": found.field})


class _Entry:
    """Conditions that pick entries of a group: plain names are those of the entry."""

    def __init__(self, translator: Translator, held: Records) -> None:
        self.translator = translator
        self.held = held

    def condition(self, tree: x.Expression, place: Place) -> Rule:
        """The condition, in every entry."""
        return terms.truth(_Within(self.translator.layouts, self.held, self.translator.values).term(tree, place))


class _Within(Translator):
    """Names are looked for in the entry first."""

    def __init__(self, layouts: Layouts, held: Records, values: dict[str, Layout]) -> None:
        super().__init__(layouts)
        self.held = held
        self.values = values

    def find(self, name: str, place: Place) -> Found:
        """What a name stands for, in the entry before anywhere else."""
        key = name.strip().lower()
        for prefix in ("", "row.", "panel.", "item."):
            if key.startswith(prefix) and key[len(prefix) :] in self.held.fields:
                return Found(self.held.fields[key[len(prefix) :]].term)
        return super().find(name, place)
