"""The rail on the left of staff screens. Features put their entries here when they are registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from formsite.staff.access import Permission, may
from formsite.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the rail; `holds` are the blueprints whose pages are of that place, beside its own."""

    label: str
    endpoint: str
    permission: Permission
    holds: frozenset[str] = frozenset()


ENTRIES: list[Entry] = []


def offer(entry: Entry) -> None:
    """Put an entry into the rail, once."""
    if entry not in ENTRIES:
        ENTRIES.append(entry)


def entries(member: StaffMember | None) -> list[dict[str, Any]]:
    """What the member may go to."""
    blueprint = (request.endpoint or "").partition(".")[0]
    return [
        {
            "label": entry.label,
            "url": url_for(entry.endpoint),
            "current": entry.endpoint == request.endpoint
            or blueprint in entry.holds
            or entry.endpoint.partition(".")[0] == blueprint != "staff",
        }
        for entry in ENTRIES
        if may(member, entry.permission)
    ]
