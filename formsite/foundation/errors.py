"""Refusals: what a person asked for and cannot have, in a sentence for that person."""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """A domain rule says no. `str()` is a sentence that may be shown."""

    status: ClassVar[int] = 422

    @property
    def message(self) -> str:
        """The sentence."""
        return str(self)


class Unavailable(Exception):
    """It cannot be done just now, through nobody's fault; nothing was stored, and trying again is right."""
