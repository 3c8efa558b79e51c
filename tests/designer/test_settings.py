"""Every setting of every type can be typed: what is drawn and sent back untouched is what was held."""

from __future__ import annotations

from typing import Any

import pytest

from formsite.definition.document import parse
from formsite.definition.fieldtypes import FieldType, registry
from formsite.designer import settings
from tests.support.definitions import tiny

CARRIED = {"field": "brands", "which": "unchosen"}


def back(name: str, held: dict[str, Any]) -> dict[str, Any]:
    """What the controls send back."""
    sent = {f"settings.{drawn.name}": drawn.value for drawn in settings.drawn(name, held, "en")}
    made, errors = settings.read(name, sent, held, "en")
    assert errors == {}
    return made


def whole(kind: FieldType, held: dict[str, Any]) -> Any:
    return kind.Settings.model_validate(held)


@pytest.mark.parametrize("kind", registry.all(), ids=registry.names())
def test_settings_come_back_as_they_were(kind: FieldType) -> None:
    own = parse(tiny(kind.name)).by_id["asked"].settings.model_dump(mode="json", by_alias=True, exclude_none=True)
    for held in ({}, own):
        assert whole(kind, back(kind.name, held)) == whole(kind, held)


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("single_choice", {"choices_from": CARRIED, "random": True, "comment": True, "other_compulsory": True}),
        ("several_choices", {"choices_from": {"field": "brands"}, "comments": True}),
        ("country", {"countries": ["DE", "AT"]}),
        ("rating", {"look": "faces", "from": 0}),
        ("currency", {"currency": "JPY", "min": -5}),
        ("slider", {"step": 0.25}),
        ("date_time", {"earliest": "2026-01-01T10:00", "latest": "today"}),
        (
            "pattern_text",
            {"mask": "99\\9", "pattern": "[0-9]+", "example": "129", "message": {"en": "So", "de": "Eben"}},
        ),
        ("media", {"picture": "a" * 64 + ".png", "alt": {"en": "A"}, "link": "https://example.org"}),
    ],
)
def test_what_is_set_stays_set(name: str, held: dict[str, Any]) -> None:
    kind = registry.get(name)
    assert whole(kind, back(name, held)) == whole(kind, held) != whole(kind, {})
