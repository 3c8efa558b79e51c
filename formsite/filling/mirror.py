"""The rules of a page for the browser, which mirrors them; the server decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from formsite.definition import logic, paths
from formsite.definition.controls import Control, Section
from formsite.definition.document import Field, Group, Item
from formsite.definition.flow import Plan
from formsite.definition.state import State
from formsite.definition.messages import words
from formsite.filling.visits import Visit

SAID = ("compulsory", "optional", "clear")


def rules_for(visit: Visit, state: State, items: Sequence[Control | Section]) -> dict[str, Any] | None:
    """What `static/js/public.js` needs, in document order; None where nothing depends on an answer.

    Every part that is drawn, or worked out unseen, is named by its path, instances and parts of fields included. `answers` holds those given
    on other pages, and of them only what the rules of this page look at; a repeat's own path holds its number.
    """
    parts = list(_parts(visit.plan, visit.page.items, state))
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


def _parts(
    plan: Plan, items: Sequence[Item], state: State, prefix: str = "", inside: str | None = None
) -> Iterator[dict[str, Any]]:
    """In document order, whatever order chance has put them in on the page: rules look at what is asked before."""
    for item in items:
        path = prefix + item.id
        part = _placed(plan, path, inside)
        if item.shown_if is not None:
            part["shown_if"] = logic.to_json(item.shown_if)
        if isinstance(item, Group):
            yield part | {"group": True}
            yield from _inside(plan, item, state, path, prefix)
        elif item.kind.drawn(item) or item.computed is not None:
            yield part | _field(plan.field(item.id)) | _waits(plan, state, path)
            for question in plan.questions.parts(item.id):
                own = _placed(plan, prefix + question.id, path)
                if question.field.shown_if is not None:
                    own["shown_if"] = logic.to_json(question.field.shown_if)
                yield own | _field(question.field)


def _waits(plan: Plan, state: State, path: str) -> dict[str, Any]:
    """For which answers its choices wait: those of this page by their paths, and whether one of another page is missing."""
    page = plan.page_of(path)
    by = [(plan.placed(question.id, path), question.page) for question in plan.step(path).choices_by]
    here = [place for place, home in by if home == page]
    elsewhere = any(home != page and place in state.compulsory and place not in state.answers for place, home in by)
    return ({"waits": here} if here else {}) | ({"waiting": True} if elsewhere else {})


def _inside(plan: Plan, group: Group, state: State, path: str, prefix: str) -> Iterator[dict[str, Any]]:
    """What stands in a group; of one that repeats in each of its instances."""
    if group.repeat is None:
        yield from _parts(plan, group.items, state, prefix, path)
        return
    for number in range(state.answers.get(path, 0)):
        instance = f"{path}-{number}"
        yield _placed(plan, instance, path) | {"group": True}
        yield from _parts(plan, group.items, state, f"{instance}-", instance)


def _placed(plan: Plan, path: str, inside: str | None) -> dict[str, Any]:
    at = paths.places(path + "-", plan.questions.repeats)
    return {"id": path} | ({"in": inside} if inside else {}) | ({"at": at} if at else {})


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
