"""What every field type is: one class that holds all aspects of the type, and nothing about it anywhere else."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from formsite.definition.faults import Fault
from formsite.definition.logic import AnswerType, Operand
from formsite.definition.messages import Message
from formsite.definition.parts import Choice, Part, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field

Value = str | int | float | bool | list[str]
"""An answer as it is stored: JSON, never None (unanswered is absent)."""

Cell = str | int | float | bool | None


LONGEST_VALUE = 200
"""Of what is no prose."""


class Unreadable(Exception):
    """What was typed cannot be read as an answer of this type."""

    def __init__(self, key: str, **params: str | float) -> None:
        super().__init__(key)
        self.message = Message(key, params)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: a name that is unique in the form, and its words."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What many answers to one field amount to: how many answered, and either counts by label or a few figures."""

    answered: int
    counts: tuple[tuple[str, int], ...] = ()
    figures: tuple[tuple[str, float], ...] = ()


class NoSettings(Part):
    """For the types that have nothing to set."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a grid: its words, and the local names of the parts in its cells."""

    id: str
    label: Text
    parts: tuple[str, ...]
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class GridShape:
    """How a composite is laid out in rows and columns. A row has a part for each column, or one that spans them all."""

    columns: tuple[Text, ...]
    rows: tuple[GridRow, ...]


class FieldType:
    """A type of field. Subclasses override what differs; the conformance suite holds all of it together.

    `parse` and `load` return None for "not answered" and raise `Unreadable`; `check` says what is wrong with a value
    that could be read. Neither knows whether the field is compulsory: the flow does.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    family: ClassVar[str]
    """Under which heading the designer finds it."""
    widget: ClassVar[str]
    """The template in `templates/fields/`."""
    answer: ClassVar[AnswerType] = AnswerType.TEXT
    personal: ClassVar[bool] = False
    """Whether a new field of this type starts as personal."""
    missing: ClassVar[str] = "missing_text"
    """The message for a compulsory field left empty."""
    ends: ClassVar[tuple[str, str]] = ("", "")
    """The messages at the ends of a scale, where the designer says nothing else."""
    Settings: ClassVar[type[Part]] = NoSettings
    carried: ClassVar[bool] = False
    """Whether a page that does not draw it sends it back all the same."""
    looked_up: ClassVar[bool] = False
    """Whether its choices are found by typing, as there are too many to draw."""
    again: ClassVar[str] = ""
    """The words of a second control, where it is typed twice."""
    composite: ClassVar[bool] = False
    """Whether it is made of parts and has no answer of its own."""

    # -- parts -------------------------------------------------------------------------------------------------------
    def parts(self, field: Field) -> tuple[Field, ...]:
        """The fields that this one is made of, or that stand beside its answer; made by `field.part`."""
        return ()

    def compulsory_parts(self, field: Field) -> Literal["all", "any", "own"]:
        """What a compulsory composite asks for: every part, any one, or those parts that are compulsory themselves."""
        return "all"

    def grid(self, field: Field) -> GridShape | None:
        """How the parts stand in rows and columns; None where they stand one below the other."""
        return None

    def part_input(self, part: Field, local: str) -> Mapping[str, str]:
        """HTML attributes of a part's control, besides those of its own type."""
        return {}

    def size(self, field: Field) -> int:
        """How many questions it counts for, in a form that holds only so many."""
        return 1

    def drawn(self, field: Field) -> bool:
        """Whether a customer sees it; a hidden value still counts."""
        return True

    # -- reading -----------------------------------------------------------------------------------------------------
    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """What a browser sent (every value under the field's name) as an answer."""
        raise NotImplementedError(self.name)

    def load(self, value: object, field: Field) -> Value | None:
        """A JSON value (API, importer, `forms evaluate`) as an answer; the same laws as `parse`. Here: a string."""
        if value is not None and not isinstance(value, str):
            raise Unreadable("wrong_type")
        return self.parse([value or ""], field)

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """What is wrong with a readable answer."""
        return []

    # -- showing -----------------------------------------------------------------------------------------------------
    def typed(self, value: Value, field: Field) -> list[str]:
        """The answer as its control would send it: `parse(typed(v)) == v`."""
        return [str(value)]

    def text(self, value: Value, field: Field, language: str) -> str:
        """The answer in words, for a review page, a receipt or a mail."""
        return str(value)

    def mask(self, value: Value, field: Field) -> str:
        """The answer as somebody sees it who may know that there is one, but not which."""
        return "••••••"

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """What the field offers to choose from."""
        return ()

    def fitting(
        self, field: Field, typed: Sequence[str], language: str, withheld: Collection[str] = ()
    ) -> tuple[Choice, ...]:
        """The choices that a page draws."""
        return self.choices(field)

    def line(self, typed: Sequence[str], field: Field, language: str) -> str:
        """What a line to type in shows for what was typed."""
        return "".join(typed)

    def help(self, field: Field, language: str) -> str:
        """What the type itself says of how to answer."""
        return ""

    def wording(self, field: Field, language: str) -> Mapping[str, str]:
        """What its widget says, by names of its own."""
        return {}

    def options(self, field: Field, language: str) -> Sequence[tuple[str, str]]:
        """What the type itself offers to choose from: values and their words."""
        return ()

    def input(self, field: Field, language: str) -> dict[str, str]:
        """HTML attributes of the control."""
        return {}

    # -- giving ------------------------------------------------------------------------------------------------------
    def columns(self, field: Field, language: str) -> tuple[Column, ...]:
        """The columns of an export."""
        return (Column(field.id, field.label.say(language)),)

    def cells(self, value: Value | None, field: Field, language: str) -> tuple[Cell, ...]:
        """The answer as cells, one for each of `columns`."""
        return (None if value is None else self.text(value, field, language),)

    def summary(self, values: Iterable[Value], field: Field, language: str) -> Summary:
        """Many answers as one statement. Free text is only counted, never shown."""
        return Summary(answered=sum(1 for _ in values))

    def schema(self, field: Field) -> dict[str, Any]:
        """JSON Schema (2020-12) of a stored answer."""
        return {"type": "string"}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """A believable answer that `check` accepts."""
        raise NotImplementedError(self.name)

    # -- designing ---------------------------------------------------------------------------------------------------
    def operand(self, field: Field) -> Operand:
        """What a rule may do with the answer."""
        return Operand(self.answer)

    def faults(self, field: Field) -> list[Fault]:
        """What must be mended in the settings before publishing; `where` is relative to the field."""
        return []

    @property
    def holds_answer(self) -> bool:
        """False for what only shows something, and for what is made of parts."""
        return self.answer is not AnswerType.NOTHING

    @property
    def asks(self) -> bool:
        """Whether a customer answers something here, as a whole or in parts."""
        return self.holds_answer or self.composite

    def check_parts(self, values: Mapping[str, Value], field: Field, today: date) -> list[Message]:
        """What is wrong with the parts together, given the answered ones by their local names."""
        return []


