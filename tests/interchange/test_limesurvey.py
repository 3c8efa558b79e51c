"""Surveys of LimeSurvey as forms: what is asked, what is compulsory, what is wrong, in the words of the survey."""

from __future__ import annotations

import pytest

from formsite.definition.evaluation import Evaluator
from formsite.interchange import files
from formsite.interchange.losses import Unimportable
from tests.interchange.limesurvey_archive import archive, question
from tests.interchange.limesurvey_trying import TODAY, YES_NO, brought, evaluate, field


# -- the whole ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("newer", [False, True])
def test_both_layouts_say_the_same_in_every_language(newer: bool) -> None:
    texts = {"en": "How old?", "de": "Wie alt?"}
    listed = {"A1": {"en": "Young", "de": "Jung"}, "A2": {"en": "Old", "de": "Alt"}}
    rows = {"SQ1": {"en": "One", "de": "Eins"}}
    imported = brought(
        (
            {"group_name": {"en": "You", "de": "Sie"}},
            [question("age", "L", text=texts, answers=listed), question("m", "M", rows=rows)],
        ),
        newer=newer,
        languages=("en", "de"),
        settings={"surveyls_welcometext": {"en": "<p>Hello <b>you</b></p>", "de": "Hallo"}, "surveyls_endtext": "Bye"},
    )
    assert imported.definition.languages == ("en", "de")
    assert imported.definition.title.root == {"en": "Survey en", "de": "Survey de"}
    assert imported.definition.intro.root == {"en": "Hello **you**", "de": "Hallo"}
    assert imported.definition.pages[0].title.root == {"en": "You", "de": "Sie"}
    age = field(imported, "age")
    assert age.label.root == {"en": "How old?", "de": "Wie alt?"}
    assert [choice.label.root for choice in age.settings.choices] == [
        {"en": "Young", "de": "Jung"},
        {"en": "Old", "de": "Alt"},
    ]
    assert field(imported, "m").settings.choices[0].label.root == {"en": "One", "de": "Eins"}


def test_codes_are_repaired_as_limesurvey_does_and_both_spellings_are_understood() -> None:
    imported = brought(
        [
            question("p1_sex", "L", answers=YES_NO),
            question("p1sex", "N"),
            question("2nd", "N", relevance="p1_sex == 'Y'"),
        ]
    )
    assert imported.names["p1_sex"] == imported.names["p1sex"] == "p1sex"
    assert imported.names["p1sexr2"] == "p1sexr2"
    assert imported.names["q2nd"] == imported.names["2nd"] == "q2nd"
    for spelling in ("p1_sex", "p1sex", "77X10X101"):
        assert evaluate(imported, **{spelling: "Y"})["shown"] == ["p1sex", "p1sexr2", "q2nd"]
    assert [loss.where for loss in imported.losses] == ["codes"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (archive(), "no questions"),
        (archive([question("a")]).replace(b"<LimeSurveyDocType>Survey", b"<LimeSurveyDocType>Label set"), "label set"),
        (b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>", "no questions"),
        (archive([question("x", "X"), question("e", "*", text="{1}")]), "asks nothing"),
    ],
)
def test_what_asks_nothing_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Unimportable, match=words):
        files.read(content, "survey.lss")


def test_what_lacks_its_parts_is_asked_as_text_wherever_it_is_named() -> None:
    imported = brought(
        [
            question("o", "O"),
            question("dual", "1", rows={"r": "Row"}, answers={"A": "a"}),
            question("m", "M"),
            question("odd", "§"),
            question("later", text="{o} {o_comment} {dual_r_1.shown} {m_x}", relevance="o == 'x' or dual_r_1 == 'B'"),
        ]
    )
    assert [field(imported, name).type for name in ("o", "m", "odd")] == ["long_text"] * 3
    assert "later" in evaluate(imported, o="x")["shown"] and "later" not in evaluate(imported, dual_r_1="B")["shown"]
    assert [(loss.where, loss.what) for loss in imported.losses] == [
        ("o", "its answers"),
        ("m", "its sub-questions"),
        ("odd", "the question type “§”"),
        ("later", "{o_comment}"),
        ("later", "{m_x}"),
    ]


