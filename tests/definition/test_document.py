"""Definitions as documents: what is read is what is written, and whatever is wrong is named by its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from jsonschema import Draft202012Validator

from formsite.definition import schema
from formsite.definition.checks import faults
from formsite.definition.document import MOST_DEPTH, Definition, parse
from formsite.definition.faults import Fault, Faulty
from formsite.definition.fieldtypes import registry
from formsite.definition.reading import pointer
from formsite.foundation import canonical
from tests.support.definitions import all_tiny, documents, form, tiny

SCHEMA = Draft202012Validator(schema.json_schema())
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
TEXT = {"id": "a", "type": "short_text", "label": {"en": "A"}}
RULE = {"op": "answered", "field": "a"}


def refused(raw: object) -> tuple[Fault, ...]:
    """The faults of a document that is refused."""
    with pytest.raises(Faulty) as caught:
        parse(raw)
    assert all(fault.what and fault.fix for fault in caught.value.faults)
    return caught.value.faults


def places(raw: object) -> list[str]:
    """Where its faults are."""
    return [fault.where for fault in refused(raw)]


def resolve(raw: Any, where: str) -> Any:
    """What a JSON pointer points to (RFC 6901 section 4)."""
    for step in where.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        raw = raw[int(name)] if isinstance(raw, list) else raw[name]
    return raw


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(documents())
def test_what_was_read_is_written_and_read_again(raw: dict[str, Any]) -> None:
    definition = parse(raw)
    written = definition.as_json()
    assert json.loads(json.dumps(written)) == written
    again = parse(written)
    assert again == definition
    assert again.sha256 == definition.sha256 == canonical.sha256_hex(written)
    assert again.as_json() == written


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(documents())
def test_generated_definitions_keep_their_schema_and_their_rules_mean_something(raw: dict[str, Any]) -> None:
    SCHEMA.validate(raw)
    definition = parse(raw)
    SCHEMA.validate(definition.as_json())
    found = [fault.where for fault in faults(definition) if not fault.where.endswith("/label")]
    assert not [where for where in found if "shown_if" in where or "compulsory" in where or "settings" in where]


WRONG: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    float("nan"),
    float("inf"),
    "",
    "x",
    "\ud800",
    "a\x00b",
    [],
    [None],
    {},
    {"x": 1},
    {"": {}},
    {"a/b~c": 1},
    {"en": 5},
    {"op": "is"},
    {"op": ["is"]},
    "x" * 30_000,
]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A good document with one thing in it replaced, added or taken away."""
    raw: Any = copy.deepcopy(draw(documents()))
    spots: list[tuple[Any, Any]] = []

    def collect(node: Any) -> None:
        for name, child in node.items() if isinstance(node, dict) else enumerate(node):
            spots.append((node, name))
            if isinstance(child, dict | list):
                collect(child)

    collect(raw)
    node, name = draw(st.sampled_from(spots))
    how = draw(st.sampled_from(["replace", "remove", "add", "double"]))
    if how == "replace":
        node[name] = copy.deepcopy(draw(st.sampled_from(WRONG)))
    elif how == "remove":
        del node[name]
    elif how == "add" and isinstance(node, dict):
        node[draw(st.sampled_from(["<field>", "bool", "", "a[0]", "~/", "int", "items", "type", "unknown"]))] = "x"
    elif isinstance(node, list):
        node.append(copy.deepcopy(node[name]))
    return raw


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(mutated())
def test_a_damaged_document_is_read_or_refused_by_place(raw: Any) -> None:
    try:
        definition = parse(raw)
    except Faulty as refusal:
        for fault in refusal.faults:
            parent = fault.where.rpartition("/")[0]
            try:
                resolve(raw, fault.where)
            except (KeyError, IndexError, TypeError, ValueError):
                resolve(raw, parent)
            json.dumps([fault.where, fault.what, fault.fix]).encode("utf-8")
        return
    assert parse(definition.as_json()) == definition
    assert SCHEMA.is_valid(raw), [error.message for error in SCHEMA.iter_errors(raw)]


