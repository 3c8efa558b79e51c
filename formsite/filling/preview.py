"""The preview: the draft as customers would see it, by the same templates. Nothing that is typed there is kept."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from formsite.definition.document import parse
from formsite.designer import queries
from formsite.designer.models import Form
from formsite.designer.plans import Published
from formsite.filling import languages, screens, uploads
from formsite.filling.faces import Face
from formsite.filling.visits import Visit
from formsite.foundation import clock
from formsite.staff.access import Permission, staff_may

bp = Blueprint("preview", __name__, url_prefix="/staff/forms/<slug>/preview")


@bp.get("")
@staff_may(Permission.VIEW_FORMS, load=queries.by_slug)
def show(form: Form) -> ResponseReturnValue:
    """A page of the draft, blank."""
    visit = _visit(form)
    return screens.preview(visit, visit.state())


@bp.post("")
@staff_may(Permission.VIEW_FORMS, load=queries.by_slug)
def send(form: Form) -> ResponseReturnValue:
    """What a customer would be told for these answers, or the next page."""
    visit = _visit(form)
    typed = {name: request.form.getlist(name) for name in request.form}
    sent = uploads.pretended(visit.plan, typed, uploads.files_in(request.files))
    asked = frozenset(",".join(sent.get("_asked", [])).split(","))
    taken = visit.plan.take(visit.page_id, sent, {}, asked=asked, language=visit.language, today=visit.today)
    step = visit.plan.before if request.form.get("_go") == "back" else visit.plan.after
    if request.form.get("_go") != "back" and (taken.errors or taken.brought_up):
        return screens.preview(
            visit, taken.state, typed=taken.typed, errors=taken.errors, brought_up=taken.brought_up, status=422
        )
    target = step(visit.page_id, taken.state) or visit.page_id
    return redirect(url_for(".show", slug=form.slug, page=target, lang=visit.language), 303)


def _visit(form: Form) -> Visit:
    definition = parse(form.draft)
    if not definition.pages:
        abort(404)
    version = Published(UUID(int=0), form.id, 0, definition.sha256, definition)
    face = Face(form.id, form.slug, form.state, version, form.opens_at, form.closes_at, form.max_responses, 0)
    visit = Visit(face, version, definition.pages[0].id, languages.chosen(definition), clock.now())
    page = request.args.get("page", "")
    return replace(visit, page_id=page) if page in visit.plan.pages else visit
