"""Every error is a page that says what happened and what to do; none carries a trace, a path or a version."""

from __future__ import annotations

from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from formsite.foundation.errors import Refused

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


def error_page(status: int, *, title: str | None = None, advice: str | None = None) -> Response:
    """The page for a status."""
    words = WORDS.get(status, WORDS[500] if status >= 500 else WORDS[400])
    html = render_template("errors/error.html", status=status, title=title or words[0], advice=advice or words[1])
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

    @app.errorhandler(OperationalError)
    def database_away(error: OperationalError) -> ResponseReturnValue:
        """Locked, full, read-only or away: none of it is the customer's fault, and nothing was stored."""
        app.logger.error("database: %s", type(error.orig).__name__)
        page = error_page(503)
        page.headers["Retry-After"] = RETRY_SECONDS
        return page
