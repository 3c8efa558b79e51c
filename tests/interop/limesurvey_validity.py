"""What LimeSurvey wants of the answers to a question, as its engine writes it: expressions, all of which must hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formsite.interchange.limesurvey.survey import Question

COUNTED = "1:;ABCEFKQMPR"
NUMERIC = {"N": "", "K": "", "S": "numbers_only", "Q": "numbers_only", ";": "numbers_only", ":": "input_boxes"}
"""Types whose answers must be numbers, and the attribute that wants it of them."""
WHOLE = "ABCEFHKQ;:MNOPRSTUD"


class Validity:
    """Writes them for one question; `names` are its answers, `comments` what stands beside boxes."""

    def __init__(self, question: Question, names: list[str], comments: list[str]) -> None:
        self.question, self.kind = question, question.type
        self.names = [f"{name}.NAOK" for name in names]
        self.plain, self.comments = names, comments

    def all(self) -> list[str]:
        """Every one."""
        wanted = [*self._numbers(), *self._counts(), *self._totals(), *self._bounds(), *self._other(), *self._own()]
        return [each for each in wanted if each]

    def _held(self, *attributes: str) -> str:
        found = next((held for name in attributes if (held := self.question.attribute(name))), "")
        return found[1:-1] if re.fullmatch(r"\{[^{}]*\}", found) else found

    def _each(self, form: str) -> str:
        return " and ".join(f"({form.format(name)} || is_empty({name}))" for name in self.names)

    def _numbers(self) -> Iterator[str]:
        if self.kind in NUMERIC and (not NUMERIC[self.kind] or self.question.flag(NUMERIC[self.kind])):
            yield self._each("is_numeric({0})")
        if self.kind in "NK" and self.question.flag("num_value_int_only"):
            yield self._each("is_int({0})")

    def _counts(self) -> Iterator[str]:
        names = self.names
        if self.kind == "1":
            bases = dict.fromkeys(name.rpartition("_")[0] for name in self.plain)
            names = [f"if(count({base}_0.NAOK,{base}_1.NAOK)==2,1,'')" for base in bases]
        count = f"count({', '.join(names)})"
        if self.kind in COUNTED and names:
            if (least := self._held("min_answers")) not in ("", "0"):
                yield f"if(is_empty({least}),1,({count} >= ({least})))"
            if most := self._held("max_answers"):
                yield f"(if(is_empty({most}),1,{count} <= ({most})))"

    def _totals(self) -> Iterator[str]:
        if self.kind != "K":
            return
        listed = ", ".join(self.names)
        missing = f" || count({listed}) == 0" if self.question.flag("value_range_allows_missing") else ""
        if exact := self._held("equals_num_value", "num_value_equals_sgqa"):
            accuracy = self.question.attribute("slider_accuracy").partition(".")[2]
            total = (
                f"round(sum({listed}), {len(accuracy)})" if self.question.flag("slider_layout") else f"sum({listed})"
            )
            yield f"({total} == ({exact}){'' if self.question.mandatory in 'YS' else missing})"
        if least := self._held("min_num_value", "min_num_value_sgqa"):
            yield f"(sum({listed}) >= ({least}){missing})"
        if most := self._held("max_num_value", "max_num_value_sgqa"):
            yield f"(sum({listed}) <= ({most}){missing})"

    def _bounds(self) -> Iterator[str]:
        least = most = ""
        if self.kind in "NK":
            slides = self.kind == "K"
            least = self._held("min_num_value_n", *(["slider_min"] if slides else []))
            most = self._held("max_num_value_n", *(["slider_max"] if slides else []))
        elif self.kind == ":" and self.question.flag("input_boxes"):
            least, most = self._held("multiflexible_min"), self._held("multiflexible_max")
        elif self.kind == ":" and not self.question.flag("multiflexible_checkbox"):  # no more is offered
            least, most = self._held("multiflexible_min") or "1", self._held("multiflexible_max") or "10"
        if least:
            yield self._each(f"{{0}} >= ({least})")
        if most:
            yield self._each(f"{{0}} <= ({most})")

    def _other(self) -> Iterator[str]:
        code, other = self.question.code, f"{self.question.code}_other"
        if self.question.other and self.question.flag("other_comment_mandatory"):
            if self.kind in "L!":
                yield f"({code}.NAOK!='-oth-' || ({code}.NAOK=='-oth-' && !is_empty(trim({other}.NAOK))))"
            if self.kind == "P":
                said = f"!is_empty(trim({other}.NAOK)) && !is_empty(trim({other}comment.NAOK))"
                yield f"(is_empty(trim({other}.NAOK)) || ({said}))"
        if self.question.other and self.question.flag("other_numbers_only") and self.kind in "LMP":
            yield f"(is_empty(trim({other}.NAOK)) || is_numeric({other}.NAOK))"
        how = self._held("commented_checkbox")
        if self.kind == "P" and how in ("checked", "unchecked"):
            sign = "" if how == "checked" else "!"
            wrong = [f"({sign}is_empty({name}.NAOK) and !is_empty({name}comment.NAOK))" for name in self._boxes()]
            yield f"sum({','.join(wrong)})==0"
        if self.kind == "|" and self._held("min_num_of_files") not in ("", "0"):
            yield f"{code}_filecount.NAOK >= 1"

    def _boxes(self) -> list[str]:
        return [name for name in self.plain if f"{name}comment" in self.comments and not name.endswith("_other")]

    def _own(self) -> Iterator[str]:
        if self.question.pattern and self.kind in "NKQ;:STU":
            escaped = self.question.pattern.replace("\\", "\\\\").replace('"', '\\"')
            wrong = [f'(if(is_empty({name}),0,!regexMatch("{escaped}", {name})))' for name in self.names]
            yield f"(sum({', '.join(wrong)}) == 0)"
        for attribute, kinds in (("em_validation_q", WHOLE), ("em_validation_sq", "KQ;:NSTU")):
            written = self._held(attribute)
            if written and self.kind in kinds:
                names = self.plain if self.kind == "P" else [*self.plain, *self.comments]
                wrong = [f"!({_about(name, written)})" for name in names]
                yield f"(sum({', '.join(dict.fromkeys(wrong))}) == 0)"
            elif written and attribute == "em_validation_q":
                yield f"({_about(self.question.code, written)})"


def _about(name: str, written: str) -> str:
    return re.sub(r"\bthis\b", lambda _found: name, written)