def test_rows_that_belong_to_nothing_and_answers_that_come_twice_are_named() -> None:
    tables = {
        "questions": [{"qid": 900, "parent_qid": 0, "gid": 99, "title": "lost", "type": "S", "language": "en"}],
        "subquestions": [{"qid": 901, "parent_qid": 899, "gid": 10, "title": "row", "language": "en"}],
        "answers": [{"qid": 101, "code": "A", "scale_id": 0, "answer": "again", "language": "en", "sortorder": 9}],
    }
    imported = brought([question("l", "L", qid=101, answers={"A": "a", "B": "b"})], tables=tables)
    assert [(loss.where, loss.what) for loss in imported.losses] == [
        ("lost", "the question"),
        ("row", "the sub-question"),
        ("l", "a second answer “A”"),
    ]
    assert field(imported, "l").settings.choices[0].label.root == {"en": "a"}


def test_other_is_the_question_s_own() -> None:
    imported = brought([question("l", "L", answers={"A": "a", "-oth-": "Else"}, other="Y")])
    assert [choice.other for choice in field(imported, "l").settings.choices] == [False, True]
    assert [(loss.where, loss.what) for loss in imported.losses] == [("l", "a second answer “-oth-”")]


def test_a_base_language_without_a_tag_gets_one_and_others_are_named() -> None:
    imported = brought([question("a", text={"1": "eins", "de": "zwei", "??": "drei"})], languages=("1", "de", "??"))
    assert imported.definition.languages == ("qaa", "de")
    assert field(imported, "a").label.root == {"qaa": "eins", "de": "zwei"}
    assert [loss.where for loss in imported.losses] == ["language ??"]


def test_what_looks_like_a_mark_of_the_reader_is_none() -> None:
    imported = brought([question("a", text="\ue0007\ue001 \ue002 {1 + 1}")])
    assert field(imported, "a").label.root == {"en": "7 2"}


def test_markup_in_texts_is_words_and_what_is_lost_is_named() -> None:
    text = '<p onclick="x()">Look: <img src="a.png" alt="a cat"><script>alert(1)</script> { {1} } <a href="javascript:x">here</a></p>'
    imported = brought([question("a", text=text)])
    assert field(imported, "a").label.root == {"en": "Look: a cat { 1 } here"}
    assert {loss.what for loss in imported.losses} == {"a picture", "a script"}


# -- what is shown -----------------------------------------------------------------------------------------------------
def test_relevance_of_groups_questions_and_rows() -> None:
    imported = brought(
        [question("n", "N"), question("s", "S", relevance="n > 5"), question("t", "S", relevance="!is_empty(s)")],
        (
            {"grelevance": "n == 7"},
            [
                question("u", "S"),
                question("w", "F", answers=YES_NO, rows={"a": ("A", "u == 'x'"), "b": ("B", "n > 1")}),
            ],
        ),
    )
    assert evaluate(imported)["shown"] == ["n"]
    assert evaluate(imported, n="6")["shown"] == ["n", "s"]
    assert evaluate(imported, n="6", s="x")["shown"] == ["n", "s", "t"]
    assert evaluate(imported, n="7", u="x")["shown"] == ["n", "s", "u", "w", "w_a", "w_b"]
    assert evaluate(imported, n="7")["shown"] == ["n", "s", "u", "w", "w_b"]


def test_a_question_whose_rule_cannot_be_read_stays_shown_and_is_named() -> None:
    imported = brought(
        [question("a", "N"), question("b", "S", relevance="a >"), question("c", "S", relevance="rand() > a")]
    )
    assert evaluate(imported)["shown"] == ["a", "b", "c"]
    first, second = imported.losses
    assert first.where == "b" and "LimeSurvey cannot read it either" in first.why
    assert second.where == "c" and "rand()" in second.why


def test_the_table_of_conditions_takes_the_place_of_relevance() -> None:
    rows = [
        {"cid": 1, "qid": 104, "cqid": 101, "cfieldname": "77X10X101", "method": "==", "value": "A", "scenario": 1},
        {"cid": 2, "qid": 104, "cqid": 101, "cfieldname": "77X10X101", "method": "==", "value": "B", "scenario": 1},
        {"cid": 3, "qid": 104, "cqid": 102, "cfieldname": "77X10X102", "method": ">=", "value": "3", "scenario": 1},
        {"cid": 4, "qid": 104, "cqid": 103, "cfieldname": "77X10X103", "method": "==", "value": "x", "scenario": 2},
        {"cid": 5, "qid": 104, "cqid": 999, "cfieldname": "77X10X999", "method": "==", "value": "x", "scenario": 1},
    ]
    asked = [
        question("l", "L", qid=101, answers={"A": "a", "B": "b", "C": "c"}),
        question("n", "N", qid=102),
        question("m", "M", qid=103, rows={"x": "X"}),
        question("last", "S", qid=104, relevance="0"),
    ]
    imported = brought(asked, tables={"conditions": rows})
    assert "last" in evaluate(imported, l="A", n="3")["shown"]
    assert "last" in evaluate(imported, l="B", n="4")["shown"]
    assert "last" in evaluate(imported, l="C", m_x="Y")["shown"]
    for answers in ({"l": "A"}, {"l": "C", "n": "5"}, {"n": "5"}, {}):
        assert "last" not in evaluate(imported, **answers)["shown"]


