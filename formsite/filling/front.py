"""The counter in front of the application: hands out blank pages that are ready, and passes everything else on.

Most requests of a popular form ask for the same blank page. What is needed to answer is in memory and at most a second
old (`faces`), so the answer is a join of strings, without a request context. The application itself answers the first
request of each second, every other address, and whatever has a query or a choice of languages.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from flask import Flask

from formsite.filling import blanks, faces, pagetokens
from formsite.foundation import clock
from formsite.foundation.parts import PLACE
from formsite.foundation.tokens import Tokens
from formsite.web.headers import NONCE

PREFIX = "/f/"
log = structlog.get_logger("request")


def set_up(app: Flask, *, logged: bool) -> None:
    """Put the counter in front; inside of what adds the headers."""
    tokens: Tokens = app.extensions[PLACE].tokens
    inner = app.wsgi_app

    def counter(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        page = _ready(environ, tokens)
        if page is None:
            return inner(environ, start_response)
        if logged:
            log.info("request", method="GET", rule="/f/<slug>", status=200)
        headers = [("Content-Type", blanks.CONTENT_TYPE), ("Content-Length", str(len(page)))]
        start_response("200 OK", headers)
        return [page]

    app.wsgi_app = counter  # type: ignore[method-assign]


def _ready(environ: dict[str, Any], tokens: Tokens) -> bytes | None:
    path: str = environ["PATH_INFO"]
    if not path.startswith(PREFIX) or environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
        return None
    face = faces.fresh(path[len(PREFIX) :])
    if face is None or len(face.version.definition.languages) > 1:
        return None
    now = clock.now()
    if face.hindrance(now):
        return None
    blank = blanks.kept(face, face.version.definition.language, environ.get("SCRIPT_NAME", ""))
    if blank is None:
        return None
    nonce = environ[NONCE] = secrets.token_urlsafe(16)
    return blank.join(pagetokens.mint_blank(tokens, face.version.id, now), nonce.encode())
