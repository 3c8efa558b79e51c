"""Quotas: how many may answer so, and what is said to those who come later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from formsite.interchange import rules as r
from formsite.interchange.limesurvey import comparing, terms
from formsite.interchange.rules import Rule
from formsite.interchange.limesurvey.survey import Survey
from formsite.interchange.limesurvey.tables import Row, by, number
from formsite.interchange.limesurvey.terms import Const
from formsite.interchange.limesurvey.texts import Report, Texts
from formsite.interchange.limesurvey.translation import Place, bounded
from formsite.interchange.limesurvey.variables import Variables
from formsite.interchange.names import Names

FULL = {
    "en": "Enough people have answered this questionnaire already. Thank you all the same.",
    "de": "Diesen Fragebogen haben schon genug Menschen beantwortet. Trotzdem vielen Dank.",
    "fr": "Assez de personnes ont déjà répondu à ce questionnaire. Merci tout de même.",
    "es": "Ya han respondido suficientes personas a este cuestionario. Gracias de todos modos.",
    "ar": "لقد أجاب عدد كافٍ من الأشخاص عن هذا الاستبيان. شكرًا لك على أي حال.",
}


@dataclass(slots=True)
class Quotas:
    """Reads them."""

    survey: Survey
    variables: Variables
    texts: Texts
    tags: tuple[str, ...]
    report: Report

    def all(self) -> Iterator[dict[str, Any]]:
        """Those that are switched on, as members of a definition."""
        members = by(self.survey.tables.of("quota_members"), "quota_id")
        words = by(self.survey.tables.of("quota_languagesettings"), "quotals_quota_id")
        names = Names()
        for row in self.survey.tables.of("quota"):
            name = row.get("name", "") or row.get("id", "")
            if row.get("active", "1") not in ("1", "Y"):
                self.report(f"quota {name}", "the quota", "it is switched off; add it by hand if it is wanted")
                continue
            rule = self._rule(members.get(row.get("id", ""), []), name)
            if rule is not None:
                limit = max(0, number(row, "qlimit"))
                if row.get("action", "1") not in ("", "1"):
                    why = "who is turned away cannot go back and answer otherwise"
                    self.report(f"quota {name}", f"its action {row['action'][:20]}", why)
                if any(said.get("quotals_url", "").strip() for said in words.get(row.get("id", ""), [])):
                    self.report(f"quota {name}", "its address", "write a link into its message")
                message = self._message(words.get(row.get("id", ""), []))
                yield {"id": names.take(name or "quota"), "rule": rule, "limit": limit, "message": message}

    def _message(self, rows: list[Row]) -> dict[str, str]:
        said = {row.get("quotals_language", ""): row.get("quotals_message", "") for row in rows}
        found = self.texts.plain(said, Place(), "quota")
        return found or {tag: FULL.get(tag.split("-")[0], FULL["en"]) for tag in self.tags}

    def _rule(self, members: list[Row], name: str) -> Rule | None:
        """One of the answers to each of the questions, boxes and rows."""
        met: dict[tuple[str, str], list[Rule]] = {}
        for row in members:
            qid, code = row.get("qid", ""), row.get("code", "").strip()
            found = self._answered(qid, self.survey.repaired.get(code, code))
            if found is None or found[1] == r.NO:
                self.report(
                    f"quota {name}", "the quota", "it names an answer that the survey does not have; add it by hand"
                )
                return None
            met.setdefault((qid, found[0]), []).append(found[1])
        asked = [r.some(*rules) for rules in met.values()]
        if not asked:
            self.report(f"quota {name}", "the quota", "it names no answers; add it by hand")
            return None
        return bounded(r.every(*asked))

    def _answered(self, qid: str, code: str) -> tuple[str, Rule] | None:
        """Whether the question has that answer: a code, a box, or `row-code` of an array; with the box or row."""
        variables = self.variables.of.get(qid, [])
        if not variables:
            return None
        question = variables[0].question
        if question.type in "MP":
            boxes = [each for each in variables if each.row == code and not each.comment]
            return (code, terms.truth(boxes[0].term)) if boxes else None
        row, dash, value = code.rpartition("-")
        if dash and question.type in "ABCEFH":
            found = [each for each in variables if each.row == row]
            return (row, comparing.equal(found[0].term, Const(value))) if found else None
        return "", comparing.equal(variables[0].term, Const(code))
