"""Rules by picking: rows of question, comparison and value, joined by all or any, in groups.

The picker's state is what its controls send, so it works by plain submits: names are `<prefix>.match`,
`<prefix>.<n>.field`, `.op`, `.value` for a row, and `<prefix>.<n>.match` for a group within. A rule that no picking can
say (an imported one) is shown read aloud, and kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field as member
from typing import Any

from formsite.definition import logic
from formsite.definition.document import Definition, Field
from formsite.definition.faults import Faulty
from formsite.definition.logic import AnswerType
from formsite.definition.logic import nodes as n

MOST_DEPTH = 3
MOST_ROWS = 50
COMPARISONS: dict[str, str] = {
    "answered": "is answered",
    "not_answered": "is not answered",
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "not_contains": "does not contain",
    "less": "is less than / before",
    "at_most": "is at most / not after",
    "more": "is more than / after",
    "at_least": "is at least / not before",
}
WITHOUT_VALUE = frozenset({"answered", "not_answered"})
ORDERED = ("answered", "not_answered", "is", "is_not", "less", "at_most", "more", "at_least")
FITTING: dict[AnswerType, tuple[str, ...]] = {
    AnswerType.TEXT: ("answered", "not_answered", "is", "is_not", "contains", "not_contains"),
    AnswerType.NUMBER: ORDERED,
    AnswerType.DATE: ORDERED,
    AnswerType.TIME: ORDERED,
    AnswerType.MOMENT: ORDERED,
    AnswerType.MONTH: ORDERED,
    AnswerType.FILE: ("answered", "not_answered"),
    AnswerType.PLACE: ("answered", "not_answered"),
    AnswerType.BOOLEAN: ("answered", "not_answered", "is", "is_not"),
    AnswerType.CHOICE: ("answered", "not_answered", "is", "is_not"),
    AnswerType.CHOICES: ("answered", "not_answered", "contains", "not_contains"),
}


@dataclass(slots=True)
class Row:
    """One condition as it stands in the picker."""

    field: str = ""
    op: str = "answered"
    value: str = ""
    error: str = ""


@dataclass(slots=True)
class Picked:
    """All or any of some rows and groups."""

    match: str = "all"
    rows: list[Row | Picked] = member(default_factory=list)


def pick(rule: Mapping[str, Any] | None) -> Picked | None:
    """A rule as the picker shows it; None if the picker cannot say it."""
    if rule is None:
        return Picked()
    node = logic.parse(rule)
    picked = _group(node, 1)
    if picked is not None:
        return picked
    row = _row(node)
    return None if row is None else Picked("all", [row])


def _group(node: n.Node, depth: int) -> Picked | None:
    if not isinstance(node, n.Many) or node.op not in ("all", "any") or depth > MOST_DEPTH:
        return None
    rows = [_row(each) or _group(each, depth + 1) for each in node.of]
    return None if any(row is None for row in rows) else Picked(node.op, [row for row in rows if row is not None])


def _row(node: n.Node) -> Row | None:
    match node:
        case n.Answered(_, name):
            return Row(name, "answered")
        case n.Not(_, n.Answered(_, name)):
            return Row(name, "not_answered")
        case n.Not(_, n.Compare("contains", n.FieldValue(name), n.Value(value))) if isinstance(value, str):
            return Row(name, "not_contains", value)
        case n.Compare(op, n.FieldValue(name), n.Value(value)) if op in COMPARISONS:
            return Row(name, op, ("true" if value else "false") if isinstance(value, bool) else f"{value}")
        case n.Compare(op, n.FieldValue(name), n.Day(day)) if op in COMPARISONS:
            return Row(name, op, day)
        case n.Compare(op, n.FieldValue(name), n.Today(_)) if op in COMPARISONS:
            return Row(name, op, "today")
    return None


def read(sent: Mapping[str, str], prefix: str, depth: int = 1) -> Picked:
    """The picker's state out of what its controls sent."""
    picked = Picked("any" if sent.get(f"{prefix}.match") == "any" else "all")
    pattern = re.compile(re.escape(prefix) + r"\.(\d{1,3})\.(field|match)$")
    numbers = sorted({(int(found[1]), found[2]) for name in sent if (found := pattern.match(name))})
    for number, kind in numbers[:MOST_ROWS]:
        base = f"{prefix}.{number}"
        if kind == "match" and depth < MOST_DEPTH:
            picked.rows.append(read(sent, base, depth + 1))
        elif kind == "field":
            op = sent.get(f"{base}.op", "")
            row = Row(
                sent[f"{base}.field"], op if op in COMPARISONS else "answered", sent.get(f"{base}.value", "").strip()
            )
            picked.rows.append(row)
    return picked


