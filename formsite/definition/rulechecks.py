"""What every rule of a definition may look at: earlier answers only, of the right kind, and what there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from formsite.definition import logic, piping
from formsite.definition.document import END, Definition, Field, Group, Item, Limit, Page
from formsite.definition.faults import Fault
from formsite.definition.logic import AnswerType, Operand
from formsite.definition.parts import Text
from formsite.definition.questions import Questions

NOTHING = AnswerType.NOTHING


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule where it stands: what it may look at, and what it must yield."""

    where: str
    rule: logic.Node
    earlier: Mapping[str, Operand]
    homes: tuple[str, ...]  # the repeats around it
    expect: AnswerType | None  # None: what the field answers


def faults(definition: Definition) -> Iterator[Fault]:
    """Rules may look at earlier answers only, so that what is shown can be decided in one pass, without cycles."""
    walker = _Walker(definition)
    for placed in walker.rules():
        yield from _faults(placed, walker)
    yield from _jumps(definition)
    yield from _pipes(definition, walker)


def operands(definition: Definition) -> Mapping[str, Operand]:
    """What every question, part and repeating group is to a rule; of a computed value what its expression yields."""
    walker = _Walker(definition)
    for _ in walker.rules():
        pass  # types of computed values follow from those before them
    return walker.known


def _faults(placed: Placed, walker: _Walker) -> Iterator[Fault]:
    late = [
        name for name in sorted(logic.fields_of(placed.rule)) if name in walker.known and name not in placed.earlier
    ]
    for name in late:
        own = placed.where.startswith(f"{walker.places.get(name, '?')}/")
        what = "The rule looks at its own field" if own else f"The rule looks at “{name}”, which is asked later"
        yield Fault(placed.where, what, "Move that question up, or use an earlier one")
    if not late:
        yield from logic.typecheck(
            placed.rule, placed.earlier, placed.where, placed.expect, homes=placed.homes, scope=walker.questions.scope
        )


class _Walker:
    """Goes through the document once; `earlier` grows with it."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.questions = Questions(definition)
        self.known: dict[str, Operand] = {}
        for name, question in self.questions.items():
            self.known[name] = question.field.kind.operand(question.field)
        self.known |= dict.fromkeys(self.questions.repeats, Operand(NOTHING))
        self.earlier: dict[str, Operand] = {}
        self.places: dict[str, str] = {}

    def rules(self) -> Iterator[Placed]:
        """Every rule, in document order; what looks at the whole of a part comes after it."""
        for index, page in enumerate(self.definition.pages):
            where = f"/pages/{index}"
            yield from self._shown_if(page, where, ())
            yield from self._items(page.items, where, ())
            yield from self._limits(page.limits, where, self.earlier, ())
            for number, jump in enumerate(page.jumps):
                yield Placed(f"{where}/jumps/{number}/if", jump.condition, self.earlier, (), AnswerType.BOOLEAN)
        for index, quota in enumerate(self.definition.quotas):
            yield Placed(f"/quotas/{index}/rule", quota.rule, self.earlier, (), AnswerType.BOOLEAN)

    def _items(self, items: Sequence[Item], base: str, homes: tuple[str, ...]) -> Iterator[Placed]:
        for index, item in enumerate(items):
            where = f"{base}/items/{index}"
            self.places[item.id] = where
            yield from self._shown_if(item, where, homes)
            if isinstance(item, Group):
                yield from self._group(item, where, homes)
            else:
                yield from self._field(item, where, homes)

    def _group(self, group: Group, where: str, homes: tuple[str, ...]) -> Iterator[Placed]:
        inside = homes
        if group.repeat:
            inside = (*homes, group.id)
            self.earlier[group.id] = Operand(NOTHING)
            if group.repeat.count is not None:
                yield Placed(f"{where}/repeat/count", group.repeat.count, dict(self.earlier), homes, AnswerType.NUMBER)
        yield from self._items(group.items, where, inside)
        yield from self._limits(group.limits, where, self.earlier, inside)

    def _field(self, field: Field, where: str, homes: tuple[str, ...]) -> Iterator[Placed]:
        for name in ("compulsory", "wanted", "read_only"):
            given = getattr(field, name)
            if not isinstance(given, bool):
                yield Placed(f"{where}/{name}", given, self.earlier, homes, AnswerType.BOOLEAN)
        for name in ("default", "computed"):
            if (given := getattr(field, name)) is not None:
                yield Placed(f"{where}/{name}", given, self.earlier, homes, None)
        for name in ("choices", "rows", "items"):
            for index, choice in enumerate(getattr(field.settings, name, ())):
                if getattr(choice, "shown_if", None) is not None:
                    place = f"{where}/settings/{name}/{index}/shown_if"
                    yield Placed(place, choice.shown_if, self.earlier, homes, AnswerType.BOOLEAN)
        if field.type == "computed" and field.computed is not None:
            found = logic.infer(field.computed, self.earlier, homes=homes, scope=self.questions.scope)
            self.known[field.id] = found or self.known[field.id]
        own = [field.id, *(part.id for part in self.questions.parts(field.id))]
        self.earlier |= {name: self.known[name] for name in own}
        yield from self._limits(field.limits, where, self.earlier, homes)

    def _shown_if(self, part: Page | Group | Field, where: str, homes: tuple[str, ...]) -> Iterator[Placed]:
        if part.shown_if is not None:
            yield Placed(f"{where}/shown_if", part.shown_if, self.earlier, homes, AnswerType.BOOLEAN)

    def _limits(
        self, limits: Sequence[Limit], where: str, earlier: Mapping[str, Operand], homes: tuple[str, ...]
    ) -> Iterator[Placed]:
        for index, limit in enumerate(limits):
            yield Placed(f"{where}/limits/{index}/rule", limit.rule, earlier, homes, AnswerType.BOOLEAN)


def _jumps(definition: Definition) -> Iterator[Fault]:
    order = [page.id for page in definition.pages]
    for at, page in enumerate(definition.pages):
        for number, jump in enumerate(page.jumps):
            where = f"/pages/{at}/jumps/{number}/to"
            if jump.to not in (*order, END):
                yield Fault(where, f"There is no page “{jump.to}”", "Choose a page, or the end")
            elif jump.to in order[: at + 1]:
                yield Fault(where, f"“{jump.to}” is not a later page", "Jump forward: a form that goes back never ends")


def _pipes(definition: Definition, walker: _Walker) -> Iterator[Fault]:
    """Texts may name any question that there is."""
    for where, text in _texts(definition):
        for name in dict.fromkeys(piping.names(text)):
            if name not in walker.known:
                yield Fault(where, f"The text names “{name}”, and there is no such question", "Mend the name in {{…}}")


def _texts(definition: Definition) -> Iterator[tuple[str, Text]]:
    def items(parts: Sequence[Item], base: str) -> Iterator[tuple[str, Text]]:
        for index, part in enumerate(parts):
            where = f"{base}/items/{index}"
            for name in ("label", "hint", "why", "compulsory_message"):
                if (text := getattr(part, name, None)) is not None:
                    yield f"{where}/{name}", text
            for number, limit in enumerate(part.limits):
                yield f"{where}/limits/{number}/message", limit.message
            if isinstance(part, Group):
                yield from items(part.items, where)
            elif (body := getattr(part.settings, "body", None)) is not None:
                yield f"{where}/settings/body", body

    for index, page in enumerate(definition.pages):
        if page.title is not None:
            yield f"/pages/{index}/title", page.title
        yield from items(page.items, f"/pages/{index}")
    if definition.done is not None:
        yield "/done", definition.done