def test_array_filters_take_boxes_away_and_at_last_the_question() -> None:
    boxes = {"a": "A", "b": "B", "c": "C"}
    imported = brought(
        [
            question("src", "M", rows=boxes),
            question("kept", "M", rows=boxes, mandatory="Y", attributes={"array_filter": "src"}),
            question("left", "F", rows=boxes, answers=YES_NO, attributes={"array_filter_exclude": "src"}),
            question("both", "M", rows=boxes, attributes={"array_filter": "kept"}),
        ]
    )
    none = evaluate(imported)
    assert none["shown"] == ["src", "left", "left_a", "left_b", "left_c"]
    assert "kept" not in none["compulsory"]
    some = evaluate(imported, src_a="Y", kept_a="Y", kept_b="Y")
    assert some["shown"] == ["src", "kept", "left", "left_b", "left_c", "both"]
    assert some["errors"] == {}
    everything = evaluate(imported, src_a="Y", src_b="Y", src_c="Y")
    assert everything["shown"] == ["src", "kept"]
    assert list(everything["errors"]) == ["kept"]


def test_a_hidden_question_keeps_its_value_and_is_never_asked() -> None:
    imported = brought(
        [
            question("h", "L", answers=YES_NO, mandatory="Y", attributes={"hidden": "1"}, defaults={"": "Y"}),
            question("k", "Q", rows={"a": "A"}, mandatory="Y", attributes={"hidden": "1"}),
            question("n", "N", attributes={"hidden": "1"}),
            question("s", "S", relevance="h == 'Y'"),
            question("t", "S", relevance="k_a == 'x' and n > 3"),
        ]
    )
    assert evaluate(imported) | {"next": None} == {
        "shown": ["s"],
        "compulsory": [],
        "errors": {},
        "computed": {},
        "next": None,
    }
    assert evaluate(imported, h="N", k_a="x", n="4")["shown"] == ["t"]


# -- what is wrong -----------------------------------------------------------------------------------------------------
def test_compulsory_and_wanted() -> None:
    imported = brought(
        [
            question("s", "S", mandatory="Y"),
            question("soft", "S", mandatory="S"),
            question("a", "F", mandatory="Y", rows={"x": "X", "y": "Y"}, answers=YES_NO),
            question("text", "X", mandatory="Y"),
        ]
    )
    found = evaluate(imported, a_x="Y")
    assert set(found["compulsory"]) >= {"s", "a_y"}
    assert set(found["errors"]) == {"s", "a_y"}
    assert field(imported, "soft").wanted is True and field(imported, "soft").compulsory is False


def test_a_minimum_is_minded_even_where_nothing_was_answered() -> None:
    boxes = {"a": "A", "b": "B", "c": "C"}
    imported = brought(
        [question("m", "M", rows=boxes, attributes={"min_answers": "2", "max_answers": "2"}), question("last")]
    )
    assert evaluate(imported)["errors"] == {"m": ["Choose at least 2."]}
    assert evaluate(imported, m_a="Y", m_b="Y")["errors"] == {}
    assert list(evaluate(imported, m_a="Y", m_b="Y", m_c="Y")["errors"]) == ["m"]
    assert evaluate(imported)["shown"] == ["m", "last"]


def test_bounds_and_patterns_and_own_checks() -> None:
    imported = brought(
        [
            question("least", "N"),
            question("n", "N", attributes={"min_num_value_n": "least", "max_num_value_n": "10"}),
            question("w", "N", attributes={"num_value_int_only": "1"}),
            question("p", "S", preg="/^[a-z]+$/i"),
            question(
                "v",
                "S",
                attributes={"em_validation_q": "strlen(this) > 2", "em_validation_q_tip": "Longer than {least}!"},
            ),
            question("bad", "S", preg="/(?=x)/"),
        ]
    )
    fine = {"least": "3", "n": "4", "w": "4", "p": "Abc", "v": "abcd"}
    assert evaluate(imported, **fine)["errors"] == {}
    assert evaluate(imported, **fine | {"n": "2"})["errors"] == {"n": ["Enter 3 or more."]}
    assert set(evaluate(imported, **fine | {"n": "11"})["errors"]) == {"n"}
    assert set(evaluate(imported, **fine | {"w": "4.5"})["errors"]) == {"w"}
    assert set(evaluate(imported, **fine | {"p": "a1"})["errors"]) == {"p"}
    assert evaluate(imported, **fine | {"v": ""})["errors"] == {"v": ["Longer than 3!"]}
    assert [(loss.where, loss.what) for loss in imported.losses] == [("bad", "the check preg")]


