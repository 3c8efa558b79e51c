"""SurveyJS definitions as forms: what each thing becomes, what is named as lost, in its own names and values."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formsite.definition import checks
from formsite.definition.document import Group, parse, walk
from formsite.definition.evaluation import Evaluator
from formsite.interchange import files
from formsite.interchange.losses import Imported, Unimportable

TODAY = date(2026, 5, 17)
Survey = dict[str, Any]


def bring(survey: Survey | list[Survey]) -> Imported:
    """The form out of a survey, or out of its questions."""
    whole = {"elements": survey} if isinstance(survey, list) else survey
    imported = files.read(json.dumps(whole).encode(), "survey.json")
    assert checks.faults(imported.definition) == ()
    assert parse(imported.definition.as_json()) == imported.definition
    return imported


def part(imported: Imported, name: str) -> dict[str, Any]:
    """A page, group or field of the form, as JSON."""
    raw = imported.definition.as_json()
    for where, found in walk(imported.definition):
        if found.id == name:
            held: Any = raw
            for step in where.strip("/").split("/"):
                held = held[int(step)] if isinstance(held, list) else held[step]
            return dict(held)
    raise AssertionError(f"there is no “{name}”")


def field(question: Survey, *before: Survey) -> dict[str, Any]:
    """What becomes of one question called `q`."""
    return part(bring([*before, {"name": "q", **question}]), "q")


def tried(survey: Survey | list[Survey], answers: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the form makes of answers."""
    imported = bring(survey)
    return Evaluator(imported.definition, dialect=imported.dialect).evaluate(answers or {}, TODAY)


def lost(survey: Survey | list[Survey]) -> str:
    """All losses as one text."""
    return "\n".join(f"{loss.where}: {loss.what}: {loss.why}" for loss in bring(survey).losses)


TEXT = {"type": "text", "name": "a"}
PICK = {"type": "radiogroup", "name": "pick", "choices": ["x", "y"]}
MANY = {"type": "checkbox", "name": "many", "choices": ["x", "y", "z"]}


# -- questions ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ({"type": "text"}, "short_text"),
        ({"type": "text", "inputType": "email"}, "email"),
        ({"type": "text", "inputType": "number"}, "number"),
        ({"type": "text", "inputType": "range"}, "number"),
        ({"type": "text", "inputType": "date"}, "date"),
        ({"type": "text", "inputType": "datetime-local"}, "date_time"),
        ({"type": "text", "inputType": "time"}, "time"),
        ({"type": "text", "inputType": "month"}, "month"),
        ({"type": "text", "inputType": "url"}, "url"),
        ({"type": "text", "inputType": "color"}, "colour"),
        ({"type": "text", "inputType": "tel"}, "short_text"),
        ({"type": "text", "validators": [{"type": "email"}]}, "email"),
        ({"type": "text", "maskType": "pattern", "maskSettings": {"pattern": "99-aa"}}, "pattern_text"),
        ({"type": "text", "maskType": "currency", "maskSettings": {"prefix": "$"}}, "number"),
        ({"type": "comment"}, "long_text"),
        ({"type": "radiogroup", "choices": [1, 2]}, "single_choice"),
        ({"type": "dropdown", "choicesMin": 1, "choicesMax": 9}, "dropdown"),
        ({"type": "dropdown"}, "short_text"),
        ({"type": "buttongroup", "choices": ["a"]}, "buttons"),
        ({"type": "checkbox", "choices": ["a"]}, "several_choices"),
        ({"type": "tagbox", "choices": ["a"]}, "several_choices"),
        ({"type": "imagepicker", "choices": ["a"]}, "single_choice"),
        ({"type": "imagepicker", "choices": ["a"], "multiSelect": True}, "several_choices"),
        ({"type": "imagemap", "areas": [{"value": "a"}]}, "several_choices"),
        ({"type": "ranking", "choices": ["a", "b"]}, "ranking"),
        ({"type": "rating"}, "rating"),
        ({"type": "rating", "rateMin": 0, "rateMax": 10, "rateStep": 2}, "single_choice"),
        ({"type": "rating", "rateValues": ["low", "high"]}, "single_choice"),
        ({"type": "boolean"}, "yes_no"),
        ({"type": "boolean", "labelTrue": "Agree", "labelFalse": "Disagree"}, "single_choice"),
        ({"type": "slider"}, "slider"),
        ({"type": "slider", "sliderType": "range"}, "number_range"),
        ({"type": "signaturepad"}, "signature"),
        ({"type": "file"}, "file"),
        ({"type": "html", "html": "<b>Hi</b>"}, "statement"),
        ({"type": "image", "imageLink": "https://example.org/a.png"}, "media"),
        ({"type": "expression", "expression": "1 + 1"}, "computed"),
        ({"type": "multipletext", "items": [{"name": "one"}, {"name": "two"}]}, "several_texts"),
        ({"type": "matrix", "columns": [1, 2], "rows": ["r"]}, "matrix_one"),
        ({"type": "matrix", "columns": [1, 2], "rows": ["r"], "cellType": "checkbox"}, "matrix_several"),
        ({"type": "matrix", "columns": [1, 2]}, "single_choice"),
        ({"type": "matrixdropdown", "columns": [{"name": "c"}], "choices": [1], "rows": ["r"]}, "matrix_mixed"),
        ({"type": "yesno"}, "yes_no"),
        ({"type": "personname"}, "short_text"),
    ],
)
def test_each_kind_of_question_has_a_field(question: Survey, kind: str) -> None:
    assert field(question, TEXT)["type"] == kind


