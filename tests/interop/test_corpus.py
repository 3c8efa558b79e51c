"""Real questionnaires by strangers, read in place: each comes in, or is refused with a sentence; none surprises."""

from __future__ import annotations

from pathlib import Path

import pytest

from formsite.definition import checks
from formsite.definition.document import parse
from formsite.definition.questions import Questions
from formsite.interchange import files
from formsite.interchange.losses import Unimportable

pytestmark = pytest.mark.interop
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FOLDERS = ("xlsform", "xlsform/osm-fieldwork", "xlsform-surveycto", "xlsform-broken")
UNASKED = {"include_json.xls", "include_json.xlsx"}
"""What holds no question: it names another file that does."""


def corpus() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (CORPUS / folder).glob("*.xls*"))


if not corpus():
    pytest.skip(f"THE CORPUS IS ABSENT: {CORPUS} is needed for these tests", allow_module_level=True)


@pytest.mark.parametrize("path", corpus(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_real_questionnaire_comes_in_or_is_refused_in_words(path: Path) -> None:
    try:
        imported = files.read(path.read_bytes(), path.name)
    except Unimportable as refusal:
        assert path.name in UNASKED, refusal
        assert refusal.where and refusal.what and refusal.fix
        return
    assert path.name not in UNASKED
    questions, named = Questions(imported.definition), set(imported.names.values())
    assert named <= set(questions)
    assert {name for name, each in questions.items() if each.of is None and each.field.kind.holds_answer} <= named
    assert all(loss.where and loss.what and loss.why for loss in imported.losses)
    assert parse(imported.definition.as_json()) == imported.definition
    assert checks.faults(imported.definition) == ()
