"""Particulars of the engine's names, lists, totals and keys: each line was seen in SurveyJS itself (survey-core 3.1)."""

from __future__ import annotations

from typing import Any

import pytest

from formsite.definition import checks
from tests.interchange.test_surveyjs import MANY, PICK, TEXT, bring, lost, tried

NUMBER = {"type": "text", "inputType": "number"}
GROUP = {
    "type": "paneldynamic",
    "name": "p",
    "templateElements": [{"type": "text", "name": "t"}, {**NUMBER, "name": "n"}],
}
TABLE = {
    "type": "matrixdropdown",
    "name": "m",
    "columns": [
        {"name": "n", "cellType": "text", "inputType": "number", "totalType": "sum"},
        {"name": "own", "cellType": "text", "totalType": "sum", "totalExpression": "1 + 1"},
    ],
    "rows": ["a", "b"],
}
RANGE = {"type": "slider", "name": "s", "sliderType": "range"}
DAYS = [{"type": "text", "inputType": "date", "name": name} for name in ("from", "to")]
TICKED = {"type": "tagbox", "name": "tags", "choices": ["x", "y"]}


def shows(condition: str, given: dict[str, Any], *before: dict[str, Any]) -> bool:
    """Whether a question with that condition is shown after some others."""
    asked = {"type": "text", "name": "asked", "visibleIf": condition}
    assert not [loss for loss in bring([*before, asked]).losses if loss.where.startswith("asked")]
    return "asked" in tried([*before, asked], given)["shown"]


@pytest.mark.parametrize(
    ("condition", "given", "holds"),
    [
        ("{many} contains {tags}", {"many": ["x"]}, True),
        ("{many} contains {tags}", {"tags": ["x"]}, False),
        ("{many} allof {tags}", {}, True),
        ("{many} allof {tags}", {"many": ["x"], "tags": ["x", "y"]}, False),
        ("{many} notcontains {tags}", {}, True),
        ("!{many}", {}, False),
        ("iif({many}, 1, 2) = 1", {}, True),
        ("{many.1} = 'y'", {"many": ["x", "y"]}, True),
        ("{$a} = 'v'", {"a": "v"}, True),
        ("{$a.value} = 'v'", {"a": "v"}, True),
        ("{a} + {tags} notempty", {}, False),
        ("({a} + {pick}) noneof 'x'", {}, True),
        ("{n} >= 'x'", {"n": 5}, False),
        ("{a} >= {b}", {"a": "Ada", "b": "ada"}, True),
        ("diffDays({from}, {to}) < 5", {}, True),
        ("diffDays({from}, {to}) < 5", {"from": "2026-01-01", "to": "2026-02-01"}, False),
        ("{m-total.n} = 7", {"m": {"a": {"n": 3}, "b": {"n": 4}}}, True),
        ("{m-total.n} = 0", {}, True),
        ("{m-total.none} empty", {}, True),
        ("{p.1.t} = 'v'", {"p": [{}, {"t": "v"}]}, True),
        ("sumInArray({p}, 'n', 't') = 5", {"p": [{"n": 2}, {"n": 3}]}, True),
        ("sumInArray({p}, 'n', 't', {t} = 'v') = 3", {"p": [{"n": 2}, {"n": 3, "t": "v"}]}, True),
        ("{s[0]} < {s[1]}", {"s": [10, 20]}, True),
        ("{s[0]} notempty", {}, False),
    ],
)
def test_conditions(condition: str, given: dict[str, Any], holds: bool) -> None:
    numbers = {**NUMBER, "name": "n"}
    before = [TEXT, {**TEXT, "name": "b"}, PICK, MANY, TICKED, numbers, GROUP, TABLE, RANGE, *DAYS]
    assert shows(condition, given, *before) is holds


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("{ a } = 'v'", "there is no question “ a ”"),
        ("{$gone.value} = 1", "there is no question “$gone.value”"),
        ("{$a.isEmpty}", "how a question is set up"),
        ("{m-total.own} = 2", "an expression of its own"),
        ("maxInArray({p}, 'n', 't') = 'v'", "another column"),
    ],
)
def test_conditions_that_are_lost_or_count_as_empty(condition: str, why: str) -> None:
    asked = {"type": "text", "name": "asked", "visibleIf": condition}
    assert why in lost([TEXT, TABLE, GROUP, asked])