def test_an_exclusive_option_stands_alone() -> None:
    imported = brought(
        [
            question("m", "M", rows={"a": "A", "none": "None"}, attributes={"exclude_all_others": "none"}),
            question("s", relevance="!is_empty(m_a)"),
        ]
    )
    assert [choice.exclusive for choice in field(imported, "m").settings.choices] == [False, True]
    assert evaluate(imported, m_a="Y")["shown"] == ["m", "s"]
    assert evaluate(imported, m_a="Y", m_none="Y")["shown"] == ["m"]


# -- values ------------------------------------------------------------------------------------------------------------
def test_equations_are_computed_and_answers_stand_in_texts() -> None:
    imported = brought(
        [
            question("w", "N"),
            question("h", "N"),
            question("sex", "L", answers={"M": "man", "F": "woman"}),
            question("bmi", "*", text="{round(w / (h * h), 1)}"),
            question("said", "*", text="You {if(sex == 'M', 'Sir', 'Madam')} weigh {w}", attributes={"hidden": "1"}),
            question(
                "last",
                "S",
                text="A {sex.shown} of {w} kg, {if(bmi > 25, 'heavy', 'light')}; soon {later}.",
                relevance="bmi > 20",
            ),
            question("later", "S"),
        ]
    )
    found = evaluate(imported, w="80", h="2", sex="F")
    assert found["computed"] == {"bmi": "20", "said": "You Madam weigh 80"}
    assert found["shown"] == ["w", "h", "sex", "bmi", "later"]
    assert "last" in evaluate(imported, w="84", h="2")["shown"]
    label = field(imported, "last").label.root["en"]
    assert label == "A {{sex}} of {{w}} kg, {{text_1}}; soon {{later}}."
    assert imported.losses == ()


def test_an_expression_in_a_text_may_look_at_what_is_asked_later() -> None:
    imported = brought([question("a", "S", text="Twice: {b * 2}"), question("b", "N")])
    order = [each.id for each in imported.definition.fields()]
    assert order == ["a", "b", "text_1"]
    assert field(imported, "a").label.root == {"en": "Twice: {{text_1}}"}


@pytest.mark.parametrize("newer", [False, True])
def test_defaults(newer: bool) -> None:
    rows, other = {"a": "A", "b": "B", "c": "C"}, {"defaults": {"": "-oth-", "other": "mine"}}
    timed = {"date_format": "dd.mm.yyyy HH:MM"}
    imported = brought(
        [
            question("n", "N", defaults={"": "3"}),
            question("l", "L", answers=YES_NO, defaults={"": "Y"}),
            question("s", "S", defaults={"": "n is {n}"}),
            question("y", "Y", defaults={"": "N"}),
            question("t", "T", defaults={"": "1 < 2\n<b>"}),
            question("m", "M", rows=rows, defaults={"a": "Y", "b": "{if(l == 'Y', 'Y', '')}", "c": "N"}),
            question("by", "L", answers=YES_NO, defaults={"": "{if(n > 2, 'N', 'Y')}"}),
            question("same", "L", answers=YES_NO, defaults={"": "{by.NAOK}"}),
            question("yes", "Y", defaults={"": "{if(n == 3, 'Y', 'N')}"}),
            question("d", "D", defaults={"": "2020-01-31 00:00"}),
            question("soon", "D", defaults={"": "+1 day"}),
            question("now", "D", defaults={"": "{date('Y-m-d')}"}, attributes=timed),
            question("month", "D", defaults={"": "today"}, attributes={"date_format": "mm.yyyy"}),
            question("wrong", "L", answers=YES_NO, defaults={"": "maybe"}),
            question("else", "L", answers=YES_NO, other="Y", **other),
            question("parts", "Q", rows=rows, defaults={"a": "x"}),
            question("h", "M", rows=rows, defaults={"b": "Y"}, attributes={"hidden": "1"}),
            question("last", "S", relevance="n == 3 and l == 'Y' and s == 'n is 3' and y == 'N' and h_b == 'Y'"),
        ],
        newer=newer,
    )
    evaluator = Evaluator(imported.definition, dialect=imported.dialect)
    assert "last" in evaluator.evaluate({}, TODAY)["shown"]
    answers = evaluator.plan.state({}, TODAY).answers
    assert {name: answers.get(name) for name in "t m by same yes d soon now month wrong else".split()} == {
        "t": "1 < 2\n<b>",
        "m": ["a", "b"],
        "by": "N",
        "same": "N",
        "yes": True,
        "d": "2020-01-31",
        "soon": "2026-03-05",
        "now": "2026-03-04T00:00",
        "month": "2026-03",
        "wrong": None,
        "else": "other",
    }
    assert [loss.where for loss in imported.losses] == ["wrong", "else", "parts"]


