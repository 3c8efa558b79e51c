"""What a new field type gets for nothing: with a name and `parse`, all the rest agrees."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import pytest

from formsite.definition.fieldtypes import Column, FieldType, Summary, Unreadable, Value
from formsite.definition.logic import AnswerType, Operand
from formsite.definition.messages import Message
from tests.support.definitions import field

if TYPE_CHECKING:
    from formsite.definition.document import Field

COLOURS = ("red", "green")


class Colour(FieldType):
    """The least that a type can be."""

    name, title, family, widget = "colour", "Colour", "Choice", "text"

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        if raw and raw[0] not in ("", *COLOURS):
            raise Unreadable("not_a_choice")
        return raw[0] if raw and raw[0] else None


KIND, ASKED = Colour(), field("short_text")


@pytest.mark.parametrize(("given", "answer"), [(None, None), ("", None), ("red", "red")])
def test_a_json_string_is_read_as_if_it_had_been_typed(given: object, answer: str | None) -> None:
    assert KIND.load(given, ASKED) == answer


@pytest.mark.parametrize(("given", "key"), [("blue", "not_a_choice"), (False, "wrong_type"), (5, "wrong_type"), ([], "wrong_type"), ({}, "wrong_type"), (b"", "wrong_type")])  # fmt: skip
def test_what_cannot_be_typed_is_refused(given: object, key: str) -> None:
    with pytest.raises(Unreadable) as caught:
        KIND.load(given, ASKED)
    assert caught.value.message == Message(key)


def test_an_answer_is_shown_as_it_is_and_masked_whole() -> None:
    assert KIND.check("red", ASKED, date(2026, 5, 17)) == []
    assert KIND.typed("red", ASKED) == ["red"] and KIND.text("red", ASKED, "en") == "red"
    assert "red" not in KIND.mask("red", ASKED)
    assert KIND.columns(ASKED, "en") == (Column("asked", "Asked"),)
    assert KIND.cells("red", ASKED, "en") == ("red",) and KIND.cells(None, ASKED, "en") == (None,)
    assert KIND.summary(["red", "red"], ASKED, "en") == Summary(2)


def test_it_holds_a_text_and_asks_nothing_of_its_settings() -> None:
    assert KIND.schema(ASKED) == {"type": "string"} and KIND.operand(ASKED) == Operand(AnswerType.TEXT)
    assert KIND.holds_answer and not KIND.personal and KIND.missing == "missing_text"
    assert KIND.faults(ASKED) == [] and KIND.choices(ASKED) == () and KIND.input(ASKED, "en") == {}


def test_what_cannot_be_guessed_is_left_to_the_type() -> None:
    with pytest.raises(NotImplementedError, match="colour"):
        KIND.sample(ASKED, random.Random(1))
    with pytest.raises(NotImplementedError):
        FieldType.parse(KIND, ["red"], ASKED)
