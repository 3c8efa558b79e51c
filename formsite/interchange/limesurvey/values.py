"""Values that nobody types: equations, defaults, and hidden questions that links may fill in."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from formsite.interchange.limesurvey import expressions as x
from formsite.interchange import markup
from formsite.interchange.limesurvey import terms
from formsite.interchange import rules as r
from formsite.interchange.limesurvey.layouts import Layout
from formsite.interchange.limesurvey.making import Item
from formsite.interchange.rules import Rule
from formsite.interchange.limesurvey.survey import Question, Survey
from formsite.interchange.limesurvey.terms import Term, Untranslatable
from formsite.interchange.limesurvey.texts import Report, Texts, hidden_field
from formsite.interchange.limesurvey.translation import Broken, Place, Translator, bounded


@dataclass(slots=True)
class Values:
    """Works them out for one survey."""

    survey: Survey
    translator: Translator
    texts: Texts
    report: Report
    tag: str  # of the survey's first language

    def hidden(self, question: Question, layout: Layout, shown: Rule) -> list[Item]:
        """Fields that links may fill in, and that nobody sees."""
        items: list[Item] = []
        for sub, name in (layout.hidden or {"": layout.id}).items():
            said = f"{question.code}_{sub}" if sub else question.code
            item: Item = {"type": "hidden", "id": name, "label": {self.tag: said}}
            item |= self.default(question, layout, sub) | ({"shown_if": shown} if shown != r.YES else {})
            items.append(item)
        return items

    def equation(self, question: Question, layout: Layout) -> Item:
        """A computed field: one expression as what it is, several and words between them as a text."""
        base = self.survey.languages[0]
        written = question.attribute("equation") or question.words.get(base) or next(iter(question.words.values()), "")
        term = self.computed(written, question)
        seen = self.texts.plain(
            {tag: _outside(said) for tag, said in question.words.items()}, Place(question), question.code
        )
        label = seen or {self.tag: question.code}
        if term is None:
            return {"type": "hidden", "id": layout.id, "label": label}
        variable = self.translator.variables.of[question.qid][0]
        kind = "number" if isinstance(term, terms.Number) else "text"
        rule = term.rule if isinstance(term, terms.Number) else terms.said(term)
        here = r.field(layout.id)
        variable.term = terms.Number(here) if kind == "number" else terms.Words(here)
        item = hidden_field(layout.id, rule, self.tag) | {"label": label}
        item["settings"]["hidden"] = question.flag("hidden")
        return item

    def computed(self, written: str, question: Question) -> Term | None:
        """The value that a text with expressions amounts to."""
        pieces: list[Term] = []
        try:
            for piece, inside in x.split(written):
                if inside:
                    pieces.append(self._valued(piece, Place(question)))
                elif said := markup.inline(piece):
                    pieces.append(terms.Const(said, quoted=True))
            pieces = _trimmed(pieces)
            term = (
                pieces[0]
                if len(pieces) == 1
                else terms.Words(r.many("join", [terms.said(each) for each in pieces] or [r.value("")]))
            )
            if question.flag("numbers_only") and not isinstance(term, terms.Number):
                term = terms.Number(terms.number(term))
            bounded(terms.said(term))
        except (Broken, Untranslatable) as refusal:
            self.report(
                question.code, f"the equation “{written[:120]}”", f"{refusal}, so it has no value; compute it by hand"
            )
            return None
        return term

    def _valued(self, piece: str, place: Place) -> Term:
        try:
            return self.translator.value(piece, place)
        except Broken:
            decoded = html.unescape(re.sub(r"<[^>]*>", "", piece)).replace("\u00a0", " ")
            return self.translator.value(decoded, place)

    def default(self, question: Question, layout: Layout, sub: str = "") -> Item:
        """The answer until the customer gives one."""
        base = self.survey.languages[0]
        found = {key: words.get(base) or next(iter(words.values()), "") for key, words in question.defaults.items()}
        held = {key: said for key, said in found.items() if said.strip()}
        if not held:
            return {}
        rows = {each.qid: each.code for each in question.subquestions}
        wanted = [said for (_, sqid, special), said in held.items() if rows.get(sqid, "") == sub and not special]
        if not wanted or (not sub and question.type in "MPKQ1:;ABCEFHR|"):
            self.report(
                question.code, "its default answer", "formsite has none for an answer in parts; ask without one"
            )
            return {}
        if len(held) > 1 and not sub:
            self.report(question.code, "the default of its other text", "only the choice itself has one")
        term = self.computed(wanted[0], question)
        rule = None if term is None else _as_answer(term, wanted[0].strip(), question, layout)
        if rule is None:
            self.report(
                question.code,
                f"the default “{wanted[0][:80]}”",
                "it is no answer that the question takes; set one by hand",
            )
            return {}
        return {"default": rule}


def _as_answer(term: Term, written: str, question: Question, layout: Layout) -> Rule | None:
    """The value of a default in the kind of the field."""
    if layout.is_hidden:
        return terms.said(term)
    if question.type == "Y":
        return {"Y": r.YES, "N": r.NO}.get(written)
    if layout.choices:
        return r.value(layout.choices[written]) if written in layout.choices else None
    if question.type in "N5" or (question.type == "S" and question.flag("numbers_only")):
        rule = terms.number(term)
        return None if rule == r.NOTHING else rule
    if question.type == "D":
        day = re.fullmatch(r"(\d{4}-\d\d-\d\d)( 00:00(:00)?)?", written)
        return {"date": day[1]} if day else term.rule if isinstance(term, terms.Moment) else None
    return terms.text(term)


def _trimmed(pieces: list[Term]) -> list[Term]:
    """Without white space at the ends of the whole."""
    for at, strip in ((0, str.lstrip), (-1, str.rstrip)):
        while pieces and isinstance(held := pieces[at], terms.Const) and isinstance(held.value, str) and held.quoted:
            pieces[at] = terms.Const(strip(held.value), quoted=True)
            if strip(held.value) or len(pieces) == 1:
                break
            pieces.pop(at)
    return pieces


def _outside(text: str) -> str:
    return "".join(piece for piece, inside in x.split(text) if not inside)
