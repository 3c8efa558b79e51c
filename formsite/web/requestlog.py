"""One line for each request: method, rule (never the path: it may hold a token), status and time."""

from __future__ import annotations

import secrets
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger("request")
ID = "formsite.request"


def request_id() -> str:
    """What joins the lines of one request, and what a person can quote from an error page."""
    found: str | None = request.environ.get(ID)
    if found is None:
        found = request.environ[ID] = secrets.token_hex(6)
    return found


def set_up(app: Flask, level: str) -> None:
    """Log every request that is not a static file or a health check; costs nothing where nobody wants to read it."""

    def log_exception(exc_info: Any) -> None:
        """Flask's own line holds the path."""
        log.error("exception", id=request_id(), method=request.method, rule=_rule(), exc_info=exc_info)

    app.log_exception = log_exception  # type: ignore[method-assign]
    if level not in ("debug", "info"):
        return

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if not (request.endpoint or "").startswith("health."):
            log.info(
                "request",
                id=request_id(),
                method=request.method,
                rule=_rule(),
                status=response.status_code,
                ms=round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
            )
        return response


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else "(none)"
