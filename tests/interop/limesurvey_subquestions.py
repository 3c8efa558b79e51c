"""When LimeSurvey counts a row, a box or an answer: relevance, array filters and exclusive options, as its engine writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from formsite.interchange.limesurvey.survey import Question, Survey
from formsite.interchange.limesurvey.variables import Variable

FILTERED = "1:;ABCEFLMPKQR"
EXCLUSIVE = ":ABCEFMPKQ"


class SubQuestions:
    """Those of one survey."""

    def __init__(self, survey: Survey, variables: Mapping[str, list[Variable]]) -> None:
        self.by_code = {question.code: question for question in survey.questions()}
        self.variables = variables

    def conditions(self, question: Question) -> dict[str, list[str]]:
        """Code -> expressions that must all hold, where there are any."""
        found: dict[str, list[str]] = {}
        relevance = {each.code: each.relevance.strip() for each in question.rows()}
        filters = self._filters(question)
        for code in self._codes(question):
            listed = [relevance.get(code, "")] if question.type not in "L!O|" else []
            for name, keeps in filters:
                parts = [*self._said(self.by_code[name], code, keeps)]
                listed.append(f"({(' or ' if keeps else ' and ').join(parts)})" if parts else "")
            listed += [
                f"is_empty({question.code}_{option}.NAOK)" for option in self._exclusive(question) if option != code
            ]
            if kept := [each for each in listed if each not in ("", "1")]:
                found[code] = kept
        return found

    @staticmethod
    def _codes(question: Question) -> list[str]:
        listed = question.rows() or question.scale(0)
        other = question.other and question.type in "LMP!"
        return [*(each.code for each in listed), *(["other"] if other else [])]

    def _exclusive(self, question: Question) -> list[str]:
        if question.type not in EXCLUSIVE:
            return []
        options = [each.strip() for each in question.attribute("exclude_all_others").split(";")]
        return [each for each in options if each in self._codes(question)]

    # -- array filters -----------------------------------------------------------------------------------------------
    def _filters(self, question: Question) -> list[tuple[str, bool]]:
        """The questions that filter, and those that filter these; whether they keep or take away."""
        found: list[tuple[str, bool]] = []
        if question.type in FILTERED:
            self._collect(question, found)
        return found

    def _collect(self, question: Question, found: list[tuple[str, bool]]) -> None:
        for attribute, keeps in (("array_filter", True), ("array_filter_exclude", False)):
            for name in map(str.strip, question.attribute(attribute).split(";")):
                if name in self.by_code and (name, keeps) not in found:
                    found.append((name, keeps))
                    self._collect(self.by_code[name], found)

    def _said(self, source: Question, code: str, keeps: bool) -> Iterator[str]:
        kind, name = source.type, source.code
        offered = [each.code for each in source.scale(0)]
        if kind in "L!" and (code in offered or (code == "other" and source.other)):
            yield f"{'!' if keeps else ''}is_empty({name}.NAOK)"
        if kind == "R" and code in (offered or self._codes(source)):
            for place in self.variables[source.qid]:
                yield f"({place.name}.NAOK {'==' if keeps else '!='} '{code}')"
        if kind in "L!R":
            return
        boxes = kind == ":" and source.flag("multiflexible_checkbox")
        for variable in self.variables[source.qid]:
            parts = variable.name.split("_")
            if variable.comment or len(parts) < 2 or parts[1] != code:
                continue
            if boxes:
                yield f'{variable.name}.NAOK{"==" if keeps else "!="}"1"'
            else:
                yield f"{'!' if keeps else ''}is_empty({variable.name}.NAOK)"
