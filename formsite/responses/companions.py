"""What other features keep beside a response, shown and exported with it.

The features lie above this one and are not known here: each registers a companion when the application is put together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from formsite.definition.document import Definition
from formsite.definition.fieldtypes import Cell


class Companion(Protocol):
    """One feature's rows about responses. `brief` and `cells` cost one statement for a whole page of responses."""

    name: str
    title: str
    """Heads the column of the list, and the panel beside one response."""
    panel_template: str

    def brief(self, response_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """A few words on each response, for the list."""

    def panel(self, response_id: UUID) -> Mapping[str, Any]:
        """What the panel beside one response shows."""

    def columns(self, definition: Definition) -> Sequence[str]:
        """The columns of an export; each begins with an underscore."""

    def cells(self, response_ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Cell]]:
        """The cells of an export, by column."""


_companions: dict[str, Companion] = {}


def register(companion: Companion) -> None:
    """Make a companion known. Doing it again, with another application in one process, changes nothing."""
    _companions[companion.name] = companion


def all() -> Iterable[Companion]:  # noqa: A001 - reads as companions.all()
    """Every companion, in the order of registration."""
    return tuple(_companions.values())
