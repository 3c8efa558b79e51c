"""Surveys of LimeSurvey by chance: every type of question, with filters, bounds, relevance and checks."""

from __future__ import annotations

import random
from typing import Any

from tests.interchange.limesurvey_archive import archive, question

TYPES = "5ABCDEFGHIKLMNOPQRSTUXY!:;1*|:M"
ROWS = {f"s{number}": f"Row {number}" for number in range(1, 5)}
VALUES = {"number": ["0", "1", "3", "5"], "code": ["'A1'", "'A2'", "1"], "box": ["'Y'"], "text": ["'abc'", "8"]}


class Maker:
    """Makes one survey; remembers what later questions may look at."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.variables: list[tuple[str, str]] = []  # name, kind
        self.sources: list[str] = []  # questions in parts
        self.filters: list[str] = []  # questions that may filter others

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def survey(self) -> bytes:
        first = [self.question(f"q{number}") for number in range(1, self.chance.randint(4, 8))]
        around = self.condition()
        second = [self.question(f"p{number}") for number in range(1, self.chance.randint(3, 7))]
        return archive(first, ({"grelevance": around}, second), newer=self.often(0.5))

    def condition(self) -> str:
        if not self.variables or self.often(0.4):
            return "1"
        written = self.comparison()
        while self.often(0.5):
            written = (
                f"({written}) {self.chance.choice(['and', 'or'])} {self.chance.choice(['', '!'])}({self.comparison()})"
            )
        return written

    def comparison(self) -> str:
        name, kind = self.chance.choice(self.variables)
        subject, value = name + self.chance.choice(["", ".NAOK"]), self.chance.choice(VALUES[kind])
        forms = [f"is_empty({subject})", f"!is_empty({subject})", f"{subject} == {value}", f"{subject} != {value}"]
        forms.append(f"count({subject}, {self.chance.choice(self.variables)[0]}) > 0")
        forms.append(f"{subject.split('.')[0]}.relevanceStatus")
        forms += [f"countif({value}, {subject}, {self.chance.choice(self.variables)[0]}) > 0", f"strlen({subject}) > 1"]
        if self.sources:
            source = self.chance.choice(self.sources)
            forms += [f"count(that.{source}) > 1", f"is_empty(list(that.{source}.NAOK))", f"sum(that.{source}) >= 3"]
        return self.chance.choice(
            [
                *forms,
                f"{subject} > {value}",
                f"{subject} <= {value}",
                f"sum({subject}, 2) > {value}",
                f"countifop('>=', 3, {subject}) == 1",
                f"if({subject} > 3, 'a', '') == 'a'",
                f"max({subject}, 2) > {value}",
                f"round({subject}) == {value}",
                f"{subject} + 1 >= {value}",
            ]
            if kind == "number"
            else forms
        )

    def question(self, code: str) -> dict[str, Any]:
        kind = self.chance.choice(TYPES)
        relevance = self.condition()
        held: dict[str, Any] = {"attributes": self.attributes(kind)} | self.parts(kind)
        if kind in "MP" and self.often(0.2):
            held["attributes"]["exclude_all_others"] = self.chance.choice([next(iter(held["rows"])), "other"])
        if self.often(0.3):
            held["mandatory"] = "Y"
        if kind in "LMP!" and self.often(0.4):
            held["other"] = "Y"
        if kind in "NKQ;:STU" and self.often(0.15):
            held["preg"] = self.chance.choice(["/^[0-9.]+$/", "/^[a-z0-9 @.]{1,3}$/i"])
        if kind == "*":
            held["text"] = self.equation()
        if not held["attributes"].get("hidden"):
            self.remember(code, kind, held.get("rows", {}))
        return question(code, kind, relevance=relevance, **held)

    def parts(self, kind: str) -> dict[str, Any]:
        held: dict[str, Any] = {}
        if kind in "ABCEFHKQ1:;MP":
            rows = {code: (text, self.condition() if self.often(0.2) else "1") for code, text in ROWS.items()}
            held["rows"] = {code: row for code, row in rows.items() if self.often(0.9)} or {"s1": "Row"}
        if kind in ":;":
            held["columns"] = {"c1": "One", "c2": "Two"}
        if kind in "FH1LO!":
            held["answers"] = {"A1": "one", "A2": "two", "3": "three"}
        if kind == "1":
            held["answers2"] = {"B1": "b", "B2": "bb"}
        return held | ({"answers": ROWS} if kind == "R" else {})

    def attributes(self, kind: str) -> dict[str, str]:
        found: dict[str, str] = {}
        numbers = [name for name, of in self.variables if of == "number"]
        bounds = ["3", "8", *numbers[:3]]
        if kind in "1:;ABCEFLMPKQR" and self.filters and self.often(0.4):
            names = self.chance.sample(self.filters, min(len(self.filters), self.chance.choice([1, 1, 2])))
            found[self.chance.choice(["array_filter", "array_filter_exclude"])] = ";".join(names)
        if kind in "1:;ABCEFKQMPR":
            found |= {"min_answers": str(self.chance.randint(1, 3))} if self.often(0.3) else {}
            found |= {"max_answers": str(self.chance.randint(1, 4))} if self.often(0.2) else {}
        if kind == "K" and self.often(0.3):
            found[self.chance.choice(["min_num_value", "max_num_value", "equals_num_value"])] = self.chance.choice(
                bounds
            )
        if kind in "NK":
            found |= (
                {self.chance.choice(["min_num_value_n", "max_num_value_n"]): self.chance.choice(bounds)}
                if self.often(0.4)
                else {}
            )
            found |= {"num_value_int_only": "1"} if self.often(0.2) else {}
        if kind == ":":
            found |= self.chance.choice([{"multiflexible_checkbox": "1"}, {"input_boxes": "1"}, {}])
        if kind in "SQ;" and self.often(0.2):
            found["numbers_only"] = "1"
        if kind in "STUQN" and self.often(0.2):
            found["em_validation_q"] = self.chance.choice(
                ["strlen(this) > 2", "this > 3", "!is_empty(this)", "is_empty(this.NAOK) or this != 8"]
            )
        if kind in "SQK;:" and self.often(0.15):
            found["em_validation_sq"] = self.chance.choice(["this != 8", "is_empty(this) or strlen(this) > 1"])
        if kind == "K" and self.often(0.3):
            found["value_range_allows_missing"] = "1"
        if kind == "K" and self.often(0.2):
            found |= {"slider_min": "1", "slider_max": self.chance.choice(bounds)}
        if kind == ":" and self.often(0.4):
            found |= {"multiflexible_min": "2", "multiflexible_max": self.chance.choice(["9", "20"])}
        if kind == "R" and self.often(0.4):
            found["max_subquestions"] = self.chance.choice(["2", "3"])
        if kind in "MPROL!5ABCEFHKQ" and self.often(0.2):
            found["em_validation_q"] = self.chance.choice(
                ["count(self.NAOK) < 3", "this.NAOK != 'A1'", "sum(self.NAOK) > 2 or is_empty(this.NAOK)"]
            )
        if kind in "LMP" and self.often(0.2):
            found["other_numbers_only"] = "1"
        if kind in "L!P" and self.often(0.3):
            found["other_comment_mandatory"] = "1"
        if kind == "P" and self.often(0.3):
            found["commented_checkbox"] = self.chance.choice(["checked", "unchecked"])
        return found | ({"hidden": "1"} if self.often(0.08) else {})

    def equation(self) -> str:
        forms = [
            "1 + 2",
            f"if({self.condition()}, 'a', 'b')",
            *(f"{name} + 1" for name, kind in self.variables if kind == "number"),
        ]
        return f"{{{self.chance.choice(forms)}}}"

    def remember(self, code: str, kind: str, rows: dict[str, Any]) -> None:
        single = {
            "N": "number",
            "5": "number",
            "S": "text",
            "T": "text",
            "U": "text",
            "L": "code",
            "O": "code",
            "!": "code",
        }
        several = {"M": "box", "P": "box", "F": "code", "H": "code", "K": "number"}
        if kind in single:
            self.variables.append((code, single[kind]))
        self.variables += [(f"{code}_{row}", several[kind]) for row in rows if kind in several]
        if kind == "R":
            self.variables.append((f"{code}_1", "code"))
        if kind == "1":
            self.variables.append((f"{code}_{next(iter(rows))}_0", "code"))
        if kind in "ABCEFHKQ1:;MPR":
            self.sources.append(code)
        if kind in "ABCEFHKQ1:;MPRL!":
            self.filters.append(code)
