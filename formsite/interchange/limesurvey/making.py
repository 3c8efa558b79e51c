"""What every field takes from its question: words, conditions, bounds and the order of what is offered."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from formsite.interchange import rules as r
from formsite.interchange.limesurvey.layouts import OTHER, Layout
from formsite.interchange.rules import Rule
from formsite.interchange.sayings import CODES, say
from formsite.interchange.limesurvey.survey import Answer, Question, SubQuestion, Survey, Words
from formsite.interchange.limesurvey.texts import Report, Text, Texts
from formsite.interchange.limesurvey.translation import Place
from formsite.interchange.limesurvey.validation import PLAIN

Item = dict[str, Any]
MOST_DECIMALS = 9


@dataclass(slots=True)
class Making:
    """A question while a field is made of it: what its attributes, answers and sub-questions come to."""

    survey: Survey
    texts: Texts
    report: Report
    tags: tuple[str, ...]
    question: Question
    layout: Layout
    rows: Mapping[str, Rule]

    # -- words -------------------------------------------------------------------------------------------------------
    @property
    def place(self) -> Place:
        """Where its expressions stand."""
        return Place(self.question)

    def say(self, words: Words, fallback: str) -> Text:
        """Words in one line, or what stands for them."""
        said = self.texts.plain(words, self.place, self.question.code)
        return said or {self.tags[0]: fallback}

    def label(self) -> Text:
        """The question itself, or its code."""
        return self.say(self.question.words, self.question.code)

    def hint(self) -> Item:
        """The help, and what the engine writes before and after an answer."""
        said = self.texts.plain(self.question.help, self.place, self.question.code)
        return {"hint": said} if said else {}

    def attribute_words(self, name: str) -> Text:
        """What an attribute says, in every language."""
        words = {language: self.question.attribute(name, language) for language in self.survey.languages}
        return self.texts.plain(words, self.place, self.question.code)

    def fixed(self, key: str) -> Text:
        """Words that LimeSurvey brings along."""
        return say(key, self.tags)

    def lose(self, what: str, why: str) -> None:
        """Note something about the question that does not come over."""
        self.report(self.question.code, what, why)

    # -- what is offered ---------------------------------------------------------------------------------------------
    def answers(self, listed: Iterable[Answer], ids: Mapping[str, str]) -> list[Item]:
        """Answers as choices, each under its condition."""
        found = []
        for answer in listed:
            choice: Item = {"id": ids[answer.code], "label": self.say(answer.words, answer.code)}
            found.append(choice | self.condition(answer.code) | self.score(answer))
        return found

    def score(self, answer: Answer) -> Item:
        """What an answer is worth."""
        return self.worth(answer.value)

    def worth(self, value: str) -> Item:
        """A score, where the survey assesses."""
        if self.survey.settings.get("assessments") != "Y" or not re.fullmatch(r"-?\d{1,9}", value.strip()):
            return {}
        return {"score": int(value)}

    def condition(self, code: str) -> Item:
        """When a choice or row is offered, as a member."""
        rule = self.rows.get(code, r.YES)
        return {} if rule == r.YES else {"shown_if": rule}

    def lines(self, listed: Iterable[SubQuestion], ids: Mapping[str, str]) -> list[Item]:
        """Sub-questions as rows or items."""
        lines: list[Item] = [
            {"id": ids[each.code], "label": self.say(each.words, each.code)} | self.condition(each.code)
            for each in listed
        ]
        if self.question.attribute("subquestion_order") == "alphabetical":
            lines.sort(key=lambda line: line["label"].get(self.tags[0], "").casefold())
        return lines

    def preset(self) -> list[Item]:
        """The choices that a type brings with it."""
        return [
            {"id": name, "label": self.fixed(CODES[code]) if code in CODES else {self.tags[0]: code}}
            for code, name in self.layout.choices.items()
        ]

    def other(self) -> list[Item]:
        """The choice that opens a text."""
        if not self.layout.has_other:
            return []
        label = self.attribute_words("other_replace_text") or self.fixed("other")
        return [{"id": self.layout.choices[OTHER], "label": label, "other": True} | self.condition("other")]

    def few(self, found: list[Item], most: int, what: str) -> list[Item]:
        """As many as formsite's types take."""
        if len(found) > most:
            self.lose(f"its {what} after the first {most}", "formsite takes no more; make two questions of it")
        return found[:most]

    def with_other(self, choices: list[Item]) -> list[Item]:
        """The choices, and the one that opens a text where the survey wants it."""
        where = self.question.attribute("other_position")
        if where == "beginning":
            return self.other() + choices
        after = self.layout.choices.get(self.question.attribute("other_position_code")) if where == "specific" else None
        at = next((at for at, choice in enumerate(choices, start=1) if choice["id"] == after), len(choices))
        return choices[:at] + self.other() + choices[at:]

    def chance(self, *names: str) -> Item:
        """Whether what is offered stands in an order of chance."""
        by_flag = self.question.flag("random_order")
        by_order = any(self.question.attribute(name) == "random" for name in names)
        return {"random": True} if by_flag or by_order else {}

    def number(self, attribute: str) -> float | None:
        """An attribute that is a plain number."""
        held = self.question.attribute(attribute) if attribute else ""
        return float(held.replace(",", ".")) if PLAIN.fullmatch(held) else None

    def between(self, least: float | None, most: float | None, *, whole: bool = False) -> Item:
        """Bounds as settings; those that leave no number are none."""
        if least is None or most is None:
            empty = False
        else:
            empty = math.ceil(least) > math.floor(most) if whole else least > most
        if empty:
            self.lose("its bounds", "no number lies within them; set them by hand")
            return {}
        return {name: bound for name, bound in (("min", least), ("max", most)) if bound is not None}

    def longest(self, most: int) -> Item:
        """How long a text may be, as a setting."""
        held = self.number("maximum_chars")
        return {"max_length": min(int(held), most)} if held and held >= 1 else {}

    def lose_texts_beside(self) -> None:
        """What stands before or after a text has no place."""
        for attribute in ("prefix", "suffix"):
            if self.question.attribute(attribute):
                self.lose("the text beside the answer", "formsite has none beside a text; put it into the question")

    def unit(self) -> Item:
        """What stands after a number; what stands before it is lost."""
        if self.question.attribute("prefix"):
            self.lose("the text before the answer", "formsite has a unit behind a number; put it into the question")
        unit = self.attribute_words("suffix")
        return {"unit": unit} if unit and not any("{{" in said for said in unit.values()) else {}