# -- keys --------------------------------------------------------------------------------------------------------------
KEYED = {
    "type": "matrixdynamic",
    "name": "k",
    "columns": [
        {"name": "id", "cellType": "text"},
        {"name": "u", "cellType": "dropdown", "choices": [1, 2], "isUnique": True},
        {"name": "c", "cellType": "checkbox", "choices": ["x", "y"], "isUnique": True},
    ],
}


@pytest.mark.parametrize(
    ("more", "entries", "wrong"),
    [
        ({}, [{"u": 1}, {"u": 2}], []),
        ({}, [{"u": 1}, {"u": 2}, {}, {"u": 1}], ["k-0-u", "k-3-u"]),
        ({}, [{"c": ["x", "y"]}, {"c": ["x", "y"]}, {"c": ["x"]}], ["k-0-c", "k-1-c"]),
        ({}, [{"id": "a"}, {"id": "a"}], []),
        ({"keyName": "id"}, [{"id": "a"}, {"id": "A"}, {"id": "aa"}], ["k-0-id", "k-1-id"]),
        ({"keyName": "id", "useCaseSensitiveComparison": True}, [{"id": "a"}, {"id": "A"}], []),
        ({"keyName": "id"}, [{}, {}], []),
    ],
)
def test_rows_with_a_key(more: dict[str, Any], entries: list[Any], wrong: list[str]) -> None:
    assert sorted(tried([{**KEYED, **more}], {"k": entries})["errors"]) == wrong


def test_entries_with_a_key_may_have_it_once() -> None:
    keyed = {**GROUP, "keyName": "t", "keyDuplicationError": "Twice!"}
    errors = tried([keyed], {"p": [{"t": "a"}, {"t": "b"}, {"t": "a"}, {"t": "A"}, {"t": "b"}]})["errors"]
    assert errors == {"p-2-t": ["Twice!"], "p-4-t": ["Twice!"]}
    numbers = tried([{**GROUP, "keyName": "n"}], {"p": [{"n": 5}, {"n": 5.0}, {"n": 55}]})["errors"]
    assert list(numbers) == ["p-1-n"]


def test_fixed_rows_with_a_column_that_is_unique() -> None:
    column = {"name": "u", "cellType": "radiogroup", "choices": ["a", "b"], "isUnique": True}
    table = {"type": "matrixdropdown", "name": "m", "columns": [column], "rows": [1, 2, 3]}
    assert not tried([table], {"m": {"1": {"u": "a"}, "2": {"u": "b"}}})["errors"]
    assert list(tried([table], {"m": {"1": {"u": "a"}, "3": {"u": "a"}}})["errors"]) == ["m"]


# -- values from the start, and what is hidden with its choices --------------------------------------------------------
def test_several_texts_and_choices_may_be_there_from_the_start() -> None:
    texts = {"type": "multipletext", "name": "mt", "items": [{"name": "x"}], "defaultValue": {"x": "here"}}
    ticked = {**MANY, "defaultValue": ["x", "y"]}
    asked = {"type": "text", "name": "asked", "visibleIf": "{mt.x} = 'here' and {many} = ['y', 'x']"}
    assert "asked" in tried([texts, ticked, asked])["shown"]
    assert "asked" not in tried([texts, ticked, asked], {"many": ["x"]})["shown"]


@pytest.mark.parametrize(
    ("mode", "given", "shown"),
    [
        ("selected", {}, False),
        ("selected", {"many": ["x"]}, True),
        ("unselected", {}, True),
        ("unselected", {"many": ["x", "y", "z"]}, False),
        ("all", {}, True),
    ],
)
def test_a_question_without_choices_left_may_hide(mode: str, given: dict[str, Any], shown: bool) -> None:
    rest = {"type": "checkbox", "name": "rest", "choicesFromQuestion": "many", "hideIfChoicesEmpty": True}
    survey = [MANY, {**rest, "choicesFromQuestionMode": mode}]
    assert ("rest" in tried(survey, given)["shown"]) is shown


