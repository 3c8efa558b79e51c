"""Keeps personal answers apart from the rest, and sealed: only the response's own key opens them.

The sealed text is padded, so that its length does not tell a yes from a no or one choice from another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from formsite.definition.document import Definition
from formsite.definition.fieldtypes import Value
from formsite.foundation import canonical, crypto

TABLE = "responses"
COLUMN = "sealed"
BUCKET = 64


def split(definition: Definition, answers: Mapping[str, Value]) -> tuple[dict[str, Value], dict[str, Value]]:
    """The answers as (open, personal). What the definition does not know is taken for personal."""
    open_answers: dict[str, Value] = {}
    personal: dict[str, Value] = {}
    for name, value in answers.items():
        field = definition.field_at(name)
        is_open = not field.personal if field else definition.is_repeat(name)
        (open_answers if is_open else personal)[name] = value
    return open_answers, personal


def seal(key: bytes, response_id: UUID, personal: Mapping[str, Value]) -> bytes | None:
    """The personal answers for the column `responses.sealed`; None where there is none."""
    if not personal:
        return None
    plain = canonical.encode(dict(personal))
    padded = plain + b" " * (-len(plain) % BUCKET)  # JSON allows white space at its end
    return crypto.seal(key, padded, table=TABLE, column=COLUMN, row=response_id)


def unseal(key: bytes, response_id: UUID, blob: bytes | None) -> dict[str, Any]:
    """What `seal` put away.

    Raises:
        crypto.Unreadable: the blob was changed, or belongs to another row.

    """
    if blob is None:
        return {}
    opened: dict[str, Any] = json.loads(crypto.open_sealed(key, blob, table=TABLE, column=COLUMN, row=response_id))
    return opened
