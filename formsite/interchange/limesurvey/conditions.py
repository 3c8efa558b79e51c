"""The older table of conditions -> expressions, as LimeSurvey itself turns them when it imports a survey.

What asks the same question is joined by `or`, questions by `and`, scenarios by `or`. The expression takes the place of
the question's own relevance: there, importing overwrites it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from formsite.interchange.limesurvey.survey import Question, Survey
from formsite.interchange.limesurvey.tables import Row, by, number


def relevance_of_conditions(survey: Survey) -> dict[str, str]:
    """Question id -> expression, for the questions that have conditions."""
    questions = {question.qid: question for question in survey.questions()}
    found: dict[str, str] = {}
    for qid, rows in by(survey.tables.of("conditions"), "qid").items():
        kept = [row for row in rows if row.get("cqid", "0") in ("", "0") or row["cqid"] in questions]
        if qid in questions and kept:
            found[qid] = _expression(sorted(kept, key=_order), questions)
    return found


def _order(row: Row) -> tuple[int, int, str, str]:
    return number(row, "scenario"), number(row, "cqid"), row.get("cfieldname", ""), row.get("value", "")


def _expression(rows: list[Row], questions: dict[str, Question]) -> str:
    scenarios = []
    for _, of_scenario in groupby(rows, key=lambda row: number(row, "scenario")):
        asked = [f"({' or '.join(each)})" for each in _asked(of_scenario, questions)]
        scenarios.append(f"({' and '.join(asked)})")
    return " or ".join(scenarios)


def _asked(rows: Iterable[Row], questions: dict[str, Question]) -> Iterator[list[str]]:
    """The comparisons of one scenario, those about the same answer together."""
    before: tuple[str, str] | None = None
    alone = False  # what is written with a plus stands for itself, but for boxes
    held: list[str] = []
    for row in rows:
        name, subject, value = _named(row, questions)
        here = (row.get("cqid", "0"), subject)
        if held and (here != before or alone):
            yield held
            held = []
        question = questions.get(row.get("cqid", ""))
        alone = row.get("cfieldname", "").startswith("+") and (question is None or question.type not in "MP")
        held.append(_comparison(name, row.get("method", "").strip() or "==", value))
        before = here
    if held:
        yield held


def _named(row: Row, questions: dict[str, Question]) -> tuple[str, str, str]:
    """The variable of a condition, what it is about, and the value it is compared with."""
    written, value = row.get("cfieldname", "").strip(), row.get("value", "")
    question = questions.get(row.get("cqid", ""))
    if question is None:
        name = written.strip("{}")
        return name, name, value
    if question.type in "MP" and not written.startswith("+") and not (question.other and written.endswith("other")):
        return f"{question.code}_{value}.NAOK", written, "Y"
    name = f"{written.removeprefix('+')}.NAOK"
    return name, name, value


def _comparison(name: str, method: str, value: str) -> str:
    if method == "RX":
        pattern = value if re.fullmatch(r"/.*/", value, re.DOTALL) else f"/{value}/"
        return f"regexMatch({_quoted(pattern)},{name})"
    if found := re.fullmatch(r"@((?:\d+X\d+X|Q\d).*)@|\{(.+)\}", value, re.DOTALL):
        compared, quoted = found[1] or found[2], False
    else:
        quoted = not _is_float(value)
        compared = _quoted(value) if quoted else value
    if value.strip() == "" and method in ("==", "!="):
        return f"{'!' if method == '!=' else ''}is_empty({name})"
    plain = f"{name} {method} {compared}"
    if not quoted or value == "0":
        if method in ("==", "<", "<=", ">="):
            return f"(!is_empty({name}) && ({plain}))"
        return f"(is_empty({name}) || ({plain}))" if method == "!=" else plain
    return f"(!is_empty({name}) && ({plain}))" if method in ("<", "<=") else plain


def _is_float(value: str) -> bool:
    return bool(re.fullmatch(r"-?(0|[1-9]\d*)(\.\d*[1-9])?", value))


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
