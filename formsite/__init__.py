"""formsite: questionnaires, registrations, competitions and promotions that people can trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from formsite.config import Settings
    from formsite.foundation.parts import HashCost


def create_app(settings: Settings | None = None, *, hash_cost: HashCost | None = None) -> Flask:
    """The application; `formsite.application` says more. What needs none of it does not wait for the framework."""
    from formsite import application

    return application.create_app(settings, hash_cost=hash_cost)
