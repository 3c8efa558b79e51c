"""The comparison finds what differs, and nothing where nothing differs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from formsite.definition.document import parse
from formsite.interchange import files
from tests.interop.agreement import comparing, engines, surveyjs, xlsform
from tests.interop.agreement.drawing import Literals, draws

pytestmark = [pytest.mark.interop, pytest.mark.agreement]
if reason := engines.missing():
    pytest.skip(f"THE OTHER ENGINES ARE ABSENT: {reason}", allow_module_level=True)

SURVEY = {
    "elements": [
        {"type": "radiogroup", "name": "pet", "choices": ["cat", "dog"], "isRequired": True},
        {"type": "text", "name": "breed", "visibleIf": "{pet} = 'dog'", "isRequired": True},
        {"type": "text", "name": "age", "inputType": "number", "max": 30},
    ]
}
ROWS = [
    ("type", "name", "label", "relevant", "required", "constraint"),
    ("select_one pets", "pet", "Pet", "", "yes", ""),
    ("text", "breed", "Breed", "${pet} = 'dog'", "yes", ""),
    ("integer", "age", "Age", "", "", ". <= 30"),
]
CHOICES = [("list_name", "name", "label"), ("pets", "cat", "Cat"), ("pets", "dog", "Dog")]


@pytest.fixture(params=[surveyjs, xlsform], ids=["surveyjs", "xlsform"])
def case(request, tmp_path: Path):
    if request.param is surveyjs:
        path = tmp_path / "pets.json"
        path.write_text(json.dumps(SURVEY))
        return path, surveyjs
    path = tmp_path / "pets.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in (("survey", ROWS), ("choices", CHOICES)):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path, xlsform


def test_a_plain_form_agrees_in_everything(case) -> None:
    path, source = case
    (found,) = comparing.outcomes([path], source, sets=30)
    assert (found.refused, found.engine_refused, found.unmatched, found.differences) == ("", "", [], [])
    assert found.agreed == found.compared == 90


@pytest.mark.parametrize(
    ("member", "value", "aspect"),
    [("shown_if", None, "shown"), ("compulsory", False, "compulsory"), ("limits", [], "errors")],
)
def test_a_rule_that_is_lost_is_noticed(case, member, value, aspect) -> None:
    path, source = case
    imported = files.read(path.read_bytes(), path.name, source.FORMAT)
    document = imported.definition.as_json()
    for item in (item for page in document["pages"] for item in page["items"]):
        item.pop(member, None) if value is None else item.__setitem__(member, value)
        item.get("settings", {}).pop("max", None) if member == "limits" else None
    content = path.read_bytes()
    (verdicts,) = engines.ask(source.SCRIPT, [source.line(content, source.answers_for(content, 30, "1"))])
    out = comparing.Outcome(path)
    comparing.compare(out, replace(imported, definition=parse(document)), verdicts, source)
    assert out.agreed < out.compared
    assert aspect in {each.aspect for each in out.differences}


def test_answers_are_the_same_for_the_same_seed(case) -> None:
    path, source = case
    content = path.read_bytes()
    assert (
        source.answers_for(content, 20, "a")
        == source.answers_for(content, 20, "a")
        != source.answers_for(content, 20, "b")
    )
    assert source.answers_for(content, 20, "a")[0] == {}


def test_answers_hold_the_words_of_rules_and_what_is_next_to_their_bounds() -> None:
    literals = Literals()
    literals.add("${age} >= 18 and {colour} = 'teal'")
    assert (literals.numbers, literals.texts) == ([18.0], ["teal"])
    drawn = draws("1", 200, literals)
    assert {17, 18, 19} <= {draw.number() for draw in drawn}
    assert "teal" in {draw.text() for draw in drawn}


@pytest.mark.parametrize(
    ("theirs", "ours", "same"),
    [
        ("", None, True),
        ("2.0", 2, True),
        ("2", 3, False),
        ("", 0, False),
        ("a", "a", True),
        (True, "true", True),
        (True, 1, False),
    ],
)
def test_values_are_alike_where_they_say_the_same(theirs, ours, same) -> None:
    assert comparing.alike(theirs, ours) is same
