"""What XPath means (XPath 1.0, and the functions of XForms) is what the rules mean, also where nothing is answered."""

from __future__ import annotations

from typing import Any

import pytest

from formsite.interchange.losses import Imported
from formsite.interchange.xlsform import xpath as x
from tests.interchange.xlsform_books import choices, read, row, told

QUESTIONS = [
    row("text", "t"), row("integer", "i"), row("decimal", "d"), row("select_one c", "s"), row("select_multiple c", "m"),
    row("date", "da"), row("time", "ti"), row("datetime", "dt"), row("select_one n", "n"), row("select_one city", "city"), row("geopoint", "gp"),
    row("begin repeat", "r"), row("integer", "v"), row("text", "w"), row("select_one c", "rs"), row("begin group", "g"), row("integer", "u"), row("end group"),
    row("end repeat"),
]  # fmt: skip
CITIES = choices("city", "paris", "lyon", "bonn", land=("fr", "fr", "de"), people=("2000", "500", "300"))
SHEETS = {"choices": [*choices("c", "a", "b", "d"), *choices("n", "1", "2", "-9"), *CITIES]}
NOBODY: dict[str, Any] = {}
ANNA: dict[str, Any] = {
    "t": "Anna", "i": 30, "d": "2.5", "s": "b", "m": "a d", "da": "2000-02-29", "ti": "18:15:00.000", "dt": "2020-01-02T06:30:00.000",
    "n": "-9", "gp": "48.5 -11.25 0 0", "r": [{"v": 3, "w": "x", "rs": "a", "u": 7}, {"v": 5, "w": "y"}],
}  # fmt: skip


def worth(imported: Imported, answers: dict[str, Any]) -> Any:
    """The computed value."""
    return told(imported, answers)["computed"].get("worth", "")


