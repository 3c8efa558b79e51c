"""Security headers on every answer. Nothing is loaded from elsewhere, nothing runs but our own scripts."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g

from formsite.config import Settings

FIXED = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
]


def csp_nonce() -> str:
    """The nonce of this answer: the scripts that carry it may run, no others."""
    nonce: str | None = g.get("csp_nonce")
    if nonce is None:
        nonce = g.csp_nonce = secrets.token_urlsafe(16)
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

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.extend(fixed)
        response.headers.add("Content-Security-Policy", before + csp_nonce() + after)
        if "Cache-Control" not in response.headers:
            response.headers.add("Cache-Control", "no-store")
        return response

    app.add_template_global(csp_nonce)
