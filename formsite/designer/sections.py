"""The parts of a draft that belong to the whole form: its texts and languages, its consent statements, its follow-up.

Each is edited as one piece, under the same rule as questions: nobody overwrites unseen what somebody else changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from formsite.definition.document import parse
from formsite.definition.faults import Faulty
from formsite.designer import forms
from formsite.designer.drafts import Draft
from formsite.designer.editing import Conflict
from formsite.designer.models import Form
from formsite.foundation import canonical
from formsite.foundation.audit import Actor

SECTIONS = {
    "texts": ("title", "intro", "done", "notice", "languages"),
    "consent": ("consents",),
    "follow-up": ("feedback",),
}
TEXTS = ("title", "intro", "done", "notice")


def section_hash(draft: Draft, section: str) -> str:
    """What tells whether a section was changed."""
    return canonical.sha256_hex({name: draft[name] for name in SECTIONS[section] if name in draft})[:16]


def keep(form: Form, section: str, was: str, changed: Draft, *, actor: Actor, now: datetime) -> dict[str, str]:
    """Keep a changed section; what is wrong with it, by control, if it cannot be kept.

    Raises:
        Conflict.
    """
    if section_hash(form.draft, section) != was:
        raise Conflict(form.changed_by)
    merged = {name: held for name, held in form.draft.items() if name not in SECTIONS[section]}
    merged |= {name: changed[name] for name in SECTIONS[section] if name in changed}
    try:
        definition = parse(merged)
    except Faulty as refusal:
        return {fault.where.strip("/") or section: f"{fault.what}. {fault.fix}." for fault in refusal.faults}
    if merged != form.draft:
        forms.keep_draft(form, definition, actor=actor, now=now)
    return {}


def typed_texts(draft: Draft, sent: Mapping[str, str], language: str) -> Draft:
    """The texts of the form in one language, and its languages, as typed."""
    changed = dict(draft)
    for name in TEXTS:
        said = sent.get(name, "").replace("\r\n", "\n").strip()
        words = {tag: text for tag, text in draft.get(name, {}).items() if tag != language} | (
            {language: said} if said else {}
        )
        if words:
            changed[name] = words
        else:
            changed.pop(name, None)
    wanted = [tag for tag in re.split(r"[\s,]+", sent.get("languages", "")) if tag]
    changed["languages"] = list(dict.fromkeys(wanted))
    return changed


def typed_consents(draft: Draft, sent: Mapping[str, str], language: str) -> Draft:
    """The consent statements as typed: numbered controls, in their order; an empty new one is passed over."""
    before = {statement["id"]: statement for statement in draft.get("consents", [])}
    made: list[dict[str, Any]] = []
    for number in range(40):
        base = f"consents.{number}"
        if f"{base}.purpose" not in sent or sent.get(f"{base}.remove"):
            continue
        known = before.get(sent.get(f"{base}.id", ""), {})
        said = sent.get(f"{base}.wording", "").strip()
        wording = {tag: text for tag, text in known.get("wording", {}).items() if tag != language} | (
            {language: said} if said else {}
        )
        if not wording:
            continue
        statement = {
            "id": known.get("id") or _free_name(sent[f"{base}.purpose"], before, made),
            "purpose": sent[f"{base}.purpose"],
            "wording": wording,
        }
        if channel := sent.get(f"{base}.channel"):
            statement["channel"] = channel
        made.append(statement)
    return {name: held for name, held in draft.items() if name != "consents"} | ({"consents": made} if made else {})


def _free_name(purpose: str, before: Mapping[str, Any], made: list[dict[str, Any]]) -> str:
    taken = {*before, *(statement["id"] for statement in made)}
    name, number = purpose, 1
    while name in taken:
        number += 1
        name = f"{purpose}_{number}"
    return name


def typed_feedback(draft: Draft, sent: Mapping[str, str], language: str) -> tuple[Draft, dict[str, str]]:
    """The feedback request as typed, and what could not be read."""
    changed = {name: held for name, held in draft.items() if name != "feedback"}
    if not sent.get("form"):
        return changed, {}
    before = draft.get("feedback", {})
    request: dict[str, Any] = {"form": sent["form"]}
    errors = {}
    try:
        request["after_hours"] = int(sent.get("after_hours", "") or 24)
    except ValueError:
        errors["feedback/after_hours"] = "Enter a whole number of hours"
    for name in ("subject", "body"):
        said = sent.get(name, "").replace("\r\n", "\n").strip()
        others = {tag: text for tag, text in before.get(name, {}).items() if tag != language}
        request[name] = others | {language: said}
    return changed | {"feedback": request}, errors
