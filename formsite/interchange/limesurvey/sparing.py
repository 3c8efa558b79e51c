"""Rules that are put together of many may become larger than formsite reads: they are taken out one by one, and named."""

from __future__ import annotations

from typing import Any

from formsite.interchange.limesurvey.making import Item
from formsite.interchange.limesurvey.texts import Report
from formsite.interchange.limesurvey.translation import is_too_large

WHY = "it is larger or deeper than a rule can be, so {}; write a shorter one"
RULES = {"shown_if": "it is always shown", "default": "nothing is filled in beforehand"}
INSIDE = ("pages", "items", "choices", "rows", "columns")


def spare(part: Item, report: Report, where: str = "") -> None:
    """Takes rules that are too large out of a part of a form and of what is inside it."""
    where = str(part.get("id", where))
    for name, instead in RULES.items():
        if name in part and is_too_large(part[name]):
            report(where, name, WHY.format(instead))
            del part[name]
    if "limits" in part:
        kept = [limit for limit in part["limits"] if not is_too_large(limit["rule"])]
        if len(kept) < len(part["limits"]):
            report(where, "a check", WHY.format("any answer is taken"))
            part["limits"] = kept
    for name in INSIDE:
        for inner in _listed(part, name) + _listed(part.get("settings"), name):
            spare(inner, report, where)


def _listed(part: Any, name: str) -> list[Item]:
    held = part.get(name) if isinstance(part, dict) else None
    return [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []
