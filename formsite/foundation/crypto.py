"""Keys and sealed values.

One key file holds the root secrets; everything else is derived from them (HKDF, RFC 5869) or wrapped under them. A
sealed value is AES-256-GCM (NIST SP 800-38D) whose associated data names its place, so that it opens nowhere else.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import stat
import unicodedata
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from formsite.foundation import clock

VERSION, AES_256_GCM = 1, 1
NONCE, TAG, KEY = 12, 16, 32
INDEX = 16
MOST_KEYS = 255  # the number of a key is one byte wherever it is written


class Unreadable(Exception):
    """A sealed value was altered, moved, or sealed under another key."""


class KeyFileError(Exception):
    """The key file is missing, broken, or open to others; says what to do."""


class Keyring:
    """The root secrets, newest first for writing, all of them for reading."""

    def __init__(self, roots: dict[int, bytes]) -> None:
        if not roots or any(len(secret) != KEY for secret in roots.values()):
            raise KeyFileError("The key file holds no usable key")
        if not all(1 <= key_id <= MOST_KEYS for key_id in roots):
            raise KeyFileError(f"The key file numbers its keys from 1 to {MOST_KEYS}")
        self._roots = dict(sorted(roots.items(), reverse=True))
        self._derive = lru_cache(maxsize=1_024)(self._expand)

    @classmethod
    def load_or_create(cls, path: Path) -> Keyring:
        """The keyring in `path`; made there (mode 0600, folder 0700) at the first start.

        Raises:
            KeyFileError: the file is readable by others, or cannot be understood.
        """
        if not path.exists():
            _create(path)
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise KeyFileError(f"{path} can be read by others (mode {mode:o}): chmod 600 {path}")
        try:
            return cls(_roots(json.loads(path.read_text("utf-8"))["keys"]))
        except (ValueError, KeyError, TypeError) as error:
            raise KeyFileError(f"{path} is no key file ({error}): restore it from its own backup") from None

    @property
    def newest(self) -> int:
        """The id of the key that new values are made with."""
        return next(iter(self._roots))

    def derive(self, purpose: str, key_id: int | None = None) -> bytes:
        """32 bytes for one purpose; KeyError if there is no such key (any more)."""
        return self._derive(purpose, self.newest if key_id is None else key_id)

    def _expand(self, purpose: str, key_id: int) -> bytes:
        return HKDF(SHA256(), KEY, salt=None, info=b"formsite/" + purpose.encode()).derive(self._roots[key_id])

    def new_data_key(self, owner: UUID) -> tuple[bytes, bytes]:
        """A fresh key for `owner`, plain and wrapped."""
        plain = os.urandom(KEY)
        key_id = self.newest
        sealed = seal(self.derive("wrap", key_id), plain, table="keys", column=str(key_id), row=owner)
        return plain, key_id.to_bytes(1) + sealed

    def unwrap(self, wrapped: bytes, owner: UUID) -> bytes:
        """The plain key.

        Raises:
            Unreadable: it is not `owner`'s, was altered, or its root key is gone.
        """
        key_id = wrapped[0] if wrapped else -1
        if key_id not in self._roots:
            raise Unreadable("no such root key")
        return open_sealed(self.derive("wrap", key_id), wrapped[1:], table="keys", column=str(key_id), row=owner)

    def blind_index(self, scope: str, value: str) -> bytes:
        """What equal values of one scope share, and nobody without the key can compute: key id and 16 bytes."""
        return self._index(scope, value, self.newest)

    def blind_indexes(self, scope: str, value: str) -> list[bytes]:
        """The index under every key, newest first: for look-ups that outlive a rotation."""
        return [self._index(scope, value, key_id) for key_id in self._roots]

    def _index(self, scope: str, value: str, key_id: int) -> bytes:
        plain = unicodedata.normalize("NFKC", value).strip().casefold().encode()
        return key_id.to_bytes(1) + hmac.digest(self.derive(f"index/{scope}", key_id), plain, "sha256")[:INDEX]


def seal(key: bytes, plaintext: bytes, *, table: str, column: str, row: UUID) -> bytes:
    """`version | algorithm | nonce | ciphertext | tag`, bound to its place."""
    nonce = os.urandom(NONCE)
    head = bytes((VERSION, AES_256_GCM))
    return head + nonce + AESGCM(key).encrypt(nonce, plaintext, _place(head, table, column, row))


def open_sealed(key: bytes, blob: bytes, *, table: str, column: str, row: UUID) -> bytes:
    """What `seal` sealed.

    Raises:
        Unreadable: altered, moved, or under another key.
    """
    head, nonce, sealed = blob[:2], blob[2 : 2 + NONCE], blob[2 + NONCE :]
    if head != bytes((VERSION, AES_256_GCM)) or len(sealed) < TAG:
        raise Unreadable("not a sealed value")
    try:
        return AESGCM(key).decrypt(nonce, sealed, _place(head, table, column, row))
    except InvalidTag:
        raise Unreadable("altered, moved, or sealed under another key") from None


def _place(head: bytes, table: str, column: str, row: UUID) -> bytes:
    """The associated data. Each part carries its length, so that no two places read alike."""
    parts = (b"formsite", head, table.encode(), column.encode(), row.bytes)
    return b"".join(len(part).to_bytes(2) + part for part in parts)


def _roots(keys: list[dict[str, str]]) -> dict[int, bytes]:
    roots = {int(key["id"]): base64.b64decode(key["secret"], validate=True) for key in keys}
    if len(roots) < len(keys):
        raise ValueError("two keys of one number")
    return roots


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = {"id": 1, "secret": base64.b64encode(os.urandom(KEY)).decode(), "created": clock.now().isoformat()}
    aside = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"formsite_keys": 1, "keys": [key]}, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)  # whole or not at all, and never over one that another process made first
    except FileExistsError:
        pass
    finally:
        aside.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)  # a key that is lost in a power cut takes with it what was sealed meanwhile
    os.close(folder)
