"""Names and values as LimeSurvey has them: `Q1_SQ001`, `Y`, answer codes, numbers as texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from formsite.definition.document import Field
from formsite.definition.flow import Plan
from formsite.foundation import clock
from formsite.interchange.limesurvey import php
from formsite.interchange.limesurvey.layouts import OTHER, Layout
from formsite.interchange.limesurvey.variables import Variable, Variables


@dataclass(frozen=True, slots=True)
class Target:
    """Where one value goes."""

    kind: str  # code, box, rank, number, text, date, file
    path: str
    codes: Mapping[str, Any] = field(default_factory=dict)  # what the source writes -> what formsite holds
    place: int = 0  # of a rank


class LimeSurveyNames:
    """A dialect: every name that LimeSurvey knows an answer by is understood."""

    def __init__(self, variables: Variables, layouts: Mapping[str, Layout], outputs: Mapping[str, str]) -> None:
        self.names = dict(variables.by_name)
        self.layouts = layouts
        self.outputs = dict(outputs)
        self.whole = {layout.question.code: layout for layout in layouts.values()}
        self.whole |= {layout.question.former: layout for layout in layouts.values()}

    # -- in ----------------------------------------------------------------------------------------------------------
    def answers_in(self, answers: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
        """Answers by path. Boxes and ranks are put together; what formsite calls by path stays."""
        found: dict[str, Any] = {}
        ranks: dict[str, dict[int, Any]] = {}
        for name, raw in _opened(answers):
            variable = self.names.get(name)
            if variable is not None and variable.sub == "filecount":
                continue  # the files themselves tell
            if variable is None or (name in self.whole and isinstance(raw, list)):
                found |= self._whole(name, raw, plan)
                continue
            self._take(variable, raw, found, ranks)
        for path, ranked in ranks.items():
            found[path] = [ranked[place] for place in sorted(ranked)] or None
        found = {path: self._tidied(path, value, plan) for path, value in found.items()}
        return self._alone(found, plan)

    def _whole(self, name: str, raw: Any, plan: Plan) -> dict[str, Any]:
        """A question answered by a list of codes; else a path of formsite's own."""
        layout = self.whole.get(name)
        if layout is not None and isinstance(raw, list):
            return {layout.id: [layout.choices.get(code, code) for code in map(_plain, raw)]}
        return {name: raw} if name.split("-")[0] in plan.by_id else {}

    def _take(self, variable: Variable, raw: Any, found: dict[str, Any], ranks: dict[str, dict[int, Any]]) -> None:
        layout = self.layouts[variable.question.qid]
        value = _plain(raw)
        target = self._target(variable, layout)
        if target.kind == "box":
            chosen = found.setdefault(target.path, None)
            if value not in ("", "N", "0"):
                found[target.path] = [*(chosen or []), target.codes["Y"]]
        elif target.kind == "rank":
            ranked = ranks.setdefault(target.path, {})
            if value:
                ranked[target.place] = target.codes.get(value, value)
        elif value == "":
            found[target.path] = None
        else:
            found[target.path] = self._value(target, value, raw)
            self._open_other(variable, layout, found)

    def _target(self, variable: Variable, layout: Layout) -> Target:
        question, sub = variable.question, variable.sub
        if layout.is_hidden or variable.comment:
            return Target("text", layout.hidden.get(sub, variable.path or layout.id))
        if sub == "other" and not variable.row:
            return Target("text", variable.path)
        if question.type in "MP":
            return Target("box", layout.id, {"Y": layout.choices[variable.row]})
        if layout.is_checkboxes:
            column = sub[len(variable.row) + 1 :]
            return Target("box", f"{layout.id}-{layout.rows[variable.row]}", {"Y": layout.columns[column]})
        if question.type == "R":
            return Target("rank", layout.id, layout.choices, int(sub))
        path = variable.path or layout.id
        if question.type == "Y":
            return Target("code", path, {"Y": True, "N": False})
        if question.type == "1":
            return Target("code", path, layout.scales[int(sub[-1])])
        if layout.choices:
            return Target("code", path, layout.choices)
        if question.type in "5NK:" or question.flag("numbers_only"):
            return Target("number", path)
        return Target({"D": "date", "|": "file"}.get(question.type, "text"), path)

    @staticmethod
    def _value(target: Target, value: str, raw: Any) -> Any:
        if target.kind == "code":
            return target.codes.get(value, value)
        if target.kind == "number":
            plain = value.strip()
            if not php.is_numeric(plain):
                return value
            number = php.number(plain)
            return int(number) if number.is_integer() and abs(number) < 2**53 else number
        if target.kind == "date":
            day = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(?::\d\d)?)?", value.strip())
            return value if day is None else (day[1], day[2] or "00:00")
        return raw if target.kind == "file" else value

    def _open_other(self, variable: Variable, layout: Layout, found: dict[str, Any]) -> None:
        """Where something else is written among boxes, its box is ticked."""
        if variable.sub == "other" and variable.question.type in "MP" and not layout.is_hidden:
            chosen = found.get(layout.id) or []
            if layout.choices[OTHER] not in chosen:
                found[layout.id] = [*chosen, layout.choices[OTHER]]

    def _tidied(self, path: str, value: Any, plan: Plan) -> Any:
        """Dates as their field holds them."""
        question = plan.questions.at(path)
        if question is None:
            return value
        if isinstance(value, tuple):
            day, time = value
            kind = question.field.type
            return {"date_time": f"{day}T{time}", "time": time, "month": day[:7]}.get(kind, day)
        return value

    def _alone(self, found: dict[str, Any], plan: Plan) -> dict[str, Any]:
        """What an exclusive box makes irrelevant is left out, as there; unless that box is irrelevant itself."""
        for path, value in found.items():
            question = plan.questions.at(path)
            if question is None or not isinstance(value, list):
                continue
            alone = {choice.id for choice in question.field.kind.choices(question.field) if choice.exclusive}
            if not any(each in alone for each in value if isinstance(each, str)):
                continue
            state = plan.state(found, clock.now().date())  # anew: what was left out before may decide here
            kept = [each for each in value if each in alone and each not in state.withheld.get(path, ())]
            found = found | {path: kept[:1] or value}
        return found

    # -- out ---------------------------------------------------------------------------------------------------------
    def name_out(self, path: str) -> str | None:
        """The code of the question at a path, or of a part of it; None for what the survey does not have."""
        return self.outputs.get(path)

    def value_out(self, path: str, field: Field, value: Any) -> Any:
        """A computed value, as the text that LimeSurvey holds."""
        return php.written(value) if isinstance(value, bool | int | float) else value


def _plain(raw: Any) -> str:
    if raw is True or raw is False:
        return "Y" if raw else ""
    return "" if raw is None else php.written(raw) if isinstance(raw, int | float | str) else str(raw)


def _opened(answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """`Q1[SQ001]` and objects within objects as `Q1_SQ001`."""
    for name, raw in answers.items():
        plain = re.sub(r"\[([^\]]*)\]", r"_\1", name)
        if isinstance(raw, Mapping):
            for inner, held in _opened(raw):
                yield f"{plain}_{inner}", held
        else:
            yield plain, raw