@pytest.mark.parametrize("raw", [None, 5, "x", [], [{}], True, b"{}", 1.5, object()])
def test_what_is_no_object_is_no_definition(raw: object) -> None:
    assert places(raw) == [""]


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({}, ["/languages", "/title"]),
        (form(formsite=2), ["/formsite"]),
        (form(formsite=True), ["/formsite"]),
        (form(formsite="1"), ["/formsite"]),
        (form(kind="raffle"), ["/kind"]),
        (form(kind=["registration"]), ["/kind"]),
        (form(languages=[]), ["/languages"]),
        (form(languages="en"), ["/languages"]),
        (form(languages=["en", "EN"]), ["/languages/1"]),
        (form(languages=["en", 5]), ["/languages/1"]),
        (form(languages=["en", "en"]), ["/languages"]),
        (form(title="A form"), ["/title"]),
        (form(title={"en": 5}), ["/title/en"]),
        (form(title={"bool": "x"}), ["/title"]),
        (form(title={"en\n": "x"}), ["/title"]),
        (form(title={"en": "a\x00b"}), ["/title"]),
        (form(title={"en": "x" * 20_001}), ["/title"]),
        (form(title={"en": "\ud800"}), ["/title/en"]),
        (form(title={"\ud800": "x"}), ["/title"]),
        (form(title={"en": b"x"}), ["/title/en"]),
        (form(extra=1), ["/extra"]),
        (form(**{"": 1}), ["/"]),
        (form(**{"a/b~c": 1}), ["/a~1b~0c"]),
        (form(**{"<field>": 1, "bool": 2, "a[0]": 3}), ["/<field>", "/bool", "/a[0]"]),
        (form(pages={"a": 1}), ["/pages"]),
        (form(pages=[5]), ["/pages/0"]),
        (form(pages=[{"id": "p", "<field>": 1}]), ["/pages/0/<field>"]),
        (form(5), ["/pages/0/items/0"]),
        (form(None, [], "x"), ["/pages/0/items/0", "/pages/0/items/1", "/pages/0/items/2"]),
        (form({}), ["/pages/0/items/0/id", "/pages/0/items/0/type", "/pages/0/items/0/label"]),
        (form(TEXT | {"<field>": 1}), ["/pages/0/items/0/<field>"]),
        (form(TEXT | {"id": "A"}), ["/pages/0/items/0/id"]),
        (form(TEXT | {"id": "a\n"}), ["/pages/0/items/0/id"]),
        (form(TEXT | {"id": "consent"}), ["/pages/0/items/0/id"]),
        (form(TEXT | {"type": "mood"}), ["/pages/0/items/0/type"]),
        (form(TEXT | {"type": []}), ["/pages/0/items/0/type"]),
        (form(TEXT | {"compulsory": "yes"}), ["/pages/0/items/0/compulsory"]),
        (form(TEXT | {"compulsory": 1}), ["/pages/0/items/0/compulsory"]),
        (form(TEXT | {"compulsory": None}), ["/pages/0/items/0/compulsory"]),
        (form(TEXT | {"compulsory": {"op": "somehow"}}), ["/pages/0/items/0/compulsory/op"]),
        (form(TEXT | {"personal": 1}), ["/pages/0/items/0/personal"]),
        (form(TEXT | {"personal": "on"}), ["/pages/0/items/0/personal"]),
        (form(TEXT | {"items": []}), ["/pages/0/items/0/items"]),
        (form(TEXT | {"shown_if": []}), ["/pages/0/items/0/shown_if"]),
        (
            form(TEXT | {"shown_if": {"op": "is", "left": {"field": "\ud800"}, "right": {"value": 10**20}}}),
            ["/pages/0/items/0/shown_if/left/field", "/pages/0/items/0/shown_if/right/value"],
        ),
        (
            form(TEXT | {"shown_if": {"op": "all", "of": [RULE, {"op": "not", "of": {"feild": "a"}}]}}),
            ["/pages/0/items/0/shown_if/of/1/of"],
        ),
        (form(TEXT | {"settings": 5}), ["/pages/0/items/0/settings"]),
        (form(TEXT | {"settings": {"max_length": "5"}}), ["/pages/0/items/0/settings/max_length"]),
        (form(TEXT | {"settings": {"max_length": True}}), ["/pages/0/items/0/settings/max_length"]),
        (form(TEXT | {"settings": {"max_length": 0}}), ["/pages/0/items/0/settings/max_length"]),
        (form(TEXT | {"settings": {"longest": 5}}), ["/pages/0/items/0/settings/longest"]),
        (form(TEXT | {"type": "number", "settings": {"min": "5"}}), ["/pages/0/items/0/settings/min"]),
        (form(TEXT | {"type": "number", "settings": {"min": True}}), ["/pages/0/items/0/settings/min"]),
        (form(TEXT | {"type": "number", "settings": {"min": float("nan")}}), ["/pages/0/items/0/settings/min"]),
        (form(TEXT | {"type": "number", "settings": {"min": 10**400}}), ["/pages/0/items/0/settings/min"]),
        (form(TEXT | {"type": "number", "settings": {"decimals": 1.5}}), ["/pages/0/items/0/settings/decimals"]),
        (form(TEXT | {"type": "date", "settings": {"latest": "2026-02-30"}}), ["/pages/0/items/0/settings/latest"]),
        (form(TEXT | {"type": "rating", "settings": {"from_": 1}}), ["/pages/0/items/0/settings/from_"]),
        (form(TEXT | {"type": "rating", "settings": {"from": 2}}), ["/pages/0/items/0/settings/from"]),
        (form(TEXT | {"type": "email", "settings": {"max_length": 5}}), ["/pages/0/items/0/settings/max_length"]),
        (
            form(TEXT | {"type": "dropdown", "settings": {"choices": [{"id": "x", "label": {}}] * 2}}),
            ["/pages/0/items/0/settings/choices"],
        ),
        (
            form(
                TEXT
                | {
                    "type": "dropdown",
                    "settings": {
                        "choices": [{"id": "x", "label": {}}, {"id": "y", "label": {}, "shown_if": {"op": "x"}}]
                    },
                }
            ),
            ["/pages/0/items/0/settings/choices/1/shown_if/op"],
        ),
        (
            form({"id": "g", "type": "group", "items": [{"id": "h", "type": "group", "items": [{"id": "X"}]}]}),
            [f"/pages/0/items/0/items/0/items/0/{name}" for name in ("id", "type", "label")],
        ),
        (
            form({"id": "g", "type": "group", "label": 5, "tint": {}}),
            ["/pages/0/items/0/label", "/pages/0/items/0/tint"],
        ),
        (form(TEXT, TEXT), ["/pages/0/items/1/id"]),
        (form(TEXT | {"id": "the_page"}), ["/pages/0/items/0/id"]),
        (form(consents=[{"id": "c", "purpose": "sales", "wording": {}}]), ["/consents/0/purpose"]),
        (form(consents=[{"id": "c", "purpose": "feedback", "wording": {}}] * 2), ["/consents/1/id"]),
        (form(feedback={"form": "X Y", "subject": {}, "body": {}}), ["/feedback/form"]),
        (form(feedback={"form": "x", "subject": {}, "body": {}, "after_hours": "24"}), ["/feedback/after_hours"]),
        (form(feedback={"form": "x", "subject": {}, "body": {}, "after_hours": -1}), ["/feedback/after_hours"]),
    ],
)
def test_a_fault_names_its_place(raw: object, where: list[str]) -> None:
    assert places(raw) == where


