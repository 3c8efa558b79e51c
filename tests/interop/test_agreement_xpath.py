"""XPath in every place it can stand, and forms of every kind, answered by chance: as the XForms engine has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.interop.agreement import engines, xlsform
from tests.interop.agreement.comparing import outcomes
from tests.interop.agreement.spreadsheets import row, write

pytestmark = [pytest.mark.interop, pytest.mark.agreement]
if reason := engines.missing():
    pytest.skip(f"THE OTHER ENGINES ARE ABSENT: {reason}", allow_module_level=True)

CHOICES = [
    ("c", "a", "A", "x"), ("c", "b", "B", "x"), ("c", "c", "C", "y"), ("c", "d", "D", "y"),
    ("k", "x", "X", ""), ("k", "y", "Y", ""), ("n", "1", "One", ""), ("n", "2", "Two", ""), ("n", "10", "Ten", ""),
]  # fmt: skip
QUESTIONS = [
    row("text", "t"), row("text", "u"), row("integer", "i"), row("integer", "j"), row("decimal", "d"),
    row("select_one c", "s"), row("select_multiple c", "m"), row("date", "da"), row("date", "db"), row("time", "ti"),
    row("datetime", "dt"), row("geopoint", "gp"),
    row("begin repeat", "r"), row("integer", "v"), row("text", "w"), row("end repeat"),
]  # fmt: skip
TOGETHER = 10
"""Expressions in one workbook."""
EXPRESSIONS = """
${i} + ${j}
${i} - ${j}
${i} * ${d}
${i} div ${j}
${i} mod ${j}
-${i}
${i} > ${j}
${i} = ''
${i} != ''
${t} = ''
${t} = ${u}
${t} != ${u}
${i} = ${j}
${i} >= 18 and ${j} < 5
${i} > 5 or ${j} > 5
not(${i} > 5)
not(${t})
boolean(${t})
boolean(${i})
string-length(${t})
string-length(${s}) > 0
concat(${t}, '-', ${u})
concat(${i}, ${d})
substr(${t}, 1, 3)
substr(${t}, 2)
substring-before(${t}, 'a')
substring-after(${t}, 'a')
contains(${t}, 'a')
starts-with(${t}, 'a')
ends-with(${t}, 'a')
normalize-space(${t})
translate(${t}, 'abc', 'xyz')
selected(${m}, 'a')
selected(${s}, 'b')
not(selected(${m}, 'a'))
count-selected(${m})
selected-at(${m}, 0)
selected-at(${m}, 1)
jr:choice-name(${s}, '${s}')
if(${i} > 10, 'big', 'small')
if(${t} = '', 'none', ${t})
if(selected(${m}, 'a'), ${i}, ${j})
coalesce(${t}, ${u})
coalesce(${i}, 0)
coalesce(${i}, ${j}) + 1
number(${t})
number(${i}) + 1
string(${i})
string(${d})
int(${d})
int(${i} div 2)
round(${d})
round(${d} div 3, 2)
floor(${d})
ceiling(${d})
abs(${i} - ${j})
pow(${i}, 2)
sqrt(${i})
min(${i}, ${j})
max(${i}, ${j})
sum(${i})
regex(${t}, '^[a-z]+$')
regex(${t}, '[0-9]{2}')
${da} > ${db}
${da} = ${db}
${da} >= today()
${da} < date('2000-01-01')
${da} = '2000-01-01'
decimal-date-time(${da})
decimal-date-time(${da}) - decimal-date-time(${db})
int((decimal-date-time(${da}) - decimal-date-time(${db})) div 365.25)
format-date(${da}, '%d/%m/%y')
format-date(${da}, '%b %e')
format-date-time(${dt}, '%H:%M')
date(${da})
date('2020-02-29')
${da} + 1
date(${da} + 7)
true()
false()
true() and ${i} > 3
${s} = 'a'
${s} != 'a'
${s} = 'a' or ${s} = 'b'
${s} = ''
string-length(${m})
${m} = 'a'
${i} > 5 and (${j} > 5 or ${d} > 5)
(${i} + ${j}) div 2 > 10
${i} > 10 = true()
if(${i} > ${j}, ${i}, ${j}) * 2
if(${da} > today(), 'future', 'past')
concat('Hello ', ${t}, '!')
boolean(${s})
${t} > 5
${t} + 1
${d} = 2.5
${i} = '5'
'a' = ${s}
count-selected(${m}) >= 2
count-selected(${m}) > 1 and selected(${m}, 'c')
join(', ', ${t}, ${u})
exp(${i} div 100)
log(${i} * ${i} + 1)
pi() * ${d}
boolean-from-string(${t})
checklist(1, 2, ${i} > 5, ${j} > 5)
weighted-checklist(1, 5, ${i} > 5, 2, ${j} > 5, 3)
if(${i} > 5, ${t}, '')
boolean(if(${i} > 5, 1, 0))
not(coalesce(${t}, ''))
string-length(normalize-space(${t})) > 0
${i} != ${j}
${i} <= 10
0 - ${i}
if(${i} = '', 0, ${i}) + if(${j} = '', 0, ${j})
if(string-length(${t}) > 3, substr(${t}, 0, 3), ${t})
number(${s} = 'a') + number(selected(${m}, 'b'))
round(${i} * ${i} * 1.5)
floor(decimal-date-time(today()) - decimal-date-time(${da}))
format-date(${da}, '%Y-%m-%d') = '2020-01-01'
format-date(${da}, '%Y-%m-%d') < ${db}
max(${da}, ${db}) > decimal-date-time(today())
substr(${t}, -3, -1)
round(${i}, -1)
concat(${ti}, ' ', ${dt})
decimal-time(${ti}) < 0.5
if(${i} > 5, ${dt}, '')
selected(${m}, '')
selected(concat(${m}, ' x'), ${s})
count-selected(${t})
selected-at(${t}, 1)
jr:choice-name(selected-at(${m}, 1), '${m}')
jr:choice-name(${t}, '${s}')
translate(${t}, 'ab', 'ba')
normalize-space(concat('  a   b ', ${t}, '  '))
regex(${t}, '^(?=.*[a-z])(?!two).{2,}$')
number(selected-at(${gp}, 0)) > 10
concat('a', ${w}, 'b', ${t})
join('-', ${w})
/data/r[v > 3][1]/w
count(/data/r[v > 3 and w != ''])
indexed-repeat(${v}, ${r}, count(${r}) - 1)
${i} = jr:choice-name(${s}, '${s}')
${v} > 50
""".strip().splitlines()
PERSON = [
    row("text", "name", required="yes"), row("integer", "age", constraint=". >= 0 and . <= 120"), row("select_one c", "sex"),
    row("calculate", "adult", calculation="if(${age} >= 18, 1, 0)"), row("text", "job", relevant="${age} >= 18"),
    row("integer", "pos", relevant="position(..) = 2"),
]  # fmt: skip
TOTALS = {
    "n": "count(${p})", "total": "sum(${age})", "adults": "sum(${adult})", "oldest": "max(${age})",
    "youngest": "min(${age})", "names": "join(', ', ${name})", "first": "indexed-repeat(${name}, ${p}, 1)",
    "second": "indexed-repeat(${name}, ${p}, 2)", "told": "count-non-empty(${age})",
}  # fmt: skip
FORMS = {
    "repeats": [
        row("begin repeat", "p"), *PERSON, row("end repeat"),
        *(row("calculate", name, calculation=expression) for name, expression in TOTALS.items()),
        row("text", "x", relevant="sum(${age}) > 100"), row("text", "y", relevant="count(${p}) > 2"),
        row("text", "z", relevant="${adults} > 0", required="${adults} > 1"),
    ],
    "repeats in repeats": [
        row("integer", "many"), row("begin repeat", "h", repeat_count="${many}"), row("text", "hn"),
        row("begin repeat", "m"), row("text", "mn"), row("integer", "ma", constraint=". > 0"),
        row("text", "mk", relevant="${ma} < 18 and ${hn} != ''"), row("end repeat"),
        row("text", "hy", relevant="sum(${ma}) > 50"), row("end repeat"), row("calculate", "cnt", calculation="count(${h})"),
    ],
    "filters of choices": [
        row("select_one k", "kk"), row("select_one c", "cc", choice_filter="kind = ${kk}"),
        row("select_multiple c", "mm", choice_filter="kind = ${kk} or ${kk} = ''"), row("text", "after", relevant="${cc} != ''"),
        row("text", "both", relevant="selected(${mm}, 'a') and selected(${mm}, 'b')"), row("select_one n", "num"),
        row("text", "big", relevant="${num} > 1"), row("text", "ten", relevant="${num} = 10"),
        row("text", "tens", relevant="${num} = '10'"), row("integer", "lim", constraint=". < ${num} * 5"),
    ],
    "groups": [
        row("select_one k", "on"), row("begin group", "g1", relevant="${on} = 'x'"), row("text", "in1", required="yes"),
        row("begin group", "g2", relevant="${in1} != ''"), row("integer", "in2", required="yes", constraint=". mod 2 = 0"),
        row("end group"), row("end group"), row("text", "out", relevant="${in2} > 10"),
        row("calculate", "cin", calculation="${in2} * 2"), row("text", "out2", relevant="${cin} > 10"),
    ],
    "defaults": [
        row("text", "a", default="hello"), row("integer", "b", default="5"), row("select_one c", "c", default="b"),
        row("date", "dd", default="2020-01-01"), row("text", "e", relevant="${a} = 'hello' and ${b} > 4"),
        row("text", "f", calculation="concat(${a}, '!')"), row("text", "g", read_only="yes", default="fixed"),
        row("text", "h", relevant="${g} = 'fixed'"), row("text", "i", relevant="${c} = 'b'"),
        row("decimal", "q", required="${b} = 5"), row("acknowledge", "ack", required="yes"),
        row("text", "k", relevant="${ack} = 'OK'"),
    ],
    "constraints": [
        row("text", "email", constraint="regex(., '[a-z]+@[a-z]+\\.[a-z]+')"),
        row("integer", "age", constraint=". >= 18 and . <= 99", required="yes"), row("date", "born", constraint=". <= today()"),
        row("date", "to", constraint=". >= ${born}"), row("select_multiple c", "m", constraint="count-selected(.) <= 2", required="yes"),
        row("select_multiple c", "m2", constraint="not(selected(., 'a') and count-selected(.) > 1)"),
        row("text", "len", constraint="string-length(.) = 3"), row("text", "phone", constraint="regex(., '^[0-9]{10}$')"),
        row("decimal", "pct", constraint=". >= 0 and . <= 100"), row("text", "w", constraint=". != ${len}"),
        row("integer", "together", constraint=". + ${age} <= 100"), row("range", "scale"),
    ],
    "what looks ahead": [
        row("text", "a", relevant="${c} = 'x' or ${b} > 3", required="${b} > 5"),
        row("calculate", "twice", calculation="${b} * 2"),
        row("integer", "b", constraint=". < 50"),
        row("begin group", "g", relevant="${twice} > 4"),
        row("text", "in", relevant="${in2} != ''"),
        row("text", "in2"),
        row("end group"),
        row("select_one k", "c"),
        row("text", "last", relevant="${a} != ''"),
    ],
    "what was chosen, one after the other": [
        row("select_multiple c", "m", required="yes"), row("begin repeat", "r", repeat_count="count-selected(${m})"),
        row("calculate", "code", calculation="selected-at(${m}, position(..) - 1)"),
        row("calculate", "said", calculation="jr:choice-name(${code}, '${m}')"),
        row("calculate", "kind", calculation="instance('c')/root/item[name = current()/../code]/kind"),
        row("integer", "price", required="yes", constraint="count(../../r[price = current()/.]) = 1"),
        row("text", "why", relevant="${price} > 10 and ${kind} = 'x'", required="${said} = 'A'"),
        row("text", "again", relevant="position(..) > 1 and ${price} < indexed-repeat(${price}, ${r}, position(..) - 1)"),
        row("end repeat"), row("calculate", "first", calculation="/data/r[kind = 'y'][1]/code"),
        row("text", "dear", relevant="max(${price}) > 50", required="count(${r}[price > 10]) >= 2"),
    ],
    "cascades of compulsory questions": [
        row("select_one k", "a", required="yes"), row("select_one c", "b", required="yes", choice_filter="kind = ${a}"),
        row("begin repeat", "r"), row("select_one k", "ra"), row("select_one c", "rb", required="yes", choice_filter="kind = ${ra}"),
        row("end repeat"), row("text", "t", relevant="${b} = 'a'"),
    ],
    "old spellings": [
        row("select one from c", "s"), row("select all that apply from c or specify other", "m"), row("string", "t"), row("int", "i"),
        row("begin group", "g", relevant="selected(${m}, 'other')"), row("text", "why", required="true()"), row("end group"),
        row("begin loop over k", "l"), row("integer", "number", constraint=". > 0"), row("end loop"),
    ],
}  # fmt: skip


def test_expressions_mean_what_they_mean_there(tmp_path: Path) -> None:
    groups = [range(at, min(at + TOGETHER, len(EXPRESSIONS))) for at in range(0, len(EXPRESSIONS), TOGETHER)]
    paths = [
        write(tmp_path / f"{group[0]:03}.xlsx", [*QUESTIONS, *(each for at in group for each in asking(at))], CHOICES)
        for group in groups
    ]
    found = outcomes(paths, xlsform, sets=20)
    assert [f"{each.path.name}: {each.refused or each.engine_refused}" for each in found if not each.compared] == []
    differing = {one.name: one for each in found for one in each.differences}
    assert [(EXPRESSIONS[int(re.sub(r"\D", "", name))], one) for name, one in differing.items()] == []
    assert sum(each.compared for each in found) > 50 * len(EXPRESSIONS)


def asking(at: int) -> list[dict[str, str]]:
    """An expression in every place where it can stand."""
    said = EXPRESSIONS[at]
    return [
        row("calculate", f"worth{at}", calculation=said), row("text", f"shown{at}", relevant=said),
        row("text", f"must{at}", required=said), row("text", f"checked{at}", constraint=said.replace("${t}", ".")),
    ]  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_forms_behave_as_they_do_there(name: str, tmp_path: Path) -> None:
    (found,) = outcomes([write(tmp_path / "form.xlsx", FORMS[name], CHOICES)], xlsform, sets=60)
    assert (found.refused, found.engine_refused, found.unmatched, found.differences) == ("", "", [], [])
    assert found.compared > 200
