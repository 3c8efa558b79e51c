"""Rules by chance: mostly well typed, over answers that are mostly of their type."""

from __future__ import annotations

import json
import random
from typing import Any

from tests.definition.vectors.edges import NOW, SCOPE, TODAY, WORDS
from tests.definition.vectors.reference import World, evaluate

Rule = dict[str, Any]
FIGURES = [0, 1, -1, 2.5, 18, 17.999, 0.1, 0.2, 0.3, 1e308, -1e308, 5e-324, 9007199254740991, 2.675, -0.5, 1e21]
SMALL = [0, 3, -7, 0.05, 100, 1.005, 12345.678, 2, 0.5, 8, 1e-6, 1.5e-7, 1.2345678901234568e20]
TEXTS = [
    "Anna", "ANNA", "e\u0301t\u00e9", "\u00e9te\u0301", " a ", "\u00a0x\t", "😀", "İstanbul", "STRASSE", "ß", "true", "0",
    "2026-01-31", "12", " -3.50 ", "1e3", ".5", "a@example.org", "one two  three",
]  # fmt: skip
OTHERS = ["an", "na", "\u00e9", "x", "ΟΔΥΣΣΕΥΣ", "مرحبا", "a\u200db", "日本", "@", " ", "A", "1"]
DAYS = ["2026-05-17", "2024-02-29", "2000-02-29", "1900-02-28", "0001-01-01", "9999-12-31", "1999-12-31", "2026-05-16"]
MORE_DAYS = ["2026-05-18", "2025-02-28", "1970-01-01", "1969-12-31", "2008-05-17", "2008-05-18", "2026-10-31"]
TIMES = ["00:00", "09:30", "12:00", "23:59"]
MOMENTS = ["2026-05-17T14:05", "2026-05-17T00:00", "1969-12-31T23:59", "2024-02-29T06:45"]
MONTHS = ["2026-05", "2026-12", "0001-01"]
CHOSEN = [["fibre"], ["fibre", "dsl"], ["dsl", "none", "fibre"], ["a"]]
ANSWERS: dict[str, list[Any]] = {
    "n": FIGURES,
    "m": SMALL,
    "t": TEXTS,
    "u": OTHERS,
    "d": DAYS,
    "e": MORE_DAYS,
    "h": TIMES,
    "w": MOMENTS,
    "o": MONTHS,
    "b": [True, False],
    "c": ["fibre", "dsl", "none"],
    "s": CHOSEN,
}
INSIDE: dict[str, dict[str, list[Any]]] = {
    "kids": {"age": [0, 3, 7, 17, 2.5], "nick": ["Ada", "Bo", "x"], "born": MORE_DAYS, "ill": [True, False]},
    "toys": {"toy": ["car", "kite", "Ada"], "cost": [1, 2.25, 10], "lost": [True, False]},
}
HOSTILE: list[Any] = [
    "", [], None, "2026-02-30", "2025-02-29", "0000-01-01", "2026-1-1", "20260101", "24:00", "2026-05-17T9:00", "2026-13",
    [1], [None], ["", True], {}, {"a": 1}, True, 0, "0", "NaN",
]  # fmt: skip
TYPES = {
    "n": "number",
    "m": "number",
    "t": "text",
    "u": "text",
    "d": "date",
    "e": "date",
    "b": "rule",
    "c": "text",
    "s": "choices",
    "h": "time",
    "w": "moment",
    "o": "month",
}
TYPES_INSIDE = {
    "kids": {"age": "number", "nick": "text", "born": "date", "ill": "rule"},
    "toys": {"toy": "text", "cost": "number", "lost": "rule"},
}
KINDS = ("rule", "number", "text", "date", "choices", "time", "moment", "month")
LITERALS = {
    "rule": [True, False],
    "number": FIGURES + SMALL,
    "text": TEXTS + OTHERS + ANSWERS["c"],
    "time": TIMES,
    "moment": MOMENTS,
    "month": MONTHS,
}
PATTERNS = [
    "a", "^a", "a$", "^[A-Z]+$", "[0-9]+", r"^\s", r"\d{2}", r"\w+@\w+\.org", "an{2}a", "^(?:true|false)$", r"\bAda\b", ".", "^.$",
    r"[^a-z]", "é", r"^\S+$", "(an|NA)+", "x?", r"^-?[0-9]+(\.[0-9]+)?$", "[A-Za-z]{4,}", r"\W", "o.*e", "^$",
]  # fmt: skip
SHAPES = ["%Y-%m-%d", "%e.%n.%y", "%a %d %b %Y", "%H:%M:%S", "%h", "%%", "%q %", "on %d"]


