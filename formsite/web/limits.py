"""How much may be sent at once: little, but where whole files come in."""

from __future__ import annotations

from flask import Request

FILES = {"interchange.bring_in": 11 * 1024 * 1024}


class LimitedRequest(Request):
    """A request whose limit depends on where it goes."""

    @property
    def max_content_length(self) -> int | None:
        """In bytes."""
        return FILES.get(self.endpoint or "") or super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value
