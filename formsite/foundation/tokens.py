"""Tokens for links and pages: signed, bound to one purpose, and expiring.

`base64url(key id | expiry, 4 bytes | payload | HMAC-SHA256 cut to 20 bytes)`. The signing key is derived for the
purpose, so that a token made for one thing says nothing anywhere else. Making or reading one costs a few microseconds.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import datetime

from formsite.foundation.crypto import Keyring

MAC = 20
HEAD = 5
NEVER = 0


class BadToken(Exception):
    """Not made here, not for this, or altered."""


class ExpiredToken(BadToken):
    """Made here and for this, but too old. `payload` is authentic."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("expired")
        self.payload = payload


class Tokens:
    """Makes and reads tokens with the keys of a keyring."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def sign(self, purpose: str, payload: bytes, *, expires: datetime | None = None) -> str:
        """A token that carries `payload` in the clear; safe in a URL."""
        key_id = self._keyring.newest
        until = NEVER if expires is None else int(expires.timestamp())
        body = key_id.to_bytes(1) + until.to_bytes(4) + payload
        return urlsafe_b64encode(body + self._mac(purpose, key_id, body)).rstrip(b"=").decode()

    def read(self, purpose: str, token: str, *, now: datetime) -> bytes:
        """The payload.

        Raises:
            ExpiredToken: it was good once; carries the payload.
            BadToken: anything else.
        """
        body, mac = _split(token)
        try:
            good = hmac.compare_digest(mac, self._mac(purpose, body[0], body))
        except KeyError:
            raise BadToken("unknown key") from None
        if not good:
            raise BadToken("wrong signature")
        until = int.from_bytes(body[1:HEAD])
        if until != NEVER and now.timestamp() >= until:
            raise ExpiredToken(body[HEAD:])
        return body[HEAD:]

    def _mac(self, purpose: str, key_id: int, body: bytes) -> bytes:
        return hmac.digest(self._keyring.derive(f"token/{purpose}", key_id), body, "sha256")[:MAC]


def _split(token: str) -> tuple[bytes, bytes]:
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (Base64Error, ValueError):
        raise BadToken("not base64url") from None
    if len(raw) < HEAD + MAC or urlsafe_b64encode(raw).rstrip(b"=") != token.encode("ascii"):
        raise BadToken("not a token")  # one token has one spelling
    return raw[:-MAC], raw[-MAC:]
