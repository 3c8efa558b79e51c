"""Files are answers by the id of their upload, and what is not taken is said; places are read as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from formsite.definition.checks import faults
from formsite.definition.document import parse
from formsite.definition.fieldtypes import Unreadable
from formsite.definition.fieldtypes.files import SAID, refused
from formsite.definition.messages import languages, render
from tests.support.definitions import field, form

ONE, TWO = "0192abcd-0192-7abc-8abc-0192abcd0192", "0192abcd-0192-7abc-8abc-0192abcd0193"


def key(asked: Any, raw: list[str]) -> str:
    with pytest.raises(Unreadable) as refusal:
        asked.kind.parse(raw, asked)
    return refusal.value.message.key


def test_a_file_is_the_id_of_its_upload() -> None:
    one, several = field("file"), field("file", {"most_files": 2})
    assert one.kind.parse([ONE], one) == ONE
    assert one.kind.parse(["", ONE, ONE], one) == ONE
    assert key(one, [ONE, TWO]) == "files_many"
    assert several.kind.parse([ONE, TWO, ONE], several) == [ONE, TWO]
    assert several.kind.parse([""], several) is None
    assert [m.key for m in several.kind.check([ONE, TWO, ONE], several, None)] == ["files_many"]
    assert key(one, ["../../etc/passwd"]) == key(one, [ONE.upper()]) == key(several, [ONE, "x"]) == "file_gone"


@pytest.mark.parametrize("why", SAID)
def test_why_a_file_is_not_taken_is_said_in_every_language(why: str) -> None:
    asked = field("file", {"types": ["pdf", "sheet"], "max_megabytes": 7})
    with pytest.raises(Unreadable) as refusal:
        asked.kind.parse([ONE, refused(why, "<b>{n}</b>\x00\u202ecod.exe")], asked)
    for language in languages():
        said = render(refusal.value.message, language)
        assert "<b>{n}</b>" in said  # as text; it is escaped where it is drawn
        assert "\x00" not in said
        assert "PDF" in said or why != "file_kind"
        assert "7" in said or why != "file_large"


@pytest.mark.parametrize("mark", ["!", "!nothing?name=x", "!file_kind", "!compulsory?x", "!own?text=hello"])
def test_a_mark_that_a_stranger_writes_says_nothing_of_his(mark: str) -> None:
    asked = field("file")
    assert key(asked, [mark]) in ("file_gone", "file_kind")


def test_marks_do_not_come_in_as_json() -> None:
    for kind in ("file", "photo"):
        asked = field(kind)
        with pytest.raises(Unreadable):
            asked.kind.load(refused("file_kind", "x"), asked)


def test_a_signature_is_drawn_or_typed() -> None:
    asked = field("signature")
    assert asked.kind.parse([" Joy  Silva "], asked) == "Joy  Silva"
    assert asked.kind.parse(["Joy Silva", ONE], asked) == ONE
    assert asked.kind.parse(["", ""], asked) is None
    assert asked.kind.text(ONE, asked, "en") == "Signed"
    assert asked.kind.text("Joy Silva", asked, "de") == "Joy Silva"
    assert key(asked, [ONE, TWO]) == "files_many"
    assert key(asked, [refused("picture_broken", "x.png")]) == "picture_broken"
    assert key(asked, ["Joy", "Silva"]) == "one_answer"


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({}, False),
        ({"types": []}, True),
        ({"max_megabytes": 30, "most_files": 3}, False),
        ({"max_megabytes": 30, "most_files": 4}, True),
    ],
)
def test_more_than_a_page_can_carry_is_a_fault(settings: dict[str, Any], wrong: bool) -> None:
    item = {"id": "asked", "type": "file", "label": {"en": "Asked"}, "personal": True, "settings": settings}
    assert bool(faults(parse(form(item)))) is wrong


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("48.1372, 11.5756", "48.1372,11.5756"),
        ("48.1372,11.5756", "48.1372,11.5756"),
        ("48,1372; 11,5756", "48.1372,11.5756"),
        ("48,1372, 11,5756", "48.1372,11.5756"),
        ("48,1372 11,5756", "48.1372,11.5756"),
        ("48.1372 11.5756", "48.1372,11.5756"),
        ("-33.8688, +151.2093", "-33.8688,151.2093"),
        ("33.8688° S, 151.2093° E", "-33.8688,151.2093"),
        ("33.8688S 151.2093W", "-33.8688,-151.2093"),
        ("48° 8′ 14″ N 11° 34′ 32″ E", "48.137222,11.575556"),
        ("48°8'14\"n, 11°34'32\"e", "48.137222,11.575556"),
        ("0, -0", "0,0"),
        ("90, 180", "90,180"),
        ("−90; −180", "-90,-180"),
        ("1.0000000004, 2", "1,2"),
    ],
)
def test_places_are_read_as_people_write_them(typed: str, stored: str) -> None:
    asked = field("location")
    assert asked.kind.parse([typed], asked) == stored


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Munich", "place"),
        ("48", "place"),
        ("48, 11, 5", "place"),
        ("48,1372,11,5756", "place"),
        ("48 N, 11 N", "place"),
        ("-48 S, 11 E", "place"),
        ("48° 61' N, 11 E", "place"),
        ("1e1, 2", "place"),
        ("nan, nan", "place"),
        ("9" * 1_000_000, "place"),
        ("90.1, 0", "place_range"),
        ("0, 180.01", "place_range"),
        ("-91, 0", "place_range"),
    ],
)
def test_what_is_no_place_is_said(typed: str, why: str) -> None:
    assert key(field("location"), [typed]) == why


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_place_stays_where_it_is(latitude: float, longitude: float) -> None:
    asked = field("location")
    stored = asked.kind.parse([f"{latitude:.12f}, {longitude:.12f}"], asked)
    assert asked.kind.load(stored, asked) == stored
    assert asked.kind.cells(stored, asked, "en") == pytest.approx((latitude, longitude), abs=1e-6)
