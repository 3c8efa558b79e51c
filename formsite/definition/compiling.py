"""A definition -> steps: every page, group, field and part with its rules compiled, in the order they are decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import field as member

from formsite.definition import logic
from formsite.definition.document import Definition, Field, Group, Item, Limit, Page
from formsite.definition.parts import Text
from formsite.definition.questions import Question, Questions

Condition = Callable[[logic.Context], object]


@dataclass(frozen=True, slots=True)
class Check:
    """A limit, compiled."""

    rule: Condition
    message: Text


@dataclass(slots=True, eq=False)
class Step:
    """One page, group, field or part. `until` is the index after everything inside it.

    `simple` is True for a field of which nothing but being shown depends on a rule: the usual one, decided quickly.
    """

    id: str  # without the numbers of instances
    part: Page | Group | Field
    page: str
    until: int = 0
    condition: Condition | None = None
    conditional: bool = False  # it, or something around it, is shown by a rule
    compulsory: bool | Condition = False
    wanted: bool | Condition = False
    read_only: bool | Condition = False
    computed: Condition | None = None
    default: Condition | None = None
    choices: tuple[tuple[tuple[str, ...], Condition], ...] = ()  # choices with one rule, and the rule
    choices_by: tuple[Question, ...] = ()  # the questions that decide which choices are offered
    limits: tuple[Check, ...] = ()
    count: Condition | None = None
    jumps: tuple[tuple[Condition, str], ...] = ()
    composite: bool = False
    parts: tuple[str, ...] = ()  # of a composite
    simple: bool = False
    drawn: bool = True
    answers: bool = member(default=False)  # holds an answer of its own


class Compiler:
    """Walks the definition once."""

    def __init__(self, definition: Definition, questions: Questions) -> None:
        self.questions = questions
        self.scope = questions.scope
        self.steps: list[Step] = []
        for page in definition.pages:
            self._page(page)

    def _page(self, page: Page) -> None:
        step = Step(page.id, page, page.id, condition=self._rule(page.shown_if), limits=self._limits(page.limits))
        step.jumps = tuple((logic.compile_rule(jump.condition, self.scope), jump.to) for jump in page.jumps)
        self.steps.append(step)
        self._items(page.items, page.id, False)
        step.until = len(self.steps)

    def _items(self, items: Sequence[Item], page: str, inherited: bool) -> None:
        for item in items:
            if isinstance(item, Group):
                self._group(item, page, inherited)
            else:
                self._field(self.questions[item.id], page, inherited)

    def _group(self, group: Group, page: str, inherited: bool) -> None:
        conditional = inherited or group.shown_if is not None
        step = Step(group.id, group, page, condition=self._rule(group.shown_if), conditional=conditional)
        step.limits = self._limits(group.limits)
        step.count = self._rule(group.repeat.count) if group.repeat else None
        self.steps.append(step)
        self._items(group.items, page, conditional)
        step.until = len(self.steps)

    def _field(self, question: Question, page: str, inherited: bool) -> None:
        field = question.field
        conditional = inherited or field.shown_if is not None
        step = Step(field.id, field, page, condition=self._rule(field.shown_if), conditional=conditional)
        step.compulsory = self._bool_or_rule(field.compulsory)
        step.wanted = self._bool_or_rule(field.wanted)
        step.read_only = self._bool_or_rule(field.read_only)
        step.computed = self._rule(field.computed)
        step.default = self._rule(field.default)
        self._choices(step, field)
        step.limits = self._limits(field.limits)
        step.drawn = field.kind.drawn(field)
        step.answers = field.kind.holds_answer
        at = len(self.steps)
        self.steps.append(step)
        parts = self.questions.parts(field.id)
        for part in parts:
            self._field(part, page, conditional)
        if field.kind.composite:
            step.composite = True
            step.parts = tuple(part.id for part in parts)
        step.until = len(self.steps)
        special = (step.computed, step.default, step.choices, step.composite, step.wanted, step.read_only)
        step.simple = step.drawn and step.answers and not any(special) and step.until == at + 1

    def _choices(self, step: Step, field: Field) -> None:
        """The choices that depend on answers, those of one rule together: a list of thousands shares a few."""
        named: dict[str, tuple[logic.Node, list[str]]] = {}
        known: dict[int, str] = {}  # as it is written: to Python a rule about true equals one about 1
        for choice in field.kind.choices(field):
            if (rule := choice.shown_if) is not None:
                written = known.setdefault(id(rule), "") or repr(rule)
                known[id(rule)] = written
                named.setdefault(written, (rule, []))[1].append(choice.id)
        step.choices = tuple((tuple(ids), logic.compile_rule(rule, self.scope)) for rule, ids in named.values())
        names = {name for rule, _ in named.values() for name in logic.fields_of(rule)} & set(self.questions)
        step.choices_by = tuple(self.questions[name] for name in sorted(names))

    def _rule(self, rule: logic.Node | None) -> Condition | None:
        return None if rule is None else logic.compile_rule(rule, self.scope)

    def _bool_or_rule(self, given: bool | logic.Node) -> bool | Condition:
        return given if isinstance(given, bool) else logic.compile_rule(given, self.scope)

    def _limits(self, limits: Sequence[Limit]) -> tuple[Check, ...]:
        return tuple(Check(logic.compile_rule(limit.rule, self.scope), limit.message) for limit in limits)
