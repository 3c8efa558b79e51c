"""Bringing a form in by the designer's screen: a file, then what could not be brought over."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from formsite.definition.faults import Faulty
from formsite.designer import forms
from formsite.foundation import clock
from formsite.foundation.audit import Actor
from formsite.interchange import files
from formsite.interchange.inputs import ImportInput
from formsite.interchange.losses import Unimportable
from formsite.staff.access import Permission, staff_may
from formsite.staff.screens import screen

bp = Blueprint("interchange", __name__, url_prefix="/staff/forms/import")


@bp.route("", methods=["GET", "POST"])
@staff_may(Permission.IMPORT_FORM)
def bring_in(actor: Actor) -> ResponseReturnValue:
    """A new form out of a file; its losses are named, and nothing is published."""
    page = ImportInput()
    if not page.validate_on_submit():
        return screen("interchange/import.html", page=page, faults=())
    upload = page.file.data
    try:
        imported = files.read(upload.read(), upload.filename or "file")
    except Unimportable as refusal:
        page.file.errors = [f"{refusal.where}: {refusal.what}. {refusal.fix}."]
        return screen("interchange/import.html", page=page, faults=())
    except Faulty as refusal:
        page.file.errors = ["The definition has faults; nothing was imported."]
        return screen("interchange/import.html", page=page, faults=refusal.faults)
    form = forms.import_form(
        imported.definition, slug=imported.slug, taken_slug_is_new=True, actor=actor, now=clock.now()
    )
    return screen("interchange/imported.html", form=form, imported=imported)
