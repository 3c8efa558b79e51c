"""The parts that every feature uses and `create_app` puts in place: keys, tokens, and who runs this site."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from formsite.foundation.crypto import Keyring
from formsite.foundation.storage import Storage
from formsite.foundation.tokens import Tokens

PLACE = "formsite"


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who is responsible for the personal data on this site, and how to reach them."""

    name: str
    email: str
    address: str
    base_url: str
    privacy_url: str | None = None


@dataclass(frozen=True, slots=True)
class HashCost:
    """The cost of hashing a password with argon2id (RFC 9106)."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Parts:
    """What there is one of in a running application."""

    keyring: Keyring
    tokens: Tokens
    storage: Storage
    organisation: Organisation
    site_name: str
    mail_sender: str
    time_zone: str = "UTC"
    hash_cost: HashCost = HashCost()


def parts() -> Parts:
    """The parts of the application that is running."""
    found: Parts = current_app.extensions[PLACE]
    return found
