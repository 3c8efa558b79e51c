"""What attributes, filters, quotas and answers of odd shapes come to, as LimeSurvey's engine has it."""

from __future__ import annotations

from typing import Any

import pytest

from formsite.definition import seats
from formsite.definition.evaluation import Evaluator
from formsite.definition.state import Moment
from formsite.interchange import files
from tests.interchange.limesurvey_archive import archive, question
from tests.interchange.limesurvey_trying import TODAY, YES_NO, brought, evaluate, field


def test_what_stands_beside_answers_or_asks_for_less_than_a_day_is_named() -> None:
    rows = {"a": "A"}
    imported = brought(
        [
            question("f", "|", attributes={"min_num_of_files": "2", "show_title": "1", "show_comment": "1"}),
            question("q", "Q", rows=rows, attributes={"suffix": "kg"}),
            question("n", "N", attributes={"placeholder": "5"}),
            question("d", "D", attributes={"date_format": "yyyy"}),
        ]
    )
    assert [(loss.where, loss.what) for loss in imported.losses] == [
        ("f", "min_num_of_files"),
        ("f", "the title and comment of each file"),
        ("q", "the text beside the answer"),
        ("n", "placeholder"),
        ("d", "the date format “yyyy”"),
    ]


def test_a_ranking_with_few_places_wants_no_more_than_these_and_what_is_left() -> None:
    listed = {"A": "a", "B": "b", "C": "c"}
    places = {"mandatory": "Y", "answers": listed}
    imported = brought(
        [
            question("src", "M", rows=listed),
            question("two", "R", **places, attributes={"max_subquestions": "2"}),
            question("left", "R", **places, attributes={"max_subquestions": "2", "array_filter": "src"}),
        ]
    )
    three = {"src_A": "Y", "src_B": "Y", "src_C": "Y"}
    assert set(evaluate(imported, **three, two_1="A", left_1="A")["errors"]) == {"two", "left"}
    assert evaluate(imported, **three, two_1="A", two_2="C", left_1="A", left_2="B")["errors"] == {}
    assert evaluate(imported, src_A="Y", two_1="A", two_2="C", left_1="A")["errors"] == {}


def test_a_list_filters_by_whether_it_is_answered_and_a_filter_may_be_named_by_its_ids() -> None:
    boxes = {"a": "A", "b": "B", "new": "New"}
    imported = brought(
        [
            question("l", "L", qid=101, answers={"a": "A", "b": "B"}),
            question("m", "M", rows=boxes, attributes={"array_filter": "77X10X101"}),
            question("f", "F", rows={"a": "A"}, answers=YES_NO, attributes={"array_filter_exclude": "l"}),
        ]
    )
    assert evaluate(imported)["shown"] == ["l", "m", "f", "f_a"]
    assert evaluate(imported, l="a")["shown"] == ["l", "m"]
    assert [choice.shown_if is None for choice in field(imported, "m").settings.choices] == [False, False, True]


def test_something_else_may_exclude_all_others() -> None:
    attributes = {"exclude_all_others": "other"}
    imported = brought(
        [
            question("m", "M", rows={"a": "A"}, other="Y", attributes=attributes),
            question("s", relevance="!is_empty(m_a)"),
        ]
    )
    assert [choice.exclusive for choice in field(imported, "m").settings.choices] == [False, True]
    assert evaluate(imported, m_a="Y")["shown"] == ["m", "s"]
    assert "s" not in evaluate(imported, m_a="Y", m_other="mine")["shown"]


