"""The link that stops mail. It works without signing in, for ever, and after the person's data are gone.

The token carries all it needs: the response whose consent is taken back, the hash of the address, and the purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from formsite.consent import withdrawal
from formsite.definition.document import Channel
from formsite.followups import suppression
from formsite.foundation import clock
from formsite.foundation.parts import parts
from formsite.foundation.tokens import BadToken

PURPOSE = "unsubscribe"
INDEX_BYTES = 17
METHOD = "one-click"


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """What a link stops."""

    response_id: UUID
    address_index: bytes
    purpose: str

    def token(self) -> str:
        """The part of the address after `/u/`. It does not expire: mail is kept for years."""
        payload = self.response_id.bytes + self.address_index + self.purpose.encode()
        return parts().tokens.sign(PURPOSE, payload)


def read(token: str) -> Unsubscribe | None:
    """What the link stops; None if it was not made here."""
    try:
        payload = parts().tokens.read(PURPOSE, token, now=clock.now())
    except BadToken:
        return None
    index, purpose = payload[16 : 16 + INDEX_BYTES], payload[16 + INDEX_BYTES :]
    return Unsubscribe(UUID(bytes=payload[:16]), index, purpose.decode())


def unsubscribe(link: Unsubscribe, *, at: datetime) -> None:
    """No further mail of this kind to this address, from now on. Doing it again changes nothing."""
    suppression.suppress(link.address_index, link.purpose, reason=suppression.UNSUBSCRIBED, at=at)
    withdrawal.withdraw_purpose(link.response_id, link.purpose, Channel.EMAIL.value, at=at, method=METHOD)