def test_what_a_type_of_somebody_s_own_resembles_is_named() -> None:
    assert "formsite does not know it" in lost([{"type": "starmap", "name": "q", "choices": ["a"]}])
    assert field({"type": "starmap", "choices": ["a"]})["type"] == "single_choice"
    assert part(bring([{"type": "box", "name": "q", "elements": [TEXT]}]), "q")["type"] == "group"


def test_choices_keep_their_values_and_words() -> None:
    question = {"type": "radiogroup", "choices": [1, "2|Two", {"value": "Ü!", "text": "three"}, {"text": "four"}, True]}
    made = field(question)["settings"]["choices"]
    assert [(each["id"], each["label"]["en"]) for each in made] == [
        ("1", "1"), ("2", "Two"), ("U_", "three"), ("four", "four"), ("true", "true"),
    ]  # fmt: skip


def test_what_a_question_with_choices_adds_by_itself() -> None:
    made = field({"type": "checkbox", "choices": ["a"], "hasOther": True, "hasNone": True, "otherText": "Else"})
    none, other = made["settings"]["choices"][1:]
    assert none["exclusive"] and none["fixed"] and none["label"]["en"] == "None"
    assert other["other"] and other["label"]["en"] == "Else"
    wrong = tried([{"name": "q", "type": "radiogroup", "choices": ["a"], "showOtherItem": True}], {"q": "other"})
    assert list(wrong["errors"]) == ["q"]
    right = {"q": "other", "q-Comment": "this"}
    assert not tried([{"name": "q", "type": "radiogroup", "choices": ["a"], "showOtherItem": True}], right)["errors"]


def test_orders_of_choices() -> None:
    sorted_ = field({"type": "dropdown", "choices": ["b", "a", "c"], "choicesOrder": "desc"})
    assert [each["id"] for each in sorted_["settings"]["choices"]] == ["c", "b", "a"]
    assert field({"type": "dropdown", "choices": ["b", "a"], "choicesOrder": "random"})["settings"]["random"] is True


def test_choices_of_another_question() -> None:
    carried = field({"type": "checkbox", "choicesFromQuestion": "many", "choicesFromQuestionMode": "selected"}, MANY)
    assert carried["settings"]["choices_from"] == {"field": "many"}  # what was chosen
    whole = {**MANY, "showNoneItem": True}
    own = field({"type": "checkbox", "choicesFromQuestion": "many", "choicesFromQuestionMode": "unselected"}, whole)
    assert "choices_from" not in own["settings"] and [each["id"] for each in own["settings"]["choices"]] == [
        "x",
        "y",
        "z",
    ]
    assert all("shown_if" in each for each in own["settings"]["choices"])


