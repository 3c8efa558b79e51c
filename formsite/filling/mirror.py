"""The rules of a page for the browser, which mirrors them; the server decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from formsite.definition import logic
from formsite.definition.controls import Control, Section
from formsite.definition.document import Field, Group, Item
from formsite.definition.flow import State
from formsite.definition.messages import words
from formsite.filling.visits import Visit

SAID = ("compulsory", "optional", "clear")


def rules_for(visit: Visit, state: State, items: Sequence[Control | Section]) -> dict[str, Any] | None:
    """What `static/js/public.js` needs, in document order; None where nothing depends on an answer.

    `answers` holds those given on other pages, and of them only what the rules of this page look at.
    """
    parts = list(_parts(visit.page.items))
    used = frozenset[str]().union(*(logic.fields_of(logic.parse(rule)) for part in parts for rule in _rules(part)))
    if not used:
        return None
    here = {part["id"] for part in parts}
    said = words(visit.language)
    return {
        "parts": parts,
        "answers": {name: value for name, value in state.answers.items() if name in used and name not in here},
        "today": visit.today.isoformat(),
        "words": {key: said[key] for key in SAID}
        | {"more_one": said.count("more_shown", 1), "more": said["more_shown"]},
    }


def _rules(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for rule in (part.get("shown_if"), part.get("compulsory"), *part.get("choices", {}).values()):
        if isinstance(rule, dict):
            yield rule


def _parts(items: Sequence[Item], inside: str | None = None) -> Iterator[dict[str, Any]]:
    for item in items:
        part: dict[str, Any] = {"id": item.id}
        if inside:
            part["in"] = inside
        if item.shown_if is not None:
            part["shown_if"] = logic.to_json(item.shown_if)
        if isinstance(item, Group):
            yield part | {"group": True}
            yield from _parts(item.items, item.id)
        else:
            yield part | _field(item)


def _field(field: Field) -> dict[str, Any]:
    compulsory = field.compulsory if isinstance(field.compulsory, bool) else logic.to_json(field.compulsory)
    choices = {c.id: logic.to_json(c.shown_if) for c in field.kind.choices(field) if c.shown_if is not None}
    out: dict[str, Any] = {"answer": field.kind.answer.name.lower(), "compulsory": compulsory}
    decimals = getattr(field.settings, "decimals", None)
    return out | ({"choices": choices} if choices else {}) | ({"decimals": decimals} if decimals else {})
