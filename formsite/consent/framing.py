"""What every public page outside a form has around it: its language, and the words of that language."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template

from formsite.definition.messages import direction, words


def framed(template: str, language: str, *, form_title: str = "", **context: Any) -> Response:
    """A page for one person: not to be kept by anything between, nor found by a search."""
    html = render_template(
        template,
        page_language=language,
        page_direction=direction(language),
        words=words(language),
        form_title=form_title,
        language_links=(),
        **context,
    )
    return unshared(Response(html))


def unshared(response: Response) -> Response:
    """The answer, for the person who asked alone."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
