"""Staff screens: the answer of a view, with the status its inputs deserve."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template
from wtforms.form import BaseForm


def screen(template: str, *, status: int | None = None, **context: Any) -> Response:
    """The rendered template; 422 where an input among the context has errors."""
    if status is None:
        faulty = any(isinstance(value, BaseForm) and value.errors for value in context.values())
        status = 422 if faulty else 200
    return make_response(render_template(template, **context), status)
