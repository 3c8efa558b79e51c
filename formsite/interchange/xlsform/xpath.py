"""XPath 1.0 as XLSForms use it (https://www.w3.org/TR/xpath-10/, https://getodk.github.io/xforms-spec/): text -> tree.

`${name}` stands for the question of that name. A tree is at most `MOST_DEPTH` deep, a text at most `LONGEST` long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 20_000
MOST_DEPTH = 60


class NoXPath(Exception):
    """The text is no expression; says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class String:
    """A text in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands: or and = != < <= > >= + - * div mod |."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign."""

    of: Expr


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a name, `.`, `..` or `*`, and what it is picked by."""

    name: str
    predicates: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Where something stands: from the root, from a question (`${name}`), from a call, or from here."""

    start: Expr | None  # a Variable or a Call
    is_absolute: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """`${name}`; picked by predicates where it is a repeat."""

    name: str
    predicates: tuple[Expr, ...] = ()


Expr = Number | String | Call | Binary | Negative | Path | Variable

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<var>\$\{\s*[^}\s]+\s*\})
    | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    | (?P<string>"[^"]*"|'[^']*')
    | (?P<op><=|>=|!=|//|::|\.\.|[-+*/|=<>(),\[\].@])
    | (?P<name>[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?)
    )""",
    re.VERBOSE,
)
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "})


@lru_cache(maxsize=4_096)
def parse(text: str) -> Expr:
    """The tree of an expression.

    Raises:
        NoXPath: it is none, or too long or deep.
    """
    if len(text) > LONGEST:
        raise NoXPath(f"it is longer than {LONGEST} characters")
    return _Parser(list(_tokens(text.translate(_QUOTES)))).whole()


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or found.end() == at:
            raise NoXPath(f"“{text[at : at + 12].strip()}” cannot be read")
        at = found.end()
        kind = found.lastgroup or ""
        yield kind, found[kind]


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def whole(self) -> Expr:
        found = self.level(0)
        if self.at < len(self.tokens):
            raise NoXPath(f"“{self.tokens[self.at][1]}” is one too many")
        return found

    def peek(self, *values: str) -> bool:
        return (
            self.at < len(self.tokens)
            and self.tokens[self.at][0] in ("op", "name")
            and self.tokens[self.at][1] in values
        )

    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        if self.at >= len(self.tokens):
            raise NoXPath("it ends too early")
        self.at += 1
        return self.tokens[self.at - 1][1]

    def need(self, value: str) -> None:
        if not self.peek(value):
            here = self.tokens[self.at][1] if self.at < len(self.tokens) else "the end"
            raise NoXPath(f"“{value}” is missing before “{here}”")
        self.at += 1

    def level(self, number: int) -> Expr:
        """Operators of one strength, from left to right."""
        if number == len(_LEVELS):
            return self.unary()
        self.depth += 1
        if self.depth > MOST_DEPTH * (len(_LEVELS) + 1):
            raise NoXPath("it is nested too deeply")
        found = self.level(number + 1)
        while self.peek(*_LEVELS[number]):
            op = self.take()
            found = Binary(op, found, self.level(number + 1))
        self.depth -= 1
        return found

    def unary(self) -> Expr:
        minus = 0
        while self.peek("-"):
            self.take()
            minus += 1
        found = self.union()
        return Negative(found) if minus % 2 else found

    def union(self) -> Expr:
        found = self.path()
        while self.peek("|"):
            self.take()
            found = Binary("|", found, self.path())
        return found

    def path(self) -> Expr:
        kind = self.kind()
        if kind in ("number", "string"):
            text = self.take()
            return Number(float(text)) if kind == "number" else String(text[1:-1])
        if kind == "var":
            name = self.take()[2:-1].strip()
            start: Expr = Variable(name, self.predicates())
            return self.steps(start, False) if self.peek("/", "//") else start
        if self.peek("("):
            self.take()
            found = self.level(0)
            self.need(")")
            self.predicates()
            return found
        if kind == "name" and self.at + 1 < len(self.tokens) and self.tokens[self.at + 1] == ("op", "("):
            call = self.call()
            return self.steps(call, False) if self.peek("/", "//") else call
        if self.peek("/", "//"):
            return self.steps(None, True)
        return self.steps(None, False, begun=True)

    def call(self) -> Expr:
        name = self.take().lower() if self.tokens[self.at][1] not in ("comment", "node", "text") else self.take()
        self.need("(")
        args = []
        while not self.peek(")"):
            args.append(self.level(0))
            if not self.peek(")"):
                self.need(",")
        self.need(")")
        self.predicates()
        return Call(name, tuple(args))

    def steps(self, start: Expr | None, is_absolute: bool, *, begun: bool = False) -> Expr:
        found = []
        if begun:
            found.append(self.step())
        while self.peek("/", "//"):
            self.take()
            found.append(self.step())
        return Path(start, is_absolute, tuple(found))

    def step(self) -> Step:
        if self.peek("@"):
            self.take()
        if self.kind() == "var":
            return Step(self.take()[2:-1].strip(), self.predicates())
        if not (self.kind() == "name" or self.peek(".", "..", "*")):
            here = self.tokens[self.at][1] if self.at < len(self.tokens) else "the end"
            raise NoXPath(f"something is missing before “{here}”")
        name = self.take()
        if self.peek("::"):
            self.take()
            name = self.take()
        return Step(name, self.predicates())

    def predicates(self) -> tuple[Expr, ...]:
        found = []
        while self.peek("["):
            self.take()
            found.append(self.level(0))
            self.need("]")
        return tuple(found)


def operands(expr: Binary) -> list[Expr]:
    """Those of a row of equal operators, in their order."""
    parts: list[Expr] = []
    left: Expr = expr
    while isinstance(left, Binary) and left.op == expr.op:
        parts.append(left.right)
        left = left.left
    return [left, *reversed(parts)]


def below(expr: Expr) -> Iterator[Expr]:
    """The expressions right inside of one."""
    if isinstance(expr, Variable):
        yield from expr.predicates
    elif isinstance(expr, Call):
        yield from expr.args
    elif isinstance(expr, Binary):
        yield expr.left
        yield expr.right
    elif isinstance(expr, Negative):
        yield expr.of
    elif isinstance(expr, Path):
        if expr.start is not None:
            yield expr.start
        for step in expr.steps:
            yield from step.predicates


def names(expr: Expr) -> Iterator[str]:
    """The names that an expression looks at: by `${name}`, or on the way of a path."""
    held = [expr]
    while held:
        each = held.pop()
        if isinstance(each, Variable):
            yield each.name
        elif isinstance(each, Path):
            yield from (step.name for step in each.steps)
        held += reversed(list(below(each)))