def test_a_row_of_boxes_takes_one_value_too() -> None:
    boxes = {"type": "matrix", "name": "m", "cellType": "checkbox", "columns": ["l", "h"], "rows": ["r"]}
    assert not tried([boxes], {"m": {"r": "l"}})["errors"]


# -- questions of several fields ---------------------------------------------------------------------------------------
CELLS = {"columns": [{"name": "c", "cellType": "text"}]}


@pytest.mark.parametrize(
    "question",
    [
        {"type": "multipletext", "items": [{"name": "x", "inputType": "number"}]},
        {"type": "matrixdynamic", **CELLS},
        {"type": "matrixdropdown", **CELLS, "rows": ["r"], "keyName": "c"},
        {"type": "paneldynamic", "templateElements": [{"type": "text", "name": "x"}]},
    ],
)
def test_a_question_of_several_fields_is_told_as_compulsory(question: dict[str, Any]) -> None:
    named = {**question, "name": "q"}
    assert tried([{**named, "isRequired": True}])["compulsory"] == ["q"]
    assert tried([{**named, "isRequired": True, "readOnly": True}])["compulsory"] == []
    survey = [TEXT, {**named, "requiredIf": "{a} = 'x'"}]
    assert tried(survey)["compulsory"] == [] and tried(survey, {"a": "x"})["compulsory"] == ["q"]


def test_one_in_an_entry_is_compulsory_there() -> None:
    inner = {"type": "matrixdynamic", "name": "m", **CELLS, "requiredIf": "{panel.t} = 'x'"}
    group = {**GROUP, "templateElements": [*GROUP["templateElements"], inner]}
    assert tried([group], {"p": [{}, {"t": "x"}]})["compulsory"] == ["p-1-m"]


def test_a_table_is_told_as_shown_without_any_row() -> None:
    table = {
        "type": "matrix",
        "name": "m",
        "columns": [1],
        "rows": ["x", "y"],
        "rowsVisibleIf": "{many} contains {item}",
    }
    assert tried([MANY, table])["shown"] == ["many", "m"]
    assert tried([MANY, {**table, "hideIfRowsEmpty": True}])["shown"] == ["many"]
    assert "m" in tried([MANY, {**table, "visibleIf": "{many} notempty"}], {"many": ["z"]})["shown"]
    assert "m" not in tried([MANY, {**table, "visibleIf": "{many} notempty"}])["shown"]


# -- what strangers write ----------------------------------------------------------------------------------------------
def test_a_loss_quotes_no_pages() -> None:
    trigger = {"type": "setvalue", "expression": "{a} = 1", "setToName": "x" * 50_000, "setValue": [[]]}
    losses = bring({"elements": [TEXT, MANY], "triggers": [trigger, {**trigger, "type": "y" * 50_000}]}).losses
    assert losses and all(len(loss.what) <= 500 and len(loss.why) <= 500 and loss.fix for loss in losses)


def test_a_calculated_value_that_looks_at_nothing_is_known() -> None:
    values = {"calculatedValues": [{"name": "c", "expression": "'a' + 'b'"}]}
    asked = {"type": "text", "name": "asked", "visibleIf": "{c} = 'ab'"}
    assert "asked" in tried({"elements": [asked], **values})["shown"]


def test_files_are_there_or_not() -> None:
    one, many = {"type": "file", "name": "one"}, {"type": "file", "name": "many", "allowMultiple": True}
    asked = {"type": "text", "name": "asked", "visibleIf": "{one} notempty and {many} notempty"}
    file = {"name": "a.png", "type": "image/png", "content": "data:image/png;base64,AA"}
    told = tried([one, many, asked], {"one": [file], "many": [file, file]})
    assert not told["errors"] and "asked" in told["shown"]
    assert "asked" not in tried([one, many, asked], {"one": [file], "many": []})["shown"]
    large = {"type": "file", "name": "q", "allowMultiple": True, "maxFiles": 5, "maxSize": 2**30}
    assert "20 MB each" in lost([large])


