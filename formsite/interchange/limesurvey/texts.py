"""Texts of a survey -> texts of a form: HTML becomes Markdown or words, and what stands in braces the answers they name."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from formsite.interchange.limesurvey import expressions as x
from formsite.interchange import markup
from formsite.interchange.limesurvey import php, terms
from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.limesurvey.survey import Survey, Words
from formsite.interchange.limesurvey.terms import Const, Number, Untranslatable
from formsite.interchange.limesurvey.translation import Broken, Place, Translator, bounded, tree_of
from formsite.interchange.names import Names

Text = dict[str, str]
Report = Callable[[str, str, str], None]
MARK = "\ue000{}\ue001"
_MARKED = re.compile("\ue000(\\d+)\ue001")
_UNSEEN = re.compile(r"(<(script|style)\b)(?:.*?)(</\2\s*>|\Z)", re.DOTALL | re.IGNORECASE)
"""Its braces are no expressions."""
_FOREIGN = re.compile("[\ue000-\ue002]")
SURVEY_WORDS = {
    "SURVEYNAME": "surveyls_title",
    "SURVEYDESCRIPTION": "surveyls_description",
    "WELCOME": "surveyls_welcometext",
}
SURVEY_SETTINGS = {"ADMINNAME": "admin", "ADMINEMAIL": "adminemail", "EXPIRY": "expires", "SID": "sid"}
SILENT = frozenset(
    "TOKEN SAVEDID PERCENTCOMPLETE THEREAREXQUESTIONS NUMBEROFQUESTIONS URL ANSWERSCLEARED ASSESSMENTS QID GID SGQ "
    "CLEARALL COMPLETED DATESTAMP FORMID ADMINNAME".split()
)
MOST_HIDDEN = 3_000
"""Computed fields for texts; a form cannot hold many more of any kind."""


@dataclass(frozen=True, slots=True)
class Later:
    """An expression in a text that looks at questions asked after it: it is read once they are."""

    name: str  # of the hidden field
    piece: str
    place: Place
    where: str


@dataclass(slots=True)
class Texts:
    """Turns texts; remembers the hidden fields that they need."""

    survey: Survey
    translator: Translator
    names: Names
    tags: dict[str, str]  # language of the archive -> tag
    report: Report
    waiting: list[dict[str, Any]] = field(default_factory=list)  # hidden fields, to stand before what is read
    later: dict[int, list[Later]] = field(default_factory=dict)  # those that look at a question, by its place
    known: dict[str, str] = field(default_factory=dict)  # rule, or what is read later -> the hidden field that holds it

    def plain(self, words: Words, place: Place, where: str) -> Text:
        """In one line, without marks."""
        return self._each(words, place, where, markup.words)

    def formatted(self, words: Words, place: Place, where: str) -> Text:
        """With emphasis, lists and links."""
        return self._each(words, place, where, markup.markdown)

    def take_waiting(self) -> list[dict[str, Any]]:
        """The hidden fields that stand before what was read last."""
        waiting, self.waiting = self.waiting, []
        return waiting

    def _each(self, words: Words, place: Place, where: str, read: Callable[[str], markup.Marked]) -> Text:
        out: Text = {}
        for language, text in words.items():
            if language in self.tags and text.strip():
                said = self._one(text, replace(place, language=language), where, read)
                if said:
                    out[self.tags[language]] = said
        return out

    def _one(self, text: str, place: Place, where: str, read: Callable[[str], markup.Marked]) -> str:
        gaps: list[str] = []
        marked = ""
        for piece, inside in x.split(_UNSEEN.sub(r"\1>\3", _FOREIGN.sub("", text))):
            if not inside:
                marked += piece.replace("{{", "{ {")  # what looks like a gap of formsite's is none
                continue
            gaps.append(self._gap(piece, place, where))
            marked += MARK.format(len(gaps) - 1)
        found = read(marked)
        for what in found.lost:
            self.report(where, what, "texts hold words, emphasis, lists and links; put it in as a media field")
        filled = _MARKED.sub(lambda gap: gaps[int(gap[1])], found.text)
        return re.sub(r"(?<=\S) {2,}", " ", filled).strip()

    # -- gaps --------------------------------------------------------------------------------------------------------
    def _gap(self, piece: str, place: Place, where: str) -> str:
        """What stands in the text in place of an expression."""
        constant = self._constant(piece.strip(), place)
        if constant is not None:
            return markup.words(constant).text
        if piece.startswith(("TOKEN:", "ASSESSMENT")) or piece.strip() in SILENT:
            self.report(where, f"{{{piece}}}", "formsite does not know it; write the text without it")
            return ""
        try:
            return self._answer(piece, place, where)
        except Broken:
            decoded = html.unescape(re.sub(r"<[^>]*>", "", piece)).replace("\u00a0", " ")
            try:
                if decoded == piece:
                    raise
                return self._answer(decoded, place, where)
            except (Broken, Untranslatable) as refusal:
                return self._lost(piece, where, refusal)
        except Untranslatable as refusal:
            return self._lost(piece, where, refusal)

    def _lost(self, piece: str, where: str, refusal: Exception) -> str:
        self.report(
            where, f"{{{piece}}}", f"{refusal}; write the text without it, or compute it by a field of your own"
        )
        return ""

    def _constant(self, name: str, place: Place) -> str | None:
        """Words about the survey itself."""
        if name in SURVEY_WORDS:
            words = self.survey.words(SURVEY_WORDS[name])
            return words.get(place.language) or next(iter(words.values()), "")
        return self.survey.settings.get(SURVEY_SETTINGS[name], "") if name in SURVEY_SETTINGS else None

    def _answer(self, piece: str, place: Place, where: str) -> str:
        tree = tree_of(piece)
        if isinstance(tree, x.Name):
            simple = self._simple(tree, place)
            if simple is not None:
                return simple
        last = self.translator.last(piece, place)
        if last >= self._here(place):
            return f"{{{{{self._put_off(piece, place, last, where)}}}}}"
        term = self.translator.value(piece, place)
        if isinstance(term, Const):
            return markup.words(php.written(term.value)).text
        if isinstance(term, Number | terms.Words) and set(term.rule) == {"field"}:
            return f"{{{{{term.rule['field']}}}}}"
        return f"{{{{{self._hidden(_stripped(terms.said(term)))}}}}}"

    def _simple(self, tree: x.Name, place: Place) -> str | None:
        """A question by its name, wherever it is asked: its answer in words."""
        if tree.suffix not in ("", "shown", "NAOK", "code"):
            return None
        name = place.this if tree.name == "this" and place.this else tree.name
        variable = self.translator.variables.find(name)
        if variable is None or not variable.path:
            return None
        direct = variable.term
        if tree.suffix == "shown" or (
            isinstance(direct, Number | terms.Words) and direct.rule == r.field(variable.path)
        ):
            return f"{{{{{variable.path}}}}}"
        return None

    def _here(self, place: Place) -> int:
        """The first question that an expression may not look at yet."""
        if place.question is not None:
            return self.translator.variables.place[place.question.qid]
        return place.at if place.at >= 0 else len(self.translator.variables.place)

    def _put_off(self, piece: str, place: Place, last: int, where: str) -> str:
        own = place.question.qid if place.question is not None and re.search(r"\b(self|this)\b", piece) else ""
        key = json.dumps([piece, place.language, own])
        if key not in self.known:
            self._named(key)
            beyond = replace(place, question=place.question if own else None, at=last + 1, beyond=True)
            self.later.setdefault(last, []).append(Later(self.known[key], piece, beyond, where))
        return self.known[key]

    def after(self, place: int) -> list[dict[str, Any]]:
        """The hidden fields that stand after the question at a place, since they look at it."""
        found = []
        for later in self.later.pop(place, []):
            try:
                rule = bounded(_stripped(terms.said(self.translator.value(later.piece, later.place))))
            except (Broken, Untranslatable) as refusal:
                self._lost(later.piece, later.where, refusal)
                rule = r.value("")
            found.append(hidden_field(later.name, rule, self.tags[self.survey.languages[0]]))
        return found

    def _hidden(self, rule: Rule) -> str:
        key = json.dumps(rule, sort_keys=True)
        if key not in self.known:
            bounded(rule)
            self._named(key)
            self.waiting.append(hidden_field(self.known[key], rule, self.tags[self.survey.languages[0]]))
        return self.known[key]

    def _named(self, key: str) -> None:
        if len(self.known) >= MOST_HIDDEN:
            raise Untranslatable("the survey has more such texts than a form can hold")
        self.known[key] = self.names.take(f"text_{len(self.known) + 1}")


def hidden_field(name: str, rule: Rule, language: str) -> dict[str, Any]:
    """A field that computes something and is never seen."""
    settings = {"hidden": True}
    return {"type": "computed", "id": name, "label": {language: name}, "computed": rule, "settings": settings}


def _stripped(rule: Any) -> Any:
    """The rule with the HTML of its constant texts taken out."""
    if isinstance(rule, dict):
        if set(rule) == {"value"} and isinstance(rule["value"], str) and re.search(r"[<&]", rule["value"]):
            return r.value(markup.inline(rule["value"]))
        return {name: _stripped(held) for name, held in rule.items()}
    return [_stripped(each) for each in rule] if isinstance(rule, list) else rule
