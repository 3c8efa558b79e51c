"""The server's rules against `vectors/rules.json`; the browser runs the same file in `tests/browser/test_rules_vectors.py`."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from typing import Any

from formsite.definition import logic
from formsite.definition.logic.nodes import OPERATORS
from tests.definition.vectors.generate import CASES, FILE, as_text

WHOLE: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
VECTORS: list[dict[str, Any]] = WHOLE["cases"]
SCOPE = logic.Scope(
    homes={name: tuple(around) for name, around in WHOLE["scope"]["homes"].items()},
    repeats=frozenset(WHOLE["scope"]["repeats"]),
    parts={name: tuple(parts) for name, parts in WHOLE["scope"]["parts"].items()},
    scores=WHOLE["scope"]["scores"],
)


def operators(rule: Any) -> set[str]:
    """Every operator in a rule."""
    if isinstance(rule, list):
        return set().union(*map(operators, rule))
    if not isinstance(rule, dict):
        return set()
    return {rule["op"]} if set(rule) == {"op"} else set().union(*map(operators, rule.values()), {rule.get("op", "")})


def found(case: dict[str, Any]) -> Any:
    """What formsite makes of a case."""
    context = logic.Context(
        case["answers"],
        date.fromisoformat(case.get("today", WHOLE["today"])),
        dict(case.get("at", {})),
        datetime.fromisoformat(WHOLE["now"]),
        WHOLE["words"].get,
    )
    return logic.compile_rule(logic.parse(case["rule"]), SCOPE)(context)


def agree(one: Any, other: Any) -> bool:
    """Equal, and of one kind: to Python `1 == True`."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def test_every_case_comes_to_what_is_expected() -> None:
    wrong = [(case, got) for case in VECTORS if not agree(got := found(case), case["expect"])]
    assert wrong == []


def test_the_file_is_what_its_generator_writes() -> None:
    assert FILE.read_text("utf-8") == as_text(), "run: python -m tests.definition.vectors.generate"


def test_the_cases_cover_every_operator_and_are_no_more_than_a_test_may_carry() -> None:
    assert len(VECTORS) == CASES and FILE.stat().st_size < 2_500_000
    used = Counter(op for case in VECTORS for op in operators(case["rule"]))
    assert {op for op in OPERATORS if used[op] < 20} == set()
    known = Counter(op for case in VECTORS if case["expect"] is not None for op in operators(case["rule"]))
    assert {op for op in OPERATORS if known[op] < 10} == set()
    for value, least in ((True, 500), (False, 500), (None, 500)):
        assert least < sum(case["expect"] is value for case in VECTORS) < CASES / 2
    assert sum("at" in case for case in VECTORS) > 500


def test_every_rule_is_written_as_it_was_read() -> None:
    for case in VECTORS:
        node = logic.parse(case["rule"])
        assert logic.parse(logic.to_json(node)) == node


HOSTILE = [
    10**400,
    -(10**400),
    float("nan"),
    float("inf"),
    "\ud800",
    b"x",
    [b"x"],
    [["a"]],
    {"a": None},
    (),
    -0.0,
    object(),
]


def test_nothing_raises_whatever_was_answered() -> None:
    for number, case in enumerate(VECTORS):
        paths = [*case["answers"], *WHOLE["scope"]["homes"], "kids-0-age", "kids-0-nick", "n", "s", "t"]
        hostile = {path: HOSTILE[(number + index) % len(HOSTILE)] for index, path in enumerate(paths)}
        found(case | {"answers": hostile})
        found(case | {"answers": hostile | {"kids": 2, "kids-0-toys": 1}})
