"""Spreadsheets of any content: each comes in and can be published, or is refused in words; nothing surprises."""

from __future__ import annotations

import io
from pathlib import PurePath

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from formsite.definition import checks
from formsite.definition.evaluation import Evaluator
from formsite.foundation import clock
from formsite.interchange import files
from formsite.interchange.losses import Unimportable
from formsite.interchange.xlsform import xpath

TYPES = (
    "text", "integer", "decimal", "date", "time", "datetime", "select_one c", "select_multiple c", "rank c", "note", "calculate",
    "begin group", "end group", "begin repeat", "end repeat", "begin loop over c", "end loop", "range", "geopoint", "image",
    "acknowledge", "hidden", "start", "today", "deviceid", "select_one c or_other", "select_one gone", "select_one_from_file x.csv",
    "select_one_external e", "q string", "add date prompt", "percentage", "phone number", "unheard of", "audit", "barcode", "",
)  # fmt: skip
NAMES = ("a", "b", "c", "A b", "1", "ä", "consent", "x.y", "meta", "", "a" * 200)
EXPRESSIONS = (
    "${a} = ''", "${b} > 3", ". > 3", "selected(${c}, 'x')", "count(${a})", "sum(${b})", "../a = ./b", "/data/a/b", "position(..)",
    "${a}[1]", "instance('c')/root/item[name = ${a}]/label", "pulldata('a', 'b')", "((((", "1 +", "${", "''", "yes", "TRUE", "no",
    "${a} or ${c} and not(${b})", "if(${a} = 'x', ${b}, ${c})", "regex(., '(a+)+$')", "regex(., '(?=a)')", "count-selected(.) < 2",
    "today() - ${a}", "1 div 0", "${a} mod 0", "999999999999999999999", "'" + "x" * 3_000 + "'", "not(" * 80 + "1" + ")" * 80, "-" * 300 + "1",
    "${a} = ${a}", "kind = ${a}", "name != 'x'", "substr(${a}, -5, 99)", "once(now())", "coalesce(${a}, ${b}, 1)", "current()/../b",
)  # fmt: skip
WORDS = (
    "Say ${a}", "**bold** <b>b</b>", "<img src=x onerror=alert(1)>", "{{a}} {{nobody}}", "\ud7ff\x01", "x" * 30_000, "%(label)s",
    "مرحبا", "=1+1", "", " ",
)  # fmt: skip
APPEARANCES = (
    "minimal",
    "table-list",
    "label",
    "list-nolabel",
    "field-list",
    "month-year",
    "year",
    "search('x')",
    "ex:a.b(c)",
    "likert",
    "",
)
COLUMNS = {
    "name": NAMES, "label": WORDS, "label::French (fr)": WORDS, "label::Klingon": WORDS, "hint": WORDS, "relevant": EXPRESSIONS,
    "required": EXPRESSIONS, "required_message": WORDS, "constraint": EXPRESSIONS, "constraint_message": WORDS,
    "calculation": EXPRESSIONS, "choice_filter": EXPRESSIONS, "repeat_count": EXPRESSIONS, "default": (*EXPRESSIONS, "a b", "2020-01-01"),
    "read_only": ("yes", "no", *EXPRESSIONS), "appearance": APPEARANCES, "parameters": ("start=a end=0 step=-1", "randomize=true", "=", ""),
    "trigger": ("${a}", "${b} ${c}", "x"), "media::image": ("x.png",), "disabled": ("yes", ""), "bind::oc:x": ("y",),
}  # fmt: skip
rows = st.lists(
    st.tuples(st.sampled_from(TYPES), st.fixed_dictionaries({}, optional={name: st.sampled_from(of) for name, of in COLUMNS.items()})),
    min_size=1,
    max_size=12,
)  # fmt: skip
offered = st.lists(
    st.tuples(st.sampled_from(("c", "e", "")), st.sampled_from(("x", "y", "x y", "-9", "24/7", "ä", "other", "")), st.sampled_from(WORDS)),
    max_size=8,
)  # fmt: skip


def book(survey: list[tuple[str, dict[str, str]]], choices: list[tuple[str, str, str]]) -> bytes:
    """A workbook with these rows; every group that is begun is ended."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as made:
        sheet = made.add_worksheet("survey")
        sheet.write_row(0, 0, ["type", *COLUMNS])
        opened: list[str] = []
        number = 1
        for begun, cells in survey:
            kind = begun
            if begun.startswith("end"):
                if not opened:
                    continue
                kind = "end " + opened.pop()
            elif begun.startswith("begin"):
                opened.append(begun.split()[1])
            sheet.write_row(number, 0, [kind, *(cells.get(name, "")[:32_000] for name in COLUMNS)])
            number += 1
        for kind in reversed(opened):
            sheet.write(number, 0, f"end {kind}")
            number += 1
        for title in ("choices", "external_choices"):
            sheet = made.add_worksheet(title)
            sheet.write_row(0, 0, ["list_name", "name", "label"])
            for at, choice in enumerate(choices, start=1):
                sheet.write_row(at, 0, choice)
    return out.getvalue()


@settings(max_examples=150, deadline=None)
@given(rows, offered)
def test_any_survey_comes_in_or_is_refused(
    survey: list[tuple[str, dict[str, str]]], choices: list[tuple[str, str, str]]
) -> None:
    try:
        imported = files.read(book(survey, choices), "any.xlsx")
    except Unimportable as refusal:
        assert refusal.where and refusal.what and refusal.fix
        return
    assert checks.faults(imported.definition) == ()
    assert all(loss.where and loss.what and loss.why for loss in imported.losses)
    told = Evaluator(imported.definition, dialect=imported.dialect).evaluate(
        {"a": "x", "b": 3, "c": "x y"}, clock.now().date()
    )
    assert set(told) == {"shown", "compulsory", "errors", "computed", "next"}


@settings(max_examples=300)
@given(st.text(st.sampled_from("ab1'\"$\u007b}()[]./ ,=<>!+-*|@:\u201c\u00e9 \t"), max_size=60))
def test_no_text_surprises_the_reader_of_expressions(text: str) -> None:
    try:
        tree = xpath.parse(text)
    except xpath.NoXPath as refusal:
        assert str(refusal)
        return
    assert list(xpath.names(tree)) is not None


@pytest.mark.parametrize(
    "text", ["(" * 5_000 + "1" + ")" * 5_000, "-" * 19_000 + "1", "a[" * 4_000 + "1" + "]" * 4_000, "1" + "+1" * 9_000]
)
def test_long_and_deep_expressions_are_read_or_refused_at_once(text: str) -> None:
    try:
        xpath.parse(text)
    except xpath.NoXPath as refusal:
        assert "deep" in str(refusal) or "long" in str(refusal)


def test_names_of_files_are_slugs() -> None:
    imported = files.read(book([("text", {"name": "a", "label": "A"})], []), "Ünïcode & Söhne!.xlsx")
    assert imported.slug and PurePath(imported.slug).name == imported.slug
