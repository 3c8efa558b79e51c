"""Every error is a page that says what happened and what to do; none carries a trace, a path or a version."""

from __future__ import annotations

import errno
import sqlite3
from typing import Any

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolEmpty
from werkzeug.exceptions import HTTPException

from formsite.definition.faults import Faulty
from formsite.foundation.errors import Refused, Unavailable
from formsite.web.requestlog import request_id

WORDS = {
    400: ("That request could not be read", "Go back, reload the page and try again."),
    401: ("Sign in first", "Your session has ended. Sign in again; then repeat what you did."),
    403: ("That is not open to you", "Your role does not include it. An admin can change roles."),
    404: ("There is nothing here", "The address may be mistyped, or what was here was taken away."),
    405: ("That cannot be done here", "Go back and use the buttons on the page."),
    409: ("Somebody was quicker", "What you saw has changed meanwhile. Look at it again."),
    410: ("This is gone", "What was here was taken away for good."),
    413: ("That is too much at once", "Shorten it, or send a smaller file."),
    422: ("That cannot be done", "Look at it again."),
    429: ("Too many tries", "Wait a little, then try again."),
    500: ("Something went wrong here", "It is our fault and has been noted. Try again in a moment."),
    503: ("We cannot take this just now", "Nothing was stored. Try again in a minute; your page keeps what you typed."),
}
RETRY_SECONDS = "10"
SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
}
DISK_AWAY = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE}
log = structlog.get_logger("errors")


def error_page(status: int, *, title: str | None = None, advice: str | None = None) -> Response:
    """The page for a status."""
    words = WORDS.get(status, WORDS[500] if status >= 500 else WORDS[400])
    quote = request_id() if status >= 500 else ""
    html = render_template(
        "errors/error.html", status=status, title=title or words[0], advice=advice or words[1], quote=quote
    )
    return make_response(html, status)


def set_up(app: Flask) -> None:
    """Handlers for what HTTP, the domain and the database may refuse."""

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error.get_response()
        page = error_page(error.code)
        for name, value in error.get_headers(request.environ):
            if name in ("Allow", "Retry-After"):
                page.headers[name] = value
        return page

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> ResponseReturnValue:
        return error_page(
            400, title="This page was open too long", advice="Go back, reload the page and send it again."
        )

    @app.errorhandler(Refused)
    def refused(error: Refused) -> ResponseReturnValue:
        return error_page(error.status, advice=error.message)

    @app.errorhandler(Faulty)
    def faulty(error: Faulty) -> ResponseReturnValue:
        fault = error.faults[0]
        return error_page(422, advice=f"{fault.what}. {fault.fix}.")

    _set_up_places(app)


def _set_up_places(app: Flask) -> None:
    """Handlers for a database or a disk that cannot be had just now."""

    @app.errorhandler(Unavailable)
    @app.errorhandler(PoolEmpty)
    def busy(error: Exception) -> ResponseReturnValue:
        log.error("database", id=request_id(), error=type(error).__name__)
        return _later()

    @app.errorhandler(OSError)
    def full(error: OSError) -> ResponseReturnValue:
        if error.errno not in DISK_AWAY:
            raise error
        log.error("disk", id=request_id(), error=errno.errorcode[error.errno])
        return _later()

    @app.errorhandler(DBAPIError)
    def database(error: DBAPIError) -> ResponseReturnValue:
        if not is_away(error):
            raise error
        said = getattr(error.orig, "sqlite_errorname", None)
        log.error("database", id=request_id(), error=type(error.orig).__name__, said=said)
        return _later()


def answer_for(app: Flask, environ: dict[str, Any], error: Exception) -> Response:
    """What the application would have answered, for what fails in front of it."""
    with app.request_context(environ):
        try:
            return app.make_response(app.handle_user_exception(error))
        except Exception as unknown:  # noqa: BLE001  (a fault of ours, noted there)
            return app.handle_exception(unknown)


def is_away(error: DBAPIError) -> bool:
    """Whether the database is locked, full, read-only or out of reach; else the fault is in what it was asked."""
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in SQLITE_AWAY  # the upper bytes tell the kind of it
    return isinstance(error, OperationalError) or error.connection_invalidated


def _later() -> Response:
    page = error_page(503)
    page.headers["Retry-After"] = RETRY_SECONDS
    return page
