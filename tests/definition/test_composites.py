"""Fields made of parts keep laws of their own: whatever a page sends, the parts and the whole agree."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from formsite.definition.checks import faults
from formsite.definition.controls import Drawing, controls
from formsite.definition.document import Field, parse
from formsite.definition.faults import Faulty
from formsite.definition.fieldtypes import Value, registry
from formsite.definition.fieldtypes.composites import Composite
from formsite.definition.flow import Plan
from formsite.definition.state import Taken
from formsite.definition.messages import Message, languages, render, words
from formsite.foundation import clock
from formsite.responses.merging import Table
from tests.definition.test_conformance import GIVEN, SENT, answered_in_parts
from tests.support.definitions import field, form, tiny

NOW = clock.now().date()  # samples keep to the days that are allowed now
ROWS = [{"id": name, "label": {"en": name.title()}} for name in ("a", "b", "c")]
COLUMNS = [{"id": name, "label": {"en": name.upper()}} for name in ("x", "y", "z")]
LEVELS = {"choices": [{"id": "low", "label": {"en": "Low"}}, {"id": "high", "label": {"en": "High"}}]}
MATRIX = {"rows": ROWS, "columns": COLUMNS}
VARIED: dict[str, list[dict[str, Any]]] = {
    "several_texts": [{"items": ROWS, "lines": True}, {"items": ROWS, "compulsory_rows": "any"}],
    "several_numbers": [
        {"items": ROWS},
        {"items": ROWS, "sum_is": 7.5, "decimals": 1},
        {"items": ROWS, "sum_is": -12, "min": -5},
        {"items": ROWS, "sum_least": 100, "max": 40},
        {"items": ROWS, "sum_most": -3},
        {"items": ROWS, "sum_least": 3, "sum_most": 4, "min": 1},
        {"items": ROWS, "max": -2},
    ],
    "constant_sum": [{"items": ROWS}, {"items": ROWS, "total": 0.3, "decimals": 2}, {"items": ROWS, "total": 3, "min": 1}],
    "matrix_one": [MATRIX | {"each_row_unique": True}, MATRIX | {"compulsory_rows": "any"}],
    "likert": [MATRIX, {"rows": ROWS, "random": True}],
    "matrix_several": [MATRIX | {"min_choices": 2, "max_choices": 2}],
    "matrix_number": [MATRIX | {"min": -1, "max": 1, "decimals": 3}],
    "matrix_mixed": [
        {"rows": ROWS, "columns": [{**COLUMNS[0], "type": "dropdown", "settings": LEVELS}, {**COLUMNS[1], "type": "rating"}]},
        {"rows": ROWS, "columns": [{**COLUMNS[0], "type": "yes_no"}, {**COLUMNS[1], "type": "number", "compulsory": True}]},
    ],
    "full_name": [{}],
    "address": [{}, {"parts": ["city"], "optional": []}],
    "date_range": [{"one_end": True}, {"earliest": "today"}],
    "time_range": [{}],
    "number_range": [{"min": 1, "max": 2}, {"decimals": 2}],
}  # fmt: skip


def _fields() -> list[Any]:
    made = []
    for kind in registry.all():
        if kind.composite:
            own = parse(tiny(kind.name)).by_id["asked"]
            for number, one in enumerate([own, *(field(kind.name, each) for each in VARIED.get(kind.name, ()))]):
                made.append(pytest.param(one, id=f"{kind.name}-{number}"))
    return made


each_field = pytest.mark.parametrize("asked", _fields())


def planned(asked: Field, **members: Any) -> Plan:
    """A form of this field alone, under the members given."""
    raw = asked.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    return Plan(parse(form(raw | members)))


def kind_of(asked: Field) -> Composite:
    """Its type, which is one of those made of parts."""
    assert isinstance(asked.kind, Composite)
    return asked.kind


def sent_to(plan: Plan, sent: dict[str, list[str]], kept: dict[str, Any] | None = None) -> Taken:
    """The page with all of it asked."""
    return plan.take("the_page", sent, kept or {}, asked=tuple(plan.questions), language="en", today=NOW)


def keys(taken: Taken) -> dict[str, list[str]]:
    """What is wrong, by path."""
    return {path: [message.key for message in messages] for path, messages in taken.errors.items()}


@each_field
def test_parts_are_fields_with_paths_of_their_own(asked: Field) -> None:
    parts = asked.kind.parts(asked)
    assert parts and len({part.id for part in parts}) == len(parts)
    for part in parts:
        assert part.id.startswith("asked-") and part.label.say("en").strip()
        assert part.kind.holds_answer and not part.kind.parts(part)
        assert part.kind.faults(part) == [] and part.personal is asked.personal


@each_field
def test_a_composite_could_be_published_and_is_written_as_it_was_read(asked: Field) -> None:
    plan = planned(asked)
    assert [fault for fault in faults(plan.definition) if not fault.where.endswith("/why")] == []
    written = plan.definition.as_json()
    assert parse(json.loads(json.dumps(written))) == plan.definition and parse(written).as_json() == written


@each_field
def test_samples_of_all_parts_are_accepted_together(asked: Field) -> None:
    plan = planned(asked, compulsory=True, why={"en": "Because"})
    for seed in range(30):
        taken = sent_to(plan, answered_in_parts(asked, seed))
        assert taken.errors == {}
        fitting = kind_of(asked).sample_parts(asked, random.Random(seed))
        assert taken.answers == {f"asked-{local}": value for local, value in fitting.items()}


@each_field
def test_what_was_taken_is_typed_and_taken_again(asked: Field) -> None:
    plan = planned(asked)
    for seed in range(20):
        once = sent_to(plan, answered_in_parts(asked, seed))
        typed = {path: plan.field(path).kind.typed(value, plan.field(path)) for path, value in once.answers.items()}
        again = sent_to(plan, typed, once.answers)
        assert (again.answers, again.errors) == (once.answers, {})


@each_field
def test_parts_may_be_given_as_one_object(asked: Field) -> None:
    plan, answers = planned(asked), kind_of(asked).sample_parts(asked, random.Random(3))
    loaded, errors = plan.load({"asked": _nested(answers)}, "en")
    assert errors == {} and loaded == {f"asked-{local}": value for local, value in answers.items()}


def _nested(answers: dict[str, Value]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for local, value in answers.items():
        row, _, column = local.partition("-")
        if column:
            out.setdefault(row, {})[column] = value
        else:
            out[row] = value
    return out


@each_field
def test_a_page_of_hostile_input_is_taken_or_refused_in_words(asked: Field) -> None:
    plan = planned(asked, compulsory=True)
    names = [part.id for part in asked.kind.parts(asked)]
    for raw in SENT:
        taken = sent_to(plan, {"asked": raw, "asked-nowhere": raw, **dict.fromkeys(names[:3], raw)})
        assert set(taken.answers) <= set(names) and set(taken.typed) <= set(names)
        assert json.dumps(taken.answers, allow_nan=False) and set(taken.errors) <= {"asked", *names}
        for message in (message for messages in taken.errors.values() for message in messages):
            for language in languages():
                assert "{" not in render(message, language).replace("{label}", "").replace("{n}", "")


@each_field
def test_what_is_given_from_elsewhere_never_stops_it(asked: Field) -> None:
    plan = planned(asked)
    names = [part.id for part in asked.kind.parts(asked)]
    for given in GIVEN:
        loaded, _ = plan.load({"asked": given, names[0]: given}, "en")
        assert set(loaded) <= set(names)
        plan.errors(plan.state(loaded, NOW), "en", NOW)


@each_field
def test_only_a_compulsory_one_misses_something(asked: Field) -> None:
    assert keys(sent_to(planned(asked), {})) == {path: [_missing(asked, path)] for path in _always(asked)}
    plan = planned(asked, compulsory=True)
    found = keys(sent_to(plan, {}))
    how = asked.kind.compulsory_parts(asked)
    parts = {part.id: part for part in asked.kind.parts(asked)}
    if how == "any":
        assert found == {"asked": [asked.kind.missing]}
    else:
        must = parts if how == "all" else {name: part for name, part in parts.items() if part.compulsory is True}
        assert must and found == {name: [part.kind.missing] for name, part in must.items()}
    assert "asked" in plan.state({}, NOW).compulsory  # the word beside the whole says so


def _always(asked: Field) -> list[str]:
    """Parts that are compulsory whether the whole is or not."""
    how = asked.kind.compulsory_parts(asked)
    return [part.id for part in asked.kind.parts(asked) if part.compulsory is True and how != "own"]


def _missing(asked: Field, path: str) -> str:
    return next(part.kind.missing for part in asked.kind.parts(asked) if part.id == path)


@each_field
def test_every_part_stands_in_one_row_of_the_grid(asked: Field) -> None:
    grid = asked.kind.grid(asked)
    if grid is None:
        return
    placed = [name for row in grid.rows for name in row.parts]
    assert sorted(f"asked-{name}" for name in placed) == sorted(part.id for part in asked.kind.parts(asked))
    assert all(len(row.parts) in (1, len(grid.columns)) for row in grid.rows)
    assert len({row.id for row in grid.rows}) == len(grid.rows)


@each_field
def test_each_part_has_its_columns_in_an_export(asked: Field) -> None:
    plan = planned(asked)
    table = Table(plan.definition, {}, personal=True)
    assert len(set(table.names)) == len(table.names)
    answers = {f"asked-{local}": v for local, v in kind_of(asked).sample_parts(asked, random.Random(1)).items()}
    cells = table.cells(answers)
    assert set(cells) == set(table.names) and all(cells[path] not in (None, "") for path in answers)
    assert set(table.cells({}).values()) == {None}


@each_field
def test_nothing_is_said_in_english_to_somebody_else(asked: Field) -> None:
    """The words that the program itself puts beside parts are in the catalogue of every language."""
    for language in languages():
        assert isinstance(asked.kind.help(asked, language), str)
        for part in asked.kind.parts(asked):
            assert part.label.say(language).strip()


# -- one by one ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "settings", "sent", "wrong"),
    [
        ("constant_sum", {"items": ROWS}, {"a": "60", "b": "40"}, {}),
        ("constant_sum", {"items": ROWS}, {"a": "60", "b": "41"}, {"asked": ["sum_is"]}),
        ("constant_sum", {"items": ROWS, "decimals": 1, "total": 0.3}, {"a": "0.1", "b": "0.2"}, {}),
        ("several_numbers", {"items": ROWS, "sum_least": 3}, {"a": "2"}, {"asked": ["sum_least"]}),
        ("several_numbers", {"items": ROWS, "sum_most": 3}, {"a": "2", "b": "2"}, {"asked": ["sum_most"]}),
        ("several_numbers", {"items": ROWS, "sum_least": 3}, {}, {}),
        ("several_numbers", {"items": ROWS, "max": 1}, {"a": "2"}, {"asked-a": ["number_most"]}),
        ("matrix_one", MATRIX | {"each_row_unique": True}, {"a": "x", "b": "x"}, {"asked": ["rows_same"]}),
        ("matrix_one", MATRIX | {"each_row_unique": True}, {"a": "x", "b": "y"}, {}),
        ("matrix_one", MATRIX, {"a": "nowhere"}, {"asked-a": ["not_a_choice"]}),
        ("date_range", {}, {"from": "2026-02-01", "to": "2026-01-31"}, {"asked": ["range_order"]}),
        ("date_range", {}, {"from": "2026-02-01", "to": "2026-02-01"}, {}),
        ("date_range", {}, {"from": "2026-02-01"}, {"asked": ["range_both"]}),
        ("date_range", {"one_end": True}, {"to": "2026-02-01"}, {}),
        ("time_range", {}, {"from": "9:00", "to": "8:30"}, {"asked": ["range_order"]}),
        ("number_range", {}, {"from": "9", "to": "10"}, {}),
        ("address", {}, {"country": "XX"}, {"asked-country": ["not_a_choice"]}),
    ],
)
def test_the_whole_is_checked(
    type_: str, settings: dict[str, Any], sent: dict[str, str], wrong: dict[str, list[str]]
) -> None:
    taken = sent_to(planned(field(type_, settings)), {f"asked-{local}": [text] for local, text in sent.items()})
    assert keys(taken) == wrong


def test_a_row_that_is_not_shown_asks_nothing() -> None:
    shown_if = {"op": "is", "left": {"field": "moved"}, "right": {"value": True}}
    moved = {"id": "moved", "type": "yes_no", "label": {"en": "Moved?"}}
    rows = [ROWS[0], ROWS[1] | {"shown_if": shown_if}]
    matrix = {"id": "asked", "type": "matrix_one", "label": {"en": "?"}, "compulsory": True}
    plan = Plan(parse(form(moved, matrix | {"settings": {"rows": rows, "columns": COLUMNS}})))
    assert faults(plan.definition) == ()
    assert keys(sent_to(plan, {"moved": ["false"], "asked-b": ["x"]})) == {"asked-a": ["missing_choice"]}
    assert "asked-b" in sent_to(plan, {"moved": ["true"]}).errors
    none = Plan(parse(form(moved, matrix | {"settings": {"rows": rows[1:], "columns": COLUMNS}})))
    hidden = none.state({"moved": False}, NOW)
    assert hidden.shown == ["moved"] and hidden.compulsory == set()


def test_a_rule_may_make_it_compulsory_and_its_parts_with_it() -> None:
    rule = {"op": "is", "left": {"field": "moved"}, "right": {"value": True}}
    moved = {"id": "moved", "type": "yes_no", "label": {"en": "Moved?"}}
    name = {
        "id": "asked",
        "type": "full_name",
        "label": {"en": "Name"},
        "settings": {"middle": True},
        "compulsory": rule,
    }
    plan = Plan(parse(form(moved, name)))
    assert keys(sent_to(plan, {"moved": ["false"]})) == {}
    assert keys(sent_to(plan, {"moved": ["true"]})) == {
        "asked-given": ["missing_name"],
        "asked-family": ["missing_name"],
    }
    assert plan.questions["asked-given"].field.compulsory == plan.definition.by_id["asked"].compulsory


def test_the_designers_words_for_a_missing_answer_name_the_part() -> None:
    plan = planned(field("matrix_one", MATRIX, compulsory=True, compulsory_message={"en": "Please rate it"}))
    assert [render(m, "en") for m in sent_to(plan, {}).errors["asked-a"]] == ["A: Please rate it"]


@pytest.mark.parametrize(
    ("raw", "stored", "wrong"),
    [
        (["a@example.org", "a@EXAMPLE.org"], "a@example.org", None),
        (["a@example.org", "b@example.org"], None, "email_differs"),
        (["a@example.org"], None, "email_again"),
        (["a@example.org", ""], None, "email_again"),
        (["", ""], None, None),
        (["a@example.org"] * 3, None, "one_answer"),
        (["a", "a"], None, "email"),
    ],
)
def test_an_address_is_typed_twice_and_kept_once(raw: list[str], stored: str | None, wrong: str | None) -> None:
    taken = sent_to(planned(field("email_confirmed")), {"asked": raw})
    assert taken.answers == ({"asked": stored} if stored else {})
    assert keys(taken) == ({"asked": [wrong]} if wrong else {})


def test_likert_speaks_the_language_of_the_form_and_is_scored() -> None:
    asked = field("likert", {"rows": ROWS})
    grid = asked.kind.grid(asked)
    assert grid is not None
    assert [column.say("de") for column in grid.columns] == [words("de")[key] for key in _AGREEMENT]
    assert Plan(parse(form(_raw(asked)))).scope.scores["asked-a"] == {str(n): n for n in range(1, 6)}


_AGREEMENT = ("agree_not_at_all", "agree_not", "agree_neither", "agree_rather", "agree_fully")


def _raw(asked: Field) -> dict[str, Any]:
    out: dict[str, Any] = asked.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    return out


@pytest.mark.parametrize(
    ("type_", "settings", "where"),
    [
        ("several_texts", {}, "/settings/items"),
        ("matrix_one", {"rows": ROWS}, "/settings/columns"),
        ("matrix_text", {"columns": COLUMNS}, "/settings/rows"),
        ("likert", {"rows": [{"id": "a", "label": {}}]}, "/settings/rows/0/label"),
        ("matrix_one", {"rows": ROWS, "columns": COLUMNS[:2], "each_row_unique": True}, "/settings/each_row_unique"),
        ("constant_sum", {"items": ROWS, "total": 2, "min": 1}, "/settings/total"),
        ("constant_sum", {"items": ROWS, "total": 0.5}, "/settings/total"),
        ("several_numbers", {"items": ROWS, "sum_least": 4, "sum_most": 3}, "/settings/sum_least"),
        ("several_numbers", {"items": ROWS, "min": 4, "max": 3}, "/settings/max"),
        ("matrix_several", MATRIX | {"min_choices": 4}, "/settings/min_choices"),
        ("matrix_mixed", {"rows": ROWS, "columns": [COLUMNS[0] | {"type": "dropdown"}]}, "/settings/columns/0/settings/choices"),
        ("date_range", {"earliest": "2026-02-01", "latest": "2026-01-01"}, "/settings/latest"),
        ("address", {"countries": ["QQ"]}, "/settings/countries"),
    ],
)  # fmt: skip
def test_what_nobody_could_answer_is_a_fault(type_: str, settings: dict[str, Any], where: str) -> None:
    asked = field(type_, settings)
    assert [fault.where for fault in asked.kind.faults(asked)] == [where]


@pytest.mark.parametrize(
    ("type_", "settings", "where"),
    [
        ("several_texts", {"items": [ROWS[0], ROWS[0]]}, "/items"),
        ("several_texts", {"items": [{"id": "a-b", "label": {}}]}, "/items/0/id"),
        ("several_texts", {"items": [{"id": "a", "label": 5}]}, "/items/0/label"),
        ("matrix_one", {"columns": [{"id": "a", "label": {}, "capacity": 3}]}, "/columns/0/capacity"),
        ("matrix_mixed", {"columns": [{"id": "a", "label": {}, "type": "file"}]}, "/columns/0/type"),
        ("matrix_mixed", {"columns": [{"id": "a", "label": {}, "settings": {"min": 1}}]}, "/columns/0/settings/min"),
        ("address", {"parts": ["city", "city"]}, "/parts"),
        ("address", {"parts": []}, "/parts"),
    ],
)
def test_what_is_no_setting_is_told_by_its_place(type_: str, settings: dict[str, Any], where: str) -> None:
    with pytest.raises(Faulty) as refusal:
        field(type_, settings)
    assert [fault.where for fault in refusal.value.faults] == [f"/pages/0/items/0/settings{where}"]


def test_a_matrix_has_so_many_cells_and_no_more() -> None:
    rows = [{"id": str(n), "label": {"en": "x"}} for n in range(50)]
    most = field("matrix_text", {"rows": rows[:40], "columns": rows})
    assert len(most.kind.parts(most)) == 2_000
    with pytest.raises(Faulty, match="2000 cells"):
        field("matrix_text", {"rows": rows[:41], "columns": rows})


def test_the_cells_of_all_matrices_count_towards_what_a_form_may_hold() -> None:
    rows = [{"id": str(n), "label": {"en": "x"}} for n in range(50)]
    matrix = {"type": "matrix_text", "label": {"en": "?"}, "settings": {"rows": rows, "columns": rows[:40]}}
    assert parse(form(*({"id": f"m{n}"} | matrix for n in range(2))))
    with pytest.raises(Faulty, match="6000 fields and cells"):
        parse(form(*({"id": f"m{n}"} | matrix for n in range(3))))


@pytest.mark.parametrize("type_", ["several_texts", "matrix_one", "matrix_text"])
def test_no_two_things_on_a_page_share_an_id_whatever_rows_are_called(type_: str) -> None:
    names = [{"id": name, "label": {"en": name}} for name in ("error", "hint", "help", "why", "label", "again", "row")]
    settings = {"items": names} if type_ == "several_texts" else {"rows": names, "columns": names}
    plan = planned(field(type_, settings, hint={"en": "Hint"}, why={"en": "Why"}, compulsory=True))
    taken = sent_to(plan, {})
    drawing = Drawing(plan, taken.state, "en", errors={"asked": [Message("rows_same")], **taken.errors})
    page = Environment(loader=FileSystemLoader("templates"), autoescape=True, undefined=StrictUndefined)
    html = page.from_string('{% from "fields/field.html" import parts %}{{ parts(items) }}').render(
        items=drawing.page(plan.definition.pages[0])
    )
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) > 20 and len(set(ids)) == len(ids)
    described = {
        name for held in re.findall(r' aria-(?:describedby|labelledby)="([^"]+)"', html) for name in held.split()
    }
    assert described <= set(ids)


def test_in_a_group_that_repeats_each_instance_is_a_whole_of_its_own() -> None:
    matrix = {"id": "asked", "type": "matrix_one", "label": {"en": "?"}, "compulsory": True, "settings": MATRIX}
    share = {"id": "share", "type": "constant_sum", "label": {"en": "?"}, "settings": {"items": ROWS, "total": 3}}
    name = {"id": "called", "type": "full_name", "label": {"en": "?"}}
    group = {"id": "kids", "type": "group", "repeat": {"start": 2}, "items": [matrix, share, name]}
    plan = Plan(parse(form(group)))
    assert faults(plan.definition) == ()
    sent = {"kids": ["2"], "kids-1-share-a": ["3"], "kids-0-share-a": ["4"], "kids-1-called-given": ["Zoë"]}
    rows = {f"kids-0-asked-{row}": ["x"] for row in "abc"} | {"kids-1-asked-b": ["y"]}
    taken = plan.take("the_page", sent | rows, {}, asked=(), language="en", today=NOW)
    assert keys(taken) == {
        "kids-0-share": ["sum_is"],
        "kids-1-asked-a": ["missing_choice"],
        "kids-1-asked-c": ["missing_choice"],
    }
    assert taken.answers["kids-1-asked-b"] == "y" and taken.answers["kids-1-called-given"] == "Zoë"
    first, second = controls_of(plan, taken)
    assert [row.cells[0].typed for row in first.grid.rows] == [("x",)] * 3
    assert [row.cells[0].id for row in second.grid.rows] == [f"kids-1-asked-{row}" for row in "abc"]


def controls_of(plan: Plan, taken: Taken) -> list[Any]:
    """The matrices as they are drawn."""
    drawn = Drawing(plan, taken.state, "en", typed=taken.typed).page(plan.definition.pages[0])
    return [control for control in controls(drawn) if control.type == "matrix_one"]


def test_who_leaves_a_wanted_one_empty_is_asked_once() -> None:
    plan = planned(field("matrix_one", MATRIX, wanted=True))
    assert sent_to(plan, {}).unsure == ["asked"]
    assert sent_to(plan, {"asked-a": ["x"]}).unsure == []
    again = plan.take("the_page", {}, {}, asked=(), language="en", today=NOW, sure=["asked"])
    assert again.unsure == []


def test_what_is_wrong_names_the_whole_and_the_instance() -> None:
    """Of two ranges, or two children, a list of problems must say which one is meant."""
    label = {"label": {"en": "Stay"}}
    child = {"id": "age", "type": "number", "label": {"en": "Age?"}, "compulsory": True}
    group = {"id": "child", "type": "group", "label": {"en": "Child"}, "repeat": {"start": 2}, "items": [child]}
    plan = Plan(parse(form({"id": "stay", "type": "number_range", **label}, group)))
    taken = plan.take(
        "the_page", {"stay-from": ["x"], "child": ["2"], "child-0-age": ["3"]}, {}, asked=(), language="en", today=NOW
    )
    said = {path: words("en").say(message) for path, [message] in taken.errors.items()}
    assert said["stay-from"] == "“Stay: From”: enter a number, in digits"
    assert said["child-1-age"] == "“Child 2: Age?”: enter a number"
    drawn = {c.id: c for c in controls(Drawing(plan, taken.state, "en").page(plan.definition.pages[0]))}
    assert drawn["child-1-age"].missing == said["child-1-age"]
