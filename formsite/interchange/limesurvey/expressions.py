"""ExpressionScript, the formula language of LimeSurvey -> trees. Bounded: nothing a stranger writes takes long to read.

The grammar is that of the engine: `or` binds loosest, then `and`, equality, order, sums, products and one prefix; a
comma inside parentheses leaves the last value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 60_000
MOST_TOKENS = 12_000
MOST_DEPTH = 60


class Unwritten(Exception):
    """The text is no expression; says why."""


class Sets(Unwritten):
    """It sets a variable, as the engine lets equations do."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or text as it is written. `quoted` texts are compared as texts even where they look like numbers."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A variable: its name without the suffix, and the suffix, e.g. `NAOK`."""

    name: str
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """`!`, `-` or `+` before a value."""

    op: str
    of: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """Two values with an operator between them, in its symbol: `==` for `eq`."""

    op: str
    left: Expression
    right: Expression


Expression = Literal | Name | Call | Prefix | Binary

WORDED = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "and": "&&", "or": "||"}
STRENGTH = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6}
PREFIXES = ("!", "-", "+")
SUFFIXES = (
    "code NAOK relevanceStatus shown valueNAOK value qid gid question sgqa type relevance grelevance qseq gseq jsName "
    "jsName_on mandatory rowdivid"
).split()
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<worded>(?i:\b(?:and|or|le|lt|ge|gt|eq|ne)\b))
    |(?P<sgqa>(?:INSERTANS:)?(?:[0-9]+X[0-9]+X[0-9]+[A-Za-z0-9_]*(?:\#[01]?)?|Q[0-9]+(?:_S[0-9]+)+\#[01])(?:\.[A-Za-z0-9_]*)?)
    |(?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)
    |(?P<word>(?:TOKEN:|INSERTANS:)?[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)
    |(?P<doubled>\+\+|--)
    |(?P<sign><=|>=|==|!=|&&|\|\||[-+*/<>!(),=])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text."""

    kind: str
    text: str


def parse(text: str) -> Expression:
    """The tree of an expression.

    Raises:
        Unwritten: it is none, or larger than a questionnaire needs.
    """
    if len(text) > LONGEST:
        raise Unwritten("it is too long")
    parser = _Parser(list(_tokens(text)))
    tree = parser.sequence(0)
    if parser.peek() is not None:
        raise Unwritten(f"“{parser.peek_text()}” is not expected there")
    return tree


def _tokens(text: str) -> Iterator[Token]:
    at, count = 0, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Unwritten(f"“{text[at : at + 10]}” is no part of an expression")
        at = found.end()
        kind = found.lastgroup or ""
        if kind == "space":
            continue
        count += 1
        if count > MOST_TOKENS:
            raise Unwritten("it is too long")
        word = found[0]
        if kind == "worded":
            yield Token("sign", WORDED[word.lower()])
        else:
            yield Token("name" if kind in ("word", "sgqa") else kind, word)


class _Parser:
    """Pratt's: a value, then operators as long as they bind more strongly than what stands to the left."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def peek_text(self) -> str:
        token = self.peek()
        return token.text if token else "the end"

    def is_sign(self, text: str) -> bool:
        token = self.peek()
        return token is not None and token.kind == "sign" and token.text == text

    def take(self, text: str) -> None:
        if not self.is_sign(text):
            raise Unwritten(f"“{text}” is missing before “{self.peek_text()}”")
        self.at += 1

    def sequence(self, depth: int) -> Expression:
        """Values with commas between them: the last one counts."""
        tree = self.value(0, depth)
        while self.is_sign(","):
            self.at += 1
            tree = self.value(0, depth)
        return tree

    def value(self, strength: int, depth: int) -> Expression:
        if depth > MOST_DEPTH:
            raise Unwritten("it is nested too deeply")
        left = self.primary(depth)
        while (token := self.peek()) is not None and token.kind == "sign" and STRENGTH.get(token.text, 0) > strength:
            self.at += 1
            left = Binary(token.text, left, self.value(STRENGTH[token.text], depth + 1))
        if self.is_sign("="):
            raise Sets("it sets a variable, which only an answer does here")
        return left

    def primary(self, depth: int) -> Expression:
        token = self.peek()
        if token is None:
            raise Unwritten("a value is missing at its end")
        self.at += 1
        if token.kind == "number":
            return Literal(token.text, quoted=False)
        if token.kind == "string":
            return Literal(_unquoted(token.text), quoted=True)
        if token.kind == "name":
            return self.call(token.text, depth) if self.is_sign("(") else named(token.text)
        if token.text in PREFIXES:
            if any(self.is_sign(each) for each in PREFIXES):
                raise Unwritten(f"“{token.text}” stands before “{self.peek_text()}” without parentheses")
            return Prefix(token.text, self.primary(depth + 1))
        if token.text == "(":
            inner = self.sequence(depth + 1)
            self.take(")")
            return inner
        raise Unwritten(f"“{token.text}” is not expected there")

    def call(self, name: str, depth: int) -> Expression:
        self.take("(")
        arguments: list[Expression] = []
        while not self.is_sign(")"):
            if arguments:
                self.take(",")
            arguments.append(self.value(0, depth + 1))
        self.take(")")
        return Call(name, tuple(arguments))


def named(text: str) -> Name:
    """A variable with its suffix apart."""
    shown = text.startswith("INSERTANS:")
    bare, _, suffix = text.removeprefix("INSERTANS:").rpartition(".")
    if suffix in SUFFIXES and bare:
        return Name(bare, suffix)
    return Name(text.removeprefix("INSERTANS:"), "shown" if shown else "")


def _unquoted(text: str) -> str:
    return text[1:-1].replace('\\"', '"').replace("\\'", "'").replace("\\\\", "\\")


def names(tree: Expression) -> Iterator[Name]:
    """Every variable in a tree."""
    waiting: list[Expression] = [tree]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Name):
            yield here
        elif isinstance(here, Call):
            waiting += reversed(here.arguments)
        elif isinstance(here, Prefix):
            waiting.append(here.of)
        elif isinstance(here, Binary):
            waiting += (here.right, here.left)


def split(text: str) -> list[tuple[str, bool]]:
    r"""A text in pieces: (words, False) or (expression without its braces, True).

    A brace with white space inside it opens or closes nothing, as the engine has it, and `\{` is a brace.
    """
    if "{" not in text:
        return [(text, False)]
    pieces: list[tuple[str, bool]] = []
    held, depth, quote, at = "", 0, "", 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            held += text[at : at + 2]
            at += 2
            continue
        if depth == 0:
            if char == "{" and not text[at + 1 : at + 2].isspace() and at + 1 < len(text):
                pieces.append((held, False))
                held, depth = "", 1
            else:
                held += char
        elif quote:
            held += char
            quote = "" if char == quote else quote
        elif char in "'\"":
            held += char
            quote = char
        elif char == "{" and not text[at + 1 : at + 2].isspace():
            held += char
            depth += 1
        elif char == "}" and not text[at - 1].isspace():
            depth -= 1
            if depth == 0:
                pieces.append((held, True))
                held = ""
            else:
                held += char
        else:
            held += char
        at += 1
    if held:
        pieces.append(("{" + held if depth else held, False))
    return [(_unescaped(words) if not inside else words, inside) for words, inside in pieces if words or inside]


def _unescaped(words: str) -> str:
    return words.replace("\\{", "{").replace("\\}", "}")