@pytest.mark.parametrize(
    ("expression", "of_nobody", "of_anna"),
    [
        ("${i} + 1", "", 31),
        ("${i} div 4", "", 7.5),
        ("-${i} mod 7", "", -2),
        ("2 + 3 * 4 - 6 div 2", 11, 11),
        ("concat(${t}, '-', ${i})", "-", "Anna-30"),
        ("string-length(${t})", 0, 4),
        ("substr(${t}, 1, 3)", "", "nn"),
        ("substring(${t}, 2, 2)", "", "nn"),
        ("substring-before(${t}, 'n')", "", "A"),
        ("substring-after(${t}, 'n')", "", "na"),
        ("substr(${t}, -3)", "", "nna"),
        ("substr(${t}, 0, -1)", "", "Ann"),
        ("translate(${t}, 'An', 'am')", "", "amma"),
        ("translate(${t}, 'na', 'an')", "", "Aaan"),
        ("translate(${t}, 'nn', 'xy')", "", "Axxa"),
        ("normalize-space(concat('  a ', ${t}, '   b '))", "a b", "a Anna b"),
        ("join('/', ${t}, ${s})", "/", "Anna/b"),
        ("join('/', ${t}, ${w}, 'z')", "//z", "Anna/x/y/z"),
        ("concat('<', ${w}, '>')", "<>", "<xy>"),
        ("concat(${ti}, '')", "", "18:15:00.000"),
        ("string-length(${dt})", 0, 23),
        ("coalesce(${t}, 'none')", "none", "Anna"),
        ("coalesce(substr(${t}, 9), 'none')", "none", "none"),
        ("coalesce(${i}, 0) + 1", 1, 31),
        ("if(${i} > 18, 'old', 'young')", "young", "old"),
        ("if(${t} = '', 0, ${i})", 0, 30),
        ("int(-2.5)", -2, -2),
        ("round(${d})", "", 3),
        ("round(2.345, 2)", 2.35, 2.35),
        ("round(${i} * 5, -2)", "", 200),
        ("${gp}", "", "48.5 -11.25 0 0"),
        ("number(selected-at(${gp}, 1)) * 2", "", -22.5),
        ("if(${gp} = '', 'nowhere', substring-before(${gp}, ' '))", "nowhere", "48.5"),
        ("floor(${d}) + ceiling(${d})", "", 5),
        ("pow(${i}, 2)", "", 900),
        ("min(${i}, 4)", "", 4),
        ("number(${s} = 'b')", 0, 1),
        ("string(${i} > 3)", "false", "true"),
        ("count-selected(${m})", 0, 2),
        ("selected-at(${m}, 1)", "", "d"),
        ("count-selected('  a  b ')", 2, 2),
        ("count-selected(concat(${t}, ' ', ${s}))", 0, 2),
        ("selected-at(${s}, 0)", "", "b"),
        ("selected-at(${s}, 1)", "", ""),
        ("selected-at(concat(${t}, ' ', ${s}), 1)", "", "b"),
        ("selected-at(${t}, -1)", "", ""),
        ("jr:choice-name(${s}, '${s}')", "", "B"),
        ("jr:choice-name(selected-at(${m}, 1), '${m}')", "", "D"),
        ("jr:choice-name(${t}, '${s}')", "", ""),
        ("jr:choice-name('lyon', '${city}')", "Lyon", "Lyon"),
        ("jr:choice-name(indexed-repeat(${rs}, ${r}, 1), '${rs}')", "", "A"),
        ("${n} * 2", "", -18),
        ("concat(${n}, '!')", "!", "-9!"),
        ("format-date(${da}, '%e %b %Y')", "", "29 Feb 2000"),
        ("format-date-time(${dt}, '%H:%M')", "", "06:30"),
        ("int((today() - ${da}) div 365.25)", "", 26),
        ("date(${da} + 1)", "", "2000-03-01"),
        ("decimal-date-time(${da})", "", 11016),
        ("decimal-time('12:00:00.000')", 0.5, 0.5),
        ("date-time('2000-01-01T12:00') > ${da}", "false", "false"),
        ("format-date-time(${dt}, '%M:%S.%3')", "", "30:00.000"),
        ("max(${da}, '2001-01-01')", "", 11323),
        ("difference-in-months(${da}, '2001-02-28')", "", 11),
        ("sum(${v})", "", 8),
        ("max(${v}) - min(${v})", "", 2),
        ("count(${r})", 1, 2),
        ("count(${r}[v > 3])", 0, 1),
        ("count-if(${r}, ${v} > 3)", 0, 1),
        ("count-non-empty(${u})", 0, 1),
        ("sum(${u}[. != ''])", 0, 7),
        ("join('+', ${w})", "", "x+y"),
        ("indexed-repeat(${v}, ${r}, 2)", "", 5),
        ("/data/r[2]/v", "", 5),
        ("/data/r[w = 'y']/v", "", 5),
        ("/data/r[last()]/w", "", "y"),
        ("/data/r/g/u", "", 7),
        ("${r}[position() = 2]/w", "", "y"),
        ("sum-if(${v}, ${w} = 'y')", 0, 5),
        ("item-at(' ', 'a b c', 1)", "b", "b"),
        ("instance('city')/root/item[name = 'lyon']/people", "500", "500"),
        ("count(instance('city')/root/item[land = 'fr'])", 2, 2),
        ("instance('city')/root/item[2]/name", "lyon", "lyon"),
        ("sum(instance('city')/root/item/people)", 2800, 2800),
        ("sum(instance('city')/root/item[people > ${i} * 15]/people)", 0, 2500),
        ("join(', ', instance('city')/root/item[people < 1000]/name)", "lyon, bonn", "lyon, bonn"),
        ("count(instance('city')/root/item[people > ${i} * 10])", 0, 2),
        ("once(${t})", "", "Anna"),
        ("number('12a')", "", ""),
        ("1 div 0", "", ""),
    ],
)  # fmt: skip
def test_values_are_what_xpath_has(expression: str, of_nobody: Any, of_anna: Any) -> None:
    imported = read([*QUESTIONS, row("calculate", "worth", calculation=expression)], **SHEETS)
    assert [loss for loss in imported.losses if "worth" in loss.where or "calculation" in loss.what] == []
    assert [worth(imported, NOBODY), worth(imported, ANNA)] == [of_nobody, of_anna]


