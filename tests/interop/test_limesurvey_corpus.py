"""LimeSurvey's own sample surveys and a real study, read in place: every question comes in, and behaves."""

from __future__ import annotations

import json
import time
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from formsite.definition import checks
from formsite.definition.document import parse
from formsite.definition.evaluation import Evaluator
from formsite.interchange import limesurvey
from formsite.interchange.limesurvey.survey import Survey, read_survey
from formsite.interchange.limesurvey.tables import read_tables
from formsite.interchange.losses import Imported

pytestmark = pytest.mark.interop
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "limesurvey"
FILES = sorted(CORPUS.glob("*.lss"))
TODAY = date(2026, 3, 4)
MOST_SECONDS = 3

if not FILES:
    pytest.skip(f"THE CORPUS IS ABSENT: {CORPUS} is needed for these tests", allow_module_level=True)

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@cache
def imported(path: Path) -> Imported:
    return limesurvey.read(path.read_bytes(), path.name)


@cache
def survey(path: Path) -> Survey:
    return read_survey(read_tables(path.read_bytes(), path.name))


@each_file
def test_it_comes_in_without_a_fault_and_without_losing_a_question(path: Path) -> None:
    started = time.perf_counter()
    found = limesurvey.read(path.read_bytes(), path.name)
    assert time.perf_counter() - started < MOST_SECONDS
    assert checks.faults(found.definition) == ()
    assert parse(json.loads(json.dumps(found.definition.as_json()))) == found.definition
    fields = found.definition.by_id
    for question in survey(path).questions():
        if question.type == "X":
            continue
        name = found.names[question.code]
        assert name in fields or any(part.startswith(f"{name}_") for part in fields), question.code


@each_file
def test_every_loss_says_where_what_and_why(path: Path) -> None:
    for loss in imported(path).losses:
        assert loss.where.strip() and loss.what.strip() and len(loss.why) > 20


@each_file
def test_every_language_is_there(path: Path) -> None:
    found = imported(path).definition
    assert len(found.languages) == len(survey(path).languages)
    for language in found.languages:
        said = [field for field in found.fields() if field.label.root.get(language)]
        assert len(said) * 3 > len(list(survey(path).questions()))


@each_file
def test_it_can_be_tried_out_in_its_own_names(path: Path) -> None:
    found = imported(path)
    evaluator = Evaluator(found.definition, dialect=found.dialect)
    empty = evaluator.evaluate({}, TODAY)
    codes = {name.split("_")[0] for name in empty["shown"]}
    assert codes <= {name.split("_")[0] for name in found.names} | {q.code for q in survey(path).questions()}
    assert len(empty["shown"]) == len(set(empty["shown"])) > 0
    assert set(empty["compulsory"]) <= set(empty["shown"])
