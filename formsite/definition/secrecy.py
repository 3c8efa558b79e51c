"""What a reader who may not see personal answers could learn from what was shown, and must not be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from formsite.definition import logic
from formsite.definition.document import END, Definition, Field, Group, Item, Page
from formsite.definition.logic import nodes
from formsite.definition.questions import Questions


@dataclass(frozen=True, slots=True)
class Secrets:
    """Names of which something must not be told.

    `answers`: fields and repeats whose answer is secret. `shown`: pages, groups, fields and parts of which not even
    whether they were shown may be told. `whether`: also whether a secret answer was given is secret.
    """

    answers: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    whether: bool = True

    def sealed(self, node: logic.Node) -> bool:
        """Whether what a part of a rule comes to tells of a secret answer."""
        return any(
            nodes.named(each) in self.answers
            for each in logic.walk(node)
            if self.whether or not isinstance(each, nodes.Answered)
        )


NOTHING = Secrets()


def of_values(questions: Questions) -> Secrets:
    """Personal answers are secret, but not whether they were given, nor what was shown for them."""
    return Secrets(frozenset(_personal(questions)), whether=False)


def of_everything(definition: Definition, questions: Questions) -> Secrets:
    """Personal answers are secret with all that follows from them: what is shown for them, what is computed from them."""
    return _Follower(questions).secrets(definition)


def _personal(questions: Questions) -> Iterator[str]:
    """Fields and parts that are personal, and the fields that such parts belong to."""
    for name, question in questions.items():
        if question.field.personal or any(part.field.personal for part in questions.parts(name)):
            yield name


class _Follower:
    """Goes through a definition in its order: rules look back only, so what follows from a secret comes after it."""

    def __init__(self, questions: Questions) -> None:
        self.questions = questions
        self.answers = set(_personal(questions))
        self.shown: set[str] = set()

    def secrets(self, definition: Definition) -> Secrets:
        """Everything that follows from a personal answer."""
        past = set[str]()  # pages that a jump may lead past, or that come after an exit, by a secret
        for number, page in enumerate(definition.pages):
            self._page(page, page.id in past)
            past |= set(self._past(page, definition.pages[number + 1 :]))
        return Secrets(frozenset(self.answers), frozenset(self.shown))

    def _reads(self, rules: Iterable[object]) -> bool:
        held = Secrets(frozenset(self.answers))
        return any(isinstance(rule, logic.NODES) and held.sealed(rule) for rule in rules)

    def _page(self, page: Page, hidden: bool) -> None:
        hidden = hidden or self._reads([page.shown_if])
        if hidden:
            self.shown.add(page.id)
        self._items(page.items, hidden)

    def _past(self, page: Page, later: Iterable[Page]) -> Iterator[str]:
        """The later pages of which this one's jumps, or its being the last, tell a secret."""
        secret = page.id in self.shown
        if page.exit and (secret or any(self.questions[name].page == page.id for name in self._fields_shown())):
            yield from (each.id for each in later)
            return
        if not page.jumps or not (secret or self._reads(jump.condition for jump in page.jumps)):
            return
        names = [each.id for each in later]
        ends = {jump.to for jump in page.jumps}
        last = max((names.index(to) for to in ends if to in names), default=0)
        yield from names if END in ends else names[:last]

    def _fields_shown(self) -> Iterator[str]:
        return (name for name in self.shown if name in self.questions)

    def _items(self, items: Iterable[Item], hidden: bool) -> None:
        for item in items:
            if isinstance(item, Group):
                self._group(item, hidden)
            else:
                self._field(self.questions[item.id].field, hidden)

    def _group(self, group: Group, hidden: bool) -> None:
        hidden = hidden or self._reads([group.shown_if])
        if hidden:
            self.shown.add(group.id)
        if group.repeat and (hidden or self._reads([group.repeat.count])):
            self.answers.add(group.id)
            hidden = True
        self._items(group.items, hidden)

    def _field(self, field: Field, hidden: bool) -> None:
        choices = {id(choice.shown_if): choice.shown_if for choice in field.kind.choices(field)}.values()
        hidden = hidden or self._reads([field.shown_if])
        if hidden:
            self.shown.add(field.id)
        if hidden or self._reads([field.computed, field.default, *choices]):
            self.answers.add(field.id)
        for part in self.questions.parts(field.id):
            self._field(part.field, hidden)
        if any(part.id in self.answers for part in self.questions.parts(field.id)):
            self.answers.add(field.id)
        if field.kind.composite and any(part.id in self.shown for part in self.questions.parts(field.id)):
            self.shown.add(field.id)  # it goes where all its parts go
