"""The designer's workbench: outline, the form as customers see it, and the settings of what is selected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from formsite.definition import checks, logic
from formsite.definition.controls import Drawing
from formsite.definition.document import Definition, Field, Group, Page, parse, walk
from formsite.definition.faults import Fault
from formsite.definition.fieldtypes import registry
from formsite.definition.flow import Plan
from formsite.designer import drafts, editing, picking, publishing, settings
from formsite.designer.editing import Edit
from formsite.designer.models import Form, FormState, Version
from formsite.foundation import clock
from formsite.staff.screens import screen

SECONDS_A_QUESTION = 12  # reading and answering; a guess that is named as one on the screen
FAMILIES = ("Text", "Contact", "Numbers and dates", "Choice", "Rating", "Matrix", "File", "Values", "Show")


def workbench(
    form: Form,
    *,
    selected: str | None = None,
    edit: Edit | None = None,
    status: int = 200,
    notice: str = "",
    was: str | None = None,
) -> Response:
    """The questions of a form, one part of them selected."""
    definition = parse(form.draft)
    ids = [part.id for _, part in walk(definition)]
    selected = selected if selected in ids else (ids[0] if ids else None)
    part = drafts.find(form.draft, selected)[0] if selected else None
    if part is not None and edit is None:
        edit = editing.shown(part)
    context = frame(form, definition, "questions") | {
        "selected": selected,
        "outline": drafts.describe(definition),
        "types": [(family, [t for t in registry.all() if t.family == family]) for family in FAMILIES],
        "drawn": _drawn(definition, language()),
        "notes": _notes(definition),
        "part": part,
        "edit": edit,
        "was": was or (drafts.own_hash(part) if part else ""),
        "notice": notice,
        "meter": meter(definition),
    }
    if part is not None and edit is not None:
        context |= _panel(definition, part, edit)
    return screen("designer/questions.html", status=status, **context)


def frame(form: Form, definition: Definition, tab: str) -> dict[str, Any]:
    """What every tab of the designer has."""
    found = publishing.faults(form)
    version = publishing.current_version(form)
    return {
        "form": form,
        "definition": definition,
        "tab": tab,
        "language": language(definition),
        "faults": found,
        "version": version,
        "draft_state": _draft_state(definition, version),
        "states": FormState,
        "now": clock.now(),
    }


def language(definition: Definition | None = None) -> str:
    """The language that is edited now."""
    asked = request.values.get("lang", "")
    if definition is None:
        return asked
    return asked if asked in definition.languages else definition.language


def meter(definition: Definition) -> dict[str, Any]:
    """How much is asked, and how much of it must be told."""
    compulsory, questions = checks.compulsory_share(definition)
    return {
        "compulsory": compulsory,
        "questions": questions,
        "personal": sum(1 for field in definition.fields() if field.personal),
        "minutes": max(1, round(questions * SECONDS_A_QUESTION / 60)),
        "mostly_optional": compulsory * 2 <= questions,
    }


def place_of(form: Form, fault: Fault) -> dict[str, str]:
    """Where in the designer a fault is mended: the tab, and the part."""
    top = fault.where.strip("/").split("/")[0]
    if top in ("consents", "feedback", "title", "intro", "done", "notice", "languages"):
        tab = {"consents": "consent", "feedback": "follow-up"}.get(top, "texts")
        return {"endpoint": f"designer.{tab.replace('-', '_')}"}
    best = ""
    name = None
    for where, part in walk(parse(form.draft)):
        if fault.where.startswith(where) and len(where) > len(best):
            best, name = where, part.id
    return {"endpoint": "designer.questions"} | ({"part": name} if name else {})


def _draft_state(definition: Definition, version: Version | None) -> str:
    if version is None:
        return "never published"
    return "as published" if version.sha256 == definition.sha256 else "changed since it was published"


def _drawn(definition: Definition, language_: str) -> list[dict[str, Any]]:
    """Every page as customers see it, nothing hidden: rules are told in words beside."""
    plan = Plan(definition)
    state = plan.everything(clock.now().date())
    drawing = Drawing(plan, state, language_ if language_ in definition.languages else definition.language)
    return [
        {
            "id": page.id,
            "title": page.title.say(drawing.language, definition.language) if page.title else "",
            "items": drawing.page(page),
        }
        for page in definition.pages
    ]


def _notes(definition: Definition) -> dict[str, str]:
    """The rules read aloud, by part."""
    notes = {}
    for _, part in walk(definition):
        said = []
        if part.shown_if is not None:
            said.append("shown if " + _aloud(part.shown_if, definition))
        if isinstance(part, Field) and not isinstance(part.compulsory, bool):
            said.append("compulsory if " + _aloud(part.compulsory, definition))
        if said:
            notes[part.id] = "; ".join(said)
    return notes


def _aloud(rule: Any, definition: Definition) -> str:
    return picking.read_aloud(logic.to_json(rule), definition)


def _panel(definition: Definition, part: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """The settings of the selected part."""
    kind = "page" if "type" not in part else part["type"]
    lang = language(definition)
    usable = picking.usable(definition, part["id"])
    operands = {name: field.kind.operand(field).type for name, field in usable.items()}
    return {
        "kind": kind,
        "type": registry.get(kind) if kind in registry else None,
        "settings": settings.drawn(kind, edit.part.get("settings", part.get("settings", {})), lang)
        if kind in registry
        else [],
        "usable": usable,
        "comparisons": picking.COMPARISONS,
        "fitting": {name: picking.FITTING[operand] for name, operand in operands.items()},
        "values": {name: _values(field, lang, definition.language) for name, field in usable.items()},
        "aloud": {
            name: picking.read_aloud(edit.part[name], definition)
            for name in editing.RULES
            if isinstance(edit.part.get(name), dict) and name not in edit.errors
        },
        "wanted": "rule"
        if isinstance(edit.part.get("compulsory"), dict) or "compulsory" in edit.errors
        else "compulsory"
        if edit.part.get("compulsory")
        else "optional",
        "usage": _usage(definition, part["id"]),
    }


def _values(field: Field, lang: str, default: str) -> list[tuple[str, str]]:
    """What a question can be compared with by picking; empty where it is typed."""
    if field.type == "yes_no":
        return [("true", "Yes"), ("false", "No")]
    return [(choice.id, choice.label.say(lang, default)) for choice in field.kind.choices(field)]


def _usage(definition: Definition, name: str) -> list[str]:
    """Whose rules look at a part."""
    return [part.id for _, part in walk(definition) if part.id != name and name in _fields_in(part)]


def _fields_in(part: Page | Group | Field) -> frozenset[str]:
    rules = [part.shown_if, getattr(part, "compulsory", None)]
    return frozenset[str]().union(*(logic.fields_of(rule) for rule in rules if isinstance(rule, logic.NODES)))
