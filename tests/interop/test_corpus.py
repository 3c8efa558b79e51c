"""Real questionnaires by strangers, read in place: each comes in, or is refused with a sentence; none surprises."""

from __future__ import annotations

from pathlib import Path

import pytest

from formsite.definition import checks
from formsite.definition.document import parse
from formsite.interchange import files
from formsite.interchange.losses import Unimportable

pytestmark = pytest.mark.interop
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FOLDERS = ("xlsform", "xlsform/osm-fieldwork", "xlsform-surveycto", "xlsform-broken")
UNASKED = {
    "bad_calc.xlsx",
    "include_json.xls",
    "include_json.xlsx",
    "pull_data.xlsx",
}
"""What holds no question that a customer could answer, or no survey sheet."""


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
    assert path.name not in UNASKED or path.parent.name == "xlsform-broken"
    assert imported.questions == len(imported.names) > 0
    assert set(imported.names.values()) <= set(imported.definition.by_id)
    assert all(loss.where and loss.what and loss.why for loss in imported.losses)
    assert parse(imported.definition.as_json()) == imported.definition
    assert checks.faults(imported.definition) == ()