@pytest.mark.parametrize(
    ("members", "answers", "met"),
    [
        ([("l", "a"), ("l", "b")], {"l": "b"}, True),
        ([("l", "a"), ("y", "Y")], {"l": "a", "y": "N"}, False),
        ([("m", "a"), ("m", "b")], {"m_a": "Y"}, False),
        ([("m", "a"), ("m", "b")], {"m_a": "Y", "m_b": "Y"}, True),
        ([("arr", "a-1"), ("arr", "a-2")], {"arr_a": "2"}, True),
        ([("arr", "a-1"), ("arr", "b-2")], {"arr_a": "1"}, False),
    ],
)
def test_a_quota_wants_one_answer_to_each_question_box_and_row(
    members: list[tuple[str, str]], answers: dict[str, str], met: bool
) -> None:
    ids = {"l": 101, "m": 102, "arr": 103, "y": 104}
    boxes = {"a": "A", "b": "B"}
    tables = {
        "quota": [{"id": 1, "name": "Q", "qlimit": 1, "action": 2}],
        "quota_members": [{"qid": ids[code], "quota_id": 1, "code": answer} for code, answer in members],
    }
    asked = [
        question("l", "L", qid=101, answers=boxes),
        question("m", "M", qid=102, rows=boxes),
        question("arr", "A", qid=103, rows=boxes),
        question("y", "Y", qid=104),
    ]
    imported = brought(asked, tables=tables)
    assert [loss.what for loss in imported.losses] == ["its action 2"]
    plan = Evaluator(imported.definition).plan
    given, _ = plan.load(imported.dialect.answers_in(answers, plan), "en")
    claims = seats.claims(plan, plan.state(given, TODAY).answers, Moment(TODAY))
    assert bool(claims) is met


def test_a_quota_on_an_answer_that_is_not_offered_is_named() -> None:
    tables = {"quota": [{"id": 1, "name": "Q"}], "quota_members": [{"qid": 101, "quota_id": 1, "code": "zz"}]}
    imported = brought([question("l", "L", qid=101, answers=YES_NO)], tables=tables)
    assert imported.definition.quotas == ()
    assert [loss.where for loss in imported.losses] == ["quota Q"]


def test_the_language_in_a_text_is_that_of_the_text() -> None:
    text = "{LANG}: {if(LANG == 'de', 'ja', 'yes')}"
    imported = brought([question("a", text={"en": text, "de": text})], languages=("en", "de"))
    assert field(imported, "a").label.root == {"en": "en: yes", "de": "de: ja"}
    assert imported.losses == ()


def test_a_rank_in_words_is_the_answer_that_was_given() -> None:
    listed = {"A": {"en": "Apple", "de": "Apfel"}, "B": {"en": "Pear", "de": "Birne"}}
    text = {"en": "First {r_1.shown}", "de": "Zuerst {r_1.shown}"}
    imported = brought([question("r", "R", answers=listed), question("s", text=text)], languages=("en", "de"))
    plan = Evaluator(imported.definition).plan
    found = plan.state({"r": ["B", "A"]}, TODAY).answers
    assert [found[name] for name in ("text_1", "text_2")] == ["Pear", "Birne"]


@pytest.mark.parametrize("given", [[["a"]], [{"a": 1}], {"a": ["x"]}, "\ud800", 10**30, [None]])
def test_answers_of_any_shape_are_taken_or_told_wrong(given: Any) -> None:
    rows = {"a": "A"}
    imported = brought(
        [
            question("m", "M", rows=rows),
            question("u", "|"),
            question("dual", "1", rows=rows, answers=YES_NO, answers2=YES_NO),
            question("n", "N"),
            question("f", "F", rows=rows, answers=YES_NO),
        ]
    )
    for name in ("m", "m_a", "u", "u_filecount", "dual_a#0", "dual_a_1", "n", "f", "f_a", "f-a", "nobody"):
        assert evaluate(imported, **{name: given})["shown"][0] == "m"


def test_parts_of_a_dual_scale_go_by_both_spellings() -> None:
    imported = brought([question("d", "1", rows={"a": "A"}, answers=YES_NO, answers2=YES_NO)])
    plan = Evaluator(imported.definition).plan
    for name in ("d_a#1", "d_a_1", "77X10X101a#1"):
        assert imported.dialect.answers_in({name: "Y"}, plan) == {"d-a-scale_2": "Y"}


