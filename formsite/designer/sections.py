"""The parts of a draft that belong to the whole form: its texts and languages, its consent statements, its follow-up.

Each is edited as one piece, under the same rule as questions: nobody overwrites unseen what somebody else changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field as member
from datetime import datetime
from typing import Any

from formsite.definition.document import parse
from formsite.definition.faults import Faulty
from formsite.designer import forms, ruling
from formsite.designer.drafts import Draft
from formsite.designer.editing import Conflict, said
from formsite.designer.looking import View
from formsite.designer.models import Form
from formsite.designer.ruling import Piece, Rules, Taking
from formsite.foundation import canonical
from formsite.foundation.audit import Actor

SECTIONS = {
    "texts": ("title", "intro", "done", "notice", "languages"),
    "consent": ("consents",),
    "follow-up": ("feedback",),
    "quotas": ("quotas", "random_pages"),
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
        return {control_of(fault.where) or section: f"{fault.what}. {fault.fix}." for fault in refusal.faults}
    if merged != form.draft:
        forms.keep_draft(form, definition, actor=actor, now=now)
    return {}


def control_of(where: str) -> str:
    """Which control a fault of a section belongs to."""
    if found := re.match(r"/consents/(\d+)/(\w+)", where):
        return f"consents.{found[1]}.{found[2]}"
    if found := re.match(r"/quotas/(\d+)/(\w+)", where):
        return f"quotas.{found[1]}.{'said' if found[2] == 'message' else found[2]}"
    return where.strip("/")


def typed_texts(draft: Draft, sent: Mapping[str, str], language: str) -> Draft:
    """The texts of the form in one language, and its languages, as typed."""
    changed = dict(draft)
    for name in TEXTS:
        words = said(draft.get(name), sent.get(name, ""), language)
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
        wording = said(known.get("wording"), sent.get(f"{base}.wording", ""), language)
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
        request[name] = {language: ""} | said(before.get(name), sent.get(name, ""), language)
    return changed | {"feedback": request}, errors


@dataclass(slots=True)
class Quotas:
    """The quotas as they stand in their controls; `limits` and `names` are as typed."""

    pieces: list[Piece]
    limits: list[str]
    names: list[str]
    errors: dict[str, str] = member(default_factory=dict)


def shown_quotas(draft: Draft, language: str) -> Quotas:
    """The quotas as they are stored."""
    held = draft.get("quotas", [])
    pieces = [
        Piece(ruling.slot_of(quota["rule"]), quota["message"].get(language, ""), at) for at, quota in enumerate(held)
    ]
    return Quotas(pieces, [str(quota["limit"]) for quota in held], [quota["id"] for quota in held])


def typed_quotas(draft: Draft, sent: Mapping[str, str], view: View, language: str) -> tuple[Draft, Quotas]:
    """The quotas and the order of the pages as typed; a quota of which nothing is said is passed over."""
    held, errors = draft.get("quotas", []), dict[str, str]()
    numbers = ruling.numbered(sent, "quotas")
    pieces = Taking(sent, errors).pieces("quotas", held, "rule", view)
    limits, names = ([sent.get(f"quotas.{n}.{name}", "").strip() for n in numbers] for name in ("limit", "id"))
    found = Quotas(pieces, limits, names, errors)
    changed = {name: each for name, each in draft.items() if name not in ("quotas", "random_pages")}
    made = [_quota(found, at, held, language) for at in range(len(pieces))]
    if quotas := [quota for quota in made if quota is not None]:
        changed["quotas"] = quotas
    return changed | ({"random_pages": True} if sent.get("random_pages") == "yes" else {}), found


def _quota(found: Quotas, at: int, held: list[dict[str, Any]], language: str) -> dict[str, Any] | None:
    piece, limit = found.pieces[at], found.limits[at]
    before = {} if piece.was is None else held[piece.was]
    message = said(before.get("message"), piece.said, language)
    if piece.slot.rule is None and not message and not limit:
        return None
    if piece.slot.rule is None:
        found.errors.setdefault(f"quotas.{at}.rule", "Say which responses count")
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 9):
        found.errors[f"quotas.{at}.limit"] = "Enter a whole number"
    if not message:
        found.errors[f"quotas.{at}.said"] = "Write what later customers are told"
    taken = {quota["id"] for quota in held} | {*found.names}
    name = found.names[at] or before.get("id") or _free_name("quota", dict.fromkeys(taken), [])
    found.names[at] = name
    number = int(limit) if f"quotas.{at}.limit" not in found.errors else 0
    return {"id": name, "rule": piece.slot.rule, "limit": number, "message": message}


def press_quotas(found: Quotas, button: str, sent: Mapping[str, str]) -> None:
    """What a button of the quotas does."""
    prefix, _, press = button.partition("|")
    ruling.press(Rules(pieces={"quotas": found.pieces}), prefix, press, sent)
    if prefix == "quotas" and press.startswith("remove:") and len(found.limits) > len(found.pieces):
        at = int(press.partition(":")[2])
        del found.limits[at], found.names[at]
    found.limits += [""] * (len(found.pieces) - len(found.limits))
    found.names += [""] * (len(found.pieces) - len(found.names))
    found.errors.clear()
