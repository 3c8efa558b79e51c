"""What LimeSurvey itself makes of answers to a survey: which questions it shows, wants and minds.

Written after its engine (`em_manager_helper.php`), on texts, without formsite's rules. Irrelevant answers are cleared.
"""

from __future__ import annotations

import html
import random
from dataclasses import dataclass, field
from typing import Any

from formsite.interchange.limesurvey import expressions as x
from formsite.interchange.limesurvey.conditions import relevance_of_conditions
from formsite.interchange.limesurvey.layouts import OTHER, lay_out
from formsite.interchange.limesurvey.preparing import prepare
from formsite.interchange.markup import inline
from formsite.interchange.limesurvey.survey import Question, Survey
from formsite.interchange.limesurvey.variables import Variable, Variables
from tests.interchange.limesurvey_engine import Engine, Nan, text
from tests.interchange.limesurvey_grammar import Unreadable, apart
from tests.interop.limesurvey_subquestions import SubQuestions
from tests.interop.limesurvey_validity import Validity


@dataclass
class Verdict:
    """Codes of questions."""

    shown: set[str] = field(default_factory=set)
    compulsory: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)


class Judge:
    """Judges one survey."""

    def __init__(self, survey: Survey) -> None:
        prepare(survey)
        self.survey = survey
        self.layouts, _ = lay_out(survey)
        self.variables = Variables(survey, self.layouts)
        self.conditions = relevance_of_conditions(survey)
        self.subquestions = SubQuestions(survey, self.variables.of)

    def verdict(self, given: dict[str, str]) -> Verdict:
        run = _Run(self, dict(given))
        for group in self.survey.groups:
            around = run.holds(group.relevance, None)
            for question in group.questions:
                run.question(question, around)
        return run.verdict

    # -- answers by chance -------------------------------------------------------------------------------------------
    def answers(self, chance: random.Random, filled: float) -> dict[str, str]:
        """Believable answers, some of them empty."""
        found: dict[str, str] = {}
        for question in self.survey.questions():
            ranked = self._ranking(question, chance, filled)
            for variable in self.variables.of[question.qid]:
                if question.type in "X*|" or variable.sub == "filecount":
                    continue
                if question.type == "R":
                    found[variable.name] = ranked.get(variable.sub, "")
                elif chance.random() < filled:
                    found[variable.name] = self._answer(question, variable, chance)
                else:
                    found[variable.name] = ""
        for question in self.survey.questions():
            self._settle(question, found)
        return found

    def _settle(self, question: Question, found: dict[str, str]) -> None:
        """What a browser cannot send: a text of “other” without it being chosen, a comment without its box."""
        code = question.code
        if question.type in "L!" and question.other and found.get(code) != OTHER:
            found[f"{code}_other"] = ""
        if question.type == "P":
            for variable in self.variables.of[question.qid]:
                box = f"{code}_{variable.row}" if variable.row else f"{code}_other"
                if variable.comment and not found.get(box):
                    found[variable.name] = ""

    def _ranking(self, question: Question, chance: random.Random, filled: float) -> dict[str, str]:
        if question.type != "R":
            return {}
        codes = list(self.layouts[question.qid].choices)
        chance.shuffle(codes)
        places = min(int(question.attribute("max_subquestions") or len(codes)), len(codes))
        number = chance.randint(0, places) if chance.random() < filled else 0
        return {str(rank): code for rank, code in enumerate(codes[:number], start=1)}

    def _answer(self, question: Question, variable: Variable, chance: random.Random) -> str:
        layout = self.layouts[question.qid]
        if variable.comment or (variable.sub == "other" and not variable.row):
            return chance.choice(["12", "something"])
        if question.type in "MP" or layout.is_checkboxes:
            return "1" if layout.is_checkboxes else "Y"
        if question.type == "1":
            return chance.choice(list(layout.scales[int(variable.sub[-1])]))
        if question.type == "5":
            return chance.choice("12345")
        if layout.choices:
            return chance.choice(list(layout.choices))
        if question.type in "NK:" or question.flag("numbers_only"):
            return chance.choice(["0", "1", "2", "3", "5", "7", "8", "10", "12", "20", "33", "2.5"])
        if question.type == "D":
            return chance.choice(["2020-01-31", "1990-06-15"])
        most = int(question.attribute("maximum_chars") or 100)
        return chance.choice(
            ["a", "7", "42", "-3"] if question.code.startswith("num") else ["abc", "Jo Doe", "8", "x@example.org"]
        )[:most]


