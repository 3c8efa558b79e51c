"""The grammar of LimeSurvey's expressions as its engine reads them: values while it reads, no tree. For the judge alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

SUFFIXES = set(
    "code NAOK relevanceStatus shown valueNAOK value qid gid question sgqa type relevance grelevance qseq gseq jsName "
    "jsName_on mandatory rowdivid".split()
)
WORDS = {"and": "&&", "or": "||", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/"))
"""Operators of one level go from left to right; those further on bind more strongly."""
_TOKEN = re.compile(
    r"""(?P<quoted>(?<!\\)".*?(?<!\\)"|(?<!\\)'.*?(?<!\\)')
    |(?P<space>\s+)
    |(?P<operator>\b(?:and|or|le|lt|ge|gt|eq|ne)\b|&&|\|\||<=|>=|==|!=|[<>])
    |(?P<sgqa>(?:INSERTANS:)?[0-9]+X[0-9]+X[0-9]+[A-Z0-9_]*\#?[01]?(?:\.[A-Z0-9_]*)?)
    |(?P<word>(?:INSERTANS:|TOKEN:)?[A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)
    |(?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)
    |(?P<doubled>\+\+|--)
    |(?P<sign>[(),!=+*/-])
    |(?P<other>.)""",
    re.VERBOSE | re.IGNORECASE,
)
Token = tuple[str, str]


class Unreadable(Exception):
    """The engine cannot read it."""


class Values(Protocol):
    """What names, functions and operators come to."""

    def expanded(self, word: str) -> list[str]: ...

    def named(self, word: str) -> Any: ...

    def call(self, name: str, args: list[Any]) -> Any: ...

    def binary(self, op: str, a: Any, b: Any) -> Any: ...

    def unary(self, op: str, value: Any) -> Any: ...

    def quoted(self, text: str) -> Any: ...


def apart(word: str) -> tuple[str, str]:
    """A name and its suffix."""
    name, _, suffix = word.removeprefix("INSERTANS:").rpartition(".")
    return (name, suffix) if name and suffix in SUFFIXES else (word.removeprefix("INSERTANS:"), "")


def tokens(written: str, expanded: Callable[[str], list[str]]) -> Iterator[Token]:
    """What it is made of; names that stand for many are these with commas between."""
    found = [(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(written)]
    found = [each for each in found if each[0] != "space"]
    for at, (kind, text) in enumerate(found):
        if kind in ("doubled", "other"):
            raise Unreadable(text)
        if kind == "operator":
            yield "sign", WORDS.get(text.lower(), text)
        elif kind in ("word", "sgqa") and found[at + 1 : at + 2] == [("sign", "(")]:
            yield "function", text
        elif kind in ("word", "sgqa"):
            for place, name in enumerate(expanded(text)):
                yield from (("sign", ","),) if place else ()
                yield "name", name
        else:
            yield kind, text


class Reading:
    """One expression being read."""

    def __init__(self, written: str, values: Values) -> None:
        self.tokens = list(tokens(written, values.expanded))
        self.values = values
        self.at = 0
        self.used: list[str] = []

    def whole(self) -> Any:
        """Its value."""
        value = self.sequence()
        if self.at < len(self.tokens):
            raise Unreadable(self.tokens[self.at][1])
        return value

    def sign(self, *wanted: str) -> str:
        """The sign that stands here, if it is one of these; it is passed then."""
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "sign" and self.tokens[self.at][1] in wanted:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def sequence(self) -> Any:
        value = self.level(0)
        while self.sign(","):
            value = self.level(0)
        return value

    def level(self, number: int) -> Any:
        if number == len(LEVELS):
            return self.unary()
        value = self.level(number + 1)
        while op := self.sign(*LEVELS[number]):
            value = self.values.binary(op, value, self.level(number + 1))
        return value

    def unary(self) -> Any:
        if op := self.sign("!", "-", "+"):
            return self.values.unary(op, self.primary())
        return self.primary()

    def primary(self) -> Any:
        if self.sign("("):
            value = self.sequence()
            self.expect(")")
            return value
        if self.at == len(self.tokens):
            raise Unreadable("the end")
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return text
        if kind == "quoted":
            plain = text[1:-1].replace('\\"', '"').replace("\\'", "'").replace("\\\\", "\\")
            return self.values.quoted(plain)
        if kind == "name":
            self.used.append(text)
            return self.values.named(text)
        if kind == "function":
            return self.values.call(text, self.arguments())
        raise Unreadable(text)

    def arguments(self) -> list[Any]:
        self.expect("(")
        given: list[Any] = []
        while not self.sign(")"):
            if given:
                self.expect(",")
            given.append(self.level(0))
        return given

    def expect(self, text: str) -> None:
        if not self.sign(text):
            raise Unreadable(f"no {text}")
