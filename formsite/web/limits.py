"""How much may be sent at once: little, but where whole files come in."""

from __future__ import annotations

from flask import Flask, request

FILES = {"interchange.bring_in": 11 * 1024 * 1024}


def set_up(app: Flask) -> None:
    """Widen the limit where it must be; before anything reads the request."""

    @app.before_request
    def widen() -> None:
        if request.endpoint in FILES:
            request.max_content_length = FILES[request.endpoint]
