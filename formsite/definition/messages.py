"""What the program itself says to a customer, in the language of the form.

A message is a key and its parameters; the words live in `catalogue/<language>.json`. English is complete and stands in
for whatever another language lacks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from formsite.definition.parts import Text

CATALOGUE = Path(__file__).parent / "catalogue"
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})
OWN = "own"
"""The key of a message in the designer's own words: they are its parameter `text`."""
GAP = re.compile(r"\{([a-z]+)\}")


def _one_or_other(n: int) -> str:
    return "one" if n == 1 else "other"


def _french(n: int) -> str:
    return "one" if n in (0, 1) else "other"


def _arabic(n: int) -> str:
    if n < 3:
        return ("zero", "one", "two")[n]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if n % 100 >= 11 else "other"


PLURALS: dict[str, Callable[[int], str]] = {"ar": _arabic, "fr": _french}
"""Which form of a word goes with a number (CLDR, cardinal); every other language here tells one from many."""


Param = str | int | float | Text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be said: its key in the catalogue, and what goes into its gaps (words of the designer's included)."""

    key: str
    params: Mapping[str, Param] = field(default_factory=dict)


class Words(Mapping[str, str]):
    """One language's catalogue, by key; `count` chooses the plural form."""

    def __init__(self, language: str, entries: Mapping[str, str | dict[str, str]]) -> None:
        self.language = language
        self._entries = entries

    def __getitem__(self, key: str) -> str:
        entry = self._entries[key]
        return entry if isinstance(entry, str) else entry["other"]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def count(self, key: str, n: int) -> str:
        """The form of `key` for `n` things, with `{n}` filled in."""
        return self._form(key, n).replace("{n}", str(n))

    def say(self, message: Message) -> str:
        """The message in words. A parameter is text and is never itself read as a template."""
        if message.key == OWN:
            return _shown(message.params["text"], self.language)
        number = message.params.get("n")
        template = self._form(message.key, number) if isinstance(number, int) else self[message.key]
        return GAP.sub(lambda gap: _filled(gap, message.params, self.language), template)

    def _form(self, key: str, n: int) -> str:
        entry = self._entries[key]
        if isinstance(entry, str):
            return entry
        return entry[PLURALS.get(self.language, _one_or_other)(n)]


def _filled(gap: re.Match[str], params: Mapping[str, Param], language: str) -> str:
    name = gap[1]
    return _shown(params[name], language) if name in params else gap[0]


def _shown(value: Param, language: str) -> str:
    if isinstance(value, Text):
        return value.say(language)
    return f"{value:g}" if isinstance(value, float) else str(value)


@cache
def words(language: str) -> Words:
    """The catalogue for `language` (a BCP 47 tag), laid over the English one."""
    entries = _read("en")
    base = language.split("-")[0].lower()
    if base in languages():
        entries = entries | _read(base)
        return Words(base, entries)
    return Words("en", entries)


@cache
def languages() -> frozenset[str]:
    """The languages the program itself speaks."""
    return frozenset(path.stem for path in CATALOGUE.glob("*.json"))


@cache
def _read(language: str) -> dict[str, str | dict[str, str]]:
    entries: dict[str, str | dict[str, str]] = json.loads((CATALOGUE / f"{language}.json").read_text("utf-8"))
    return entries


@cache
def usual(key: str) -> Text:
    """The words of the catalogue for `key`, in every language that the program speaks."""
    return Text({language: words(language)[key] for language in sorted(languages())})


def render(message: Message, language: str) -> str:
    """The message in the words of `language`."""
    return words(language).say(message)


def direction(language: str) -> str:
    """`rtl` for a language that is written from right to left, else `ltr`."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"