def test_all_faults_are_found_at_once() -> None:
    raw = form(TEXT | {"id": "B", "hint": 5}, TEXT | {"type": "mood"}, kind="raffle", extra=1)
    assert sorted(places(raw)) == [
        "/extra",
        "/kind",
        "/pages/0/items/0/hint",
        "/pages/0/items/0/id",
        "/pages/0/items/1/type",
    ]


def test_a_fault_is_told_in_plain_words() -> None:
    raw = form(TEXT | {"type": "mood"}, 5, [], pages2={}, languages="en")
    said = " ".join(f"{fault.what} {fault.fix}" for fault in refused(raw))
    assert "There is no field type “mood”" in said or "there is no field type “mood”" in said
    assert "several_choices" in said  # what there is
    for word in ("pydantic", "instance", "tuple", "dict", "Extra inputs"):
        assert word not in said


@pytest.mark.parametrize("wrap", [lambda held: [held], lambda held: {"x": held}], ids=["list", "object"])
@pytest.mark.parametrize("name", ["title", "pages", "extra"])
def test_endless_nesting_is_refused_at_once(wrap: Any, name: str) -> None:
    held: Any = 1
    for _ in range(20_000):
        held = wrap(held)
    assert places(form(**{name: held})) == [""]


def test_groups_nest_so_far() -> None:
    def nested(depth: int) -> dict[str, Any]:
        item: dict[str, Any] = TEXT
        for number in range(depth):
            item = {"id": f"g{number}", "type": "group", "items": [item]}
        return form(item)

    parse(nested(MOST_DEPTH - 1))
    assert len(places(nested(MOST_DEPTH))) == 1


