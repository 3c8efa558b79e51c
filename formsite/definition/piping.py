"""`{{field}}` in texts: the answer stands in its place. No template engine: a name, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from formsite.definition.parts import Text

MARK = "{{"
GAP = re.compile(r"\{\{\s*([a-z][a-z0-9_]{0,63}(?:-[A-Za-z0-9_.]{1,130})?)\s*\}\}")

_TAG = re.compile(r"(<[^<>]*>)")


def fill(text: str, say: Callable[[str], str]) -> str:
    """The text with what `say` says of each name. What is filled in is never itself looked through for names."""
    return GAP.sub(lambda gap: say(gap[1]), text)


def fill_markup(html: str, say: Callable[[str], str], plain: Callable[[str], str]) -> str:
    """Markup with what `say` says of each name, and inside of its tags what `plain` says: an attribute holds no element."""
    pieces = _TAG.split(html)
    return "".join(fill(piece, plain if at % 2 else say) for at, piece in enumerate(pieces))


def names(text: Text) -> Iterator[str]:
    """The fields that a text names, in any language."""
    for words in text.root.values():
        yield from (gap[1] for gap in GAP.finditer(words))


def renamed(text: str, old: str, new: str) -> str:
    """The text with another name for a field, and for its parts."""
    if MARK not in text:
        return text
    stem = re.compile(rf"(\{{\{{\s*){re.escape(old)}(?=-|\s*\}}\}})")
    return stem.sub(lambda gap: gap[1] + new, text)
