"""The tables of an archive -> a survey: groups, questions, sub-questions and answers, with their texts by language.

Older archives keep one row per language in the tables themselves, newer ones keep the texts in tables beside them
(`question_l10ns` and the like); both become the same objects here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from formsite.interchange.limesurvey.tables import NOTHING, Row, Tables, by, number

INHERITED = "inherit"
"""What the installation decides, or the group of surveys."""
Words = dict[str, str]
"""A text by the language as the archive calls it."""


@dataclass(slots=True)
class Answer:
    """One of the answers that a question offers; scales 0 and 1 stand side by side."""

    code: str
    scale: int
    order: int
    value: str
    words: Words = field(default_factory=dict)


@dataclass(slots=True)
class SubQuestion:
    """A row (scale 0) or a column (scale 1) of a question, or one of its boxes."""

    qid: str
    code: str
    scale: int
    order: int
    relevance: str
    words: Words = field(default_factory=dict)
    former: str = ""  # the code in the archive, where it had to be repaired


@dataclass(slots=True)
class Question:
    """A question as it stands in the archive."""

    qid: str
    code: str
    type: str
    gid: str
    order: int
    mandatory: str
    other: bool
    relevance: str
    pattern: str
    theme: str = ""
    encrypted: bool = False  # its answers are kept so, being personal
    scripted: bool = False  # a script of its own runs while it is asked
    words: Words = field(default_factory=dict)
    help: Words = field(default_factory=dict)
    subquestions: list[SubQuestion] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)  # name -> language ("" is every) -> value
    defaults: dict[tuple[int, str, str], Words] = field(default_factory=dict)  # (scale, sub-question id, special)
    former: str = ""
    doubled: list[str] = field(default_factory=list)  # codes of answers that came again

    def attribute(self, name: str, language: str = "") -> str:
        """What is set, trimmed: in the language if it is set by language, else for every one, else in any."""
        held = self.attributes.get(name)
        if not held:
            return ""
        return (held.get(language) or held.get("") or next(iter(held.values()))).strip()

    def flag(self, name: str) -> bool:
        """Whether an attribute is switched on."""
        return self.attribute(name) in ("1", "Y")

    def rows(self) -> list[SubQuestion]:
        """The sub-questions of the first scale."""
        return [each for each in self.subquestions if each.scale == 0]

    def columns(self) -> list[SubQuestion]:
        """Those of the second, as arrays of numbers and texts have them."""
        return [each for each in self.subquestions if each.scale == 1]

    def scale(self, number: int) -> list[Answer]:
        """The answers of one scale."""
        return [each for each in self.answers if each.scale == number]


@dataclass(slots=True)
class Group:
    """Questions that stand on a page together."""

    gid: str
    order: int
    relevance: str
    random: str
    words: Words = field(default_factory=dict)
    description: Words = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)


@dataclass(slots=True)
class Survey:
    """All of it."""

    sid: str
    languages: tuple[str, ...]
    settings: Row
    groups: list[Group]
    texts: Mapping[str, Row]  # language -> the row of its settings
    tables: Tables
    repaired: dict[str, str] = field(default_factory=dict)  # code in the archive -> code after the repair

    def questions(self) -> Iterator[Question]:
        """Every question, in the order they are asked."""
        for group in self.groups:
            yield from group.questions

    def words(self, column: str) -> Words:
        """A text about the whole survey."""
        return {language: row[column] for language, row in self.texts.items() if row.get(column, "").strip()}


def read_survey(tables: Tables) -> Survey:
    """Put the tables together."""
    settings = {name: "" if held == INHERITED else held for name, held in tables.first("surveys").items()}
    texts = {row.get("surveyls_language", ""): row for row in tables.of("surveys_languagesettings")}
    languages = _languages(settings, texts)
    groups = _groups(tables, languages)
    survey = Survey(settings.get("sid", ""), languages, settings, groups, texts, tables)
    questions = _questions(tables, languages)
    _subquestions(tables, languages, questions)
    _answers(tables, languages, questions)
    _attributes(tables, questions)
    _defaults(tables, questions)
    by_gid = {group.gid: group for group in groups}
    for question in sorted(questions.values(), key=lambda each: each.order):
        if question.gid in by_gid:
            by_gid[question.gid].questions.append(question)
    return survey


def _languages(settings: Row, texts: Mapping[str, Row]) -> tuple[str, ...]:
    named = [settings.get("language", "").strip(), *settings.get("additional_languages", "").split()]
    found = dict.fromkeys(name for name in [*named, *texts] if name)
    return tuple(found) or ("en",)


def _base_first(rows: Iterable[Row], languages: tuple[str, ...]) -> list[Row]:
    """Rows of the survey's own languages, the base language first: what differs by language is taken from it."""
    place = {language: at for at, language in enumerate(languages)}
    return sorted(
        (row for row in rows if row.get("language", languages[0]) in place),
        key=lambda row: place[row.get("language", languages[0])],
    )


