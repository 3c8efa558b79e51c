"""The designer's screens: the list, a new form, and the tabs of one form. All of it works by plain links and submits."""

from __future__ import annotations

import json
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from formsite.definition import checks
from formsite.definition.document import Kind, parse
from formsite.definition.faults import Faulty
from formsite.designer import drafts, editing, forms, library, publishing, queries, ruling, screens, sections
from formsite.designer.looking import Outlook
from formsite.designer.inputs import FormSettingsInput, NewFormInput
from formsite.designer.models import Form, FormState
from formsite.foundation import clock
from formsite.foundation.audit import Actor
from formsite.foundation.errors import Refused
from formsite.foundation.parts import parts
from formsite.staff.access import Permission, staff_may
from formsite.staff.screens import screen

bp = Blueprint("designer", __name__, url_prefix="/staff/forms")


@bp.get("/")
@staff_may(Permission.VIEW_FORMS)
def index() -> ResponseReturnValue:
    """All forms, newest first."""
    asked = queries.Wanted(
        words=request.args.get("q", "")[:100],
        kind=request.args.get("kind", ""),
        state=request.args.get("state", ""),
        older_than=_uuid(request.args.get("older")),
    )
    rows, older = queries.listed(asked)
    return screen("designer/index.html", rows=rows, older=older, asked=asked, kinds=list(Kind), states=list(FormState))


@bp.route("/new", methods=["GET", "POST"])
@staff_may(Permission.EDIT_FORM)
def new(actor: Actor) -> ResponseReturnValue:
    """Look through the starters; the chosen one gets a title and becomes a form."""
    name = request.values.get("starter")
    card = library.card(name or "")
    if card is None:
        sought = request.args.get("q", "")[:100]
        missed = name is not None or request.method == "POST"
        given = {"shelves": library.shelves(), "found": library.found(sought), "sought": sought, "missed": missed}
        return screen("designer/new.html", status=422 if missed else 200, **given)
    page = NewFormInput(title=card.title)
    if page.validate_on_submit():
        starter = card.starter
        form = forms.create(starter.kind, starter.name, page.title.data or "", slug=None, actor=actor, now=clock.now())
        return redirect(url_for(".questions", slug=form.slug), 303)
    return screen("designer/begin.html", page=page, card=card)


@bp.get("/<slug>/")
@staff_may(Permission.VIEW_FORMS, load=queries.by_slug)
def questions(form: Form) -> ResponseReturnValue:
    """The questions, one part selected."""
    return screens.workbench(form, selected=request.args.get("part"))


@bp.post("/<slug>/parts")
@staff_may(Permission.EDIT_FORM, load=queries.for_change)
def add(form: Form, actor: Actor) -> ResponseReturnValue:
    """Add a page, a group or a question, where the designer stands."""
    kind = request.form.get("kind", "")
    definition = parse(form.draft)
    where = request.form.get("where") or (form.draft.get("pages") or [{"id": ""}])[-1]["id"]
    try:
        if kind == "page" or not form.draft.get("pages"):
            changed, name = drafts.add_page(form.draft)
        else:
            changed, name = drafts.add_item(form.draft, kind, where=where, label="", language=definition.language)
    except KeyError:
        abort(422)
    forms.keep_draft(form, parse(changed), actor=actor, now=clock.now())
    return _to(form, name)


@bp.post("/<slug>/parts/<name>")
@staff_may(Permission.EDIT_FORM, load=lambda slug, name: _part(slug, name))
def edit(found: tuple[Form, str], actor: Actor) -> ResponseReturnValue:
    """Keep the settings of a part; or, by a button of the rule picker, show them with another row."""
    form, name = found
    definition = parse(form.draft)
    part = drafts.find(form.draft, name)[0]
    sent = {key: request.form[key] for key in request.form}
    was = sent.get("was", "")
    typed = editing.typed(part, sent, definition, screens.language(definition))
    if button := request.form.get("_pick"):
        prefix, _, press = button.partition("|")
        ruling.press(typed.rules, prefix, press, sent)
        typed.errors.clear()
        return screens.workbench(form, selected=name, edit=typed, was=was)
    try:
        kept = editing.keep(form, name, was, typed, actor=actor, now=clock.now())
    except editing.Conflict as refusal:
        notice = f"{refusal.message} Your version is in the panel: save again to put it in place of theirs, or open the question anew to take theirs."
        return screens.workbench(form, selected=name, edit=typed, status=409, notice=notice)
    if not kept:
        return screens.workbench(form, selected=name, edit=typed, status=422, was=was)
    flash("Saved.")
    return _to(form, typed.part["id"])


