"""The library's screen, and the pictures themselves."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired

from formsite.designer import media
from formsite.designer.media import NotAPicture
from formsite.foundation import clock
from formsite.foundation.audit import Actor
from formsite.foundation.database import unit_of_work
from formsite.foundation.storage import Missing
from formsite.staff.access import Permission, public, staff_may
from formsite.staff.inputs import StaffInput
from formsite.staff.screens import screen

bp = Blueprint("media", __name__)
FOR_EVER = "public, max-age=31536000, immutable"


class PictureInput(StaffInput):
    """A picture for the library."""

    file = FileField(
        "Picture",
        [FileRequired("Choose a picture")],
        description=f"JPEG, PNG, WebP, GIF or AVIF, up to {media.MOST_MEGABYTES} MB. Where and with what it was taken is "
        "left out, and what is larger than a screen is made smaller. Everybody who knows its address can see it.",
        render_kw={"accept": "image/*"},
    )


@bp.get("/media/<name>")
@public(unit=False)
def show(name: str) -> ResponseReturnValue:
    """A picture. What has its name never changes, so a browser asks for it once."""
    if name in request.if_none_match:
        return Response(status=304, headers={"ETag": f'"{name}"', "Cache-Control": FOR_EVER})
    try:
        found = media.read(name) or abort(404)
    except Missing:
        abort(404)
    media_type, pieces = found
    answer = Response(pieces, mimetype=media_type)
    answer.set_etag(name)
    answer.headers["Cache-Control"] = FOR_EVER
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@bp.get("/staff/media")
@staff_may(Permission.EDIT_FORM)
def index() -> ResponseReturnValue:
    """The library, newest first."""
    return _index(PictureInput(formdata=None))


@bp.post("/staff/media")
@staff_may(Permission.EDIT_FORM, unit=False)
def add(actor: Actor) -> ResponseReturnValue:
    """One more picture."""
    page = PictureInput()
    if not page.validate_on_submit():
        with unit_of_work(write=False):
            return _index(page)
    sent = page.file.data
    try:
        picture = media.keep(sent.filename or "", sent.mimetype, sent.stream)
    except NotAPicture as refusal:
        page.file.errors = [refusal.message]
        with unit_of_work(write=False):
            return _index(page)
    with unit_of_work(write=True):
        made = media.add(picture, actor=actor, at=clock.now())
    return redirect(url_for(".index", added=made.name), 303)


def _index(page: PictureInput) -> Response:
    shelf = media.shelf(request.args.get("after"))
    return screen("designer/media.html", page=page, shelf=shelf, added=request.args.get("added", ""))
