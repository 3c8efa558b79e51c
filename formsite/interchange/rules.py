"""Small builders of formsite's rules. What is decided already is folded away, so that rules stay short.

Rules made here as conditions are never unknown: whatever may be unknown is wrapped in `sure`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Rule = dict[str, Any]

YES: Rule = {"value": True}
NO: Rule = {"value": False}
NOTHING: Rule = {"op": "number", "of": {"value": ""}}
"""A number that is never known."""


def value(held: str | float | bool) -> Rule:
    """A constant."""
    if isinstance(held, float) and held.is_integer() and abs(held) < 2**53:
        held = int(held)
    return {"value": held}


def field(path: str) -> Rule:
    """An answer."""
    return {"field": path}


def unary(op: str, of: Rule) -> Rule:
    """An operator with one operand."""
    return {"op": op, "of": of}


def compare(op: str, left: Rule, right: Rule) -> Rule:
    """A comparison that is false where an operand is unknown."""
    return sure({"op": op, "left": left, "right": right})


def sure(rule: Rule) -> Rule:
    """True or false, never unknown."""
    if rule in (YES, NO) or rule.get("op") in ("sure", "answered"):
        return rule
    return unary("sure", rule)


def every(*rules: Rule) -> Rule:
    """All of them hold."""
    return _joined("all", rules, neutral=YES, decisive=NO)


def some(*rules: Rule) -> Rule:
    """Any of them holds."""
    return _joined("any", rules, neutral=NO, decisive=YES)


def _joined(op: str, rules: tuple[Rule, ...], *, neutral: Rule, decisive: Rule) -> Rule:
    parts: list[Rule] = []
    for rule in rules:
        if rule == decisive:
            return decisive
        inner = rule["of"] if rule.get("op") == op else [rule]
        parts += [each for each in inner if each != neutral and each not in parts]
    if any(opposite(each) in parts for each in parts):
        return decisive
    if not parts:
        return neutral
    return parts[0] if len(parts) == 1 else {"op": op, "of": parts}


def opposite(rule: Rule) -> Rule:
    """It does not hold."""
    if rule in (YES, NO):
        return NO if rule == YES else YES
    return rule["of"] if rule.get("op") == "not" else unary("not", rule)


def known(rule: Rule) -> Rule:
    """Whether an expression has a value, and no empty text."""
    if set(rule) == {"field"}:
        return {"op": "answered", "field": rule["field"]}
    if set(rule) == {"value"}:
        return NO if rule["value"] == "" else YES
    if rule == NOTHING:
        return NO
    return compare("is", rule, rule)


def choose(condition: Rule, then: Rule, otherwise: Rule) -> Rule:
    """One or the other."""
    if condition in (YES, NO):
        return then if condition == YES else otherwise
    return {"op": "if", "if": condition, "then": then, "else": otherwise}


def many(op: str, rules: list[Rule]) -> Rule:
    """An operator over a list; one operand stands by itself."""
    flat = [each for rule in rules for each in (rule["of"] if rule.get("op") == op else [rule])]
    return flat[0] if len(flat) == 1 else {"op": op, "of": flat}


def either(first: Rule, second: Rule) -> Rule:
    """The first if it is known, else the second."""
    return first if set(first) == {"value"} else {"op": "or_else", "of": [first, second]}


def size(rule: Any) -> int:
    """How many nodes a rule has."""
    if isinstance(rule, dict):
        return 1 + sum(size(held) for held in rule.values() if isinstance(held, dict | list))
    return sum(size(each) for each in rule) if isinstance(rule, list) else 0


def values(rule: Any) -> Iterator[Any]:
    """The constants of a rule."""
    if isinstance(rule, dict) and set(rule) == {"value"}:
        yield rule["value"]
    for each in rule.values() if isinstance(rule, dict) else rule:
        if isinstance(each, dict | list):
            yield from values(each)


def depth(rule: Any) -> int:
    """How deeply its JSON is nested."""
    held = rule.values() if isinstance(rule, dict) else rule
    return 1 + max((depth(each) for each in held if isinstance(each, dict | list)), default=0)


def rejects(rule: Rule, dead: tuple[Rule, ...]) -> bool:
    """Whether a condition is surely false where the parts of rules in `dead` are unknown or false."""
    op = rule.get("op")
    if rule.get("value") is False or rule in dead:
        return True
    if op == "answered":
        return field(rule["field"]) in dead
    if op == "sure":
        return _unknown(rule["of"], dead)
    if op == "all":
        return any(rejects(each, dead) for each in rule["of"])
    if op == "any":
        return all(rejects(each, dead) for each in rule["of"])
    return False


def decided(rule: Rule, dead: tuple[Rule, ...]) -> bool | None:
    """What a condition is where the parts of rules in `dead` are unknown or false; None where others decide."""
    op = rule.get("op")
    if isinstance(rule.get("value"), bool):
        return bool(rule["value"])
    if op == "not":
        of = decided(rule["of"], dead)
        return None if of is None else not of
    if op in ("all", "any"):
        parts = [decided(each, dead) for each in rule["of"]]
        decisive = op == "any"
        return decisive if decisive in parts else None if None in parts else not decisive
    return False if rejects(rule, dead) else None


_STRICT = frozenset(
    "is is_not less at_most more at_least contains starts_with ends_with number text length lower upper trim plus minus "
    "times divided_by round floor ceil abs sqrt exp log power mod count one_of year month day matches".split()
)


def _unknown(rule: Rule, dead: tuple[Rule, ...]) -> bool:
    """Whether an expression is surely unknown there."""
    if rule in dead:
        return True
    if rule.get("op") == "or_else":
        return all(_unknown(each, dead) for each in rule["of"])
    if rule.get("op") not in _STRICT:
        return False
    held = [each for name, each in rule.items() if name not in ("op", "values") and isinstance(each, dict | list)]
    parts = [part for each in held for part in (each if isinstance(each, list) else [each])]
    return any(_unknown(part, dead) for part in parts if isinstance(part, dict))
