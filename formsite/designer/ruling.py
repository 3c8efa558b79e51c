"""The rules of a part as controls: which there are, how they are shown, and how what was typed is read.

A rule that was not touched stays as it is written, whatever picking would make of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field as member
from typing import Any

from formsite.definition.logic import AnswerType
from formsite.designer import picking, working
from formsite.designer.looking import Outlook, Place, View
from formsite.designer.picking import Picked
from formsite.designer.working import Worked

Json = dict[str, Any]
RULES = ("shown_if", "compulsory", "wanted", "read_only")
VALUES = ("default", "computed")
OFFERS = ("choices", "rows", "items")
"""The settings whose entries may be shown by a rule."""
MOST_ROWS = 200
"""Quotas are the most there can be of anything."""
PIECES = ("limits", "jumps", "offers", "quotas")


@dataclass(slots=True)
class Slot:
    """A rule as it stands in its picker; `picked` is None where it cannot be picked, and `source` is its JSON then."""

    picked: Picked | None = member(default_factory=Picked)
    source: str = ""
    rule: Json | None = None  # what it comes to, if it comes to anything


@dataclass(slots=True)
class Reckoned:
    """The same for an expression."""

    worked: Worked | None = member(default_factory=Worked)
    source: str = ""
    rule: Json | None = None


@dataclass(slots=True)
class Piece:
    """One of several rules of a kind: `said` is the message of a check, where a jump goes, or the id of a choice."""

    slot: Slot
    said: str = ""
    was: int | None = None  # its place before, so that its words in other languages stay


@dataclass(slots=True)
class Rules:
    """All rules of a part."""

    slots: dict[str, Slot] = member(default_factory=dict)
    values: dict[str, Reckoned] = member(default_factory=dict)
    pieces: dict[str, list[Piece]] = member(default_factory=dict)


def slot_of(rule: Json | None) -> Slot:
    """A rule as it is stored."""
    picked = picking.pick(rule)
    return Slot(picked, "" if picked is not None else _source(rule), rule)


def reckoned(rule: Json | None) -> Reckoned:
    """An expression as it is stored."""
    worked = working.pick(rule)
    return Reckoned(worked, "" if worked is not None else _source(rule), rule)


def _source(rule: Json | None) -> str:
    return json.dumps(rule, ensure_ascii=False, indent=1)


def shown(part: Json, language: str) -> Rules:
    """The rules of a part as they are stored."""
    found = Rules()
    for name in RULES:
        held = part.get(name)
        found.slots[name] = slot_of(held if isinstance(held, dict) else None)
    for name in VALUES:
        found.values[name] = reckoned(part.get(name))
    found.values["count"] = reckoned((part.get("repeat") or {}).get("count"))
    found.pieces = {
        "limits": [
            Piece(slot_of(limit["rule"]), limit["message"].get(language, ""), at)
            for at, limit in enumerate(part.get("limits", ()))
        ],
        "jumps": [Piece(slot_of(jump["if"]), jump["to"], at) for at, jump in enumerate(part.get("jumps", ()))],
        "offers": [
            Piece(slot_of(each["shown_if"]), each["id"], at)
            for at, each in enumerate(offered(part))
            if each.get("shown_if")
        ],
    }
    return found


def offered(part: Json) -> Iterator[Json]:
    """The choices, rows and lines of a part that a rule may show."""
    settings = part.get("settings") or {}
    for name in OFFERS:
        yield from settings.get(name, ())


def numbered(sent: Mapping[str, str], kind: str) -> list[int]:
    """The numbers that several rules of a kind have on the page."""
    pattern = re.compile(re.escape(kind) + r"\.(\d{1,3})\.was$")
    return sorted(int(found[1]) for name in sent if (found := pattern.match(name)))[:MOST_ROWS]


class Taking:
    """Reads the rules of one part out of what was sent; `errors` is filled on the way, by the name of the control."""

    def __init__(self, sent: Mapping[str, str], errors: dict[str, str]) -> None:
        self.sent, self.errors = sent, errors

    def rule(self, at: str, name: str, old: Json | None, view: View, *, wanted: bool = True) -> Slot:
        """One rule. `at` is what its controls are called, `name` what they are called when they are drawn again."""
        source = self.sent.get(f"{at}.source")
        if source is not None:
            rule = self._written(name, source, old, view, AnswerType.BOOLEAN) if wanted else None
            return Slot(None, source, rule)
        picked = picking.read(self.sent, at)
        if old is not None and picked == picking.pick(old):
            return Slot(picked, rule=old if wanted else None)
        rule = picking.rule_of(picked, view) if wanted else None
        if wanted and picking.errors(picked):
            self.errors[name] = "A condition is not complete"
            rule = None
        return Slot(picked, rule=rule)

    def value(self, name: str, old: Json | None, view: View, expect: AnswerType | None) -> Reckoned:
        """One expression."""
        source = self.sent.get(f"{name}.source")
        if source is not None:
            return Reckoned(None, source, self._written(name, source, old, view, None))
        worked = working.read(self.sent, name)
        if old is not None and worked == working.pick(old):
            return Reckoned(worked, rule=old)
        rule = working.rule_of(worked, view, expect)
        if working.errors(worked):
            self.errors[name] = worked.error or "The value is not complete"
            rule = None
        return Reckoned(worked, rule=rule)

    def _written(self, name: str, source: str, old: Json | None, view: View, expect: AnswerType | None) -> Json | None:
        """A rule written as JSON. One that was not touched is not looked at."""
        if not source.strip():
            return None
        try:
            rule: Json = json.loads(source)
        except RecursionError:
            self.errors[name] = "The rule is too large or too deep. Take it apart."
        except json.JSONDecodeError as error:
            self.errors[name] = f"Line {error.lineno}: this is not JSON: {error.msg}"
        except ValueError:
            self.errors[name] = "A number in it is too long to be one."
        else:
            found = view.faults(rule, expect) if rule != old else []
            if not found:
                return rule
            self.errors[name] = found[0]
        return None

    def pieces(self, kind: str, olds: Sequence[Json], member_: str, view: View) -> list[Piece]:
        """Several rules of a kind, as they were numbered on the page."""
        made: list[Piece] = []
        for number in numbered(self.sent, kind):
            at, was = f"{kind}.{number}", self.sent[f"{kind}.{number}.was"]
            before = int(was) if was.isdecimal() and len(was) < 4 and int(was) < len(olds) else None
            old = None if before is None else olds[before].get(member_)
            slot = self.rule(f"{at}.rule", f"{kind}.{len(made)}.rule", old, view)
            made.append(Piece(slot, self.sent.get(f"{at}.said", "").strip(), before))
        return made


def press(rules: Rules, prefix: str, button: str, sent: Mapping[str, str]) -> None:
    """What a button does to the rules as they stand in their pickers; nothing is complained of before it is saved."""
    _hush(rules)
    verb, _, place = button.partition(":")
    if prefix in PIECES:
        _press_piece(rules.pieces.get(prefix, []), prefix, verb, place, sent)
        return
    kind, _, rest = prefix.partition(".")
    number, _, inner = rest.partition(".")
    if kind in PIECES and number.isdecimal() and int(number) < len(rules.pieces.get(kind, ())):
        _press_slot(rules.pieces[kind][int(number)].slot, prefix, button)
    elif prefix in rules.slots:
        _press_slot(rules.slots[prefix], prefix, button)
    elif kind in rules.values and (worked := rules.values[kind].worked) is not None:
        _press_value(worked, kind, inner, prefix, button)


def _hush(rules: Rules) -> None:
    slots = [*rules.slots.values(), *(piece.slot for pieces in rules.pieces.values() for piece in pieces)]
    for slot in slots:
        if slot.picked is not None:
            picking.hush(slot.picked)
    for reckoned_ in rules.values.values():
        if reckoned_.worked is not None:
            working.hush(reckoned_.worked)


def _press_piece(pieces: list[Piece], prefix: str, verb: str, place: str, sent: Mapping[str, str]) -> None:
    if verb == "remove" and place.isdecimal() and int(place) < len(pieces):
        pieces.pop(int(place))
    elif verb == "add" and len(pieces) < MOST_ROWS:
        said = sent.get(f"{prefix}.add", "")
        if prefix != "offers" or said:
            pieces.append(Piece(Slot(Picked("all", [picking.Row()])), said))


def _press_slot(slot: Slot, prefix: str, button: str) -> None:
    if slot.picked is not None:
        picking.press(slot.picked, prefix, button)


def _press_value(worked: Worked, kind: str, inner: str, prefix: str, button: str) -> None:
    number = inner.partition(".")[0]
    if not inner:
        working.press(worked, kind, button)
    elif number.isdecimal() and int(number) < len(worked.cases):
        picking.press(worked.cases[int(number)].when, prefix, button)


def views(part: Json, outlook: Outlook) -> tuple[View, View]:
    """What rules of a part may look at before it is asked, and once it is."""
    return outlook.of(part["id"], Place.BEFORE), outlook.of(part["id"], Place.INSIDE)
