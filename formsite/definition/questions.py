"""Every field of a definition as it is asked: parts of fields are fields too, and carried choices are resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from formsite.definition import logic, paths
from formsite.definition.document import Definition, Field, Group, Item
from formsite.definition.parts import Choice, joined


@dataclass(frozen=True, slots=True)
class Question:
    """A field, or a part of one.

    `id` is its path without the numbers of instances; `homes` are the repeats around it, from outside in; `of` is the
    field that it is a part of.
    """

    id: str
    field: Field
    page: str
    homes: tuple[str, ...] = ()
    of: Field | None = None

    @property
    def local(self) -> str:
        """Its name within the field it is a part of."""
        return self.id[len(self.of.id) + 1 :] if self.of else self.id


class Questions(Mapping[str, Question]):
    """The questions of a definition by id, in the order they are asked; parts follow the field they belong to."""

    def __init__(self, definition: Definition) -> None:
        self._found: dict[str, Question] = {}
        self.repeats: dict[str, tuple[str, ...]] = {}  # repeating group -> the repeats around it
        for page in definition.pages:
            self._items(page.items, page.id, ())
        self._parts: dict[str, list[Question]] = {}
        for question in self._found.values():
            if question.of:
                self._parts.setdefault(question.of.id, []).append(question)

    def _items(self, items: Sequence[Item], page: str, homes: tuple[str, ...]) -> None:
        for item in items:
            if isinstance(item, Group):
                if item.repeat:
                    self.repeats[item.id] = homes
                self._items(item.items, page, (*homes, item.id) if item.repeat else homes)
            else:
                field = self._resolved(item)
                self._found[field.id] = Question(field.id, field, page, homes)
                for part in field.kind.parts(field):
                    whole = _compelled(part, field) if field.kind.composite else part
                    self._found[part.id] = Question(part.id, whole, page, homes, field)

    def _resolved(self, field: Field) -> Field:
        """The field with the choices that come from an earlier answer written out."""
        parent = self._found.get(getattr(field.settings, "parent", None) or "")
        carried = getattr(field.settings, "choices_from", None)
        source = self._found.get(carried.field) if carried else None
        if parent is None and source is None:
            return field
        choices = tuple(field.settings.choices)
        if parent is not None:
            choices = _cascading(choices, parent.field)
        if carried is not None and source is not None:
            earlier = source.field.kind.choices(source.field)
            choices = (*(_carried(choice, source.field, carried.which) for choice in earlier), *choices)
        settings = field.settings.model_copy(update={"choices": choices})
        return field.model_copy(update={"settings": settings})

    def __getitem__(self, name: str) -> Question:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def parts(self, name: str) -> Sequence[Question]:
        """The parts of a field, in their order."""
        return self._parts.get(name, ())

    def at(self, path: str) -> Question | None:
        """The question at a path, whichever instance it stands in."""
        return self._found.get(path) or self._found.get(paths.plain(path, self.repeats))

    def answering(self) -> Iterator[Question]:
        """Those that hold an answer themselves."""
        return (question for question in self._found.values() if question.field.kind.holds_answer)

    @cached_property
    def scope(self) -> logic.Scope:
        """What rules must know to find answers."""
        homes = {name: question.homes for name, question in self._found.items() if question.homes}
        scores: dict[str, dict[str, float]] = {}
        for name, question in self._found.items():
            given = {c.id: c.score for c in question.field.kind.choices(question.field) if c.score is not None}
            if given:
                scores[name] = given
        nested = {name: around for name, around in self.repeats.items() if around}
        parts = {name: tuple(part.id for part in of) for name, of in self._parts.items()}
        return logic.Scope(homes | nested, frozenset(self.repeats), parts, scores)


def _compelled(part: Field, whole: Field) -> Field:
    """A part as compulsory as the field it belongs to makes it, and with its words for a missing answer."""
    how = whole.kind.compulsory_parts(whole)
    compulsory = part.compulsory
    if how == "own":
        compulsory = _both(whole.compulsory, part.compulsory)
    elif how == "all" and part.compulsory is False:
        compulsory = whole.compulsory
    if compulsory is False and part.compulsory is False:
        return part
    message = part.compulsory_message
    if message is None and whole.compulsory_message is not None:
        message = joined(part.label, whole.compulsory_message)
    return part.model_copy(update={"compulsory": compulsory, "compulsory_message": message})


def _both(one: bool | logic.Node, other: bool | logic.Node) -> bool | logic.Node:
    if isinstance(one, bool):
        return one and other
    if isinstance(other, bool):
        return other and one
    return logic.parse({"op": "all", "of": [logic.to_json(one), logic.to_json(other)]})


def _cascading(choices: Sequence[Choice], parent: Field) -> tuple[Choice, ...]:
    """Each with the rule that the answer to `parent` is what it is of; choices of the same answer share one rule."""
    several = parent.kind.answer is logic.AnswerType.CHOICES
    op, rules = "contains" if several else "is", dict[str, logic.Node]()
    made = []
    for choice in choices:
        if choice.of is not None and choice.of not in rules:
            rule = {"op": op, "left": {"field": parent.id}, "right": {"value": choice.of}}
            rules[choice.of] = logic.parse(rule)
        rule_of = None if choice.of is None else rules[choice.of]
        both = rule_of if choice.shown_if is None or rule_of is None else _both(choice.shown_if, rule_of)
        made.append(choice if rule_of is None else choice.model_copy(update={"shown_if": both}))
    return tuple(made)


def _carried(choice: Choice, source: Field, which: str) -> Choice:
    if which == "all":
        return choice
    several = source.kind.answer is logic.AnswerType.CHOICES
    chosen: dict[str, Any] = {
        "op": "contains" if several else "is",
        "left": {"field": source.id},
        "right": {"value": choice.id},
    }
    rule = chosen if which == "chosen" else {"op": "not", "of": {"op": "sure", "of": chosen}}
    if choice.shown_if is not None:
        rule = {"op": "all", "of": [logic.to_json(choice.shown_if), rule]}
    return choice.model_copy(update={"shown_if": logic.parse(rule), "other": False, "capacity": None})
