"""Patterns as the engine writes them, `/…/i`, -> RE2, where they are within it."""

from __future__ import annotations

from formsite.definition.logic import patterns
from formsite.interchange.limesurvey.terms import Untranslatable

CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
LAST, SURROGATES = 0x10FFFF, 0xD800
MOST_LETTERS = 40
KNOWN_FLAGS = frozenset("imsxADSUXJu\n")
FLAGS_WITHOUT_EFFECT = frozenset("usD")
"""Letters count as such anyway, and a point stands for any of them."""


def as_re2(written: str) -> str:
    """The pattern without its delimiters, with its flag inside.

    Raises:
        Untranslatable: it needs what RE2 does not have (looking around, going back), or is no pattern.
    """
    text = written.strip()
    if len(text) < 2 or text[0].isalnum() or text[0] in "\\ ":
        raise Untranslatable("the pattern stands in no delimiters")
    end = text.rfind(CLOSING[text[0]]) if text[0] in CLOSING else _unescaped(text, text[0])
    if end < 1:
        raise Untranslatable("the pattern is not closed")
    pattern, flags = text[1:end], text[end + 1 :]
    if text[0] not in CLOSING and text[0] not in r"^$.|?*+":
        pattern = pattern.replace("\\" + text[0], text[0])
    if not set(flags) <= KNOWN_FLAGS:
        raise Untranslatable(f"the pattern ends too early: “{flags[:40]}” stands behind it")
    if set(flags) - FLAGS_WITHOUT_EFFECT - {"i"}:
        raise Untranslatable(f"the pattern has flags that formsite's patterns do not: {flags}")
    pattern = f"(?i){pattern}" if "i" in flags else pattern
    if fault := patterns.fault(pattern):
        raise Untranslatable(f"it is no pattern that formsite can use: {fault}")
    return pattern


def _unescaped(text: str, delimiter: str) -> int:
    """Where the pattern ends: at the first delimiter without a backslash before it."""
    at = 1
    while at < len(text) and text[at] != delimiter:
        at += 2 if text[at] == "\\" else 1
    return at if at < len(text) else -1


def fits(written: str, text: str) -> bool:
    """Whether the pattern is found in a text."""
    return patterns.compiled(as_re2(written))(text)


def behind(held: str, *, itself: bool) -> str:
    """A pattern of the texts that stand behind one, letter by letter; of itself too where that is wanted.

    Raises:
        Untranslatable: the text is longer than patterns should be.
    """
    if len(held) > MOST_LETTERS:
        raise Untranslatable("it puts a long text in order letter by letter")
    found = "" if itself else "."
    for letter in reversed(held):
        next_ = ord(letter) + 1
        later = f"[{_literal(0xE000 if next_ == SURROGATES else next_)}-{_literal(LAST)}]|" if next_ <= LAST else ""
        found = f"(?:{later}{_literal(ord(letter))}{found})"
    return f"^{found}"


def _literal(code: int) -> str:
    return f"\\x{{{code:X}}}"
