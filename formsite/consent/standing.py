"""What holds now: the events of one response, folded in their order. Nothing is stored that could disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from formsite.consent.models import ConsentEvent

GIVEN = "given"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Standing:
    """One statement, what was chosen, and whether it was taken back."""

    id: str
    purpose: str
    channel: str | None
    value: str  # given, refused, withdrawn
    since: str  # as records write time
    text_sha256: str

    @property
    def holds(self) -> bool:
        """The person agrees to it now."""
        return self.value == GIVEN


def fold(records: Iterable[Mapping[str, Any]]) -> tuple[Standing, ...]:
    """The state after `records`, oldest first, in the order in which the statements were shown."""
    state: dict[str, Standing] = {}
    for record in records:
        at = record["event"]["time"]
        if record["event"]["type"] == ConsentEvent.CHOSEN:
            state = {choice["id"]: _chosen(choice, at) for choice in record["choices"]}
        else:
            for name in record["event"]["statements"]:
                state[name] = replace(state[name], value=WITHDRAWN, since=at)
    return tuple(state.values())


def _chosen(choice: Mapping[str, Any], at: str) -> Standing:
    return Standing(
        choice["id"], choice["purpose"], choice["channel"], choice["value"], at, choice["statement_text_sha256"]
    )
