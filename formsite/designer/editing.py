"""Editing a part: what the designer's controls sent -> a changed draft, without overwriting anybody unseen.

Every edit names the part it shows by a hash. A part that is still as it was takes the edit, on top of whatever else
changed in the form meanwhile; a part that somebody else changed is a conflict, and both versions are shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field as member
from datetime import datetime
from typing import Any

from formsite.definition.document import Definition, parse
from formsite.definition.faults import Fault, Faulty
from formsite.designer import drafts, forms, picking, settings
from formsite.designer.drafts import Draft, Part
from formsite.designer.models import Form
from formsite.designer.picking import Picked
from formsite.foundation.audit import Actor
from formsite.foundation.errors import Refused

RULES = ("shown_if", "compulsory")
TYPED = frozenset({"id", "label", "hint", "why", "title", "personal", "settings", "items", *RULES})
"""What the controls say anew; everything else of a part stays as it is."""


class Conflict(Refused):
    """Somebody else changed the part meanwhile."""

    status = 409

    def __init__(self, changed_by: str) -> None:
        super().__init__(f"{changed_by} changed this while you did. Nothing was overwritten.")


@dataclass(slots=True)
class Edit:
    """A part as it stands in the designer's controls."""

    part: Part
    errors: dict[str, str] = member(default_factory=dict)
    pickers: dict[str, Picked | None] = member(default_factory=dict)  # None: a rule that cannot be picked
    sources: dict[str, str] = member(default_factory=dict)  # such rules, as JSON


def shown(part: Part) -> Edit:
    """A part as it is stored."""
    edit = Edit(part)
    for name in RULES:
        held = part.get(name)
        rule = held if isinstance(held, dict) else None
        edit.pickers[name] = picking.pick(rule)
        if rule is not None and edit.pickers[name] is None:
            edit.sources[name] = json.dumps(rule, ensure_ascii=False, indent=1)
    return edit


def typed(part: Part, sent: Mapping[str, str], definition: Definition, language: str) -> Edit:
    """A part as it was typed; nothing is kept yet."""
    edit = Edit({name: held for name, held in part.items() if name not in TYPED} | {"id": sent.get("id", "").strip()})
    words_in = (
        ("label", "hint", "why")
        if part.get("type", "group") != "group"
        else ("label", "hint")
        if "type" in part
        else ("title",)
    )
    for name in words_in:
        _take_words(edit.part, part, name, sent.get(name, ""), language)
    usable = picking.usable(definition, part["id"])
    _take_rule(edit, "shown_if", sent, usable)
    if part.get("type", "group") != "group":
        _take_field(edit, part, sent, usable, language)
    return edit


def _take_words(new: Part, old: Part, name: str, text: str, language: str) -> None:
    others = {tag: said for tag, said in old.get(name, {}).items() if tag != language}
    said = text.replace("\r\n", "\n").strip()
    if words := others | ({language: said} if said else {}):
        new[name] = words
    elif name == "label" and new.get("type") != "group":
        new[name] = {language: ""}


def _take_field(edit: Edit, part: Part, sent: Mapping[str, str], usable: Mapping[str, Any], language: str) -> None:
    answering = sent.get("answering", "optional")
    edit.part["compulsory"] = answering == "compulsory"
    _take_rule(edit, "compulsory", sent, usable, wanted=answering == "rule")
    if sent.get("personal") == "yes":
        edit.part["personal"] = True
    made, errors = settings.read(part["type"], sent, part.get("settings", {}), language)
    edit.errors |= {f"settings.{name}": text for name, text in errors.items()}
    if made:
        edit.part["settings"] = made


def _take_rule(
    edit: Edit, name: str, sent: Mapping[str, str], usable: Mapping[str, Any], *, wanted: bool = True
) -> None:
    source = sent.get(f"{name}.source")
    if source is not None:
        edit.pickers[name], edit.sources[name] = None, source
        if wanted and source.strip():
            _take_source(edit, name, source)
        return
    picked = edit.pickers[name] = picking.read(sent, name)
    if not wanted:
        return
    rule = picking.rule_of(picked, usable)
    if picking.errors(picked):
        edit.errors[name] = "A condition is not complete"
    elif rule is not None:
        edit.part[name] = rule
    elif name == "compulsory":
        edit.errors[name] = "Choose at least one condition, or choose optional or compulsory"


def _take_source(edit: Edit, name: str, source: str) -> None:
    try:
        edit.part[name] = json.loads(source)
    except json.JSONDecodeError as error:
        edit.errors[name] = f"Line {error.lineno}: this is not JSON: {error.msg}"


def check(form: Form, name: str, edit: Edit) -> Draft | None:
    """The draft with the edit in it, or None: then `edit.errors` says what is wrong.

    Raises:
        NoSuchPart.
    """
    if edit.errors:
        return None
    try:
        changed = drafts.replace(form.draft, name, edit.part)
        parse(changed)
    except drafts.NameTaken as refusal:
        edit.errors["id"] = refusal.message
        return None
    except Faulty as refusal:
        for fault in refusal.faults:
            edit.errors.setdefault(_control(fault), f"{fault.what}. {fault.fix}.")
        return None
    return changed


def keep(form: Form, name: str, was: str, edit: Edit, *, actor: Actor, now: datetime) -> bool:
    """Keep an edit; False if it has errors. The form's row is locked by the caller.

    Raises:
        Conflict, NoSuchPart.
    """
    part, _ = drafts.find(form.draft, name)
    if drafts.own_hash(part) != was:
        raise Conflict(form.changed_by)
    changed = check(form, name, edit)
    if changed is None:
        return False
    if changed != form.draft:
        forms.keep_draft(form, parse(changed), actor=actor, now=now)
    return True


def change(form: Form, edit: Callable[[Draft], Draft], *, actor: Actor, now: datetime) -> None:
    """Keep an edit that concerns no single part's settings: adding, moving, deleting.

    Raises:
        Refused: what the edit refuses.
        Faulty: what it makes is no definition.
    """
    forms.keep_draft(form, parse(edit(form.draft)), actor=actor, now=now)


def _control(fault: Fault) -> str:
    """Which control a fault belongs to: the last steps of its pointer inside the part."""
    steps = fault.where.split("/")
    for name in ("shown_if", "compulsory", "hint", "why", "label", "title", "id"):
        if name in steps and "settings" not in steps:
            return name
    if "settings" in steps:
        after = steps[steps.index("settings") + 1 : steps.index("settings") + 2]
        return f"settings.{after[0]}" if after else "id"
    return "id"
