"""Patterns typed by designers or brought by importers: RE2 syntax, matched in linear time (https://github.com/google/re2).

`static/js/patterns.js` says them as patterns of the browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import re2

LONGEST = 2_000
_TOKENS = re.compile(
    r"\\Q.*?(?:\\E|$)"
    r"|\\(?P<escape>.)"
    r"|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]"
    r"|(?P<flags>\(\?[imsU]*(?:-[imsU]+)?\))(?=[*+?]|\{[0-9])",
    re.DOTALL,
)


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False  # it would write to standard error
    options.dot_nl = True  # as in the browser, where patterns run with the flag `s`
    options.max_mem = 8 << 20
    return options


def fault(pattern: str) -> str | None:
    """What is wrong with a pattern; None if it can be used."""
    if len(pattern) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    for found in _TOKENS.finditer(pattern):
        if found["escape"] == "C":
            return "\\C looks at bytes, and texts are made of characters"
        if found["flags"]:
            return f"{found['flags']} cannot be repeated"
    try:
        compiled(pattern)
    except UnicodeEncodeError:
        return "it has half a character"
    except re2.error as error:
        message = error.args[0] if error.args else "it is no pattern"
        return message.decode() if isinstance(message, bytes) else str(message)
    return None


@lru_cache(maxsize=2_048)
def compiled(pattern: str) -> Callable[[str], bool]:
    """Whether the pattern is found anywhere in a text; in one with half a character nothing is found.

    Raises:
        re2.error: it is no pattern of RE2.
    """
    search = re2.compile(pattern, options=_options()).search

    def found(text: str) -> bool:
        try:
            return search(text) is not None
        except UnicodeEncodeError:
            return False

    return found