@bp.post("/<slug>/parts/<name>/move")
@staff_may(Permission.EDIT_FORM, load=lambda slug, name: _part(slug, name))
def move(found: tuple[Form, str], actor: Actor) -> ResponseReturnValue:
    """Up, down, or to where it was dropped."""
    form, name = found
    direction = request.form.get("direction", "")
    if direction in ("up", "down"):
        editing.change(form, lambda draft: drafts.move(draft, name, direction), actor=actor, now=clock.now())
    else:
        inside, before = request.form.get("inside") or None, request.form.get("before") or None
        editing.change(
            form, lambda draft: drafts.place(draft, name, inside=inside, before=before), actor=actor, now=clock.now()
        )
    return _to(form, name)


@bp.post("/<slug>/parts/<name>/delete")
@staff_may(Permission.EDIT_FORM, load=lambda slug, name: _part(slug, name))
def delete(found: tuple[Form, str], actor: Actor) -> ResponseReturnValue:
    """Without it; refused while a rule looks at it."""
    form, name = found
    try:
        editing.change(form, lambda draft: drafts.delete(draft, name), actor=actor, now=clock.now())
    except drafts.StillUsed as refusal:
        return screens.workbench(form, selected=name, status=422, notice=refusal.message)
    flash("Deleted.")
    return _to(form, None)


@bp.route("/<slug>/texts", methods=["GET", "POST"])
@staff_may(Permission.EDIT_FORM, load=queries.for_change)
def texts(form: Form, actor: Actor) -> ResponseReturnValue:
    """Title, introduction, thanks, notice, and the languages."""
    definition = parse(form.draft)
    changed = form.draft
    if request.method == "POST":
        changed = sections.typed_texts(form.draft, request.form, screens.language(definition))
    return _section(form, "texts", "designer/texts.html", changed, {}, actor)


@bp.route("/<slug>/consent", methods=["GET", "POST"])
@staff_may(Permission.EDIT_FORM, load=queries.for_change)
def consent(form: Form, actor: Actor) -> ResponseReturnValue:
    """What customers may agree to."""
    definition = parse(form.draft)
    changed = form.draft
    if request.method == "POST":
        changed = sections.typed_consents(form.draft, request.form, screens.language(definition))
    return _section(form, "consent", "designer/consent.html", changed, {}, actor)


@bp.route("/<slug>/follow-up", methods=["GET", "POST"])
@staff_may(Permission.EDIT_FORM, load=queries.for_change)
def follow_up(form: Form, actor: Actor) -> ResponseReturnValue:
    """Who is asked later how it went, and in which words."""
    definition = parse(form.draft)
    changed: drafts.Draft = form.draft
    errors: dict[str, str] = {}
    if request.method == "POST":
        changed, errors = sections.typed_feedback(form.draft, request.form, screens.language(definition))
    return _section(form, "follow-up", "designer/follow_up.html", changed, errors, actor)


@bp.route("/<slug>/quotas", methods=["GET", "POST"])
@staff_may(Permission.EDIT_FORM, load=queries.for_change)
def quotas(form: Form, actor: Actor) -> ResponseReturnValue:
    """How many responses of a kind are wanted, and in which order the pages come."""
    definition = parse(form.draft)
    language = screens.language(definition)
    if request.method == "GET":
        return screens.quotas(form, form.draft, sections.shown_quotas(form.draft, language))
    sent = {key: request.form[key] for key in request.form}
    view = Outlook(definition, language).whole()
    changed, typed = sections.typed_quotas(form.draft, sent, view, language)
    if button := sent.get("_pick"):
        sections.press_quotas(typed, button, sent)
        return screens.quotas(form, changed, typed, was=sent.get("was"))
    if typed.errors:
        return screens.quotas(form, changed, typed, status=422, was=sent.get("was"))
    try:
        typed.errors = sections.keep(form, "quotas", sent.get("was", ""), changed, actor=actor, now=clock.now())
    except editing.Conflict as refusal:
        notice = f"{refusal.message} What you typed is below: save again to put it in place of theirs."
        return screens.quotas(form, changed, typed, status=409, notice=notice)
    if typed.errors:
        return screens.quotas(form, changed, typed, status=422, was=sent.get("was"))
    flash("Saved.")
    return redirect(url_for(".quotas", slug=form.slug, lang=request.values.get("lang")), 303)


@bp.route("/<slug>/settings", methods=["GET", "POST"])
@staff_may(Permission.EDIT_FORM, load=queries.for_change)
def settings(form: Form, actor: Actor) -> ResponseReturnValue:
    """Address, period, limit; closing, copying, archiving."""
    zone = ZoneInfo(parts().time_zone)
    page = FormSettingsInput.of(form, zone)
    if page.validate_on_submit():
        try:
            forms.change_settings(form, page.values(zone), actor=actor, now=clock.now())
        except forms.BadPeriod as refusal:
            page.closes_at.errors = [refusal.message]
        except Refused as refusal:
            page.slug.errors = [refusal.message]
        else:
            flash("Saved.")
            return redirect(url_for(".settings", slug=form.slug), 303)
    frame = screens.frame(form, parse(form.draft), "settings")
    return screen("designer/settings.html", page=page, zone=parts().time_zone, **frame)


