"""The choices of a question as a file: looked at, taken out, and brought in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from formsite.definition.document import Field, parse
from formsite.definition.faults import Faulty
from formsite.definition.questions import Questions
from formsite.definition.sources import CHOOSING
from formsite.designer import drafts, editing, screens
from formsite.designer import queries as forms
from formsite.designer.models import Form
from formsite.foundation import clock
from formsite.foundation.audit import Actor
from formsite.interchange import choicelists
from formsite.interchange.choicelists import Bringing
from formsite.interchange.inputs import ChoicesInput
from formsite.interchange.losses import Unimportable
from formsite.staff.access import Permission, staff_may
from formsite.staff.screens import screen

bp = Blueprint("choices", __name__, url_prefix="/staff/forms/<slug>/parts/<name>/choices")
MOST_SHOWN = 100
Found = tuple[Form, Field]


@bp.get("")
@staff_may(Permission.EDIT_FORM, load=lambda slug, name: _asked(slug, name))
def show(found: Found) -> ResponseReturnValue:
    """The first of them, and where to bring others."""
    return _page(found, _input(found, blank=True))


@bp.post("")
@staff_may(Permission.EDIT_FORM, load=lambda slug, name: _asked(slug, name))
def bring(found: Found, actor: Actor) -> ResponseReturnValue:
    """Put those of a file in place of those there were."""
    form, field = found
    page = _input(found)
    if not page.validate_on_submit():
        return _page(found, page)
    content, name = page.file.data.read(choicelists.MOST_BYTES + 1), page.file.data.filename or "The file"
    try:
        choices = choicelists.read(content, name[:100], _bringing(form, field, page.parent.data or None))
        _keep(form, field.id, choices, page.parent.data or "", actor)
    except Unimportable as refusal:
        page.file.errors = [f"{refusal.where}: {refusal.what}. {refusal.fix}."]
        return _page(found, page)
    except Faulty as refusal:
        fault = refusal.faults[0]
        page.file.errors = [f"{fault.what}. {fault.fix}."]
        return _page(found, page)
    flash(f"{len(choices):,} choices came in.")
    return redirect(url_for(".show", slug=form.slug, name=field.id), 303)


@bp.get("/file")
@staff_may(Permission.EDIT_FORM, load=lambda slug, name: _asked(slug, name))
def take(found: Found) -> ResponseReturnValue:
    """All of them as a table that can be brought back."""
    form, field = found
    raw = drafts.find(form.draft, field.id)[0].get("settings", {}).get("choices", [])
    answer = Response(choicelists.write(raw, form.draft["languages"]), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{form.slug}-{field.id}.csv")
    return answer


def _keep(form: Form, name: str, choices: list[dict[str, Any]], parent: str, actor: Actor) -> None:
    def with_them(draft: drafts.Draft) -> drafts.Draft:
        changed = drafts.opened(draft)
        part, _ = drafts.find(changed, name)
        kept = {member: held for member, held in part.get("settings", {}).items() if member != "parent"}
        part["settings"] = kept | {"choices": choices} | ({"parent": parent} if parent else {})
        return changed

    editing.change(form, with_them, actor=actor, now=clock.now())


def _bringing(form: Form, field: Field, parent: str | None) -> Bringing:
    definition = parse(form.draft)
    questions = Questions(definition)
    language = screens.language(definition)
    parents = None
    if parent is not None and parent in questions:
        source = questions[parent].field
        known = {choice.id: choice.label.say(language) for choice in source.kind.choices(source)}
        parents = known or dict(source.kind.options(source, language))
    before = drafts.find(form.draft, field.id)[0].get("settings", {}).get("choices", [])
    return Bringing(language, _most(field), before, parents)


def _most(field: Field) -> int:
    [most] = [
        held.max_length for held in field.kind.Settings.model_fields["choices"].metadata if hasattr(held, "max_length")
    ]
    return int(most)


def _asked(slug: str, name: str) -> Found | None:
    form = forms.for_change(slug)
    field = parse(form.draft).by_id.get(name) if form else None
    if form is None or field is None or "choices" not in type(field.settings).model_fields:
        return None
    return form, field


def _input(found: Found, *, blank: bool = False) -> ChoicesInput:
    form, field = found
    definition = parse(form.draft)
    earlier = []
    for question in Questions(definition).values():
        if question.id == field.id:
            break
        if question.of is None and question.field.kind.answer in CHOOSING:
            earlier.append((question.id, question.field.label.say(definition.language) or question.id))
    page = ChoicesInput(formdata=None) if blank else ChoicesInput()
    page.parent.choices = [("", "none"), *earlier]
    if blank:
        page.parent.data = field.settings.parent or ""
    return page


def _page(found: Found, page: ChoicesInput) -> Response:
    form, field = found
    definition = parse(form.draft)
    return screen(
        "interchange/choices.html",
        status=422 if page.errors else 200,
        page=page,
        field=field,
        shown=field.settings.choices[:MOST_SHOWN],
        said=screens.language(definition),
        **screens.frame(form, definition, "questions"),
    )
