"""Surveys of LimeSurvey brought in and tried out, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from formsite.definition import checks
from formsite.definition.document import Field, parse
from formsite.definition.evaluation import Evaluator
from formsite.interchange import files
from formsite.interchange.losses import Imported
from tests.interchange.limesurvey_archive import archive

TODAY = date(2026, 3, 4)


def brought(*groups: Any, **rest: Any) -> Imported:
    imported = files.read(archive(*groups, **rest), "survey.lss")
    assert checks.faults(imported.definition) == ()
    assert parse(imported.definition.as_json()) == imported.definition
    return imported


def evaluate(imported: Imported, **answers: Any) -> dict[str, Any]:
    return Evaluator(imported.definition, dialect=imported.dialect).evaluate(answers, TODAY)


def field(imported: Imported, name: str) -> Field:
    return imported.definition.by_id[name]


YES_NO = {"Y": "Yes", "N": "No"}
