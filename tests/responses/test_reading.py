"""One response in words, as far as its reader may see."""

from __future__ import annotations

from typing import Any

import pytest

from formsite.definition.document import parse
from formsite.definition.flow import Plan
from formsite.responses.reading import How, Sight, read
from formsite.responses.sealing import split
from tests.support.stored import ANSWERS, NOON, REGISTRATION

RULED: dict[str, Any] = REGISTRATION | {
    "pages": [
        *REGISTRATION["pages"],
        {
            "id": "more",
            "items": [
                {
                    "id": "why",
                    "type": "short_text",
                    "label": {"en": "Why so low?"},
                    "shown_if": {"op": "less", "left": {"field": "rated"}, "right": {"value": 3}},
                },
                {"id": "else_", "type": "short_text", "label": {"en": "Anything else?"}},
            ],
        },
    ]
}


def lines(sight: Sight, personal: dict[str, Any] | None) -> dict[str, tuple[How, str]]:
    definition = parse(RULED)
    plain, _ = split(definition, ANSWERS)
    sheets = read(Plan(definition), plain, personal, sight, language="en", today=NOON.date())
    return {line.field_id: (line.how, line.text) for sheet in sheets for line in sheet.lines}


@pytest.fixture
def personal() -> dict[str, Any]:
    return split(parse(RULED), ANSWERS)[1]


def test_plain(personal: dict[str, Any]) -> None:
    found = lines(Sight.PLAIN, personal)
    assert found["full_name"] == (How.PLAIN, ANSWERS["full_name"])
    assert found["remark"] == (How.PLAIN, "quick")
    assert found["why"][0] is How.NOT_ASKED
    assert found["else_"][0] is How.UNANSWERED


def test_masked_tells_that_there_is_an_answer_but_not_which(personal: dict[str, Any]) -> None:
    found = lines(Sight.MASKED, personal)
    assert found["address"][0] is How.MASKED
    assert found["address"][1]
    for name in ("address", "full_name"):
        assert ANSWERS[name] not in found[name][1]
    assert found["remark"] == (How.PLAIN, "quick")


def test_hidden_tells_nothing() -> None:
    found = lines(Sight.HIDDEN, None)
    assert found["address"] == (How.HIDDEN, "")
    assert found["full_name"] == (How.HIDDEN, "")


def test_erased_answers_are_called_so() -> None:
    assert lines(Sight.MASKED, None)["address"] == (How.ERASED, "")


def test_pages_keep_their_order_and_titles(personal: dict[str, Any]) -> None:
    sheets = read(Plan(parse(RULED)), {}, personal, Sight.PLAIN, language="en", today=NOON.date())
    assert [(sheet.title, len(sheet.lines)) for sheet in sheets] == [("About you", 4), ("", 2)]