def test_so_many_fields_and_no_more() -> None:
    many = [TEXT | {"id": f"f{number}"} for number in range(5_001)]
    parse(form(*many[:-1]))
    assert places(form(*many)) == ["/pages"]


def test_a_flood_of_faults_is_cut_off() -> None:
    assert len(places(form(extra=[float("nan")] * 10_000))) == 100


def test_whole_numbers_may_be_written_with_a_point() -> None:
    one = parse(form(TEXT | {"settings": {"max_length": 5.0}}))
    other = parse(form(TEXT | {"settings": {"max_length": 5}}))
    assert one == other and one.sha256 == other.sha256


def test_what_is_as_usual_is_not_written() -> None:
    written = parse(form(TEXT | {"settings": {}, "hint": None, "personal": False})).as_json()
    assert written["pages"][0]["items"][0] == TEXT | {"compulsory": False}


def test_a_definition_does_not_change() -> None:
    definition = parse(form(TEXT))
    with pytest.raises(Exception, match="frozen"):
        definition.kind = "feedback"  # type: ignore[assignment]
    with pytest.raises(Exception, match="frozen"):
        definition.by_id["a"].settings.max_length = 5


def test_order_of_members_is_no_part_of_the_hash() -> None:
    raw = tiny("rating")
    assert parse(raw).sha256 == parse(dict(reversed(raw.items()))).sha256
    assert parse(raw).sha256 != parse(raw | {"kind": "feedback"}).sha256


def test_pointers_are_escaped_and_leave_out_only_the_tags_of_items() -> None:
    assert pointer(()) == ""
    assert (
        pointer(("pages", 0, "items", 2, "<group>", "items", 0, "<field>", "<field>"))
        == "/pages/0/items/2/items/0/<field>"
    )
    assert pointer(("a/b", "~", "")) == "/a~1b/~0/"


@pytest.mark.parametrize("name", all_tiny())
def test_the_schema_takes_the_tiny_definitions(name: str) -> None:
    SCHEMA.validate(tiny(name))
    SCHEMA.validate(parse(tiny(name)).as_json())


def test_the_schema_is_a_schema_and_its_copy_is_current() -> None:
    from pathlib import Path

    Draft202012Validator.check_schema(schema.json_schema())
    copy_ = Path(__file__).parents[2] / "docs" / "definition.schema.json"
    assert copy_.read_text("utf-8") == schema.as_text(), (
        "run: python -m formsite.definition.schema > docs/definition.schema.json"
    )


def test_the_schema_knows_every_type_and_its_settings() -> None:
    made = schema.json_schema()
    assert made["$defs"]["Field"]["properties"]["type"]["enum"] == list(registry.names())
    assert len(made["$defs"]["Field"]["allOf"]) == len(registry.names())
    wrong = form(TEXT | {"settings": {"decimals": 2}})
    assert not SCHEMA.is_valid(wrong)
    assert SCHEMA.is_valid(form(TEXT | {"type": "number", "settings": {"decimals": 2}}))
    assert not SCHEMA.is_valid(form(TEXT | {"shown_if": {"op": "are"}}))


def test_starters_are_definitions() -> None:
    from pathlib import Path

    import formsite.designer.starters as starters

    found = sorted(Path(starters.__file__).parent.glob("*.json"))
    assert found
    for path in found:
        raw = json.loads(path.read_text("utf-8"))
        assert isinstance(parse(raw), Definition)
        SCHEMA.validate(raw)