def test_choices_come_and_go_by_conditions() -> None:
    survey = [
        MANY,
        {"type": "radiogroup", "name": "best", "choices": ["x", "y"], "choicesVisibleIf": "{many} contains {item}"},
    ]
    assert tried(survey, {"many": ["x"], "best": "x"})["errors"] == {}
    shown = part(bring(survey), "best")["settings"]["choices"][1]["shown_if"]
    assert shown["of"]["right"] == {"value": "y"}
    own = field({"type": "dropdown", "choices": ["a", {"value": "b", "visibleIf": "{pick} = 'x'"}]}, PICK)
    assert [("shown_if" in each) for each in own["settings"]["choices"]] == [False, True]


def test_settings_of_numbers_days_ratings_and_files() -> None:
    assert field({"type": "text", "inputType": "number", "min": 1, "max": 9, "step": 0.1})["settings"] == {
        "min": 1, "max": 9, "decimals": 1,
    }  # fmt: skip
    assert field({"type": "text", "inputType": "date", "min": "2000-01-01"})["settings"] == {"earliest": "2000-01-01"}
    rated = field({"type": "rating", "rateCount": 7, "rateDisplayMode": "stars", "minRateDescription": "bad"})
    assert rated["settings"] == {"to": 7, "look": "stars", "low_label": {"en": "bad"}}
    taken = field({"type": "file", "acceptedTypes": "image/*,.pdf", "allowMultiple": True, "maxFiles": 3})["settings"]
    assert set(taken["types"]) == {"image", "pdf"} and taken["most_files"] == 3
    masked = field({"type": "text", "maskType": "pattern", "maskSettings": {"pattern": "+1(999)"}})["settings"]
    assert masked["pattern"] == r"\+?1?\(?[0-9][0-9][0-9]\)?"


# -- demands -----------------------------------------------------------------------------------------------------------
def test_compulsory_always_or_by_a_condition() -> None:
    assert field({"type": "text", "isRequired": True, "requiredErrorText": "Please!"})["compulsory_message"] == {
        "en": "Please!"
    }
    survey = [PICK, {**TEXT, "isRequired": True, "requiredIf": "{pick} = 'x'"}]
    assert tried(survey)["compulsory"] == []
    found = tried(survey, {"pick": "x"})
    assert found["compulsory"] == ["a"] and list(found["errors"]) == ["a"]


def test_a_personal_answer_that_is_compulsory_says_why() -> None:
    made = field({"type": "text", "inputType": "email", "isRequired": True})
    assert made["personal"] and made["why"]
    assert field({"type": "text", "title": "Your last name"})["personal"] is True


def test_read_only_by_itself_by_a_condition_or_by_what_it_stands_in() -> None:
    assert field({"type": "text", "readOnly": True})["read_only"] is True
    panel = {"type": "panel", "name": "p", "enableIf": "{pick} = 'x'", "elements": [{**TEXT, "isRequired": True}]}
    assert tried([PICK, panel], {"pick": "y"})["compulsory"] == []
    assert tried([PICK, panel], {"pick": "x"})["compulsory"] == ["a"]


@pytest.mark.parametrize(
    ("validator", "good", "bad"),
    [
        ({"type": "numeric", "minValue": 5, "maxValue": 9}, "7", "4"),
        ({"type": "numeric"}, "7.5", "seven"),
        ({"type": "text", "minLength": 3, "maxLength": 5}, "four", "no"),
        ({"type": "text", "allowDigits": False}, "abc", "abc1"),
        ({"type": "regex", "regex": "^[a-z]+$"}, "abc", "ABC"),
        ({"type": "regexvalidator", "regex": "^[a-z]+$", "insensitive": True}, "ABC", "1"),
        ({"type": "expression", "expression": "{a} notcontains 'x'"}, "abc", "xyz"),
    ],
)
def test_validators_say_their_own_words(validator: Survey, good: str, bad: str) -> None:
    survey = [{**TEXT, "validators": [{**validator, "text": "Not so."}]}]
    assert tried(survey, {"a": good})["errors"] == {}
    assert tried(survey, {"a": bad})["errors"] == {"a": ["Not so."]}


