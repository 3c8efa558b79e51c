"""Emphasis in Markdown: marks open and close only beside certain letters. Those that would do neither are left out."""

from __future__ import annotations

import re
import unicodedata

OPENING = {"**": "\ue100", "*": "\ue101", "`": "\ue102"}
CLOSING = {"**": "\ue110", "*": "\ue111", "`": "\ue112"}
FOREIGN = re.compile("[\x00\ue100-\ue112]")
"""What no text may bring along: it would be taken for a mark."""
_MARK = {sign: mark for signs in (OPENING, CLOSING) for mark, sign in signs.items()}
_SIGN = re.compile("[\ue100-\ue112]")


def around(mark: str) -> tuple[str, str]:
    """What stands before and after words that are to be emphasised, until `settled` decides."""
    return OPENING[mark], CLOSING[mark]


def settled(text: str) -> str:
    """The text with the marks that Markdown understands where they stand, and without the others."""
    if not _SIGN.search(text):
        return text
    kept: set[int] = set()
    within: list[int] = []  # the marks that are kept and open
    ends = _ends(text)
    for begin in sorted(ends):
        while within and ends[within[-1]] < begin:
            within.pop()
        mark = _MARK[text[begin]]
        open_ = {_MARK[text[at]] for at in within}
        if mark not in open_ and "`" not in open_ and _holds(text, begin, ends[begin], kept):
            kept |= {begin, ends[begin]}
            within.append(begin)
    return "".join(
        (_MARK[letter] if at in kept else "") if letter in _MARK else letter for at, letter in enumerate(text)
    )


def _ends(text: str) -> dict[int, int]:
    """Where each sign that opens stands, and where the one that closes it."""
    open_: list[int] = []
    found: dict[int, int] = {}
    for sign in _SIGN.finditer(text):
        if sign[0] in OPENING.values():
            open_.append(sign.start())
        elif open_:
            found[open_.pop()] = sign.start()
    return found


def _holds(text: str, begin: int, end: int, kept: set[int]) -> bool:
    """Whether Markdown opens and closes emphasis there."""
    inside = _SIGN.sub("", text[begin:end])
    if text[begin] == OPENING["`"]:
        return not re.search(r"[\\`\n]|\]\(", inside) and _before(text, begin, kept)[1] != "`"
    before, touched = _before(text, begin, kept)
    after = next((letter for letter in text[end:] if letter not in _MARK), "")
    return (
        bool(inside)
        and touched == ""
        and (not _is_sign(inside[0]) or _parts(before))
        and (not _is_sign(inside[-1]) or _parts(after))
    )


def _before(text: str, begin: int, kept: set[int]) -> tuple[str, str]:
    """The letter before a mark, and the mark that closes right before it: the two would be taken for one."""
    touched = ""
    for at in range(begin - 1, -1, -1):
        if text[at] not in _MARK:
            return text[at], touched
        if at in kept and text[at] in CLOSING.values():
            touched = touched or _MARK[text[at]]
    return "", touched


def _is_sign(letter: str) -> bool:
    """Whether a letter may count as punctuation: then a mark beside it needs room on its other side."""
    return not letter.isalnum() and not letter.isspace()


def _parts(letter: str) -> bool:
    """Whether a letter gives that room: white space, the end of the text, or surely punctuation."""
    return not letter or letter.isspace() or unicodedata.category(letter).startswith("P") or letter in "$+<=>^`|~"
