"""How XForms write answers: all of them are texts; several choices stand in one, with spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from formsite.definition.document import Field
from formsite.definition.flow import Plan
from formsite.definition.logic import AnswerType, Context, compile_rule
from formsite.foundation import clock
from formsite.interchange.dialects import NameByName

Ids = Mapping[str, tuple[str, ...]]
T = AnswerType
YES = frozenset({"ok", "true", "1", "yes"})
DECIMALS = 9
"""As many as formsite keeps of a number."""
Chain = tuple[str, ...]
Answer = tuple[str, Any]
_INSTANCE = re.compile(r"-([0-9]{1,4})(?=-)")
_STEP = re.compile(r"([^/\[\]]*)(?:\[([1-9][0-9]{0,3})\])?(?:/|$)")


class XLSFormDialect(NameByName):
    """Names of the survey sheet, choice names of the choices sheet.

    `shapes` tells which dates are asked as a month or a year, and which values are worked out as a time or a moment; `groups` are those that a question of the source heads;
    `chains` the id of what stands at a path of names: two groups may ask by the same name.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        choices: Mapping[str, Ids],
        shapes: Mapping[str, str],
        groups: frozenset[str],
        chains: Mapping[tuple[str, ...], str],
    ) -> None:
        super().__init__(names)
        self.groups = groups
        self._chains = chains
        self._choices = choices  # path -> name in the source -> ids
        self._named = {path: {each: name for name, ids in of.items() for each in ids} for path, of in choices.items()}
        self._shapes = shapes

    def answers_in(self, answers: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
        """By path. A name that several choices share means the one that is offered."""
        made = super().answers_in(answers, plan)
        for path in list(made):
            for found in _INSTANCE.finditer(path):
                around, held = path[: found.start()], made.get(path[: found.start()])
                made[around] = max(int(found[1]) + 1, held if isinstance(held, int) else 0)
        for path, value in made.items():
            question = plan.questions.at(path)
            if question is not None and any(len(ids) > 1 for ids in self._choices.get(question.id, {}).values()):
                made[path] = self._offered(question.field, value, made, plan)
        return made

    def _opened(self, answers: Mapping[str, Any], plan: Plan, prefix: str, chain: Chain = ()) -> Iterator[Answer]:
        """Objects around questions are groups; names may be paths of names, with numbers of instances from 1."""
        for name, raw in answers.items():
            here, path = self._led(name, prefix, chain)
            if isinstance(raw, list) and raw and all(isinstance(each, Mapping) for each in raw):
                yield path, len(raw)
                for number, each in enumerate(raw):
                    yield from self._opened(each, plan, f"{path}-{number}-", here)
                continue
            question = plan.questions.at(path)
            if isinstance(raw, Mapping) and (question is None or question.field.kind.composite):
                yield from self._opened(raw, plan, prefix, here)
            else:
                yield path, raw if question is None else self.value_in(path, question.field, raw)

    def _led(self, name: str, prefix: str, chain: Chain) -> tuple[Chain, str]:
        """Where a name leads from a group: the names along the way, and the path of what stands there."""
        if "/" not in name:
            here = (*chain, name)
            return here, prefix + self._chains.get(here, self.path_in(name))
        steps = [step for step in _STEP.findall(name) if step[0]]
        found = [self._gone(steps, chain, prefix)]
        for start in (steps, steps[1:]):  # a path from the root may name the form itself
            is_inside = tuple(name for name, _ in start[: len(chain)]) == chain
            found.append(self._gone(start[len(chain) :], chain, prefix) if is_inside else self._gone(start, (), ""))
        return next((each for each in found if each[0] in self._chains), found[0])

    def _gone(self, steps: list[tuple[str, str]], chain: Chain, path: str) -> tuple[Chain, str]:
        for name, number in steps:
            chain = (*chain, name)
            if number:
                path += f"{self._chains.get(chain, name)}-{int(number) - 1}-"
        return chain, path + self._chains.get(chain, chain[-1] if chain else "")

    def _offered(self, field: Field, value: Any, answers: dict[str, Any], plan: Plan) -> Any:
        context = Context(answers, clock.now().date())
        offered = [
            choice.id
            for choice in field.kind.choices(field)
            if choice.shown_if is None or compile_rule(choice.shown_if, plan.questions.scope)(context) is True
        ]
        named = self._named[field.id]

        def meant(each: Any) -> Any:
            same = (name for name in offered if named.get(name) == named.get(each))
            return next(same, each)

        return [meant(each) for each in value] if isinstance(value, list) else meant(value)

    def value_in(self, path: str, field: Field, raw: Any) -> Any:
        """A text, number or list as formsite's value."""
        if raw is None or raw == "":
            return None
        kind, choices = field.kind.answer, self._choices.get(field.id, {})
        if kind is T.CHOICES:
            given = raw.split() if isinstance(raw, str) else raw if isinstance(raw, list) else [raw]
            return [choices.get(_written(each), (_written(each),))[0] for each in given]
        if isinstance(raw, Mapping):
            return str(raw)  # nothing that is asked for
        if isinstance(raw, list) and len(raw) == 1 and kind is not T.PLACE:
            raw = raw[0]
        if kind is T.CHOICE:
            return choices.get(_written(raw), (_written(raw),))[0]
        if kind is T.NUMBER:
            return _number(str(raw)[:4] if self._shapes.get(field.id) == "year" else raw)
        if kind is T.BOOLEAN:
            return raw if isinstance(raw, bool) else str(raw).lower() in YES
        if kind is T.PLACE:
            written = " ".join(map(str, raw)) if isinstance(raw, list) else str(raw)
            return ", ".join(written.replace(",", " ").split()[:2])
        if kind is T.FILE:
            return str(uuid5(NAMESPACE_URL, f"{path}/{raw}"))  # only whether there is one is looked at
        length = {T.DATE: 10, T.MONTH: 7, T.TIME: 5, T.MOMENT: 16}.get(kind)
        return _written(raw) if length is None else str(raw)[:length]

    def value_out(self, path: str, field: Field, value: Any) -> Any:
        """A value as XForms write it."""
        if self._shapes.get(field.id) in ("time", "moment"):
            return f"{value}:00.000"
        named = self._named.get(field.id, {})
        if isinstance(value, list):
            return " ".join(named.get(str(each), str(each)) for each in value)
        return named.get(value, value) if isinstance(value, str) else value


def _written(raw: Any) -> str:
    if isinstance(raw, bool):
        return str(raw).lower()
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)


def _number(raw: Any) -> Any:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return raw
    try:
        number = float(raw)
    except ValueError:
        return raw
    return int(number) if number.is_integer() else round(number, DECIMALS)