def test_expression_validators_are_looked_at_where_nothing_is_answered() -> None:
    survey = [{**TEXT, "validators": [{"type": "expression", "expression": "{a} notempty", "text": "Say it."}]}]
    assert tried(survey)["errors"] == {"a": ["Say it."]}


def test_a_check_across_questions_is_made_after_the_later_one() -> None:
    survey = [
        {
            "type": "text",
            "inputType": "number",
            "name": "low",
            "validators": [{"type": "expression", "expression": "{low} < {high}"}],
        },
        {"type": "text", "inputType": "number", "name": "high"},
    ]
    assert tried(survey, {"low": 1, "high": 2})["errors"] == {}
    assert list(tried(survey, {"low": 3, "high": 2})["errors"]) == ["low"]


def test_a_check_within_an_entry_may_look_at_a_later_column() -> None:
    check = {"type": "expression", "expression": "{row.low} < {row.high}"}
    low = {"name": "low", "cellType": "text", "inputType": "number", "validators": [check]}
    survey = [
        {
            "type": "matrixdynamic",
            "name": "m",
            "columns": [low, {"name": "high", "cellType": "text", "inputType": "number"}],
        }
    ]
    assert list(tried(survey, {"m": [{"low": 1, "high": 2}, {"low": 3, "high": 2}]})["errors"]) == ["m-1-low"]


def test_how_many_may_be_chosen() -> None:
    few = [{**MANY, "minSelectedChoices": 2, "maxSelectedChoices": 2}]
    assert list(tried(few)["errors"]) == ["many"] and list(tried(few, {"many": ["x"]})["errors"]) == ["many"]
    assert tried(few, {"many": ["x", "y"]})["errors"] == {}
    assert list(
        tried([{**MANY, "validators": [{"type": "answercount", "maxCount": 1}]}], {"many": ["x", "y"]})["errors"]
    )


def test_bounds_that_are_worked_out() -> None:
    survey = [
        {"type": "text", "inputType": "date", "name": "from"},
        {
            "type": "text",
            "inputType": "date",
            "name": "to",
            "minValueExpression": "{from}",
            "minErrorText": "Before {0}",
        },
    ]
    assert tried(survey, {"from": "2026-01-02", "to": "2026-01-02"})["errors"] == {}
    assert list(tried(survey, {"from": "2026-01-02", "to": "2026-01-01"})["errors"]) == ["to"]
    assert list(tried([{**TEXT, "inputType": "date", "max": "=today()"}], {"a": "2026-05-18"})["errors"]) == ["a"]


# -- structure ---------------------------------------------------------------------------------------------------------
def test_pages_panels_and_what_hides_them() -> None:
    survey = {
        "title": "Trip",
        "pages": [
            {"name": "p1", "title": "One", "description": "First", "elements": [PICK]},
            {
                "name": "p2",
                "visibleIf": "{pick} = 'x'",
                "elements": [{"type": "panel", "name": "pan", "title": "Box", "elements": [TEXT]}],
            },
            {"name": "empty"},
        ],
    }
    imported = bring(survey)
    assert [page.id for page in imported.definition.pages] == ["p1", "p2"] and imported.slug == "trip"
    assert part(imported, "p1")["items"][0]["type"] == "statement" and part(imported, "pan")["label"] == {"en": "Box"}
    assert tried(survey)["shown"] == ["pick"] and "a" in tried(survey, {"pick": "x"})["shown"]


def test_a_compulsory_panel_wants_one_answer() -> None:
    panel = [{"type": "panel", "name": "pan", "isRequired": True, "elements": [TEXT, {**TEXT, "name": "b"}]}]
    assert list(tried(panel)["errors"]) == ["pan"] and not tried(panel, {"b": "x"})["errors"]


