"""Rules -> XPath. A rule is true, false or unknown; an XPath truth is one of two, and an empty answer is '' or NaN.

So a rule is said twice: when it is true, and when it is false (`Truth`); and a value is said together with when it is
known (`Said`). What XPath has no words for is `Unsayable`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from formsite.definition import logic
from formsite.definition.logic import AnswerType
from formsite.definition.logic import nodes as n
from formsite.interchange.to_xlsform.places import Places, Spot
from formsite.interchange.to_xlsform.terms import TRUE, Unsayable, X, no, quoted, some, when

T = AnswerType
LONGEST = 20_000
DEFINITE = (n.Answered, n.Sure, n.Not, n.OneOf, n.Matches)
TRUTH_OPS = frozenset(
    "is is_not less at_most more at_least contains starts_with ends_with all any any_over all_over".split()
)


@dataclass(frozen=True, slots=True)
class Truth:
    """When a rule is true, and when it is false. It is definite if it is always one of the two."""

    yes: X
    no: X

    @classmethod
    def definite(cls, yes: X) -> Truth:
        """Of a rule that is never unknown."""
        return cls(yes, no(yes))


@dataclass(frozen=True, slots=True)
class Said:
    """A value: its XPath, its kind, and when it is known.

    `is_node`: it is an answer by itself. `is_blank`: where it is not known it is '' or no number, so that nobody has to
    look.
    """

    xpath: X
    kind: AnswerType
    known: X = TRUE
    is_node: bool = False
    is_blank: bool = False
    const: Any = None

    @property
    def is_harmless(self) -> bool:
        """Whether what is reckoned of it is nothing where it is nothing."""
        return self.is_blank or self.known == TRUE


@dataclass(frozen=True, slots=True)
class Saying:
    """Says the rules that stand at a spot. `own` is the field that a limit looks at as `.`; `context` is the spot of
    the instance that a predicate looks at.
    """

    places: Places
    spot: Spot
    own: str = ""
    context: Spot | None = None

    # -- what the spreadsheet holds ----------------------------------------------------------------------------------
    def condition(self, rule: bool | logic.Node) -> str:
        """When a rule is true; '' where it always is.

        Raises:
            Unsayable: XPath has no words for it.
        """
        if isinstance(rule, bool):
            return "" if rule else "false()"
        said = self.truth(rule).yes
        return "" if said == TRUE else _short(said.text)

    def permission(self, rule: logic.Node) -> str:
        """When a rule is not false: what is unknown violates nothing."""
        said = no(self.truth(rule).no)
        return "" if said == TRUE else _short(said.text)

    def expression(self, rule: logic.Node) -> str:
        """A value; '' where it is not known."""
        said = self.value(rule)
        return _short((said.xpath if said.is_harmless else when(said.known, said.xpath, quoted(""))).text)

    # -- truths ------------------------------------------------------------------------------------------------------
    def is_truth(self, node: logic.Node) -> bool:
        """Whether it yields true or false."""
        if isinstance(node, n.FieldValue):
            return self.places.kind(node.field) is T.BOOLEAN
        if isinstance(node, n.Value):
            return isinstance(node.value, bool)
        if isinstance(node, n.Choose):
            return self.is_truth(node.then)
        if isinstance(node, n.At):
            return self.is_truth(node.of)
        if isinstance(node, n.Many) and node.op == "or_else":
            return self.is_truth(node.of[0])
        return isinstance(node, DEFINITE) or getattr(node, "op", "") in TRUTH_OPS

    def truth(self, node: logic.Node) -> Truth:
        """When it is true, and when it is false."""
        from formsite.interchange.to_xlsform.truths import TRUTHS  # they say what is below them by this class

        say = TRUTHS.get(type(node))
        if say is None:
            raise Unsayable(f"“{getattr(node, 'op', 'a value')}” as a condition")
        return say(self, node)

    def value(self, node: logic.Node) -> Said:
        """A text, number or day."""
        if self.is_truth(node):
            truth = self.truth(node)
            text = when(truth.yes, quoted("true"), when(truth.no, quoted("false"), quoted("")))
            return Said(text, T.TEXT, some(truth.yes, truth.no), is_blank=True)
        from formsite.interchange.to_xlsform.values import VALUES

        say = VALUES.get(type(node))
        if say is None:
            raise Unsayable(f"“{getattr(node, 'op', 'a value')}”")
        found = say(self, node)
        if len(found.xpath.text) > LONGEST or len(found.known.text) > LONGEST:
            raise Unsayable("a rule of this length")
        return found

    # -- where things stand --
    def inside(self, over: str) -> Saying:
        """As seen from an instance that a predicate looks at."""
        return replace(self, context=self.places.spots[over])

    def ref(self, name: str) -> X:
        """A question or repeat, as seen from here."""
        target = self.places.spots[name]
        if name == self.own and self.context is None:
            return X(".")
        if self.context is None:
            return X(f"${{{target.name}}}")
        around = self.context.chain
        if target.chain[: len(around)] == around:
            return X("/".join(target.chain[len(around) :]) or ".")
        shared = set(target.homes) & set(self.spot.homes)
        if not shared:
            return X(f"${{{target.name}}}")
        common = next(
            (at for at, pair in enumerate(zip(self.spot.chain, target.chain, strict=False)) if pair[0] != pair[1]),
            min(len(self.spot.chain), len(target.chain)),
        )
        up = [".."] * (len(self.spot.chain) - common)
        return X("/".join(["current()", *up, *target.chain[common:]]))


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise Unsayable("a rule of this length")
    return text
