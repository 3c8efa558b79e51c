"""What the program itself says to a customer, in the language of the form.

A message is a key and its parameters; the words live in `catalogue/<language>.json`. English is complete and stands in
for whatever another language lacks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).parent / "catalogue"
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be said: its key in the catalogue, and what goes into its gaps."""

    key: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


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
        entry = self._entries[key]
        if isinstance(entry, str):
            return entry.replace("{n}", str(n))
        one = n in (0, 1) if self.language == "fr" else n == 1
        return entry["one" if one else "other"].replace("{n}", str(n))

    def say(self, message: Message) -> str:
        """The message in words. A parameter is text and is never itself read as a template."""
        number = message.params.get("n")
        template = self.count(message.key, number) if isinstance(number, int) else self[message.key]
        for name, value in message.params.items():
            template = template.replace("{" + name + "}", _shown(value))
        return template


def _shown(value: str | float) -> str:
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


def render(message: Message, language: str) -> str:
    """The message in the words of `language`."""
    return words(language).say(message)


def direction(language: str) -> str:
    """`rtl` for a language that is written from right to left, else `ltr`."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"
