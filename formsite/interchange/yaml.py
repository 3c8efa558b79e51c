"""Definitions as YAML, read as untrusted and written for people.

YAML stands for JSON here, as in its JSON schema: texts, numbers, true, false, null, lists, and mappings whose keys are
texts. `no` and `2020-01-01` are texts. Aliases and tags are refused: a definition needs neither, and aliases of aliases
make a small file a large document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from formsite.interchange.losses import Unimportable

MOST_LEVELS = 100
MOST_NODES = 1_000_000
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
WORDS = {"null": None, "": None, "~": None, "true": True, "false": False}
MOST_DIGITS = 400  # more than any number that a definition may hold
OTHER_BREAKS = re.compile("[\r\x85\u2028\u2029]")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # events only: nothing is constructed


def load(text: str, name: str) -> Any:
    """The one document of a text, as JSON values.

    Raises:
        Unimportable: it is no YAML, or none that stands for JSON; names the line and the column.
    """
    try:
        return _Builder(name).build(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        raise _refusal(error.problem_mark, name, f"This is not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise Unimportable(name, f"This is not YAML: {str(error).splitlines()[0]}", "Mend it") from None


def dump(document: Any) -> bytes:
    """A document as YAML: members in their order, texts of several lines as blocks, letters as they are."""
    out: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return out.encode("utf-8")


def _refusal(mark: Any, name: str, what: str, fix: str = "Mend it there") -> Unimportable:
    return Unimportable(f"line {mark.line + 1}, column {mark.column + 1}" if mark else name, what, fix)


class _Builder:
    """Builds values from the events of a parser, without recursion: the depth of a file is not that of the program."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.open: list[Any] = []  # the lists and mappings around the place where we are, from outside in
        self.keys: list[str | None] = []  # of each of them, the key that waits for its value
        self.root: Any = None
        self.documents = self.nodes = 0

    def build(self, events: Iterator[Any]) -> Any:
        """The document."""
        for event in events:
            self._take(event)
        if not self.documents:
            raise Unimportable(self.name, "The file is empty", "Bring one that holds a definition")
        return self.root

    def _take(self, event: Any) -> None:
        match event:
            case yaml.AliasEvent():
                raise self._refused(event, f"“*{event.anchor}” refers to another place", "Write out what stands there")
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise self._refused(event, "A second document begins here", "Keep each in a file of its own")
            case yaml.ScalarEvent():
                self._untagged(event, is_free=event.implicit[0] or event.implicit[1])
                self._scalar(event)
            case yaml.CollectionStartEvent():
                self._untagged(event, is_free=event.implicit)
                if self._awaits_key():
                    raise self._refused(event, "The name of a member is no text", "Write it as a text")
                held: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
                self._put(event, held)
                self.open.append(held)
                self.keys.append(None)
                if len(self.open) > MOST_LEVELS:
                    raise self._refused(event, "The YAML is nested too deeply", "Take it apart")
            case yaml.CollectionEndEvent():
                self.open.pop()
                self.keys.pop()

    def _untagged(self, event: Any, *, is_free: bool) -> None:
        if event.tag is not None and not is_free:
            raise self._refused(
                event, f"“{event.tag[:60]}” is a tag", "Leave it out: types are told by what is written"
            )

    def _scalar(self, event: Any) -> None:
        if not self._awaits_key():
            self._put(event, self._value(event))
            return
        if event.value in self.open[-1]:
            raise self._refused(event, f"“{event.value[:60]}” stands there twice", "Keep one of them")
        self.keys[-1] = event.value

    def _awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1], dict) and self.keys[-1] is None

    def _put(self, event: Any, value: Any) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self._refused(event, "The file holds more than a form can", "Take it apart")
        if not self.open:
            self.root = value
        elif isinstance(self.open[-1], list):
            self.open[-1].append(value)
        else:
            self.open[-1][self.keys[-1]] = value
            self.keys[-1] = None

    def _value(self, event: Any) -> Any:
        """A plain word is what JSON would hold; what stands in quotes or in a block is a text."""
        word = event.value
        if event.style or not event.implicit[0]:  # a plain word has no style
            return word
        if word in WORDS:
            return WORDS[word]
        number = NUMBER.fullmatch(word)
        if number is None:
            return word
        if len(word) > MOST_DIGITS:
            raise self._refused(event, "The number is larger than a definition can hold", "Write a smaller number")
        return float(word) if number[1] or number[2] else int(word)

    def _refused(self, event: Any, what: str, fix: str) -> Unimportable:
        return _refusal(event.start_mark, self.name, what, fix)


class _Dumper(yaml.SafeDumper):
    """Quotes what any reader might take for something else, and writes several lines as a block."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    if OTHER_BREAKS.search(text):  # only there can they be escaped; anywhere else they end a line
        style: str | None = '"'
    else:
        style = "|" if "\n" in text.strip("\n") and not text.startswith((" ", "\n")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(f"(?:{NUMBER.pattern})$"), list("-0123456789"))
