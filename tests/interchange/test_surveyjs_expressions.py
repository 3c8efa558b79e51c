"""The expressions of SurveyJS are read as its engine reads them, and in bounded time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formsite.interchange.surveyjs import expressions as x

A, B = x.Variable("a"), x.Variable("b")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("{a} = 1", x.Binary("=", A, x.Literal(1))),
        ("{a}==1", x.Binary("=", A, x.Literal(1))),
        ("{a} equal 1", x.Binary("=", A, x.Literal(1))),
        ('{a} <> "b"', x.Binary("!=", A, x.Literal("b", quoted=True))),
        ("{a} => -2.5", x.Binary(">=", A, x.Literal(-2.5))),
        ("{a} = item1", x.Binary("=", A, x.Literal("item1"))),
        ("{a} = 'it\\'s'", x.Binary("=", A, x.Literal("it's", quoted=True))),
        ("{a} NotEmpty", x.Unary("notempty", A)),
        ("!{a} = 1", x.Binary("=", x.Unary("not", A), x.Literal(1))),
        ("({a} or {b}", x.Chain("or", (A, B))),
        ("{a} contains", x.Binary("contains", A, x.Literal(None))),
        ("f({a}, [1, 'b'])", x.Call("f", (A, x.Items((x.Literal(1), x.Literal("b", quoted=True)))))),
        ("{#a}", x.Variable("a", as_is=True)),
        ("2 ^ 3 ^ 2", x.Binary("^", x.Binary("^", x.Literal(2), x.Literal(3)), x.Literal(2))),
        (
            "{a} + 1 * 2 > 3 and {b} or {a}",
            x.Chain(
                "or",
                (
                    x.Chain(
                        "and",
                        (
                            x.Binary(
                                ">",
                                x.Chain("+", (A, x.Binary("*", x.Literal(1), x.Literal(2)))),
                                x.Literal(3),
                            ),
                            B,
                        ),
                    ),
                    A,
                ),
            ),
        ),
        ("{a} or {b} or ({a} or {b})", x.Chain("or", (A, B, x.Chain("or", (A, B))))),
    ],
)
def test_read_as_the_engine_reads_it(text: str, tree: x.Expression) -> None:
    assert x.parse(text) == tree


@pytest.mark.parametrize(
    "text", ["", "bs+{", "{a} = ", "1 2", "05", "{a", "['a'", "({a} + 1) notempty", "#", "9" * 400]
)
def test_what_the_engine_cannot_read_either(text: str) -> None:
    with pytest.raises(x.Unwritten):
        x.parse(text)


@pytest.mark.parametrize(
    "text", ["(" * 5000 + "1", "!" * 5000 + "{a}", "1" + "+1" * 30_000, "1" + "-1" * 500, "[" * 500 + "1" + "]" * 500]
)
def test_large_ones_are_refused(text: str) -> None:
    with pytest.raises(x.Unwritten):
        x.parse(text)


@given(st.text(alphabet="{}()[]'\"\\!=<>+-*/^%., abor1#", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = x.parse(text)
    except x.Unwritten:
        return
    assert len(list(x.walk(tree))) <= x.MOST_NODES + 1


def test_names_stand_once_and_in_order() -> None:
    assert x.names(x.parse("{b} = {a} and f({b}, [{c.d}])")) == ("b", "a", "c.d")
