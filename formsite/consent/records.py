"""The consent record: what one person was shown, and what they chose, in a form that can be shown to anyone.

It names purposes, wordings (by hash) and times. It holds no answer, no address and nothing about the device. Refusals
are recorded as carefully as agreements; a later event is a record of its own and never changes an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from formsite.consent.models import ConsentEvent
from formsite.consent.words import Words, said, wording_row
from formsite.definition.document import Definition
from formsite.designer.plans import Published
from formsite.foundation.ids import uuid7
from formsite.foundation.parts import Organisation, parts

SCHEMA = "formsite-consent/1"
CONFORMS_TO = "https://w3id.org/dpv/dpv-27560#record"
STORAGE = {"location": "the database of the controller's own installation", "encryption": "AES-256-GCM"}
MOST_KEPT = 1_024


@dataclass(frozen=True, slots=True)
class Shown:
    """What a customer saw on the page that asked: the same for everybody who saw it in one language."""

    notice: Words | None
    statements: Mapping[str, Words]
    fixed: Mapping[str, Any]
    """The parts of the record that do not depend on the person."""
    choices: tuple[Mapping[str, Any], ...]


_kept: dict[tuple[UUID, str, str, Organisation], Shown] = {}


def shown(version: Published, slug: str, language: str) -> Shown:
    """What a form shows in one language. Put together once, then kept: a version never changes."""
    organisation = parts().organisation
    place = (version.id, slug, language, organisation)
    if (kept := _kept.get(place)) is not None:
        return kept
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    return _kept.setdefault(place, _shown(version, slug, language, organisation))


def _shown(version: Published, slug: str, language: str, organisation: Organisation) -> Shown:
    definition = version.definition
    notice = said(definition.notice, language, definition.language)
    statements = {each.id: said(each.wording, language, definition.language) for each in definition.consents}
    fixed = {
        "form": {"id": str(version.form_id), "slug": slug, "version": version.number, "sha256": version.sha256},
        "notice": {
            "text_sha256": notice.sha256 if notice else None,
            "language": notice.language if notice else language,
            "policy_url": organisation.privacy_url,
        },
        "processing": {"pii_types": _pii_types(definition), "recipients": [], "storage": STORAGE},
        "parties": {
            "controller": {
                "name": organisation.name,
                "address": organisation.address,
                "contact": organisation.email,
            }
        },
        "rights": {"withdrawal": organisation.base_url + "/r/", "contact": organisation.email},
    }
    choices = tuple(
        {
            "id": each.id,
            "purpose": each.purpose.value,
            "channel": each.channel.value if each.channel else None,
            "statement_text_sha256": words.sha256,
            "language": words.language,
            "control": "checkbox",
            "default_state": "unset",
            "required_for_service": False,
        }
        for each in definition.consents
        if (words := statements[each.id])
    )
    return Shown(notice, {name: words for name, words in statements.items() if words}, fixed, choices)


def _pii_types(definition: Definition) -> list[dict[str, Any]]:
    """Which kinds of personal data are asked for, and whether they must be given: `true`, `false` or by a rule."""
    found = {}
    for field in definition.fields():
        if field.personal:
            compulsory = field.compulsory if isinstance(field.compulsory, bool) else "rule"
            found[field.type, compulsory] = {"type": field.type, "compulsory": compulsory}
    return list(found.values())


def record_row(
    *,
    version: Published,
    slug: str,
    response_id: UUID,
    language: str,
    choices: Mapping[str, bool],
    shown_at: datetime,
    at: datetime,
    method: str,
) -> dict[str, Any]:
    """The row that goes with a submission. Every statement shown is in it; one that was not chosen is refused."""
    seen = shown(version, slug, language)
    record_id = uuid7()
    record = {
        "header": {
            "schema": SCHEMA,
            "conforms_to": CONFORMS_TO,
            "record_id": str(record_id),
            "receipt_id": str(uuid4()),
            "supersedes": None,
        },
        "subject": {"id": str(uuid4()), "identifier_type": "random"},
        **seen.fixed,
        "notice": seen.fixed["notice"] | {"shown_at": stamp(shown_at)},
        "choices": [{**choice, "value": _value(choices.get(choice["id"]))} for choice in seen.choices],
        "event": _event(ConsentEvent.CHOSEN, at, method),
    }
    return {
        "id": record_id,
        "response_id": response_id,
        "form_id": version.form_id,
        "version_id": version.id,
        "event": ConsentEvent.CHOSEN.value,
        "supersedes": None,
        "at": at,
        "method": method,
        "language": language,
        "record": record,
    }


def withdrawal_row(
    before: Mapping[str, Any], statements: Iterable[str], *, at: datetime, method: str
) -> dict[str, Any]:
    """The row that says that `statements` no longer hold. `before` is the newest row; it stays as it is."""
    record_id = uuid7()
    record = deepcopy(dict(before["record"]))
    record["header"] |= {"record_id": str(record_id), "supersedes": str(before["id"])}
    gone = set(statements)
    record["choices"] = [
        choice | {"value": "withdrawn"} if choice["id"] in gone else choice for choice in record["choices"]
    ]
    record["event"] = _event(ConsentEvent.WITHDRAWN, at, method) | {"statements": sorted(gone)}
    kept = ("response_id", "form_id", "version_id", "language")
    carried: dict[str, Any] = {name: before[name] for name in kept}
    return carried | {
        "id": record_id,
        "event": ConsentEvent.WITHDRAWN.value,
        "supersedes": before["id"],
        "at": at,
        "method": method,
        "record": record,
    }


def wordings(definition: Definition, at: datetime) -> list[dict[str, Any]]:
    """Every text a customer can be shown and asked to agree to: rows for publishing to store, once each."""
    texts = [definition.notice, *(each.wording for each in definition.consents)]
    found = (said(text, language, definition.language) for language in definition.languages for text in texts)
    rows = {words.sha256: wording_row(words, at) for words in found if words}
    return list(rows.values())


def stamp(at: datetime) -> str:
    """A moment as records write it: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _value(given: bool | None) -> str:
    return "given" if given else "refused"


def _event(event: ConsentEvent, at: datetime, method: str) -> dict[str, Any]:
    return {"type": event.value, "time": stamp(at), "method": method, "actor": "subject"}
