"""Why a rule came to what it came to: each of its conditions with the values it saw, for the people who design forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from dataclasses import field as member
from typing import Any

from formsite.definition.logic import nodes as n
from formsite.definition.logic.evaluation import Context, compile_rule
from formsite.definition.logic.scope import EMPTY, Scope
from formsite.definition.logic.words import read_aloud

MOST_INSTANCES = 50
"""Of a group whose instances are told one by one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a condition looked at, in words, and the value that it had; None if it was unknown.

    `field`: whose answer it is, where it is one. `told`: False where the value must not be told.
    """

    words: str
    value: Any
    field: str | None = member(default=None, compare=False)
    told: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A condition in words, and whether it was true, false or unknown (None).

    `seen`: the values that a comparison saw. `parts`: the conditions that it is made of. `instance`: which of a group's
    instances it is about, from 1. `told`: False where the outcome must not be told, and then it is None.
    """

    words: str
    outcome: bool | None
    seen: tuple[Seen, ...] = ()
    parts: tuple[Line, ...] = ()
    instance: int | None = None
    told: bool = True


def explain(
    node: n.Node,
    context: Context,
    scope: Scope = EMPTY,
    *,
    name: Callable[[str], str] = str,
    choice: Callable[[str, str], str] = lambda _field, value: value,
    sealed: Callable[[n.Node], bool] = lambda _node: False,
) -> Line:
    """The rule as it came out, condition by condition.

    Args:
        name: the words of a field, as in `read_aloud`.
        choice: the words of a field's choice.
        sealed: whether what a part of the rule comes to must not be told.
    """
    return _Explainer(scope, name, choice, sealed).line(node, context)


class _Explainer:
    def __init__(
        self,
        scope: Scope,
        name: Callable[[str], str],
        choice: Callable[[str, str], str],
        sealed: Callable[[n.Node], bool],
    ) -> None:
        self.scope = scope
        self.name, self.choice = name, choice
        self.sealed = sealed

    def line(self, node: n.Node, context: Context) -> Line:
        told = not self.sealed(node)
        value = self.value(node, context) if told else None
        parts = self.parts(node, context)
        return Line(
            read_aloud(node, self.name, self.choice),
            value if isinstance(value, bool) else None,
            () if parts else tuple(self.seen(node, context)),
            parts,
            told=told,
        )

    def value(self, node: n.Node, context: Context) -> Any:
        return compile_rule(node, self.scope)(context)

    def parts(self, node: n.Node, context: Context) -> tuple[Line, ...]:
        """The conditions that a condition is put together of; none of a comparison.

        What is sealed gives away neither the side that it chose nor the instances that it picked.
        """
        match node:
            case n.Many(op="all" | "any" | "or_else", of=of):
                return tuple(self.line(each, context) for each in of)
            case n.Not(of=of) | n.Sure(of=of):
                return (self.line(of, context),)
            case n.Choose() if not self.sealed(node):
                return self.chosen(node, context)
            case n.Over(op="any_over" | "all_over") if not self.sealed(node):
                return tuple(self.instances(node, context))
        return ()

    def chosen(self, node: n.Choose, context: Context) -> tuple[Line, ...]:
        """What decided, and the side that it decided for."""
        condition = self.line(node.condition, context)
        if condition.outcome is None:
            return (condition,)
        return condition, self.line(node.then if condition.outcome else node.otherwise, context)

    def instances(self, node: n.Over, context: Context) -> Iterator[Line]:
        """Those that `where` picks, one by one."""
        count = self.value(n.OfRepeat("instances", node.over), context)
        for number in range(min(int(count), MOST_INSTANCES)):
            inside = replace(context, at={**context.at, node.over: number})
            if node.where is None or self.value(node.where, inside) is True:
                yield replace(self.line(node.of, inside), instance=number + 1)

    def seen(self, node: n.Node, context: Context) -> Iterator[Seen]:
        """The operands and the answers within them, each once."""
        if isinstance(node, n.Answered):
            node = n.FieldValue(node.field)
        operands = [node] if isinstance(node, n.FieldValue) else list(n.children(node))
        inner = [answer for operand in operands for answer in _answers(operand)]
        for each in dict.fromkeys([*operands, *inner]):
            if not isinstance(each, n.Value | n.Day):
                told = not self.sealed(each)
                field = each.field if isinstance(each, n.FieldValue) else None
                value = self.value(each, context) if told else None
                yield Seen(read_aloud(each, self.name, self.choice), value, field, told)


def _answers(node: n.Node) -> Iterator[n.Node]:
    """The answers that an expression looks at; not those in a group whose instances it goes through."""
    if isinstance(node, n.FieldValue):
        yield node
    elif not isinstance(node, n.Over | n.JoinOver | n.At):
        for child in n.children(node):
            yield from _answers(child)
