"""JSON -> tree. Everything wrong is found in one pass and named by JSON pointer."""

from __future__ import annotations

import math
from dataclasses import fields as members
from difflib import get_close_matches
from typing import Any

from formsite.definition.faults import Fault, Faulty
from formsite.definition.logic import patterns
from formsite.definition.logic.calendar import valid_day
from formsite.definition.logic.nodes import (
    KEYWORDS,
    OPERATORS,
    Day,
    FieldValue,
    Many,
    Matches,
    Node,
    OneOf,
    Value,
    optional,
)

MOST_DEPTH = 60
MOST_NODES = 2_000
LONGEST_TEXT = 2_000
LISTS = {"of": "Many", "values": "OneOf"}
NAMES = {"field": "A field is named by its id", "over": "A group is named by its id"}
TWO_OPERANDS = ("minus", "divided_by", "mod", "power")


def parse(raw: object, where: str = "") -> Node:
    """A tree out of untrusted JSON values.

    Args:
        where: JSON pointer of the rule in its document, put before those of its faults.

    Raises:
        Faulty: with every fault found.
    """
    reader = _Reader()
    node = reader.read(raw, where, 0)
    if reader.faults or node is None:
        raise Faulty(tuple(reader.faults))
    return node


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.nodes = 0

    def read(self, raw: object, where: str, depth: int) -> Node | None:
        self.nodes += 1
        if depth > MOST_DEPTH or self.nodes > MOST_NODES:
            if not self.faults or self.faults[-1].fix != "Take it apart":
                self.fault(where, "The rule is too large or too deep", "Take it apart")
            return None
        if not isinstance(raw, dict):
            return self.fault(where, "A rule is a JSON object", 'Write it like {"op": "is", …} or {"field": "…"}')
        if "op" in raw:
            return self.operator(raw, where, depth)
        if len(raw) == 1:
            (name, held), *_ = raw.items()
            if name == "field":
                return (
                    FieldValue(held)
                    if isinstance(held, str)
                    else self.fault(f"{where}/field", "A field is named by its id", "Put the id in quotes")
                )
            if name == "value":
                return self.value(held, f"{where}/value")
            if name == "date":
                return self.day(held, f"{where}/date")
        return self.fault(
            where,
            "This is neither an operator, a field, a value nor a date",
            'Give it an "op", or one of "field", "value", "date"',
        )

    def operator(self, raw: dict[str, Any], where: str, depth: int) -> Node | None:
        op = raw["op"]
        shape = OPERATORS.get(op) if isinstance(op, str) else None
        if shape is None:
            name = op[:60] if isinstance(op, str) else type(op).__name__
            near = get_close_matches(name, OPERATORS, 1) if isinstance(op, str) else []
            fix = f"Did you mean “{near[0]}”?" if near else "Use one of: " + ", ".join(OPERATORS)
            return self.fault(f"{where}/op", f"There is no operator “{name}”", fix)
        names = {KEYWORDS.get(member.name, member.name): member.name for member in members(shape)}
        before = len(self.faults)
        for name in raw:
            if name not in names:
                self.fault(
                    f"{where}/{_escaped(name)}",
                    f"“{op}” has no member “{str(name)[:60]}”",
                    "Remove it, or mend its spelling",
                )
        given: dict[str, Any] = {"op": op}
        for name, member in names.items():
            if name == "op":
                continue
            if name not in raw:
                if member not in optional(shape):
                    self.fault(where, f"“{op}” lacks “{name}”", f'Add "{name}"')
                continue
            given[member] = self.member(shape, op, name, raw[name], f"{where}/{name}", depth)
        if len(self.faults) > before:
            return None
        node: Node = shape(**given)
        return node

    def member(self, shape: type, op: str, name: str, held: object, where: str, depth: int) -> Any:
        if name in NAMES:
            return held if isinstance(held, str) else self.fault(where, NAMES[name], "Put the id in quotes")
        if name in ("pattern", "separator"):
            return self.literal(shape, held, where)
        if name == "places":
            if isinstance(held, int | float) and not isinstance(held, bool) and held in range(10):
                return int(held)
            return self.fault(where, "Places is a whole number from 0 to 9", "Write one")
        if LISTS.get(name) == shape.__name__:
            if not isinstance(held, list) or not held:
                return self.fault(where, f"“{op}” takes a list with something in it", "Write [ … ]")
            if op in TWO_OPERANDS and len(held) != 2:
                return self.fault(where, f"“{op}” takes two operands", "Write two")
            return tuple(self.read(each, f"{where}/{index}", depth + 1) for index, each in enumerate(held))
        return self.read(held, where, depth + 1)

    def literal(self, shape: type, held: object, where: str) -> Any:
        """A text that is no expression: a pattern, or what stands between."""
        if not isinstance(held, str) or len(held) > LONGEST_TEXT or "\x00" in held:
            return self.fault(where, "This is a text, not an expression", "Put it in quotes")
        if shape is Matches and (wrong := patterns.fault(held)):
            return self.fault(where, f"The pattern cannot be read: {wrong}", "Write it in RE2 syntax")
        return held

    def value(self, held: object, where: str) -> Node | None:
        if isinstance(held, str) and len(held) <= LONGEST_TEXT and "\x00" not in held:
            return Value(held)
        if isinstance(held, bool) or (isinstance(held, int) and abs(held) < 2**53):
            return Value(held)
        if isinstance(held, float) and math.isfinite(held):
            return Value(held)
        return self.fault(where, "A value is a text, a finite number, or true or false", "Write one of these")

    def day(self, held: object, where: str) -> Node | None:
        if isinstance(held, str) and valid_day(held):
            return Day(held)
        return self.fault(where, "A date is a day of the calendar, written YYYY-MM-DD", "Write it like 2026-01-31")

    def fault(self, where: str, what: str, fix: str) -> Node | None:
        """Notes a fault; None stands where a node would."""
        self.faults.append(Fault(where, what, fix))
        return None


def _escaped(name: object) -> str:
    return str(name)[:60].replace("~", "~0").replace("/", "~1")


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _schema() -> dict[str, Any]:
    rule = {"$ref": "#/$defs/rule"}
    some = {"type": "array", "items": rule, "minItems": 1}
    text = {"type": "string", "maxLength": LONGEST_TEXT}
    plain: dict[str, Any] = {
        "field": {"type": "string"},
        "over": {"type": "string"},
        "places": {"type": "integer", "minimum": 0, "maximum": 9},
        "pattern": text,
        "separator": text,
    }
    forms = [
        _object({"field": {"type": "string"}}),
        _object({"value": {"type": ["string", "number", "boolean"], "maxLength": LONGEST_TEXT}}),
        _object({"date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}}),
    ]
    for shape in dict.fromkeys(OPERATORS.values()):
        names = [(KEYWORDS.get(each.name, each.name), each.name) for each in members(shape) if each.name != "op"]
        listed = {Many: "of", OneOf: "values"}.get(shape)
        properties = {name: some if name == listed else plain.get(name, rule) for name, _ in names}
        ops = [op for op, each in OPERATORS.items() if each is shape and op not in TWO_OPERANDS]
        unneeded = tuple(name for name, member in names if member in optional(shape))
        forms.append(_object({"op": {"enum": ops}} | properties, optional=unneeded))
    forms.append(_object({"op": {"enum": list(TWO_OPERANDS)}, "of": some | {"minItems": 2, "maxItems": 2}}))
    return {"oneOf": forms}


SCHEMA = {"rule": _schema()}
"""JSON Schema of a rule, for `$defs`."""
