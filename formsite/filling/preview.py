"""The preview: the draft as customers would see it, by the same templates. Nothing that is typed there is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from formsite.definition.document import parse
from formsite.definition.state import Taken
from formsite.designer import queries
from formsite.designer.models import Form
from formsite.designer.plans import Published
from formsite.filling import instances, languages, screens, uploads
from formsite.filling.faces import Face
from formsite.filling.visits import Visit
from formsite.foundation import clock
from formsite.staff.access import Permission, staff_may

bp = Blueprint("preview", __name__, url_prefix="/staff/forms/<slug>/preview")
Ways = Sequence[tuple[str, str]]
"""Words and addresses of what leads out of a preview."""


@bp.get("")
@staff_may(Permission.VIEW_FORMS, load=queries.by_slug)
def show(form: Form) -> ResponseReturnValue:
    """A page of the draft, blank."""
    visit = _visit(form)
    return screens.preview(visit, visit.state(), ways=_ways(form))


@bp.post("")
@staff_may(Permission.VIEW_FORMS, load=queries.by_slug)
def send(form: Form) -> ResponseReturnValue:
    """What a customer would be told for these answers, or the next page."""
    visit = _visit(form)
    answer = sent(visit, ways=_ways(form))
    if isinstance(answer, str):
        return redirect(url_for(".show", slug=form.slug, page=answer, lang=visit.language), 303)
    return answer


@bp.get("/entries")
@staff_may(Permission.VIEW_FORMS, load=queries.by_slug)
def entries(form: Form) -> ResponseReturnValue:
    """What fits of a list that is looked up."""
    visit = _visit(form)
    return screens.entries(visit.version, visit.face)


def sent(visit: Visit, *, ways: Ways) -> Response | str:
    """What came in for a page that keeps nothing: the page again with what is wrong, or the name of the next one."""
    typed = {name: request.form.getlist(name) for name in request.form}
    values = uploads.pretended(visit.plan, typed, uploads.files_in(request.files))
    go = request.form.get("_go", "next")
    if go.startswith(("add:", "remove:")):
        taken = _taken(visit, instances.changed(values, go))
        return screens.preview(visit, taken.state, ways=ways, typed=taken.typed)
    taken = _taken(visit, values)
    if go != "back" and (taken.errors or taken.brought_up or taken.unsure):
        return screens.preview(
            visit,
            taken.state,
            ways=ways,
            typed=taken.typed,
            errors=taken.errors,
            brought_up=taken.brought_up,
            unsure=() if taken.errors or taken.brought_up else taken.unsure,
            status=422,
        )
    step = visit.plan.before if go == "back" else visit.plan.after
    return step(visit.page_id, taken.state) or visit.page_id


def _taken(visit: Visit, values: uploads.Values) -> Taken:
    named = {key: frozenset(",".join(values.get(key, ())).split(",")) for key in ("_asked", "_sure")}
    return visit.plan.take(
        visit.page_id,
        values,
        {},
        asked=named["_asked"],
        sure=named["_sure"],
        language=visit.language,
        today=visit.today,
        now=visit.now,
    )


def _ways(form: Form) -> Ways:
    return (("Back to the designer", url_for("designer.questions", slug=form.slug)),)


def _visit(form: Form) -> Visit:
    definition = parse(form.draft)
    if not definition.pages:
        abort(404)
    version = Published(UUID(int=0), form.id, 0, definition.sha256, definition)
    face = Face(form.id, form.slug, form.state, version, form.opens_at, form.closes_at, form.max_responses, 0)
    visit = Visit(face, version, definition.pages[0].id, languages.chosen(definition), clock.now())
    page = request.args.get("page", "")
    return replace(visit, page_id=page) if page in visit.plan.pages else visit