def press(picked: Picked, prefix: str, button: str) -> None:
    """What a button of the picker does: `row:<group>`, `group:<group>` or `remove:<place>`."""
    verb, _, place = button.partition(":")
    steps = [int(step) for step in place.removeprefix(prefix).strip(".").split(".") if step.isdigit()]
    try:
        if verb == "remove" and steps:
            _at(picked, steps[:-1]).rows.pop(steps[-1])
        elif verb in ("row", "group"):
            _at(picked, steps).rows.append(Row() if verb == "row" else Picked("any", [Row()]))
    except IndexError:
        return  # a button of a page that is out of date


def _at(picked: Picked, steps: Sequence[int]) -> Picked:
    for step in steps:
        inner = picked.rows[step]
        picked = inner if isinstance(inner, Picked) else picked
    return picked


def rule_of(picked: Picked, fields: Mapping[str, Field]) -> dict[str, Any] | None:
    """The rule that was picked; None if nothing was. Rows that say nothing sensible carry an error afterwards."""
    made = [rule for row in picked.rows if (rule := _rule(row, fields)) is not None]
    if not made:
        return None
    return made[0] if len(made) == 1 else {"op": picked.match, "of": made}


def _rule(row: Row | Picked, fields: Mapping[str, Field]) -> dict[str, Any] | None:
    if isinstance(row, Picked):
        return rule_of(row, fields)
    if not row.field:
        return None
    field = fields.get(row.field)
    if field is None:
        row.error = "Choose a question that is asked before"
        return None
    if row.op in WITHOUT_VALUE:
        answered = {"op": "answered", "field": row.field}
        return answered if row.op == "answered" else {"op": "not", "of": answered}
    literal = _literal(row, field.kind.operand(field).type)
    if literal is None:
        return None
    rule = {"op": row.op.removeprefix("not_"), "left": {"field": row.field}, "right": literal}
    found = logic.typecheck(logic.parse(rule), {field.id: field.kind.operand(field)})
    if found:
        row.error = f"{found[0].what}. {found[0].fix}."
        return None
    return {"op": "not", "of": rule} if row.op == "not_contains" else rule


def _literal(row: Row, kind: AnswerType) -> dict[str, Any] | None:
    try:
        if kind is AnswerType.NUMBER:
            number = float(row.value.replace(",", "."))
            return {"value": int(number) if number.is_integer() else number}
        if kind is AnswerType.BOOLEAN:
            return {"value": {"true": True, "false": False}[row.value]}
        if kind is AnswerType.DATE:
            return {"op": "today"} if row.value == "today" else logic.to_json(logic.parse({"date": row.value}))
    except (ValueError, KeyError, OverflowError, Faulty):
        wanted = {AnswerType.NUMBER: "a number", AnswerType.BOOLEAN: "yes or no"}.get(
            kind, "a day like 2026-01-31, or today"
        )
        row.error = f"Enter {wanted}"
        return None
    if not row.value:
        row.error = "Enter a value"
        return None
    return {"value": row.value}


def errors(picked: Picked) -> bool:
    """Whether some row says nothing sensible."""
    return any(errors(row) if isinstance(row, Picked) else bool(row.error) for row in picked.rows)


def usable(definition: Definition, name: str) -> dict[str, Field]:
    """The questions a rule of a part may look at: those asked before it."""
    found: dict[str, Field] = {}
    for field in definition.fields():
        if field.id == name:
            break
        if field.kind.holds_answer:
            found[field.id] = field
    return found


def read_aloud(rule: Mapping[str, Any], definition: Definition) -> str:
    """The rule in words, with the questions' and choices' own labels."""

    def name(field: str) -> str:
        part = definition.by_id.get(field)
        return f"“{part.label.say(definition.language)}”" if part else field

    def choice(field: str, value: str) -> str:
        part = definition.by_id.get(field)
        offered = part.kind.choices(part) if part else ()
        return next((c.label.say(definition.language) for c in offered if c.id == value), value)

    return logic.read_aloud(logic.parse(rule), name, choice)
