"""Values are compared and reckoned as SurveyJS itself does: each line was seen in its engine (survey-core 3.1)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formsite.interchange.surveyjs import js

plain = st.none() | st.booleans() | st.integers(-50, 50) | st.floats(-9, 9) | st.text(alphabet="aAb1 .,0-", max_size=4)
values = plain | st.lists(plain, max_size=3)


@pytest.mark.parametrize(
    ("op", "left", "right", "holds"),
    [
        ("=", "Yes", " yes", True),
        ("=", 5, "5", True),
        ("=", "5.0", 5, True),
        ("=", None, "", True),
        ("=", 0, "", False),
        ("=", False, "false", True),
        ("=", ["a", "b"], ["b", "a"], True),
        ("=", ["a", "b"], ["a"], False),
        ("=", ["a"], "a", False),
        ("!=", None, "x", True),
        ("<", None, 5, False),
        ("<=", None, None, True),
        (">", "10", 9, True),
        (">", "abc", 1, False),
        (">", "b", "a", True),
        ("contains", ["a", "b"], "A", True),
        ("contains", ["a", "b"], ["a", "c"], False),
        ("contains", "Fibre", "fib", True),
        ("contains", None, "a", False),
        ("notcontains", None, "a", True),
        ("notcontains", ["a"], "b", True),
        ("anyof", "a", ["a", "b"], True),
        ("anyof", ["a"], ["b", "a"], True),
        ("anyof", None, ["a"], False),
        ("noneof", None, ["a"], True),
        ("allof", ["a", "b", "c"], ["a", "c"], True),
        ("allof", ["a"], ["a", "c"], False),
    ],
)
def test_comparisons(op: str, left: Any, right: Any, holds: bool) -> None:
    assert js.COMPARISONS[op](left, right) is holds


@pytest.mark.parametrize(
    ("op", "left", "right", "result"),
    [
        ("+", 1, 2, 3),
        ("+", 0.1, 0.2, 0.3),
        ("+", "5", 1, "51"),
        ("+", None, 5, 5),
        ("+", None, "x", "x"),
        ("-", "7", 2, 5),
        ("/", 5, 0, None),
        ("%", -7, 3, -1),
        ("*", "a", 2, None),
        ("^", 2, 10, 1024),
    ],
)
def test_arithmetic(op: str, left: Any, right: Any, result: Any) -> None:
    assert js.calculate(op, left, right) == result


@pytest.mark.parametrize(
    ("written", "read"),
    [("5", 5), ("05", "05"), ("0,5", 0.5), ("TRUE", True), ("'x'", "x"), ("5-3", "5-3"), ("0x1F", 31), ("", "")],
)
def test_answers_as_expressions_see_them(written: str, read: Any) -> None:
    assert js.read(written) == read


@given(values, values)
def test_whatever_is_compared_an_answer_comes(left: Any, right: Any) -> None:
    for decide in js.COMPARISONS.values():
        assert decide(left, right) in (True, False)
    assert js.equal(left, right) is js.equal(right, left)
    assert js.contains(left, right) is not js.lacks(left, right) or not left or not right


@given(values)
def test_everything_equals_itself(value: Any) -> None:
    assert js.equal(value, value)
    assert js.is_empty(value) is (js.is_empty(value) and not js.truth(value) or value == [])
