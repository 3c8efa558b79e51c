"""Patterns typed by designers or brought by importers: RE2 syntax, matched in linear time (https://github.com/google/re2)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import re2

LONGEST = 2_000


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
    try:
        compiled(pattern)
    except re2.error as error:
        message = error.args[0] if error.args else "it is no pattern"
        return message.decode() if isinstance(message, bytes) else str(message)
    return None


@lru_cache(maxsize=2_048)
def compiled(pattern: str) -> Callable[[str], bool]:
    """Whether the pattern is found anywhere in a text.

    Raises:
        re2.error: it is no pattern of RE2.
    """
    search = re2.compile(pattern, options=_options()).search
    return lambda text: search(text) is not None