@pytest.mark.parametrize(
    ("expression", "of_nobody", "of_anna"),
    [
        ("${i} < 18", False, False),
        ("not(${i} < 18)", True, True),
        ("${t} = ''", True, False),
        ("${t} != 'x'", True, True),
        ("${i} != 30", True, False),
        ("${i}", True, True),  # a set of one node
        ("not(${t})", False, False),
        ("string(${t})", False, True),
        ("boolean(number(${i}))", False, True),
        ("'x'", True, True),
        ("0", False, False),
        ("selected(${m}, 'd') and not(selected(${m}, 'b'))", False, True),
        ("selected(${s}, 'b')", False, True),
        ("selected(${m}, '')", True, False),
        ("selected('x Anna y', ${t})", False, True),
        ("selected('x Anna y', concat('x ', ${t}))", True, False),
        ("selected('a b c', 'b c')", False, False),
        ("selected(concat(${t}, ' x'), ${s})", False, False),
        ("selected(concat(${t}, ' b'), ${s})", False, True),
        ("selected(' a b c', ' b ')", True, True),
        ("not(selected(${s}, ''))", False, True),
        ("indexed-repeat(${v}, ${r}, count(${r}) - 1)", False, True),  # there is no instance before the first
        ("indexed-repeat(${v}, ${r}, count(${r}) - 1) != 'x'", False, True),
        ("boolean(${r}) and not(${m} = ${s})", False, True),
        ("${ti} = '18:15:00.000'", False, True),
        ("${ti} = '18:15'", False, False),
        ("instance('city')/root/item[people = ${i} * 10]", False, True),
        ("${s} = 'gone'", False, False),
        ("${m} = 'a d'", False, True),
        ("regex(${t}, '^[A-Z]')", False, True),
        ("regex(${t}, '^(?=.*n)(?![a-z(]).{4}$')", False, True),
        ("regex(${t}, '^(?![)A]).*$')", True, False),
        (r"regex(concat(${t}, 'é'), '[\u00C0-\u017f]$')", True, True),
        (r"regex(${t}, '\\\u00e9')", False, False),
        ("contains(${t}, '')", True, True),
        ("${da} < today() and ${da} > '1999-12-31'", False, True),
        ("${dt} > '2020-01-01'", False, True),
        ("format-date(${da}, '%Y-%m-01') < ${dt}", False, True),
        ("concat('20', '00-02-28') < ${da}", False, True),
        ("today() - coalesce(${da}, '1999-01-01') > 9800", True, False),
        ("${t} > 5", False, False),
        ("${v} = 5", False, True),  # of any instance
        ("${v} > 5", False, False),
        ("${i} = ${t}", True, False),
        ("${i} = jr:choice-name(${s}, '${s}')", True, False),
        ("${i} + 0 = concat(${t}, '')", False, False),
        ("missing = ''", False, False),
        ("1 < 2 < 3", True, True),
        ("true() != 'x'", False, False),
        ("yes", True, True),
        ("FALSE", False, False),
    ],
)  # fmt: skip
def test_conditions_are_never_unknown(expression: str, of_nobody: bool, of_anna: bool) -> None:
    expression = expression.replace("missing", "null")
    imported = read([*QUESTIONS, row("text", "asked", relevant=expression)], **SHEETS)
    assert ["asked" in told(imported, answers)["shown"] for answers in (NOBODY, ANNA)] == [of_nobody, of_anna]


def test_long_rows_of_operators_are_no_deep_trees() -> None:
    imported = read(
        [
            row("integer", "i"), row("calculate", "worth", calculation=" + ".join(["${i}"] * 150)),
            row("text", "asked", relevant=" or ".join(f"${{i}} = {at}" for at in range(400))),
        ]
    )  # fmt: skip
    assert imported.losses == ()
    assert worth(imported, {"i": 2}) == 300
    ifs = "".join(f"if(${{i}} = {at}, '{at}th', " for at in range(50))
    table = read([row("integer", "i"), row("calculate", "worth", calculation=f"{ifs}'many'{')' * 50}")])
    assert [worth(table, {"i": at}) for at in (0, 49, 50, "")] == ["0th", "49th", "many", "many"]
    sentence = read([row("text", "t", default="Mend this(that): a list")])
    assert (told(sentence, {"t": ""})["errors"], sentence.losses) == ({}, ())
    assert ["asked" in told(imported, {"i": at})["shown"] for at in (0, 399, 400)] == [True, True, False]


