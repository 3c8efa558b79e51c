"""What texts name: every `{{field}}` there is, and whether there can be an answer where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from formsite.definition import piping
from formsite.definition.document import Definition
from formsite.definition.faults import Fault
from formsite.definition.parts import Part, Text
from formsite.definition.questions import Questions
from formsite.definition.reading import step

FILLED = ("pages", "quotas", "done")
"""Members of a definition in whose texts answers are filled in."""
PLAIN = ("title", "intro", "notice", "consents", "feedback")
"""Those whose texts stay as they are written: nothing is answered yet, or everybody must be told the same."""


def faults(definition: Definition) -> Iterator[Fault]:
    """Texts that name a question there is not, and messages without words."""
    questions = Questions(definition)
    for where, text in _of_members(definition, FILLED):
        for name in dict.fromkeys(piping.names(text)):
            if name not in questions and name not in questions.repeats:
                yield Fault(where, f"The text names “{name}”, and there is no such question", "Mend the name in {{…}}")
        if where.endswith("/message") and "/settings/" not in where and not text.say(definition.language).strip():
            yield Fault(where, "The customer would be told nothing", "Write what is wrong, and what to do")


def advice(definition: Definition) -> Iterator[Fault]:
    """Texts that name what is not answered yet where they are read, or in which nothing is filled in."""
    questions = Questions(definition)
    order = {page.id: number for number, page in enumerate(definition.pages)}
    for number, page in enumerate(definition.pages):
        for where, text in _texts(page, f"/pages/{number}"):
            for name in dict.fromkeys(piping.names(text)):
                if name in questions and order[questions[name].page] > number:
                    what = f"The text names “{name}”, which is asked on a later page"
                    yield Fault(where, what, "Nothing stands there until the customer comes back; ask it before")
    for where, text in _of_members(definition, PLAIN):
        if name_ := next(piping.names(text), None):
            what = f"The text names “{name_}”, and no answer is filled in here"
            yield Fault(where, what, "Say it without, or say it in a question, a page title or the thanks")


def _of_members(definition: Definition, members: tuple[str, ...]) -> Iterator[tuple[str, Text]]:
    for name in members:
        yield from _texts(getattr(definition, name), f"/{name}")


def _texts(held: object, where: str) -> Iterator[tuple[str, Text]]:
    """Every text in a piece of a definition, with its place."""
    if isinstance(held, Text):
        yield where, held
    elif isinstance(held, Part):
        for name, member in type(held).model_fields.items():
            yield from _texts(getattr(held, name), where + step(member.alias or name))
    elif isinstance(held, tuple):
        for index, each in enumerate(held):
            yield from _texts(each, f"{where}/{index}")
