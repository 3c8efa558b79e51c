"""What came in as a spreadsheet goes out as one, and means the same when it comes in again."""

from __future__ import annotations

import pytest

from formsite.interchange import files
from tests.interchange.test_xlsform_rules import ANNA, NOBODY, QUESTIONS, SHEETS
from tests.interchange.xlsform_books import read, row, told

EXPRESSIONS = """
normalize-space(concat(' a  ', ${t}))
count-selected(concat(${t}, ' x'))
selected-at(${m}, 1)
jr:choice-name(${s}, '${s}')
if(${i} > 5, ${dt}, '')
if(${i} > 5, ${ti}, '')
if(${i} > 5, ${dt}, '') != ''
concat(${ti}, '')
substr(${t}, -2)
round(${i}, -1)
coalesce(${t}, ${i})
selected-at(${gp}, 0)
max(${da}, '2001-01-01')
date(${da} + 1)
format-date(${da}, '%Y-%m-01') < ${dt}
count(${r})
sum(${v})
join(', ', ${w})
join(', ', ${u}[. != ''])
/data/r[w = 'y']/v
/data/r[w = 'y'][1]/v
/data/r[last()]/w
indexed-repeat(${v}, ${r}, 2)
instance('city')/root/item[name = ${city}]/people
sum(instance('city')/root/item[people > ${i} * 15]/people)
regex(${t}, '^(?=.*n).{4}$')
""".strip().splitlines()


def test_expressions_mean_the_same_when_they_come_back() -> None:
    worth = [row("calculate", f"c{at}", calculation=expression) for at, expression in enumerate(EXPRESSIONS)]
    imported = read([*QUESTIONS, *worth], **SHEETS)
    content, losses = files.write(imported.definition, "xlsform", "back")
    assert [loss for loss in losses if loss.what == "calculation"] == []
    back = files.read(content, "back.xlsx")
    for answers in (NOBODY, ANNA):
        before, after = told(imported, answers), told(back, answers)
        differing = {
            EXPRESSIONS[int(name[1:])]: (before["computed"].get(name, ""), after["computed"].get(name, ""))
            for name in before["computed"] | after["computed"]
            if before["computed"].get(name, "") != after["computed"].get(name, "")
        }
        assert differing == {}
        assert before["shown"] == after["shown"]


@pytest.mark.parametrize("times", [1, 2])
def test_what_stands_in_repeats_of_repeats_comes_back(times: int) -> None:
    imported = read(
        [
            row("begin repeat", "outer"), row("begin repeat", "inner"), row("integer", "n", constraint=". > 0"), row("end repeat"),
            row("calculate", "some", calculation="count(${inner})"), row("end repeat"),
            row("calculate", "all", calculation="count(${inner})"), row("calculate", "whole", calculation="sum(${n})"),
        ]
    )  # fmt: skip
    for _ in range(times):
        content, losses = files.write(imported.definition, "xlsform", "back")
        assert losses == ()
        imported = files.read(content, "back.xlsx")
    found = told(imported, {"outer": [{"inner": [{"n": 1}, {"n": 2}]}, {"inner": [{"n": 4}]}]})["computed"]
    assert found == {"outer-0-some": 2, "outer-1-some": 1, "all": 3, "whole": 7}