def _groups(tables: Tables, languages: tuple[str, ...]) -> list[Group]:
    groups: dict[str, Group] = {}
    beside = by(tables.of("group_l10ns"), "gid")
    rows = tables.of("groups")
    for row in rows if beside else _base_first(rows, languages):
        gid = row.get("gid", "")
        group = groups.setdefault(
            gid,
            Group(gid, number(row, "group_order"), row.get("grelevance", ""), row.get("randomization_group", "")),
        )
        for words in beside.get(gid, [row]):
            language = words.get("language", languages[0])
            group.words.setdefault(language, words.get("group_name", ""))
            group.description.setdefault(language, words.get("description", ""))
    return sorted(groups.values(), key=lambda group: group.order)


def _questions(tables: Tables, languages: tuple[str, ...]) -> dict[str, Question]:
    questions: dict[str, Question] = {}
    beside = by(tables.of("question_l10ns"), "qid")
    rows = tables.of("questions")
    for row in rows if beside else _base_first(rows, languages):
        if row.get("parent_qid", "0") not in ("", "0"):
            continue
        qid = row.get("qid", "")
        question = questions.setdefault(qid, _question(row))
        for words in beside.get(qid, [row]):
            language = words.get("language", languages[0])
            question.words.setdefault(language, words.get("question", ""))
            question.help.setdefault(language, words.get("help", ""))
            question.scripted = question.scripted or bool(words.get("script", "").strip())
    return questions


def _question(row: Row) -> Question:
    return Question(
        qid=row.get("qid", ""),
        code=row.get("title", "").strip(),
        type=row.get("type", "T"),
        gid=row.get("gid", ""),
        order=number(row, "question_order"),
        mandatory=row.get("mandatory", "N").strip().upper() or "N",
        other=row.get("other", "N").strip().upper() == "Y",
        relevance=row.get("relevance", ""),
        pattern=row.get("preg", "").strip(),
        theme=row.get("question_theme_name", "").strip(),
        encrypted=row.get("encrypted", "N").strip().upper() == "Y",
    )


def _subquestions(tables: Tables, languages: tuple[str, ...], questions: Mapping[str, Question]) -> None:
    beside = by(tables.of("question_l10ns"), "qid")
    own = [row for row in tables.of("questions") if row.get("parent_qid", "0") not in ("", "0")]
    rows = [*tables.of("subquestions"), *own]
    found: dict[str, SubQuestion] = {}
    for row in rows if beside else _base_first(rows, languages):
        parent, qid = questions.get(row.get("parent_qid", "")), row.get("qid", "")
        if parent is None:
            continue
        if qid not in found:
            found[qid] = SubQuestion(
                qid,
                row.get("title", "").strip(),
                number(row, "scale_id"),
                number(row, "question_order"),
                row.get("relevance", ""),
            )
            parent.subquestions.append(found[qid])
        for words in beside.get(qid, [row]):
            found[qid].words.setdefault(words.get("language", languages[0]), words.get("question", ""))
    for question in questions.values():
        question.subquestions.sort(key=lambda each: (each.scale, each.order))


def _answers(tables: Tables, languages: tuple[str, ...], questions: Mapping[str, Question]) -> None:
    beside = by(tables.of("answer_l10ns"), "aid")
    found: dict[tuple[str, int, str], Answer] = {}
    seen: set[tuple[tuple[str, int, str], str]] = set()
    rows = tables.of("answers")
    for row in rows if beside else _base_first(rows, languages):
        question, code, scale = questions.get(row.get("qid", "")), row.get("code", "").strip(), number(row, "scale_id")
        if question is None or not code:
            continue
        key, language = (question.qid, scale, code), row.get("language", "")
        if (key, language) in seen:
            question.doubled.append(code)
            continue
        seen.add((key, language))
        if key not in found:
            found[key] = Answer(code, scale, number(row, "sortorder"), row.get("assessment_value", "0"))
            question.answers.append(found[key])
        for words in beside.get(row.get("aid", ""), [row]):
            found[key].words.setdefault(words.get("language", languages[0]), words.get("answer", ""))
    for question in questions.values():
        question.answers.sort(key=lambda each: (each.scale, each.order))


def _attributes(tables: Tables, questions: Mapping[str, Question]) -> None:
    renamed = {"dropdown_dates_year_max": "date_max", "dropdown_dates_year_min": "date_min"}
    for row in tables.of("question_attributes"):
        question, name = questions.get(row.get("qid", "")), row.get("attribute", "")
        if question is not None and row.get("value", "").strip():
            held = question.attributes.setdefault(renamed.get(name, name), {})
            held.setdefault(row.get("language", "") or "", row["value"])
    for question in questions.values():
        question.relevance = question.relevance or question.attribute("relevance")


def _defaults(tables: Tables, questions: Mapping[str, Question]) -> None:
    beside = by(tables.of("defaultvalue_l10ns"), "dvid")
    for row in tables.of("defaultvalues"):
        question = questions.get(row.get("qid", ""))
        if question is None:
            continue
        key = (number(row, "scale_id"), row.get("sqid", "0") or "0", row.get("specialtype", ""))
        held = question.defaults.setdefault(key, {})
        for words in beside.get(row.get("dvid", ""), [] if beside else [row]):
            held.setdefault(words.get("language", ""), words.get("defaultvalue", ""))


__all__ = ["NOTHING", "Answer", "Group", "Question", "SubQuestion", "Survey", "Words", "read_survey"]
