"""Expressions of SurveyJS in every place they can stand, answered by chance: as SurveyJS itself has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.interop.agreement import engines, surveyjs
from tests.interop.agreement.comparing import outcomes

pytestmark = [pytest.mark.interop, pytest.mark.agreement]
if reason := engines.missing():
    pytest.skip(f"THE OTHER ENGINES ARE ABSENT: {reason}", allow_module_level=True)

QUESTIONS = [
    {"type": "text", "name": "t"},
    {"type": "text", "name": "u"},
    {"type": "text", "inputType": "number", "name": "n"},
    {"type": "text", "inputType": "number", "name": "k"},
    {"type": "checkbox", "name": "c", "choices": ["x", "y", "z"]},
    {"type": "radiogroup", "name": "r", "choices": [{"value": "x", "text": "X!"}, "y", "z"]},
    {"type": "boolean", "name": "b"},
    {"type": "text", "inputType": "date", "name": "d"},
    {"type": "matrix", "name": "m", "rows": ["row1", "row2"], "columns": ["good", "bad"]},
    {"type": "multipletext", "name": "mt", "items": [{"name": "i1"}, {"name": "i2"}]},
    {
        "type": "paneldynamic",
        "name": "p",
        "panelCount": 1,
        "templateElements": [{"type": "text", "name": "x"}, {"type": "text", "inputType": "number", "name": "y"}],
    },
    {"type": "rating", "name": "rate"},
    {"type": "text", "name": "q one"},
    {"type": "dropdown", "name": "sel", "choices": ["x", "y", "z"]},
]
EXPRESSIONS = """
{t} = 'a'
{t} == 'a'
{t} <> 'a'
{t} != 'a'
{t} empty
{t} notempty
!{t}
!({t} = 'a')
{n} > 5
{n} >= 5 and {k} < 10
{n} > 5 or {k} > 5
{n} = {k}
{n} != {k}
{n} <= {k}
{n} + {k} > 20
{n} - {k} > 0
{n} * 2 > {k}
{n} / 2 = 5
{n} % 2 = 0
{n} ^ 2 > 100
{n} = '5'
{n} = 5
{t} = 5
{t} > 5
{t} = {u}
{t} != {u}
{t} contains 'a'
{t} notcontains 'a'
{c} contains 'x'
{c} notcontains 'x'
{c} = ['x','y']
{c} anyof ['x','y']
{c} allof ['x','y']
{c} noneof ['x','y']
{c} != ['x']
{c} empty
{c} notempty
{r} = 'x'
{r} anyof ['x','y']
{r} = 'x' or {r} = 'y'
{r} notempty and {n} > 3
{b} = true
{b} = false
{b}
!{b}
{b} = 'true'
{b} notempty
{d} > '2000-01-01'
{d} < today()
{d} = '2000-01-01'
age({d}) >= 18
iif({n} > 5, 'big', 'small') = 'big'
iif({b}, {n}, {k}) > 5
{n} empty or {n} > 3
({n} > 5 and {k} > 5) or {t} = 'a'
{n} > 5 and ({k} > 5 or {t} = 'a')
{c.length} > 1
{t.length} > 3
{m.row1} = 'good'
{m.row1} = 'good' and {m.row2} = 'bad'
{m.row1} empty
{mt.i1} = 'a'
{mt.i1} notempty
{p[0].x} = 'a'
{p[0].x} notempty
{p.length} > 1
sumInArray({p}, 'y') > 20
countInArray({p}, 'y') > 1
maxInArray({p}, 'y') > 10
minInArray({p}, 'y') < 10
avgInArray({p}, 'y') > 10
sum({n}, {k}) > 20
min({n}, {k}) > 5
max({n}, {k}) > 5
avg({n}, {k}) > 5
round({n} / 3) = 2
trunc({n} / 3) = 2
{rate} >= 3
{rate} > 3 or {rate} empty
{n} > -5
{n} + '1' = '51'
{t} + {u} = 'ab'
'a' = {t}
5 < {n}
{x} = 1
{x} empty
{x} notempty
{n} > {x}
{x} != 1
{x} <> 'a'
{n} = undefined
{n} = null
{t} = ''
{t} != ''
{n} != 5
{r} != 'x'
{r} <> 'x' and {r} notempty
{c} contains ['x']
{c} = 'x'
{n} greater 5
{n} less 5
{n} greaterorequal 5
{n} lessorequal 5
{n} equal 5
{n} notequal 5
{t} equal 'a' and {n} notempty
displayValue('r') = 'X!'
dateDiff({d}, '2020-01-01', 'days') > 100
dateAdd({d}, 1, 'days') > '2000-01-01'
year({d}) > 2000
month({d}) = 5
day({d}) > 15
weekday({d}) = 1
getDate({d}) > getDate('2000-01-01')
diffDays({d}, '2000-01-01') > 100
{n} contains 1
substring({t}, 0, 1) = 'a'
{n} >= 5 && {n} <= 10
{q one} = 'a'
{sel} anyof {c}
{c} contains {sel}
""".strip().splitlines()


AT_ONCE = 20


def asked(expression: str, number: int) -> list[dict[str, object]]:
    """Questions with the expression in every place it can stand."""
    return [
        {"type": "text", "name": f"shown{number}", "visibleIf": expression},
        {"type": "text", "name": f"must{number}", "requiredIf": expression},
        {"type": "text", "name": f"open{number}", "enableIf": expression, "isRequired": True},
        {"type": "text", "name": f"checked{number}", "validators": [{"type": "expression", "expression": expression}]},
        {"type": "expression", "name": f"worth{number}", "expression": expression},
    ]


def test_expressions_mean_what_they_mean_there(tmp_path: Path) -> None:
    paths = []
    for start in range(0, len(EXPRESSIONS), AT_ONCE):
        some = enumerate(EXPRESSIONS[start : start + AT_ONCE], start)
        elements = [*QUESTIONS, *(each for number, said in some for each in asked(said, number))]
        paths.append(tmp_path / f"{start}.json")
        paths[-1].write_text(json.dumps({"elements": elements}))
    found = outcomes(paths, surveyjs, sets=12)
    differing = {(each.name, each.aspect): each for out in found for each in out.differences}
    said = {
        key: (EXPRESSIONS[int(key[0].lstrip("abcdefghijklmnopqrstuvwxyz"))], each) for key, each in differing.items()
    }
    assert said == {}
    assert [out.refused or out.engine_refused for out in found if out.refused or out.engine_refused] == []
    assert sum(out.compared for out in found) > 40 * len(EXPRESSIONS)
