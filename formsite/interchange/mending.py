"""What came in and could not be published is taken out again, rule by rule, and named as lost; no question is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from formsite.definition import checks
from formsite.definition.document import Definition, parse
from formsite.definition.faults import Fault, Faulty
from formsite.interchange.losses import Imported, Loss, Unimportable

MOST_ROUNDS = 12
RULES = {
    "shown_if": "it is always shown",
    "compulsory": "it is optional",
    "wanted": "nobody is asked twice",
    "read_only": "the customer can change it",
    "default": "nothing is filled in beforehand",
    "computed": "the value is not worked out",
    "count": "the customer decides how often",
    "limits": "any answer is taken",
    "jumps": "the next page follows",
    "quotas": "nobody is turned away",
    "choices_from": "it offers its own choices",
}
"""Members that a part can do without, and what is then."""


def mended(imported: Imported) -> Imported:
    """The definition without what stands in the way of publishing it.

    Raises:
        Unimportable: it still could not be published; says why.
    """
    definition, losses = imported.definition, list(imported.losses)
    for _ in range(MOST_ROUNDS):
        faults = [fault for fault in checks.faults(definition) if _cure(fault)]
        if not faults:
            return replace(imported, definition=definition, losses=tuple(losses))
        definition = _without(definition, faults, losses)
    fault = checks.faults(definition)[0]
    raise Unimportable(fault.where, fault.what, fault.fix)


def _cure(fault: Fault) -> tuple[list[str], str] | None:
    """The pointer of the smallest rule around a fault, and its kind."""
    steps = fault.where.strip("/").split("/")
    for at in range(len(steps) - 1, -1, -1):
        if steps[at] in RULES and (at == 0 or steps[at - 1] != "settings" or steps[at] == "choices_from"):
            end = at + 2 if steps[at] in ("limits", "jumps", "quotas") else at + 1
            return steps[:end], steps[at]
    return None


def _without(definition: Definition, faults: list[Fault], losses: list[Loss]) -> Definition:
    raw = definition.as_json()
    cures = {tuple(cure[0]): (fault, cure[1]) for fault in faults if (cure := _cure(fault))}
    for steps, (fault, kind) in sorted(
        cures.items(), reverse=True, key=lambda cure: [_place(step) for step in cure[0]]
    ):
        part = _owner(raw, list(steps))
        losses.append(Loss(str(part.get("id", fault.where)), f"{kind}: {fault.what}", RULES[kind]))
        _remove(raw, list(steps), part)
    try:
        return parse(raw)
    except Faulty as refusal:
        first = refusal.faults[0]
        raise Unimportable(first.where, first.what, first.fix) from None


def _place(step: str) -> tuple[int, str]:
    return (int(step), "") if step.isdecimal() else (-1, step)


def _at(raw: Any, steps: list[str]) -> Any:
    for step in steps:
        raw = raw[int(step)] if isinstance(raw, list) else raw[step]
    return raw


def _owner(raw: dict[str, Any], steps: list[str]) -> dict[str, Any]:
    """The page, group or field that a rule belongs to."""
    for end in range(len(steps), -1, -1):
        found = _at(raw, steps[:end]) if end < len(steps) else None
        if isinstance(found, dict) and "id" in found:
            return found
    return raw


def _remove(raw: dict[str, Any], steps: list[str], part: dict[str, Any]) -> None:
    if steps[-1] == "computed" and part.get("type") == "computed":
        part["computed"] = {"value": ""}  # what looks at it finds it empty
        return
    held = _at(raw, steps[:-1])
    if isinstance(held, list):
        held.pop(int(steps[-1]))
    else:
        held.pop(steps[-1], None)