def test_a_question_in_an_entry_has_its_own_name_too() -> None:
    names = bring([GROUP, {"type": "text", "name": "n"}]).names
    assert names["p[].t"] == names["t"] and names["p[].n"] != names["n"]


@pytest.mark.parametrize(
    ("hidden", "condition", "given", "holds"),
    [
        ({"type": "text", "defaultValue": "v"}, "{h} = 'v'", {}, True),
        ({"type": "comment"}, "{h} = 'v'", {"h": "v"}, True),
        ({"type": "text", "inputType": "number", "defaultValueExpression": "{n} + 1"}, "{h} = 3", {"n": 2}, True),
        ({"type": "dropdown", "choices": [1, 2], "defaultValue": 2}, "{h} > 1", {}, True),
        ({"type": "boolean"}, "{h} = true", {"h": True}, False),
        ({"type": "text", "defaultValue": "v", "visibleIf": "{n} = 1"}, "{h} = 'v'", {}, False),
    ],
)
def test_what_nobody_sees_keeps_its_value(
    hidden: dict[str, Any], condition: str, given: dict[str, Any], holds: bool
) -> None:
    before = [{**NUMBER, "name": "n"}, {**hidden, "name": "h", "visible": False, "isRequired": True}]
    told = tried([*before, {"type": "text", "name": "asked", "visibleIf": condition}], given)
    assert ("asked" in told["shown"]) is holds and "h" not in [*told["shown"], *told["compulsory"], *told["errors"]]


def test_rules_see_a_text_that_is_wrong() -> None:
    mail = {"type": "text", "inputType": "email", "name": "m"}
    told = tried([mail, {"type": "text", "name": "asked", "visibleIf": "{m} = 'ada'"}], {"m": "ada"})
    assert "asked" in told["shown"] and list(told["errors"]) == ["m"]


@pytest.mark.parametrize(
    ("pattern", "more", "right", "wrong"),
    [
        (r"^(?=.*\d)(?=.*[a-z]).{4,}$", {}, "ab12", "abcd"),
        (r"^(?!.*[)\]]).+$", {}, "ab(", "ab)"),
        ("^(?=.*x).{3}$", {"caseInsensitive": True}, "aXa", "aaa"),
        ("^abc$", {"insensitive": True}, "ABC", "abcd"),
    ],
)
def test_patterns(pattern: str, more: dict[str, Any], right: str, wrong: str) -> None:
    asked = {"type": "text", "name": "q", "validators": [{"type": "regex", "regex": pattern, **more}]}
    assert not lost([asked])
    assert not tried([asked], {"q": right})["errors"] and tried([asked], {"q": wrong})["errors"]


@pytest.mark.parametrize("pattern", ["^(?=a)b|c", "(?=a)", "a(?=b)", "^(?<=a)b", "^(?=a"])
def test_patterns_that_look_elsewhere_are_lost(pattern: str) -> None:
    asked = {"type": "text", "name": "q", "validators": [{"type": "regex", "regex": pattern}]}
    assert "no pattern that formsite can use" in lost([asked])


def test_how_many_choices_are_looked_at_where_the_engine_does() -> None:
    few = {"choices": ["x", "y", "z"], "minSelectedChoices": 2, "maxSelectedChoices": 2}
    assert list(tried([{"type": "tagbox", "name": "q", **few}], {"q": ["x"]})["errors"]) == ["q"]
    assert not tried([{"type": "imagepicker", "multiSelect": True, "name": "q", **few}], {"q": ["x"]})["errors"]
    cells = {"type": "matrixdynamic", "name": "m", "columns": [{"name": "q", "cellType": "checkbox", **few}]}
    assert not tried([cells], {"m": [{"q": ["x", "y", "z"]}]})["errors"]


def test_half_an_entry_is_a_whole_one() -> None:
    group = {**GROUP, "bindings": {"panelCount": "a"}}
    assert "p-2-t" in tried([TEXT, group], {"a": "2.5"})["shown"]


