"""Masks of SurveyJS as the shape of a text."""

from __future__ import annotations

from typing import Any

from formsite.interchange.surveyjs.elements import Element, Lose

STANDS = {"9": "[0-9]", "a": "[a-zA-Z]", "#": "[a-zA-Z0-9]"}
ESCAPE = "\\"
MOST_SIGNS = 120
_MARKS = frozenset(r"\.+*?()|[]{}^$/-")


def signs(pattern: str) -> list[tuple[str, bool]]:
    """The signs of a mask, and whether each stands for others."""
    found: list[tuple[str, bool]] = []
    escaped = False
    for sign in pattern[:MOST_SIGNS]:
        if sign == ESCAPE and not escaped:
            escaped = True
            continue
        found.append((sign, sign in STANDS and not escaped))
        escaped = False
    return found


def mask_settings(element: Element, lose: Lose) -> dict[str, Any]:
    """The shape of a text with a mask. What stands fast in it may be left out, as it is in the answers there."""
    held = element.get("maskSettings")
    pattern = held.get("pattern", "") if isinstance(held, dict) else ""
    if len(pattern) > MOST_SIGNS:
        lose(element.where, "the end of its mask", "it is longer than formsite's can be")
    parts = [STANDS[sign] if stands else _maybe(sign) for sign, stands in signs(pattern)]
    example = "".join({"9": "0", "a": "a", "#": "0"}[sign] if stands else sign for sign, stands in signs(pattern))
    return {"pattern": "".join(parts), "example": example} if parts else {}


def _maybe(sign: str) -> str:
    return f"\\{sign}?" if sign in _MARKS else f"{sign}?"
