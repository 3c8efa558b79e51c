"""Rules as plain JSON, made by hand: short names for what the translation writes."""

from __future__ import annotations

from typing import Any

Rule = dict[str, Any]
TRUE: Rule = {"value": True}
FALSE: Rule = {"value": False}
NO_NUMBER: Rule = {"op": "number", "of": {"value": ""}}
NO_TEXT: Rule = {"op": "text", "of": NO_NUMBER}
NO_DATE: Rule = {"op": "date_of", "of": {"value": ""}}
UNKNOWN: Rule = {"op": "is", "left": NO_NUMBER, "right": {"value": 0}}
NO_MOMENT: Rule = {"op": "if", "if": UNKNOWN, "then": {"op": "now"}, "else": {"op": "now"}}
EMPTY = {"number": NO_NUMBER, "date": NO_DATE, "moment": NO_MOMENT, "time": {"op": "time_of", "of": NO_MOMENT}}
"""What is never known, by the kind of value that it is not."""


def value(held: str | float | bool) -> Rule:
    """A text, number or truth; whole numbers without a point."""
    return {"value": int(held) if isinstance(held, float) and held.is_integer() else held}


def field(name: str) -> Rule:
    """An answer."""
    return {"field": name}


def unary(op: str, of: Rule) -> Rule:
    """One operand."""
    return {"op": op, "of": of}


def compare(op: str, left: Rule, right: Rule) -> Rule:
    """Two operands."""
    return {"op": op, "left": left, "right": right}


def many(op: str, *of: Rule) -> Rule:
    """A list of operands."""
    return {"op": op, "of": list(of)}


def sure(rule: Rule) -> Rule:
    """Never unknown."""
    definite = rule.get("op") in ("sure", "answered") or "value" in rule
    return rule if definite else unary("sure", rule)


def negated(rule: Rule) -> Rule:
    """The opposite of a rule that is never unknown."""
    if rule == TRUE:
        return FALSE
    if rule == FALSE:
        return TRUE
    return rule["of"] if rule.get("op") == "not" else unary("not", rule)


def every(*rules: Rule) -> Rule:
    """All of them; what is always true is left out."""
    kept = [each for rule in rules for each in (rule["of"] if rule.get("op") == "all" else [rule]) if each != TRUE]
    if FALSE in kept:
        return FALSE
    return TRUE if not kept else kept[0] if len(kept) == 1 else many("all", *kept)


def some(*rules: Rule) -> Rule:
    """Any of them; what is never true is left out."""
    kept = [each for rule in rules for each in (rule["of"] if rule.get("op") == "any" else [rule]) if each != FALSE]
    if TRUE in kept:
        return TRUE
    return FALSE if not kept else kept[0] if len(kept) == 1 else many("any", *kept)


def when(condition: Rule, then: Rule, otherwise: Rule) -> Rule:
    """One or the other."""
    if condition == TRUE:
        return then
    return otherwise if condition == FALSE else {"op": "if", "if": condition, "then": then, "else": otherwise}


def is_known_text(rule: Rule) -> bool:
    """Whether a text is never unknown: one that is written, joined of such, or '' where it would be unknown."""
    while rule.get("op") == "if":  # its condition is never unknown
        if not is_known_text(rule["then"]):
            return False
        rule = rule["else"]
    return isinstance(rule.get("value"), str) or rule.get("op") == "join" or is_filled(rule)


def is_filled(rule: Rule) -> bool:
    """Whether '' stands for what is unknown."""
    return rule.get("op") == "or_else" and value("") in rule["of"]