def test_quotas() -> None:
    tables = {
        "quota": [
            {"id": 1, "sid": 77, "name": "Women", "qlimit": 5, "active": 1},
            {"id": 2, "name": "Off", "qlimit": 5, "active": 0},
        ],
        "quota_members": [
            {"id": 1, "sid": 77, "qid": 101, "quota_id": 1, "code": "F"},
            {"id": 2, "qid": 102, "quota_id": 1, "code": "x"},
        ],
        "quota_languagesettings": [
            {"quotals_quota_id": 1, "quotals_language": "en", "quotals_message": "<p>Full</p>", "quotals_url": "x"}
        ],
    }
    imported = brought([question("g", "G", qid=101), question("m", "M", qid=102, rows={"x": "X"})], tables=tables)
    (quota,) = imported.definition.quotas
    assert (quota.id, quota.limit, quota.message.root) == ("women", 5, {"en": "Full"})
    assert [(loss.where, loss.what) for loss in imported.losses] == [
        ("quota Women", "its address"),
        ("quota Off", "the quota"),
    ]


@pytest.mark.parametrize("version", [143, 155, 164, 261, 350, 400, 495, 640])
def test_the_types_of_questions_in_archives_of_every_age(version: int) -> None:
    rows, columns, listed = {"r": "Row", "q": "Row 2"}, {"c": "Column", "d": "Column 2"}, {"A1": "One", "A2": "Two"}
    asked = {
        "five": (question("five", "5"), "rating"),
        "a": (question("a", "A", rows=rows), "matrix_one"),
        "c": (question("c", "C", rows=rows), "matrix_one"),
        "h": (question("h", "H", rows=rows, answers=listed), "matrix_one"),
        "dual": (question("dual", "1", rows=rows, answers=listed, answers2=listed), "matrix_mixed"),
        "num": (question("num", ":", rows=rows, columns=columns), "matrix_number"),
        "box": (
            question("box", ":", rows=rows, columns=columns, attributes={"multiflexible_checkbox": "1"}),
            "matrix_several",
        ),
        "txt": (question("txt", ";", rows=rows, columns=columns), "matrix_text"),
        "k": (question("k", "K", rows=rows), "several_numbers"),
        "q": (question("q", "Q", rows=rows), "several_texts"),
        "m": (question("m", "M", rows=rows), "several_choices"),
        "p": (question("p", "P", rows=rows), "several_choices"),
        "o": (question("o", "O", answers=listed), "single_choice"),
        "l": (question("l", "L", answers=listed), "single_choice"),
        "drop": (question("drop", "!", answers=listed), "dropdown"),
        "r": (question("r", "R", answers=listed), "ranking"),
        "g": (question("g", "G"), "single_choice"),
        "y": (question("y", "Y"), "yes_no"),
        "i": (question("i", "I"), "single_choice"),
        "d": (question("d", "D"), "date"),
        "dt": (question("dt", "D", attributes={"date_format": "dd.mm.yyyy HH:MM"}), "date_time"),
        "ti": (question("ti", "D", attributes={"date_format": "HH:MM"}), "time"),
        "mo": (question("mo", "D", attributes={"date_format": "mm/yyyy"}), "month"),
        "n": (question("n", "N"), "number"),
        "s": (question("s", "S"), "short_text"),
        "t": (question("t", "T"), "long_text"),
        "u": (question("u", "U"), "long_text"),
        "x": (question("x", "X"), "statement"),
        "e": (question("e", "*", text="{1 + 1}"), "computed"),
        "f": (question("f", "|"), "file"),
        "odd": (question("odd", "?"), "long_text"),
        "empty": (question("empty", "F", answers=listed), "long_text"),
    }
    imported = brought([each for each, _ in asked.values()], version=version)
    assert {name: field(imported, name).type for name in asked} == {name: kind for name, (_, kind) in asked.items()}
    assert [loss.where for loss in imported.losses] == ["odd", "empty", "i"]
    given = {
        "five": "3", "a_r": "5", "c_r": "U", "h_q": "A2", "dual_r_0": "A1", "dual_r_1": "A2", "num_r_c": "2.5", "box_r_d": "1",
        "txt_r_c": "x", "k_r": "3", "q_r": "x", "m_q": "Y", "p_r": "Y", "p_rcomment": "why", "o": "A1", "o_comment": "x", "l": "A2",
        "drop": "A1", "r_1": "A2", "r_2": "A1", "g": "F", "y": "N", "i": "en", "d": "2020-01-31 00:00", "dt": "2020-01-31 13:30:00",
        "ti": "1970-01-01 13:30", "mo": "2020-05-01 00:00", "n": "2.5", "s": "x", "t": "x", "u": "x",
    }  # fmt: skip
    answers = imported.dialect.answers_in(given, Evaluator(imported.definition).plan)
    assert answers == {
        "five": 3, "a-r": "5", "c-r": "U", "h-q": "A2", "dual-r-scale_1": "A1", "dual-r-scale_2": "A2", "num-r-c": 2.5, "box-r": ["d"],
        "txt-r-c": "x", "k-r": 3, "q-r": "x", "m": ["q"], "p": ["r"], "p-r-comment": "why", "o": "A1", "o-comment": "x", "l": "A2",
        "drop": "A1", "r": ["A2", "A1"], "g": "F", "y": False, "i": "en", "d": "2020-01-31", "dt": "2020-01-31T13:30",
        "ti": "13:30", "mo": "2020-05", "n": 2.5, "s": "x", "t": "x", "u": "x",
    }  # fmt: skip
    assert evaluate(imported, **given)["errors"] == {}


