"""The state of the list of responses, as it stands in the address of its screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from formsite.responses.models import ResponseState
from formsite.responses.queries import Wanted


def wanted(args: Mapping[str, str]) -> tuple[Wanted, dict[str, str]]:
    """What the address asks for, and what of it cannot be read. An unknown place in the list is its beginning."""
    faults: dict[str, str] = {}

    def day(name: str) -> date | None:
        given = args.get(name, "").strip()
        try:
            return date.fromisoformat(given) if given else None
        except ValueError:
            faults[name] = "Enter a day as year-month-day, like 2026-01-31"
            return None

    since, until = day("since"), day("until")
    if since and until and since > until:
        faults["until"] = "The last day lies before the first"
    state = args.get("state")
    return (
        Wanted(
            ResponseState(state) if state in list(ResponseState) else ResponseState.SUBMITTED,
            since,
            until,
            _place(args.get("older_than")),
            _place(args.get("newer_than")),
        ),
        faults,
    )


def address(asked: Wanted, **place: UUID | None) -> dict[str, str] | None:
    """The query of a neighbouring part of the list; None where there is none."""
    if not any(place.values()):
        return None
    days = {"since": asked.since, "until": asked.until}
    kept = {"state": asked.state.value} | {name: day.isoformat() for name, day in days.items() if day}
    return kept | {name: str(id_) for name, id_ in place.items() if id_}


def _place(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
