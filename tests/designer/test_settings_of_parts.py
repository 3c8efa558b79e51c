"""What a designer sees of the settings of fields made of parts, and saves untouched, stays as it was."""

from __future__ import annotations

from typing import Any

import pytest

from formsite.definition.document import parse
from formsite.definition.faults import Faulty
from formsite.definition.fieldtypes import registry
from formsite.definition.lines import columns_as_lines, columns_of, rows_of
from formsite.designer import settings
from tests.support.definitions import field, tiny

KINDS = [kind.name for kind in registry.all() if kind.composite]
LEVELS = {"choices": [{"id": "low", "label": {"en": "Low"}}]}
COLUMNS: list[dict[str, Any]] = [
    {
        "id": "level",
        "label": {"en": "Level", "de": "Stufe"},
        "type": "dropdown",
        "settings": LEVELS,
        "compulsory": True,
    },
    {"id": "note", "label": {"en": "Note"}},
]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_settings_that_are_saved_untouched_stay(name: str, language: str) -> None:
    asked = parse(tiny(name)).by_id["asked"]
    held = asked.settings.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    sent = {f"settings.{each.name}": each.value for each in settings.drawn(name, held, language)}
    made, errors = settings.read(name, sent, held, language)
    assert errors == {}
    assert field(name, made).settings == asked.settings


def test_a_column_keeps_its_settings_while_it_keeps_its_type() -> None:
    text = columns_as_lines(COLUMNS, "en")
    assert text == "level | Level | dropdown: Low\nnote | Note"
    assert columns_of(text, "en", COLUMNS) == COLUMNS
    renamed = columns_of("level | Degree | dropdown\n\nnote | Note | rating\nHow long? ", "en", COLUMNS)
    assert renamed[0] == COLUMNS[0] | {"label": {"en": "Degree", "de": "Stufe"}}
    assert renamed[1] == {"id": "note", "label": {"en": "Note"}, "type": "rating"}
    assert renamed[2] == {"id": "how_long", "label": {"en": "How long?"}}
    (plain,) = columns_of("level | Level", "en", COLUMNS)
    assert plain["type"] == "short_text" and "settings" not in plain


def test_choices_of_a_column_are_named_behind_its_type() -> None:
    (level, _) = columns_of("level | Level | dropdown: Low; Rather high\nnote | Note", "en", COLUMNS)
    assert level["compulsory"] is True
    assert level["settings"]["choices"] == [
        {"id": "low", "label": {"en": "Low"}},
        {"id": "rather_high", "label": {"en": "Rather high"}},
    ]
    assert columns_as_lines(COLUMNS, "fr") == "level | | dropdown\nnote |"  # not translated: choices are not touched
    assert columns_of(columns_as_lines(COLUMNS, "fr"), "fr", COLUMNS)[0]["settings"] == LEVELS


def test_a_type_that_no_cell_has_is_told_by_its_place() -> None:
    made = columns_of("a | A | hologram", "en")
    with pytest.raises(Faulty) as refusal:
        field("matrix_mixed", {"columns": made})
    assert [fault.where for fault in refusal.value.faults] == ["/pages/0/items/0/settings/columns/0/type"]


def test_a_dash_in_the_name_of_a_row_becomes_a_low_line() -> None:
    assert [row["id"] for row in rows_of("a-b | A\nC-d", "en")] == ["a_b", "c_d"]
