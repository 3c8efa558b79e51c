"""Definitions as files: formsite's own JSON and YAML come back as they went out, and what is wrong is told by its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formsite.definition.document import Definition, parse
from formsite.definition.faults import Faulty
from formsite.interchange import files
from formsite.interchange.losses import Unimportable
from formsite.interchange.yaml import dump, load
from tests.support.definitions import all_tiny, documents, form, tiny

ODD = [
    "no",
    "yes",
    "2020-01-01",
    "12:30:00",
    "1e5",
    "0x1F",
    "0o7",
    "1_000",
    "~",
    "",
    "null",
    ".nan",
    "-",
    "=",
    "<<",
    "a: b",
    "# c",
    "*x",
]
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"])) | st.text("a \n\t\r\x85\u2028'\":-#", max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab\n 1:#?", max_size=3) | st.sampled_from(ODD), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(values)
def test_what_json_holds_comes_back_from_yaml(held: Any) -> None:
    assert json.dumps(load(dump(held).decode(), "x")) == json.dumps(held)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_definitions_come_back_as_they_went_out(raw: dict[str, Any]) -> None:
    definition = parse(raw)
    for format_ in ("formsite", "yaml"):
        content, losses = files.write(definition, format_)
        assert losses == ()
        assert files.recognise(content, "a-file") == format_
        assert files.read(content, f"a.{files.ENDINGS[format_][0]}").definition == definition


@pytest.mark.parametrize("name", all_tiny())
def test_tiny_definitions_come_back(name: str) -> None:
    definition = parse(tiny(name))
    assert back(definition, "yaml") == back(definition, "formsite") == definition


def back(definition: Definition, format_: str) -> Definition:
    return files.read(files.write(definition, format_)[0], "x", format_).definition


def test_others_read_what_is_written_as_it_is_meant() -> None:
    """Whoever reads it by the older rules of YAML, where `no` is false, finds the same."""
    held = {word or "empty": word for word in ODD} | {"number": 3, "half": 0.5, "off": False}
    assert pyyaml.safe_load(dump(held)) == held


def test_texts_of_several_lines_are_blocks_and_letters_stay() -> None:
    assert dump({"z": "Grüße,\nسلام\n", "a": "1"}).decode() == "z: |\n  Grüße,\n  سلام\na: '1'\n"


def test_words_that_other_readers_take_for_something_else_are_texts() -> None:
    text = "a: no\nb: 2020-01-01\nc: 12:30\n1: 0x1F\nd: .inf\ne: 012\nf: True\ng: !!str 5\n"
    expected = {"a": "no", "b": "2020-01-01", "c": "12:30", "1": "0x1F", "d": ".inf", "e": "012", "f": "True"}
    assert load(text.replace("g: !!str 5\n", ""), "x") == expected
    assert load("[1, -2.5, 1e2, true, false, null, ~, '1', \"true\"]", "x") == [
        1,
        -2.5,
        100.0,
        True,
        False,
        None,
        None,
        "1",
        "true",
    ]


BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefghij", "bcdefghijk", strict=True))


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (BOMB, "line 2, column 8", "“*a” refers"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "line 4, column 3", "“c” stands there twice"),
        ("a: [1\nb: 2", "line 2", "This is not YAML"),
        ("a: !!python/object/apply:os.system [ls]", "line 1, column 4", "is a tag"),
        ("a: !secret b", "line 1, column 4", "is a tag"),
        ("? [a]\n: b", "line 1, column 3", "is no text"),
        ("a: 1\n---\nb: 2\n", "line 2, column 1", "A second document"),
        ("a: " + "[" * 5_000, "line 1", "nested too deeply"),
        ("a: " + "9" * 5_000, "line 1, column 4", "larger than"),
        ("", "x", "empty"),
        ("a: \x01", "", "This is not YAML"),
        ("a: \x00", "", "This is not YAML"),
        ("\ta: 1", "line 1", "This is not YAML"),
    ],
)  # fmt: skip
def test_yaml_that_stands_for_no_json_is_refused_at_its_place(text: str, where: str, what: str) -> None:
    with pytest.raises(Unimportable) as refusal:
        load(text, "x")
    assert refusal.value.where.startswith(where) and what in refusal.value.what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"formsite": 1, "formsite": 1}', "stands twice"),
        ('{"formsite": NaN}', "no number"),
        ('{"formsite": -Infinity}', "no number"),
        ('{"formsite": ' + "1" * 5_000 + "}", "larger than"),
        ('{"formsite": ' + "[" * 100_000 + "}", "nested too deeply"),
        ('{"formsite": 1', "not JSON"),
    ],
)
def test_json_that_is_none_is_refused(text: str, what: str) -> None:
    with pytest.raises(Unimportable) as refusal:
        files.read(text.encode(), "x.json", "formsite")
    assert what in refusal.value.what


@pytest.mark.parametrize("held", ["1e999", '"\\ud800"', "1e300"])
def test_json_that_no_store_holds_is_a_fault(held: str) -> None:
    raw = json.dumps(form({"id": "a", "type": "number", "label": {"en": "HELD"}})).replace('"HELD"', held)
    with pytest.raises(Faulty) as refusal:
        files.read(raw.encode(), "x.json")
    assert refusal.value.faults[0].where == "/pages/0/items/0/label/en"


@pytest.mark.parametrize(
    ("content", "name", "format_"),
    [
        (b"formsite: 1\n", "x", "yaml"),
        (b"\xef\xbb\xbf# ours\n---\n\nformsite: 1\n", "x.txt", "yaml"),
        (b'{"formsite": 1}', "x.yml", "yaml"),
        (b'"formsite": 1', "x", "yaml"),
        (b' {"formsite": 1}', "x", "formsite"),
        (b'{"pages": []}', "x", "surveyjs"),
        (b"<document/>", "x.json", "limesurvey"),
        (b"PK\x03\x04", "x.yaml", "xlsform"),
    ],
)
def test_formats_are_told_by_the_content(content: bytes, name: str, format_: str) -> None:
    assert files.recognise(content, name) == format_


def test_hidden_values_are_no_questions() -> None:
    asked = {"id": "a", "type": "number", "label": {"en": "A"}}
    worked_out = {"id": "b", "type": "computed", "label": {"en": "B"}, "computed": {"value": 1}}
    hidden = worked_out | {"id": "c", "settings": {"hidden": True}}
    matrix = {"id": "m", "type": "matrix_one", "label": {"en": "M"}, "settings": {
        "rows": [{"id": "r", "label": {"en": "R"}}], "columns": [{"id": "c", "label": {"en": "C"}}]}}  # fmt: skip
    content = json.dumps(
        form(asked, worked_out, hidden, {"id": "d", "type": "hidden", "label": {"en": "D"}}, matrix)
    ).encode()
    assert files.read(content, "x.json").questions == 2
