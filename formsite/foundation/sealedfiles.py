"""Files sealed piece by piece, so that a large one is opened while it is read.

`version | algorithm | salt, 16 | sealed pieces`, each of 64 KiB and its tag. The key of a file is derived from its
owner's key and the salt; the nonce of a piece is its number and whether it is the last one (the STREAM construction of
Hoang, Reyhanitabar, Rogaway and Vizár), so that pieces can neither change places nor go missing at the end unseen.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from formsite.foundation.crypto import AES_256_GCM, KEY, TAG, VERSION, Unreadable

PIECE = 64 * 1024
SALT = 16
_HEAD = bytes((VERSION, AES_256_GCM))


def seal_pieces(key: bytes, pieces: Iterable[bytes], *, file: UUID) -> Iterator[bytes]:
    """The file `file` sealed under its owner's key, whatever the size of the pieces it comes in."""
    salt = os.urandom(SALT)
    yield _HEAD + salt
    cipher = _cipher(key, salt, file)
    for number, (piece, is_last) in enumerate(_even(pieces, PIECE)):
        yield cipher.encrypt(_nonce(number, is_last=is_last), piece, file.bytes)


def open_pieces(key: bytes, sealed: Iterable[bytes], *, file: UUID) -> Iterator[bytes]:
    """What `seal_pieces` was given. A piece is given out when it was found genuine.

    Raises:
        Unreadable: altered, moved, cut off, or under another key.
    """
    source = _Source(sealed)
    head = source.take(len(_HEAD) + SALT)
    if len(head) < len(_HEAD) + SALT or not head.startswith(_HEAD):
        raise Unreadable("not a sealed file")
    cipher = _cipher(key, head[len(_HEAD) :], file)
    for number, (piece, is_last) in enumerate(_even(source.rest(), PIECE + TAG)):
        try:
            yield cipher.decrypt(_nonce(number, is_last=is_last), piece, file.bytes)
        except InvalidTag:
            raise Unreadable("altered, moved, cut off, or sealed under another key") from None


def _cipher(key: bytes, salt: bytes, file: UUID) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY, salt=salt, info=b"formsite/file" + file.bytes).derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11) + bytes((is_last,))


def _even(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Pieces of one size, each with whether it is the last; at least one, if need be an empty one."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True


class _Source:
    """Pieces from which a beginning of a certain length is taken."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = b""

    def take(self, size: int) -> bytes:
        while len(self._held) < size and (piece := next(self._pieces, None)) is not None:
            self._held += piece
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def rest(self) -> Iterator[bytes]:
        yield self._held
        yield from self._pieces
