"""Staff screens of responses: the list, one response, the reveal, and exports."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from flask import Blueprint, Response as HttpResponse, abort, request, stream_with_context
from flask.typing import ResponseReturnValue

from formsite.definition.fieldtypes import Value
from formsite.definition.state import State
from formsite.definition.whys import said
from formsite.designer import plans
from formsite.designer.models import Form
from formsite.foundation import clock
from formsite.foundation.audit import Actor
from formsite.foundation.ids import reference
from formsite.foundation.storage import Missing
from formsite.responses import companions, export as exporting, queries, reading, revealing, uploads, whys
from formsite.responses.inputs import FileInput, PersonalExportInput, RevealInput
from formsite.responses.listing import address, wanted
from formsite.responses.models import ResponseState
from formsite.responses.queries import Found, FoundFile
from formsite.responses.reading import Sight
from formsite.staff.access import Permission, may, staff_may
from formsite.staff.presence import present
from formsite.staff.screens import screen

bp = Blueprint("responses", __name__, url_prefix="/staff/forms/<slug>")


@bp.get("/responses")
@staff_may(Permission.VIEW_RESPONSES, load=queries.form_by_slug)
def index(form: Form) -> ResponseReturnValue:
    """The responses to a form, newest first."""
    asked, faults = wanted(request.args)
    listed = queries.listed(form.id, asked)
    ids = [row.id for row in listed.rows]
    return screen(
        "responses/index.html",
        form=form,
        asked=asked,
        faults=faults,
        listed=listed,
        states=list(ResponseState),
        companions=companions.all(),
        briefs={each.name: each.brief(ids) for each in companions.all()},
        reference=reference,
        newer=address(asked, newer_than=listed.newer),
        older=address(asked, older_than=listed.older),
        may_export=may(present(), Permission.EXPORT_RESPONSES, form),
        export_input=PersonalExportInput() if may(present(), Permission.EXPORT_PERSONAL, form) else None,
        status=422 if faults else None,
    )


@bp.get("/responses/<uuid:response_id>")
@staff_may(Permission.VIEW_RESPONSES, load=queries.one)
def show(found: Found) -> ResponseReturnValue:
    """One response; personal answers as far as the role may see them."""
    return _show(found, RevealInput() if _may_reveal(found.form) else None)


@bp.post("/responses/<uuid:response_id>")
@staff_may(Permission.REVEAL_ANSWERS, load=queries.one)
def reveal(found: Found, actor: Actor) -> ResponseReturnValue:
    """The same page with the personal answers in plain, once. The reason is on record before they are shown."""
    page = RevealInput()
    if not page.validate_on_submit():
        return _show(found, page)
    personal = revealing.reveal(
        found.response, found.wrapped, reason=page.reason.data or "", actor=actor, at=clock.now()
    )
    return _show(found, None, Sight.PLAIN, personal)


@bp.get("/responses/<uuid:response_id>/why")
@staff_may(Permission.VIEW_RESPONSES, load=queries.one)
def why(found: Found) -> ResponseReturnValue:
    """Why each question of it was shown or not, with the rules as they came out."""
    sight, personal = _seen(found)
    return _why(found, sight, personal, RevealInput() if _may_reveal(found.form) else None)


@bp.post("/responses/<uuid:response_id>/why")
@staff_may(Permission.REVEAL_ANSWERS, load=queries.one)
def reveal_why(found: Found, actor: Actor) -> ResponseReturnValue:
    """The same with the personal answers that rules looked at, once. The reason is on record before they are shown."""
    page = RevealInput()
    if not page.validate_on_submit():
        return _why(found, *_seen(found), page)
    reason = page.reason.data or ""
    personal = revealing.reveal(found.response, found.wrapped, reason=reason, actor=actor, at=clock.now())
    return _why(found, Sight.PLAIN, personal, None)


@bp.post("/responses/<uuid:response_id>/files/<uuid:upload_id>")
@staff_may(Permission.REVEAL_ANSWERS, load=queries.one_file)
def download(file: FoundFile, actor: Actor) -> ResponseReturnValue:
    """A file that a customer sent, to be saved and never shown: no browser runs what is in it."""
    page = FileInput(prefix="file-")
    if not page.validate_on_submit():
        return _show(file.found, RevealInput(formdata=None), file_page=page)
    try:
        pieces = revealing.hand_out(file.found, file.kept, reason=page.reason.data or "", actor=actor, at=clock.now())
    except Missing:
        abort(410)
    answer = HttpResponse(pieces, mimetype=file.kept.media_type)
    answer.content_length = file.kept.size
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.kept.name)}"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


@bp.get("/responses.csv")
@staff_may(Permission.EXPORT_RESPONSES, load=queries.form_by_slug)
def export_csv(form: Form, actor: Actor) -> ResponseReturnValue:
    """The answers that are not personal, as CSV."""
    return _send(form, actor=actor, personal=False, reason="")


@bp.post("/responses.csv")
@staff_may(Permission.EXPORT_PERSONAL, load=queries.form_by_slug)
def export_personal(form: Form, actor: Actor) -> ResponseReturnValue:
    """All answers as CSV, with the reason on record."""
    page = PersonalExportInput()
    if not page.validate_on_submit():
        return screen("responses/export.html", form=form, page=page)
    return _send(form, actor=actor, personal=True, reason=page.reason.data or "")


def _may_reveal(form: Form) -> bool:
    return may(present(), Permission.REVEAL_ANSWERS, form)


def _seen(found: Found) -> tuple[Sight, dict[str, Value] | None]:
    """How much of the personal answers the member may see, and those answers where they are needed for it."""
    if not may(present(), Permission.SEE_MASKED, found.form):
        return Sight.HIDDEN, None
    return Sight.MASKED, revealing.open_personal(found.response, found.wrapped)


def _why(
    found: Found, sight: Sight, personal: Mapping[str, Value] | None, page: RevealInput | None
) -> ResponseReturnValue:
    response = found.response
    version = plans.published(response.version_id) or abort(404)
    language = version.definition.language
    return screen(
        "responses/why.html",
        form=found.form,
        response=response,
        version=version,
        reference=reference(response.id),
        pages=whys.of_response(version.plan, response, personal, sight, language),
        by_chance=version.definition.random_pages,
        said=lambda seen: said(version.plan, seen, language),
        sight=sight,
        page=page,
    )


def _show(
    found: Found,
    page: RevealInput | None,
    sight: Sight | None = None,
    personal: Mapping[str, Value] | None = None,
    file_page: FileInput | None = None,
) -> ResponseReturnValue:
    response, form = found.response, found.form
    version = plans.published(response.version_id) or abort(404)
    if sight is None:
        sight, personal = _seen(found)
    return screen(
        "responses/show.html",
        form=form,
        response=response,
        version=version,
        reference=reference(response.id),
        sheets=reading.read(
            version.plan,
            response.answers,
            personal,
            sight,
            language=version.definition.language,
            today=response.started_at.date(),
        ),
        sight=sight,
        page=page,
        files=uploads.of_response(response.id, found.wrapped) if version.plan.takes_files else (),
        file_page=file_page or (FileInput(formdata=None, prefix="file-") if _may_reveal(form) else None),
        plan=version.plan,
        state=State(),
        panels=[(each, each.panel(response.id)) for each in companions.all()],
        mails=queries.mails_about(response.id),
        linked=[(row, reference(row.id)) for row in queries.linked(response)],
    )


def _send(form: Form, *, personal: bool, reason: str, actor: Actor) -> HttpResponse:
    """The file, streamed after the view's unit has ended. It is on record before its first byte leaves."""
    export = exporting.Export(form.id, form.slug, exporting.Format.CSV, personal)
    pieces = exporting.announced(export, reason=reason, actor=actor, at=clock.now())
    answer = HttpResponse(stream_with_context(pieces), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{export.filename}"'
    return answer
