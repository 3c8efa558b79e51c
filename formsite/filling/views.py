"""Customers answering: the form's address, its pages, the review, and the done page."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from formsite.designer import plans
from formsite.filling import drafts, faces, feedback, languages, pagetokens, screens, uploads
from formsite.filling.faces import Face
from formsite.filling.refusals import Shut
from formsite.filling.turning import Done, Go, Outcome, Sent, Stay, turn
from formsite.filling.visits import REVIEW, SAVED, Visit, first_visit, visit_draft
from formsite.followups import requests
from formsite.foundation import clock
from formsite.foundation.database import unit_of_work
from formsite.staff.access import public

bp = Blueprint("filling", __name__)
FRESH_SECONDS = 300
"""How long a browser may keep what it looked up: seats may be taken meanwhile."""


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """What this site offers."""
    return screens.home(faces.open_forms(clock.now()))


@bp.get("/f/<slug>")
@public(unit=False)
def open_form(slug: str) -> ResponseReturnValue:
    """The first page, blank: at most one statement, and no rendering after the first time."""
    face = _face(slug)
    now = clock.now()
    if hindrance := face.hindrance(now):
        return screens.shut(hindrance, face)
    visit = first_visit(face, None, version=face.version, language=languages.chosen(face.version.definition), now=now)
    if request.query_string and len(request.args) > ("lang" in request.args):
        return _opened_by_link(visit, {name: request.args.getlist(name) for name in request.args})
    return screens.blank(visit)


def _opened_by_link(visit: Visit, given: dict[str, list[str]]) -> ResponseReturnValue:
    """A personal link, or answers that come with the address."""
    about_id = requests.read_feedback_token(given["about"][0], visit.now) if "about" in given else None
    if about_id is not None:
        with unit_of_work(write=False):
            asked = feedback.is_asked(about_id, visit.face.slug)
            if asked and feedback.is_given(about_id, visit.face.form_id):
                return screens.shut("answered", visit.face)
        about_id = about_id if asked else None
    return screens.opened_by_link(visit, given, about_id)


@bp.get("/f/<slug>/entries/<uuid:version_id>")
@public(unit=False)
def entries(slug: str, version_id: UUID) -> ResponseReturnValue:
    """What fits of a list that is looked up (`field`, `q`), given the answers it depends on (`of`)."""
    face = _face(slug)
    version = face.version
    if version.id != version_id:
        with unit_of_work(write=False):
            version = plans.published(version_id) or abort(404)
    if version.form_id != face.form_id or face.hindrance(clock.now()):
        abort(404)
    answer = screens.entries(version, face)
    answer.cache_control.public, answer.cache_control.max_age = True, FRESH_SECONDS
    return answer


@bp.post("/f/<slug>")
@public(unit=False)
def send_first_page(slug: str) -> ResponseReturnValue:
    """The first page comes in; where it is the only one, it is the submission."""
    face = _face(slug)
    now = clock.now()
    token = pagetokens.read(request.form.get("_page", ""), now)
    version = face.version
    if token is not None and token.version_id != version.id:
        with unit_of_work(write=False):
            version = plans.published(token.version_id) or version
        if version.form_id != face.form_id:
            token, version = None, face.version
    language = languages.chosen(version.definition)
    return _take(first_visit(face, token, version=version, language=language, now=now), token)


@bp.get("/f/<slug>/r/<token>/<page>")
@public
def open_page(slug: str, token: str, page: str) -> ResponseReturnValue:
    """A page of a response in progress, with its answers in place."""
    visit = _visit(slug, token, page)
    if visit.draft and visit.draft.submitted:
        return _answer(Done(visit))
    if page == SAVED:
        return screens.saved(visit)
    return screens.review(visit) if page == REVIEW else screens.page(visit, checked="check" in request.args)


@bp.post("/f/<slug>/r/<token>/<page>")
@public(unit=False)
def send_page(slug: str, token: str, page: str) -> ResponseReturnValue:
    """A page of a response in progress comes in; the review is the one that submits."""
    with unit_of_work(write=False):
        visit = _visit(slug, token, page)
    if visit.draft and visit.draft.submitted:
        return _answer(Done(visit))
    return _take(visit, pagetokens.read(request.form.get("_page", ""), visit.now))


@bp.get("/f/<slug>/done/<token>")
@public
def done(slug: str, token: str) -> ResponseReturnValue:
    """What was sent, under which reference, and where its receipt is."""
    found = drafts.find(pagetokens.read_draft(token, clock.now()) or abort(404))
    if found is None or not found.submitted:
        abort(404)
    return screens.done(_visit(slug, token, SAVED))


def _face(slug: str) -> Face:
    return faces.face(slug) or abort(404)


def _visit(slug: str, token: str, page: str) -> Visit:
    now = clock.now()
    face = _face(slug)
    draft = drafts.find(pagetokens.read_draft(token, now) or abort(404))
    if draft is None or draft.version.form_id != face.form_id:
        abort(404)
    language = languages.chosen(draft.version.definition) if "lang" in request.args else draft.language
    return visit_draft(face, draft, page, language=language, now=now) or abort(404)


def _take(visit: Visit, token: pagetokens.PageToken | None) -> ResponseReturnValue:
    sent: Sent = {name: request.form.getlist(name) for name in request.form}
    go = request.form.get("_go", "next")
    try:
        if hindrance := visit.face.hindrance(visit.now):
            return screens.shut(hindrance, visit.face)
        sent = uploads.received(visit, token, sent, uploads.files_in(request.files))
        return _answer(turn(visit, token, sent, go=go))
    except Shut as refusal:
        faces.forget(visit.face.slug)
        return screens.shut(refusal.name, visit.face)


def _answer(outcome: Outcome) -> ResponseReturnValue:
    if isinstance(outcome, Stay):
        return screens.stay(outcome)
    visit = outcome.visit
    assert visit.response_id is not None
    token = pagetokens.draft_token(visit.response_id, visit.now)
    if isinstance(outcome, Go):
        checked = 1 if outcome.checked else None
        page = url_for(".open_page", slug=visit.face.slug, token=token, page=outcome.page_id, check=checked)
        return redirect(page, 303)
    return redirect(url_for(".done", slug=visit.face.slug, token=token), 303)
