"""A starter as customers would see it, before a form is made of it. Nothing that is typed is kept."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from formsite.definition.document import parse
from formsite.designer import starters
from formsite.designer.models import FormState
from formsite.designer.plans import Published
from formsite.filling import languages, preview, screens
from formsite.filling.faces import Face
from formsite.filling.visits import Visit
from formsite.foundation import clock
from formsite.staff.access import Permission, staff_may

bp = Blueprint("starters", __name__, url_prefix="/staff/starters/<name>")


@bp.get("")
@staff_may(Permission.EDIT_FORM)
def show(name: str) -> ResponseReturnValue:
    """A page of it, blank."""
    visit = _visit(name)
    return screens.preview(visit, visit.state(), ways=_ways(visit))


@bp.post("")
@staff_may(Permission.EDIT_FORM)
def send(name: str) -> ResponseReturnValue:
    """What a customer would be told for these answers, or the next page."""
    visit = _visit(name)
    answer = preview.sent(visit, ways=_ways(visit))
    if isinstance(answer, str):
        return redirect(url_for(".show", name=name, page=answer, lang=visit.language), 303)
    return answer


@bp.get("/entries")
@staff_may(Permission.EDIT_FORM)
def entries(name: str) -> ResponseReturnValue:
    """What fits of a list that is looked up."""
    visit = _visit(name)
    return screens.entries(visit.version, visit.face)


def _ways(visit: Visit) -> preview.Ways:
    name = visit.face.slug
    return (
        ("Use this", url_for("designer.new", starter=name)),
        ("Back to the starters", url_for("designer.new", _anchor=name)),
    )


def _visit(name: str) -> Visit:
    try:
        definition = parse(starters.load(name))
    except KeyError:
        abort(404)
    version = Published(UUID(int=0), UUID(int=0), 0, definition.sha256, definition)
    face = Face(version.form_id, name, FormState.OPEN.value, version, None, None, None, 0)
    visit = Visit(face, version, definition.pages[0].id, languages.chosen(definition), clock.now())
    page = request.args.get("page", "")
    return replace(visit, page_id=page) if page in visit.plan.pages else visit
