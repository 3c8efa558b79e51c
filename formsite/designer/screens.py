"""The designer's workbench: outline, the form as customers see it, and the settings of what is selected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request

from formsite.definition import checks, logic
from formsite.definition.controls import Drawing
from formsite.definition.document import END, Definition, Field, Group, Page, parse, walk
from formsite.definition.faults import Fault
from formsite.definition.fieldtypes import registry
from formsite.definition.flow import Plan
from formsite.definition.logic import AnswerType
from formsite.definition.parts import Choice
from formsite.designer import drafts, editing, publishing, ruling, settings, working
from formsite.designer.comparing import COMPARISONS, alike, fitting
from formsite.designer.editing import Edit
from formsite.designer.looking import Outlook, View
from formsite.designer.models import Form, FormState, Version
from formsite.designer.picking import Aloud
from formsite.foundation import clock
from formsite.designer.sections import Quotas, control_of, section_hash
from formsite.staff.screens import screen

SECONDS_A_QUESTION = 12  # reading and answering; a guess that is named as one on the screen
TABS = {
    "consents": "consent",
    "feedback": "follow_up",
    "quotas": "quotas",
    **dict.fromkeys(("title", "intro", "done", "notice", "languages"), "texts"),
}
"""Where what belongs to the whole form is edited."""
CARRIED, PARENT = "choices_from", "parent"
NOTES = {
    "shown_if": "shown if",
    "compulsory": "compulsory if",
    "wanted": "asked once more if it is left empty and",
    "read_only": "fixed if",
    "default": "at first",
    "computed": "worked out as",
}
"""What is said of a part that has such a rule."""
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
        edit = editing.shown(part, language(definition))
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
        context["usage"] = [user for user in drafts.users(form.draft, {part["id"]}) if user != part["id"]]
    return screen("designer/questions.html", status=status, **context)


def quotas(
    form: Form, draft: drafts.Draft, typed: Quotas, *, status: int = 200, notice: str = "", was: str | None = None
) -> Response:
    """Quotas, and the order of the pages."""
    definition = parse(form.draft)
    context = frame(form, definition, "quotas") | {
        "view": Outlook(definition, language(definition)).whole(),
        "tools": tools(definition),
        "typed": typed,
        "random_pages": bool(draft.get("random_pages")),
        "was": was or section_hash(form.draft, "quotas"),
        "notice": notice,
    }
    return screen("designer/quotas.html", status=status, **context)


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
    """Where in the designer a fault is mended, as `url_for` takes it: the tab, the part, and the control."""
    top = fault.where.strip("/").split("/")[0]
    if top in TABS:
        control = control_of(fault.where).removeprefix("feedback/")
        return {"endpoint": f"designer.{TABS[top]}", "_anchor": control.replace("/", "-").replace(".", "-")}
    found = [(where, part.id) for where, part in walk(parse(form.draft)) if f"{fault.where}/".startswith(f"{where}/")]
    if not found:
        return {"endpoint": "designer.questions"}
    anchor = "panel" if fault.where == found[-1][0] else editing.control_of(fault).replace(".", "-")
    return {"endpoint": "designer.questions", "part": found[-1][1], "_anchor": anchor}


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


def _notes(definition: Definition) -> dict[str, list[str]]:
    """The rules read aloud, by part."""
    aloud = Aloud(definition)
    return {part.id: said for _, part in walk(definition) if (said := list(_said(part, aloud, definition.language)))}


def _said(part: Page | Group | Field, aloud: Aloud, default: str) -> Iterator[str]:
    for name, words in NOTES.items():
        rule = getattr(part, name, None)
        if isinstance(rule, logic.NODES):
            yield f"{words} {aloud(rule)}"
    if getattr(part, "wanted", False) is True:
        yield "asked once more if it is left empty"
    for limit in part.limits:
        yield f"must hold: {aloud(limit.rule)}"
    for jump in getattr(part, "jumps", ()):
        yield f"goes on to {'the end' if jump.to == END else f'“{jump.to}”'} if {aloud(jump.condition)}"
    for choice in _offered(part):
        if choice.shown_if is not None:
            yield f"“{choice.label.say(default)}” only if {aloud(choice.shown_if)}"
    if getattr(part, "exit", False):
        yield "ends the form without sending it"


def _offered(part: Page | Group | Field) -> Iterator[Choice]:
    settings_ = getattr(part, "settings", None)
    for name in ruling.OFFERS:
        yield from (each for each in getattr(settings_, name, ()) if isinstance(each, Choice))


def _panel(definition: Definition, part: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    """The settings of the selected part."""
    kind = "page" if "type" not in part else part["type"]
    lang = language(definition)
    before, inside = ruling.views(dict(part), Outlook(definition, lang))
    drawn = settings.drawn(kind, edit.part.get("settings", part.get("settings", {})), lang) if kind in registry else []
    return {
        "tools": tools(definition),
        "kind": kind,
        "type": registry.get(kind) if kind in registry else None,
        "settings": [_sourced(each, before) for each in drawn],
        "before": before,
        "inside": inside,
        "offered": []
        if kind in registry and registry.get(kind).looked_up
        else [(each["id"], each["label"].get(lang) or each["id"]) for each in ruling.offered(edit.part)],
        "later": _later(definition, part["id"], lang),
    }


def tools(definition: Definition) -> dict[str, Any]:
    """What the pickers of rules and values need besides what a rule may look at."""
    return {
        "comparisons": COMPARISONS,
        "fitting": fitting,
        "alike": alike,
        "ops": working.OPS,
        "term_kinds": working.KINDS,
        "places_": working.PLACES,
        "aloud": Aloud(definition),
    }


def _sourced(setting: settings.Setting, view: View) -> settings.Setting:
    """Which choices of which earlier question are offered, or on whose answer they depend, to be chosen from a list."""
    if setting.name not in (CARRIED, PARENT):
        return setting
    offered = [each for each in view.subjects.values() if each.operand.type in (AnswerType.CHOICE, AnswerType.CHOICES)]
    told = {"chosen": "those chosen", "unchosen": "those not chosen", "all": "all of them"}
    options = [(each.id, each.label) for each in offered]
    if setting.name == CARRIED:
        options = [(f"{name} {which}", f"{label}: {words}") for name, label in options for which, words in told.items()]
    if setting.value not in dict(options):
        options += [(setting.value, setting.value)] if setting.value else []
    return replace(setting, control="select", hint="", options=(("", "none"), *options))


def _later(definition: Definition, name: str, lang: str) -> list[tuple[str, str]]:
    """Where a jump of a page may lead: to a later one, or to the end."""
    names = [page.id for page in definition.pages]
    after = definition.pages[names.index(name) + 1 :] if name in names else ()
    titles = [(page.id, page.title.say(lang, definition.language) if page.title else page.id) for page in after]
    return [*titles, (END, "the end of the form")]