def test_what_repeats_has_entries() -> None:
    survey = [
        {
            "type": "paneldynamic",
            "name": "kids",
            "panelCount": 1,
            "minPanelCount": 1,
            "maxPanelCount": 3,
            "templateElements": [
                {**TEXT, "name": "name"},
                {"type": "text", "inputType": "number", "name": "age", "visibleIf": "{panel.name} notempty"},
            ],
        },
        {"type": "expression", "name": "sum", "expression": "sumInArray({kids}, 'age')"},
        {"type": "text", "name": "first", "visibleIf": "{kids[0].age} > 5"},
    ]
    imported = bring(survey)
    kids = part(imported, "kids")
    assert kids["repeat"] == {"min": 1, "max": 3} and [each["id"] for each in kids["items"]] == ["name", "age"]
    assert imported.names["kids[].age"] == "age"
    found = tried(survey, {"kids": [{"name": "A", "age": 6}, {"name": "B", "age": 3}, {"age": 1}]})
    assert found["computed"] == {"sum": 9} and "first" in found["shown"] and "kids" in found["shown"]
    assert "kids-1-age" in found["shown"] and "kids-2-age" not in found["shown"]


def test_a_matrix_whose_rows_are_added_is_a_group_that_repeats() -> None:
    survey = [
        {
            "type": "matrixdynamic",
            "name": "m",
            "rowCount": 1,
            "columns": [
                {"name": "kind", "choices": ["a", "b"]},
                {"name": "why", "cellType": "text", "visibleIf": "{row.kind} = 'b'", "isRequired": True},
            ],
        }
    ]
    assert part(bring(survey), "m")["repeat"]["max"] == 200
    assert list(tried(survey, {"m": [{"kind": "a"}, {"kind": "b"}]})["errors"]) == ["m-1-why"]


def test_how_many_entries_follows_another_answer() -> None:
    by_number = [
        {"type": "text", "inputType": "number", "name": "n"},
        {"type": "paneldynamic", "name": "p", "bindings": {"panelCount": "n"}, "templateElements": [TEXT]},
    ]
    assert [name for name in tried(by_number, {"n": 2})["shown"] if name.startswith("p-")] == ["p-0-a", "p-1-a"]
    by_choice = [
        {**MANY, "valueName": "data", "valuePropertyName": "thing"},
        {
            "type": "paneldynamic",
            "name": "p",
            "valueName": "data",
            "templateElements": [{**TEXT, "visibleIf": "{panel.thing} = 'y'"}],
        },
    ]
    found = tried(by_choice, {"data": [{"thing": "x"}, {"thing": "y"}]})["shown"]
    assert "p-1-a" in found and "p-0-a" not in found


def test_entries_that_are_there_from_the_start() -> None:
    survey = [
        {"type": "paneldynamic", "name": "p", "defaultValue": [{"a": "one"}, {"a": "two"}], "templateElements": [TEXT]}
    ]
    imported = bring(survey)
    assert part(imported, "p")["repeat"]["start"] == 2
    assert part(imported, "a")["default"]["then"] == {"value": "one"}


def test_tables() -> None:
    plain = {
        "type": "matrixdropdown",
        "name": "t",
        "rows": ["r1"],
        "columns": [{"name": "c", "cellType": "text", "inputType": "number", "isRequired": True}],
    }
    assert list(tried([plain])["errors"]) == ["t-r1-c"]
    asking = [plain, {"type": "text", "name": "z", "visibleIf": "{t.r1.c} > 5"}]
    assert "z" in tried(asking, {"t": {"r1": {"c": 6}}})["shown"]
    rich = {
        **plain,
        "columns": [
            {"name": "c", "cellType": "boolean"},
            {"name": "d", "cellType": "comment", "visibleIf": "{row.c} = true"},
        ],
    }
    made = bring([rich])
    assert isinstance(next(found for _, found in walk(made.definition) if found.id == "t"), Group)
    assert "t-r1-d" in tried([rich], {"t": {"r1": {"c": True}}})["shown"]
    assert "t-r1-d" not in tried([rich], {"t": {"r1": {"c": False}}})["shown"]


