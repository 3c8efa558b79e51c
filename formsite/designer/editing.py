"""Editing a part: what the designer's controls sent -> a changed draft, without overwriting anybody unseen.

Every edit names the part it shows by a hash. A part that is still as it was takes the edit, on top of whatever else
changed in the form meanwhile; a part that somebody else changed is a conflict, and both versions are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field as member
from datetime import datetime
from typing import Any

from formsite.definition.document import Definition, parse
from formsite.definition.faults import Fault, Faulty
from formsite.definition.logic import AnswerType
from formsite.designer import drafts, forms, ruling, settings
from formsite.designer.drafts import Draft, Part
from formsite.designer.looking import Outlook, View
from formsite.designer.models import Form
from formsite.designer.ruling import Piece, Rules, Taking
from formsite.foundation.audit import Actor
from formsite.foundation.errors import Refused

FLAGS = ("compulsory", "wanted", "read_only")
SWITCHES = ("random", "exit")
BOUNDS = {"min": "Fewest", "max": "Most", "start": "At first"}
"""Of a group that repeats."""


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
    rules: Rules = member(default_factory=Rules)
    chosen: dict[str, str] = member(default_factory=dict)  # of each flag: no, yes or rule


def shown(part: Part, language: str) -> Edit:
    """A part as it is stored."""
    chosen = {name: _chosen(part.get(name)) for name in FLAGS}
    return Edit(part, rules=ruling.shown(part, language), chosen=chosen)


def _chosen(held: object) -> str:
    return "rule" if isinstance(held, dict) else "yes" if held else "no"


def typed(part: Part, sent: Mapping[str, str], definition: Definition, language: str) -> Edit:
    """A part as it was typed; nothing is kept yet."""
    return _Typed(part, sent, definition, language).edit


class _Typed:
    """Puts a part together out of what was sent. What has no control on its page stays as it is."""

    def __init__(self, part: Part, sent: Mapping[str, str], definition: Definition, language: str) -> None:
        self.old, self.sent, self.language = part, sent, language
        self.new: Part = {name: held for name, held in part.items() if name != "items"}
        self.new["id"] = sent.get("id", "").strip()
        self.edit = shown(part, language)
        self.edit.part = self.new
        self.taking = Taking(sent, self.edit.errors)
        self.before, self.inside = ruling.views(part, Outlook(definition, language))
        self._words("title", "label", "hint", "why", "compulsory_message")
        self._rule("shown_if", self.before)
        if part.get("type", "group") != "group":
            self._field(definition)
        else:
            self._whole()
        self._pieces()

    def _put(self, name: str, held: Any) -> None:
        if held in (None, (), [], {}, ""):
            self.new.pop(name, None)
        else:
            self.new[name] = held

    def _words(self, *names: str) -> None:
        for name in names:
            if name in self.sent:
                self._put(name, said(self.old.get(name), self.sent[name], self.language))
                if name == "label" and name not in self.new and self.old["type"] != "group":
                    self.new[name] = {self.language: ""}

    def _rule(self, name: str, view: View, *, wanted: bool = True) -> None:
        old = self.old.get(name)
        slot = self.taking.rule(name, name, old if isinstance(old, dict) else None, view, wanted=wanted)
        self.edit.rules.slots[name] = slot
        if wanted:
            self._put(name, slot.rule)

    def _flag(self, name: str) -> None:
        """No, yes, or by a rule."""
        sent = self.sent.get("answering" if name == "compulsory" else name, "")
        how = {"optional": "no", "compulsory": "yes"}.get(sent, sent)
        self.edit.chosen[name] = how or _chosen(self.old.get(name))
        if not how:
            return
        self._rule(name, self.before, wanted=how == "rule")
        if how != "rule":
            self._put(name, how == "yes" or None)
        elif name not in self.new:
            self.edit.errors.setdefault(name, "Choose at least one condition, or choose another answer")

    def _value(self, name: str, holder: Part, expect: AnswerType | None) -> None:
        if f"{name}.op" not in self.sent and f"{name}.source" not in self.sent:
            return
        reckoned = self.taking.value(name, holder.get(name), self.before, expect)
        self.edit.rules.values[name] = reckoned
        if reckoned.rule is None:
            holder.pop(name, None)
        else:
            holder[name] = reckoned.rule

    def _field(self, definition: Definition) -> None:
        self._flag("compulsory")
        self.new.setdefault("compulsory", False)
        self._flag("wanted")
        self._flag("read_only")
        if "personal" in self.sent:
            self._put("personal", self.sent["personal"] == "yes" or None)
        made, errors = settings.read(self.old["type"], self.sent, self.old.get("settings", {}), self.language)
        self.edit.errors |= {f"settings.{name}": text for name, text in errors.items()}
        self._put("settings", made)
        expect = self._answer(definition)
        self._value("default", self.new, expect)
        self._value("computed", self.new, expect)

    def _answer(self, definition: Definition) -> AnswerType | None:
        """What kind of value the field takes; None where any will do."""
        field = definition.by_id[self.old["id"]]
        kind = field.kind.operand(field).type
        return None if field.type == "computed" or kind is AnswerType.NOTHING else kind

    def _whole(self) -> None:
        """What pages and groups have."""
        for name in SWITCHES:
            if name in self.sent:
                self._put(name, self.sent[name] == "yes" or None)
        if "repeats" in self.sent:
            self._put("repeat", self._repeat() if self.sent["repeats"] == "yes" else None)
            if self.sent["repeats"] == "yes":
                self.new.setdefault("repeat", {})

    def _repeat(self) -> Part:
        made: Part = dict(self.old.get("repeat") or {})
        for name, words in BOUNDS.items():
            text = self.sent.get(f"repeat.{name}", "").strip()
            made.pop(name, None)
            if text.isascii() and text.isdecimal() and len(text) < 6:
                made[name] = int(text)
            elif text:
                self.edit.errors[f"repeat.{name}"] = f"{words}: enter a whole number"
        label = said(made.pop("add_label", None), self.sent.get("repeat.add_label", ""), self.language)
        self._value("count", made, AnswerType.NUMBER)
        return made | ({"add_label": label} if label else {})

    def _pieces(self) -> None:
        for kind, member_, view in (
            ("limits", "rule", self.inside),
            ("jumps", "if", self.inside),
            ("offers", "shown_if", self.before),
        ):
            if f"{kind}.there" in self.sent:
                olds = list(ruling.offered(self.old)) if kind == "offers" else self.old.get(kind, [])
                pieces = self.taking.pieces(kind, olds, member_, view)
                self.edit.rules.pieces[kind] = pieces
                getattr(self, f"_{kind}")(pieces)

    def _limits(self, pieces: Sequence[Piece]) -> None:
        made = []
        for number, piece in enumerate(pieces):
            before = self.old["limits"][piece.was]["message"] if piece.was is not None else None
            message = said(before, piece.said, self.language)
            if piece.slot.rule is None and not message:
                continue
            self._need(f"limits.{number}.rule", piece.slot.rule, "Say what must hold")
            self._need(f"limits.{number}.said", message, "Write what the customer is told")
            made.append({"rule": piece.slot.rule, "message": message})
        self._put("limits", made)

    def _jumps(self, pieces: Sequence[Piece]) -> None:
        made = []
        for number, piece in enumerate(pieces):
            if piece.slot.rule is None and not piece.said:
                continue
            self._need(f"jumps.{number}.rule", piece.slot.rule, "Say when the form goes there")
            self._need(f"jumps.{number}.said", piece.said, "Choose where the form goes on")
            made.append({"if": piece.slot.rule, "to": piece.said})
        self._put("jumps", made)

    def _offers(self, pieces: Sequence[Piece]) -> None:
        """The rules of choices, put on the choices as they were typed."""
        rules = {piece.said: piece.slot.rule for piece in pieces}
        if "settings" not in self.new:
            return
        self.new["settings"] = dict(self.new["settings"])
        for name in ruling.OFFERS:
            if name in self.new["settings"]:
                self.new["settings"][name] = [
                    _ruled(each, rules.get(each["id"])) for each in self.new["settings"][name]
                ]

    def _need(self, name: str, held: object, text: str) -> None:
        if not held:
            self.edit.errors.setdefault(name, text)


def _ruled(choice: Part, rule: Part | None) -> Part:
    plain = {name: held for name, held in choice.items() if name != "shown_if"}
    return plain if rule is None else plain | {"shown_if": rule}


def said(old: Mapping[str, str] | None, text: str, language: str) -> dict[str, str]:
    """A text with other words in one language; empty where none is left."""
    others = {tag: words for tag, words in (old or {}).items() if tag != language}
    words = text.replace("\r\n", "\n").strip()
    return others | ({language: words} if words else {})


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
            edit.errors.setdefault(control_of(fault), f"{fault.what}. {fault.fix}.")
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


def control_of(fault: Fault) -> str:
    """Which control a fault belongs to, by the last steps of its pointer inside the part."""
    if found := re.search(r"/(limits|jumps)/(\d+)/(\w+)", fault.where):
        return f"{found[1]}.{found[2]}.{'said' if found[3] in ('to', 'message') else 'rule'}"
    if found := re.search(r"/repeat/(\w+)", fault.where):
        return "count" if found[1] == "count" else f"repeat.{found[1]}"
    if found := re.search(r"/settings/(\w+)", fault.where):
        return f"settings.{found[1]}"
    known = ("shown_if", *FLAGS, *ruling.VALUES, "compulsory_message", "hint", "why", "label", "title")
    return next((name for name in reversed(fault.where.split("/")) if name in known), "id")