# -- checks that look at what is asked later ---------------------------------------------------------------------------
PERIOD = [
    {"type": "text", "inputType": "date", "name": "from", "maxValueExpression": "{to}", "maxErrorText": "Too late"},
    {"type": "text", "inputType": "date", "name": "to", "minValueExpression": "{from}"},
]
FIRST, LAST = "2026-01-01", "2026-02-02"


@pytest.mark.parametrize("holder", [None, "panel"])
def test_bounds_may_look_at_each_other(holder: str | None) -> None:
    survey = PERIOD if holder is None else [{"type": "panel", "name": "pp", "elements": PERIOD}]
    assert not lost(survey) and not tried(survey, {"from": FIRST, "to": LAST})["errors"]
    wrong = tried(survey, {"from": LAST, "to": FIRST})["errors"]
    assert sorted(wrong) == ["from", "to"] and wrong["from"] == ["Too late"]
    assert not tried(survey, {"from": LAST})["errors"] and not tried(survey)["errors"]


def test_each_check_in_an_entry_is_told_of_its_own_question() -> None:
    inside = [
        {**each, f"{side}ValueExpression": f"{{panel.{other}}}"}
        for each, side, other in zip(PERIOD, ("max", "min"), ("to", "from"), strict=True)
    ]
    check = {"type": "expression", "expression": "{panel.a} != {panel.b}", "text": "The same"}
    pair = [{**TEXT, "validators": [check]}, {**TEXT, "name": "b"}]
    group = {"type": "paneldynamic", "name": "p", "templateElements": [*pair, *inside]}
    wrong = {"from": LAST, "to": FIRST, "a": "x", "b": "x"}
    errors = tried([group], {"p": [{"a": "x", "b": "y"}, wrong]})["errors"]
    assert sorted(errors) == ["p-1-a", "p-1-from", "p-1-to"]
    hidden = {**group, "templateElements": [{**pair[0], "visibleIf": "{panel.z} = 1"}, {**TEXT, "name": "b"}]}
    assert not tried([hidden], {"p": [{"a": "x", "b": "x"}]})["errors"]


@pytest.mark.parametrize("names", ["rR", "Rr"])
def test_names_that_differ_in_their_letters_only_are_two(names: str) -> None:
    survey = [{**TEXT, "name": name} for name in names]
    survey.append({"type": "text", "name": "small", "visibleIf": "{r} = 'x'"})
    survey.append({"type": "text", "name": "large", "visibleIf": "{R} = 'x'"})
    assert not lost(survey)
    assert tried(survey, {"R": "x"})["shown"] == [*names, "large"]
    assert tried(survey, {"r": "x"})["shown"] == [*names, "small"]
    alone = [{**TEXT, "name": "Kids"}, {"type": "text", "name": "asked", "visibleIf": "{kids} = 'x'"}]
    assert "asked" in tried(alone, {"Kids": "x"})["shown"]


def test_lines_and_cells_may_look_at_each_other() -> None:
    lines = [{**NUMBER, "name": "s", "maxValueExpression": "{q.t}"}, {**NUMBER, "name": "t"}]
    several = {"type": "multipletext", "name": "q", "items": lines}
    assert not lost([several])
    assert list(tried([several], {"q": {"s": 5, "t": 4}})["errors"]) == ["q-s"]
    column = {"name": "c", "cellType": "text", "visibleIf": "{q.b.c} = 'x'"}
    table = {"type": "matrixdropdown", "name": "q", "columns": [column], "rows": ["a", "b"]}
    assert "which is asked later" in lost([table])


@pytest.mark.parametrize("kind", ["radiogroup", "checkbox"])
def test_a_choice_may_open_a_text(kind: str) -> None:
    opening = {"value": "x", "text": "Ex", "showCommentArea": True, "isCommentRequired": True}
    survey = [{"type": kind, "name": "q", "choices": [opening, {"value": "y", "showCommentArea": True}, "z"]}]

    def told(value: Any) -> dict[str, Any]:
        return tried(survey, {"q": [value] if kind == "checkbox" else value})

    assert not lost(survey) and told("z")["shown"] == ["q"]
    assert told("x")["shown"] == ["q", "q-Comment"] and list(told("x")["errors"]) == ["q-Comment"]
    assert not told({"value": "x", "comment": "so"})["errors"] and not told("y")["errors"]


