"""Choices pasted as lines: each gets a name, and those that were there keep theirs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from formsite.definition.document import parse
from formsite.definition.lines import choices_of, lines_of
from tests.support.definitions import form

BEFORE: list[dict[str, Any]] = [
    {"id": "fibre", "label": {"en": "Fibre", "de": "Glasfaser"}, "shown_if": {"op": "answered", "field": "x"}},
    {"id": "dsl", "label": {"en": "DSL"}},
]


def made(text: str, language: str = "en", before: Any = ()) -> list[tuple[str, dict[str, str]]]:
    """Ids and labels."""
    return [(choice["id"], choice["label"]) for choice in choices_of(text, language, before)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Fibre\nDSL", ["fibre", "dsl"]),
        ("Crème brûlée", ["creme_brulee"]),
        ("  A  \n\n\n B ", ["a", "b"]),
        ("Same\nSame\nsame!", ["same", "same_2", "same_3"]),
        ("ألياف\nنحاس", ["choice", "choice_2"]),
        ("x" * 200, ["x" * 64]),
        ("5G | Mobile", ["5G"]),
        ("one\r\ntwo", ["one", "two"]),
        ("", []),
        ("|", []),
    ],
)
def test_a_line_is_a_choice(text: str, ids: list[str]) -> None:
    assert [name for name, _ in made(text)] == ids


def test_a_choice_that_was_there_keeps_its_id_its_rule_and_its_other_words() -> None:
    kept = choices_of("DSL\nFibre\nCable", "en", BEFORE)
    assert [choice["id"] for choice in kept] == ["dsl", "fibre", "cable"]
    assert kept[1] == BEFORE[0]
    renamed = choices_of("fibre | Glass", "en", BEFORE)
    assert renamed == [BEFORE[0] | {"label": {"en": "Glass", "de": "Glasfaser"}}]


def test_a_new_choice_never_takes_the_id_of_one_that_was_there() -> None:
    """Otherwise answers given to the old one would seem given to the new one."""
    before = [{"id": "fibre", "label": {"en": "Fast"}}]
    assert made("Fibre", before=before) == [("fibre_2", {"en": "Fibre"})]


def test_translating_keeps_the_words_of_the_first_language() -> None:
    assert made("fibre | Glas\ndsl |", "de", BEFORE) == [
        ("fibre", {"en": "Fibre", "de": "Glas"}),
        ("dsl", {"en": "DSL"}),
    ]


@given(st.lists(st.text(max_size=70), max_size=8))
def test_whatever_is_pasted_makes_choices_with_distinct_ids_that_hold_still(lines: list[str]) -> None:
    first = choices_of("\n".join(lines), "en")
    ids = [choice["id"] for choice in first]
    assert len(set(ids)) == len(ids)
    assert choices_of(lines_of(first, "en"), "en", first) == first


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="|"), max_size=70), max_size=8)
)
def test_labels_alone_always_make_choices_that_a_definition_takes(lines: list[str]) -> None:
    choices = choices_of("\n".join(lines), "en")
    parse(form({"id": "a", "type": "dropdown", "label": {}, "settings": {"choices": choices}}))


MARKED = [
    {"id": "a", "label": {"en": "A"}, "score": 5},
    {"id": "b", "label": {"en": "B | b"}, "capacity": 20, "fixed": True},
    {"id": "none", "label": {"en": "None"}, "exclusive": True, "picture": "0" * 64 + ".png"},
    {"id": "else", "label": {"en": "Else"}, "other": True, "score": -1.5},
]


def test_marks_stand_behind_a_second_bar() -> None:
    lines = lines_of(MARKED, "en")
    assert lines.splitlines() == [
        "a | A | score 5",
        "b | B | b | fixed, seats 20",
        f"none | None | alone, picture {'0' * 64}.png",
        "else | Else | other, score -1.5",
    ]
    assert choices_of(lines, "en", MARKED) == MARKED
    assert choices_of("x | y | z", "en") == [{"id": "x", "label": {"en": "y | z"}}]
    assert choices_of("x | y | picture me.png", "en")[0]["label"] == {"en": "y | picture me.png"}


def test_marks_are_as_written_and_a_mere_label_keeps_them() -> None:
    assert choices_of("a | A\nNone", "en", MARKED) == [{"id": "a", "label": {"en": "A"}}, MARKED[2]]


def test_a_line_says_to_which_answer_a_choice_belongs() -> None:
    read = choices_of("oslo | Oslo | of north, score 2\nrome | Rome | of the south", "en")
    assert read[0] == {"id": "oslo", "label": {"en": "Oslo"}, "of": "north", "score": 2}
    assert read[1] == {"id": "rome", "label": {"en": "Rome | of the south"}}, "no id: it is of the label"
    assert lines_of(read[:1], "en") == "oslo | Oslo | score 2, of north"
    assert choices_of(lines_of(read, "en"), "en", read) == read
