"""What cannot be seen is no answer, and does not spoil one; digits are digits in every script."""

from __future__ import annotations

from datetime import date

import pytest

from formsite.definition.document import parse
from formsite.definition.flow import Plan
from tests.support.definitions import field, form

PROSE = ["short_text", "long_text", "name", "pattern_text", "signature", "hidden"]


@pytest.mark.parametrize("type_", PROSE)
@pytest.mark.parametrize(
    "text", ["\u200b", "\u202e", "\ufeff \u2060", "\u00ad\u00a0", "\u3164", "\u2800\u200d"], ids=ascii
)
def test_what_nobody_could_read_is_no_answer(type_: str, text: str) -> None:
    asked = field(type_, {"pattern": ".*", "example": "x"} if type_ == "pattern_text" else None)
    assert asked.kind.parse([text], asked) is None and asked.kind.load(text, asked) is None


def test_it_does_not_answer_a_compulsory_question() -> None:
    item = {"id": "name", "type": "name", "label": {"en": "Name"}, "compulsory": True}
    taken = Plan(parse(form(item))).take(
        "the_page", {"name": ["\u200b"]}, {}, asked=(), language="en", today=date(2026, 1, 1)
    )
    assert [message.key for message in taken.errors["name"]] == ["missing_name"]


@pytest.mark.parametrize(
    "text", ["👩\u200d👩\u200d👧", "می\u200cخواهم", "\u2067שלום\u2069", "e\u0301".replace("e\u0301", "é")]
)
def test_what_joins_and_turns_letters_stays_in_prose(text: str) -> None:
    for type_ in ("short_text", "long_text", "name"):
        asked = field(type_)
        assert asked.kind.parse([text], asked) == text


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("short_text", "invoice\u202efdp.exe", "invoicefdp.exe"),
        ("name", "one\u2028two", "one two"),
        ("long_text", "one\u2029two", "one\ntwo"),
        ("email", "\u200fname@example.org\u200e", "name@example.org"),
        ("phone", "\u202a+44 20 7946 0018\u202c", "+442079460018"),
        ("url", "https://example.org/\u200b", "https://example.org/"),
        ("number", "\u200f١٢\u200e", 12),
        ("time", "٠٩:٣٠", "09:30"),
        ("date_time", "٢٠٢٦-٠١-٣١ ٠٩:٣٠", "2026-01-31T09:30"),
        ("month", "۲۰۲۶-۰۱", "2026-01"),
        ("location", "٤٨, ١١", "48,11"),
        ("colour", "#١٢٣456", "#123456"),
    ],
)
def test_what_comes_along_where_people_copy_does_no_harm(type_: str, text: str, value: object) -> None:
    asked = field(type_)
    assert asked.kind.parse([text], asked) == value
