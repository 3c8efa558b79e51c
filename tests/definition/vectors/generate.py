"""Writes `rules.json`: what rules mean, case by case, for the server and the browser alike.

    python -m tests.definition.vectors.generate

The edge cases of `edges.py` come first, and the interpreter of `reference.py` has to agree with them; it says what the
generated ones come to.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from tests.definition.vectors.edges import TODAY, by_hand
from tests.definition.vectors.reference import evaluate, kind

FILE = Path(__file__).parent / "rules.json"
CASES = 2_000
ANSWERS: dict[str, list[Any]] = {
    "n": [0, 1, -1, 2.5, 18, 17.999, 0.1, 0.2, 0.3, 1e308, -1e308, 5e-324, 9007199254740991, 2.675, -0.5, 1e21],
    "m": [0, 3, -7, 0.05, 100, 1.005, 12345.678],
    "t": [
        "Anna",
        "ANNA",
        "e\u0301t\u00e9",
        "\u00e9te\u0301",
        " a ",
        "\u00a0x\t",
        "😀",
        "İstanbul",
        "STRASSE",
        "ß",
        "true",
        "0",
        "2026-01-31",
    ],
    "u": ["an", "na", "\u00e9", "x", "ΟΔΥΣΣΕΥΣ", "مرحبا", "a\u200db", "日本"],
    "d": [
        "2026-05-17",
        "2024-02-29",
        "2000-02-29",
        "1900-02-28",
        "0001-01-01",
        "9999-12-31",
        "1999-12-31",
        "2026-05-16",
    ],
    "e": ["2026-05-18", "2025-02-28", "1970-01-01", "1969-12-31", "2008-05-17", "2008-05-18"],
    "b": [True, False],
    "c": ["fibre", "dsl", "none"],
    "s": [["fibre"], ["fibre", "dsl"], ["dsl", "none", "fibre"], ["a"]],
}
HOSTILE: list[Any] = [
    "",
    [],
    None,
    "2026-02-30",
    "2025-02-29",
    "0000-01-01",
    "2026-1-1",
    "20260101",
    [1],
    [None],
    ["", True],
    {},
    {"a": 1},
    True,
    0,
    "0",
    "NaN",
]
TYPES = {
    "n": "number",
    "m": "number",
    "t": "text",
    "u": "text",
    "d": "date",
    "e": "date",
    "b": "boolean",
    "c": "text",
    "s": "choices",
}


class Maker:
    """Rules that are mostly well typed, over answers that are mostly of their type."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def case(self) -> dict[str, Any]:
        wanted = self.rng.choice(["rule"] * 6 + ["number", "text", "date", "choices"])
        rule = self.make(wanted, self.rng.randint(1, 4))
        answers = {
            name: self.rng.choice(HOSTILE if self.rng.random() < 0.12 else pool)
            for name, pool in ANSWERS.items()
            if self.rng.random() < 0.8
        }
        used = json.dumps(rule)
        answers = {name: value for name, value in answers.items() if f'"{name}"' in used}
        today = self.rng.choice([TODAY, TODAY, "2024-02-29", "2025-02-28", "2026-12-31"])
        return {"rule": rule, "answers": answers, "today": today, "expect": evaluate(rule, answers, today)}

    def make(self, wanted: str, depth: int) -> dict[str, Any]:
        if self.rng.random() < 0.04:
            wanted = self.rng.choice(["rule", "number", "text", "date", "choices"])
        if depth <= 0 or (wanted != "rule" and self.rng.random() < 0.35):
            return self.leaf(wanted)
        return getattr(self, wanted)(depth - 1)

    def leaf(self, wanted: str) -> dict[str, Any]:
        if wanted == "rule":
            return self.rng.choice(
                [
                    {"field": "b"},
                    {"value": True},
                    {"value": False},
                    {"op": "answered", "field": self.rng.choice(list(ANSWERS))},
                ]
            )
        names = [name for name, kind_ in TYPES.items() if kind_ == wanted]
        field = {"field": self.rng.choice([*names, "absent"] if self.rng.random() < 0.1 else names)}
        if wanted == "choices" or self.rng.random() < 0.6:
            return field
        if wanted == "date":
            return self.rng.choice([{"op": "today"}, {"date": self.rng.choice(ANSWERS["d"] + ANSWERS["e"])}])
        pool = ANSWERS["n"] + ANSWERS["m"] if wanted == "number" else ANSWERS["t"] + ANSWERS["u"] + ANSWERS["c"]
        return {"value": self.rng.choice(pool)}

    def rule(self, depth: int) -> dict[str, Any]:
        make, rng = self.make, self.rng
        match rng.randrange(9):
            case 0 | 1:
                return {
                    "op": rng.choice(["all", "any"]),
                    "of": [make("rule", depth - 1) for _ in range(rng.randint(1, 4))],
                }
            case 2:
                return {"op": "not", "of": make("rule", depth)}
            case 3:
                kind_ = rng.choice(["number", "date"])
                op = rng.choice(["less", "at_most", "more", "at_least"])
                return {"op": op, "left": make(kind_, depth), "right": make(kind_, depth)}
            case 4:
                kind_ = rng.choice(["number", "date", "text", "rule"])
                return {"op": rng.choice(["is", "is_not"]), "left": make(kind_, depth), "right": make(kind_, depth)}
            case 5:
                kind_ = rng.choice(["number", "text", "text", "date"])
                return {
                    "op": "one_of",
                    "left": make(kind_, depth),
                    "values": [make(kind_, depth - 2) for _ in range(rng.randint(1, 4))],
                }
            case 6:
                return {
                    "op": "contains",
                    "left": make(rng.choice(["choices", "text"]), depth),
                    "right": make("text", depth),
                }
            case 7:
                return {"op": "starts_with", "left": make("text", depth), "right": make("text", depth)}
        return {"op": "answered", "field": rng.choice(list(ANSWERS))}

    def number(self, depth: int) -> dict[str, Any]:
        make, rng = self.make, self.rng
        match rng.randrange(9):
            case 0 | 1:
                op = rng.choice(["plus", "times", "least", "greatest"])
                return {"op": op, "of": [make("number", depth) for _ in range(rng.randint(1, 3))]}
            case 2:
                return {"op": rng.choice(["minus", "divided_by"]), "of": [make("number", depth), make("number", depth)]}
            case 3:
                made = {"op": "round", "of": make("number", depth)}
                return made | ({"places": rng.randint(0, 9)} if rng.random() < 0.7 else {})
            case 4:
                return {
                    "op": rng.choice(["days_between", "years_between"]),
                    "from": make("date", depth),
                    "to": make("date", depth),
                }
            case 5:
                return {"op": rng.choice(["year", "month", "day"]), "of": make("date", depth)}
            case 6:
                return {"op": "count", "of": make("choices", depth)}
            case 7:
                return {"op": "length", "of": make("text", depth)}
        return self.choose("number", depth)

    def text(self, depth: int) -> dict[str, Any]:
        match self.rng.randrange(4):
            case 0:
                return {"op": self.rng.choice(["lower", "trim"]), "of": self.make("text", depth)}
            case 1:
                return {"op": "join", "of": [self.make("text", depth) for _ in range(self.rng.randint(1, 3))]}
        return self.choose("text", depth)

    def date(self, depth: int) -> dict[str, Any]:
        match self.rng.randrange(4):
            case 0 | 1:
                days = (
                    self.make("number", depth)
                    if self.rng.random() < 0.5
                    else {"value": self.rng.choice([0, 1, -1, 365, 366, -146097, 4_000_000, 4_000_001, 1.5, 2.0])}
                )
                return {"op": "add_days", "date": self.make("date", depth), "days": days}
            case 2:
                return {
                    "op": self.rng.choice(["least", "greatest"]),
                    "of": [self.make("date", depth) for _ in range(self.rng.randint(1, 3))],
                }
        return self.choose("date", depth)

    def choices(self, depth: int) -> dict[str, Any]:
        return self.choose("choices", depth)

    def choose(self, wanted: str, depth: int) -> dict[str, Any]:
        return {
            "op": "if",
            "if": self.make("rule", depth),
            "then": self.make(wanted, depth),
            "else": self.make(wanted, depth),
        }


def cases() -> list[dict[str, Any]]:
    """By hand first, then generated ones; at most half of those unknown, each once."""
    made: list[dict[str, Any]] = []
    for rule, answers, expect in by_hand():
        found = evaluate(rule, answers, TODAY)
        assert type(found) is type(expect) or kind(found) == kind(expect) == "number", (rule, found, expect)
        assert found == expect, (rule, answers, found, expect)
        made.append({"rule": rule, "answers": answers, "today": TODAY, "expect": expect})
    maker, seen, unknown, generated = Maker(1), {json.dumps(case) for case in made}, 0, 0
    while len(made) < CASES:
        case = maker.case()
        written = json.dumps(case)
        if written in seen or len(written) > 1_200 or (case["expect"] is None and unknown > generated / 3):
            continue
        seen.add(written)
        generated += 1
        unknown += case["expect"] is None
        made.append(case)
    return made


def as_text() -> str:
    """One case a line."""
    lines = [json.dumps(case, ensure_ascii=True, separators=(",", ":"), allow_nan=False) for case in cases()]
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(as_text(), "utf-8")