def test_a_matrix_of_choices() -> None:
    survey = [
        {"type": "matrix", "name": "m", "columns": [1, 2], "rows": ["Speed", "Price"], "isAllRowRequired": True},
        {"type": "text", "name": "z", "visibleIf": "{m.Speed} = 2"},
    ]
    assert list(tried(survey, {"m": {"Speed": 1}})["errors"]) == ["m-Price"]
    assert "z" in tried(survey, {"m": {"Speed": 2, "Price": 1}})["shown"]


def test_several_texts() -> None:
    survey = [
        {"type": "multipletext", "name": "t", "items": [{"name": "one"}, {"name": "two"}]},
        {"type": "text", "name": "z", "visibleIf": "{t.one} = 'a'"},
    ]
    assert "z" in tried(survey, {"t": {"one": "a"}})["shown"]
    rich = [
        {
            "type": "multipletext",
            "name": "t",
            "isRequired": True,
            "items": [{"name": "n", "inputType": "number", "max": 5}, {"name": "two"}],
        }
    ]
    assert tried(rich)["errors"] and list(tried(rich, {"t": {"n": 6}})["errors"]) == ["t-n"]


def test_questions_under_a_choice() -> None:
    survey = [{"type": "checkbox", "name": "q", "choices": ["a", {"value": "b", "elements": [TEXT]}]}]
    assert "a" not in tried(survey, {"q": ["a"]})["shown"] and "a" in tried(survey, {"q": ["b"]})["shown"]


def test_one_page_for_all_or_one_for_each_question() -> None:
    pages = {
        "pages": [
            {"name": "p1", "elements": [TEXT, {**TEXT, "name": "b"}]},
            {"name": "p2", "title": "Two", "elements": [PICK]},
        ]
    }
    assert len(bring({**pages, "questionsOnPageMode": "singlePage"}).definition.pages) == 1
    assert len(bring({**pages, "questionsOnPageMode": "questionPerPage"}).definition.pages) == 3


# -- values ------------------------------------------------------------------------------------------------------------
def test_defaults() -> None:
    assert field({"type": "text", "defaultValue": "x"})["default"] == {"value": "x"}
    assert field({"type": "dropdown", "choices": [1, 2], "defaultValue": 2})["default"] == {"value": "2"}
    assert (
        field({"type": "text", "inputType": "date", "defaultValueExpression": "today(1)"})["default"]["op"]
        == "add_days"
    )
    assert field({"type": "boolean", "defaultValue": "true"})["default"] == {"value": True}
    assert field({**MANY, "name": "q", "defaultValue": ["x", "z"]})["default"] == {"value": "x z"}
    assert "none of the choices" in lost([{**MANY, "defaultValue": ["elsewhere"]}])
    survey = [
        TEXT,
        {"type": "text", "name": "b", "setValueExpression": "{a} + '!'"},
        {"type": "text", "name": "c", "visibleIf": "{b} = 'x!'"},
    ]
    assert "c" in tried(survey, {"a": "x"})["shown"]


def test_calculated_values_are_hidden_fields() -> None:
    survey = {
        "elements": [
            {"type": "text", "inputType": "number", "name": "n"},
            {"type": "html", "name": "h", "html": "So {twice}", "visibleIf": "{twice} > 4"},
        ],
        "calculatedValues": [
            {"name": "twice", "expression": "{once} + {n}"},
            {"name": "once", "expression": "{n} + 0"},
        ],
    }
    imported = bring(survey)
    assert part(imported, "twice")["settings"] == {"hidden": True}
    assert part(imported, "h")["label"] == {"en": "So {{twice}}"}
    found = tried(survey, {"n": 3})
    assert found["computed"] == {"once": 3, "twice": 6} and "h" in found["shown"]


