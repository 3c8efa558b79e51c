"""What is peculiar to each field type: what people type, and what becomes of it."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from formsite.definition.document import Field
from formsite.definition.fieldtypes import Unreadable, Value
from formsite.definition.logic import AnswerType, Operand
from formsite.definition.messages import Message, words
from tests.support.definitions import field

TODAY = date(2026, 5, 17)
OFFERED = [{"id": name, "label": {"en": name.upper(), "de": f"das {name}"}} for name in ("a", "b", "c")]


def read(asked: Field, *typed: str) -> Value | None | str:
    """The answer, or the key of the refusal in brackets."""
    try:
        return asked.kind.parse(list(typed), asked)
    except Unreadable as refusal:
        return f"<{refusal.message.key}>"


def wrong(asked: Field, value: Value) -> list[str]:
    """The keys of what is wrong with an answer."""
    return [message.key for message in asked.kind.check(value, asked, TODAY)]


def places(type_: str, settings: dict[str, Any]) -> list[str]:
    """Where the faults of settings are."""
    asked = field(type_, settings)
    return [fault.where for fault in asked.kind.faults(asked)]


# -- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("  two words ", "two words"),
        ("e\u0301", "é"),
        ("a\tb", "<control_characters>"),
        ("a\nb", "<control_characters>"),
        ("a\x00b", "<control_characters>"),
        ("\ud800", "<control_characters>"),
        ("e" + "\u0301" * 31, "<control_characters>"),
        ("e" + "\u0301" * 30, "é" + "\u0301" * 29),
        ("x" * 2_001, "<too_long>"),
        ("\u200f", None),
        ("0", "0"),
        ("false", "false"),
    ],
)
def test_a_line_of_text(typed: str, answer: str) -> None:
    assert read(field("short_text"), typed) == answer


def test_several_lines_keep_their_ends_as_line_feeds() -> None:
    assert read(field("long_text"), "one\r\ntwo\rthree\n\tfour\n") == "one\ntwo\nthree\n\tfour"


def test_two_answers_to_one_question_are_refused() -> None:
    for type_ in ("short_text", "name", "email", "phone", "number", "date", "yes_no", "rating"):
        assert read(field(type_), "1", "2") == "<one_answer>"


def test_length_is_counted_in_characters() -> None:
    asked = field("short_text", {"min_length": 2, "max_length": 3})
    assert [wrong(asked, text) for text in ("😀", "😀😀", "😀😀😀", "😀😀😀😀")] == [
        ["too_short"],
        [],
        [],
        ["too_long"],
    ]
    assert wrong(field("short_text"), "x" * 500) == []
    assert wrong(field("short_text"), "x" * 501) == ["too_long"]
    assert wrong(field("short_text", {"max_length": 20_000}), "x" * 501) == ["too_long"]
    assert wrong(field("long_text"), "x" * 20_000) == []


def test_bounds_that_leave_no_text_are_faults() -> None:
    assert places("short_text", {"min_length": 5, "max_length": 4}) == ["/settings/min_length"]
    assert places("short_text", {"min_length": 501}) == ["/settings/min_length"]
    assert places("long_text", {"min_length": 501}) == []


def test_a_name_is_masked_to_initials() -> None:
    asked = field("name")
    assert asked.kind.mask("Ada King Lovelace", asked) == "A••• K••• L•••"
    assert asked.kind.input(asked, "en")["autocomplete"] == "name"


# -- contact ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (" Name@Example.ORG ", "Name@example.org"),
        ("ü@müller.de", "ü@müller.de"),
        ("ü@xn--mller-kva.de", "ü@müller.de"),
        ("name@example", "<email>"),
        ("name@test", "<email>"),
        ("name@localhost", "<email>"),
        ("name@[127.0.0.1]", "<email>"),
        ('"a b"@example.org', "<email>"),
        ("Ada <ada@example.org>", "<email>"),
        ("a@example.org, b@example.org", "<email>"),
        ("a@example.org\nBcc: b@example.org", "<control_characters>"),
        ("\u202ea@example.org", "a@example.org"),
        ("a" * 242 + "@example.org", "a" * 242 + "@example.org"),
        ("a" * 243 + "@example.org", "<email>"),
        ("a@" + "b." * 130 + "org", "<email>"),
        ("", None),
    ],
)
def test_an_address_is_normalised_or_refused(typed: str, answer: str | None) -> None:
    assert read(field("email"), typed) == answer


def test_an_address_is_masked_to_first_letters() -> None:
    asked = field("email")
    assert asked.kind.mask("jane.doe@example.org", asked) == "j•••@e•••.org"
    assert asked.kind.input(asked, "en")["type"] == "email"


@pytest.mark.parametrize(
    ("country", "typed", "answer"),
    [
        ("GB", "020 7946 0018", "+442079460018"),
        ("GB", "(0)20 7946-0018", "+442079460018"),
        ("GB", "+49 30 123456", "+4930123456"),
        ("DE", "030 123456", "+4930123456"),
        ("DE", "0049 30 123456", "+4930123456"),
        ("EG", "٠٢ ٢٧٣٦ ٥٠٠٠", "+20227365000"),
        ("IT", "06 698 12345", "+390669812345"),
        ("GB", "12", "<phone>"),
        ("GB", "not a number", "<phone>"),
        ("GB", "020 7946 0018 ext. 5", "<phone>"),
        ("DE", "000101", "<phone>"),
        ("GB", "+999 12345678", "<phone>"),
        ("GB", "1" * 200, "<too_long>"),
        ("GB", " ", None),
    ],
)
def test_a_phone_number_is_kept_in_one_form(country: str, typed: str, answer: str | None) -> None:
    assert read(field("phone", {"country": country}), typed) == answer


def test_a_phone_number_is_shown_internationally_and_masked_to_two_digits() -> None:
    asked = field("phone")
    assert asked.kind.text("+442079460018", asked, "en") == "+44 20 7946 0018"
    assert asked.kind.mask("+442079460018", asked) == "••• 18"


def test_a_country_that_there_is_not_is_a_fault() -> None:
    assert places("phone", {"country": "XX"}) == ["/settings/country"]
    assert places("phone", {"country": "EG"}) == []


@given(st.text(max_size=40) | st.from_regex(r"\+?[0-9 ()/.-]{3,20}", fullmatch=True))
def test_a_phone_number_never_becomes_another(typed: str) -> None:
    asked = field("phone", {"country": "DE"})
    answer = read(asked, typed)
    if answer is not None and not str(answer).startswith("<"):
        assert read(asked, str(answer)) == answer


# -- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decimals", "typed", "answer"),
    [
        (0, "0", 0),
        (0, "-0", 0),
        (0, "007", 7),
        (0, " 42 ", 42),
        (0, "+5", 5),
        (0, "\u22125", -5),
        (0, "1 234", 1234),
        (0, "1\u202f234\u00a0567", 1234567),
        (0, "1'234", 1234),
        (0, "1’234’567", 1234567),
        (0, "1,234,567", 1234567),
        (0, "1.234.567", 1234567),
        (0, "٤٢", 42),
        (0, "１２", 12),
        (0, "5.0", 5),
        (0, "5.", 5),
        (2, "2,50", 2.5),
        (2, ".5", 0.5),
        (2, "1,234.56", 1234.56),
        (2, "1.234,56", 1234.56),
        (2, "٣٫٥", 3.5),
        (2, "0.125", 0.125),
        (0, "1,234", "<number_marks>"),
        (2, "1.234", "<number_marks>"),
        (2, "-1.234", "<number_marks>"),
        (3, "1.234", 1.234),
        (3, "1,234", "<number_marks>"),
        (2, "1234.567", 1234.567),
        (0, "1,23,456", "<number>"),
        (0, "1.2.3", "<number>"),
        (0, "1,234.567.890", "<number>"),
        (0, "12 34x", "<number>"),
        (0, "1e5", "<number>"),
        (0, "1e400", "<number>"),
        (0, "NaN", "<number>"),
        (0, "inf", "<number>"),
        (0, "0x10", "<number>"),
        (0, "1_000", "<number>"),
        (0, "--5", "<number>"),
        (0, "²", "<number>"),
        (0, "½", "<number>"),
        (0, "5\n6", "<number>"),
        (0, "0,125,000", "<number>"),
        (0, "9" * 61, "<number>"),
        (0, "9" * 60, "<number_too_large>"),
        (0, "9007199254740991", 9007199254740991),
        (0, "9007199254740992", "<number_too_large>"),
        (0, "", None),
    ],
)
def test_numbers_as_people_type_them(decimals: int, typed: str, answer: Value | None) -> None:
    found = read(field("number", {"decimals": decimals}), typed)
    assert found == answer and type(found) is type(answer)


def test_numbers_keep_within_their_bounds_and_decimals() -> None:
    asked = field("number", {"min": 0, "max": 10, "decimals": 1})
    assert [wrong(asked, value) for value in (-0.1, 0, 9.9, 10, 10.1)] == [
        ["number_least"],
        [],
        [],
        [],
        ["number_most"],
    ]
    assert wrong(asked, 0.25) == ["decimals"]
    assert wrong(field("number"), 0.5) == ["whole_number"]


def test_a_bound_of_nought_is_a_bound() -> None:
    assert wrong(field("number", {"min": 0}), -1) == ["number_least"]
    assert wrong(field("number", {"max": 0}), 1) == ["number_most"]


def test_a_number_is_said_with_its_unit() -> None:
    asked = field("number", {"decimals": 2, "unit": {"en": "kg"}})
    assert asked.kind.text(2.5, asked, "en") == "2.5 kg"
    assert asked.kind.cells(2.5, asked, "en") == (2.5,)


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"min": 2, "max": 1}, ["/settings/max"]),
        ({"min": 0.2, "max": 0.8}, ["/settings/max"]),
        ({"min": 0.2, "max": 0.8, "decimals": 1}, []),
        ({"min": 1, "max": 1}, []),
        ({"min": 5}, []),
    ],
)
def test_bounds_that_leave_no_number_are_faults(settings: dict[str, Any], where: list[str]) -> None:
    assert places("number", settings) == where


def test_numbers_are_summed_up() -> None:
    asked = field("number")
    summary = asked.kind.summary([0, 1, 5], asked, "en")
    assert summary.figures == (("mean", 2.0), ("median", 1.0), ("least", 0.0), ("greatest", 5.0))


@given(st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e9, 1e9).map(lambda number: round(number, 9)))
def test_every_number_is_read_back(number: float) -> None:
    asked = field("number", {"decimals": 9})
    value = asked.kind.load(number, asked)
    assert value is not None
    if not wrong(asked, value):
        assert read(asked, *asked.kind.typed(value, asked)) == value


# -- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (" 2026-01-31 ", "2026-01-31"),
        ("2024-02-29", "2024-02-29"),
        ("2026-02-29", "<date>"),
        ("31/01/2026", "<date>"),
        ("20260131", "<date>"),
        ("2026-W05-6", "<date>"),
        ("0000-01-01", "<date>"),
        ("10000-01-01", "<date>"),
        ("٢٠٢٦-٠١-٣١", "2026-01-31"),
        ("\u200f2026-01-31\u200e", "2026-01-31"),
        ("2026-01-31T00:00", "<date>"),
        ("", None),
    ],
)
def test_a_day_is_one_iso_field(typed: str, answer: str | None) -> None:
    assert read(field("date"), typed) == answer


def test_days_keep_within_their_bounds() -> None:
    asked = field("date", {"earliest": "2026-05-01", "latest": "today"})
    days = ("2026-04-30", "2026-05-01", "2026-05-17", "2026-05-18")
    assert [wrong(asked, day) for day in days] == [["date_earliest"], [], [], ["date_latest"]]
    assert asked.kind.check("2026-05-18", asked, TODAY)[0].params["day"] == "2026-05-17"
    assert asked.kind.check("2026-05-18", asked, date(2026, 5, 18)) == []
    assert asked.kind.input(asked, "en") == {"type": "date", "min": "2026-05-01"}


def test_bounds_that_leave_no_day_are_faults() -> None:
    assert places("date", {"earliest": "2026-05-02", "latest": "2026-05-01"}) == ["/settings/latest"]
    assert places("date", {"earliest": "today", "latest": "2026-05-01"}) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "May 17, 2026"),
        ("en-GB", "17 May 2026"),
        ("de", "17. Mai 2026"),
        ("xx", "2026-05-17"),
        ("../x", "2026-05-17"),
    ],
)
def test_a_day_is_said_in_the_words_of_the_language(language: str, words: str) -> None:
    asked = field("date")
    assert asked.kind.text("2026-05-17", asked, language) == words
    assert asked.kind.cells("2026-05-17", asked, language) == ("2026-05-17",)


# -- choices ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", ["single_choice", "dropdown"])
def test_one_choice(type_: str) -> None:
    asked = field(type_, {"choices": OFFERED})
    assert read(asked, "a") == "a"
    assert read(asked, "") is None
    assert read(asked, "A") == read(asked, " a") == read(asked, "other") == "<not_a_choice>"
    assert read(asked, "a", "b") == "<one_answer>"
    assert asked.kind.text("b", asked, "de") == "das b"
    assert asked.kind.operand(asked) == Operand(AnswerType.CHOICE, ("a", "b", "c"))


def test_several_choices_are_kept_once_and_in_their_order() -> None:
    asked = field("several_choices", {"choices": OFFERED})
    assert read(asked, "c", "a", "c") == ["a", "c"]
    assert read(asked, "", "b") == ["b"]
    assert read(asked, "a", "other") == "<not_a_choice>"
    assert asked.kind.text(["a", "c"], asked, "en") == "A, C"
    assert [column.name for column in asked.kind.columns(asked, "en")] == ["asked", "asked:a", "asked:b", "asked:c"]
    assert asked.kind.cells(["a", "c"], asked, "en") == ("A; C", 1, 0, 1)
    assert asked.kind.cells(None, asked, "en") == (None,) * 4
    summary = asked.kind.summary([["a"], ["a", "c"]], asked, "en")
    assert summary.answered == 2 and summary.counts == (("A", 2), ("B", 0), ("C", 1))


def test_several_choices_may_be_bounded() -> None:
    asked = field("several_choices", {"choices": OFFERED, "min_choices": 2, "max_choices": 2})
    assert [wrong(asked, OFFERED_IDS[:n]) for n in (1, 2, 3)] == [["choices_least"], [], ["choices_most"]]
    assert places("several_choices", {"choices": OFFERED, "min_choices": 4}) == ["/settings/min_choices"]
    assert places("several_choices", {"choices": OFFERED, "min_choices": 2, "max_choices": 1}) == [
        "/settings/min_choices"
    ]


OFFERED_IDS: list[str] = ["a", "b", "c"]


@pytest.mark.parametrize("type_", ["single_choice", "several_choices", "dropdown"])
def test_nothing_to_choose_is_a_fault_and_needs_no_answer(type_: str) -> None:
    assert places(type_, {}) == ["/settings/choices"]
    asked = field(type_)
    assert read(asked, "") is None and read(asked, "a") == "<not_a_choice>"


def test_yes_and_no_are_said_in_the_language() -> None:
    asked = field("yes_no")
    assert [asked.kind.text(value, asked, "de") for value in (True, False)] == ["Ja", "Nein"]
    assert read(asked, "true") is True and read(asked, "false") is False
    assert read(asked, "yes") == read(asked, "1") == read(asked, "True") == "<not_a_choice>"
    assert asked.kind.summary([True, False, True], asked, "en").counts == (("Yes", 2), ("No", 1))


def test_a_rating_is_a_number_of_its_scale() -> None:
    asked = field("rating", {"from": 0, "to": 10})
    assert read(asked, "0") == 0 and read(asked, "10") == 10
    assert read(asked, "11") == read(asked, "-1") == read(asked, "5.0") == read(asked, "٥") == "<not_a_choice>"
    assert asked.kind.load(5.0, asked) == 5
    summary = asked.kind.summary([0, 10], asked, "en")
    assert summary.counts[0] == ("0", 1) and len(summary.counts) == 11 and summary.figures == (("mean", 5.0),)
    assert read(field("rating"), "0") == "<not_a_choice>"


def test_a_statement_asks_nothing() -> None:
    asked = field("statement", {"body": {"en": "Read *this*."}})
    assert not asked.kind.holds_answer
    assert read(asked, "x") is None and asked.kind.load("x", asked) is None
    assert asked.kind.columns(asked, "en") == asked.kind.cells(None, asked, "en") == ()
    assert asked.kind.operand(asked) == Operand(AnswerType.NOTHING)
    with pytest.raises(LookupError):
        asked.kind.sample(asked, random.Random(1))


def test_free_text_is_masked_whole_and_only_counted() -> None:
    for type_ in ("short_text", "long_text", "number", "date"):
        assert field(type_).kind.mask("2026-01-01", field(type_)) == "••••••"
    asked = field("short_text")
    summary = asked.kind.summary(["secret", "words"], asked, "en")
    assert (summary.answered, summary.counts, summary.figures) == (2, (), ())


def test_a_phone_number_may_have_to_be_of_some_countries() -> None:
    asked = field("phone", {"country": "DE", "countries": ["DE", "AT"]})
    number = asked.kind.parse(["030 123456"], asked)
    assert number == "+4930123456" and asked.kind.check(number, asked, TODAY) == []
    [refusal] = asked.kind.check("+442079460018", asked, TODAY)
    said = {tag: words(tag).say(Message(refusal.key, {**refusal.params, "label": "Tel"})) for tag in ("en", "ar")}
    assert said["en"] == "“Tel”: enter a number from one of these countries: Germany, Austria"
    assert "ألمانيا، النمسا" in said["ar"]


def test_a_phone_number_says_where_its_country_code_is_needed() -> None:
    def told(*countries: str) -> str:
        asked = field("phone", {"country": "DE", "countries": list(countries)})
        return asked.kind.help(asked, "de")

    assert told().startswith("Nummern von außerhalb (Deutschland)") and told("DE", "AT") and told("DE") == ""


@pytest.mark.parametrize("settings", [{"country": "ZZ"}, {"countries": ["DE", "QQ"]}])
def test_a_phone_number_of_no_country_is_a_fault(settings: dict[str, Any]) -> None:
    asked = field("phone", settings)
    assert [fault.where for fault in asked.kind.faults(asked)] == [f"/settings/{next(iter(settings))}"]


@pytest.mark.parametrize(
    ("type_", "settings", "typed", "value"),
    [
        ("number", {"unit": {"en": "kg", "de": "Kilo"}}, "5 kg", 5),
        ("number", {"unit": {"en": "kg", "de": "Kilo"}}, "5 kilo", 5),
        ("number", {"unit": {"en": "%"}}, "50%", 50),
        ("number", {"unit": {"en": "5"}}, "15", 15),
        ("number", {"unit": {"en": "kg"}}, "5 g", "<number>"),
        ("number", {"unit": {"en": "kg"}}, "kg", "<number>"),
        ("currency", {"currency": "EUR"}, "€ 1.234,50", 1234.5),
        ("currency", {"currency": "EUR"}, "5 eur", 5),
        ("currency", {"currency": "EUR"}, "5 $", "<number>"),
        ("slider", {"unit": {"en": "%"}}, "50 %", 50),
    ],
)
def test_the_unit_may_be_written_with_the_number(
    type_: str, settings: dict[str, Any], typed: str, value: object
) -> None:
    assert read(field(type_, settings), typed) == value
