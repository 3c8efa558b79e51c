"""The small values every part of a definition is made of: texts, names, rules and choices."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    RootModel,
    StrictBool,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from formsite.definition import logic
from formsite.definition.faults import Faulty

ID_PATTERN = r"^[a-z][a-z0-9_]{0,63}$"
LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"
MEDIA_PATTERN = r"^[0-9a-f]{64}\.[a-z]{3,4}$"
"""The name of a media file: the hash of its content, and its kind."""
ENDS = (":", "?", "!", ".", "…", "？", "！", "。", "؟", "：")
LONGEST_TEXT = 20_000
LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON holds exactly (RFC 8259 section 6)."""
_LANGUAGE = re.compile(LANGUAGE_PATTERN)

Id = Annotated[str, Field(pattern=ID_PATTERN, description="A stable name, chosen by the designer")]


class Part(BaseModel):
    """A frozen piece of a definition; unknown members are faults, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, allow_inf_nan=False)


class Text(RootModel[dict[str, str]]):
    """The same words in several languages: `{language: text}`."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "propertyNames": {"pattern": LANGUAGE_PATTERN},
            "additionalProperties": {"type": "string", "maxLength": LONGEST_TEXT, "pattern": "^[^\\u0000]*$"},
        },
    )

    @model_validator(mode="after")
    def _languages(self) -> Text:
        for language, words in self.root.items():
            if not _LANGUAGE.fullmatch(language):
                raise PydanticCustomError("language", "“{name}” is not a language tag", {"name": language})
            if len(words) > LONGEST_TEXT:
                raise PydanticCustomError("long_text", "The text in “{name}” is too long", {"name": language})
            if "\x00" in words:
                raise PydanticCustomError("nul", "The text in “{name}” holds a NUL character", {"name": language})
        return self

    def say(self, language: str, default: str = "") -> str:
        """The words in `language`, else in its base language, else in `default`, else any that exist."""
        texts = self.root
        for tag in (language, language.split("-")[0], default):
            if texts.get(tag):
                return texts[tag]
        return next((words for words in texts.values() if words), "")


def joined(row: Text, column: Text) -> Text:
    """The words of a cell: those of its row and of its column, in every language that either has."""
    tags = dict.fromkeys((*row.root, *column.root))
    return Text.model_construct({tag: followed(row.say(tag), column.say(tag)) for tag in tags})


def followed(words: str, more: str) -> str:
    """Words and those that belong to them, with a colon between unless a sentence ends there already."""
    return f"{words} {more}" if words.endswith(ENDS) else f"{words}: {more}"


def _read_rule(raw: object) -> logic.Node:
    if isinstance(raw, logic.NODES):
        return raw
    try:
        return logic.parse(raw)
    except Faulty as refusal:
        raise PydanticCustomError("faulty", "faulty", {"faults": refusal.faults}) from None


def _read_bool_or_rule(raw: object) -> object:
    return raw if isinstance(raw, bool) else _read_rule(raw)


def _read_whole(raw: object) -> int:
    """JSON knows one kind of number: 5.0 is 5. Neither `true` nor "5" is a number."""
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise PydanticCustomError("int_type", "expected a whole number")
    return raw


def _read_amount(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not -LARGEST <= raw <= LARGEST:
        raise PydanticCustomError("float_type", "expected a number")
    return int(raw) if float(raw).is_integer() else raw


RULE_SCHEMA = {"$comment": "a rule"}
"""Stands for a rule until the schema of the whole document is put together."""

Rule = Annotated[
    Any,  # a logic.Node; pydantic needs no schema of its own for it
    BeforeValidator(_read_rule),
    PlainSerializer(logic.to_json),
    WithJsonSchema(RULE_SCHEMA),
]
BoolOrRule = Annotated[
    Any,  # a bool or a logic.Node
    BeforeValidator(_read_bool_or_rule),
    PlainSerializer(lambda held: held if isinstance(held, bool) else logic.to_json(held)),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, RULE_SCHEMA]}),
]
WHOLE = BeforeValidator(_read_whole)
"""Stands after the bounds of an `int`, so that they stay in its schema."""
Amount = Annotated[
    Any,  # an int where it is whole, else a float
    BeforeValidator(_read_amount),
    WithJsonSchema({"type": "number", "minimum": -LARGEST, "maximum": LARGEST}),
]


ChoiceId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]


class Choice(Part):
    """One of the answers a choice field offers, or a row of a matrix."""

    id: ChoiceId
    label: Text
    of: ChoiceId | None = Field(default=None, description="Offered where this is the answer to `parent`")
    shown_if: Rule | None = None
    score: Amount | None = None
    exclusive: StrictBool = Field(default=False, description="None of the others goes with it")
    other: StrictBool = Field(default=False, description="It opens a text")
    capacity: Annotated[int, Field(ge=0, le=10_000_000), WHOLE] | None = Field(default=None, description="Its seats")
    fixed: StrictBool = Field(default=False, description="It keeps its place in an order of chance")
    picture: Annotated[str, Field(pattern=MEDIA_PATTERN)] | None = None
