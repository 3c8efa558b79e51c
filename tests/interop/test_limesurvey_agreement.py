"""Answers by chance to LimeSurvey's sample surveys: formsite shows, wants and minds what LimeSurvey does."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from formsite.definition.evaluation import Evaluator
from formsite.interchange import limesurvey
from formsite.interchange.limesurvey.survey import read_survey
from formsite.interchange.limesurvey.tables import read_tables
from tests.interop.limesurvey_judge import Judge
from tests.interop.test_limesurvey_corpus import TODAY, each_file

pytestmark = pytest.mark.interop
RUNS = 25


def codes(names: Any) -> set[str]:
    return {name.split("_")[0] for name in names}


@each_file
def test_it_behaves_as_it_does_there(path: Path) -> None:
    found = limesurvey.read(path.read_bytes(), path.name)
    judge = Judge(read_survey(read_tables(path.read_bytes(), path.name)))
    evaluator = Evaluator(found.definition, dialect=found.dialect)
    chance = random.Random(path.name)
    for _ in range(RUNS):
        given = judge.answers(chance, chance.choice([0.0, 0.3, 0.7, 0.95]))
        verdict, made = judge.verdict(given), evaluator.evaluate(given, TODAY)
        assert codes(made["shown"]) == verdict.shown, given
        assert codes(made["compulsory"]) == verdict.compulsory, given
        assert codes(made["errors"]) == verdict.wrong, (given, made["errors"])
