"""The list of features: their blueprints, and where an upper one hangs itself into a lower one."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Put every feature into the application."""
    from formsite.filling import views as filling

    app.register_blueprint(filling.bp)
