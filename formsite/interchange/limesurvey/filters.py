"""When a sub-question counts: array filters, exclusive options and its own relevance -> expressions.

The expressions are those that LimeSurvey makes of the attributes, so that one translation serves them all.
"""

from __future__ import annotations

from collections.abc import Iterator

from formsite.interchange.limesurvey.layouts import OTHER, Layout
from formsite.interchange.limesurvey.survey import Question
from formsite.interchange.limesurvey.variables import Variable, Variables

FILTERED = frozenset("1:;ABCEFLMPKQR")
"""Types whose rows, boxes or answers an array filter can take away."""
EXCLUSIVE = frozenset(":ABCEFMPKQ")


class Filters:
    """Finds, for every sub-question, what must hold."""

    def __init__(self, variables: Variables, layouts: dict[str, Layout]) -> None:
        self.variables = variables
        self.layouts = layouts
        self.about: dict[str, dict[str, list[Variable]]] = {}

    def of(self, question: Question) -> dict[str, list[str]]:
        """Code of a row, box or answer -> expressions that must all hold."""
        found: dict[str, list[str]] = {}
        sources = self._sources(question, [], []) if question.type in FILTERED else ([], [])
        for code in self._codes(question):
            own = [*self._array_filters(sources, code), *self._exclusions(question, code)]
            row = next((each for each in question.rows() if each.code == code), None)
            if row is not None and row.relevance.strip() not in ("", "1") and question.type not in "L!O|":
                own.insert(0, row.relevance)
            if own:
                found[code] = own
        return found

    def _codes(self, question: Question) -> list[str]:
        layout = self.layouts[question.qid]
        codes = list(layout.rows) or list(layout.choices)
        return ["other" if code == OTHER else code for code in codes]

    # -- array filters -----------------------------------------------------------------------------------------------
    def _array_filters(self, sources: tuple[list[str], list[str]], code: str) -> Iterator[str]:
        kept, excluded = sources
        for name in kept:
            if parts := self._answered(name, code, wanted=True):
                yield f"({' or '.join(parts)})"
        for name in excluded:
            if parts := self._answered(name, code, wanted=False):
                yield f"({' and '.join(parts)})"

    def _sources(self, question: Question, kept: list[str], excluded: list[str]) -> tuple[list[str], list[str]]:
        """The questions that filter this one, with those that filter them."""
        for attribute, listed in (("array_filter", kept), ("array_filter_exclude", excluded)):
            for name in question.attribute(attribute).split(";"):
                source = self.variables.question(name.strip())
                if source is None or source.code in listed or source is question:
                    continue
                listed.append(source.code)
                self._sources(source, kept, excluded)
        return kept, excluded

    def _answered(self, name: str, code: str, *, wanted: bool) -> list[str]:
        """Whether the source says something about the same code: chose it, filled it in, or ranked it."""
        source = self.variables.by_code[name]
        layout = self.layouts[source.qid]
        if source.type == "R":
            if code not in layout.choices:
                return []
            sign = "==" if wanted else "!="
            return [f"({each.name}.NAOK {sign} '{code}')" for each in self.variables.of[source.qid]]
        if source.type in "L!":  # a list that offers such an answer: whether anything is chosen at all
            offered = code in layout.choices or (code == "other" and layout.has_other)
            return [f"{'!' if wanted else ''}is_empty({source.code}.NAOK)"] if offered else []
        parts = self._about(source).get(code, [])
        if layout.is_checkboxes:
            return [f'{each.name}.NAOK{"==" if wanted else "!="}"1"' for each in parts]
        return [f"{'!' if wanted else ''}is_empty({each.name}.NAOK)" for each in parts]

    def _about(self, source: Question) -> dict[str, list[Variable]]:
        """The answers of a question by the code of the sub-question they are about."""
        if source.qid not in self.about:
            found = self.about.setdefault(source.qid, {})
            for variable in self.variables.of[source.qid]:
                code = variable.row or ("other" if variable.sub == "other" else "")
                if code and not variable.comment:
                    found.setdefault(code, []).append(variable)
        return self.about[source.qid]

    # -- exclusive options -------------------------------------------------------------------------------------------
    def _exclusions(self, question: Question, code: str) -> Iterator[str]:
        if question.type not in EXCLUSIVE:
            return
        for option in self.exclusive(question):
            if option != code and (variable := self.variables.find(f"{question.code}_{option}")) is not None:
                yield f"is_empty({variable.name}.NAOK)"

    @staticmethod
    def exclusive(question: Question) -> list[str]:
        """The codes that exclude all others."""
        return [code.strip() for code in question.attribute("exclude_all_others").split(";") if code.strip()]