@pytest.mark.parametrize(
    ("shown", "title", "described"), [("B", True, True), ("N", True, False), ("D", False, True), ("X", False, False)]
)
def test_names_and_descriptions_of_groups_stand_where_the_survey_shows_them(
    shown: str, title: bool, described: bool
) -> None:
    about = {"group_name": "You", "description": "About you"}
    page = brought((about, [question("a")]), survey={"showgroupinfo": shown}).definition.pages[0]
    assert (page.title is not None, len(page.items) == 2) == (title, described)


def test_settings_of_the_whole_that_have_no_place_are_named() -> None:
    imported = brought(
        [question("a"), question("i", "I")],
        survey={"showwelcome": "N", "format": "A", "emailnotificationto": "a@example.org"},
        settings={"surveyls_welcometext": "Hello", "surveyls_legal_notice": "We are we."},
    )
    assert imported.definition.intro is None
    assert {(loss.where, loss.what) for loss in imported.losses} == {
        ("welcome", "its text"),
        ("legal notice", "its text"),
        ("format", "all questions on one page"),
        ("survey emailnotificationto", "a@example.org"),
        ("i", "the change of language"),
    }


def test_what_is_kept_encrypted_there_is_personal_here() -> None:
    imported = brought(
        [question("a", encrypted="Y"), question("b", "L", answers=YES_NO, encrypted="Y"), question("c", encrypted="N")]
    )
    assert [each.personal for each in imported.definition.fields()] == [True, True, False]


def test_conditions_on_one_box_are_joined_by_or_and_those_on_several_by_and() -> None:
    def condition(cid: int, name: str, value: str) -> dict[str, Any]:
        return {"cid": cid, "qid": 102, "cqid": 101, "cfieldname": name, "method": "==", "value": value, "scenario": 1}

    asked = [question("m", "M", qid=101, rows={"a": "A", "b": "B"}), question("last", qid=102)]
    either = brought(asked, tables={"conditions": [condition(1, "+77X10X101a", "Y"), condition(2, "+77X10X101a", "")]})
    assert "last" in evaluate(either)["shown"] and "last" in evaluate(either, m_a="Y")["shown"]
    both = brought(asked, tables={"conditions": [condition(1, "+77X10X101a", "Y"), condition(2, "+77X10X101b", "Y")]})
    assert "last" not in evaluate(both, m_a="Y")["shown"] and "last" in evaluate(both, m_a="Y", m_b="Y")["shown"]


@pytest.mark.parametrize("pattern", ["/a/b/", "//^A/i/", "/a/z", "abc", "/a"])
def test_patterns_that_the_engine_cannot_read_are_named(pattern: str) -> None:
    imported = brought([question("s", preg=pattern)])
    assert [(loss.where, loss.what) for loss in imported.losses] == [("s", "the check preg")]
    assert evaluate(imported, s="x")["errors"] == {}


def test_what_the_installation_decides_is_nothing_here() -> None:
    survey = {
        "admin": "inherit",
        "adminemail": "inherit",
        "emailresponseto": "inherit",
        "format": "I",
        "showgroupinfo": "I",
    }
    imported = brought([question("a", text="By {ADMINNAME} {ADMINEMAIL}")], survey=survey)
    assert field(imported, "a").label.root == {"en": "By"}
    assert imported.definition.pages[0].title is not None and imported.losses == ()


def test_pictures_of_a_theme_are_named() -> None:
    listed = {"A": "/assets/images/lime.png"}
    imported = brought([question("a", "L", answers=listed, question_theme_name="image_select-listradio")], newer=True)
    assert [loss.what for loss in imported.losses] == ["its pictures"]


def test_texts_stand_in_the_tables_themselves_where_nothing_stands_beside_them() -> None:
    made = archive([question("l", "L", answers={"A": "Apple"}), question("m", "M", rows={"a": "Row"})], version=261)
    beside = b"<question_l10ns><rows><row><qid>102</qid><language>en</language><question>New</question></row></rows></question_l10ns>"
    imported = files.read(made.replace(b"</document>", beside + b"</document>"), "survey.lss")
    labels = {each.id: each.label.root["en"] for each in imported.definition.fields()}
    assert labels == {"l": "About l?", "m": "About m?"}
    assert field(imported, "m").settings.choices[0].label.root == {"en": "Row"}


