"""Every registered field type keeps the same laws: whatever comes in, all that it says of an answer agrees."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from formsite.definition.checks import faults
from formsite.definition.document import Field, parse
from formsite.definition.fieldtypes import FieldType, Registry, Summary, Unreadable, Value, registry
from formsite.definition.fieldtypes.composites import Composite
from formsite.definition.flow import Plan
from formsite.definition.messages import languages, render
from formsite.designer.screens import FAMILIES
from tests.support.definitions import all_tiny, field, form, tiny

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 5, 17)
LONG = "x" * 1_000_000
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "\x00",
    "a\x00b",
    "\ud800",
    "x\udfff",
    "\u202eexe.pdf",
    "\u200b\u202e\ufeff",
    "\u200f12\u200e",
    "one\u2028two",
    "\u200fمرحبا\u200e",
    "{{ 7*7 }}",
    "{label}{n}",
    "a" + "\u0301\u0316" * 40_000,
    LONG,
    " " * 1_000_000,
    "9" * 400,
    "1e400",
    "NaN",
    "Infinity",
    "-0",
    "\u0660",
    "0x10",
    "1_000",
    "2026-02-30",
    "0000-01-01",
    "٢٠٢٦-٠١-٠١",
    "2026-W01-1",
    "a@b",
    "a@" + "b" * 300 + ".org",
    "A@EXAMPLE.ORG",
    "ü@müller.de",
    "\ud83d\ude00",
    "😀",
    "\r\n",
    "true",
    "True",
    "on",
]
SENT: list[list[str]] = [
    [],
    [""],
    ["   "],
    ["\u00a0\u2003"],
    ["0"],
    ["1"],
    ["false"],
    ["a good answer"],
    ["line\r\nline\rline"],
    ["e\u0301"],
    ["x", "y"],
    ["x", "x"],
    ["0", "0"],
    ["", ""],
    ["fibre"],
    ["fibre", "dsl"],
    ["dsl", "fibre", "dsl"],
    ["2026-01-31"],
    ["2026-01-31T09:30"],
    ["2026-01"],
    ["12:00"],
    ["9.30 p.m."],
    ["www.example.org"],
    ["1 234,5"],
    ["+49 30 123456"],
    ["020 7946 0018"],
    ["name@example.org"],
    *([text] for text in HOSTILE),
    HOSTILE,
]
GIVEN: list[object] = [
    None,
    0,
    -0.0,
    0.0,
    1,
    3.0,
    2.5,
    -1,
    11,
    10**400,
    2**53,
    float("nan"),
    float("inf"),
    True,
    False,
    "",
    "   ",
    "0",
    "fibre",
    "a good answer",
    "2026-01-31",
    "2026-01-31T09:30",
    "2026-01-31 09:30",
    "2026-01",
    "0000-05",
    "12:00",
    "9:30 pm",
    "24:00",
    "12:30:59",
    "https://www.example.org/a?b=c#d",
    "example.org",
    "javascript:alert(1)",
    "https://name:pass@example.org",
    "name@example.org",
    "+442079460018",
    [],
    [""],
    ["fibre"],
    ["dsl", "fibre", "dsl"],
    ["fibre", 1],
    [None],
    [["fibre"]],
    ["nowhere"],
    {},
    {"fibre": True},
    b"bytes",
    object(),
    *HOSTILE,
]
UNTYPED = ("computed", "hidden")
"""Nobody types them: they follow from other answers, or come with the address."""
VARIED: dict[str, list[dict[str, Any]]] = {
    "short_text": [{}, {"max_length": 1}, {"min_length": 500}],
    "long_text": [{"min_length": 20_000}],
    "name": [{"min_length": 20, "max_length": 20}],
    "phone": [{}, {"country": "DE", "countries": ["DE", "AT"]}, {"countries": ["GB"]}],
    "pattern_text": [
        {"mask": "99-aa-****"},
        {"mask": r"\9-a", "message": {"en": "Like 9-A"}},
        {"pattern": "[A-Z]{2}[0-9]+|.", "example": "AB1"},
    ],
    "country": [{"countries": ["DE", "AT", "CH"]}],
    "number": [
        {},
        {"decimals": 2},
        {"decimals": 9, "min": -0.5, "max": 0.5},
        {"min": 3, "max": 3},
        {"decimals": 1, "min": 0.05, "max": 0.15},
        {"max": -5},
        {"min": 5.5},
    ],
    "currency": [{}, {"currency": "JPY"}, {"currency": "KWD", "max": 0.005}, {"currency": "CHF", "min": 5}],
    "slider": [{}, {"min": -1, "max": 1, "step": 0.25}, {"min": 3, "max": 10, "step": 7}, {"max": 9, "step": 4}],
    "date": [
        {},
        {"earliest": "today"},
        {"latest": "today"},
        {"earliest": "today", "latest": "today"},
        {"earliest": "today", "latest": "9999-12-31"},
        {"earliest": "9999-01-01"},
        {"latest": "0001-02-03"},
    ],
    "time": [{}, {"earliest": "22:00"}, {"latest": "06:15"}, {"earliest": "12:00", "latest": "12:00"}],
    "date_time": [
        {},
        {"earliest": "today"},
        {"earliest": "2026-01-01T10:00", "latest": "2026-01-01T10:01"},
        {"latest": "0001-01-01T05:00"},
        {"earliest": "9999-12-31"},
    ],
    "month": [{}, {"latest": "0001-02"}, {"earliest": "9999-12"}, {"earliest": "2026-05", "latest": "today"}],
    "several_choices": [
        {"choices": [{"id": "a", "label": {}}, {"id": "b", "label": {}}], "min_choices": 2},
        {"choices": [{"id": "fibre", "label": {}}, {"id": "dsl", "label": {}, "exclusive": True}], "min_choices": 1},
        {"choices": [{"id": "dsl", "label": {}, "exclusive": True}]},
    ],
    "file": [{"most_files": 3}],
    "photo": [{"most_files": 2}],
    "ranking": [
        {"choices": [{"id": name, "label": {}} for name in ("fibre", "dsl", "0")], "min_choices": 1, "max_choices": 2}
    ],
    "rating": [{}, {"to": 2}, {"look": "stars"}, {"look": "faces", "from": 0, "to": 4}],
}


def _fields() -> list[Any]:
    made = []
    for kind in registry.all():
        own = parse(tiny(kind.name)).by_id["asked"]
        for number, one in enumerate([own, *(field(kind.name, settings) for settings in VARIED.get(kind.name, ()))]):
            made.append(pytest.param(one, id=f"{kind.name}-{number}"))
    return made


each_field = pytest.mark.parametrize("asked", _fields())
each_type = pytest.mark.parametrize("kind", registry.all(), ids=registry.names())
answering = pytest.mark.parametrize(
    "asked", [param for param in _fields() if param.values[0].kind.holds_answer and param.values[0].type not in UNTYPED]
)
each_question = pytest.mark.parametrize(
    "kind",
    [kind for kind in registry.all() if kind.holds_answer and kind.name not in UNTYPED],
    ids=lambda kind: kind.name,
)
as_written = pytest.mark.parametrize(
    "asked", [param for param in _fields() if param.values[0].type in ("short_text", "long_text", "name", "email")]
)


READ: dict[int, list[Value]] = {}
"""What was read for a field of `_fields`, which live as long as this module does."""


def readable(asked: Field) -> list[Value]:
    """Every answer that can be had out of what is sent and given, each once."""
    if id(asked) not in READ:
        READ[id(asked)] = _readable(asked)
    return READ[id(asked)]


def _readable(asked: Field) -> list[Value]:
    values: list[Value] = []
    for raw in SENT:
        try:
            value = asked.kind.parse(raw, asked)
        except Unreadable:
            continue
        if value is not None and value not in values:
            values.append(value)
    for given in GIVEN:
        try:
            value = asked.kind.load(given, asked)
        except Unreadable:
            continue
        if value is not None and not any(value is v or (type(value) is type(v) and value == v) for v in values):
            values.append(value)
    return values


def accepted(asked: Field) -> list[Value]:
    """Those that nothing is wrong with, and samples."""
    good = [value for value in readable(asked) if not asked.kind.check(value, asked, TODAY)]
    return good + [asked.kind.sample(asked, random.Random(seed)) for seed in range(5)]


@each_field
def test_whatever_is_sent_is_an_answer_nothing_or_refused_in_words(asked: Field) -> None:
    for raw in SENT:
        try:
            value = asked.kind.parse(raw, asked)
        except Unreadable as refusal:
            for language in languages():
                assert "{" not in render(refusal.message, language).replace("{label}", "")
        else:
            assert value is None or (value not in ("", []) and json.dumps(value, allow_nan=False)), raw


@each_field
def test_whatever_is_given_is_an_answer_nothing_or_refused(asked: Field) -> None:
    for given in GIVEN:
        try:
            value = asked.kind.load(given, asked)
        except Unreadable as refusal:
            assert render(refusal.message, "en")
        else:
            assert value is None or (value not in ("", []) and json.dumps(value, allow_nan=False)), given


def test_what_would_take_long_to_normalise_is_refused_before() -> None:
    """Canonical ordering takes the square of the marks in a row: 80,000 of them took five seconds."""
    asked = field("long_text")
    for raw, key in (
        ("a" + "\u0301\u0316" * 30_000, "control_characters"),
        ("\u0301" * 79_000, "control_characters"),
        ("é" * 80_001, "too_long"),
    ):
        with pytest.raises(Unreadable) as refusal:
            asked.kind.parse([raw], asked)
        assert refusal.value.message.key == key


@each_field
@pytest.mark.parametrize("raw", [[], [""], ["   "], ["\t\n"], ["\u00a0"]], ids=repr)
def test_nothing_and_white_space_are_no_answer(asked: Field, raw: list[str]) -> None:
    if "".join(raw) and asked.kind.choices(asked) and not asked.kind.looked_up:
        with pytest.raises(Unreadable):  # no control sends it
            asked.kind.parse(raw, asked)
    else:
        assert asked.kind.parse(raw, asked) is None


@each_field
def test_null_is_no_answer(asked: Field) -> None:
    assert asked.kind.load(None, asked) is None


@answering
def test_an_answer_is_read_back_from_its_control_and_from_json(asked: Field) -> None:
    values = accepted(asked)
    assert values
    for value in values:
        assert _same(asked.kind.parse(asked.kind.typed(value, asked), asked), value)
        assert _same(asked.kind.load(value, asked), value)
        assert _same(asked.kind.load(json.loads(json.dumps(value)), asked), value)


@answering
def test_what_is_refused_is_typed_again_as_it_was(asked: Field) -> None:
    for value in readable(asked):
        if asked.kind.check(value, asked, TODAY):
            assert all(isinstance(text, str) for text in asked.kind.typed(value, asked))


@answering
def test_reading_what_was_read_changes_nothing(asked: Field) -> None:
    """Otherwise an answer would drift each time its page is sent."""
    for value in accepted(asked):
        once = asked.kind.parse(asked.kind.typed(value, asked), asked)
        assert once is not None
        assert asked.kind.typed(once, asked) == asked.kind.typed(value, asked)


@answering
def test_the_schema_accepts_what_the_type_accepts(asked: Field) -> None:
    schema = asked.kind.schema(asked)
    Draft202012Validator.check_schema(schema)
    judge = Draft202012Validator(schema)
    for value in accepted(asked):
        judge.validate(value)


PERSONAL = {
    "name",
    "full_name",
    "address",
    "email",
    "email_confirmed",
    "phone",
    "file",
    "photo",
    "signature",
    "location",
}
LOOSER = {
    "date",
    "date_time",
    "month",
    "time",
    "url",
    "pattern_text",
    "email",
    "phone",
    "email_confirmed",
    "short_text",
    "long_text",
    "name",
}
"""Whose schema cannot say all: days of the calendar and of today, the laws of addresses, countries of numbers, white space and control characters."""


@answering
def test_the_schema_refuses_what_the_type_refuses(asked: Field) -> None:
    judge = Draft202012Validator(asked.kind.schema(asked))
    for given in GIVEN:
        if isinstance(given, bytes) or type(given) is object or given != given:
            continue  # no JSON
        try:
            value = asked.kind.load(given, asked)
        except Unreadable:
            value = None
        good = value is not None and not asked.kind.check(value, asked, TODAY)
        if good and _same(value, given):
            assert judge.is_valid(given), given
        elif not good and asked.type not in LOOSER and not _has_decimals_to_spare(asked, given):
            assert not judge.is_valid(given), given


def _has_decimals_to_spare(asked: Field, given: object) -> bool:
    """JSON Schema has no exact way to bound decimals: `multipleOf` divides doubles."""
    return asked.type in ("number", "currency", "slider") and isinstance(given, float) and asked.settings.decimals > 0


@answering
def test_words_are_said_in_every_language(asked: Field) -> None:
    for value in accepted(asked):
        for language in (*languages(), "pt-BR", "xx"):
            text = asked.kind.text(value, asked, language)
            assert isinstance(text, str) and text.strip()
        for language in languages():
            for message in asked.kind.check(value, asked, TODAY):
                render(message, language)


@as_written
def test_texts_say_what_was_written(asked: Field) -> None:
    for value in accepted(asked):
        assert asked.kind.text(value, asked, "en") == value


@each_field
def test_there_is_a_cell_for_each_column(asked: Field) -> None:
    for language in ("en", "ar"):
        columns = asked.kind.columns(asked, language)
        assert len({column.name for column in columns}) == len(columns)
        assert asked.kind.cells(None, asked, language) == (None,) * len(columns)
        for value in accepted(asked) if asked.kind.holds_answer else ():
            cells = asked.kind.cells(value, asked, language)
            assert len(cells) == len(columns)
            assert cells[0] is not None and cells[0] != ""


@answering
def test_a_summary_counts_every_answer(asked: Field) -> None:
    values = accepted(asked)
    assert asked.kind.summary([], asked, "en").answered == 0
    summary = asked.kind.summary(iter(values), asked, "en")
    assert isinstance(summary, Summary) and summary.answered == len(values)
    if summary.counts and asked.type != "several_choices":
        assert sum(count for _, count in summary.counts) == len(values)


@answering
def test_a_mask_hides_the_answer(asked: Field) -> None:
    for value in accepted(asked):
        mask = asked.kind.mask(value, asked)
        text = asked.kind.text(value, asked, "en")
        assert "•" in mask and mask != text
        assert len(text) < 6 or text not in mask


@answering
def test_samples_are_accepted_and_follow_their_seed(asked: Field) -> None:
    for seed in range(40):
        value = asked.kind.sample(asked, random.Random(seed))
        found = [message.key for message in asked.kind.check(value, asked, _now())]
        assert found == []
        assert asked.kind.sample(asked, random.Random(seed)) == value
        assert _same(asked.kind.load(value, asked), value)


@each_type
def test_zero_and_no_are_answers(kind: FieldType) -> None:
    asked = {"yes_no": ("false", False), "number": ("0", 0), "rating": ("0", 0), "single_choice": ("0", "0")}
    if kind.name in asked:
        sent, value = asked[kind.name]
        one = parse(tiny(kind.name)).by_id["asked"]
        assert _same(kind.parse([sent], one), value)
        assert _same(kind.load(value, one), value)
        plan = Plan(parse(form({**tiny(kind.name)["pages"][0]["items"][0], "compulsory": True})))
        taken = plan.take("the_page", {"asked": [sent]}, {}, asked=(), language="en", today=TODAY)
        assert taken.errors == {} and _same(taken.answers["asked"], value)


@each_question
@pytest.mark.parametrize("compulsory", [True, False], ids=["compulsory", "optional"])
@pytest.mark.parametrize("raw", [None, [], [""]], ids=["absent", "none", "blank"])
def test_only_a_compulsory_question_misses_its_answer(kind: FieldType, compulsory: bool, raw: list[str] | None) -> None:
    plan = Plan(parse(form({**tiny(kind.name)["pages"][0]["items"][0], "compulsory": compulsory})))
    sent = {} if raw is None else {"asked": raw}
    taken = plan.take("the_page", sent, {}, asked=(), language="en", today=TODAY)
    assert [message.key for message in taken.errors.get("asked", [])] == ([kind.missing] if compulsory else [])
    assert taken.answers == {}


def answered_in_parts(asked: Field, seed: int) -> dict[str, list[str]]:
    """What a page sends for the samples of all parts."""
    assert isinstance(asked.kind, Composite)
    samples = asked.kind.sample_parts(asked, random.Random(seed))
    parts = {part.id: part for part in asked.kind.parts(asked)}
    fitting = {f"{asked.id}-{local}": value for local, value in samples.items()}
    return {name: parts[name].kind.typed(value, parts[name]) for name, value in fitting.items()}


@each_type
def test_every_type_has_a_tiny_definition_that_could_be_published_and_is_walked(kind: FieldType) -> None:
    assert kind.name in all_tiny(), f"write tests/definitions/{kind.name}.json"
    definition = parse(tiny(kind.name))
    assert definition.by_id["asked"].kind is kind
    assert faults(definition) == ()
    plan, given = Plan(definition), {}
    for name, one in definition.by_id.items():
        if one.kind.holds_answer:
            given[name] = one.kind.typed(one.kind.sample(one, random.Random(1)), one)
        elif isinstance(one.kind, Composite):
            given |= answered_in_parts(one, 1)
    taken = plan.take("one", given, {}, asked=(), language="en", today=_now())
    assert taken.errors == {} and set(taken.answers) == set(given)
    assert plan.after("one", taken.state) is None


def test_every_tiny_definition_is_of_a_type() -> None:
    assert set(all_tiny()) <= set(registry.names())


@each_type
def test_a_type_says_what_it_is(kind: FieldType) -> None:
    widgets = {path.stem for path in (ROOT / "templates" / "fields").glob("*.html")} - {"field", "attributes"}
    assert kind.title and kind.family in FAMILIES and (kind.widget in widgets or kind.composite or kind.name in UNTYPED)
    assert kind.personal is (kind.name in PERSONAL)
    assert all(isinstance(v, str) for v in kind.input(parse(tiny(kind.name)).by_id["asked"], "en").values())


def test_a_registry_refuses_doubles_and_the_incomplete() -> None:
    fresh = Registry()

    class Colour(FieldType):
        name, title, family, widget = "hue", "Colour", "Choice", "radios"

    fresh.register(Colour)
    assert fresh.names() == ("hue",) and "hue" in fresh and "hue" not in registry
    with pytest.raises(TypeError, match="hue"):
        fresh.register(Colour)

    class Nameless(FieldType):
        title, family, widget = "Colour", "Choice", "radios"

    with pytest.raises(TypeError, match="Nameless has no name"):
        fresh.register(Nameless)
    with pytest.raises(KeyError):
        fresh.get("sound")


def _same(one: object, other: object) -> bool:
    """Equal, and of one type: to Python `False == 0`."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _now() -> date:
    from formsite.foundation import clock

    return clock.now().date()