def test_paths_inside_a_repeat_stay_in_their_instance() -> None:
    imported = read(
        [
            row("begin repeat", "r"), row("integer", "v"), row("begin group", "g"),
            row("text", "near", relevant="../../v > 3"), row("text", "second", relevant="position(../..) = 2"),
            row("calculate", "before", calculation="indexed-repeat(${v}, ${r}, position(../..) - 1)"),
            row("end group"), row("end repeat"),
        ]
    )  # fmt: skip
    told_ = told(imported, {"r": [{"v": 9}, {"v": 2}]})
    assert {"r-0-near", "r-1-second"} <= set(told_["shown"]) and not {"r-1-near", "r-0-second"} & set(told_["shown"])
    assert told_["computed"] == {"r-1-before": 9}


@pytest.mark.parametrize(
    "rule",
    ["count(../../r[v = current()/../v]) = 1", "count(${r}[current()/. = v]) <= 1", "count(/data/r[v = ${v}]) < 2"],
)
def test_an_answer_that_another_instance_has_too_is_found(rule: str) -> None:
    imported = read([row("begin repeat", "r"), row("integer", "v", constraint=rule), row("end repeat")])
    assert imported.losses == ()
    assert list(told(imported, {"r": [{"v": 12}, {"v": 2}, {"v": 12}]})["errors"]) == ["r-0-v", "r-2-v"]
    assert told(imported, {"r": [{"v": 12}, {"v": 2}, {"v": 1}, {}]})["errors"] == {}


NAMED_TWICE = [
    row("begin group", "g1"), row("text", "x"), row("end group"), row("begin group", "g2"), row("text", "x", constraint=". = 'b'"),
    row("begin repeat", "r"), row("text", "x"), row("integer", "n"), row("end repeat"),
    row("begin group", "t", appearance="table-list"), row("select_one c", "p"), row("select_one c", "q"), row("end group"),
    row("end group"), row("calculate", "worth", calculation="concat(/data/g1/x, sum(/data/g2/r/n), ${q})"),
]  # fmt: skip


@pytest.mark.parametrize(
    "answers",
    [
        {"g1": {"x": "a"}, "g2": {"x": "c", "r": [{"n": 1}, {"n": "2"}], "t": {"q": "d"}}},
        {"g1/x": "a", "g2/x": "c", "g2/r": [{"n": 1}, {"g2/r/n": 2}], "g2/t/q": "d"},
        {"/data/g1/x": "a", "/data/g2/x": "c", "/data/g2/r[1]/n": 1, "/data/g2/r[2]/n": 2.0, "q": ["d"]},
        {"x": "a", "g2": {"x": "c", "r[1]/n": 1, "r[2]/n": 2}, "q": "d"},
        {"x": "a", "g2/x": "c", "n": 4, "r-0-n": 1, "r-1-n": 2, "q": "d"},
    ],
)
def test_answers_stand_under_names_in_groups_and_under_paths_of_names(answers: dict[str, Any]) -> None:
    imported = read(NAMED_TWICE)
    assert imported.names == {
        "x": "x",
        "g2/x": "x_2",
        "g2/r/x": "x_3",
        "n": "n",
        "p": "t-p",
        "q": "t-q",
        "worth": "worth",
    }
    found = told(imported, answers)
    assert (found["computed"], list(found["errors"])) == ({"worth": "a3d"}, ["g2/x"])


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("i", [5, "5", " 5 ", 5.0, "", None, [5]], [5.5, "x", True, {"a": 1}, [1, 2], "1" * 40]),
        ("d", [2.5, "2.5", 0.1 + 0.2], ["x", float("inf")]),
        ("s", ["a", ["a"]], ["gone", 5, ["a", "b"]]),
        ("m", ["a b", ["a", "b"], "a", []], ["gone", ["a", "gone"], 7]),
        ("da", ["2020-02-29", "2020-02-29T00:00:00Z"], ["2021-02-29", "soon", 20]),
        ("ti", ["10:30", "10:30:59.000+02:00"], ["25:00", 10]),
        ("dt", ["2020-01-01T10:30", "2020-01-01T10:30:00.000Z"], ["2020-01-01", "x"]),
        ("gp", ["12.5 3.4 0 0", "12.5, 3.4", [12.5, 3.4]], ["here", "95 0", {"at": 1}]),
    ],
)
def test_values_come_in_every_usual_shape_and_wrong_ones_are_errors(name: str, good: list[Any], bad: list[Any]) -> None:
    imported = read(QUESTIONS, **SHEETS)
    assert [each for each in good if told(imported, {name: each})["errors"]] == []
    assert [each for each in bad if list(told(imported, {name: each})["errors"]) != [name]] == []