def test_triggers() -> None:
    elements = [PICK, TEXT, {**TEXT, "name": "b", "visible": False}]
    visible = {
        "elements": elements,
        "triggers": [{"type": "visible", "name": "pick", "operator": "equal", "value": "x", "questions": ["b"]}],
    }
    assert "b" in tried(visible, {"pick": "x"})["shown"] and "b" not in tried(visible)["shown"]
    copied = {
        "elements": elements,
        "triggers": [{"type": "copyvalue", "expression": "{pick} = 'x'", "fromName": "pick", "setToName": "a"}],
    }
    assert part(bring(copied), "a")["default"]["op"] == "if"
    ends = {
        "pages": [
            {"name": "p1", "elements": [PICK]},
            {"name": "p2", "elements": [TEXT]},
            {"name": "p3", "elements": [{**TEXT, "name": "b"}]},
        ],
        "triggers": [
            {"type": "complete", "expression": "{pick} = 'x'"},
            {"type": "skip", "expression": "{pick} = 'y'", "gotoName": "b"},
        ],
    }
    assert tried(ends, {"pick": "x"})["shown"] == ["pick"]
    assert tried(ends, {"pick": "y"})["shown"] == ["pick", "b"]
    variable = {
        "elements": [PICK, {**TEXT, "visibleIf": "{v} = 5"}],
        "triggers": [
            {"type": "setvalue", "expression": "{pick} = 'x'", "setToName": "v", "setValue": 5, "isVariable": True}
        ],
    }
    assert "a" in tried(variable, {"pick": "x"})["shown"]


def test_what_looks_ahead_stands_after_what_it_looks_at() -> None:
    survey = [{**TEXT, "visibleIf": "{pick} = 'x'"}, PICK]
    assert tried(survey, {"pick": "x"})["shown"] == ["pick", "a"]
    assert "it stands after “pick”" in lost(survey)
    circle = [{**TEXT, "visibleIf": "{b} = 1"}, {**TEXT, "name": "b", "visibleIf": "{a} = 1"}]
    assert "asked later" in lost(circle)


# -- texts -------------------------------------------------------------------------------------------------------------
def test_texts_in_several_languages() -> None:
    survey = {
        "locale": "de",
        "title": {"default": "Trip", "de": "Reise"},
        "elements": [{**TEXT, "title": {"default": "Name it", "de": "Nennen", "pt-br": "Nome"}}],
    }
    imported = bring(survey)
    assert imported.definition.languages == ("de", "en", "pt-br")
    assert part(imported, "a")["label"] == {"en": "Name it", "de": "Nennen", "pt-br": "Nome"}
    german = bring({"locale": "de", "elements": [{**TEXT, "title": "Nennen"}]})
    assert part(german, "a")["label"] == {"de": "Nennen"}


def test_answers_in_texts() -> None:
    survey = [
        PICK,
        {**TEXT, "title": "You said {pick}, not {nothing} or {{braces}}", "description": "<b>{PICK}</b> *as is*"},
    ]
    made = part(bring(survey), "a")
    assert made["label"] == {"en": "You said {{pick}}, not {nothing} or { {braces}}"}
    assert made["hint"] == {"en": r"**{{pick}}** \*as is\*"}


def test_html_becomes_a_heading_and_what_stands_below_it() -> None:
    made = part(
        bring(
            [TEXT, {"type": "html", "name": "h", "html": "<h2>Hello</h2><p>A <b>bold</b> word<script>x</script></p>"}]
        ),
        "h",
    )
    assert made["label"] == {"en": "Hello"} and made["settings"]["body"] == {"en": "A **bold** word"}


# -- losses and refusals -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("survey", "words"),
    [
        ({"elements": [{**TEXT, "visibleIf": "bs+{"}]}, "SurveyJS cannot read it either"),
        ({"elements": [{**TEXT, "visibleIf": "own()"}]}, "whoever wrote the survey has the code of it"),
        (
            {"elements": [{"type": "dropdown", "name": "d", "choicesByUrl": {"url": "https://example.org"}}]},
            "no other server",
        ),
        ({"elements": [TEXT], "showTimer": True, "navigateToUrl": "https://example.org"}, "the time they need"),
        (
            {"elements": [TEXT], "completedHtmlOnCondition": [{"expression": "1=1", "html": "x"}]},
            "one thing at the end",
        ),
        ({"elements": [{**PICK, "correctAnswer": "x"}]}, "give choices scores"),
        ({"elements": [TEXT, 5, {"type": "panel", "elements": {}}]}, "it is no object"),
        ({"elements": [{**TEXT, "validators": [{"type": "own"}]}]}, "does not know this kind"),
        (
            {"elements": [{**TEXT, "validators": [{"type": "regex", "regex": "(?=a)"}]}]},
            "no pattern that formsite can use",
        ),
        ({"elements": [TEXT, {**TEXT, "name": "b", "valueName": "a"}]}, "the answer it shares with"),
        ({"elements": [MANY, {"type": "checkbox", "name": "m", "choices": ["x", "x"]}]}, "it is there already"),
        ({"elements": [TEXT], "triggers": [{"type": "own"}]}, "the trigger “own”"),
        ({"elements": [{"type": "paneldynamic", "name": "p"}, TEXT]}, "nothing in it to answer"),
    ],
)
def test_what_is_lost_is_named_and_the_rest_comes_in(survey: Survey, words: str) -> None:
    assert words in lost(survey)