def test_answers_may_be_written_in_brackets_lists_and_objects() -> None:
    imported = brought(
        [question("m", "M", rows={"a": "A", "b": "B"}), question("f", "F", rows={"x": "X"}, answers=YES_NO)]
    )
    plan = Evaluator(imported.definition).plan
    wanted = {"m": ["a"], "f-x": "Y"}
    for given in (
        {"m[a]": "Y", "f[x]": "Y"},
        {"m": ["a"], "f": {"x": "Y"}},
        {"m": {"a": "Y"}, "f_x": "Y"},
        {"77X10X101a": "Y", "f_x": "Y"},
    ):
        assert imported.dialect.answers_in(given, plan) == wanted


def test_something_else_may_be_written() -> None:
    other = {"other": "Y", "attributes": {"other_replace_text": "Or?", "other_position": "beginning"}}
    listed = {"A": "a", "B": "b"}
    imported = brought(
        [
            question("l", "L", answers=listed, **other),
            question("m", "M", rows=listed, **other),
            question("must", "L", answers=listed, other="Y", attributes={"other_comment_mandatory": "1"}),
            question("last", relevance="l == '-oth-' and m_other == 'text'"),
        ]
    )
    assert [choice.label.root["en"] for choice in field(imported, "l").settings.choices] == ["Or?", "a", "b"]
    found = evaluate(imported, l="-oth-", l_other="mine", m_other="text", must="-oth-")
    assert "last" in found["shown"]
    assert list(found["errors"]) == ["must"]


def test_dates_stand_between_days_and_answers() -> None:
    imported = brought(
        [
            question("d", "D", attributes={"date_min": "2000", "date_max": "2020-06-30"}),
            question("e", "D", attributes={"date_min": "d", "date_max": "date('Y-m-d')"}),
        ]
    )
    assert evaluate(imported, d="2020-06-30", e="2020-06-30")["errors"] == {}
    assert list(evaluate(imported, d="2020-07-01")["errors"]) == ["d"]
    assert list(evaluate(imported, d="1999-12-31")["errors"]) == ["d"]
    assert list(evaluate(imported, d="2020-06-30", e="2020-06-29")["errors"]) == ["e"]
    assert list(evaluate(imported, e="2026-03-05")["errors"]) == ["e"]
    assert evaluate(imported, e="2026-03-04")["errors"] == {}


