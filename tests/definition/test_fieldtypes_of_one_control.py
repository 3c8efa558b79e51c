"""What is peculiar to the types that are one control: what people type, what becomes of it, and what is refused."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from babel import Locale
from hypothesis import given, strategies as st

from formsite.definition.document import parse
from formsite.definition.faults import Faulty
from formsite.definition.fieldtypes import patterns
from formsite.definition.fieldtypes.countries import CODES, named
from formsite.definition.flow import Plan
from formsite.definition.messages import render
from tests.definition.test_fieldtypes import places, read, wrong
from tests.support.definitions import field, form

TODAY = date(2026, 5, 17)
ABC = [{"id": name, "label": {"en": name.upper()}} for name in ("a", "b", "c")]


def said(asked: Any, value: Any, language: str = "en") -> list[str]:
    """What is wrong with an answer, in words."""
    return [render(message, language) for message in asked.kind.check(value, asked, TODAY)]


# -- addresses of the web ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("example.org", "https://example.org"),
        (" WWW.Example.org/Path?A=b#C ", "https://www.example.org/Path?A=b#C"),
        ("HTTP://example.org", "http://example.org"),
        ("example.org:8080/x", "https://example.org:8080/x"),
        ("https://müller.example/straße", "https://müller.example/straße"),
        ("ftp://example.org", "<url>"),
        ("javascript:alert(1)", "<url>"),
        ("data:text/html,x", "<url>"),
        ("https://name:word@example.org", "<url>"),
        ("https://example", "<url>"),
        ("https://example..org", "<url>"),
        ("https://-a.org", "<url>"),
        ("https://example.org:99999", "<url>"),
        ("https://[::1", "<url>"),
        ("two words.org", "<url>"),
        ('https://example.org/"onload', "<url>"),
        ("https://", "<url>"),
        ("x" * 9_000 + ".org", "<too_long>"),
    ],
)
def test_a_web_address_is_one_with_a_host_and_without_a_password(typed: str, answer: str) -> None:
    assert read(field("url"), typed) == answer


# -- times, moments and months -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("9:30", "09:30"),
        ("09.30", "09:30"),
        ("9:30 pm", "21:30"),
        ("12:05 a.m.", "00:05"),
        ("12:05PM", "12:05"),
        ("23:59:00", "23:59"),
        ("23:59:00.000", "23:59"),
        ("24:00", "<time>"),
        ("13:00 pm", "<time>"),
        ("09:60", "<time>"),
        ("09:30:15", "<time>"),
        ("930", "<time>"),
        ("٠٩:٣٠", "09:30"),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, answer: str) -> None:
    assert read(field("time"), typed) == answer


@given(st.times())
def test_every_time_of_day_is_a_time(at: Any) -> None:
    assert read(field("time"), f"{at:%H:%M}") == f"{at:%H:%M}"
    assert read(field("time"), f"{at:%I:%M %p}") == f"{at:%H:%M}"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("2026-01-31T09:30", "2026-01-31T09:30"),
        ("2026-01-31 9:30", "2026-01-31T09:30"),
        ("2024-02-29t23:59:00", "2024-02-29T23:59"),
        ("2026-02-29T09:30", "<date_time>"),
        ("2026-01-31", "<date_time>"),
        ("2026-01-31T09:30Z", "<date_time>"),
        ("2026-01-31T09:30+02:00", "<date_time>"),
    ],
)
def test_a_moment_has_a_day_and_a_time_and_no_zone(typed: str, answer: str) -> None:
    assert read(field("date_time"), typed) == answer


@pytest.mark.parametrize(("typed", "answer"), [("2026-12", "2026-12"), ("2026-13", "<month>"), ("0000-01", "<month>")])
def test_a_month(typed: str, answer: str) -> None:
    assert read(field("month"), typed) == answer


@pytest.mark.parametrize(
    ("type_", "settings", "early", "good", "late"),
    [
        ("time", {"earliest": "09:00", "latest": "17:00"}, "08:59", ["09:00", "17:00"], "17:01"),
        (
            "date_time",
            {"earliest": "2026-05-01", "latest": "today"},
            "2026-04-30T23:59",
            ["2026-05-01T00:00", "2026-05-17T23:59"],
            "2026-05-18T00:00",
        ),
        (
            "date_time",
            {"earliest": "2026-05-01T10:00", "latest": "2026-05-01T11:00"},
            "2026-05-01T09:59",
            ["2026-05-01T10:00", "2026-05-01T11:00"],
            "2026-05-01T11:01",
        ),
        ("month", {"earliest": "2026-01", "latest": "today"}, "2025-12", ["2026-01", "2026-05"], "2026-06"),
    ],
)
def test_bounds_are_inclusive(type_: str, settings: dict[str, str], early: str, good: list[str], late: str) -> None:
    asked = field(type_, settings)
    assert wrong(asked, early) == [f"{type_}_earliest"]
    assert [wrong(asked, value) for value in good] == [[], []]
    assert wrong(asked, late) == [f"{type_}_latest"]
    assert early.replace("T", " ") not in said(asked, early)[0]


@pytest.mark.parametrize(
    ("type_", "settings"),
    [
        ("time", {"earliest": "12:00", "latest": "11:59"}),
        ("date_time", {"earliest": "2026-01-02", "latest": "2026-01-01T10:00"}),
        ("month", {"earliest": "2026-02", "latest": "2026-01"}),
    ],
)
def test_bounds_that_leave_nothing_are_a_fault(type_: str, settings: dict[str, str]) -> None:
    assert places(type_, settings) == ["/settings/latest"]


@pytest.mark.parametrize(
    ("type_", "bound"),
    [("time", "25:00"), ("time", "today"), ("date_time", "2026-02-30"), ("date_time", "now"), ("month", "2026-1")],
)
def test_a_bound_that_cannot_be_read_is_refused(type_: str, bound: str) -> None:
    with pytest.raises(Faulty) as refusal:
        field(type_, {"earliest": bound})
    assert [fault.where for fault in refusal.value.faults] == ["/pages/0/items/0/settings/earliest"]


def test_times_are_said_as_the_language_says_them() -> None:
    def text(type_: str, value: str, language: str) -> str:
        return field(type_).kind.text(value, field(type_), language).replace("\u202f", " ")

    assert text("time", "21:30", "en") == "9:30 PM" and text("time", "21:30", "de") == "21:30"
    assert text("date_time", "2026-01-31T21:30", "de") == "31. Januar 2026, 21:30"
    assert text("date_time", "2026-01-31T21:30", "xx") == "2026-01-31 21:30"
    assert text("month", "2026-01", "fr") == "janvier 2026"


# -- amounts and sliders -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("currency", "typed", "answer"),
    [("EUR", "12,50", 12.5), ("EUR", "1.234,50", 1234.5), ("JPY", "500", 500), ("KWD", "1.234", 1.234)],
)
def test_an_amount_is_a_number_with_the_decimals_of_its_currency(currency: str, typed: str, answer: float) -> None:
    asked = field("currency", {"currency": currency})
    assert read(asked, typed) == answer and wrong(asked, answer) == []


def test_an_amount_keeps_to_its_currency() -> None:
    assert wrong(field("currency"), 1.234) == ["decimals"]
    assert wrong(field("currency", {"currency": "JPY"}), 1.5) == ["whole_number"]
    assert wrong(field("currency"), -1) == ["number_least"]
    assert wrong(field("currency", {"min": -5}), -1) == []
    assert places("currency", {"currency": "XQQ"}) == ["/settings/currency"]
    assert field("currency").kind.text(1234.5, field("currency"), "de") == "1.234,50\xa0€"


@pytest.mark.parametrize(
    ("settings", "good", "bad"),
    [
        ({"min": 0, "max": 10, "step": 0.1}, [0.1, 0.3, 0.7, 9.9], [0.15]),
        ({"min": 1, "max": 9, "step": 2}, [1, 3, 9], [2, 0, 10, 11]),
        ({"min": -1, "max": 1, "step": 0.25}, [-0.75, 0, 0.5], [0.1]),
    ],
)
def test_a_slider_stands_on_its_steps(settings: dict[str, float], good: list[float], bad: list[float]) -> None:
    """In decimal arithmetic: 0.3 is a step of 0.1, though 0.1 + 0.1 + 0.1 is not 0.3 to a computer."""
    asked = field("slider", settings)
    assert [wrong(asked, value) for value in good] == [[] for _ in good]
    assert all(wrong(asked, value) for value in bad)


def test_a_slider_without_steps_is_a_fault() -> None:
    assert places("slider", {"min": 5, "max": 5}) == ["/settings/max"]
    assert places("slider", {"step": 0.001}) == ["/settings/step"]
    for step in (0, -1):
        with pytest.raises(Faulty):
            field("slider", {"step": step})


# -- scales ------------------------------------------------------------------------------------------------------------
def test_the_score_is_the_share_of_promoters_less_that_of_detractors() -> None:
    asked = field("nps")
    figures = dict(asked.kind.summary([10, 9, 9, 8, 7, 6, 0, 10], asked, "en").figures)
    assert figures == {"promoters": 4, "passives": 2, "detractors": 2, "score": 25.0, "mean": 59 / 8}
    assert asked.kind.summary([], asked, "en").figures == ()


@given(st.lists(st.integers(0, 10), min_size=1))
def test_promoters_passives_and_detractors_are_everybody(given_: list[int]) -> None:
    figures = dict(field("nps").kind.summary(given_, field("nps"), "en").figures)
    assert figures["promoters"] + figures["passives"] + figures["detractors"] == len(given_)
    assert -100 <= figures["score"] <= 100


def test_satisfaction_and_effort_are_shares() -> None:
    assert dict(field("csat").kind.summary([5, 4, 3, 1], field("csat"), "en").figures)["satisfied"] == 50
    assert dict(field("ces").kind.summary([7, 5, 4, 1], field("ces"), "en").figures)["agreed"] == 50
    assert read(field("csat"), "0") == read(field("ces"), "8") == "<not_a_choice>"


# -- patterns ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mask", "good", "bad"),
    [
        ("99-aa-****", ["12-äB-x9-z"], ["1-ab-cdef", "12-a1-cdef", "12-ab-cdef5", "x12-ab-cdef"]),
        (r"\9.9", ["9.5"], ["8.5", "9x5"]),
        ("(99)", ["(12)"], ["12"]),
        ("9\\", ["1\\"], ["1"]),
    ],
)
def test_a_mask_stands_for_a_whole_text(mask: str, good: list[str], bad: list[str]) -> None:
    asked = field("pattern_text", {"mask": mask})
    assert [wrong(asked, text) for text in good] == [[] for _ in good]
    assert [wrong(asked, text) for text in bad] == [["pattern_like"] for _ in bad]


@given(st.text("9a*-./\\()[]+?{}^$|äß", min_size=1, max_size=12))
def test_every_mask_has_samples_that_fit(mask: str) -> None:
    asked = field("pattern_text", {"mask": mask})
    for seed in range(3):
        sample = asked.kind.sample(asked, random.Random(seed))
        assert asked.kind.fits(sample, asked) and len(sample) == len(list(patterns.signs_of(mask)))


def test_a_pattern_matches_the_whole_text_and_says_what_the_designer_says() -> None:
    shape = {"pattern": "ab|cd", "message": {"en": "ab or cd", "de": "ab oder cd"}}
    asked = field("pattern_text", shape)
    assert wrong(asked, "ab") == wrong(asked, "cd") == [] and wrong(asked, "abcd") == ["own"]
    item = {"id": "code", "type": "pattern_text", "label": {"en": "Code"}, "settings": shape}
    taken = Plan(parse(form(item, languages=["en", "de"]))).take(
        "the_page", {"code": ["x"]}, {}, asked=(), language="de", today=TODAY
    )
    assert [render(message, "de") for message in taken.errors["code"]] == ["ab oder cd"]


@pytest.mark.parametrize("pattern", ["(", r"(?=x)", r"(a)\1", "[z-a]"])
def test_a_pattern_that_re2_does_not_know_is_refused(pattern: str) -> None:
    with pytest.raises(Faulty) as refusal:
        field("pattern_text", {"pattern": pattern})
    assert [fault.where for fault in refusal.value.faults] == ["/pages/0/items/0/settings/pattern"]


def test_a_pattern_takes_linear_time() -> None:
    assert wrong(field("pattern_text", {"pattern": "(a+)+b"}), "a" * 400) == ["pattern"]


def test_somebody_must_be_able_to_tell_what_is_asked_for() -> None:
    assert places("pattern_text", {}) == ["/settings/pattern"]
    assert places("pattern_text", {"pattern": "[xyz]{7}q"}) == ["/settings/example"]
    assert places("pattern_text", {"pattern": "[xyz]{7}q", "example": "xyzxyzxq"}) == []
    assert places("pattern_text", {"pattern": "[0-9]{5}", "example": "1234"}) == ["/settings/example"]
    assert places("pattern_text", {"pattern": "[0-9]{5}"}) == []


# -- colours, countries, declarations ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "answer"),
    [("#AABBCC", "#aabbcc"), ("abc", "#aabbcc"), (" #1a2b3c ", "#1a2b3c"), ("red", "<colour>"), ("#12345", "<colour>")],
)
def test_a_colour(typed: str, answer: str) -> None:
    assert read(field("colour"), typed) == answer


def test_countries_are_those_that_babel_names_in_the_order_of_the_language() -> None:
    assert len(CODES) == len(set(CODES)) == 250 and set(CODES) <= set(Locale("en").territories)
    german = [code for code, _ in named("de")]
    assert german.index("EG") < german.index("AL") and dict(named("de"))["AT"] == "Österreich"
    assert named("xx") == named("en")


def test_only_countries_that_are_offered_are_taken() -> None:
    asked = field("country", {"countries": ["DE", "AT"]})
    assert read(asked, "at") == "AT" and read(asked, "FR") == "<not_a_choice>"
    assert [code for code, _ in asked.kind.options(asked, "de")] == ["DE", "AT"]
    assert places("country", {"countries": ["DE", "QQ"]}) == ["/settings/countries"]
    assert asked.kind.summary(["AT", "AT", "DE"], asked, "en").counts == (("Austria", 2), ("Germany", 1))


def test_a_declaration_is_made_or_not_and_compulsory_means_made() -> None:
    asked = field("declaration")
    assert asked.kind.load(False, asked) is None and asked.kind.load(True, asked) is True
    assert read(asked, "false") == "<not_a_choice>"
    plan = Plan(parse(form({"id": "d", "type": "declaration", "label": {"en": "Rules"}, "compulsory": True})))
    taken = plan.take("the_page", {}, {}, asked=(), language="en", today=TODAY)
    assert [message.key for message in taken.errors["d"]] == ["missing_declaration"]


# -- choices -----------------------------------------------------------------------------------------------------------
NONE = [*ABC, {"id": "none", "label": {"en": "None", "de": "Nichts"}, "exclusive": True}]


def test_a_choice_that_excludes_the_others_stands_alone() -> None:
    asked = field("several_choices", {"choices": NONE, "min_choices": 2})
    assert wrong(asked, ["none"]) == [] and wrong(asked, ["a", "b"]) == []
    assert wrong(asked, ["a", "none"]) == ["choice_alone"]
    assert "“None”" in said(asked, ["a", "none"])[0]
    assert places("several_choices", {"choices": NONE, "min_choices": 4}) == ["/settings/min_choices"]


@pytest.mark.parametrize("type_", ["buttons", "search_choice"])
def test_other_looks_of_one_choice(type_: str) -> None:
    asked = field(type_, {"choices": ABC})
    assert read(asked, "b") == "b" and read(asked, "d") == "<not_a_choice>"


# -- rankings ----------------------------------------------------------------------------------------------------------
def test_a_ranking_keeps_the_order_of_its_places() -> None:
    asked = field("ranking", {"choices": ABC})
    assert read(asked, "c", "", "a") == ["c", "a"]
    assert read(asked, "a", "a") == "<ranked_twice>" and read(asked, "z") == "<not_a_choice>"
    assert asked.kind.text(["c", "a"], asked, "en") == "1. C, 2. A"
    assert asked.kind.cells(["c", "a"], asked, "en") == ("C; A", 2, None, 1)
    summary = asked.kind.summary([["c", "a"], ["a", "b", "c"]], asked, "en")
    assert summary.counts == (("A", 1), ("B", 0), ("C", 1))
    assert summary.figures == (("A", 1.5), ("B", 2.0), ("C", 2.0))


@pytest.mark.parametrize(
    ("settings", "compulsory", "least"),
    [({}, False, 1), ({}, True, 3), ({"max_choices": 2}, True, 2), ({"min_choices": 2}, True, 2)],
)
def test_a_compulsory_ranking_ranks_everything_unless_the_designer_asks_for_less(
    settings: dict[str, int], compulsory: bool, least: int
) -> None:
    asked = field("ranking", {"choices": ABC, **settings}, compulsory=compulsory)
    found = [wrong(asked, ["a", "b", "c"][:number]) == [] for number in (1, 2, 3)]
    most = settings.get("max_choices", 3)
    assert found == [least <= number <= most for number in (1, 2, 3)]


def test_choices_that_rules_withhold_need_no_place() -> None:
    rule = {"op": "answered", "field": "before"}
    item = {"id": "asked", "type": "ranking", "label": {"en": "?"}, "compulsory": True}
    item["settings"] = {"choices": [*ABC[:2], ABC[2] | {"shown_if": rule}]}
    asked = parse(form({"id": "before", "type": "short_text", "label": {"en": "?"}}, item)).by_id["asked"]
    assert wrong(asked, ["a"]) == []


# -- pictures and links ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({}, ["/settings/picture"]),
        ({"picture": "a" * 64 + ".png"}, ["/settings/alt"]),
        ({"link": "https://example.org"}, ["/settings/link_label"]),
        ({"link": "https://example.org", "link_label": {"en": "Film"}}, []),
    ],
)
def test_what_is_shown_has_words(settings: dict[str, Any], where: list[str]) -> None:
    assert places("media", settings) == where


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//example.org", "https://a b", 'https://a"b'])
def test_a_link_leads_to_the_web(link: str) -> None:
    with pytest.raises(Faulty):
        field("media", {"link": link})
