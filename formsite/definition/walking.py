"""Steps and answers -> a state: what is shown, asked, computed and offered, decided in the order of the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from formsite.definition import logic
from formsite.definition.compiling import Condition, Step
from formsite.definition.document import Field, Group
from formsite.definition.fieldtypes import Unreadable, Value
from formsite.definition.state import Answers, State


class Walk:
    """One pass over the steps for one set of answers."""

    def __init__(self, steps: Sequence[Step], answers: Answers, state: State, context: logic.Context) -> None:
        self.steps = steps
        self.given = answers
        self.state = state
        self.context = context

    def pages(self) -> None:
        """Decide every page, and fill the state."""
        index, until = 0, None
        while index < len(self.steps):
            step = self.steps[index]
            if step.id == until:
                until = None  # a jump leads here, whether this page is then shown or not
            if until or self.state.exit or not _holds(step.condition, self.context):
                index = step.until
                continue
            self.state.parts.add(step.id)
            self.run(index + 1, step.until, "")
            if getattr(step.part, "exit", False):
                if step.id in self.state.pages:
                    self.state.exit = step.id
            else:
                until = next((to for rule, to in step.jumps if rule(self.context) is True), None)
            index = step.until

    def run(self, index: int, end: int, prefix: str) -> None:
        """Decide the steps from `index` to `end`, in the instance that `prefix` names."""
        steps, context, state = self.steps, self.context, self.state
        while index < end:
            step = steps[index]
            if step.condition is not None and step.condition(context) is not True:
                index = step.until
            elif step.simple:
                self._simple(step, prefix + step.id)
                index += 1
            elif isinstance(step.part, Group):
                state.parts.add(prefix + step.id)
                if step.part.repeat:
                    self._repeat(step, step.part, index, prefix)
                    index = step.until
                else:
                    index += 1
            else:
                self._field(step, index, prefix)
                index = step.until

    def _repeat(self, step: Step, group: Group, index: int, prefix: str) -> None:
        path = prefix + step.id
        number = self._number(step, group, path)
        self.state.answers[path] = number
        around = self.context.at.get(step.id)
        for instance in range(number):
            self.context.at[step.id] = instance
            self.run(index + 1, step.until, f"{path}-{instance}-")
        if around is None:
            self.context.at.pop(step.id, None)

    def _number(self, step: Step, group: Group, path: str) -> int:
        assert group.repeat is not None
        if step.count is not None:
            counted = step.count(self.context)
            number = int(counted) if isinstance(counted, int | float) and not isinstance(counted, bool) else 0
        else:
            held = self.given.get(path)
            number = len(held) if isinstance(held, list) else held if isinstance(held, int) else group.repeat.start
        return (
            max(group.repeat.min, min(number, group.repeat.max))
            if step.count is None
            else max(0, min(number, group.repeat.max))
        )

    def _simple(self, step: Step, path: str) -> None:
        state = self.state
        state.shown.append(path)
        if not state.pages or state.pages[-1] != step.page:
            state.pages.append(step.page)
        if (value := self.given.get(path)) is not None:
            state.answers[path] = value
        compulsory = step.compulsory
        if compulsory is True or (compulsory and compulsory(self.context) is True):
            state.compulsory.add(path)

    def _field(self, step: Step, index: int, prefix: str) -> None:
        state, context, path = self.state, self.context, prefix + step.id
        at = len(state.shown)
        if step.drawn:
            state.shown.append(path)
        if step.choices:
            state.withheld[path] = frozenset(
                name for names, rule in step.choices if rule(context) is not True for name in names
            )
        if step.answers and (value := self._value(step, path)) is not None:
            state.answers[path] = value
        fixed = step.computed is not None or _true(step.read_only, context)
        if fixed:
            state.read_only.add(path)
        elif step.drawn:
            self._demand(step, path)
        self.run(index + 1, step.until, f"{prefix}")
        if step.composite and not any(f"{prefix}{part}" in state.shown[at + 1 :] for part in step.parts):
            del state.shown[at:]  # every part of it is hidden: there is nothing to ask
            state.emptied.add(path)
            for held in (state.compulsory, state.wanted, state.read_only):
                held.discard(path)
        elif step.drawn and (not state.pages or state.pages[-1] != step.page):
            state.pages.append(step.page)

    def _demand(self, step: Step, path: str) -> None:
        withheld = self.state.withheld.get(path)
        assert isinstance(step.part, Field)
        if withheld and len(withheld) == len(step.part.kind.choices(step.part)) and not self._will_offer(step):
            return  # every choice is withheld: nobody could give the answer
        if _true(step.compulsory, self.context):
            self.state.compulsory.add(path)
        elif _true(step.wanted, self.context):
            self.state.wanted.add(path)

    def _will_offer(self, step: Step) -> bool:
        """Whether something is offered once an answer is given that is still missing: one on this page, or a compulsory one."""
        state = self.state
        for by in step.choices_by:
            path = "".join(f"{home}-{self.context.at.get(home)}-" for home in by.homes) + by.id
            asked = path in state.compulsory or (by.page == step.page and path in state.shown)
            if asked and path not in state.answers:
                return True
        return False

    def _value(self, step: Step, path: str) -> Any:
        field = step.part
        assert isinstance(field, Field)
        if step.computed is not None:
            return loaded(step.computed(self.context), field)
        value = self.given.get(path)
        if value is None and step.default is not None and path not in self.given:
            value = loaded(step.default(self.context), field)
        return _offered(value, self.state.withheld.get(path))


def _holds(condition: Condition | None, context: logic.Context) -> bool:
    return condition is None or condition(context) is True


def _true(given: bool | Callable[[logic.Context], object], context: logic.Context) -> bool:
    return given if isinstance(given, bool) else given(context) is True


def loaded(value: Any, field: Field) -> Any:
    """What a rule yields, as an answer of the field; None where it is none."""
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and field.kind.answer is logic.AnswerType.CHOICES:
        value = value.split()  # a rule writes several choices as a text, with spaces
    try:
        return field.kind.load(value, field)
    except Unreadable:
        return None


def _offered(value: Value | None, withheld: frozenset[str] | None) -> Any:
    if not withheld or value is None:
        return value
    if isinstance(value, list):
        return [choice for choice in value if choice not in withheld] or None
    return None if value in withheld else value
