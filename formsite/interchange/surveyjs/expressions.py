"""The expressions of SurveyJS -> trees. Bounded: nothing a stranger writes takes long to read.

The grammar is the engine's own: signs or words (`=`, `equal`), words in any case and without spaces around them, closing
brackets that may be missing at the end, `empty` after a plain value only, and every operator joins from left to right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 20_000
MOST_DEPTH = 40
MOST_LEVELS = 100
CHAINED = frozenset({"and", "or", "+"})
MOST_NODES = 2_000

Plain = str | int | float | bool | None


class Unwritten(Exception):
    """The text is no expression; says why."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, true or false, or nothing. `quoted` texts are texts even where they look like numbers."""

    value: Plain
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """A question, a part of one, or another value: what stands in braces. `as_is`: its text is never read as a number."""

    name: str
    as_is: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list: `['a', 'b']`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """`not` before a value; `empty` or `notempty` after one."""

    op: str
    of: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """Two values with an operator between them, by its sign, or by its word where there is none."""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Chain:
    """Values with `and`, `or` or `+` between them, from left to right."""

    op: str
    of: tuple[Expression, ...]


Expression = Literal | Variable | Items | Call | Unary | Binary | Chain

STRENGTH = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%"), 5),
    "^": 6,
    **dict.fromkeys(("contains", "notcontains", "anyof", "allof", "noneof"), 7),
}
SPELLINGS = {
    "||": "or",
    "&&": "and",
    "==": "=",
    "equal": "=",
    "equals": "=",
    "notequal": "!=",
    "notequals": "!=",
    "<>": "!=",
    "less": "<",
    "greater": ">",
    "lessorequal": "<=",
    "=<": "<=",
    "greaterorequal": ">=",
    "=>": ">=",
    "power": "^",
    "*=": "contains",
    "contain": "contains",
    "notcontain": "notcontains",
}
LOOSE_RIGHT = 7
"""Operators this strong may lack what stands to their right."""
_SPACE = re.compile(r"[ \t\n\r]*")
_INFIX = re.compile(
    "|".join(sorted(map(re.escape, {*STRENGTH, *SPELLINGS}), key=len, reverse=True)),
    re.IGNORECASE,
)
_POSTFIX = re.compile("notempty|empty", re.IGNORECASE)
_NEGATION = re.compile("!|negate", re.IGNORECASE)
_CALL = re.compile(r"([A-Za-z_]+(?:[0-9]+[A-Za-z_]*)*)\(")
_NOTHING = re.compile("undefined|null")
_TRUTH = re.compile("true|false", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<hex>0x[0-9]{1,200})|-?(?:[0-9]+\.[0-9]+|[1-9][0-9]*|0)")
_WORD = re.compile(r"[A-Za-z_]+(?:[0-9]+[A-Za-z_]*)*")
_STRING = re.compile(r"""'((?:\\['"]|[^'"])*)'|"((?:\\['"]|[^'"])*)\"""")
_VARIABLE = re.compile(r"\{([^{}]+)\}")


def parse(text: str) -> Expression:
    """The tree of an expression.

    Raises:
        Unwritten: it is none, or larger than a questionnaire needs.
    """
    if len(text) > LONGEST:
        raise Unwritten("it is too long")
    parser = _Parser(text)
    tree = parser.binary(0, 0)
    parser.space()
    if parser.at < len(text):
        raise Unwritten(f"“{text[parser.at : parser.at + 20]}” is not expected there")
    if _levels(tree) > MOST_LEVELS:
        raise Unwritten("it is too large")
    return tree


