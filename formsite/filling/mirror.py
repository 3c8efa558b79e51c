"""The rules of a page for the browser, which mirrors them; the server decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from formsite.definition import logic, paths
from formsite.definition.controls import Control, Section
from formsite.definition.document import Field
from formsite.definition.flow import Plan
from formsite.definition.state import State
from formsite.definition.messages import words
from formsite.filling.visits import Visit

SAID = ("compulsory", "optional", "clear")


def rules_for(visit: Visit, state: State, items: Sequence[Control | Section]) -> dict[str, Any] | None:
    """What `static/js/public.js` needs, in document order; None where nothing depends on an answer.

    Every part that is drawn is named by its path, instances and parts of fields included. `answers` holds those given
    on other pages, and of them only what the rules of this page look at; a repeat's own path holds its number.
    """
    parts = list(_parts(visit.plan, items))
    used = frozenset[str]().union(*(logic.fields_of(logic.parse(rule)) for part in parts for rule in _rules(part)))
    if not used and not any(part.get("computed") for part in parts) and "data-pipe" not in str(items):
        return None
    here = {part["id"] for part in parts}
    looked = used.union(*(visit.plan.scope.parts.get(name, ()) for name in used))
    said = words(visit.language)
    repeats = visit.plan.questions.repeats
    scope = visit.plan.scope
    return {
        "parts": parts,
        "answers": {
            path: value
            for path, value in state.answers.items()
            if path not in here and (paths.plain(path, repeats) in looked or paths.plain(path, repeats) in repeats)
        },
        "scope": {
            "homes": dict(scope.homes),
            "repeats": sorted(scope.repeats),
            "parts": {name: of for name, of in scope.parts.items() if name in used},
            "scores": {name: dict(of) for name, of in scope.scores.items() if name in used},
        },
        "today": visit.today.isoformat(),
        "words": {key: said[key] for key in SAID}
        | {"more_one": said.count("more_shown", 1), "more": said["more_shown"]},
    }


def _rules(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    own = (part.get(name) for name in ("shown_if", "compulsory", "computed", "read_only"))
    for rule in (*own, *part.get("choices", {}).values()):
        if isinstance(rule, dict):
            yield rule


def _parts(plan: Plan, items: Sequence[Control | Section], inside: str | None = None) -> Iterator[dict[str, Any]]:
    for item in items:
        step = plan.step(item.id.rpartition("-")[0] if _is_instance(item) else item.id)
        part: dict[str, Any] = {"id": item.id} | ({"in": inside} if inside else {})
        if at := paths.places(item.id + "-", plan.questions.repeats):
            part["at"] = at
        if step.part.shown_if is not None and not _is_instance(item):
            part["shown_if"] = logic.to_json(step.part.shown_if)
        if isinstance(item, Section):
            yield part | {"group": True}
            yield from _parts(plan, item.items, item.id)
        elif isinstance(step.part, Field):
            yield part | _field(step.part)
            yield from _parts(plan, item.parts, item.id)


def _is_instance(item: Control | Section) -> bool:
    return isinstance(item, Section) and item.number is not None


def _field(field: Field) -> dict[str, Any]:
    out: dict[str, Any] = {"answer": field.kind.answer.name.lower(), "compulsory": _rule(field.compulsory)}
    offered = () if field.kind.looked_up else field.kind.choices(field)  # what is looked up, the server leaves out
    choices = {c.id: logic.to_json(c.shown_if) for c in offered if c.shown_if is not None}
    decimals = getattr(field.settings, "decimals", None)
    if field.kind.composite:
        out["composite"] = True
    if field.computed is not None:
        out["computed"] = logic.to_json(field.computed)
    if field.read_only is not False:
        out["read_only"] = _rule(field.read_only)
    return out | ({"choices": choices} if choices else {}) | ({"decimals": decimals} if decimals is not None else {})


def _rule(given: Any) -> Mapping[str, Any] | bool:
    return given if isinstance(given, bool) else logic.to_json(given)
