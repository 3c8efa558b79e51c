"""What decides about a question: its relevance, that of its sub-questions, and the checks of its answers, as rules."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from formsite.interchange import rules as r
from formsite.interchange.limesurvey.filters import Filters
from formsite.interchange.limesurvey.layouts import Layout
from formsite.interchange.rules import Rule
from formsite.interchange.sayings import say
from formsite.interchange.limesurvey.survey import Group, Question
from formsite.interchange.limesurvey.terms import Untranslatable
from formsite.interchange.limesurvey.texts import Report, Text, Texts
from formsite.interchange.limesurvey.translation import Broken, Place, Translator
from formsite.interchange.limesurvey.validation import Check, Checks, bounded_ranking, number_of_places

Limit = dict[str, Any]
ALWAYS = ("", "1")


@dataclass(slots=True)
class Logic:
    """Decides for one question after the other, in the order they are asked."""

    translator: Translator
    texts: Texts
    filters: Filters
    conditions: dict[str, str]  # question id -> what the table of conditions says
    tags: tuple[str, ...]
    report: Report

    # -- relevance ---------------------------------------------------------------------------------------------------
    def of_group(self, group: Group, at: int) -> Rule:
        """When a group is asked; `at` is the number of its first question."""
        place = Place(None, at=at)
        return self._relevance(group.relevance, place, f"group {next(iter(group.words.values()), group.gid)}")

    def of_question(self, question: Question, around: Rule) -> Rule:
        """When a question is asked, its group apart; and notes when it is relevant altogether."""
        written = self.conditions.get(question.qid, question.relevance)
        rule = self._relevance(written, Place(question), question.code)
        self.translator.relevance.questions[question.qid] = r.every(around, rule)
        return rule

    def of_rows(self, question: Question) -> dict[str, Rule]:
        """When each sub-question, box or answer counts; and notes it."""
        found: dict[str, Rule] = {}
        for code, expressions in self.filters.of(question).items():
            where = f"{question.code}_{code}"
            own = [each for each in expressions if each.startswith(f"is_empty({question.code}_")]
            rule = r.every(*(self._relevance(each, Place(question), where) for each in expressions if each not in own))
            if rule != r.YES:
                found[code] = rule
            if own and question.type not in "MP":
                self.report(
                    question.code, "exclude_all_others", "formsite knows it for boxes; check the answers by a rule"
                )
            elif own:  # boxes mind it themselves; later questions must know of it
                rule = r.every(rule, *(self._relevance(each, Place(question, own=True), where) for each in own))
            self.translator.relevance.rows[question.qid, code] = rule
        return found

    def ranking(self, question: Question, layout: Layout, rows: dict[str, Rule]) -> list[Limit]:
        """All that is left to rank must be ranked, unless the survey bounds the number."""
        if question.type != "R" or question.mandatory != "Y" or not rows or bounded_ranking(question):
            return []
        left = r.many("plus", [r.choose(rows.get(code, r.YES), r.value(1), r.value(0)) for code in layout.choices])
        if places := number_of_places(question):
            left = {"op": "least", "of": [left, r.value(places)]}
        ranked = r.either(r.unary("count", r.field(layout.id)), r.value(0))
        return [{"rule": r.compare("at_least", ranked, left), "message": say("rank_all", self.tags)}]

    def _relevance(self, written: str, place: Place, where: str) -> Rule:
        expression = html.unescape(written).strip()
        if expression in ALWAYS:
            return r.YES
        if expression == "0":
            return r.NO
        inner = re.fullmatch(r"\{(.*)\}", expression, re.DOTALL)
        what = f"the condition “{_short(expression)}”"
        found = self._translated(inner[1] if inner else expression, place, where, what, "it is always asked")
        return r.YES if found is None else found

    def _translated(self, expression: str, place: Place, where: str, what: str, so: str) -> Rule | None:
        """The rule of an expression; None, with a word, where there is none."""
        try:
            rule = self.translator.condition(expression, place)
        except Broken as refusal:
            self.report(where, what, f"LimeSurvey cannot read it either ({refusal}), so {so}; write the rule anew")
        except Untranslatable as refusal:
            self.report(where, what, f"{refusal}, so {so}; write the rule by hand")
        else:
            for remark in self.translator.take_remarks():
                self.report(where, what, remark)
            return rule
        return None

    # -- checks ------------------------------------------------------------------------------------------------------
    def limits(self, question: Question, layout: Layout) -> tuple[list[Limit], list[Limit]]:
        """What must hold of a given answer, and what may fail even where there is none: the engine minds that too."""
        given: list[Limit] = []
        always: list[Limit] = []
        variables = self.translator.variables.of[question.qid]
        alone = question.type == "O"  # a comment on a list may stand without an answer
        own = tuple(rule for each in variables if not (each.comment and alone) for rule in each.dead)
        for check in Checks(
            question, layout, variables, self.texts.survey.languages, self.translator.variables.by_code
        ).all():
            place, what = Place(question, own=True), f"the check {check.about}"
            rule = self._translated(check.expression, place, question.code, what, "any answer is taken")
            if rule is None or rule == r.YES:
                continue
            limit = {"rule": rule, "message": self._message(check, question)}
            (given if r.decided(rule, own) else always).append(limit)
        return given, always

    def _message(self, check: Check, question: Question) -> Text:
        own = self.texts.plain(check.own, Place(question, own=True), question.code)
        if own:
            return own
        if re.fullmatch(r"-?[\d.]+", check.bound) or not check.bound:
            return say(check.key, self.tags, n=check.bound)
        named = dict.fromkeys(self.texts.survey.languages, f"{{{check.bound}}}")
        bound = self.texts.plain(named, Place(question), question.code)
        if not bound:
            return say("format", self.tags)
        said = say(check.key, self.tags, n="\ue002")
        return {tag: text.replace("\ue002", bound.get(tag, next(iter(bound.values())))) for tag, text in said.items()}


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117]}…"
