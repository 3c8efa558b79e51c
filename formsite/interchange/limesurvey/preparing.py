"""A survey is put in order before anything is made of it: codes as LimeSurvey repairs them, nothing that hangs in the air."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formsite.interchange.limesurvey.layouts import OTHER
from formsite.interchange.limesurvey.survey import Question, Survey

TYPES = frozenset("1:;!*|5ABCDEFGHIKLMNOPQRSTUXY")
IN_ROWS = frozenset("ABCEFH1:;KQ")
WITH_ANSWERS = frozenset("LO!FHR1")
FORMER_TYPES = {"W": "!", "Z": "L"}
"""Lists whose answers stood in a table of labels, before LimeSurvey 1.9."""


def prepare(survey: Survey) -> list[tuple[str, str, str]]:
    """Puts it in order. What is to be said about that: where, what, why."""
    remarks = [*_homeless(survey), *_doubles(survey)]
    for question in survey.questions():
        question.type = FORMER_TYPES.get(question.type, question.type)
        if question.type not in TYPES:
            what, why = f"the question type “{question.type}”", "it is asked as text; choose a type"
        elif lacking := _lacking(question):
            what, why = f"its {lacking}", "the archive has none, so it is asked as text; add them"
        else:
            continue
        remarks.append((question.code, what, why))
        question.type = "T"
    repair_codes(survey)
    return remarks


def _lacking(question: Question) -> str:
    """What a question needs and does not have."""
    kind = question.type
    if (kind in IN_ROWS and not question.rows()) or (kind in "MP" and not question.rows() and not question.other):
        return "sub-questions"
    if kind in ":;" and not question.columns():
        return "columns"
    answers = question.answers or (kind == "R" and question.rows()) or (kind in "L!" and question.other)
    return "answers" if kind in WITH_ANSWERS and not answers else ""


def _homeless(survey: Survey) -> Iterator[tuple[str, str, str]]:
    """Rows of the archive that belong to nothing: LimeSurvey passes them over too."""
    groups = {group.gid for group in survey.groups}
    known = {question.qid for question in survey.questions()}
    seen: set[str] = set()
    for row in (*survey.tables.of("questions"), *survey.tables.of("subquestions")):
        parent, qid = row.get("parent_qid", "0"), row.get("qid", "")
        home = row.get("gid", "") in groups if parent in ("", "0") else parent in known
        if not home and qid not in seen:
            seen.add(qid)
            what = "the question" if parent in ("", "0") else "the sub-question"
            why = "it belongs to no group or question of the archive; add it by hand"
            yield row.get("title", "") or f"question {qid}", what, why


def _doubles(survey: Survey) -> Iterator[tuple[str, str, str]]:
    """Answers of one question and one code: the first counts, and “other” is the question's own."""
    for question in survey.questions():
        if question.other and any(answer.code == OTHER for answer in question.answers):
            question.answers = [answer for answer in question.answers if answer.code != OTHER]
            question.doubled.append(OTHER)
        for code in question.doubled:
            yield question.code, f"a second answer “{code}”", "the question has an answer of that code; give it another"


def repair_codes(survey: Survey) -> None:
    """What LimeSurvey does to codes when it imports: only letters and digits, a letter first, none twice."""
    taken: set[str] = set()
    for question in survey.questions():
        question.former, question.code = question.code, _repaired(question.code, taken, "q")
        _note(survey, question.former, question.code)
        for scale in (0, 1):
            within: set[str] = set()
            for each in question.subquestions:
                if each.scale == scale:
                    each.former, each.code = each.code, _repaired(each.code, within, "")
                    _note(survey, each.former, each.code)


def _repaired(code: str, taken: set[str], before_digit: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9]", "", code)
    if not plain or (before_digit and plain[0].isdigit()):
        plain = (before_digit or "sq") + plain
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{plain}r{number}"
    taken.add(name.lower())
    return name


def _note(survey: Survey, former: str, code: str) -> None:
    if former != code:
        survey.repaired[former] = code
