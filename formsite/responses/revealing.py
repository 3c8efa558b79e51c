"""Opening the personal answers of one response: for reading, or for masking them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from formsite.definition.fieldtypes import Value
from formsite.foundation import audit
from formsite.foundation.audit import Actor
from formsite.foundation.errors import Refused
from formsite.foundation.parts import parts
from formsite.foundation.storage import Missing
from formsite.responses import sealing, uploads
from formsite.responses.events import AnswersRevealed, FileHandedOut
from formsite.responses.models import Response
from formsite.responses.queries import Found
from formsite.responses.uploads import Kept

SHORTEST_REASON = 15
LONGEST_REASON = 500


class ReasonMissing(Refused):
    """Personal answers were asked for without saying why."""


def reasoned(reason: str) -> str:
    """The reason, fit to be kept.

    Raises:
        ReasonMissing: it says too little.

    """
    words = " ".join(reason.split())
    if len(words) < SHORTEST_REASON:
        raise ReasonMissing(f"Say why the personal answers are needed, in at least {SHORTEST_REASON} characters")
    return words[:LONGEST_REASON]


def open_personal(response: Response | Any, wrapped: bytes | None) -> dict[str, Value] | None:
    """The personal answers; None where their key was destroyed."""
    if response.sealed is None:
        return {}
    if wrapped is None:
        return None
    key = parts().keyring.unwrap(wrapped, response.id)
    return sealing.unseal(key, response.id, response.sealed)


def hand_out(found: Found, kept: Kept, *, reason: str, actor: Actor, at: datetime) -> Iterator[bytes]:
    """A file of a response, with the reason on record before its first byte leaves.

    Raises:
        ReasonMissing: no reason that says anything.
        Missing: the file, or the key that opens it, is not there any more.
        Unavailable: the place for files is away.
    """
    response = found.response
    if found.wrapped is None:
        raise Missing(str(kept.id))
    audit.record(FileHandedOut(response.form_id, response.id, kept.id, reasoned(reason)), actor=actor, at=at)
    pieces = uploads.content(kept, found.wrapped, response.id)
    first = next(pieces, b"")  # what was altered is found before the answer begins
    return chain([first], pieces)


def reveal(
    response: Response, wrapped: bytes | None, *, reason: str, actor: Actor, at: datetime
) -> dict[str, Value] | None:
    """The personal answers in plain, with the reason on record.

    Raises:
        ReasonMissing: no reason that says anything.

    """
    audit.record(AnswersRevealed(response.form_id, response.id, reasoned(reason)), actor=actor, at=at)
    return open_personal(response, wrapped)