@pytest.mark.parametrize(
    ("written", "total"),
    [
        ("sum(that.k)", 15),
        ("sum(that.k.sq_a)", 3),
        ("sum(that.k.sq_a.sq_c.NAOK)", 11),
        ("sum(that.k.nosq_a)", 12),
        ("sum(that.k.nosq_a.nosq_b)", 8),
        ("sum(that.k.sq_a.sq_b.nosq_1)", 6),
        ("count(that.p.nocomments)", 2),
        ("count(that.p.comments)", 1),
        ("count(that.p.sq_x.nocomments)", 1),
    ],
)
def test_parts_of_a_question_are_named_by_any_of_the_letters_in_their_codes(written: str, total: int) -> None:
    asked = [
        question("k", "K", rows={code: code for code in ("a1", "a2", "b1", "b2", "c")}),
        question("p", "P", rows={"x": "X", "y": "Y"}),
        question("last", relevance=f"{written} == {total}"),
    ]
    numbers = {"k_a1": "1", "k_a2": "2", "k_b1": "0", "k_b2": "4", "k_c": "8"}
    imported = brought(asked)
    assert "last" in evaluate(imported, **numbers, p_x="Y", p_y="Y", p_xcomment="why")["shown"]
    assert imported.losses == ()


def test_answers_go_by_the_ids_of_their_questions_too() -> None:
    rows, columns, listed = {"a": "A"}, {"x": "X"}, {"1": "One"}
    asked = [
        question("l", "L", qid=501, answers=listed, other="Y"),
        question("p", "P", qid=502, rows=rows, other="Y"),
        question("f", "F", qid=503, rows=rows, answers=listed),
        question("n", ":", qid=504, rows=rows, columns=columns),
        question("d", "1", qid=505, rows=rows, answers=listed, answers2=listed),
        question("r", "R", qid=506, answers=listed),
        question("o", "O", qid=507, answers=listed),
        question("Q501", "N", qid=508),  # a code comes before an id
    ]
    imported = brought([*asked, question("last", qid=509)])
    plan = Evaluator(imported.definition).plan
    ids = {name: variable.name for name, variable in imported.dialect.names.items() if name.startswith("Q5")}
    rows_of = {
        name: held.question.rows()[0].qid for name, held in imported.dialect.whole.items() if held.question.rows()
    }
    assert ids == {
        "Q501": "Q501",
        "Q501_Cother": "l_other",
        "Q502_S" + rows_of["p"]: "p_a",
        f"Q502_S{rows_of['p']}_Ccomment": "p_acomment",
        "Q502_Cother": "p_other",
        "Q502_Cothercomment": "p_othercomment",
        "Q503_S" + rows_of["f"]: "f_a",
        f"Q504_S{rows_of['n']}_S{imported.dialect.whole['n'].question.columns()[0].qid}": "n_a_x",
        f"Q505_S{rows_of['d']}#0": "d_a_0",
        f"Q505_S{rows_of['d']}#1": "d_a_1",
        "Q506_R1": "r_1",
        "Q507": "o",
        "Q507_Ccomment": "o_comment",
        "Q508": "Q501",
        "Q509": "last",
    }
    assert imported.dialect.answers_in({"Q507": "1", "Q506_R1": "1"}, plan) == {"o": "1", "r": ["1"]}