@bp.post("/<slug>/state/<verb>")
@staff_may(Permission.PUBLISH_FORM, load=lambda slug, verb: _with_verb(slug, verb))
def change_state(found: tuple[Form, str], actor: Actor) -> ResponseReturnValue:
    """Close, open again, archive, take out of the archive, or copy."""
    form, verb = found
    if verb == "duplicate":
        form = forms.duplicate(form, actor=actor, now=clock.now())
        flash("This is the copy.")
        return _to(form, None)
    try:
        STATES[verb](form, actor=actor, now=clock.now())
    except forms.WrongState as refusal:
        flash(refusal.message)
    return redirect(url_for(".settings", slug=form.slug), 303)


STATES = {"close": forms.close, "reopen": forms.reopen, "archive": forms.archive, "unarchive": forms.unarchive}


@bp.route("/<slug>/publish", methods=["GET", "POST"])
@staff_may(Permission.PUBLISH_FORM, load=queries.for_change)
def publish(form: Form, actor: Actor) -> ResponseReturnValue:
    """What stands in the way, what changes for customers and exports; then the next version."""
    definition = parse(form.draft)
    if request.method == "POST":
        try:
            version = publishing.publish(form, actor=actor, now=clock.now())
        except Faulty:
            pass  # the page below names every fault
        except forms.WrongState as refusal:
            flash(refusal.message)
            return redirect(url_for(".settings", slug=form.slug), 303)
        else:
            flash(f"Version {version.number} is what customers see now.")
            return redirect(url_for(".versions", slug=form.slug), 303)
    frame = screens.frame(form, definition, "publish")
    current = frame["version"]
    return screen(
        "designer/publish.html",
        status=422 if request.method == "POST" else 200,
        places=[screens.place_of(form, fault) for fault in frame["faults"]],
        advice=[(each, screens.place_of(form, each)) for each in checks.advice(definition)],
        changes=publishing.changes(parse(current.definition), definition) if current else [],
        meter=screens.meter(definition),
        **frame,
    )


@bp.get("/<slug>/versions")
@staff_may(Permission.VIEW_FORMS, load=queries.by_slug)
def versions(form: Form) -> ResponseReturnValue:
    """Every version, and what changed with it."""
    found = list(queries.versions(form))
    read = [parse(version.definition) for version in found]
    rows = [
        (version, publishing.changes(read[at + 1], read[at]) if at + 1 < len(found) else [])
        for at, version in enumerate(found)
    ]
    return screen("designer/versions.html", rows=rows, **screens.frame(form, parse(form.draft), "versions"))


@bp.get("/<slug>/versions/<int:number>.json")
@staff_may(Permission.VIEW_FORMS, load=lambda slug, number: _version(slug, number))
def version_json(found: dict[str, object]) -> ResponseReturnValue:
    """The definition of a version, as it can be brought in again."""
    answer = make_response(json.dumps(found, ensure_ascii=False, indent=2))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = "attachment"
    return answer


def _section(
    form: Form, section: str, template: str, changed: drafts.Draft, errors: dict[str, str], actor: Actor
) -> Response:
    was, status, notice = sections.section_hash(form.draft, section), 200, ""
    if request.method == "POST":
        try:
            errors = errors or sections.keep(
                form, section, request.form.get("was", ""), changed, actor=actor, now=clock.now()
            )
        except editing.Conflict as refusal:
            status = 409
            notice = f"{refusal.message} What you typed is below: save again to put it in place of theirs."
        else:
            if not errors:
                flash("Saved.")
                endpoint = f".{section.replace('-', '_')}"
                return make_response(redirect(url_for(endpoint, slug=form.slug, lang=request.values.get("lang")), 303))
            status, was = 422, request.form.get("was", "")
    frame = screens.frame(form, parse(form.draft), section)
    return screen(
        template,
        status=status,
        draft=changed,
        errors=errors,
        was=was,
        notice=notice,
        feedback_forms=queries.feedback_forms(),
        **frame,
    )


def _part(slug: str, name: str) -> tuple[Form, str] | None:
    form = queries.for_change(slug)
    if form is None or all(part["id"] != name for part, _ in drafts.parts(form.draft)):
        return None
    return form, name


def _with_verb(slug: str, verb: str) -> tuple[Form, str] | None:
    form = queries.for_change(slug)
    return None if form is None or verb not in (*STATES, "duplicate") else (form, verb)


def _version(slug: str, number: int) -> dict[str, object] | None:
    return queries.definition(slug, number)


def _to(form: Form, name: str | None) -> ResponseReturnValue:
    return redirect(url_for(".questions", slug=form.slug, part=name, lang=request.values.get("lang")), 303)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