@pytest.mark.parametrize(
    ("form", "least", "most", "settings"),
    [
        ("", "2000", "2020-06-30 00:00:00", {"earliest": "2000-01-01", "latest": "2020-06-30"}),
        ("", "today", "'2030-12-31'", {"earliest": "today", "latest": "2030-12-31"}),
        (
            "yyyy-mm-dd HH:MM",
            "2020-01-01",
            "2021-01-01 12:00",
            {"earliest": "2020-01-01", "latest": "2021-01-01T12:00"},
        ),
        ("mm/yyyy", "2018-02", "2020", {"earliest": "2018-02", "latest": "2020-12"}),
        ("dd.mm.yyyy", "2018-02", "2020-02", {"earliest": "2018-02-01", "latest": "2020-02-29"}),
        ("HH:MM", "08:30", "1970-01-01 17:00:00", {"earliest": "08:30", "latest": "17:00"}),
    ],
)
def test_bounds_of_dates_that_are_written_are_settings(
    form: str, least: str, most: str, settings: dict[str, str]
) -> None:
    imported = brought([question("d", "D", attributes={"date_format": form, "date_min": least, "date_max": most})])
    assert field(imported, "d").settings.model_dump(exclude_none=True) == settings
    assert imported.losses == ()


def test_bounds_of_dates_may_be_words_expressions_and_other_kinds_of_dates() -> None:
    timed = {"date_format": "yyyy-mm-dd HH:MM"}
    imported = brought(
        [
            question("d", "D"),
            question("week", "D", attributes={"date_max": "+1 week"}),
            question("adult", "D", attributes={"date_max": "{date('Y-m-d', strtotime('-18 years'))}"}),
            question("at", "D", attributes={"date_min": "d", **timed}),
            question("till", "D", attributes={"date_max": "{at}"}),
            question("month", "D", attributes={"date_min": "d", "date_format": "mm/yyyy"}),
        ]
    )
    assert imported.losses == ()
    fine = {"d": "2026-03-01", "week": "2026-03-11", "at": "2026-03-01 00:00", "month": "2026-04-01 00:00"}
    assert evaluate(imported, **fine, till="2026-03-01", adult="2008-03-03")["errors"] == {}
    assert list(evaluate(imported, week="2026-03-12")["errors"]) == ["week"]
    assert list(evaluate(imported, adult="2008-03-05")["errors"]) == ["adult"]
    assert list(evaluate(imported, d="2026-03-01", at="2026-02-28 23:59")["errors"]) == ["at"]
    assert list(evaluate(imported, at="2026-03-01 09:00", till="2026-03-02")["errors"]) == ["till"]
    assert list(evaluate(imported, d="2026-03-02", month="2026-03-01 00:00")["errors"]) == ["month"]


def test_rankings_are_complete_where_they_must_be() -> None:
    listed = {"A": "a", "B": "b", "C": "c"}
    imported = brought(
        [
            question("src", "M", rows=listed),
            question("every", "R", answers=listed, mandatory="Y"),
            question("some", "R", answers=listed, mandatory="Y", attributes={"max_answers": "2"}),
            question("left", "R", answers=listed, mandatory="Y", attributes={"array_filter": "src"}),
        ]
    )
    found = evaluate(imported, src_A="Y", src_B="Y", every_1="A", some_1="B", left_1="A")
    assert set(found["errors"]) == {"every", "left"}
    found = evaluate(
        imported, src_A="Y", src_B="Y", every_1="A", every_2="B", every_3="C", some_1="B", left_1="A", left_2="B"
    )
    assert found["errors"] == {}


def test_bounds_may_stand_in_braces_and_those_that_leave_nothing_are_named() -> None:
    imported = brought(
        [
            question("n", "N"),
            question("m", "M", rows={"a": "A", "b": "B"}, attributes={"max_answers": "{n}"}),
            question("none", "N", attributes={"min_num_value_n": "5", "max_num_value_n": "4"}),
            question("whole", "K", rows={"a": "A"}, attributes={"num_value_int_only": "1", "min_num_value_n": "0.2", "max_num_value_n": "0.8"}),
            question("cells", ":", rows={"a": "A"}, columns={"c": "C"}, attributes={"multiflexible_min": "20"}),
            question("d", "D", attributes={"date_min": "2021", "date_max": "2020"}),
        ]
    )  # fmt: skip
    assert list(evaluate(imported, n="1", m_a="Y", m_b="Y")["errors"]) == ["m"]
    assert [(loss.where, loss.what) for loss in imported.losses] == [
        (name, "its bounds") for name in ("none", "whole", "cells", "d")
    ]


