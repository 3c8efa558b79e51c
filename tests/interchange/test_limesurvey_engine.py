"""What LimeSurvey's engine makes of expressions, case by case: each stands as the relevance of a question of one survey."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from formsite.definition import checks
from formsite.definition.evaluation import Evaluator
from formsite.interchange import files
from formsite.interchange.losses import Imported
from tests.interchange.limesurvey_archive import archive, question

TODAY = date(2026, 3, 4)
CODES = {"A1": "x", "A2": "y"}
ASKED = [
    question("n", "N"),
    question("m", "N"),
    question("s", "S"),
    question("s2", "S"),
    question("c", "L", answers={"1": ("one", 3), "2": ("two", 5), "A1": ("letter", 7)}),
    question("a1", "L", answers=CODES, other="Y"),
    question("a2", "L", answers=CODES),
    question("b", "M", rows={"x": "ex", "y": "why"}, other="Y"),
    question("y", "Y"),
    question("g", "G"),
    question("d", "D"),
    question("r", "R", answers={"A": "Apple", "B": "Pear"}),
    question("f", "F", rows={"x": "X", "y": "Y"}, answers={"1": ("one", 3), "2": ("two", 5)}),
    question("fi", "5"),
    question("i", "I"),
    question("o", "O", answers={"1": "one", "2": "two"}),
    question("k", "K", rows={"a": "A", "b": "B"}),
    question("arr", ":", rows={"x": "X"}, columns={"u": "U"}),
    question("dual", "1", rows={"x": "X"}, answers={"1": ("one", 2)}, answers2={"1": ("uno", 4)}),
]
CASES = [
    ("s + 1 == 6", {"s": "5"}, True),
    ("s + 1 == 'abc1'", {"s": "abc"}, True),
    ("s + s2 == 7", {"s": "3", "s2": "4"}, True),
    ("s + s2 == 'a4'", {"s": "a", "s2": "4"}, True),
    ("s + s2 + 1 == 8", {"s": "3", "s2": "4"}, True),
    ("s + s2 + 1 == 'a41'", {"s": "a", "s2": "4"}, True),
    ("s + s2 + n == 5", {"s2": "5"}, True),
    ("is_empty(s + s2 + n)", {}, True),
    ("s + s2 + s + s2 + s + s2 + s + s2 == 28", {"s": "3", "s2": "4"}, True),
    ("s + '1' == '51'", {"s": "5"}, True),
    ("n + '1' == '51'", {"n": "5"}, True),
    ("n + '' == '5'", {"n": "5"}, True),
    ("n + m == 5", {"n": "5"}, True),
    ("c + 1 == 2", {"c": "1"}, True),
    ("c + 1 == 'A11'", {"c": "A1"}, True),
    ("a1 + a2 == 'A1A2'", {"a1": "A1", "a2": "A2"}, True),
    ("a1 + a2 == 'A1'", {"a1": "A1"}, True),
    ("c + n == 6", {"c": "1", "n": "5"}, True),
    ("n * '2' == 10", {"n": "5"}, False),
    ("n - '2' == 3", {"n": "5"}, False),
    ("'6' / 2 == 3", {}, False),
    ("n - '2' != 3", {"n": "5"}, True),
    ("!(n*'2' > 1)", {"n": "5"}, True),
    ("(n == 1) < 5", {"n": "1"}, False),
    ("(n == 1) + (m == 1) == 2", {"n": "1", "m": "1"}, True),
    ("(n==1) == 5", {"n": "1"}, True),
    ("(n==1) >= 5", {"n": "1"}, True),
    ("(n == 1) + (m == 1) >= 1", {"n": "1"}, True),
    ("(n == 1) + (m == 1) > 0", {"n": "3"}, False),
    ("strpos(s,'x') == 0", {"s": "abc"}, True),
    ("strpos(s,'a') == 0", {"s": "abc"}, True),
    ("strpos(s,'b') == 0", {"s": "abc"}, False),
    ("strpos(s,'x') >= 0", {"s": "abc"}, True),
    ("strpos(s,'x') > -1", {"s": "abc"}, False),
    ("strpos(s,'a') > -1", {"s": "abc"}, True),
    ("strpos(s,'x') > 0", {"s": "abc"}, False),
    ("is_empty(strpos(s,'x'))", {"s": "abc"}, True),
    ("strpos(s,'x') == ''", {"s": "abc"}, True),
    ("strpos(s,'a') == ''", {"s": "abc"}, False),
    ("floor(s)", {"s": "abc"}, True),
    ("floor(n)", {"n": ""}, True),
    ("n/0", {"n": "5"}, True),
    ("!(n/0)", {"n": "5"}, False),
    ("if(n/0,1,0) == 1", {"n": "5"}, True),
    ("is_empty(n/0)", {"n": "5"}, False),
    ("count(n/0) == 1", {"n": "5"}, True),
    ("n - s == 0", {"n": "5", "s": "abc"}, False),
    ("n - s", {"n": "5", "s": "abc"}, True),
    ("-n == 0", {}, True),
    ("+n == 0", {}, True),
    ("-n < 0", {"n": "3"}, True),
    ("!n", {"n": "0"}, True),
    ("s > 'abb'", {"s": "abc"}, True),
    ("s < 'abd'", {"s": "abc"}, True),
    ("s == 5", {"s": "5.0"}, True),
    ("s == '5'", {"s": "5.0"}, True),
    ("s == 'A'", {"s": "a"}, False),
    ("s > 4", {"s": "abc"}, False),
    ("s < 4", {"s": ""}, False),
    ("n < 4", {}, False),
    ("n <= 0", {}, True),
    ("n >= 0", {}, False),
    ("n < 10", {"n": "9"}, True),
    ("n < '10'", {"n": "9"}, False),
    ("c < '10'", {"c": "2"}, False),
    ("c < 10", {"c": "2"}, True),
    ("a1 > 'A1'", {"a1": "A2"}, True),
    ("a1 >= 'A1'", {"a1": ""}, False),
    ("a1 < 'A2'", {"a1": ""}, True),
    ("n == ''", {}, True),
    ("n == 0", {}, False),
    ("n != 0", {}, True),
    ("b_x == 'Y'", {"b_x": "Y"}, True),
    ("b_x == ''", {}, True),
    ("b_other == 'foo'", {"b_other": "foo"}, True),
    ("!is_empty(b_other)", {"b_other": "foo"}, True),
    ("countif('Y', b_x, b_y) == 2", {"b_x": "Y", "b_y": "Y"}, True),
    ("countif('', n, m) == 2", {}, True),
    ("countif(1, f_x, f_y) == 2", {"f_x": "1", "f_y": "1"}, True),
    ("countifop('>', 1, c, n) == 2", {"c": "2", "n": "5"}, True),
    ("countifop('<', 3, n, m) == 2", {"n": "1"}, True),
    ("countifop('>', 3, a1) == 1", {"a1": "A1"}, True),
    ("countifop('RX','/^A/', a1, a2) == 2", {"a1": "A1", "a2": "A2"}, True),
    ("countifop('!=','', n, m) == 1", {"n": "1"}, True),
    ("sumifop('>=', 2, n, m) == 5", {"n": "5", "m": "1"}, True),
    ("c.value == 0", {"c": "1"}, True),
    ("f_x.value == 0", {"f_x": "2"}, True),
    ("dual_x_0.value == 0", {"dual_x_0": "1"}, True),
    ("is_empty(f_x.value)", {}, True),
    ("r_1.value == 0", {"r_1": "A"}, True),
    ("n.value == 5", {"n": "5"}, True),
    ("r_1.shown == 'Apple'", {"r_1": "A"}, True),
    ("f_x.shown == 'one'", {"f_x": "1"}, True),
    ("b_x.shown == 'ex'", {"b_x": "Y"}, True),
    ("y.shown == 'Yes'", {"y": "Y"}, True),
    ("g.shown == 'Female'", {"g": "F"}, True),
    ("fi.shown == '3'", {"fi": "3"}, True),
    ("i.shown == 'en'", {"i": "en"}, True),
    ("a1_other.shown == 'foo'", {"a1": "-oth-", "a1_other": "foo"}, True),
    ("o_comment.shown == 'hm'", {"o": "1", "o_comment": "hm"}, True),
    ("dual_x_1.shown == 'uno'", {"dual_x_1": "1"}, True),
    ("intval(n, 10) == 5", {"n": "5.7"}, True),
    ("intval('12abc') == 12", {}, True),
    ("round(n) == 3", {"n": "2.5"}, True),
    ("round(n) == -3", {"n": "-2.5"}, True),
    ("round(n,-1) == 30", {"n": "25"}, True),
    ("unique(s,s2)", {"s": "7", "s2": "07"}, True),
    ("unique(s,s2)", {"s": "7", "s2": "7"}, False),
    ("unique(n,m)", {}, True),
    ("substr(s,0,2) == 'ab'", {"s": "abc"}, True),
    ("substr(s,-2) == 'bc'", {"s": "abc"}, True),
    ("stristr(s,'B') == 'bc'", {"s": "abc"}, True),
    ("strstr(s,'b',1) == 'a'", {"s": "abc"}, True),
    ("list(b_x.shown, b_y.shown) == 'ex, why'", {"b_x": "Y", "b_y": "Y"}, True),
    ("implode(', ', n, m) == '5, '", {"n": "5"}, True),
    ("join(s,n) == 'abc5'", {"s": "abc", "n": "5"}, True),
    ("max(n,m) == 10", {"n": "9", "m": "10"}, True),
    ("min(n,m) == 9", {"n": "9", "m": "10"}, True),
    ("min(n,m) == ''", {"n": "9"}, True),
    ("max(c,n) == 2", {"c": "2", "n": "1"}, True),
    ("abs(n) == 5", {"n": "-5"}, True),
    ("pow(n,2) == 25", {"n": "5"}, True),
    ("sqrt(n) == 3", {"n": "9"}, True),
    ("sum(n,m,s) == 8", {"n": "5", "s": "3"}, True),
    ("strlen(s) == 0", {}, True),
    ("strlen(c) == 2", {"c": "A1"}, True),
    ("is_int(n)", {"n": "5"}, True),
    ("is_int(n)", {"n": "5.5"}, False),
    ("is_int(n)", {}, False),
    ("is_numeric(s)", {"s": "5 "}, True),
    ("is_numeric(s)", {"s": "abc"}, False),
    ("is_float(n)", {"n": "5.5"}, False),
    ("regexMatch('/^[0-9]+$/', s)", {"s": "123"}, True),
    ("regexMatch('/ABC/i', s)", {"s": "abc"}, True),
    ("regexMatch('#a#', s)", {"s": "abc"}, True),
    ("strtoupper(s) == 'ABC'", {"s": "abc"}, True),
    ("trim(s) == 'abc'", {"s": "abc"}, True),
    ("str_replace('b','x',s) == 'axc'", {"s": "abc"}, True),
    ("sprintf('%s-%d',s,n) == 'abc-5'", {"s": "abc", "n": "5"}, True),
    ("sprintf('%02d',n) == '05'", {"n": "5"}, True),
    ("date('Y') == 2026", {}, True),
    ("date('Y-m-d') == '2026-03-04'", {}, True),
    ("d > '2020-01-01'", {"d": "2020-01-31"}, True),
    ("d == '2020-01-31 00:00'", {"d": "2020-01-31"}, True),
    ("date('Y', strtotime(d)) == 2020", {"d": "2020-01-31"}, True),
    ("strtotime(d) > strtotime('2019-01-01')", {"d": "2020-01-31"}, True),
    ("(time() - strtotime(d)) / 31536000 > 5", {"d": "2020-01-31"}, True),
    ("floor((time()-strtotime(d))/60/60/24/365.25) >= 6", {"d": "2020-01-31"}, True),
    ("checkdate(2,30,2020)", {}, False),
    ("mktime(0,0,0,1,31,2020) == strtotime('2020-01-31')", {}, True),
    ("date('Y') - date('Y', strtotime(d)) >= 6", {"d": "2020-01-31"}, True),
    ("date('N', strtotime(d)) == 5", {"d": "2020-01-31"}, True),
    ("strtotime(d) >= strtotime('-10 years')", {"d": "2020-01-31"}, True),
    ("n == 5 AND m == 6", {"n": "5", "m": "6"}, True),
    ("n Gt 4", {"n": "5"}, True),
    ("(n == 1, m == 2)", {"m": "2"}, True),
    ("77X10X104 == 'abc'", {"s": "abc"}, False),
    ("count(that.k.NAOK) == 2", {"k_a": "1", "k_b": "0"}, True),
    ("sum(that.f.value) == 0", {"f_x": "1"}, True),
    ("TOKEN:FIRSTNAME == ''", {}, True),
    ("is_empty(TOKEN:ATTRIBUTE_1)", {}, True),
    ("o == 1 and o_comment == 'z'", {"o": "1", "o_comment": "z"}, True),
    ("ocomment == 'z'", {"o": "1", "o_comment": "z"}, True),
    ("arr_x_u == 5", {"arr_x_u": "5"}, True),
    ("k_a + k_b == 7", {"k_a": "3", "k_b": "4"}, True),
    ("k_a + k_b", {}, False),
    ("(n + m) > 0", {"n": "", "m": ""}, False),
    ("n + m + 1 == 1", {}, True),
]  # fmt: skip
READ_BY_NEITHER = ["!!n", "- -n", "n--m", "n++m", "NOT n", "n <> m", "n & m", "{n > 1}x", "'open", "n == 1 2"]


@cache
def survey() -> Imported:
    asked = [question(f"e{at}", relevance=written) for at, (written, _, _) in enumerate(CASES)]
    imported = files.read(archive(ASKED, asked), "survey.lss")
    assert checks.faults(imported.definition) == () and [loss.where for loss in imported.losses] == ["i"]
    return imported


@cache
def evaluator() -> Evaluator:
    return Evaluator(survey().definition, dialect=survey().dialect)


@pytest.mark.parametrize("at", range(len(CASES)), ids=[written for written, _, _ in CASES])
def test_an_expression_means_what_it_means_there(at: int) -> None:
    _, answers, holds = CASES[at]
    assert (f"e{at}" in evaluator().evaluate(answers, TODAY)["shown"]) is holds


@pytest.mark.parametrize("written", READ_BY_NEITHER)
def test_what_the_engine_cannot_read_hides_nothing_and_is_named(written: str) -> None:
    imported = files.read(archive([*ASKED[:2], question("last", relevance=written)]), "survey.lss")
    assert "last" in Evaluator(imported.definition, dialect=imported.dialect).evaluate({}, TODAY)["shown"]
    assert [loss.where for loss in imported.losses] == ["last"]
    assert "LimeSurvey cannot read it either" in imported.losses[0].why


def test_answers_are_worth_what_the_survey_says_where_it_assesses() -> None:
    worth = {
        "c.value == 3": {"c": "1"},
        "f_x.value + f_y.value == 8": {"f_x": "1", "f_y": "2"},
        "dual_x_0.value == 2 and dual_x_1.value == 4": {"dual_x_0": "1", "dual_x_1": "1"},
        "is_empty(f_x.valueNAOK)": {},
    }
    asked = [question(f"e{at}", relevance=written) for at, written in enumerate(worth)]
    imported = files.read(archive(ASKED, asked, survey={"assessments": "Y"}), "survey.lss")
    for at, answers in enumerate(worth.values()):
        found = Evaluator(imported.definition, dialect=imported.dialect).evaluate(answers, TODAY)
        assert f"e{at}" in found["shown"], at
