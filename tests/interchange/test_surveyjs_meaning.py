"""Conditions mean as rules what they mean to SurveyJS, whatever is answered.

The reference here walks the tree of an expression over plain values with the engine's laws of values (which
`test_surveyjs_values` holds to the engine); it shares neither terms nor rules with the importer.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formsite.definition.evaluation import Evaluator
from formsite.interchange import files
from formsite.interchange.surveyjs import expressions as x
from formsite.interchange.surveyjs import js

TODAY = date(2026, 5, 17)
QUESTIONS: dict[str, tuple[dict[str, Any], st.SearchStrategy[Any]]] = {
    "one": ({"type": "radiogroup", "choices": ["a", "b", "Item C"]}, st.sampled_from(["a", "b", "Item C"])),
    "mark": ({"type": "dropdown", "choices": [-1, 0, 1, 2.5]}, st.sampled_from([-1, 0, 1, 2.5])),
    "many": (
        {"type": "checkbox", "choices": ["a", "b", "c"]},
        st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True),
    ),
    "words": ({"type": "text"}, st.sampled_from(["a", "B", "x y", "42", "7.5", "0", "item c"])),
    "number": ({"type": "text", "inputType": "number"}, st.sampled_from([0, 1, 7.5, 42, -3])),
    "yes": ({"type": "boolean"}, st.booleans()),
    "agreed": ({"type": "boolean", "valueTrue": "J", "valueFalse": "N"}, st.sampled_from(["J", "N"])),
    "day": ({"type": "text", "inputType": "date"}, st.sampled_from(["1999-12-31", "2026-05-17", "2030-01-01"])),
}
LITERALS = ["'a'", "'b'", "'Item C'", "0", "1", "2.5", "42", "7.5", "true", "false", "'J'", "''", "'2026-05-17'"]
names = st.sampled_from(["one", "mark", "many", "words", "number", "yes", "agreed"]).map(lambda name: f"{{{name}}}")
literal = st.sampled_from(LITERALS)
listed = st.lists(st.sampled_from(["'a'", "'b'", "1", "-1"]), min_size=1, max_size=3, unique=True).map(
    lambda items: f"[{', '.join(items)}]"
)
plain = st.builds("{} {} {}".format, names, st.sampled_from(["=", "!=", "contains", "notcontains"]), literal | names)
sets = st.builds("{} {} {}".format, names, st.sampled_from(["anyof", "noneof", "allof", "contains"]), listed)
order = st.builds(
    "{} {} {}".format,
    st.sampled_from(["{number}", "{mark}", "{words} * 1"]),
    st.sampled_from(["<", "<=", ">", ">="]),
    st.sampled_from(["0", "1", "7.5", "42", "{number}", "{mark}"]),
)
sums = st.builds(
    "{} {} {} {} {}".format,
    st.sampled_from(["{number}", "{mark}", "2"]),
    st.sampled_from(["+", "-", "*"]),
    st.sampled_from(["{number}", "{mark}", "3"]),
    st.sampled_from(["=", ">", "<="]),
    st.sampled_from(["1", "5", "{number}"]),
)
days = st.builds(
    "{{day}} {} {}".format, st.sampled_from(["=", "!=", "<", ">="]), st.sampled_from(["'2026-05-17'", "'2000-01-01'"])
)
filled = st.builds("{} {}".format, names, st.sampled_from(["empty", "notempty"]))
atoms = plain | sets | order | sums | days | filled | names
conditions = st.recursive(
    atoms,
    lambda inner: (
        st.builds("({}) and ({})".format, inner, inner)
        | st.builds("({}) or ({})".format, inner, inner)
        | st.builds("!({})".format, inner)
        | st.builds("iif({}, {}, {})".format, inner, st.sampled_from(["true", "false", "{yes}"]), st.just("false"))
    ),
    max_leaves=4,
)
answers = st.fixed_dictionaries({}, optional={name: strategy for name, (_, strategy) in QUESTIONS.items()})


def reference(tree: x.Expression, answers: dict[str, Any]) -> Any:
    """What the engine makes of an expression."""
    if isinstance(tree, x.Literal):
        return tree.value
    if isinstance(tree, x.Variable):
        return js.read(answers.get(tree.name, [] if tree.name == "many" else None))
    if isinstance(tree, x.Items):
        return [reference(each, answers) for each in tree.items]
    if isinstance(tree, x.Unary):
        value = reference(tree.of, answers)
        return not js.truth(value) if tree.op == "not" else js.is_empty(value) is (tree.op == "empty")
    if isinstance(tree, x.Call):
        condition, then, otherwise = (reference(each, answers) for each in tree.arguments)
        return then if js.truth(condition) else otherwise
    if isinstance(tree, x.Chain):
        found = reference(tree.of[0], answers)
        for each in tree.of[1:]:
            if tree.op == "+":
                found = js.calculate("+", found, reference(each, answers))
            elif (js.truth(found) and not js.is_empty(found)) is (tree.op == "and"):
                found = reference(each, answers)
        if tree.op != "+" and js.is_empty(found):
            found = 0
        return found
    left, right = reference(tree.left, answers), reference(tree.right, answers)
    return js.COMPARISONS[tree.op](left, right) if tree.op in js.COMPARISONS else js.calculate(tree.op, left, right)


def shown(text: str, answers: dict[str, Any]) -> bool:
    """Whether formsite shows a question with that condition."""
    elements = [{"name": name, **made} for name, (made, _) in QUESTIONS.items()]
    survey = {"elements": [*elements, {"type": "text", "name": "asked", "visibleIf": text}]}
    imported = files.read(json.dumps(survey).encode(), "survey.json")
    assert not [loss for loss in imported.losses if loss.where.startswith("asked")], imported.losses
    return "asked" in Evaluator(imported.definition, dialect=imported.dialect).evaluate(answers, TODAY)["shown"]


@settings(max_examples=400, deadline=None)
@given(conditions, answers)
def test_a_condition_shows_what_the_engine_would_show(text: str, given: dict[str, Any]) -> None:
    assert shown(text, given) is (reference(x.parse(text), given) is True)


@pytest.mark.parametrize(
    ("text", "given", "holds"),
    [
        ("age({day}) >= 18", {"day": "2000-05-17"}, True),
        ("age({day}) >= 18", {"day": "2008-05-18"}, False),
        ("age({day}) >= 18", {}, False),
        ("{day} <= today()", {"day": "2026-05-17"}, True),
        ("{day} < today(-1)", {"day": "2026-05-16"}, False),
        ("{day} = today()", {"day": "2026-05-17"}, True),
        ("dateDiff({day}, '2026-05-27') = 10", {"day": "2026-05-17"}, True),
        ("year({day}) = 2026 and month({day}) = 5 and day({day}) = 17", {"day": "2026-05-17"}, True),
        ("weekday({day}) = 0", {"day": "2026-05-17"}, True),
        ("sum({number}, {mark}, 3) = 5.5", {"number": 1.5, "mark": 1}, True),
        ("sum({many}) = 0", {}, True),
        ("avg({number}, 4) = 3", {"number": 2}, True),
        ("max({number}, {mark}) = 1", {"mark": 1}, True),
        ("min({number}, {mark}) = 1", {"mark": 1, "number": 5}, True),
        ("count({number}, {mark}) = 1", {"mark": 1}, True),
        ("round({number}, 1) = 7.5", {"number": 7.5}, True),
        ("trunc({number}) = -3", {"number": -3}, True),
        ("{number} % 2 = 1", {"number": 7}, True),
        ("{words} + 'c' = 'abc'", {"words": "ab"}, True),
        ("{words} + 1 = 43", {"words": "42"}, True),
        ("{many.length} = 2", {"many": ["a", "b"]}, True),
        ("{many[1]} = 'b'", {"many": ["a", "b"]}, True),
        ("{WORDS} = 'a'", {"words": "a"}, True),
        ("displayValue('one') = 'Item C'", {"one": "Item C"}, True),
        ("{nobody} empty", {}, True),
        ("{$yes.value} = true", {"yes": True}, True),
        ("substring({words}, 1, 3) = 'bc'", {"words": "abcd"}, True),
        ("{number}", {"number": 1}, False),
    ],
)
def test_functions_and_names(text: str, given: dict[str, Any], holds: bool) -> None:
    elements = [{"name": name, **made} for name, (made, _) in QUESTIONS.items()]
    survey = {"elements": [*elements, {"type": "text", "name": "asked", "visibleIf": text}]}
    imported = files.read(json.dumps(survey).encode(), "survey.json")
    found = Evaluator(imported.definition, dialect=imported.dialect).evaluate(given, TODAY)["shown"]
    assert ("asked" in found) is holds


@pytest.mark.parametrize(
    "text",
    ["own({one})", "isContainerReady('page')", "propertyValue('one', 'title')", "{locale} = 'de'", "{asked} = 1"],
)
def test_what_no_rule_can_say_is_named_and_the_question_stays(text: str) -> None:
    survey = {"elements": [{"type": "text", "name": "one"}, {"type": "text", "name": "asked", "visibleIf": text}]}
    imported = files.read(json.dumps(survey).encode(), "survey.json")
    (loss,) = imported.losses
    assert loss.where.startswith("asked") and "always shown" in loss.why
    assert "asked" in Evaluator(imported.definition, dialect=imported.dialect).evaluate({}, TODAY)["shown"]