class _Run:
    """One pass, in the order of the questions."""

    def __init__(self, judge: Judge, values: dict[str, str]) -> None:
        self.judge, self.values = judge, values
        self.irrelevant: set[str] = set()
        self.verdict = Verdict()

    def holds(self, written: str, question: Question | None) -> bool:
        """A condition; one that the engine cannot read holds."""
        expression = html.unescape(written).strip()
        if expression in ("", "1"):
            return True
        try:
            return _Names(self, question).condition(expression)
        except (Unreadable, KeyError):
            return True

    def question(self, question: Question, around: bool) -> None:
        judge, layout = self.judge, self.judge.layouts[question.qid]
        variables = judge.variables.of[question.qid]
        relevant = around and self.holds(judge.conditions.get(question.qid, question.relevance), question)
        needed = judge.subquestions.conditions(question)
        own = f"is_empty({question.code}_"
        gone: set[str] = set()
        for about_itself in (False, True):  # what an exclusive option takes away, it takes from what is left
            gone |= {
                code
                for code, conditions in needed.items()
                if not all(self.holds(each, question) for each in conditions if each.startswith(own) == about_itself)
            }
            self._clear(question, variables, None if not relevant else gone)
        if question.type == "R":
            self._close_gaps(variables)
        codes = list(layout.rows) or ["other" if code == OTHER else code for code in layout.choices]
        empty = bool(codes) and all(code in gone for code in codes)
        if not relevant or empty or layout.is_hidden or (question.type in "X*" and question.flag("hidden")):
            if question.type == "*" and relevant:
                self._equation(question, variables[0])
            return
        self.verdict.shown.add(question.code)
        if question.type == "*":
            self._equation(question, variables[0])
        elif question.type != "X":
            self._judge(question, variables, gone)

    def _clear(self, question: Question, variables: list[Variable], gone: set[str] | None) -> None:
        """Answers that are irrelevant: all of them, or those of the rows that are gone."""
        for variable in variables:
            row = variable.row or ("other" if variable.sub.startswith("other") else "")
            held = self.values.get(variable.name, "").replace(OTHER, "other")
            chosen = question.type in "L!R" and gone is not None and held in gone
            if gone is None or (row and row in gone):
                self.irrelevant.add(variable.name)
            if variable.name in self.irrelevant or chosen:
                self.values[variable.name] = ""

    def _close_gaps(self, variables: list[Variable]) -> None:
        """What cannot be ranked is not, and the others move up."""
        held = [self.values[each.name] for each in variables if self.values[each.name]]
        for at, variable in enumerate(variables):
            self.values[variable.name] = held[at] if at < len(held) else ""

    def _equation(self, question: Question, variable: Variable) -> None:
        written = question.attribute("equation") or next(iter(question.words.values()))
        said = ""
        for piece, inside in x.split(written):
            value = _Names(self, question).value(piece) if inside else inline(piece)
            said += "NAN" if value is Nan else text(value)
        self.values[variable.name] = said.strip()

    def _judge(self, question: Question, variables: list[Variable], gone: set[str]) -> None:
        left = [each for each in variables if each.name not in self.irrelevant or question.type == "R"]
        unanswered = [each for each in left if not self.values.get(each.name)]
        if question.mandatory == "Y":
            self.verdict.compulsory.add(question.code)
            if self._lacks(question, left, unanswered, gone):
                self.verdict.wrong.add(question.code)
        named: tuple[list[str], list[str]] = ([], [])
        for each in variables:
            if each.sub != "filecount":
                named[each.comment].append(each.name)
        if not all(self.holds(each, question) for each in Validity(question, *named).all()):
            self.verdict.wrong.add(question.code)

    def _lacks(self, question: Question, left: list[Variable], unanswered: list[Variable], gone: set[str]) -> bool:
        kind = question.type
        if kind in "MPL!":
            return len(left) > 0 and len(left) == len(unanswered)
        if kind == "O":
            return any(not each.comment for each in unanswered)
        if self.judge.layouts[question.qid].is_checkboxes:
            rows = {each.row for each in left}
            return any(all(each in unanswered for each in left if each.row == row) for row in rows)
        if kind == "R":
            places = int(question.attribute("max_subquestions") or len(left))
            most = min(places, len(left) - len(gone))
            lacking = most - (len(left) - len(unanswered))
            bounded = question.attribute("min_answers") or question.attribute("max_answers")
            return lacking > (most - 1 if bounded else 0)
        return bool(unanswered)


class _Names(Engine):
    """An engine that knows the names of a survey."""

    def __init__(self, run: _Run, question: Question | None) -> None:
        super().__init__(run.values)
        self.run, self.question = run, question

    def expanded(self, word: str) -> list[str]:
        variables = self.run.judge.variables
        name, suffix = apart(word)
        root, *steps = name.split(".")
        behind = f".{suffix}" if suffix else ""
        if root == "self" and self.question is not None:
            meant = variables.of[self.question.qid]
        elif root == "that":
            code, *steps = steps
            meant = variables.of[variables.by_code[code].qid]
        else:
            return [word]
        return [f"{each.name}{behind}" for each in meant if _is_meant(each, steps)]

    def named(self, word: str) -> Any:
        name, suffix = apart(word)
        variable = self.run.judge.variables.by_name[name]
        if suffix == "relevanceStatus":
            return variable.name not in self.run.irrelevant
        return self.run.values.get(variable.name, "")

    def is_irrelevant(self, name: str) -> bool:
        return self.run.judge.variables.by_name[name].name in self.run.irrelevant


def _is_meant(variable: Variable, steps: list[str]) -> bool:
    """Whether a part of a question is among those that `self.sq_A.sq_B.nosq_C.nocomments` names: any of A and B, not C."""
    some = [step[3:] for step in steps if step.startswith("sq_")]
    none = [step[5:] for step in steps if step.startswith("nosq_")]
    comments = [step == "comments" for step in steps if step.endswith("comments")]
    return (
        (not some or any(each in variable.sub for each in some))
        and not any(each in variable.sub for each in none)
        and all(variable.comment == wanted for wanted in comments)
    )
