"""One line for each request: method, rule (never the path: it may hold a token), status and time."""

from __future__ import annotations

import time
import uuid

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger("request")


def set_up(app: Flask, level: str) -> None:
    """Log every request that is not a static file or a health check; costs nothing where nobody wants to read it."""
    if level not in ("debug", "info"):
        return

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        rule = request.url_rule
        if rule is None or not rule.endpoint.startswith("health."):
            log.info(
                "request",
                id=uuid.uuid4().hex[:12],
                method=request.method,
                rule=rule.rule if rule else "(none)",
                status=response.status_code,
                ms=round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
            )
        return response
