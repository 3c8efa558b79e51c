"""The token in every page: which response it belongs to, on which version, and until when it may be sent.

It stands in for a session: public pages set no cookie, and a page that another site made up carries no token. The
response's id inside it makes sending twice the same as sending once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from formsite.foundation.ids import uuid7
from formsite.foundation.parts import parts
from formsite.foundation.tokens import BadToken, ExpiredToken, Tokens

PURPOSE = "page"
DRAFT = "draft"
GOOD_FOR = timedelta(hours=24)
DRAFT_GOOD_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PageToken:
    """What a page that comes in says of itself."""

    response_id: UUID
    version_id: UUID
    about_id: UUID | None = None
    expired: bool = False

    @property
    def minted_at(self) -> datetime:
        """When the blank page was made: the time in the UUIDv7 (RFC 9562 section 5.7), to the millisecond."""
        return datetime.fromtimestamp((self.response_id.int >> 80) / 1000, UTC)


def mint(version_id: UUID, now: datetime, *, about_id: UUID | None = None, response_id: UUID | None = None) -> str:
    """A token for a page of `version_id`; a new response unless `response_id` names the one it goes on with."""
    payload = (response_id or uuid7()).bytes + version_id.bytes + (about_id.bytes if about_id else b"")
    return parts().tokens.sign(PURPOSE, payload, expires=now + GOOD_FOR)


def mint_blank(tokens: Tokens, version_id: UUID, now: datetime) -> bytes:
    """The token of a blank page, outside of any request."""
    return tokens.sign(PURPOSE, uuid7().bytes + version_id.bytes, expires=now + GOOD_FOR).encode()


def read(token: str, now: datetime) -> PageToken | None:
    """The token, also when it is expired; None if it was not made here."""
    try:
        return _unpack(parts().tokens.read(PURPOSE, token, now=now), expired=False)
    except ExpiredToken as late:
        return _unpack(late.payload, expired=True)
    except BadToken:
        return None


def _unpack(payload: bytes, *, expired: bool) -> PageToken:
    ids = [UUID(bytes=payload[at : at + 16]) for at in range(0, len(payload), 16)]
    return PageToken(ids[0], ids[1], ids[2] if len(ids) > 2 else None, expired)


def draft_token(response_id: UUID, now: datetime) -> str:
    """The part of an address that opens a response in progress."""
    return parts().tokens.sign(DRAFT, response_id.bytes, expires=now + DRAFT_GOOD_FOR)


def read_draft(token: str, now: datetime) -> UUID | None:
    """The response whose address this is; None if it never was one, or is no longer."""
    try:
        return UUID(bytes=parts().tokens.read(DRAFT, token, now=now))
    except BadToken:
        return None
