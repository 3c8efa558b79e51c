"""What a rule may look at: the questions asked before it, as a picker offers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field as member
from enum import StrEnum
from typing import Any

from formsite.definition import logic, rulechecks
from formsite.definition.document import Definition, Group, Item, Page, walk
from formsite.definition.faults import Faulty
from formsite.definition.logic import AnswerType, Operand
from formsite.definition.parts import followed
from formsite.definition.questions import Question, Questions

YES_NO = (("true", "Yes"), ("false", "No"))


class Place(StrEnum):
    """Where a rule of a part stands, as far as it matters to what was asked before."""

    BEFORE = "before"  # the part itself is not asked yet
    INSIDE = "inside"  # it is: the rule may look at its answer, and at what stands in it


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing a rule may look at. `repeats`: it is a group, and there is a number of it."""

    id: str
    label: str
    operand: Operand
    choices: tuple[tuple[str, str], ...] = ()
    scored: bool = False
    repeats: bool = False
    over: str = ""  # the group in each of whose instances it is asked; empty where one answer is meant


@dataclass(frozen=True, slots=True)
class View:
    """What stands before a rule. `each`: numbers asked in every instance of a group, of which a rule may take the sum."""

    subjects: Mapping[str, Subject] = member(default_factory=dict)
    each: Mapping[str, Subject] = member(default_factory=dict)
    operands: Mapping[str, Operand] = member(default_factory=dict)
    homes: tuple[str, ...] = ()
    scope: logic.Scope = member(default_factory=logic.Scope)

    def faults(self, rule: Mapping[str, Any], expect: AnswerType | None = AnswerType.BOOLEAN) -> list[str]:
        """What is wrong with a rule that stands here, in sentences."""
        try:
            node = logic.parse(rule)
        except Faulty as refusal:
            return [f"{fault.what}. {fault.fix}." for fault in refusal.faults]
        found = logic.typecheck(node, self.operands, expect=expect, homes=self.homes, scope=self.scope)
        return [f"{fault.what}. {fault.fix}." for fault in found]


class Outlook:
    """The views of one definition, in one language."""

    def __init__(self, definition: Definition, language: str) -> None:
        self.definition, self.language = definition, language
        self.questions = Questions(definition)
        self.operands = rulechecks.operands(definition)

    def of(self, name: str, place: Place) -> View:
        """What a rule of the part called `name` may look at."""
        seen, homes = self._before(name, place)
        return self._view(seen, homes)

    def whole(self) -> View:
        """What a rule about the whole form may look at."""
        return self._view([part.id for _, part in walk(self.definition) if not isinstance(part, Page)], ())

    def _before(self, name: str, place: Place) -> tuple[list[str], tuple[str, ...]]:
        """What is asked before, and the repeats around. A group that repeats counts as soon as it began."""
        seen: list[str] = []

        def items(parts: tuple[Item, ...], homes: tuple[str, ...]) -> tuple[str, ...] | None:
            for item in parts:
                inner = (*homes, item.id) if isinstance(item, Group) and item.repeat else homes
                if item.id == name and place is Place.BEFORE:
                    return homes
                seen.append(item.id)
                if isinstance(item, Group) and (found := items(item.items, inner)) is not None:
                    return found
                if item.id == name:
                    return inner
            return None

        for page in self.definition.pages:
            if page.id == name and place is Place.BEFORE:
                break
            if (found := items(page.items, ())) is not None:
                return seen, found
            if page.id == name:
                break
        return seen, ()

    def _view(self, seen: list[str], homes: tuple[str, ...]) -> View:
        subjects, each = {}, {}
        for subject in self._subjects(seen):
            around = self.questions.scope.homes.get(subject.id, ())
            closed = [home for home in around if home not in homes]
            if not closed:
                subjects[subject.id] = subject
            elif len(closed) == 1 and subject.operand.type is AnswerType.NUMBER:
                each[subject.id] = Subject(subject.id, subject.label, subject.operand, over=closed[0])
        operands = {name: self.operands[name] for name in (s.id for s in self._subjects(seen)) if name in self.operands}
        return View(subjects, each, operands, homes, self.questions.scope)

    def _subjects(self, seen: list[str]) -> Iterator[Subject]:
        for name in seen:
            if name in self.questions.repeats:
                yield Subject(name, self._label_of_group(name), Operand(AnswerType.NOTHING), repeats=True)
            question = self.questions.get(name)
            if question is None:
                continue
            for each in (question, *self.questions.parts(name)):
                if each.field.kind.holds_answer or each.field.kind.composite:
                    yield self._subject(each)

    def _subject(self, question: Question) -> Subject:
        field, default = question.field, self.definition.language
        label = field.label.say(self.language, default) or question.id
        if question.of is not None:
            label = followed(question.of.label.say(self.language, default), label)
        offered = field.kind.choices(field)
        choices = tuple((choice.id, choice.label.say(self.language, default)) for choice in offered)
        operand = self.operands[question.id]
        if operand.type is AnswerType.BOOLEAN:
            choices = YES_NO
        return Subject(question.id, label, operand, choices, any(choice.score is not None for choice in offered))

    def _label_of_group(self, name: str) -> str:
        found = next(part for _, part in walk(self.definition) if part.id == name)
        label = getattr(found, "label", None)
        return (label.say(self.language, self.definition.language) if label else "") or name
