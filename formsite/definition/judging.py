"""What is wrong or missing in a state, said about the place where it stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from formsite.definition import paths
from formsite.definition.compiling import Check, Step
from formsite.definition.document import Field, Group
from formsite.definition.messages import OWN, Message
from formsite.definition.parts import Text
from formsite.definition.state import Moment, State

if TYPE_CHECKING:
    from formsite.definition.flow import Plan


class Judge:
    """One look at a state in the language of a moment."""

    def __init__(self, plan: Plan, state: State, moment: Moment) -> None:
        self.plan = plan
        self.state = state
        self.today = moment.today
        self.language = moment.language
        self.context = plan.context(state, moment)

    def errors(self, fields: Collection[str] | None = None) -> dict[str, list[Message]]:
        """By path of a field, group or page; only among `fields` if given."""
        found: dict[str, list[Message]] = {}
        for path in self.state.shown:
            if fields is not None and path not in fields:
                continue
            step = self.plan.step(path)
            assert isinstance(step.part, Field)
            messages = self._wrong(path, step, step.part)
            if messages:
                found[path] = [
                    labelled(self.plan, message, step.part, path, self.state, self.language) for message in messages
                ]
            elif step.limits and self.plan.answered(path, self.state):
                found |= self._violated(path, step.limits)
        for path in self.state.parts:
            step = self.plan.step(path)
            if step.limits and (fields is None or path in fields):
                found |= self._violated(path, step.limits)
        return found

    def _wrong(self, path: str, step: Step, field: Field) -> list[Message]:
        if step.computed is not None:
            return []
        if step.composite:
            return self._wrong_parts(path, step, field)
        value = self.state.answers.get(path)
        if value is None:
            return [_missing(field)] if path in self.state.compulsory else []
        return field.kind.check(value, field, self.today)

    def _wrong_parts(self, path: str, step: Step, field: Field) -> list[Message]:
        values = {}
        for part in step.parts:
            local = part[len(step.id) + 1 :]
            if (value := self.state.answers.get(f"{path}-{local}")) is not None:
                values[local] = value
        if not values:
            any_will_do = field.kind.compulsory_parts(field) == "any"  # else the parts say what is missing
            return [_missing(field)] if any_will_do and path in self.state.compulsory else []
        return field.kind.check_parts(values, field, self.today)

    def _violated(self, path: str, limits: Sequence[Check]) -> dict[str, list[Message]]:
        self.context.at.clear()
        self.context.at.update(paths.places(path, self.plan.questions.repeats))
        if (own := self.plan.step(path).part) and isinstance(own, Group) and own.repeat:
            return self._violated_instances(path, limits)
        messages = self._broken(limits, path)
        return {path: messages} if messages else {}

    def _violated_instances(self, path: str, limits: Sequence[Check]) -> dict[str, list[Message]]:
        """The limits of a group that repeats hold in each of its instances."""
        found: dict[str, list[Message]] = {}
        group = self.plan.step(path).id
        for number in range(self.state.answers.get(path, 0)):
            self.context.at[group] = number
            if said := self._broken(limits, f"{path}-{number}-"):
                found[f"{path}-{number}"] = said
        return found

    def _broken(self, limits: Sequence[Check], place: str) -> list[Message]:
        return [
            Message(OWN, {"text": self._piped(limit.message, place)})
            for limit in limits
            if limit.rule(self.context) is False
        ]

    def _piped(self, text: Text, path: str) -> str:
        return self.plan.piped(text, self.state, self.language, path)


def _missing(field: Field) -> Message:
    return Message(field.kind.missing)


def labelled(plan: Plan, message: Message, field: Field, path: str, state: State, language: str) -> Message:
    """The message with the name of what it is about, or the designer's own words in its place."""
    own = field.compulsory_message
    if own is not None and message.key == field.kind.missing:
        return Message(OWN, {"text": plan.piped(own, state, language, path)})
    given = message.params.items()
    filled = {name: plan.piped(p, state, language, path) if isinstance(p, Text) else p for name, p in given}
    return Message(message.key, {"label": plan.described(path, state, language), **filled})
