"""Consent as it stands beside responses: in their list, on one response's page, in exports."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from formsite.consent import queries
from formsite.consent.standing import fold
from formsite.definition.document import Definition
from formsite.definition.fieldtypes import Cell

PREFIX = "_consent_"


class ConsentBeside:
    """Registered with `responses.companions`."""

    name = "consent"
    title = "Consent"
    panel_template = "consent/panel.html"

    def brief(self, response_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """How many of the statements shown hold now."""
        return {
            response_id: f"{sum(each.holds for each in standing)} of {len(standing)} agreed"
            if standing
            else "none asked"
            for response_id, standing in queries.standing_of(response_ids).items()
        }

    def panel(self, response_id: UUID) -> Mapping[str, Any]:
        """The state, the exact words, and every event."""
        rows = queries.rows_of(response_id)
        standing = fold(row.record for row in rows)
        return {
            "standing": standing,
            "texts": queries.texts([each.text_sha256 for each in standing]),
            "events": rows,
        }

    def columns(self, definition: Definition) -> Sequence[str]:
        """One for each statement."""
        return [PREFIX + each.id for each in definition.consents]

    def cells(self, response_ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Cell]]:
        """Given, refused or withdrawn."""
        return {
            response_id: {PREFIX + each.id: each.value for each in standing}
            for response_id, standing in queries.standing_of(response_ids).items()
        }
