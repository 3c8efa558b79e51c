"""The variables of a survey: what every name in an expression stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from formsite.interchange import rules as r
from formsite.interchange.limesurvey.layouts import ARRAYS, LISTS, OTHER, SCALES, SEVERAL, Layout
from formsite.interchange.rules import Rule
from formsite.interchange.limesurvey.survey import Question, Survey, Words
from formsite.interchange.limesurvey.terms import Bool, Cases, Const, Moment, Number, Term
from formsite.interchange.limesurvey.terms import Words as Text

DATES = {"date": False, "date_time": True}
VALUED = frozenset("L!OFHR1")
"""Types whose answers stand in the archive, with words and a worth."""


@dataclass(slots=True)
class Variable:
    """One value of a response in LimeSurvey: an answer, or a part of one."""

    name: str
    question: Question
    term: Term
    dead: tuple[Rule, ...]  # rules that are unknown or false when it is empty
    sub: str = ""  # the part of its name after the question's
    row: str = ""  # code of the sub-question whose relevance it shares
    words: Words = field(default_factory=dict)  # of the question, or of the sub-question
    path: str = ""  # the field, where its answer in words is wanted
    comment: bool = False
    values: tuple[tuple[str, Rule], ...] = ()  # assessment values, by the condition of the answer
    labels: Mapping[str, Words] = field(default_factory=dict)  # of answers, where no field knows them in words


class Variables:
    """Every variable by every name it goes by."""

    def __init__(self, survey: Survey, layouts: dict[str, Layout]) -> None:
        self.survey = survey
        self.by_name: dict[str, Variable] = {}
        self.of: dict[str, list[Variable]] = {}  # question id -> its variables, in order
        self.by_code: dict[str, Question] = {}
        self.place: dict[str, int] = {}
        for at, question in enumerate(survey.questions()):
            self.place[question.qid] = at
            self.by_code.setdefault(question.code, question)
            self.by_code.setdefault(question.former, question)
            self.of[question.qid] = list(_variables(question, layouts[question.qid]))
            _assess(question, self.of[question.qid], survey)
            for variable in self.of[question.qid]:
                self._register(variable)

        for variable in [each for listed in self.of.values() for each in listed]:
            self.by_name.setdefault(_by_ids(variable), variable)  # codes come first

    def _register(self, variable: Variable) -> None:
        question = variable.question
        former = {each.code: each.former for each in question.subquestions}
        old = "_".join(former.get(step, step) for step in variable.sub.split("_")) if variable.sub else ""
        for code in dict.fromkeys((question.code, question.former)):
            for sub in dict.fromkeys((variable.sub, old)):
                self.by_name.setdefault(f"{code}_{sub}" if sub else code, variable)
        sgqa = f"{self.survey.sid}X{question.gid}X{question.qid}"
        for sub in dict.fromkeys((variable.sub, old)):
            written = (
                f"{sub[:-2]}#{sub[-1]}" if question.type == "1" else f"_{sub}" if question.type == "|" and sub else sub
            )
            self.by_name.setdefault(sgqa + written, variable)
            if question.type == "1":
                self.by_name.setdefault(f"{question.code}_{written}", variable)
        if variable.comment and variable.sub == "comment":
            self.by_name.setdefault(f"{question.code}comment", variable)

    def question(self, name: str) -> Question | None:
        """The question of a code, or of its ids: `77X10X101`, `Q101`."""
        ids = re.fullmatch(r"(?:\d+X\d+X|Q)(\d+)", name)
        variables = self.of.get(ids[1]) if ids and name not in self.by_code else None
        return variables[0].question if variables else self.by_code.get(name)

    def find(self, name: str) -> Variable | None:
        """The variable called so."""
        return self.by_name.get(name)


def _variables(question: Question, layout: Layout) -> Iterator[Variable]:
    if layout.is_hidden and layout.hidden:
        yield from _hidden_parts(question, layout)
        return
    makers = {"R": _ranks, "1": _dual, ":": _cells, ";": _cells, "|": _files}
    if question.type in SEVERAL:
        yield from _boxes(question, layout)
    elif question.type in makers:
        yield from makers[question.type](question, layout)
    elif question.type in ARRAYS or question.type in "KQ":
        yield from _rows(question, layout)
    else:
        yield _single(question, layout)
        if layout.has_other:
            yield _text(question, "other", f"{layout.id}-other")
        if question.type == "O":
            comment = _text(question, "comment", f"{layout.id}-comment")
            comment.comment = True
            yield comment


def _by_ids(variable: Variable) -> str:
    """What the newest version calls it: `Q101`, `Q101_S102`, `Q101_S102_S103`, `Q101_S102#1`, `Q101_R1`, `Q101_Cother`."""
    question, sub = variable.question, variable.sub
    root = f"Q{question.qid}"
    rows = {each.code: f"{root}_S{each.qid}" for each in question.rows()}
    columns = {each.code: f"_S{each.qid}" for each in question.columns()}
    row, _, rest = sub.partition("_")
    if question.type == "R" and sub:
        return f"{root}_R{sub}"
    if question.type == "1" and row in rows:
        return f"{rows[row]}#{rest}"
    if row in rows and rest in columns:
        return rows[row] + columns[rest]
    if (commented := sub.removesuffix("comment")) in rows:
        return rows[commented] + ("_Ccomment" if commented != sub else "")
    return f"{root}_C{sub}" if sub else root


def cases_of(path: str, choices: dict[str, str]) -> tuple[Cases, tuple[Rule, ...]]:
    """One of the choices of a field."""
    here = r.field(path)
    cases = tuple((code, r.compare("is", here, r.value(name))) for code, name in choices.items())
    same = all(code == name for code, name in choices.items())
    return Cases(cases, r.unary("text", here) if same else None), (here,)


def _single(question: Question, layout: Layout) -> Variable:
    path, here = layout.id, r.field(layout.id)
    term: Term
    if question.type == "X":
        return Variable(question.code, question, Const(""), (), words=question.words)
    if question.type == "Y" and not layout.is_hidden:
        term = Cases((("Y", r.compare("is", here, r.YES)), ("N", r.compare("is", here, r.NO))))
    elif layout.choices:
        term, _ = cases_of(path, layout.choices)
        if layout.is_hidden:
            term = Cases(tuple((code, r.compare("is", here, r.value(code))) for code in layout.choices), here)
    elif question.type in "N5" or (question.type == "S" and question.flag("numbers_only")):
        term = Number(r.unary("number", here) if layout.is_hidden else here)
    elif question.type == "D" and not layout.is_hidden and date_type(question) in DATES:
        term = Moment(here, timed=DATES[date_type(question)])
    elif question.type == "D" and not layout.is_hidden and date_type(question) == "month":
        term = Moment(r.unary("date_of", r.many("join", [r.unary("text", here), r.value("-01")])))
    else:
        term = Text(here)
    labels = _labels(question) if layout.is_hidden and question.type in LISTS else {}
    return Variable(question.code, question, term, (here,), words=question.words, path=path, labels=labels)


def _labels(question: Question, scale: int = 0) -> dict[str, Words]:
    """The answers of a question in words."""
    found = {each.code: each.words for each in question.scale(scale)}
    return found or {each.code: each.words for each in question.rows() if question.type == "R"}


def _assess(question: Question, variables: list[Variable], survey: Survey) -> None:
    """What answers are worth; all are 0 where the survey does not assess."""
    if question.type not in VALUED:
        return
    assessed = survey.settings.get("assessments", "N") == "Y"
    for variable in variables:
        if isinstance(variable.term, Cases) and not variable.comment:
            scale = int(variable.sub[-1]) if question.type == "1" else 0
            held = {answer.code: answer.value for answer in question.scale(scale)}
            cases = variable.term.cases
            variable.values = tuple((held.get(str(code), "0") if assessed else "0", rule) for code, rule in cases)


def _text(question: Question, sub: str, path: str, *, row: str = "", numbers: bool = False) -> Variable:
    here = r.field(path)
    term: Term = Number(here) if numbers else Text(here)
    return Variable(f"{question.code}_{sub}", question, term, (here,), sub, row, path=path)


def _boxes(question: Question, layout: Layout) -> Iterator[Variable]:
    for each in question.rows():
        contains = {"op": "contains", "left": r.field(layout.id), "right": r.value(layout.choices[each.code])}
        chosen = Cases((("Y", r.sure(contains)),))
        yield Variable(f"{question.code}_{each.code}", question, chosen, (contains,), each.code, each.code, each.words)
        if question.type == "P":
            path = f"{layout.id}-{layout.choices[each.code]}-comment"
            comment = _text(question, f"{each.code}comment", path, row=each.code)
            comment.comment = True
            yield comment
    if layout.has_other:
        yield _text(question, "other", f"{layout.id}-other", numbers=False)
        if question.type == "P":
            comment = _text(question, "othercomment", f"{layout.id}-{layout.choices[OTHER]}-comment")
            comment.comment = True
            yield comment


def _ranks(question: Question, layout: Layout) -> Iterator[Variable]:
    for rank in range(1, len(layout.choices) + 1):
        nth: Rule = {"op": "nth", "of": r.field(layout.id), "index": r.value(rank - 1)}
        cases = tuple((code, r.compare("is", nth, r.value(name))) for code, name in layout.choices.items())
        same = all(code == name for code, name in layout.choices.items())
        ranked = Cases(cases, r.unary("text", nth) if same else None)
        yield Variable(f"{question.code}_{rank}", question, ranked, (nth,), str(rank), labels=_labels(question))


def _rows(question: Question, layout: Layout) -> Iterator[Variable]:
    numbers = question.type == "K" or (question.type == "Q" and question.flag("numbers_only"))
    for each in question.rows():
        path = f"{layout.id}-{layout.rows[each.code]}"
        if question.type in "KQ":
            variable = _text(question, each.code, path, row=each.code, numbers=numbers)
        else:
            term, dead = cases_of(path, layout.choices)
            variable = Variable(f"{question.code}_{each.code}", question, term, dead, each.code, each.code, path=path)
        variable.words = each.words
        yield variable


def _dual(question: Question, layout: Layout) -> Iterator[Variable]:
    for each in question.rows():
        for number, choices in enumerate(layout.scales):
            path = f"{layout.id}-{layout.rows[each.code]}-{SCALES[number]}"
            sub = f"{each.code}_{number}"
            if not choices:  # a scale without answers is not asked
                yield Variable(f"{question.code}_{sub}", question, Const(""), (), sub, each.code, each.words)
                continue
            term, dead = cases_of(path, choices)
            yield Variable(f"{question.code}_{sub}", question, term, dead, sub, each.code, each.words, path)


def _cells(question: Question, layout: Layout) -> Iterator[Variable]:
    numbers = question.type == ":" or question.flag("numbers_only")
    for row in question.rows():
        for column in question.columns():
            sub = f"{row.code}_{column.code}"
            part = f"{layout.id}-{layout.rows[row.code]}"
            if layout.is_checkboxes:
                contains = {"op": "contains", "left": r.field(part), "right": r.value(layout.columns[column.code])}
                box = Cases((("1", r.sure(contains)),))
                yield Variable(f"{question.code}_{sub}", question, box, (contains,), sub, row.code, row.words)
            else:
                path = f"{part}-{layout.columns[column.code]}"
                variable = _text(question, sub, path, row=row.code, numbers=numbers)
                variable.words = row.words
                yield variable


def _files(question: Question, layout: Layout) -> Iterator[Variable]:
    here = r.known(r.field(layout.id))
    yield Variable(question.code, question, Bool(here), (here,), path=layout.id)
    number = Number(r.choose(here, r.value(1), r.value(0)), filled=True)
    yield Variable(f"{question.code}_filecount", question, number, (), "filecount")


def _hidden_parts(question: Question, layout: Layout) -> Iterator[Variable]:
    rows = {each.code: each for each in question.subquestions}
    for sub, name in layout.hidden.items():
        here = r.field(name)
        numbers = question.type in "K:" or question.flag("numbers_only")
        term: Term = Number(r.unary("number", here)) if numbers else Text(here)
        row = sub.split("_")[0]
        words = rows[row].words if row in rows else {}
        scale = int(sub[-1]) if question.type == "1" else 0
        labels = _labels(question, scale) if question.type in VALUED else {}
        yield Variable(f"{question.code}_{sub}", question, term, (here,), sub, row, words, name, labels=labels)


def date_type(question: Question) -> str:
    """Which of formsite's types a date question is: by the parts that its format names (`dd.mm.yyyy HH:MM`)."""
    form = question.attribute("date_format")
    hour = "H" in form or "h" in form
    if hour:
        return "date_time" if any(letter in form for letter in "dmy") else "time"
    return "month" if form and "d" not in form and "m" in form and "y" in form else "date"
