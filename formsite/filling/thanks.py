"""What is said once a form is sent, with the answers it names filled in."""

from __future__ import annotations

from markupsafe import Markup, escape

from formsite.definition import piping
from formsite.filling.visits import Visit
from formsite.foundation.richtext import render


def said(visit: Visit) -> Markup:
    """The form's own words of thanks; empty where it has none."""
    definition = visit.version.definition
    html = render(definition.done.say(visit.language, definition.language) if definition.done else "")
    if piping.MARK not in html:
        return html
    state = visit.state()

    def answer(name: str) -> str:
        return str(escape(visit.plan.answer_text(name, state, visit.language)))

    return Markup(piping.fill(str(html), answer))  # noqa: S704  (markup already; what is filled in is escaped above)