# -- more than a form can hold -----------------------------------------------------------------------------------------
CHECK = {"type": "expression", "expression": "{a} != 1"}


@pytest.mark.parametrize(
    ("survey", "what"),
    [
        ([{"type": "dropdown", "name": "q", "choices": list(range(2_005))}], "15 of its choices"),
        ([{"type": "dropdown", "name": "q", "choicesMin": 1, "choicesMax": 2_000}], "10 of its choices"),
        ([{"type": "matrix", "name": "q", "columns": list(range(60)), "rows": [1]}], "10 of its columns"),
        ([{"type": "matrix", "name": "q", "columns": [1], "rows": list(range(505))}], "5 of its rows"),
        ([{"type": "ranking", "name": "q", "choices": list(range(70))}], "that its choices are ranked"),
        ([{**TEXT, "validators": [CHECK] * 22}], "validators[21]"),
        (
            [
                {"type": "text", "name": "x" * 30_000},
                {"type": "matrix", "name": "q", "columns": ["y" * 30_000], "rows": [1]},
            ],
            "",
        ),
    ],
)
def test_what_is_too_much_is_named(survey: list[dict[str, Any]], what: str) -> None:
    assert what in lost(survey)


def test_more_lines_or_cells_than_a_field_holds_are_fields() -> None:
    several = {"type": "multipletext", "name": "q", "items": [{"name": f"i{at}"} for at in range(510)]}
    columns = [{"name": f"c{at}", "cellType": "text"} for at in range(21)]
    table = {"type": "matrixdropdown", "name": "t", "columns": columns, "rows": list(range(100))}
    imported = bring([several, table])
    assert imported.questions == 2_610 and not imported.losses


def test_more_pages_than_a_form_has_stand_together() -> None:
    pages = [{"name": f"p{at}", "elements": [{"type": "text", "name": f"q{at}"}]} for at in range(505)]
    skips = [(1, 20), (2, 503), (502, 503)]
    triggers = [{"type": "skip", "expression": f"{{q{at}}} = 1", "gotoName": f"q{to}"} for at, to in skips]
    imported = bring({"pages": pages, "triggers": [*triggers, *[triggers[0]] * 55]})
    assert (len(imported.definition.pages), imported.questions) == (500, 505)
    assert len(imported.definition.pages[1].jumps) == 50 and not imported.definition.pages[2].jumps
    told = "\n".join(loss.what for loss in imported.losses)
    assert "5 of the pages" in told and "a jump to or from the last pages" in told and "the jump" in told
    one_by_one = {"questionsOnPageMode": "questionPerPage", "elements": [each["elements"][0] for each in pages]}
    assert len(bring(one_by_one).definition.pages) == 1 and "500 pages" in lost(one_by_one)


def test_tables_that_share_their_rows_have_their_own_until_there_is_one() -> None:
    first = {"type": "matrixdynamic", "name": "f", "valueName": "v", "rowCount": 1, **CELLS}
    second = {**first, "name": "s", "rowCount": 3, "columns": [{"name": "d", "cellType": "text"}]}
    assert "s-2-d" in tried([first, second])["shown"]
    assert "s-1-d" not in tried([first, second], {"v": [{"c": "x"}]})["shown"]


def test_a_table_that_is_compulsory_is_content_with_another_row() -> None:
    table = {"type": "matrixdynamic", "name": "q", "rowCount": 1, "isRequired": True, **CELLS}
    assert "q" in tried([table])["errors"] and not tried([table], {"q": [{}, {}]})["errors"]
    assert not tried([table], {"q": [{"c": "x"}]})["errors"]


def test_what_stands_beside_a_question_that_nobody_sees_may_be_looked_at() -> None:
    hidden = {"type": "text", "name": "h", "visible": False, "showCommentArea": True}
    asked = {"type": "text", "name": "asked", "title": "So {h-Comment}", "visibleIf": "{h-Comment} empty"}
    imported = bring([hidden, asked])
    assert not imported.losses and not checks.faults(imported.definition)
