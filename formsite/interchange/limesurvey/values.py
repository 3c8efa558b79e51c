"""Values that nobody types: equations, defaults, and hidden questions that links may fill in."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from formsite.interchange.limesurvey import expressions as x
from formsite.interchange import markup
from formsite.interchange.limesurvey import defaults, terms
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

    def computed(self, written: str, question: Question, read: Callable[[str], str] = markup.inline) -> Term | None:
        """The value that a text with expressions amounts to; `read` takes its other pieces."""
        pieces: list[Term] = []
        try:
            for piece, inside in x.split(written):
                if inside:
                    pieces.append(self._valued(piece, Place(question)))
                elif said := read(piece):
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
        held = defaults.written(question, self.survey.languages[0])
        if not sub and layout.hidden:
            return {}
        if question.type in "MP" and not sub:
            return self._boxes(question, layout, held)
        for about, said in held.items():
            if not sub and (about != ("", "") or question.type in defaults.IN_PARTS):
                self._lose_default(question, said, "only the question itself has one, and no part of it")
        said = held.get((sub, ""), "") if sub or question.type not in defaults.IN_PARTS else ""
        if not said:
            return {}
        term = self._typed(said, question)
        rule = None if term is None else defaults.as_answer(term, said, question, layout)
        if rule is None:
            self._lose_default(question, said, "it is no answer that the question takes; set one by hand")
            return {}
        return {"default": rule}

    def _boxes(self, question: Question, layout: Layout, held: Mapping[tuple[str, str], str]) -> Item:
        """Boxes that are ticked beforehand."""
        chosen: dict[str, Term] = {}
        for (code, special), said in held.items():
            term = self._typed(said, question) if code and not special else None
            if term is None:
                self._lose_default(question, said, "only boxes have one; set it by hand")
            else:
                chosen[code] = term
        rule = defaults.boxes(chosen, layout)
        return {} if rule is None else {"default": rule}

    def _typed(self, said: str, question: Question) -> Term | None:
        """The value of a text that is no HTML."""
        return self.computed(said, question, str)

    def _lose_default(self, question: Question, said: str, why: str) -> None:
        self.report(question.code, f"the default “{said[:80]}”", why)


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
