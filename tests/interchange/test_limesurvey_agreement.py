"""Surveys by chance, answered by chance: formsite shows, wants and minds what LimeSurvey's engine does."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from formsite.definition import checks
from formsite.definition.evaluation import Evaluator
from formsite.interchange import limesurvey
from formsite.interchange.limesurvey.survey import read_survey
from formsite.interchange.limesurvey.tables import read_tables
from tests.interchange.limesurvey_surveys import Maker
from tests.interop.limesurvey_judge import Judge

pytestmark = pytest.mark.laws
TODAY = date(2026, 3, 4)


def codes(names: Any) -> set[str]:
    return {name.split("_")[0] for name in names}


@pytest.mark.parametrize("seed", range(60))
def test_a_survey_behaves_as_it_does_there(seed: int) -> None:
    chance = random.Random(seed)
    content = Maker(chance).survey()
    found = limesurvey.read(content, "survey.lss")
    assert checks.faults(found.definition) == ()
    judge = Judge(read_survey(read_tables(content, "survey.lss")))
    evaluator = Evaluator(found.definition, dialect=found.dialect)
    for filled in (0.0, 0.3, 0.5, 0.7, 0.9, 0.95):
        given = judge.answers(chance, filled)
        verdict, made = judge.verdict(given), evaluator.evaluate(given, TODAY)
        assert codes(made["shown"]) == verdict.shown, given
        assert codes(made["compulsory"]) == verdict.compulsory, given
        assert codes(made["errors"]) == verdict.wrong, (given, made["errors"])
