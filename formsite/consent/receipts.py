"""A person's own copy of the record: its address, which cannot be guessed and does not expire, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from formsite.consent import queries
from formsite.consent.standing import Standing, fold
from formsite.designer import plans
from formsite.foundation import clock
from formsite.foundation.ids import reference
from formsite.foundation.parts import parts
from formsite.foundation.tokens import BadToken

PURPOSE = "receipt"
SCHEMA = "formsite-receipt/1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was chosen, what holds now, and every record behind it."""

    reference: str
    title: str
    language: str
    records: tuple[Mapping[str, Any], ...]  # oldest first
    texts: Mapping[str, str]  # the exact words, by hash

    @property
    def first(self) -> Mapping[str, Any]:
        """The record of the submission."""
        return self.records[0]

    @property
    def standing(self) -> tuple[Standing, ...]:
        """What holds now."""
        return fold(self.records)

    @property
    def notice(self) -> str:
        """What the customer was told."""
        return self.texts.get(self.first["notice"]["text_sha256"], "")

    def as_json(self, url: str) -> dict[str, Any]:
        """The receipt for machines. The records are those that are stored, unchanged."""
        return {
            "schema": SCHEMA,
            "receipt_id": self.first["header"]["receipt_id"],
            "reference": self.reference,
            "url": url,
            "withdrawal": {"url": url, "how": "one button for each statement, without signing in"},
            "state": [
                {"id": s.id, "purpose": s.purpose, "channel": s.channel, "value": s.value, "since": s.since}
                for s in self.standing
            ],
            "records": list(self.records),
            "wordings": dict(self.texts),
        }


def receipt_token(response_id: UUID) -> str:
    """The part of the address after `/r/`. Made from the response, so that no look-up is needed to link it."""
    return parts().tokens.sign(PURPOSE, response_id.bytes)


def read(token: str) -> UUID | None:
    """The response whose receipt it is; None if the token was not made here."""
    try:
        return UUID(bytes=parts().tokens.read(PURPOSE, token, now=clock.now()))
    except BadToken:
        return None


def find(response_id: UUID) -> Receipt | None:
    """The receipt; None if nothing was submitted. It is there as long as the records, erased answers or not."""
    rows = queries.rows_of(response_id)
    if not rows:
        return None
    records = tuple(row.record for row in rows)
    hashes = {choice["statement_text_sha256"] for choice in records[0]["choices"]}
    version = plans.published(rows[0].version_id)
    title = version.definition.title.say(rows[0].language, version.definition.language) if version else ""
    texts = queries.texts(hashes | {records[0]["notice"]["text_sha256"]})
    return Receipt(reference(response_id), title, rows[0].language, records, texts)
