"""Over the real questionnaires, formsite shows, asks for and finds wrong what the formats' own engines do."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.interop.agreement import engines, surveyjs, xlsform
from tests.interop.agreement.comparing import Outcome, outcomes
from tests.interop.agreement.corpus import CORPUS, files_of

pytestmark = [pytest.mark.interop, pytest.mark.agreement]
LEAST = 0.99
SETS = 10
MOST_REFUSED = 0.05

if not CORPUS.is_dir():
    pytest.skip(f"THE CORPUS IS ABSENT: {CORPUS} is needed for these tests", allow_module_level=True)
if reason := engines.missing():
    pytest.skip(f"THE OTHER ENGINES ARE ABSENT: {reason}", allow_module_level=True)


@pytest.fixture(scope="module", params=[surveyjs, xlsform], ids=["surveyjs", "xlsform"])
def found(request) -> list[Outcome]:
    return outcomes(files_of(request.param.FORMAT), request.param, sets=SETS, seed="corpus")


def test_no_file_ends_in_a_traceback(found: list[Outcome]) -> None:
    assert [f"{each.path.name}: {each.crash}" for each in found if each.crash] == []


def test_what_its_own_tools_accept_comes_in(found: list[Outcome]) -> None:
    refused = [f"{each.path.name}: {each.refused}" for each in found if each.refused]
    assert len(refused) <= MOST_REFUSED * len(found), refused


def test_every_question_has_a_name(found: list[Outcome]) -> None:
    compared = sum(each.compared for each in found)
    unmatched = [f"{each.path.name}: {name}" for each in found for name in each.unmatched]
    assert len(unmatched) <= (1 - LEAST) * compared, unmatched


def test_shown_compulsory_and_wrong_agree(found: list[Outcome]) -> None:
    compared, agreed = sum(each.compared for each in found), sum(each.agreed for each in found)
    assert compared > 5_000
    assert agreed >= LEAST * compared, f"{agreed / compared:.2%} agree; most differ: {worst(found)}"


def test_computed_values_agree(found: list[Outcome]) -> None:
    values, agreed = sum(each.values for each in found), sum(each.values_agreed for each in found)
    assert values > 0
    assert agreed >= LEAST * values, worst(found, "value")


def worst(found: list[Outcome], aspect: str = "") -> list[tuple[str, int]]:
    """The questions that differ most often."""
    return Counter(
        f"{each.path.name}: {one.name}: {one.aspect}" for each in found for one in each.differences
        if not aspect or one.aspect == aspect
    ).most_common(12)  # fmt: skip
