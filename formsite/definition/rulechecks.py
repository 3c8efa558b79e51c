"""What every rule of a definition may look at: earlier answers only, of the right kind, and what there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from formsite.definition import logic
from formsite.definition.document import END, Definition, Field, Group, Item, Limit, Page, walk
from formsite.definition.faults import Fault
from formsite.definition.logic import AnswerType, Operand, nodes
from formsite.definition.questions import Questions
from formsite.definition.walking import loaded

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
    yield from _defaults(definition, walker.questions)
    yield from _quotas(definition)
    yield from _exits(definition)


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
            if group.repeat.count is not None:
                yield Placed(f"{where}/repeat/count", group.repeat.count, dict(self.earlier), homes, AnswerType.NUMBER)
            self.earlier[group.id] = Operand(NOTHING)
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


def _defaults(definition: Definition, questions: Questions) -> Iterator[Fault]:
    """Fixed values that the question would not take."""
    for where, part in walk(definition):
        given = part.default if isinstance(part, Field) and part.kind.holds_answer else None
        value = given.date if isinstance(given, nodes.Day) else getattr(given, "value", None)
        if value not in (None, "") and loaded(value, questions[part.id].field) is None:
            what = f"“{str(value)[:60]}” is no answer to “{part.id}”"
            yield Fault(f"{where}/default", what, "Write one that the question takes, or leave it empty")


def _quotas(definition: Definition) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, quota in enumerate(definition.quotas):
        if quota.id in seen:
            what = f"Two quotas are called “{quota.id}” and would be counted as one"
            yield Fault(f"/quotas/{index}/id", what, "Give each its own name")
        seen.add(quota.id)


def _exits(definition: Definition) -> Iterator[Fault]:
    """A form that ends before anything could be sent."""
    for at, page in enumerate(definition.pages[:1]):
        if page.exit and page.shown_if is None:
            what = f"Everybody comes to the exit page “{page.id}”, and nothing could be sent"
            yield Fault(f"/pages/{at}/exit", what, "Give it a rule, or put it behind a jump")


def advice(definition: Definition) -> Iterator[Fault]:
    """Pages in an order of chance that look at each other, and exits that nothing leads past."""
    questions = Questions(definition)
    chance = {page.id for page in definition.pages[1:]} if definition.random_pages else set[str]()
    past = False
    for at, page in enumerate(definition.pages):
        if page.exit and page.shown_if is None and not past and at:
            what = f"Everybody who comes as far ends at the exit page “{page.id}”"
            yield Fault(f"/pages/{at}/exit", what, "Give it a rule, or let an earlier page jump past it")
        if definition.random_pages and at and page.jumps:
            what = "The pages come in an order of chance, and a jump leads past those that are written between"
            yield Fault(f"/pages/{at}/jumps/0/to", what, "Let them come in their order, or show pages by rules")
        past = past or bool(page.jumps)
        if page.id not in chance or page.shown_if is None:
            continue
        for name in sorted(logic.fields_of(page.shown_if)):
            if name in questions and questions[name].page in chance:
                what = f"“{page.id}” looks at “{name}”, and may come before it in an order of chance"
                yield Fault(f"/pages/{at}/shown_if", what, "Ask it on the first page")
