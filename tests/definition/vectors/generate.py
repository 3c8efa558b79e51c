"""Writes `rules.json`: what rules mean, case by case, for the server and the browser alike.

    python -m tests.definition.vectors.generate

The edge cases of `edges.py` and `moreedges.py` come first, and the interpreter of `reference.py` has to agree with them; it says what the
generated ones come to. Where answers stand, what they are called and what time it is holds for all cases.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from tests.definition.vectors.edges import NOW, SCOPE, TODAY, WORDS, by_hand
from tests.definition.vectors.making import Maker
from tests.definition.vectors.moreedges import all_of_them
from tests.definition.vectors.reference import World, evaluate
from tests.definition.vectors.values import Unsure, kind

FILE = Path(__file__).parent / "rules.json"
CASES = 4_800
LONGEST = 1_200
"""Of a case, written."""


def cases() -> list[dict[str, Any]]:
    """By hand first, then generated ones; at most a quarter of those unknown, each once."""
    made: list[dict[str, Any]] = []
    for rule, answers, expect in (*by_hand(), *all_of_them()):
        if (
            rule.get("op") == "matches" and expect is not None
        ):  # patterns by hand are those that other engines read otherwise
            made.append({"rule": rule, "answers": answers, "expect": expect})
            continue
        found = evaluate(rule, World(answers, TODAY, NOW, WORDS, SCOPE))
        assert type(found) is type(expect) or kind(found) == kind(expect) == "number", (rule, found, expect)
        assert found == expect, (rule, answers, found, expect)
        made.append({"rule": rule, "answers": answers, "expect": expect})
    return made + generated(CASES - len(made))


def generated(number: int) -> list[dict[str, Any]]:
    """Of every outcome and of every operator enough, and none twice."""
    maker, made, seen = Maker(1), [], set[str]()
    outcomes, roots = Counter[str](), Counter[str]()
    while len(made) < number:
        try:
            case = maker.case()
        except Unsure:
            continue
        written, outcome = json.dumps(case), repr(case["expect"]) if kind(case["expect"]) != "number" else "number"
        root = case["rule"].get("op", "")
        if written in seen or len(written) > LONGEST or outcomes[outcome] > number / 4 or roots[root] > number / 40:
            continue
        seen.add(written)
        roots[root] += 1
        outcomes[outcome] += 1
        made.append(case)
    return made


def as_text() -> str:
    """One case a line."""
    whole = {"today": TODAY, "now": NOW, "words": WORDS, "scope": SCOPE}
    head = ",\n".join(f"{json.dumps(name)}:{_written(held)}" for name, held in whole.items())
    lines = ",\n".join(map(_written, cases()))
    return f'{{\n{head},\n"cases":[\n{lines}\n]\n}}\n'


def _written(held: Any) -> str:
    return json.dumps(held, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


if __name__ == "__main__":
    FILE.write_text(as_text(), "utf-8")
