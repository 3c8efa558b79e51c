"""What must hold before a version is published, and what a good form would do besides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formsite.definition import rulechecks, sources, textchecks
from formsite.definition.document import Channel, Definition, Field, Group, Page, Purpose, walk
from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.contact import Email
from formsite.definition.reading import step

BLANK = re.compile(r"\[[^\[\]\n]{2,120}\](?!\()")
"""What somebody has yet to write, like [closing date]; a link of Markdown is none."""


def faults(definition: Definition) -> tuple[Fault, ...]:
    """Everything that stands in the way of publishing, in document order."""
    return (
        *_texts(definition),
        *_parts(definition),
        *rulechecks.faults(definition),
        *sources.faults(definition),
        *textchecks.faults(definition),
        *_consents(definition),
        *_feedback(definition),
    )


def advice(definition: Definition) -> tuple[Fault, ...]:
    """What does not stop publishing but should be looked at: what is still to be written, translations that are
    missing, rules and texts that look ahead, and too much compulsion.
    """
    return (
        *_blanks(definition),
        *rulechecks.advice(definition),
        *textchecks.advice(definition),
        *_translations(definition),
        *_compulsion(definition),
    )


def compulsory_share(definition: Definition) -> tuple[int, int]:
    """How many questions are always compulsory, and how many there are. What nobody is asked is no question: a hidden
    value, and what follows from other answers.
    """
    questions = [f for f in definition.fields() if f.kind.asks and f.kind.drawn(f) and f.computed is None]
    return sum(1 for field in questions if field.compulsory is True), len(questions)


def contact_field(definition: Definition) -> Field | None:
    """The field whose answer is the address mail goes to: the first that asks for an e-mail address."""
    return next((field for field in definition.fields() if isinstance(field.kind, Email)), None)


def _texts(definition: Definition) -> Iterator[Fault]:
    if not definition.title.say(definition.language).strip():
        yield Fault("/title", "The form has no title", "Give it one")
    if not any(field.kind.asks for field in definition.fields()):
        yield Fault("/pages", "The form asks nothing", "Add a question")


def _parts(definition: Definition) -> Iterator[Fault]:
    for where, part in walk(definition):
        if isinstance(part, Page | Group):
            if not part.items:
                name = "page" if isinstance(part, Page) else "group"
                yield Fault(f"{where}/items", f"The {name} “{part.id}” is empty", "Add a question, or delete it")
            continue
        if not part.label.say(definition.language).strip():
            yield Fault(f"{where}/label", f"The question “{part.id}” has no words", "Write the question")
        if part.compulsory is not False and part.personal and not part.why:
            name = part.label.say(definition.language)
            yield Fault(f"{where}/why", f"“{name}” is compulsory and personal", "Tell the customer why it is needed")
        if part.compulsory is not False and not part.kind.asks:
            yield Fault(f"{where}/compulsory", f"“{part.id}” asks nothing and cannot be compulsory", "Make it optional")
        for fault in part.kind.faults(part):
            yield Fault(where + fault.where, fault.what, fault.fix)


def _consents(definition: Definition) -> Iterator[Fault]:
    for index, statement in enumerate(definition.consents):
        where = f"/consents/{index}"
        for language in definition.languages:
            if not statement.wording.root.get(language, "").strip():
                # Consent in words that were not understood is none, so a translation is not optional here.
                yield Fault(
                    f"{where}/wording", f"The statement “{statement.id}” has no words in {language}", "Write them"
                )
        if statement.channel is Channel.EMAIL and contact_field(definition) is None:
            yield Fault(
                where, f"“{statement.id}” promises e-mail, but the form asks for no address", "Add an e-mail field"
            )


def _feedback(definition: Definition) -> Iterator[Fault]:
    request = definition.feedback
    if request is None:
        return
    if not any(s.purpose is Purpose.FEEDBACK and s.channel is Channel.EMAIL for s in definition.consents):
        yield Fault(
            "/feedback", "Nobody can agree to the feedback request", "Add a consent statement for feedback by e-mail"
        )
    for name, text in (("subject", request.subject), ("body", request.body)):
        if not text.say(definition.language).strip():
            yield Fault(f"/feedback/{name}", f"The feedback mail has no {name}", "Write it")
    if any("\n" in words or "\r" in words for words in request.subject.root.values()):
        yield Fault("/feedback/subject", "The subject runs over several lines", "Keep it to one line")


def _blanks(definition: Definition) -> Iterator[Fault]:
    for where, said in _said(definition.as_json(), "", frozenset(definition.languages)):
        blanks = next((found for words in said.values() if (found := BLANK.findall(words))), ())
        if blanks:
            yield Fault(where, f"Still blank: {', '.join(dict.fromkeys(blanks))}", "Write what belongs there")


def _said(held: object, where: str, languages: frozenset[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of a document, with its place."""
    if isinstance(held, list):
        for index, each in enumerate(held):
            yield from _said(each, f"{where}/{index}", languages)
    elif isinstance(held, dict) and languages >= held.keys() and all(isinstance(each, str) for each in held.values()):
        yield where, held
    elif isinstance(held, dict):
        for name, each in held.items():
            yield from _said(each, where + step(name), languages)


def _translations(definition: Definition) -> Iterator[Fault]:
    for language in definition.languages[1:]:
        untold = [
            where
            for where, part in walk(definition)
            if isinstance(part, Field) and not part.label.root.get(language, "").strip()
        ]
        if untold:
            what = f"{len(untold)} questions have no words in {language}; customers see those in {definition.language}"
            yield Fault(f"{untold[0]}/label", what, "Translate them, or remove the language")


def _compulsion(definition: Definition) -> Iterator[Fault]:
    compulsory, questions = compulsory_share(definition)
    if questions >= 3 and compulsory * 2 > questions:
        yield Fault(
            "/pages", f"{compulsory} of {questions} questions are compulsory", "Ask for less: most can be optional"
        )
