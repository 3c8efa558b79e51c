"""Opening the personal answers of one response: for reading, or for masking them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from formsite.definition.fieldtypes import Value
from formsite.foundation import audit
from formsite.foundation.audit import Actor
from formsite.foundation.errors import Refused
from formsite.foundation.parts import parts
from formsite.responses import sealing
from formsite.responses.events import AnswersRevealed
from formsite.responses.models import Response

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


def reveal(
    response: Response, wrapped: bytes | None, *, reason: str, actor: Actor, at: datetime
) -> dict[str, Value] | None:
    """The personal answers in plain, with the reason on record.

    Raises:
        ReasonMissing: no reason that says anything.

    """
    audit.record(AnswersRevealed(response.form_id, response.id, reasoned(reason)), actor=actor, at=at)
    return open_personal(response, wrapped)
