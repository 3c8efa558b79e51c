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
from formsite.definition.document import Definition, Group, walk
from formsite.definition.faults import Faulty
from formsite.definition.logic import AnswerType
from formsite.definition.logic import nodes as n
from formsite.definition.parts import followed
from formsite.definition.questions import Questions
from formsite.designer import comparing
from formsite.designer.comparing import ANSWER, COMPARISONS, NOTHING, NUMBER, Comparison
from formsite.designer.looking import Subject, View

MOST_DEPTH = 3
MOST_ROWS = 50
DAYS = (AnswerType.DATE, AnswerType.TIME, AnswerType.MOMENT, AnswerType.MONTH)


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
    if isinstance(node, n.OneOf) and isinstance(node.left, n.FieldValue) and depth <= MOST_DEPTH:
        listed = [_row(n.Compare("is", node.left, value)) for value in node.values]
        return None if None in listed else Picked("any", [row for row in listed if row is not None])
    if not isinstance(node, n.Many) or node.op not in ("all", "any") or depth > MOST_DEPTH:
        return None
    rows = [_row(each) or _group(each, depth + 1) for each in node.of]
    return None if any(row is None for row in rows) else Picked(node.op, [row for row in rows if row is not None])


def _row(node: n.Node) -> Row | None:
    negated = isinstance(node, n.Not)
    inner = node.of if isinstance(node, n.Not) else node
    match inner:
        case n.Answered(_, name):
            return Row(name, "not_answered" if negated else "answered")
        case n.Compare(op, left, n.FieldValue(other)):
            return _compared(op, left, other, ANSWER, negated)
        case n.Compare(op, left, n.Value(value)):
            said = ("true" if value else "false") if isinstance(value, bool) else f"{value}"
            return _compared(op, left, said, "value", negated)
        case n.Compare(op, left, n.Day(day)):
            return _compared(op, left, day, "value", negated)
        case n.Compare(op, left, n.Today("today")):
            return _compared(op, left, "today", "value", negated)
    return None


def _compared(op: str, left: n.Node, value: str, against: str, negated: bool) -> Row | None:
    found = comparing.measure_of(left)
    if found is None:
        return None
    name = comparing.named(op, found[0], against, negated=negated)
    return None if name is None else Row(found[1], name, value)


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


def rule_of(picked: Picked, view: View) -> dict[str, Any] | None:
    """The rule that was picked; None if nothing was. Rows that say nothing sensible carry an error afterwards."""
    made = [rule for row in picked.rows if (rule := _rule(row, view)) is not None]
    if not made:
        return None
    return made[0] if len(made) == 1 else {"op": picked.match, "of": made}


def _rule(row: Row | Picked, view: View) -> dict[str, Any] | None:
    if isinstance(row, Picked):
        return rule_of(row, view)
    if not row.field:
        return None
    subject = view.subjects.get(row.field)
    if subject is None:
        row.error = "Choose a question that is asked before"
        return None
    if row.op not in comparing.fitting(subject):
        row.error = f"This cannot be said of “{subject.label}”: choose another comparison"
        return None
    comparison = COMPARISONS[row.op]
    rule = _said(row, subject, comparison, view)
    if rule is None:
        return None
    if found := view.faults(rule):
        row.error = found[0]
        return None
    return {"op": "not", "of": rule} if comparison.negated else rule


def _said(row: Row, subject: Subject, comparison: Comparison, view: View) -> dict[str, Any] | None:
    if comparison.against == NOTHING:
        return {"op": "answered", "field": row.field}
    left = comparing.measured(comparison.measure, row.field)
    if comparison.against == ANSWER:
        if row.value not in view.subjects:
            row.error = "Choose the question whose answer it is compared with"
            return None
        return {"op": comparison.op, "left": left, "right": {"field": row.value}}
    kind = AnswerType.NUMBER if comparison.against == NUMBER else subject.operand.type
    literal = _literal(row, kind)
    return None if literal is None else {"op": comparison.op, "left": left, "right": literal}


def _literal(row: Row, kind: AnswerType) -> dict[str, Any] | None:
    try:
        return literal(row.value, kind)
    except NoLiteral as refusal:
        row.error = str(refusal)
        return None


class NoLiteral(ValueError):
    """What was typed is no value of the kind; the sentence says what is."""


WANTED = {
    AnswerType.NUMBER: "a number",
    AnswerType.BOOLEAN: "yes or no",
    AnswerType.DATE: "a day like 2026-01-31, or today",
}


def literal(typed: str, kind: AnswerType | None) -> dict[str, Any]:
    """A value of a kind as it is typed.

    Raises:
        NoLiteral.
    """
    try:
        if kind is AnswerType.NUMBER:
            number = float(typed.replace(",", "."))
            return logic.to_json(logic.parse({"value": int(number) if number.is_integer() else number}))
        if kind is AnswerType.BOOLEAN:
            return {"value": {"true": True, "false": False, "yes": True, "no": False}[typed.lower()]}
        if kind is AnswerType.DATE:
            return {"op": "today"} if typed == "today" else logic.to_json(logic.parse({"date": typed}))
        made = logic.to_json(logic.parse({"value": typed}))
    except (ValueError, KeyError, OverflowError, Faulty):
        raise NoLiteral(f"Enter {WANTED.get(kind, 'a shorter text') if kind else 'a shorter text'}") from None
    if not typed:
        raise NoLiteral("Enter a value")
    return made


def errors(picked: Picked) -> bool:
    """Whether some row says nothing sensible."""
    return any(errors(row) if isinstance(row, Picked) else bool(row.error) for row in picked.rows)


def hush(picked: Picked) -> None:
    """Without its complaints: nobody has tried to save it yet."""
    for row in picked.rows:
        if isinstance(row, Picked):
            hush(row)
        else:
            row.error = ""


class Aloud:
    """Reads rules of a definition aloud, with the questions', parts', groups' and choices' own labels."""

    def __init__(self, definition: Definition) -> None:
        self.language = definition.language
        self.questions = Questions(definition)
        self.groups = {part.id: part.label for _, part in walk(definition) if isinstance(part, Group)}

    def __call__(self, rule: logic.Node | Mapping[str, Any]) -> str:
        """The rule in words."""
        node = logic.parse(rule) if isinstance(rule, Mapping) else rule
        return logic.read_aloud(node, self._name, self._choice, self._day)

    def _day(self, name: str) -> bool:
        question = self.questions.get(name)
        return question is not None and question.field.kind.answer in DAYS

    def _name(self, name: str) -> str:
        question = self.questions.get(name)
        if question is None:
            label = self.groups.get(name)
            return f"“{label.say(self.language) or name}”" if label else name
        words = question.field.label.say(self.language)
        return f"“{followed(question.of.label.say(self.language), words) if question.of else words}”"

    def _choice(self, name: str, value: str) -> str:
        question = self.questions.get(name)
        offered = question.field.kind.choices(question.field) if question else ()
        return next((c.label.say(self.language) for c in offered if c.id == value), value)
