"""The counter in front of the application: hands out blank pages that are ready, takes in what is complete, and passes
everything else on.

Most requests to a popular form ask for the same blank page, or bring it back filled in without a fault. What the first
needs is in memory and at most a second old (`faces`); the second is one call of the same verb that the application
calls (`turning.turn`). Neither needs a request context. Whatever is not that plain - the first request of each second,
another address, a query, a choice of languages, an answer with a fault - goes to the application, unchanged: turning a
page that is not accepted stores nothing, and one that is stored is not stored twice.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from formsite.filling import blanks, faces, pagetokens
from formsite.filling.faces import Face
from formsite.filling.refusals import Shut
from formsite.filling.turning import Done, turn
from formsite.filling.visits import first_visit
from formsite.foundation import clock
from formsite.foundation.parts import PLACE
from formsite.foundation.tokens import Tokens
from formsite.web.errors import answer_for
from formsite.web.headers import NONCE

PREFIX = "/f/"
MOST_BYTES = 64 * 1024
MOST_VALUES = 2_000
log = structlog.get_logger("request")


def set_up(app: Flask, *, logged: bool) -> None:
    """Put the counter in front; inside of what adds the headers."""
    tokens: Tokens = app.extensions[PLACE].tokens
    inner = app.wsgi_app

    def counter(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        face = _plain_face(environ)
        if face is None:
            return inner(environ, start_response)
        try:
            return hand_over(face, environ, start_response)
        except Exception as error:  # noqa: BLE001  (nothing above would make a page of it)
            return answer_for(app, environ, error)(environ, start_response)

    def hand_over(face: Face, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method == "GET" and (page := _blank(face, environ, tokens)) is not None:
            status, headers = "200 OK", [("Content-Type", blanks.CONTENT_TYPE), ("Content-Length", str(len(page)))]
        elif method == "POST" and (place := _taken(app, face, environ)) is not None:
            status, headers, page = "303 See Other", [("Location", place), ("Content-Length", "0")], b""
        else:
            return inner(environ, start_response)
        if logged:
            log.info("request", method=method, rule="/f/<slug>", status=int(status[:3]))
        start_response(status, headers)
        return [page]

    app.wsgi_app = counter  # type: ignore[method-assign]


def _plain_face(environ: dict[str, Any]) -> Face | None:
    """The form, if this is its plain address and all that must be known of it is at hand."""
    path: str = environ["PATH_INFO"]
    if not path.startswith(PREFIX) or environ.get("QUERY_STRING"):
        return None
    face = faces.fresh(path[len(PREFIX) :])
    return face if face is not None and len(face.version.definition.languages) == 1 else None


def _blank(face: Face, environ: dict[str, Any], tokens: Tokens) -> bytes | None:
    now = clock.now()
    if face.hindrance(now):
        return None
    blank = blanks.kept(face, face.version.definition.language, environ.get("SCRIPT_NAME", ""))
    if blank is None:
        return None
    nonce = environ[NONCE] = secrets.token_urlsafe(16)
    return blank.join(pagetokens.mint_blank(tokens, face.version.id, now), nonce.encode())


def _taken(app: Flask, face: Face, environ: dict[str, Any]) -> str | None:
    """Where the customer goes on, if the page was the whole of a submission and was stored."""
    is_plain = len(face.version.definition.pages) == 1 and not face.version.plan.takes_files
    sent = _body(environ) if is_plain else None
    if sent is None:
        return None
    now = clock.now()
    with app.app_context():
        token = pagetokens.read(sent.get("_page", [""])[0], now)
        if token is None or token.version_id != face.version.id or face.hindrance(now):
            return None
        language = face.version.definition.language
        visit = first_visit(face, token, version=face.version, language=language, now=now)
        try:
            outcome = turn(visit, token, sent, go="submit") if sent.get("_go", ["submit"]) == ["submit"] else None
        except (Shut, SQLAlchemyError):
            return None  # the application says it in a page
        if not isinstance(outcome, Done):
            return None
        done = pagetokens.draft_token(token.response_id, now)
        return f"{environ.get('SCRIPT_NAME', '')}{PREFIX}{face.slug}/done/{done}"


def _body(environ: dict[str, Any]) -> dict[str, list[str]] | None:
    """What was sent, if it is of a plain kind and size; it can be read again afterwards."""
    length = environ.get("CONTENT_LENGTH") or "0"
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0]
    if kind != "application/x-www-form-urlencoded" or not length.isdigit() or int(length) > MOST_BYTES:
        return None
    raw = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(raw)
    try:
        return parse_qs(raw.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_VALUES)
    except ValueError:
        return None
