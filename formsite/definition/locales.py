"""What Babel knows of a language: found once, and loaded only where words are written (30 ms: not at start)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale


@cache
def locale_of(language: str) -> Locale | None:
    """The locale of a BCP 47 tag, else of its base language; None where Babel knows neither."""
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.split("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None
