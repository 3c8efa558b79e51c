"""The session cookie belongs to the staff. Customers' pages neither read nor set one."""

from __future__ import annotations

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

PREFIX = "/staff"


class StaffSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, under `/staff` only."""

    def open_session(self, app: Flask, asked: Request) -> SecureCookieSession | None:
        """An empty session anywhere else."""
        return super().open_session(app, asked) if asked.path.startswith(PREFIX) else SecureCookieSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to keep anywhere else."""
        if request.path.startswith(PREFIX):
            super().save_session(app, session, response)


def set_up(app: Flask) -> None:
    """Put it in place."""
    app.session_interface = StaffSessions()