def test_relevance_conditions_and_filters_name_questions_by_their_ids() -> None:
    rows = [
        {"cid": 1, "qid": 504, "cqid": 501, "cfieldname": "Q501", "method": "==", "value": "F", "scenario": 1},
        {"cid": 2, "qid": 505, "cqid": 503, "cfieldname": "Q503", "method": "<", "value": "@Q502@", "scenario": 1},
    ]
    asked = [
        question("g", "G", qid=501),
        question("n", "N", qid=502),
        question("m", "N", qid=503, relevance='((Q501.NAOK == "F"))'),
        question("s", qid=504),
        question("t", qid=505),
        question("src", "M", qid=506, rows={"a": "A", "b": "B"}),
        question("left", "M", qid=507, rows={"a": "A"}, attributes={"array_filter": "Q506"}),
    ]
    imported = brought(asked, tables={"conditions": rows})
    assert evaluate(imported)["shown"] == ["g", "n", "src"]
    found = evaluate(imported, g="F", n="5", m="4", src_a="Y")
    assert found["shown"] == ["g", "n", "m", "s", "t", "src", "left"]
    assert imported.losses == ()


@pytest.mark.parametrize(
    ("url", "redirects", "done", "lost"),
    [
        ("https://example.org/?a=1&amp;b=2", "N", "Bye\n\n[Go on](https://example.org/?a=1&b=2)", []),
        ("https://example.org/", "Y", "Bye\n\n[Go on](https://example.org/)", ["the way there of itself"]),
        ("https://example.org/{SAVEDID}", "N", "Bye", ["the address that follows the survey"]),
        ("javascript:alert(1)", "N", "Bye", ["the address that follows the survey"]),
        ("", "Y", "Bye", []),
    ],
)
def test_the_address_that_follows_a_survey_is_a_link_at_its_end(
    url: str, redirects: str, done: str, lost: list[str]
) -> None:
    settings = {"surveyls_endtext": "<p>Bye</p>", "surveyls_url": url, "surveyls_urldescription": "Go on"}
    imported = brought([question("a")], settings=settings, survey={"autoredirect": redirects})
    assert imported.definition.done.root == {"en": done}
    assert [loss.what for loss in imported.losses] == lost


def test_names_lead_to_every_question_and_every_sub_question_by_either_code() -> None:
    rows, listed = {"r_1": "Row"}, {"A": "a"}
    imported = brought(
        [
            question("m_1", "M", rows=rows),
            question("r", "R", rows=rows),
            question("d", "1", rows=rows, answers=listed),
            question("n", ":", rows=rows, columns={"x": "X"}),
            question("h", "Q", rows=rows, attributes={"hidden": "1"}),
        ]
    )
    wanted = {
        "m_1_r_1": "m1",
        "m1_r1": "m1",
        "r_r1": "r",
        "d_r1": "d-r1",
        "n_r1": "n-r1",
        "n_r1_x": "n-r1-x",
        "h_r1": "h_r1",
    }
    assert {name: imported.names.get(name) for name in wanted} == wanted


def test_a_survey_that_asks_one_question_at_a_time_has_a_page_for_each() -> None:
    about = {"group_name": "You", "description": "About you", "grelevance": "first == 1"}
    asked = [
        question("a"),
        question("h", attributes={"hidden": "1"}),
        question("b", relevance="a == 'x'", text="Twice {a + a}"),
        question("x", "X"),
        question("e", "*", text="{1 + 1}", attributes={"hidden": "1"}),
    ]
    imported = brought([question("first", "N")], (about, asked), survey={"format": "S"})
    pages = imported.definition.pages
    listed = [[item.id for item in page.items] for page in pages]
    assert listed == [["first"], ["about_11", "a"], ["h", "text_1", "b"], ["x", "e"]]
    assert [page.title.root["en"] for page in pages] == ["Group 10", "You", "You", "You"]
    assert [page.shown_if is None for page in pages] == [True, False, False, False]
    assert evaluate(imported, first="1", a="x")["shown"] == ["first", "a", "b", "x"]
    assert evaluate(imported)["shown"] == ["first"]
    assert imported.losses == ()


def test_too_many_questions_share_pages_by_their_groups_and_that_is_named() -> None:
    imported = brought([question(f"q{number}") for number in range(401)], survey={"format": "S"})
    assert len(imported.definition.pages) == 1
    assert [loss.what for loss in imported.losses] == ["one question at a time"]
