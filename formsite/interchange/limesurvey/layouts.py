"""Where each question of the archive stands in the form: its field, and the ids of its choices, rows and columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from formsite.definition.document import RESERVED
from formsite.interchange.limesurvey.survey import Question, Survey
from formsite.interchange.names import Names

OTHER = "-oth-"
LISTS = frozenset("L!O")
ARRAYS = frozenset("ABCEFH")
"""One choice per row. In `H` the rows and columns are drawn the other way round."""
SEVERAL = frozenset("MP")
PER_ROW = frozenset("ABCEFHKQ1:;")
HAVE_OTHER = frozenset("L!MP")
PRESETS: dict[str, tuple[str, ...]] = {
    "A": tuple("12345"),
    "B": tuple(str(number) for number in range(1, 11)),
    "C": ("Y", "U", "N"),
    "E": ("I", "S", "D"),
    "G": ("F", "M"),
    "Y": ("Y", "N"),
}
SCALES = ("scale_1", "scale_2")


@dataclass(slots=True)
class Layout:
    """The ids of one question."""

    question: Question
    id: str
    choices: dict[str, str] = field(default_factory=dict)  # answer code, or code of a box -> choice
    rows: dict[str, str] = field(default_factory=dict)  # code of a sub-question -> row
    columns: dict[str, str] = field(default_factory=dict)
    scales: tuple[dict[str, str], ...] = ()  # of a dual scale: answer code -> choice
    hidden: dict[str, str] = field(default_factory=dict)  # of a hidden question in parts: name -> field

    @property
    def is_hidden(self) -> bool:
        """Whether customers never see it."""
        return self.question.flag("hidden") and self.question.type not in "X*"

    @property
    def has_other(self) -> bool:
        """Whether something else may be written."""
        return self.question.other and self.question.type in HAVE_OTHER

    @property
    def is_checkboxes(self) -> bool:
        """Whether an array of numbers is one of boxes."""
        return self.question.type == ":" and self.question.flag("multiflexible_checkbox")


def lay_out(survey: Survey) -> tuple[dict[str, Layout], Names]:
    """The layout of each question by its id in the archive, and what hands out further names."""
    names = Names(reserved=RESERVED)
    layouts: dict[str, Layout] = {}
    for question in survey.questions():
        layouts[question.qid] = _layout(question, survey, names)
    return layouts, names


def _layout(question: Question, survey: Survey, names: Names) -> Layout:
    layout = Layout(question, names.take(question.code))
    kind = question.type
    if kind in LISTS or kind == "R" or kind in "FH":
        codes = [answer.code for answer in question.scale(0)]
        if kind == "R" and question.rows():
            codes = [each.code for each in question.rows()]  # newer archives keep what is ranked as sub-questions
        layout.choices = _ids(codes, layout.has_other)
    elif kind in PRESETS:
        layout.choices = {code: code for code in PRESETS[kind]}
    elif kind == "I":
        layout.choices = _ids(survey.languages, False)
    elif kind in SEVERAL:
        layout.choices = _ids([each.code for each in question.rows()], layout.has_other)
    if kind in PER_ROW:
        layout.rows = _ids([each.code for each in question.rows()], False)
    if kind in ":;":
        layout.columns = _ids([each.code for each in question.columns()], False)
    if kind == "1":
        layout.scales = tuple(_ids([answer.code for answer in question.scale(number)], False) for number in (0, 1))
    if layout.is_hidden:
        layout.hidden = {part: names.take(f"{question.code}_{part}") for part in _hidden_parts(layout)}
    return layout


def _hidden_parts(layout: Layout) -> list[str]:
    kind = layout.question.type
    if kind in SEVERAL:
        return [*(code for code in layout.choices if code != OTHER), *(["other"] if layout.has_other else [])]
    if kind in ":;":
        return [f"{row}_{column}" for row in layout.rows for column in layout.columns]
    if kind == "1":
        return [f"{row}_{scale}" for row in layout.rows for scale in (0, 1)]
    if kind == "R":
        return [str(number) for number in range(1, len(layout.choices) + 1)]
    return list(layout.rows) if kind in PER_ROW else []


def _ids(codes: Iterable[str], other: bool) -> dict[str, str]:
    names = Names(choice=True)
    found = {code: names.take(code.replace("-", "_") if code != OTHER else "other") for code in codes}
    if other and OTHER not in found:
        found[OTHER] = names.take("other")
    return found
