"""Security headers on every answer. Nothing is loaded from elsewhere, nothing runs but our own scripts.

They are put on around the application, not inside it: a page of a form is served in little more time than Flask takes
to say hello, and a header added in Flask costs several microseconds.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request

from formsite.config import Settings

FIXED = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"),
]
NONCE = "formsite.nonce"


def csp_nonce() -> str:
    """The nonce of this answer: the scripts that carry it may run, no others."""
    nonce: str | None = request.environ.get(NONCE)
    if nonce is None:
        nonce = request.environ[NONCE] = secrets.token_urlsafe(16)
    return nonce


def set_up(app: Flask, settings: Settings) -> None:
    """Add the headers to every answer."""
    frames = " ".join(settings.embed_origins) or "'none'"
    before = "default-src 'none'; script-src 'nonce-"
    after = (
        "' 'strict-dynamic'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
        f"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors {frames}"
    )
    fixed = [*FIXED]
    if settings.https:
        fixed.append(("Strict-Transport-Security", "max-age=63072000; includeSubDomains"))
    if not settings.embed_origins:
        fixed.append(("X-Frame-Options", "DENY"))
    address = urlsplit(settings.base_url).netloc if settings.https else None
    inner = app.wsgi_app

    def with_headers(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonce = environ.get(NONCE) or secrets.token_urlsafe(16)
            headers += fixed
            headers.append(("Content-Security-Policy", before + nonce + after))
            if not any(name == "Cache-Control" for name, _ in headers):
                headers.append(("Cache-Control", "no-store"))
            return start_response(status, headers, *rest)

        if address is not None:  # in production the address of the site is a setting, never what a client says it is
            environ["HTTP_HOST"], environ["wsgi.url_scheme"] = address, "https"
        return inner(environ, start)

    app.wsgi_app = with_headers  # type: ignore[method-assign]
    app.add_template_global(csp_nonce)
