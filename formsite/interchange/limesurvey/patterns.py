"""Patterns as the engine writes them, `/…/i`, -> RE2, where they are within it."""

from __future__ import annotations

import re

from formsite.interchange.limesurvey.terms import Untranslatable

LONGEST = 500
_BEYOND = re.compile(r"\(\?(?:[=!>|#&R0-9(+-]|<[=!]|P[=>])|\\[1-9gkKGRX]|[*+?}]\+|\\[pP]\{\^|\(\*[A-Z]")


def as_re2(written: str) -> str:
    """The pattern without its delimiters, with its flags inside.

    Raises:
        Untranslatable: it needs what RE2 does not have (looking around, going back), or is no pattern.
    """
    closing = {"(": ")", "[": "]", "{": "}", "<": ">"}
    text = written.strip()
    if len(text) < 2 or text[0].isalnum() or text[0] in "\\ ":
        raise Untranslatable("the pattern stands in no delimiters")
    end = text.rfind(closing.get(text[0], text[0]))
    if end < 1:
        raise Untranslatable("the pattern is not closed")
    pattern, flags = text[1:end], text[end + 1 :]
    pattern = pattern.replace("\\" + text[0], text[0]) if text[0] in "/#~%@!," else pattern
    kept = "".join(flag for flag in "ims" if flag in flags)
    if set(flags) - set("imsuD") or len(pattern) > LONGEST:
        raise Untranslatable("the pattern uses flags of another engine, or is very long")
    if _BEYOND.search(pattern.replace("\\\\", "")):
        raise Untranslatable("the pattern looks around or back, which formsite's patterns cannot")
    whole = f"(?{kept}){pattern}" if kept else pattern
    _compiled(whole)
    return whole


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise Untranslatable(f"the pattern is none: {error}") from None


def matches_nothing(written: str) -> bool:
    """Whether an empty text fits the pattern."""
    return _compiled(as_re2(written)).search("") is not None
