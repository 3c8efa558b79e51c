"""Translated expressions mean what LimeSurvey's engine makes of them, empty and irrelevant answers included."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formsite.definition import logic
from formsite.interchange.limesurvey import expressions
from formsite.interchange.limesurvey.assembling import _Assembly
from formsite.interchange.limesurvey.survey import read_survey
from formsite.interchange.limesurvey.tables import read_tables
from formsite.interchange.limesurvey.translation import Broken, Place, Translator
from formsite.interchange.limesurvey.terms import Untranslatable
from tests.interchange.limesurvey_archive import archive, question
from tests.interchange.limesurvey_engine import Engine
from tests.interchange.limesurvey_grammar import Reading, Unreadable

TODAY = date(2026, 3, 4)
FILE = archive(
    [
        question("n", "N"),
        question("m", "N"),
        question("s", "S"),
        question("c", "L", answers={"1": "one", "2": "two", "A": "letter"}),
        question("b", "M", rows={"x": "ex", "y": "why"}),
        question("y", "Y"),
        question("cond", "N", relevance="n > 5"),
    ]
)


def translator(content: bytes = FILE) -> Translator:
    assembly = _Assembly(read_survey(read_tables(content, "a.lss")), "a.lss")
    for question_ in assembly.survey.questions():
        assembly.logic.of_question(question_, {"value": True})
        assembly.logic.of_rows(question_)
    return assembly.translator


TRANSLATOR = translator()


def answers(values: dict[str, str]) -> dict[str, Any]:
    """Answers of formsite out of those of LimeSurvey."""
    found: dict[str, Any] = {}
    for name in ("n", "m", "cond"):
        if values.get(name):
            found[name] = float(values[name])
    for name in ("s", "c"):
        if values.get(name):
            found[name] = values[name]
    boxes = [name[2:] for name in ("b_x", "b_y") if values.get(name)]
    if boxes:
        found["b"] = boxes
    if values.get("y"):
        found["y"] = values["y"] == "Y"
    return found


def run(written: str, values: dict[str, str]) -> Any:
    node = logic.parse(TRANSLATOR.condition(written, Place()))
    return logic.compile_rule(node)(logic.Context(answers=answers(values), today=TODAY))


numbers = st.sampled_from(["", "0", "1", "5", "-2", "2.5", "10"])
VALUES = st.fixed_dictionaries(
    {
        "n": numbers,
        "m": numbers,
        "s": st.sampled_from(["", "0", "5", "abc", "A", "10"]),
        "c": st.sampled_from(["", "1", "2", "A"]),
        "b_x": st.sampled_from(["", "Y"]),
        "b_y": st.sampled_from(["", "Y"]),
        "y": st.sampled_from(["", "Y", "N"]),
    }
)
names = st.sampled_from(["n", "m", "c", "b_x", "b_y", "y", "n.NAOK", "c.NAOK"])
literals = st.sampled_from(["0", "1", "5", "2.5", '"Y"', '"A"', "''", '"abc"', "'5'", "'10'", "'0'"])
atoms = names | literals
comparisons = st.tuples(
    atoms | st.just("s") | st.sampled_from(["(n == 1)", "(n + m)", "(s + 1)", "(n - m)", "floor(n)", "strpos(s, 'A')"]),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "eq", "lt"]),
    atoms,
).map(" ".join)
functions = st.one_of(
    atoms.map("is_empty({})".format),
    st.lists(names, min_size=1, max_size=4).map(lambda held: f"count({', '.join(held)}) > 1"),
    st.lists(st.sampled_from(["n", "m", "1"]), min_size=1, max_size=3).map(lambda held: f"sum({', '.join(held)}) >= 5"),
    st.lists(st.sampled_from(["n", "m"]), min_size=2, max_size=3).map(lambda held: f"max({', '.join(held)}) > 4"),
    st.tuples(literals, st.lists(names, min_size=1, max_size=3)).map(lambda held: f"countif({held[0]}, {', '.join(held[1])}) == 1"),
    st.sampled_from(["is_numeric(n)", "is_numeric(s)", "strlen(s) > 1", "n + m > 5", "n - m == 0", "n * m > 2", "n / m >= 1", "-n < 0"]),
    st.sampled_from(["s + n > 5", "c + 1 == 'A1'", "n + '1' == '51'", "n * '2' > 1", "n - '1' != 4", "(n == 1) + (m == 1) > c", "n - s", "floor(s)"]),
    st.sampled_from(["round(n, -1) > m", "countifop('>', 3, c, n) == 2", "countifop('<=', 1, c, n, m) > 1", "unique(s, n)", "c + c == 'AA'"]),
    st.sampled_from(["list(n, s, c) == '5, abc'", "implode('-', c, s) == '1-abc'", "intval(n) == 2", "s == 'abc'", "s == 5", "s > 4", "s != ''"]),
)  # fmt: skip
conditions = st.recursive(
    comparisons | functions,
    lambda inner: st.one_of(
        inner.map("!({})".format),
        st.tuples(inner, st.sampled_from(["and", "or", "&&", "||"]), inner).map(
            lambda held: f"({held[0]}) {held[1]} ({held[2]})"
        ),
        st.tuples(inner, inner, inner).map(lambda held: f"if({held[0]}, {held[1]}, {held[2]})"),
    ),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(written=conditions, values=VALUES)
def test_a_translated_condition_means_what_the_engine_makes_of_it(written: str, values: dict[str, str]) -> None:
    assert run(written, values) is Engine(values).condition(written), (written, values)


tokens = st.sampled_from(["cond", "cond.NAOK", "n", "c"])
about_relevance = st.recursive(
    st.one_of(
        st.tuples(tokens, st.sampled_from(["==", "!=", "<", ">="]), literals).map(" ".join),
        tokens.map("is_empty({})".format),
        tokens.map("count({}) == 0".format),
    ),
    lambda inner: st.one_of(
        inner.map("!({})".format), st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda h: f"({h[0]}) {h[1]} ({h[2]})")
    ),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(written=about_relevance, values=VALUES, given_=numbers)
def test_an_irrelevant_variable_makes_the_whole_condition_false(
    written: str, values: dict[str, str], given_: str
) -> None:
    relevant = Engine(values).condition("n > 5")
    held = values | ({"cond": given_} if relevant else {})
    judged = Engine(held, frozenset() if relevant else frozenset({"cond"})).condition(written)
    assert run(written, held) is judged, (written, held)


@pytest.mark.parametrize(
    ("written", "values", "holds"),
    [
        ("count(that.b) == 2", {"b_x": "Y", "b_y": "Y"}, True),
        ("count(that.b.sq_x.NAOK) == 1", {"b_x": "Y", "b_y": "Y"}, True),
        ("count(that.b.nosq_x) == 0", {"b_x": "Y"}, True),
        ("cond.relevanceStatus", {"n": "6"}, True),
        ("cond.relevanceStatus", {"n": "5"}, False),
        ("77X10X101 > 3", {"n": "4"}, True),
        ("77X10X108x == 'Y'", {"b_x": "Y"}, True),
        ("INSERTANS:77X10X104 == 'two'", {"c": "2"}, True),
        ("c.shown == 'two'", {"c": "2"}, True),
        ("c.question == 'About c?'", {}, True),
        ("c.type == 'L'", {}, True),
        ("b_x.shown == 'ex'", {"b_x": "Y"}, True),
        ("TOKEN:FIRSTNAME == ''", {}, True),
        ("regexMatch('/^a[b]c$/i', s)", {"s": "ABC"}, True),
        ("regexMatch('/^$/', s)", {}, True),
        ("regexMatch('/x/', s)", {}, False),
        ("countifop('>', 3, n, m) == 1", {"n": "4", "m": "2"}, True),
        ("sumifop('>=', 3, n, m) == 7", {"n": "4", "m": "3"}, True),
        ("round(n, 1) == 2.3", {"n": "2.25"}, True),
        ("round(3.7) == 4 && ceil(1.2) == 2 && floor(-1.5) == -2", {}, True),
        ("pow(n, 2) == 16 and sqrt(n) == 2", {"n": "4"}, True),
        ("stddev(n, m, 6) == 2", {"n": "2", "m": "4"}, True),
        ("unique(n, m)", {"n": "2", "m": "2"}, False),
        ("unique(n, m)", {}, True),
        ("substr(s, 1, 2) == 'bc'", {"s": "abcd"}, True),
        ("strpos(s, 'b') == 1", {"s": "abc"}, True),
        ("is_empty(strpos(s, 'z'))", {"s": "abc"}, True),
        ("substr(s, -2) == 'cd' and substr(s, 1, -1) == 'bc' and substr(s, -9, 1) == 'a'", {"s": "abcd"}, True),
        ("substr(s, n, m) == 'cd'", {"s": "abcdef", "n": "2", "m": "2"}, True),
        ("strpos(s, 'a', 1) == 3 and stripos(s, 'A') == 0", {"s": "abca"}, True),
        ("stristr(s, 'B') == 'bca' and is_empty(stristr(s, 'z'))", {"s": "abca"}, True),
        ("number_format(n) == '1,234,568'", {"n": "1234567.5"}, True),
        ("number_format(n) == '-999'", {"n": "-999.4"}, True),
        ("str_pad('a', 3, 'xy') == 'axy' and str_repeat('ab', 2) == 'abab' and strrev('abc') == 'cba'", {}, True),
        ("strcmp('a', 'b') == -1 and ucwords('one two') == 'One Two'", {}, True),
        ("date('H') == 9 and date('i') == 5 and date('H:i') == '09:05'", {}, True),
        ("date('Y-m-d', mktime(0, 0, 0, date('m'), date('d') - 4, date('Y') - n)) == '2024-02-29'", {"n": "2"}, True),
        ("date('Y-m-d', mktime(0, 0, 0, 14, 1, 2020)) == '2021-02-01'", {}, True),
        ("strtoupper(s) == 'ABC'", {"s": "abc"}, True),
        ("str_replace('a', 'o', s) == 'obo'", {"s": "aba"}, True),
        ("sprintf('%s and %d', s, n) == 'x and 2'", {"s": "x", "n": "2.5"}, True),
        ("join(s, '-', n) == 'x-2'", {"s": "x", "n": "2"}, True),
        ("date('Y') == 2026 and date('m') == 3", {}, True),
        ("date('Y-m-d') == '2026-03-04'", {}, True),
        ("strtotime('+1 day') > strtotime('now')", {}, True),
        ("(strtotime('2026-03-10') - strtotime('today')) / 86400 == 6", {}, True),
        ("checkdate(2, 29, 2024)", {}, True),
        ("checkdate(2, 29, 2025)", {}, False),
        ("listifop('code', '==', 'Y', 'question', '; ', that.b.sgqa) == 'ex; why'", {"b_x": "Y", "b_y": "Y"}, True),
        ("listifop('value', '>', 2, 'value', ' ', n.sgqa, m.sgqa) == '3'", {"n": "1", "m": "3"}, True),
        ("is_null(cond)", {"n": "1"}, False),
        ("is_null(cond.NAOK)", {"n": "1"}, True),
        ("(1, 2) == 2", {}, True),
        ("y == 'N'", {"y": "N"}, True),
        ("!y", {}, True),
        ("n == '5'", {"n": "5"}, True),
    ],
)  # fmt: skip
def test_names_suffixes_and_functions(written: str, values: dict[str, str], holds: bool) -> None:
    labels = {"c": {"1": "one", "2": "two", "A": "letter"}}
    node = logic.parse(TRANSLATOR.condition(written, Place()))

    def say(path: str) -> str | None:
        return labels.get(path, {}).get(values.get(path, ""))

    context = logic.Context(answers=answers(values), today=TODAY, say=say, now=datetime(2026, 3, 4, 9, 5))
    assert logic.compile_rule(node)(context) is holds


@pytest.mark.parametrize(
    "written",
    [
        "n >",
        "nobody > 1",
        "(n > 1",
        "shout(n)",
        "n > 1 2",
        "count(n",
        "n ~ 1",
        "if(n)",
        "'open",
        "that.nobody",
        "listifop('color', '>', 2, 'code', ' ', n.sgqa)",
        "listifop('code', '>', 2)",
    ],
)
def test_what_the_engine_cannot_read_is_told_apart(written: str) -> None:
    with pytest.raises(Broken):
        TRANSLATOR.condition(written, Place())


@pytest.mark.parametrize(
    "written",
    [
        "rand() > 1",
        "n = 3",
        "strcmp(s, 'a') > 0",
        "number_format(n, 2) == '1.00'",
        "LANG == 'de'",
        "regexMatch('/(?=a)/', s)",
        "regexMatch(s, s)",
        "sin(n) > 0",
    ],
)
def test_what_has_no_rule_is_told_apart(written: str) -> None:
    with pytest.raises(Untranslatable):
        TRANSLATOR.condition(written, Place())


def test_a_condition_does_not_look_ahead_nor_at_its_own_question() -> None:
    m = TRANSLATOR.variables.by_code["m"]
    assert TRANSLATOR.condition("n > 1", Place(m))
    for written in ("s == 'a'", "m > 1"):
        with pytest.raises(Untranslatable):
            TRANSLATOR.condition(written, Place(m))
    assert TRANSLATOR.condition("m > 1", Place(m, own=True))


@pytest.mark.parametrize(
    "written",
    [
        *(op.join(["s"] * 3_000) for op in "+-*/"),
        *(op.join(["n"] * 3_000) for op in ("==", "!=", "<")),
        f"{'(n < ' * 58}1{')' * 58}",
        "(" * 300 + "n" + ")" * 300,
        "!" * 300 + "n",
        " or ".join(["n > 1"] * 5_000),
        "n" * 70_000,
        "-" * 9_000,
    ],
)
def test_hostile_expressions_end_soon(written: str) -> None:
    with pytest.raises((Broken, Untranslatable)):
        TRANSLATOR.condition(written, Place())


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="nsc_.()+-*/<>=!&|\"', 0123456789\\{}[]#XandorNAOK", max_size=60))
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        rule = TRANSLATOR.condition(written, Place())
    except (Broken, Untranslatable):
        return
    logic.parse(rule)


class Anything:
    """Values without a meaning: what can be read is all that is asked."""

    def expanded(self, word: str) -> list[str]:
        return [word]

    def named(self, word: str) -> str:
        return word

    def call(self, name: str, args: list[Any]) -> str:
        return name

    def binary(self, op: str, a: Any, b: Any) -> str:
        return op

    def unary(self, op: str, value: Any) -> str:
        return op

    def quoted(self, text: str) -> str:
        return text


PIECES = "n s.NAOK 77X10X101 77X10X101a#1.shown TOKEN:A 1 2. .5 'a' \"b\" ( ) , ! - + ++ -- * / < <= == != = && || and OR le Gt f( self.sq_a { & ."


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split()), min_size=1, max_size=9), st.sampled_from(["", " "]))
def test_what_can_be_read_is_what_the_engine_reads(pieces: list[str], between: str) -> None:
    written = between.join(pieces)
    try:
        Reading(written, Anything()).whole()
        readable = True
    except Unreadable:
        readable = False
    try:
        expressions.parse(written)
        read = True
    except expressions.Unwritten:
        read = False
    assert read is readable, written
