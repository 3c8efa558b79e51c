"""Passwords: argon2id (RFC 9106), and what a password must be (ASVS 5.0 V6.2: length, not composition)."""

from __future__ import annotations

from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from formsite.foundation.errors import Refused
from formsite.foundation.parts import HashCost, parts

SHORTEST, LONGEST = 12, 128
COMMON = frozenset(
    "password passw0rd qwertyuiop letmein welcome iloveyou administrator changeme football baseball dragon monkey "
    "sunshine princess superman trustno abcdefgh qwerty asdfghjkl zxcvbnm formsite".split()
)
_at_once = BoundedSemaphore(2)  # a flood of sign-ins must not eat all memory and cores


class WeakPassword(Refused):
    """The password would be guessed."""


def require_strong(password: str, *about: str) -> None:
    """Refuse what is short, common, or made of the account's own words.

    Raises:
        WeakPassword: says what to do.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(f"Choose a password of at least {SHORTEST} characters. Several words are easy to remember.")
    if len(password) > LONGEST:
        raise WeakPassword(f"Choose a password of at most {LONGEST} characters.")
    plain = password.lower()
    for word in (*COMMON, *(word.lower() for word in about if len(word) >= 4)):
        plain = plain.replace(word, "")
    if len({*plain}) < 5:
        raise WeakPassword("Choose a password that is not a common word, a repetition, or your own name.")


def hashed(password: str) -> str:
    """The hash to keep, with its parameters and salt."""
    with _at_once:
        return _hasher(parts().hash_cost).hash(password)


def verify(kept: str | None, password: str) -> bool:
    """Whether it is the password. Takes as long where there is no account (`kept` is None)."""
    hasher = _hasher(parts().hash_cost)
    with _at_once:
        try:
            return hasher.verify(kept or _nobodys(parts().hash_cost), password[:1_000]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made at another cost than is asked for now."""
    return _hasher(parts().hash_cost).check_needs_rehash(kept)


@lru_cache(maxsize=4)
def _hasher(cost: HashCost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)


@lru_cache(maxsize=4)
def _nobodys(cost: HashCost) -> str:
    return _hasher(cost).hash("nobody has this password")