def test_rows_may_be_in_the_order_of_their_words() -> None:
    rows = {"a": "Zeta", "b": "alpha", "c": "None"}
    attributes = {"subquestion_order": "alphabetical", "exclude_all_others": "c"}
    imported = brought([question("m", "M", rows=rows, attributes=attributes)])
    choices = field(imported, "m").settings.choices
    assert [(choice.id, choice.exclusive) for choice in choices] == [("b", False), ("c", True), ("a", False)]


def test_rules_that_grow_too_large_are_named_and_the_survey_comes_in() -> None:
    rows = {f"s{number}": f"Row {number}" for number in range(20)}
    asked = [
        question(f"q{number}", "M", rows=rows, attributes={"array_filter": f"q{number - 1}"} if number else {})
        for number in range(25)
    ]
    imported = brought(asked)
    assert len(list(imported.definition.fields())) == 25
    assert any("larger or deeper" in loss.why for loss in imported.losses)


def test_orders_of_chance() -> None:
    together, alone = {"attributes": {"random_group": "g"}}, {"attributes": {"random_group": "other"}}
    asked = [question("a", **together), question("b", relevance="a == 1", **together), question("c", **alone)]
    imported = brought(
        [question("first")], ({"randomization_group": "x"}, asked), ({"randomization_group": "x"}, [question("d")])
    )
    assert imported.definition.random_pages
    group = imported.definition.pages[1].items[0]
    assert (group.random, [item.id for item in group.items]) == (True, ["a", "b"])
    assert evaluate(imported, a="1")["shown"] == ["first", "a", "b", "c", "d"]
    assert [(loss.where, loss.what) for loss in imported.losses] == [("c", "random_group")]


def test_pages_that_cannot_be_shuffled_are_named() -> None:
    random = {"randomization_group": "x"}
    imported = brought((random, [question("a")]), (random, [question("b")]), (random, [question("c")]))
    assert not imported.definition.random_pages
    assert {(loss.where, loss.what) for loss in imported.losses} == {
        (f"group Group {number}", "its random group") for number in (10, 11, 12)
    }


def test_what_attributes_do_elsewhere_is_named() -> None:
    imported = brought(
        [
            question("n", "N", attributes={"time_limit": "30", "prefix": "€"}),
            question("x", "X", attributes={"hidden": "1"}),
        ],
        survey={"expires": "2020-01-01", "format": "A"},
    )
    assert {loss.what for loss in imported.losses} == {
        "time_limit",
        "the text before the answer",
        "2020-01-01",
        "all questions on one page",
    }
    assert evaluate(imported)["shown"] == ["n"]


def test_scripts_and_looks_are_taken_out_before_their_braces_are_read() -> None:
    text = "<style>p{color:red}</style>A<script>f({a:1})</script> <b>{1 + 1}</b><SCRIPT>if (x) {y}"
    imported = brought([question("a", text=text, script="f()")], newer=True)
    assert field(imported, "a").label.root == {"en": "A 2"}
    assert [loss.what for loss in imported.losses] == ["its script", "a script"]


def test_boxes_and_answers_keep_what_they_are_worth_where_the_survey_assesses() -> None:
    asked = [
        question("m", "M", rows={"a": "A", "b": "B"}, attributes={"assessment_value": "3"}),
        question("l", "L", answers={"x": ("X", 2), "y": ("Y", -1)}),
    ]
    imported = brought(asked, survey={"assessments": "Y"})
    assert [choice.score for choice in field(imported, "m").settings.choices] == [3, 3]
    assert [choice.score for choice in field(imported, "l").settings.choices] == [2, -1]
    assert [choice.score for choice in field(brought(asked), "m").settings.choices] == [None, None]


def test_a_policy_is_a_notice_and_its_box_is_named() -> None:
    imported = brought(
        [question("a")], survey={"showsurveypolicynotice": 2}, settings={"surveyls_policy_notice": "We <b>keep</b> it."}
    )
    assert imported.definition.notice.root == {"en": "We **keep** it."}
    assert [loss.where for loss in imported.losses] == ["policy notice"]


def test_tables_without_a_place_are_named() -> None:
    tables = {"assessments": [{"id": 1}], "survey_url_parameters": [{"id": 1}]}
    imported = brought([question("a")], tables=tables)
    assert {loss.where for loss in imported.losses} == {"assessments", "survey_url_parameters"}


def test_personal_answers_that_are_compulsory_say_why() -> None:
    imported = brought([question("email", "S", mandatory="Y")])
    assert field(imported, "email").personal and field(imported, "email").why
    assert [loss.what for loss in imported.losses] == ["why it is compulsory"]
