"""The address of a person's own copy of the record. It cannot be guessed, and it does not expire."""

from __future__ import annotations

from uuid import UUID

from formsite.foundation import clock
from formsite.foundation.parts import parts
from formsite.foundation.tokens import BadToken

PURPOSE = "receipt"


def receipt_token(response_id: UUID) -> str:
    """The part of the address after `/r/`. Made from the response, so that no look-up is needed to link it."""
    return parts().tokens.sign(PURPOSE, response_id.bytes)


def read(token: str) -> UUID | None:
    """The response whose receipt it is; None if the token was not made here."""
    try:
        return UUID(bytes=parts().tokens.read(PURPOSE, token, now=clock.now()))
    except BadToken:
        return None