class _Parser:
    """Pratt's: a value, then operators as long as they bind more strongly than what stands to the left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.nodes = 0

    def space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What stands next, if it is like `pattern`."""
        self.space()
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def sign(self, sign: str) -> bool:
        self.space()
        there = self.text.startswith(sign, self.at)
        self.at += len(sign) if there else 0
        return there

    def bounded(self, depth: int) -> None:
        self.nodes += 1
        if depth > MOST_DEPTH or self.nodes > MOST_NODES:
            raise Unwritten("it is too large")

    def infix(self) -> tuple[str, int] | None:
        """The operator that stands next, and where it ends."""
        self.space()
        found = _INFIX.match(self.text, self.at)
        if found is None:
            return None
        word = found[0].lower()
        return SPELLINGS.get(word, word), found.end()

    def binary(self, least: int, depth: int) -> Expression:
        left = self.operand(depth)
        while (found := self.infix()) is not None and STRENGTH[found[0]] > least:
            op, end = found
            self.bounded(depth)
            self.at = end
            try:
                right = self.binary(STRENGTH[op], depth + 1)
            except _NoOperand:
                if STRENGTH[op] < LOOSE_RIGHT:
                    raise
                self.at, right = end, Literal(None)
            left = _joined(op, left, right)
        return left

    def operand(self, depth: int) -> Expression:
        self.bounded(depth)
        if self.sign("("):
            inner = self.binary(0, depth + 1)
            self.sign(")")
            return inner
        if found := self.take(_CALL):
            arguments = self.sequence(depth + 1)
            self.sign(")")
            return Call(found[1], arguments)
        if self.take(_NEGATION):
            return Unary("not", self.operand(depth + 1))
        if (value := self.plain()) is not None:
            found = self.take(_POSTFIX)
            return Unary(found[0].lower(), value) if found else value
        if self.sign("["):
            items = self.sequence(depth + 1)
            if not self.sign("]"):
                raise Unwritten("a list is not closed")
            return Items(items)
        raise _NoOperand("a value is missing" if self.at >= len(self.text) else self.unexpected())

    def unexpected(self) -> str:
        return f"“{self.text[self.at : self.at + 20]}” is no value"

    def sequence(self, depth: int) -> tuple[Expression, ...]:
        start = self.at
        try:
            items = [self.binary(0, depth)]
        except _NoOperand:
            self.at = start
            return ()
        while self.sign(","):
            items.append(self.binary(0, depth))
        return tuple(items)

    def plain(self) -> Literal | Variable | None:
        """A constant or a variable."""
        if self.take(_NOTHING):
            return Literal(None)
        if found := self.take(_TRUTH):
            return Literal(found[0].lower() == "true")
        if found := self.take(_NUMBER):
            return Literal(_number(found))
        if found := self.take(_WORD):
            return Literal(found[0])
        if found := self.take(_STRING):
            return Literal(re.sub(r"""\\(['"])""", r"\1", found[1] or found[2] or ""), quoted=True)
        if found := self.take(_VARIABLE):
            name = found[1]
            as_is = len(name) > 1 and name.startswith("#")
            return Variable(name[1:] if as_is else name, as_is)
        return None


class _NoOperand(Unwritten):
    """Nothing stands where a value could."""


def _number(found: re.Match[str]) -> int | float:
    number = float(int(found["hex"], 16)) if found["hex"] else float(found[0])
    if not math.isfinite(number):
        raise Unwritten("a number is too large")
    return int(number) if "." not in found[0] and abs(number) < 2**53 else number


def _joined(op: str, left: Expression, right: Expression) -> Expression:
    if op not in CHAINED:
        return Binary(op, left, right)
    return Chain(op, (*left.of, right) if isinstance(left, Chain) and left.op == op else (left, right))


def children(tree: Expression) -> tuple[Expression, ...]:
    """What stands right below."""
    if isinstance(tree, Unary):
        return (tree.of,)
    if isinstance(tree, Binary):
        return (tree.left, tree.right)
    if isinstance(tree, Items | Call | Chain):
        return tree.items if isinstance(tree, Items) else tree.of if isinstance(tree, Chain) else tree.arguments
    return ()


def _levels(tree: Expression) -> int:
    level, depth = [tree], 0
    while level:
        level, depth = [child for each in level for child in children(each)], depth + 1
    return depth


def walk(tree: Expression) -> Iterator[Expression]:
    """The tree and everything below, from left to right."""
    yield tree
    for child in children(tree):
        yield from walk(child)


def names(tree: Expression) -> tuple[str, ...]:
    """The names in braces, in their order."""
    return tuple(dict.fromkeys(each.name for each in walk(tree) if isinstance(each, Variable)))


def names_of(text: str) -> tuple[str, ...]:
    """The names in an expression; none if it cannot be read."""
    try:
        return names(parse(text))
    except Unwritten:
        return ()