def test_choices_are_filtered_by_their_columns() -> None:
    """What is not offered is not held, as engines clear it when the filter moves on."""
    imported = read(
        [
            row("select_one c", "s"),
            row("select_one city", "city", choice_filter="land = ${s} or people > 1000"),
            row("text", "held", relevant="${city} != ''"),
        ],
        choices=[*choices("c", "fr", "de"), *CITIES],
    )
    for given, city, is_held in (
        ("fr", "lyon", True),
        ("de", "lyon", False),
        ("de", "paris", True),
        ("", "bonn", False),
    ):
        assert ("held" in told(imported, {"s": given, "city": city})["shown"]) is is_held


@pytest.mark.parametrize(
    ("column", "expression", "why"),
    [
        ("relevant", "${gone} = 1", "there is no question “gone”; it is always shown"),
        ("relevant", "pulldata('x', 'y') = 1", "the function pulldata(); it is always shown"),
        ("relevant", "((1", "missing"),
        ("relevant", "${last-saved#t} = 1", "no earlier response"),
        ("required", "random() > 0.5", "it is optional"),
        ("constraint", "regex(., '^(?=a)b|c')", "any answer of the type is taken"),
        ("constraint", "regex(., '(?=a)')", "any answer of the type is taken"),
        ("default", "uuid()", "nothing is filled in beforehand"),
        ("calculation", "instance('far')/root/item[1]/x", "there is no list “far” in the workbook; it is empty"),
        ("relevant", "not(" * 70 + "1" + ")" * 70, "deep"),
        ("relevant", "'" + "x" * 30_000 + "'", "longer than"),
    ],
)  # fmt: skip
def test_what_has_no_rule_is_named_and_the_question_stays(column: str, expression: str, why: str) -> None:
    imported = read([row("text", "t"), row("text", "asked", **{column: expression})])
    (loss,) = imported.losses
    assert loss.where == "survey!3" and loss.what.startswith(f"{column}: ") and why in loss.why
    assert "asked" in told(imported, {})["shown"]


def test_what_looks_ahead_moves_below_with_all_that_looks_at_it() -> None:
    imported = read(
        [
            row("calculate", "third", calculation="${second} + 1"), row("calculate", "second", calculation="${first} * 2"),
            row("text", "asked", relevant="${third} > 5"), row("calculate", "first", calculation="${i} + 1"), row("text", "own"),
            row("integer", "i"), row("text", "before", relevant="${behind} != ''"), row("text", "behind", relevant="${before} != ''"),
        ]
    )  # fmt: skip
    assert [field.id for field in imported.definition.fields()] == [
        "own", "i", "first", "second", "third", "asked", "before", "behind",
    ]  # fmt: skip
    assert [(loss.where, loss.what) for loss in imported.losses] == [
        ("survey!4", "the place of “asked”"), ("survey!8", "relevant: ${behind} != ''"),
    ]  # fmt: skip
    assert told(imported, {"i": 2})["computed"] == {"first": 3, "second": 6, "third": 7}
    assert "asked" in told(imported, {"i": 2})["shown"]


def test_trees_are_read_as_xpath_binds() -> None:
    assert x.parse("1 + 2 * 3") == x.Binary("+", x.Number(1), x.Binary("*", x.Number(2), x.Number(3)))
    assert x.parse("a or b and c").op == "or"  # type: ignore[union-attr]
    assert x.parse("- - 1") == x.Number(1)
    assert x.parse("${ a }[1]/b") == x.Path(x.Variable("a", (x.Number(1),)), False, (x.Step("b"),))
    assert x.parse("../a/./b") == x.Path(None, False, (x.Step(".."), x.Step("a"), x.Step("."), x.Step("b")))
    assert x.parse("“x” = ‘y’") == x.Binary("=", x.String("x"), x.String("y"))
    assert list(x.names(x.parse("count(${a}[b > ../c]) + /data/d"))) == ["a", "b", "..", "c", "data", "d"]
