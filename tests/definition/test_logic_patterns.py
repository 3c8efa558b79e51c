"""Patterns: which are taken, and that they are matched in linear time."""

from __future__ import annotations

from time import perf_counter

import pytest

from formsite.definition import logic
from formsite.definition.faults import Faulty
from formsite.definition.logic import patterns


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(", "missing"),
        ("[a", "missing"),
        ("*", "repetition"),
        ("a**", "repetition"),
        (r"(a)\1", "escape"),
        ("(?=a)", "operator"),
        ("(?<!a)", "operator"),
        (r"\p{Klingon}", "class"),
        ("a{1001}", "size"),
        (r"a\Cb", "bytes"),
        ("a(?i)*", "cannot be repeated"),
        ("(?m-s){2}", "cannot be repeated"),
        ("a" * 2_001, "longer"),
        ("\ud800", "half a character"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_and_told_why(pattern: str, why: str) -> None:
    fault = patterns.fault(pattern)
    assert fault is not None and why in fault
    with pytest.raises(Faulty) as refusal:
        logic.parse({"op": "matches", "of": {"field": "x"}, "pattern": pattern}, "/limits/0/rule")
    assert [each.where for each in refusal.value.faults] == ["/limits/0/rule/pattern"]


@pytest.mark.parametrize(
    "pattern", ["", "a|b", r"\\C", r"\Q\C\E", "[(?i)*]", r"(\(?i)*", "(?i)a*", "(?i){", "(?:)*", r"[\](?i)*]"]
)
def test_what_only_looks_like_it_is_taken(pattern: str) -> None:
    assert patterns.fault(pattern) is None


def test_no_pattern_takes_long() -> None:
    start = perf_counter()
    assert patterns.compiled("^(a+)+$")("a" * 50_000 + "b") is False
    assert patterns.compiled("(x+x+)+y")("x" * 50_000) is False
    assert perf_counter() - start < 2
