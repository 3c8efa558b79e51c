"""What LimeSurvey checks about an answer: the attributes of a question -> expressions that must hold.

The expressions are the engine's own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from formsite.interchange.limesurvey import bounds
from formsite.interchange.limesurvey.layouts import OTHER, Layout
from formsite.interchange.limesurvey.survey import Question, Words
from formsite.interchange.limesurvey.variables import Variable, date_type

COUNTED = frozenset("1:;ABCEFKQMPR")
FOR_WHOLE = frozenset("ABCEFHKQ;:MNOPRSTUD")
FOR_PARTS = frozenset("KQ;:NSTU")
PATTERNED = frozenset("NKQ;:STU")
PLAIN = re.compile(r"-?(\d{1,15}([.,]\d{0,9})?|[.,]\d{1,9})")
"""A number that is written as such."""


@dataclass(frozen=True, slots=True)
class Check:
    """An expression that must hold, and what is said where it does not."""

    expression: str
    about: str  # the attribute
    key: str  # of the message
    bound: str = ""  # what the message names: a number, or an expression
    own: Words = field(default_factory=dict)  # the designer's own words


class Checks:
    """The checks of one question."""

    def __init__(
        self,
        question: Question,
        layout: Layout,
        variables: list[Variable],
        languages: tuple[str, ...],
        codes: Collection[str] = (),
    ) -> None:
        self.question = question
        self.layout = layout
        self.variables = variables
        self.languages = languages
        self.codes = codes

    def all(self) -> Iterator[Check]:
        """Every one that formsite's types do not make of themselves."""
        if self.layout.is_hidden or self.question.type in "X*":
            return
        yield from self._counts()
        yield from self._sums()
        yield from self._numbers()
        yield from self._other()
        yield from self._comments()
        yield from self._dates()
        yield from self._files()
        yield from self._pattern()
        yield from self._own()

    def _attribute(self, *names: str) -> str:
        held = next((found for name in names if (found := self.question.attribute(name))), "")
        inner = re.fullmatch(r"\{([^{}]*)\}", held)  # as an expression in a text would stand
        return inner[1].strip() if inner else held

    def _names(self) -> list[str]:
        """The variables that hold answers, as the engine lists them."""
        return [f"{each.name}.NAOK" for each in self.variables if not each.comment]

    # -- how many ----------------------------------------------------------------------------------------------------
    def _counts(self) -> Iterator[Check]:
        kind = self.question.type
        if kind not in COUNTED:
            return
        names = self._names()
        if kind == "1":
            bases = [name[: -len("0.NAOK")] for name in names if name.endswith("_0.NAOK")]
            names = [f"if(count({base}0.NAOK,{base}1.NAOK)==2,1,'')" for base in bases]
        if not names:
            return
        count = f"count({', '.join(names)})"
        least, most = self._attribute("min_answers"), self._attribute("max_answers")
        few = "filled" if kind in "QK;:" else "selected"
        if least and least != "0":
            check = f"if(is_empty({least}),1,({count} >= ({least})))"
            yield Check(check, "min_answers", f"least_{few}", least)
        if most:
            yield Check(f"if(is_empty({most}),1,{count} <= ({most}))", "max_answers", f"most_{few}", most)

    # -- sums --------------------------------------------------------------------------------------------------------
    def _sums(self) -> Iterator[Check]:
        if self.question.type != "K" or not self.variables:
            return
        names = ", ".join(self._names())
        total = f"sum({names})"
        unless = f" || count({names}) == 0" if self.question.flag("value_range_allows_missing") else ""
        if exact := self._attribute("equals_num_value", "num_value_equals_sgqa"):
            places = self._places()
            rounded = f"round({total}, {places})" if places is not None else total
            without = "" if self.question.mandatory in "YS" else unless
            yield Check(f"({rounded} == ({exact}){without})", "equals_num_value", "sum_is", exact)
        if least := self._attribute("min_num_value", "min_num_value_sgqa"):
            yield Check(f"({total} >= ({least}){unless})", "min_num_value", "sum_least", least)
        if most := self._attribute("max_num_value", "max_num_value_sgqa"):
            yield Check(f"({total} <= ({most}){unless})", "max_num_value", "sum_most", most)

    def _places(self) -> int | None:
        """Sums of sliders are rounded."""
        if not self.question.flag("slider_layout"):
            return None
        return len(self._attribute("slider_accuracy").partition(".")[2])

    # -- each number -------------------------------------------------------------------------------------------------
    def _numbers(self) -> Iterator[Check]:
        kind = self.question.type
        least, most, about = "", "", "num_value_n"
        if kind in "NK":
            least, most = self._attribute("min_num_value_n"), self._attribute("max_num_value_n")
            if kind == "K":
                least = least or self._attribute("slider_min")
                most = most or self._attribute("slider_max")
        elif kind == ":" and self.question.flag("input_boxes"):
            least, most, about = (
                self._attribute("multiflexible_min"),
                self._attribute("multiflexible_max"),
                "multiflexible",
            )
        for sign, bound, name in ((">=", least, "least"), ("<=", most, "most")):
            if bound and not PLAIN.fullmatch(bound):  # plain bounds are settings of the field
                yield from self._each(
                    f"{{0}} {sign} ({_doubled(bound)})", f"{'min' if sign == '>=' else 'max'}_{about}", name, bound
                )

    def _each(self, form: str, about: str, key: str, bound: str) -> Iterator[Check]:
        """A condition of every answer that is given."""
        parts = [f"(is_empty({name}) || {form.format(name)})" for name in self._names()]
        if parts:
            yield Check(" && ".join(parts), about, key, bound)

    # -- something else ----------------------------------------------------------------------------------------------
    def _other(self) -> Iterator[Check]:
        if not self.layout.has_other:
            return
        code = f"{self.question.code}_other"
        if self.question.flag("other_comment_mandatory") and self.question.type in "L!":
            check = f"({self.question.code}.NAOK != '{OTHER}' || !is_empty(trim({code}.NAOK)))"
            yield Check(check, "other_comment_mandatory", "comment")
        if self.question.flag("other_numbers_only") and self.question.type in "LMP":
            yield Check(f"(is_empty(trim({code}.NAOK)) || is_numeric({code}.NAOK))", "other_numbers_only", "number")
        if self.question.flag("other_comment_mandatory") and self.question.type == "P":
            check = f"(is_empty(trim({code}.NAOK)) || !is_empty(trim({code}comment.NAOK)))"
            yield Check(check, "other_comment_mandatory", "comment")

    def _comments(self) -> Iterator[Check]:
        if self.question.type != "P":
            return
        how = self._attribute("commented_checkbox")
        if how not in ("checked", "unchecked"):
            return
        sign = "" if how == "checked" else "!"
        rows = [each.name for each in self.variables if not each.comment and each.row]
        wrong = [f"({sign}is_empty({name}.NAOK) and !is_empty({name}comment.NAOK))" for name in rows]
        if wrong:
            yield Check(f"!({' or '.join(wrong)})", "commented_checkbox", f"comment_{how}")

    def _dates(self) -> Iterator[Check]:
        """Between two days that are not written as such: those are settings of the field."""
        if self.question.type != "D":
            return
        name = f"{self.question.code}.NAOK"
        least, most = (self._day(attribute) for attribute in ("date_min", "date_max"))
        if least:
            check = f'(is_empty({name}) || {name} >= date("Y-m-d", strtotime({least})))'
            yield Check(check, "date_min", "date_least")
        if most:
            check = f'(is_empty({name}) || is_empty({most}) || {name} <= date("Y-m-d H:i", strtotime({most})))'
            yield Check(check, "date_max", "date_most")

    def _day(self, attribute: str) -> str:
        """A bound as an expression: a question by its code is its answer, words are what `strtotime` reads."""
        held = self._attribute(attribute)
        if not held or bounds.setting(held, attribute, date_type(self.question)):
            return ""
        plain = bounds.bare(held)
        if plain in self.codes:
            return f"{plain}.NAOK"
        return f"'{plain}'" if bounds.WORDS.fullmatch(plain) else plain

    def _files(self) -> Iterator[Check]:
        least = self._attribute("min_num_of_files")
        if self.question.type == "|" and least not in ("", "0"):
            # How many there are no rule knows; that there is one is known.
            yield Check(f"{self.question.code}_filecount.NAOK >= 1", "min_num_of_files", "file")

    # -- patterns and own expressions --------------------------------------------------------------------------------
    def _pattern(self) -> Iterator[Check]:
        if self.question.pattern and self.question.type in PATTERNED:
            escaped = self.question.pattern.replace("\\", "\\\\").replace('"', '\\"')
            yield from self._each(f'regexMatch("{_doubled(escaped)}", {{0}})', "preg", "format", "")

    def _own(self) -> Iterator[Check]:
        for attribute, types in (("em_validation_q", FOR_WHOLE), ("em_validation_sq", FOR_PARTS)):
            written = self._attribute(attribute)
            if not written or (attribute == "em_validation_sq" and self.question.type not in types):
                continue
            kind = self.question.type
            names = [each.name for each in self.variables if kind in types and not (each.comment and kind == "P")]
            tip = {language: self.question.attribute(f"{attribute}_tip", language) for language in self.languages}
            own = {language: said for language, said in tip.items() if said}
            parts = list(dict.fromkeys(f"({_with(written, name)})" for name in names or [self.question.code]))
            yield Check(" && ".join(parts), attribute, "format", own=own)


def _with(written: str, name: str) -> str:
    return re.sub(r"\bthis\b", lambda _found: name, written)


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def number_of_places(question: Question) -> int:
    """How many places a ranking has, where it has fewer than answers; else 0."""
    held = question.attribute("max_subquestions")
    return int(held) if held.isdecimal() else 0


def bounded_ranking(question: Question) -> bool:
    """Whether the survey says how many must be ranked; else a compulsory ranking wants all."""
    return any(question.attribute(name) not in ("", "0") for name in ("min_answers", "max_answers"))