class Maker:
    """Makes one case after the other; with the same seed the same ones."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.open: list[str] = []

    def case(self) -> dict[str, Any]:
        """A rule, answers to what it looks at, and what it comes to."""
        rng = self.rng
        self.open = rng.choice([[]] * 8 + [["kids"], ["kids"], ["kids", "toys"]])
        inside = list(self.open)
        rule = self.make(rng.choice(["rule"] * 8 + ["number"] * 8 + ["text"] * 4 + list(KINDS)), rng.randint(1, 4))
        used = {f'"{name}"' for name in [*ANSWERS, *TYPES_INSIDE["kids"], *TYPES_INSIDE["toys"]]}
        written = json.dumps(rule)
        answers = self.answers({name for name in used if name in written}, '"kids"' in written or bool(inside))
        case: dict[str, Any] = {"rule": rule, "answers": answers}
        if inside:
            case["at"] = {name: rng.randint(0, 2) for name in inside}
        if (today := rng.choice([TODAY, TODAY, "2024-02-29", "2025-02-28", "2026-12-31"])) != TODAY:
            case["today"] = today
        world = World(answers, today, NOW, WORDS, SCOPE, case.get("at", {}))
        return case | {"expect": evaluate(rule, world)}

    def answers(self, used: set[str], in_kids: bool) -> dict[str, Any]:
        """To what a rule looks at, inside of instances too."""
        given = self.some(ANSWERS, "", used, 0.8)
        if not in_kids:
            return given
        given["kids"] = self.rng.choice([0, 1, 2, 2, 3, 3, True, "2"] if self.rng.random() < 0.2 else [1, 2, 3])
        for kid in range(3):
            given |= self.some(INSIDE["kids"], f"kids-{kid}-", used, 0.7)
            if used & {'"toy"', '"cost"', '"lost"'}:
                given[f"kids-{kid}-toys"] = self.rng.randint(0, 2)
                for toy in range(2):
                    given |= self.some(INSIDE["toys"], f"kids-{kid}-toys-{toy}-", used, 0.7)
        return given

    def some(self, pools: dict[str, list[Any]], before: str, used: set[str], share: float) -> dict[str, Any]:
        rng = self.rng
        return {
            f"{before}{name}": rng.choice(HOSTILE if rng.random() < 0.08 else pool)
            for name, pool in pools.items()
            if f'"{name}"' in used and rng.random() < share
        }

    def make(self, wanted: str, depth: int) -> Rule:
        if self.rng.random() < 0.04:
            wanted = self.rng.choice(KINDS)
        if depth <= 0 or (wanted != "rule" and self.rng.random() < 0.3):
            return self.leaf(wanted)
        made: Rule = getattr(self, wanted)(depth - 1)
        return made

    def leaf(self, wanted: str) -> Rule:
        rng = self.rng
        if wanted == "rule" and rng.random() < 0.4:
            return {"op": "answered", "field": rng.choice([*ANSWERS, *self.near(), "kids", "whole"])}
        names = [name for name, kind in (TYPES | self.near()).items() if kind == wanted]
        near = [name for name, kind in self.near().items() if kind == wanted]
        if near and rng.random() < 0.6:
            names = near
        if wanted == "choices" or rng.random() < 0.6:
            return {"field": rng.choice([*names, "absent", "age"] if rng.random() < 0.06 else names)}
        if wanted == "date":
            return rng.choice([{"op": "today"}, {"date": rng.choice(DAYS + MORE_DAYS)}])
        if wanted == "moment" and rng.random() < 0.5:
            return {"op": "now"}
        return {"value": rng.choice(LITERALS[wanted])}

    def near(self) -> dict[str, str]:
        """The fields of the groups around."""
        return {name: kind for group in self.open for name, kind in TYPES_INSIDE[group].items()}

    def rule(self, depth: int) -> Rule:
        make, rng = self.make, self.rng
        match rng.randrange(12):
            case 0 | 1:
                of = [make("rule", depth - 1) for _ in range(rng.randint(1, 4))]
                return {"op": rng.choice(["all", "any"]), "of": of}
            case 2:
                return {"op": rng.choice(["not", "sure"]), "of": make("rule", depth)}
            case 3 | 4:
                kind = rng.choice(["number", "number", "date", "date", "time", "moment", "month"])
                op = rng.choice(["less", "at_most", "more", "at_least"])
                return {"op": op, "left": make(kind, depth), "right": make(kind, depth)}
            case 5:
                kind = rng.choice(["number", "date", "text", "rule", "time", "moment"])
                return {"op": rng.choice(["is", "is_not"]), "left": make(kind, depth), "right": make(kind, depth)}
            case 6:
                kind = rng.choice(["number", "text", "text", "date"])
                values = [make(kind, depth - 2) for _ in range(rng.randint(1, 4))]
                return {"op": "one_of", "left": make(kind, depth), "values": values}
            case 7:
                return {
                    "op": "contains",
                    "left": make(rng.choice(["choices", "text"]), depth),
                    "right": make("text", 0),
                }
            case 8:
                op = rng.choice(["starts_with", "ends_with", "contains"])
                return {"op": op, "left": make("text", depth), "right": make("text", 0)}
            case 9:
                return {"op": "matches", "of": make("text", depth), "pattern": rng.choice(PATTERNS)}
            case 10:
                return self.over(["any_over", "all_over"], "rule", depth)
        return self.choose("rule", depth)

    def number(self, depth: int) -> Rule:
        make, rng = self.make, self.rng
        match rng.randrange(17):
            case 0 | 1:
                op = rng.choice(["plus", "times", "least", "greatest"])
                return {"op": op, "of": [make("number", depth) for _ in range(rng.randint(1, 3))]}
            case 2 | 3:
                op = rng.choice(["minus", "divided_by", "mod", "power"])
                return {"op": op, "of": [make("number", depth), make("number", depth)]}
            case 4:
                made = {"op": "round", "of": make("number", depth)}
                return made | ({"places": rng.randint(0, 9)} if rng.random() < 0.7 else {})
            case 5:
                op = rng.choice(["days_between", "months_between", "years_between"])
                return {"op": op, "from": make("date", depth), "to": make("date", depth)}
            case 6:
                kind = rng.choice(["date", "moment"])
                return {"op": rng.choice(["year", "month", "day", "weekday"]), "of": make(kind, depth)}
            case 7:
                return {"op": rng.choice(["hour", "minute"]), "of": make(rng.choice(["time", "moment"]), depth)}
            case 8:
                return {"op": "count", "of": make("choices", depth)}
            case 9:
                return {"op": "length", "of": make("text", depth)}
            case 10:
                return {"op": "number", "of": make(rng.choice(["text", "text", "number", "rule"]), depth)}
            case 11:
                return {"op": "find", "left": make("text", depth), "right": make("text", 0)}
            case 12:
                op = rng.choice(["sqrt", "abs", "floor", "ceil", "exp", "log"])
                return {"op": op, "of": make("number", depth)}
            case 13:
                return {"op": "day_number", "of": make(rng.choice(["date", "moment", "time"]), depth)}
            case 14:
                return {"op": "score", "field": rng.choice(["c", "s"])}
            case 15:
                if rng.random() < 0.3:
                    return {"op": rng.choice(["instances", "position"]), "over": rng.choice(["kids", *self.open])}
                if rng.random() < 0.4:
                    return self.over(["count_over"], "rule", depth)
                return self.over(["sum_over", "least_over", "greatest_over", "at"], "number", depth)
        return self.choose("number", depth)

    def text(self, depth: int) -> Rule:
        make, rng = self.make, self.rng
        match rng.randrange(11):
            case 0:
                return {"op": rng.choice(["lower", "upper", "trim"]), "of": make("text", depth)}
            case 1:
                return {"op": "join", "of": [make("text", depth) for _ in range(rng.randint(1, 3))]}
            case 2 | 3:
                return {"op": "text", "of": make(rng.choice(["number", "number", "choices", "rule", "date"]), depth)}
            case 4:
                cut = {"op": "substring", "of": make("text", depth), "from": self.place()}
                return cut | ({"length": self.place()} if rng.random() < 0.7 else {})
            case 5:
                return {"op": rng.choice(["before", "after"]), "left": make("text", depth), "right": make("text", 0)}
            case 6:
                return {"op": "replace", "of": make("text", depth), "old": make("text", 0), "new": make("text", 0)}
            case 7:
                if rng.random() < 0.5:
                    return {"op": "nth", "of": make("choices", depth), "index": self.place()}
                return {"op": "list_text", "of": make("choices", depth), "separator": rng.choice([", ", "", "–"])}
            case 8:
                kind = rng.choice(["date", "moment", "moment"])
                return {"op": "format_date", "of": make(kind, depth), "pattern": rng.choice(SHAPES)}
            case 9:
                if rng.random() < 0.2:
                    return {"op": "label", "field": rng.choice(["c", "s", *self.near()])}
                made = self.over(["join_over", "join_over", "at"], "text", depth)
                return made if made["op"] == "at" else made | {"separator": rng.choice([", ", ""])}
        return self.choose("text", depth)

    def place(self) -> Rule:
        return (
            {"value": self.rng.choice([0, 0, 1, 1, 2, 3, -1, 1.5, 100])} if self.rng.random() < 0.9 else {"field": "m"}
        )

    def date(self, depth: int) -> Rule:
        make, rng = self.make, self.rng
        match rng.randrange(7):
            case 0 | 1:
                few = {"value": rng.choice([0, 1, -1, 12, 365, 366, -146097, 4_000_000, 4_000_001, 1.5, 2.0])}
                name = rng.choice(["days", "months"])
                number = make("number", depth) if rng.random() < 0.4 else few
                return {"op": f"add_{name}", "date": make("date", depth), name: number}
            case 2:
                op = rng.choice(["least", "greatest"])
                return {"op": op, "of": [make("date", depth) for _ in range(rng.randint(1, 3))]}
            case 3:
                return {"op": "date_of", "of": make(rng.choice(["moment", "date", "text"]), depth)}
            case 4:
                return {"op": "day_of_number", "of": make("number", depth)}
            case 5:
                return self.over(["least_over", "greatest_over", "at"], "date", depth)
        return self.choose("date", depth)

    def choices(self, depth: int) -> Rule:
        return self.choose("choices", depth)

    def time(self, depth: int) -> Rule:
        if self.rng.random() < 0.5:
            return {"op": "time_of", "of": self.make("moment", depth)}
        return self.choose("time", depth)

    def moment(self, depth: int) -> Rule:
        if self.rng.random() < 0.3:
            return {"op": self.rng.choice(["least", "greatest"]), "of": [self.make("moment", depth) for _ in range(2)]}
        return self.choose("moment", depth)

    def month(self, depth: int) -> Rule:
        return self.choose("month", depth)

    def choose(self, wanted: str, depth: int) -> Rule:
        """One or the other, or the first that is known."""
        make = self.make
        if self.rng.random() < 0.5:
            return {"op": "or_else", "of": [make(wanted, depth) for _ in range(self.rng.randint(1, 3))]}
        return {"op": "if", "if": make("rule", depth), "then": make(wanted, depth), "else": make(wanted, depth)}

    def over(self, ops: list[str], wanted: str, depth: int) -> Rule:
        """Over the instances of a group, mostly of one that is in reach."""
        rng, around = self.rng, list(self.open)
        group = rng.choice(["kids", "kids", "toys"]) if "kids" in self.open else "kids"
        made: Rule = {"op": rng.choice(ops), "over": group}
        if made["op"] == "at":
            made["index"] = self.place()
        self.open = [*around, group]
        made["of"] = self.make(wanted, depth)
        if made["op"] != "at" and rng.random() < 0.3:
            made["where"] = self.make("rule", min(depth, 1))
        self.open = around
        return made
