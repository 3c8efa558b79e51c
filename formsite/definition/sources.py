"""Where a question takes its choices from: an earlier question whose choices it offers, or on whose answer they depend."""

from __future__ import annotations

from collections.abc import Iterator

from formsite.definition.document import Definition, Field, walk
from formsite.definition.faults import Fault
from formsite.definition.logic import AnswerType
from formsite.definition.questions import Question, Questions

CHOOSING = (AnswerType.CHOICE, AnswerType.CHOICES)
MOST_NAMED = 5


def faults(definition: Definition) -> Iterator[Fault]:
    """Questions named that there are not, that come later, or that are not answered by choosing."""
    questions, earlier = Questions(definition), set[str]()
    for where, part in walk(definition):
        if not isinstance(part, Field):
            continue
        parent, carried = (getattr(part.settings, name, None) for name in ("parent", "choices_from"))
        asked = questions[part.id]
        for name, member in ((parent, "parent"), (carried.field if carried else None, "choices_from")):
            if name is not None and (wrong := _wrong(name, asked, questions, earlier)):
                yield Fault(f"{where}/settings/{member}", *wrong)
            elif name is not None and member == "parent":
                yield from _strangers(part, questions[name], where)
        earlier.add(part.id)


def _wrong(name: str, asked: Question, questions: Questions, earlier: set[str]) -> tuple[str, str] | None:
    if name not in questions:
        return f"There is no question “{name}”", "Name an earlier question with choices"
    if name not in earlier:
        what = "Its choices depend on its own answer" if name == asked.id else f"“{name}” is asked later"
        return what, "Move that question up, or use an earlier one"
    source = questions[name]
    if source.field.kind.answer not in CHOOSING:
        return f"“{name}” is not answered by choosing", "Name an earlier question with choices"
    if asked.homes[: len(source.homes)] != source.homes:
        return f"“{name}” stands in a group that repeats, and has many answers", "Name one beside it, or outside"
    return None


def _strangers(field: Field, parent: Question, where: str) -> Iterator[Fault]:
    """Choices that are of an answer which cannot be given."""
    offered = {*(parent.field.kind.operand(parent.field).choices or ())}
    lost: dict[str, int] = {}
    for at, choice in enumerate(field.settings.choices):
        if choice.of is not None and choice.of not in offered:
            lost.setdefault(choice.of, at)
    for of, at in list(lost.items())[:MOST_NAMED]:
        what = f"“{field.settings.choices[at].id}” is of “{of}”, which is no answer to “{parent.id}”"
        yield Fault(f"{where}/settings/choices/{at}/of", what, "Mend it, or offer that answer")
