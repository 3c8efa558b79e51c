"""How much may be sent at once: little, but where whole files come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Request

FILES: dict[str, int | Callable[[Mapping[str, Any]], int | None]] = {
    "interchange.bring_in": 11 * 1024 * 1024,
    "media.add": 11 * 1024 * 1024,
    "choices.bring": 6 * 1024 * 1024,
}
"""How many bytes an address takes, or what tells it from the arguments of the address."""


class LimitedRequest(Request):
    """A request whose limit depends on where it goes."""

    @property
    def max_content_length(self) -> int | None:
        """In bytes."""
        most = FILES.get(self.endpoint or "")
        if callable(most):
            most = most(self.view_args or {})
        return most or super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value
