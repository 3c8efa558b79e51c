"""Default answers: what stands in the archive, and what it is in the kind of a field."""

from __future__ import annotations

from collections.abc import Mapping

from formsite.interchange import rules as r
from formsite.interchange.limesurvey import comparing, php, terms
from formsite.interchange.limesurvey.bounds import setting
from formsite.interchange.limesurvey.layouts import Layout
from formsite.interchange.limesurvey.moments import relative_day
from formsite.interchange.limesurvey.survey import Question
from formsite.interchange.limesurvey.terms import Cases, Const, Term
from formsite.interchange.limesurvey.variables import date_type
from formsite.interchange.rules import Rule

IN_PARTS = frozenset("KQ1:;ABCEFHR|")

NEITHER: Rule = {"op": "is", "left": r.NOTHING, "right": r.value(1)}
"""Yes or no, and never known which."""


def written(question: Question, language: str) -> dict[tuple[str, str], str]:
    """What stands in the archive, by the code of the sub-question and by what it is the default of besides."""
    rows = {each.qid: each.code for each in question.subquestions}
    found: dict[tuple[str, str], str] = {}
    for (_, sqid, special), words in question.defaults.items():
        said = words.get(language) or next(iter(words.values()), "")
        if said.strip():
            found[rows.get(sqid, ""), special] = said
    return found


def as_answer(term: Term, said: str, question: Question, layout: Layout) -> Rule | None:
    """The value of a default in the kind of the field; None where it is no answer to it."""
    if layout.is_hidden:
        return terms.said(term)
    if question.type == "Y":
        return _one_of(term, {"Y": r.YES, "N": r.NO}, NEITHER)
    if layout.choices:
        return _one_of(term, {code: r.value(name) for code, name in layout.choices.items()}, r.value(""))
    if question.type in "N5" or (question.type == "S" and question.flag("numbers_only")):
        rule = terms.number(term)
        return None if rule == r.NOTHING else rule
    return _day(term, said.strip(), question) if question.type == "D" else terms.text(term)


def boxes(chosen: Mapping[str, Term], layout: Layout) -> Rule | None:
    """Several choices are a text with spaces; each box has a default of its own."""
    parts: list[Rule] = []
    for code, term in chosen.items():
        wanted = comparing.equal(term, Const("Y", quoted=True))
        if wanted != r.NO and code in layout.choices:
            parts += [r.choose(wanted, r.value(layout.choices[code]), r.value("")), r.value(" ")]
    if not parts:
        return None
    if all(set(part) == {"value"} for part in parts):
        return r.value(" ".join(part["value"] for part in parts if part["value"] != " "))
    return r.many("join", parts)


def _one_of(term: Term, answers: Mapping[str, Rule], nothing: Rule) -> Rule | None:
    if isinstance(term, Const):
        return answers.get(php.written(term.value).strip())
    if isinstance(term, Cases):
        known = [(answers[code], rule) for held, rule in term.cases if (code := php.written(held)) in answers]
    else:
        here = terms.text(term)
        known = [(answer, r.compare("is", here, r.value(code))) for code, answer in answers.items()]
    rule = nothing
    for answer, condition in reversed(known):
        rule = r.choose(condition, answer, rule)
    return rule if known else None


def _day(term: Term, said: str, question: Question) -> Rule | None:
    kind = date_type(question)
    if (held := setting(said, "", kind)) and held != "today":
        whole = held if kind != "date_time" or "T" in held else f"{held}T00:00"
        return {"date": whole} if kind == "date" else r.value(whole)
    if not isinstance(term, terms.Moment):
        day = relative_day(said)
    else:
        day = r.unary("date_of", term.rule) if term.timed and kind != "date_time" else term.rule
    if day is None or kind == "time":
        return None
    if kind == "date" or (isinstance(term, terms.Moment) and term.timed):
        return day
    if kind == "month":
        return {"op": "substring", "of": r.unary("text", day), "from": r.value(0), "length": r.value(7)}
    return r.many("join", [r.unary("text", day), r.value("T00:00")])
