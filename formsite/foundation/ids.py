"""Identifiers: time-ordered keys of rows, and the short references that people read to each other."""

from __future__ import annotations

import os
import time
from datetime import datetime
from uuid import UUID

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def uuid7(at: datetime | None = None) -> UUID:
    """A UUIDv7 (RFC 9562 section 5.7): milliseconds since the epoch, then 74 random bits."""
    milliseconds = int((time.time() if at is None else at.timestamp()) * 1000)
    random = int.from_bytes(os.urandom(10))
    high = (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64
    return UUID(int=high | 0b10 << 62 | random & ((1 << 62) - 1))


def reference(id_: UUID) -> str:
    """A reference for people, out of the random end of an id: eight Crockford symbols, like `7KQ4-MD2X`."""
    number = id_.int
    symbols = [CROCKFORD[number >> shift & 31] for shift in range(35, -1, -5)]
    return "".join(symbols[:4]) + "-" + "".join(symbols[4:])


def first_of(at: datetime) -> UUID:
    """The smallest UUIDv7 of a moment: a span of time is a span of ids."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
