"""Where everything of a definition stands in the spreadsheet: its name there, and the groups around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from formsite.definition import logic
from formsite.definition.document import Definition, Field, Group, Item
from formsite.definition.logic import AnswerType, Operand
from formsite.definition.questions import Questions
from formsite.interchange.names import Names

OPEN = AnswerType.NOTHING


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: the names from the outermost group down to itself, and the repeats among them, by id."""

    chain: tuple[str, ...]
    homes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its own name."""
        return self.chain[-1]


class Places:
    """The spots of every field, part, group and page; and what kind of answer rules find there."""

    def __init__(self, definition: Definition) -> None:
        self.questions = Questions(definition)
        self.spots: dict[str, Spot] = {}
        self.kinds: dict[str, Operand] = {
            name: question.field.kind.operand(question.field) for name, question in self.questions.items()
        }
        self._names = Names(reserved=("meta", "data"))
        self._earlier: dict[str, Operand] = {}
        taken = {name: self._names.take(name) for name in _ids(definition)}
        self._taken = taken
        pages = definition.pages
        self.is_paged = len(pages) > 1 or any(page.title or page.shown_if for page in pages)
        for page in pages:
            around = Spot((taken[page.id],)) if self.is_paged else Spot(())
            self.spots[page.id] = around
            self._items(page.items, around)

    def _items(self, items: Sequence[Item], around: Spot) -> None:
        for item in items:
            spot = Spot((*around.chain, self._taken[item.id]), around.homes)
            if isinstance(item, Group):
                inside = Spot(spot.chain, (*spot.homes, item.id)) if item.repeat else spot
                self.spots[item.id] = inside
                if item.repeat:
                    self._earlier[item.id] = Operand(OPEN)
                self._items(item.items, inside)
            else:
                self._field(item, spot)

    def _field(self, field: Field, spot: Spot) -> None:
        self.spots[field.id] = spot
        around = spot.chain if field.kind.composite else spot.chain[:-1]
        for part in self.questions.parts(field.id):
            name = self._names.take(re.sub(r"[-.]", "_", part.id).lower())
            self.spots[part.id] = Spot((*around, name), spot.homes)
        if field.type == "computed" and field.computed is not None:
            scope = self.questions.scope
            found = logic.infer(field.computed, self._earlier, homes=spot.homes, scope=scope)
            self.kinds[field.id] = found or self.kinds[field.id]
        self._earlier |= {
            name: self.kinds[name] for name in (field.id, *(p.id for p in self.questions.parts(field.id)))
        }

    def fresh(self, wanted: str) -> str:
        """A name that nothing has yet."""
        return self._names.take(wanted)

    def kind(self, name: str) -> AnswerType:
        """What answers a question."""
        return self.kinds[name].type if name in self.kinds else OPEN


def _ids(definition: Definition) -> list[str]:
    """Fields first: theirs are the names that others look for."""
    inner: list[str] = [field.id for field in definition.fields()]

    def groups(items: Sequence[Item]) -> None:
        for item in items:
            if isinstance(item, Group):
                inner.append(item.id)
                groups(item.items)

    for page in definition.pages:
        groups(page.items)
    return [*inner, *(page.id for page in definition.pages)]