@pytest.mark.parametrize(
    "content",
    [
        b'{"elements": []}',
        b'{"pages": [{"name": "p", "elements": [{"type": "html", "name": "h", "html": "Hi"}]}]}',
        b'{"pages": 5}',
        b'{"pages": [null]}',
        b'{"elements": ' + b"[" * 3000 + b"]" * 3000 + b"}",
        b'{"pages": [',
        b"\xff\xfe",
        b"[]",
        json.dumps(
            {
                "elements": [
                    {
                        "type": "matrixdropdown",
                        "name": "m",
                        "rows": list(range(400)),
                        "columns": [{"name": str(n)} for n in range(60)],
                    }
                ]
            }
        ).encode(),
    ],
)
def test_what_cannot_be_a_form_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Unimportable) as refusal:
        files.read(content, "survey.json", "surveyjs")
    assert refusal.value.where and refusal.value.what and refusal.value.fix


def test_a_survey_is_told_from_a_definition_of_formsite() -> None:
    assert files.recognise(b'{"elements": []}', "x.json") == "surveyjs"
    assert files.recognise(b'{"formsite": 1, "pages": []}', "x.json") == "formsite"
    assert files.recognise(b'{"title": "x"}', "x.json") == "formsite"


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "{a} = 1", "=1", "{{a}}", "\x00", "text", "panel"])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "text", "name", "type", "default", "elements"]), inner, max_size=3)
    ),
    max_leaves=6,
)
properties = st.sampled_from(
    "type name title choices rows columns elements templateElements items visibleIf validators defaultValue inputType min "
    "max rateValues showOtherItem cellType expression html maskSettings bindings panelCount valueName".split()
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.dictionaries(properties, junk, max_size=6), max_size=4),
    st.dictionaries(
        st.sampled_from(["title", "triggers", "calculatedValues", "locale", "pages", "questionsOnPageMode"]),
        junk,
        max_size=3,
    ),
)
def test_whatever_stands_in_it_it_comes_in_or_is_refused(elements: list[Survey], beside: Survey) -> None:
    survey = {**beside, "elements": [TEXT, *elements]}
    try:
        bring(json.loads(json.dumps(survey)))
    except Unimportable as refusal:
        assert refusal.what


def test_answers_go_in_and_names_come_out_as_in_the_survey() -> None:
    survey = [
        {"type": "boolean", "name": "Yes No", "valueTrue": "J", "valueFalse": "N"},
        {"type": "radiogroup", "name": "Pick-one", "choices": [{"value": 1, "text": "One"}, 2.5]},
        {"type": "text", "name": "Zahl", "visibleIf": "{Pick-one} = 1 and {Yes No} = 'J'"},
        {"type": "expression", "name": "E", "expression": "{Pick-one} * 2"},
    ]
    found = tried(survey, {"Yes No": "J", "Pick-one": 1})
    assert found["shown"] == ["Yes No", "Pick-one", "Zahl", "E"] and found["computed"] == {"E": 2}
    imported = bring(survey)
    assert imported.dialect is not None
    one = imported.definition.by_id[imported.names["Pick-one"]]
    assert imported.dialect.value_out(one.id, one, "2.5") == 2.5
