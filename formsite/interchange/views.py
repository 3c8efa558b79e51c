"""Bringing a form in and out by the designer's screen: a file, how far it is, what could not be brought over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from formsite.definition.document import parse
from formsite.designer import queries as forms
from formsite.designer import screens
from formsite.designer.models import Form
from formsite.foundation import clock
from formsite.foundation.audit import Actor
from formsite.foundation.database import db, unit_of_work
from formsite.foundation.ids import uuid7
from formsite.interchange import files, incoming, queries, reports
from formsite.interchange.inputs import ImportInput
from formsite.interchange.losses import Unimportable
from formsite.interchange.models import Import, ImportState
from formsite.interchange.progress import Stage
from formsite.staff.access import Permission, staff_may
from formsite.staff.screens import screen
from formsite.web.errors import error_page

bp = Blueprint("interchange", __name__, url_prefix="/staff/forms")
ENDED = frozenset({ImportState.DONE.value, ImportState.REFUSED.value})


@bp.get("/import")
@staff_may(Permission.IMPORT_FORM)
def index() -> ResponseReturnValue:
    """Choose a file; and the files of before."""
    return _index(ImportInput(formdata=None))


@bp.post("/import")
@staff_may(Permission.IMPORT_FORM, unit=False)
def bring_in(actor: Actor) -> ResponseReturnValue:
    """Keep the file for the worker. What can be told without reading it is told at once."""
    page = ImportInput()
    if not page.validate_on_submit():
        return _wrong(page)
    content, name = page.file.data.read(files.MOST_BYTES + 1), incoming.file_name(page.file.data.filename or "")
    try:
        files.refuse_size(len(content), name)
    except Unimportable as refusal:
        page.file.errors = [f"{refusal.where}: {refusal.what}. {refusal.fix}."]
        return _wrong(page)
    made = _kept(incoming.request_hash(actor, page.key.data or "", content), name, content, actor)
    return redirect(url_for(".show", id=made), 303)


@bp.errorhandler(413)
def too_large(_error: Exception) -> ResponseReturnValue:
    """More than is taken in at all."""
    return error_page(413, title="The file is larger than 10 MB", advice="Go back, and import a smaller one.")


@bp.get("/import/<uuid:id>")
@staff_may(Permission.IMPORT_FORM, load=queries.one)
def show(found: Import) -> ResponseReturnValue:
    """How far an import is; in the end what it made and what it lost, or why nothing came in."""
    if found.state not in ENDED:
        late = queries.is_late(found, clock.now())
        return screen("interchange/reading.html", found=found, stages=list(Stage), late=late)
    if request.headers.get("HX-Request"):  # the page of the progress becomes the page of the result
        return Response(headers={"HX-Refresh": "true"})
    if found.state == ImportState.REFUSED.value:
        return screen(
            "interchange/refused.html", status=422, found=found, page=ImportInput(formdata=None), formats=files.NAMES
        )
    words = request.args.get("q", "")[:100]
    start = request.args.get("from", 0, type=int)
    form = db.session.get(Form, found.form_id)
    page = reports.losses(found, form, words, start, pressing=request.args.get("do") == "something")
    return screen("interchange/losses.html", found=found, form=form, page=page, formats=files.NAMES)


@bp.get("/import/<uuid:id>/losses.csv")
@staff_may(Permission.IMPORT_FORM, load=queries.one)
def losses_csv(found: Import) -> ResponseReturnValue:
    """The losses as a table for spreadsheets."""
    return _file(reports.losses_csv(found), "text/csv; charset=utf-8", f"losses-{found.id.hex[:8]}.csv")


@bp.get("/<slug>/export")
@staff_may(Permission.VIEW_FORMS, load=forms.by_slug)
def export(form: Form) -> ResponseReturnValue:
    """In which formats a form goes out, and what a spreadsheet does not hold."""
    definition = parse(form.draft)
    lost = files.write(definition, "xlsform", form.slug)[1]
    return screen(
        "interchange/export.html",
        lost=lost,
        formats=files.NAMES,
        endings=files.ENDINGS,
        **screens.frame(form, definition, "export"),
    )


@bp.get("/<slug>/export/<kind>")
@staff_may(Permission.VIEW_FORMS, load=lambda slug, kind: _going_out(slug, kind))
def export_file(found: tuple[Form, str]) -> ResponseReturnValue:
    """The draft as a file."""
    form, kind = found
    content, _ = files.write(parse(form.draft), kind, form.slug)
    ending, media_type = files.ENDINGS[kind]
    return _file(content, media_type, f"{form.slug}.{ending}")


def origin(form: Form) -> dict[str, Any] | None:
    """The import that made a form, for the pages of that form."""
    found = queries.of_form(form.id)
    if found is None:
        return None
    return {"name": found.name, "lost": found.lost, "url": url_for(f"{bp.name}.show", id=found.id)}


def _kept(request_hash: bytes, name: str, content: bytes, actor: Actor) -> UUID:
    """The import of a file; the one of before, if the same page sent the same file."""
    if (before := _before(request_hash)) is not None:
        return before
    made = uuid7()
    incoming.keep_file(
        made, content
    )  # before its row: a file without a row is swept, a row without a file is a promise
    try:
        with unit_of_work(write=True):
            incoming.add(made, request_hash, name, len(content), actor=actor, now=clock.now())
    except IntegrityError:  # the other click was quicker
        incoming.forget_file(made)
        return _before(request_hash) or made
    return made


def _before(request_hash: bytes) -> UUID | None:
    with unit_of_work(write=False):
        found = queries.by_request(request_hash)
        return None if found is None else found.id


def _wrong(page: ImportInput) -> Response:
    with unit_of_work(write=False):
        return _index(page)


def _index(page: ImportInput) -> Response:
    rows, older = queries.recent(_uuid(request.args.get("older")))
    return screen("interchange/import.html", page=page, rows=rows, older=older, formats=files.NAMES)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _going_out(slug: str, kind: str) -> tuple[Form, str] | None:
    form = forms.by_slug(slug)
    return None if form is None or kind not in files.WRITERS else (form, kind)


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
