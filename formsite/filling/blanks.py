"""Blank pages, rendered once for a version and language and split at their two live places: the token and the nonce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from formsite.filling.faces import Face

CONTENT_TYPE = "text/html; charset=utf-8"
NONCE, TOKEN = "\x00nonce\x00", "\x00token\x00"  # no text of a page holds a NUL
MOST_KEPT = 1_024


@dataclass(frozen=True, slots=True)
class Blank:
    """The texts between the live places, and for each place whether it is the token."""

    texts: tuple[bytes, ...]
    tokens: tuple[bool, ...]

    def join(self, token: bytes, nonce: bytes) -> bytes:
        """The page."""
        pieces = [self.texts[0]]
        for is_token, text in zip(self.tokens, self.texts[1:], strict=True):
            pieces += (token if is_token else nonce, text)
        return b"".join(pieces)


_Place = tuple[UUID, str, datetime | None, str, frozenset[tuple[str, frozenset[str]]]]
_kept: dict[_Place, Blank] = {}


def kept(face: Face, language: str, root: str) -> Blank | None:
    """The page, if it was rendered before. `root` is where the application is mounted."""
    return _kept.get(_place(face, language, root))


def _place(face: Face, language: str, root: str) -> _Place:
    """What a blank page depends on."""
    return (face.version.id, language, face.closes_at, root, frozenset(face.full.items()))


def keep(face: Face, language: str, root: str, html: str) -> Blank:
    """Split a page that was rendered with the two marks in place of what is live."""
    pieces = html.replace(TOKEN, "\x00T").replace(NONCE, "\x00N").split("\x00")
    texts = (pieces[0], *(piece[1:] for piece in pieces[1:]))
    made = Blank(tuple(text.encode() for text in texts), tuple(piece[0] == "T" for piece in pieces[1:]))
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    return _kept.setdefault(_place(face, language, root), made)
