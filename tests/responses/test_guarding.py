"""Cells that no spreadsheet executes, and back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, strategies as st

from formsite.responses.guarding import guard, is_risky, unguard

NASTY = st.text(alphabet=st.sampled_from("'=+-@ \t\r\n\0\u00a0\ufeff\u200b\u2028＝＋－＠aB9,\";"))
UNSEEN = " \t\r\n\0\u00a0\ufeff\u200b\u2028"


@given(NASTY | st.text())
def test_every_text_stays_text_and_comes_back(text: str) -> None:
    cell = guard(text)
    assert unguard(cell) == text
    assert not is_risky(cell)
    assert cell.lstrip(UNSEEN)[:1] not in tuple("=+-@＝＋－＠")
    assert cell[:1] not in tuple("\t\r\n\0")


@given(st.lists(NASTY, min_size=1, max_size=4))
def test_no_cell_of_a_file_is_risky(texts: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([guard(text) for text in texts])
    rows = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert [unguard(cell) for cell in rows[0]] == texts
    assert not any(is_risky(cell) for cell in rows[0])


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20 7946 0018", "'+44 20 7946 0018"),
        ("  -5", "'  -5"),
        ("＝1", "'＝1"),
        ("\ufeff@SUM(A1)", "'\ufeff@SUM(A1)"),
        ("'=1", "''=1"),
        ("plain", "plain"),
        ("it's = fine", "it's = fine"),
        ("Good:\n- fast\n- cheap", "Good:\n'- fast\n'- cheap"),
    ],
)
def test_what_gets_an_apostrophe(text: str, cell: str) -> None:
    assert guard(text) == cell