def one_text(raw: Sequence[str]) -> str:
    """The one text that was sent, or the empty one.

    Raises:
        Unreadable: the control was sent more than once.
    """
    if len(raw) > 1:
        raise Unreadable("one_answer")
    return raw[0] if raw else ""


UNSEEN_SIGNS = r"\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
UNSEEN = re.compile(f"[{UNSEEN_SIGNS}]")
"""What takes no room: marks of direction that come along where people copy, joiners, soft hyphens."""


def unmarked(text: str) -> str:
    """A text that is no prose without what cannot be seen in it."""
    return text if text.isascii() else UNSEEN.sub("", text)


def one_value(raw: Sequence[str]) -> str:
    """The one number, day or the like that was sent, in the digits of ASCII whatever script it was typed in.

    Raises:
        Unreadable: the control was sent more than once.
    """
    text = one_text(raw)
    if not text.isascii() and len(text) <= LONGEST_VALUE:
        text = "".join(str(unicodedata.decimal(char, char)) for char in unmarked(text))
    return text.strip()


def json_number(value: object) -> int | float | None:
    """A JSON number, or None.

    Raises:
        Unreadable: it is something else; true is no number.
    """
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Unreadable("wrong_type")
    return value


def counted(values: Iterable[Value], labels: Sequence[tuple[Value, str]]) -> tuple[tuple[str, int], ...]:
    """How often each of `labels` was given, in the order of the labels, zeros included."""
    tally: Counter[Value] = Counter(v for value in values for v in (value if isinstance(value, list) else [value]))
    return tuple((label, tally[value]) for value, label in labels)


class Registry:
    """The field types by name. Small on purpose: it fails at import on a double, and touches nothing else."""

    def __init__(self) -> None:
        self._types: dict[str, FieldType] = {}

    def register(self, cls: type[FieldType]) -> type[FieldType]:
        """Class decorator."""
        for aspect in ("name", "title", "family", "widget"):
            if not getattr(cls, aspect, None):
                raise TypeError(f"field type {cls.__name__} has no {aspect}")
        if cls.name in self._types:
            raise TypeError(f"two field types are called {cls.name}")
        self._types[cls.name] = cls()
        return cls

    def get(self, name: str) -> FieldType:
        """The type called `name`; KeyError if there is none."""
        return self._types[name]

    def __contains__(self, name: object) -> bool:
        return name in self._types

    def names(self) -> tuple[str, ...]:
        """All names, in the order of registration (which is the order in which the designer offers them)."""
        return tuple(self._types)

    def all(self) -> tuple[FieldType, ...]:
        """All types, in the order of registration."""
        return tuple(self._types.values())


registry = Registry()
