"""The exact words of a statement or a notice, and the hash they go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from formsite.definition.parts import Text


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it was shown, and the language it was in."""

    text: str
    language: str
    sha256: str


def said(text: Text | None, language: str, default: str) -> Words | None:
    """What `text` says to a reader of `language`; None where it says nothing.

    The language is the one of the words: a form that lacks a translation shows its first language.
    """
    words = text.say(language, default) if text else ""
    if not text or not words:
        return None
    spoken = next(
        tag
        for tag in (language, language.split("-", maxsplit=1)[0], default, *text.root)
        if text.root.get(tag) == words
    )
    return Words(words, spoken, sha256(words.encode()).hexdigest())


def wording_row(words: Words, at: datetime) -> dict[str, Any]:
    """A row of `wordings`."""
    return {"sha256": words.sha256, "language": words.language, "text": words.text, "first_used_at": at}
