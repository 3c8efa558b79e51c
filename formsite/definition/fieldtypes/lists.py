"""One entry of a long list that the designer brings as a file: shops, schools, streets. It is found by typing."""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field as Member

from formsite.definition.fieldtypes.base import Summary, Unreadable, Value, counted, registry
from formsite.definition.fieldtypes.choices import OfferedSettings, OneChoice
from formsite.definition.messages import words
from formsite.definition.parts import Choice, Part

if TYPE_CHECKING:
    from formsite.definition.document import Field

MOST_ENTRIES = 10_000
MOST_FITTING = 50
"""Entries that are offered at a time."""
LONGEST = 500
PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i"} | {"æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that are no letter and an accent to Unicode, and yet are typed without."""


def folded(text: str) -> str:
    """A text as it is compared: without accents, capital letters and white space that makes no difference."""
    if text.isascii():
        return " ".join(text[:LONGEST].lower().split())
    plain = (char for char in unicodedata.normalize("NFKD", text[:LONGEST]) if not unicodedata.combining(char))
    return " ".join("".join(plain).casefold().translate(PLAIN).split())


class Entries:
    """A list in one language: what each entry is called, so that no two are called alike, and which fit a text."""

    def __init__(self, choices: Sequence[Choice], language: str) -> None:
        labels = {choice.id: choice.label.say(language).strip() or choice.id for choice in choices}
        alike = Counter(folded(label) for label in labels.values())
        self.words = {
            name: label if alike[folded(label)] == 1 else f"{label} ({name})" for name, label in labels.items()
        }
        self._folded = {name: folded(said) for name, said in self.words.items()}
        self._named = {said: name for name, said in self._folded.items()}

    def named(self, text: str) -> str | None:
        """The entry that is called so."""
        return self._named.get(folded(text))

    def fitting(self, text: str) -> Iterable[str]:
        """The entries in whose words the text stands, those that begin with it first."""
        wanted = folded(text)
        yield from (name for name, said in self._folded.items() if said.startswith(wanted))
        yield from (name for name, said in self._folded.items() if said.find(wanted) > 0)


class ListSettings(OfferedSettings):
    """The entries, and what they depend on."""

    choices: Annotated[tuple[Choice, ...], Member(max_length=MOST_ENTRIES)] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Choice]:
        """The entries by id."""
        return {choice.id: choice for choice in self.choices}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages in which there are words."""
        return tuple(sorted({tag for choice in self.choices for tag in choice.label.root}))

    def entries(self, language: str) -> Entries:
        """The list in one language."""
        if language not in self._kept:
            self._kept[language] = Entries(self.choices, language)
        return self._kept[language]

    @cached_property
    def _kept(self) -> dict[str, Entries]:
        return {}


@registry.register
class ListChoice(OneChoice):
    """One of thousands. A page draws a line to type in, never the whole list: what fits is looked up."""

    name: ClassVar[str] = "list_choice"
    title: ClassVar[str] = "Choice from a list of yours"
    widget: ClassVar[str] = "lookup"
    missing: ClassVar[str] = "missing_choice"
    Settings: ClassVar[type[Part]] = ListSettings
    looked_up: ClassVar[bool] = True

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The id of an entry, or its words. Where a page offered those that fit, the line that was typed comes along."""
        given = list(dict.fromkeys(text.strip() for text in raw if text.strip()))
        if len(given) > 2:
            raise Unreadable("one_answer")
        known = [text for text in given if text in field.settings.by_id]
        if known:
            return known[-1]
        return self._named(given[-1], field) if given else None

    def _named(self, text: str, field: Field) -> str:
        settings: ListSettings = field.settings
        found = dict[str, None]()
        for language in settings.languages or ("",):
            entries = settings.entries(language)
            if (name := entries.named(text)) is not None:
                return name
            found |= dict.fromkeys(islice(entries.fitting(text), MOST_FITTING + 1) if folded(text) else ())
        raise Unreadable("list_none" if not found else "list_several" if len(found) <= MOST_FITTING else "list_many")

    def load(self, value: object, field: Field) -> Value | None:
        """An id: programs know it."""
        if value is not None and not isinstance(value, str):
            raise Unreadable("wrong_type")
        if value and value not in field.settings.by_id:
            raise Unreadable("not_a_choice")
        return value or None

    def typed(self, value: Value, field: Field) -> list[str]:
        """The id; the line shows its words."""
        return [str(value)]

    def label(self, value: object, field: Field, language: str) -> str:
        """The words of an entry."""
        choice = field.settings.by_id.get(value)
        return (choice.label.say(language).strip() if choice else "") or str(value)

    def fitting(
        self, field: Field, typed: Sequence[str], language: str, withheld: Collection[str] = ()
    ) -> tuple[Choice, ...]:
        """The entries that are offered for what was typed; none where it names one, or says too little."""
        text = next((text for text in typed if text.strip() and text not in field.settings.by_id), "")
        if not folded(text) or field.settings.entries(language).named(text):
            return ()
        found, more = self.found(field, text, language, withheld)
        return () if more else found

    def found(
        self, field: Field, text: str, language: str, withheld: Collection[str] = ()
    ) -> tuple[tuple[Choice, ...], bool]:
        """The entries that fit a text, or the first ones where there is none; and whether there are more than are
        offered at a time. “Other” fits always.
        """
        settings = field.settings
        last = tuple(choice for choice in settings.choices if choice.other and choice.id not in withheld)
        free = (settings.by_id[name] for name in settings.entries(language).fitting(text) if name not in withheld)
        first = tuple(islice((choice for choice in free if not choice.other), MOST_FITTING + 1))
        return (*first[:MOST_FITTING], *last), len(first) > MOST_FITTING

    def line(self, typed: Sequence[str], field: Field, language: str) -> str:
        """The words of an entry, else what was typed in their place."""
        known = [text for text in typed if text in field.settings.by_id]
        return self.words(known[-1], field, language) if known else next((t for t in typed if t.strip()), "")

    def words(self, value: object, field: Field, language: str) -> str:
        """What an entry is called, so that no other is called alike."""
        return str(field.settings.entries(language).words.get(str(value), value))

    def help(self, field: Field, language: str) -> str:
        """How it is found."""
        return words(language)["list_help"]

    def wording(self, field: Field, language: str) -> Mapping[str, str]:
        """What stands above the entries that fit, and what the script says."""
        said = words(language)
        return {"fitting": said["list_fitting"], "none": said["nothing_found"], "more": said["list_more"]}

    def summary(self, values: Iterable[Value], field: Field, language: str) -> Summary:
        """How often each was chosen, of those that were."""
        given = list(values)
        told = {str(value) for value in given}
        labels = [(c.id, self.words(c.id, field, language)) for c in field.settings.choices if c.id in told]
        return Summary(len(given), counted(given, labels))

    def schema(self, field: Field) -> dict[str, Any]:
        """One of the ids."""
        return {"enum": list(field.settings.by_id)}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """Any."""
        return str(rng.choice(field.settings.choices).id)
