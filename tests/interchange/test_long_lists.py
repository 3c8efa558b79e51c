"""A list longer than a page can draw comes in as one that is found by typing, and goes out again."""

from __future__ import annotations

import pytest

from formsite.interchange import files
from formsite.interchange.xlsform import kinds
from tests.interchange.xlsform_books import choices, read, row, told

AREAS = choices("area", "north", "south")
SHOPS = choices("shop", "a", "b", "c", "d", area=("north", "south", "north", "south"))
SURVEY = [row("select_one area", "area"), row("select_one shop", "shop", choice_filter="area=${area}")]


def test_it_is_looked_up_and_keeps_its_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MOST_CHOICES", 3)
    imported = read(SURVEY, choices=[*AREAS, *SHOPS])
    assert imported.losses == () and imported.definition.by_id["shop"].type == "list_choice"
    assert told(imported, {"area": "north", "shop": "a"})["errors"] == {}
    content, lost = files.write(imported.definition, "xlsform", "shops")
    assert lost == ()
    again = files.read(content, "shops.xlsx")
    assert again.definition.by_id["shop"].type == "list_choice"
    for shop in ("a", "b"):
        answers = {"area": "north", "shop": shop}
        assert told(again, answers) == told(imported, answers)


def test_several_of_very_many_are_still_too_many() -> None:
    many = choices("c", *(f"c{number}" for number in range(2_001)))
    [loss] = read([row("select_multiple c", "several")], choices=many).losses
    assert "2001 choices are too many" in loss.why
