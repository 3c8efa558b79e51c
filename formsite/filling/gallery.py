"""The gallery: one of each type of question, drawn by the templates that customers get. Nothing that is typed is kept."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from formsite.definition.seats import choice_name
from formsite.designer.gallery import gallery
from formsite.designer.models import FormState
from formsite.filling import languages, preview, screens
from formsite.filling.faces import Face
from formsite.filling.visits import Visit
from formsite.foundation import clock
from formsite.staff.access import Permission, staff_may

TAKEN = {choice_name("one", "workshop"): 12}
"""So that a choice without seats is there to look at."""
bp = Blueprint("gallery", __name__, url_prefix="/staff/gallery")


@bp.get("")
@staff_may(Permission.VIEW_FORMS)
def show() -> ResponseReturnValue:
    """All of them, blank."""
    visit = _visit()
    return screens.preview(visit, visit.state(), ways=_ways())


@bp.post("")
@staff_may(Permission.VIEW_FORMS)
def send() -> ResponseReturnValue:
    """What a customer would be told for these answers; blank again where nothing is wrong with them."""
    visit = _visit()
    answer = preview.sent(visit, ways=_ways())
    return redirect(url_for(".show", lang=visit.language), 303) if isinstance(answer, str) else answer


@bp.get("/entries")
@staff_may(Permission.VIEW_FORMS)
def entries() -> ResponseReturnValue:
    """What fits of a list that is looked up."""
    visit = _visit()
    return screens.entries(visit.version, visit.face)


def _ways() -> preview.Ways:
    return (("Back to the forms", url_for("designer.index")),)


def _visit() -> Visit:
    version = gallery()
    face = Face(version.form_id, "gallery", FormState.OPEN.value, version, None, None, None, 0, TAKEN)
    return Visit(face, version, version.definition.pages[0].id, languages.chosen(version.definition), clock.now())
