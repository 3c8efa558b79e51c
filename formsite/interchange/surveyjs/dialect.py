"""Names and values as SurveyJS has them: objects for tables and several texts, lists of objects for what repeats, values of
choices as they are written in the survey.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from formsite.definition import paths
from formsite.definition.document import Field
from formsite.definition.flow import Plan
from formsite.interchange.surveyjs import js
from formsite.interchange.surveyjs.elements import Choice
from formsite.interchange.surveyjs.kinds import OTHER, truth_values
from formsite.interchange.surveyjs.layouts import NUMBERED, SHAPED, Layout, Layouts, id_of

COMMENT = "-Comment"
_SECONDS = re.compile(r"^(.*\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?$")
_SHAPE = {"date": 10, "month": 7}


class SurveyJSNames:
    """A dialect. Questions in entries are called `panel-0-question`, parts of tables `matrix-row-column`."""

    def __init__(self, layouts: Layouts) -> None:
        self.layouts = layouts
        self.outputs: dict[str, str] = {}
        self.by_id: dict[str, Layout] = {}
        self.demands: Mapping[str, bool | Mapping[str, Any]] = {}
        self.shows_empty = True
        self.keeps_wrong = True
        for element, layout in layouts.of.items():
            self.by_id[layout.id] = layout
            if element.name:
                self.outputs[layout.id] = self._name(layout)
        for layout in list(self.by_id.values()):
            self._name_parts(layout)
        self.groups = frozenset(
            layout.id
            for layout in self.by_id.values()
            if layout.id in self.outputs and not (layout.element.is_container or layout.element.kind == "row")
        )

    def name_values(self, values: Mapping[str, Layout], groups: Mapping[str, str]) -> None:
        """Values that are worked out, and groups around fields that check them."""
        for layout in values.values():
            self.outputs[layout.id] = layout.element.name
            self.by_id[layout.id] = layout
        for name, of in groups.items():
            if of in self.outputs:
                self.outputs[name] = self.outputs[of]

    def _name(self, layout: Layout) -> str:
        """The name of a question: within an entry by itself, within a table with the table and its row."""
        element = layout.element
        steps = [element.name]
        for above in element.around():
            if above.repeats:
                break
            if above.kind in ("row", "matrixdropdown", "multipletext"):
                steps.append(above.name)
        return "-".join(reversed(steps))

    def _name_parts(self, layout: Layout) -> None:
        name = self.outputs.get(layout.id)
        if name is None:
            return
        for row, held in layout.rows.items():
            self.outputs[f"{layout.id}-{row}"] = f"{name}-{js.text(held.value)}"
            for column in layout.grid:
                self.outputs[f"{layout.id}-{row}-{column}"] = (
                    f"{name}-{js.text(held.value)}-{layout.grid[column].element.name}"
                )
        for local, item in layout.items.items():
            self.outputs[f"{layout.id}-{local}"] = f"{name}-{item}"
        for path in (layout.other, layout.comment, *layout.remarks.values()):
            if path:
                self.outputs[path] = f"{name}{COMMENT}"
        if layout.type == "number_range":
            self.outputs |= {f"{layout.id}-from": f"{name}-0", f"{layout.id}-to": f"{name}-1"}

    @property
    def names(self) -> dict[str, str]:
        """Every question by its name in the survey; one in an entry is `panel[].question`, too."""
        found: dict[str, str] = {}
        for element, layout in self.layouts.of.items():
            if layout.id not in self.outputs or not (
                layout.type or element.repeats or element.kind in ("matrixdropdown", "multipletext")
            ):
                continue
            if element.kind == "row" or any(above.kind in ("row", "multipletext") for above in element.around()):
                continue
            around = [above.name for above in reversed(list(element.around())) if above.repeats]
            name = "".join(f"{each}[]." for each in around) + element.name
            found.setdefault(name, layout.id)
        for layout in self.layouts.of.values():
            if layout.id in found.values():
                found.setdefault(layout.element.name, layout.id)  # by itself, where no other is called so
        return found

    # -- in ----------------------------------------------------------------------------------------------------------
    def answers_in(self, answers: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
        """Answers by path."""
        return dict(self._scope(answers, self.layouts.top, "", plan))

    def _scope(
        self, answers: Mapping[str, Any], scope: Mapping[str, Layout], prefix: str, plan: Plan
    ) -> Iterator[tuple[str, Any]]:
        for name, raw in answers.items():
            layout = scope.get(name) or scope.get(name.lower())
            if layout is not None:
                for each in (layout, *layout.sharing):
                    yield from self._answer(each, raw, prefix, plan)
                continue
            beside = scope.get(name.removesuffix(COMMENT).lower()) if name.endswith(COMMENT) else None
            if beside is not None and (path := beside.other or beside.comment):
                yield prefix + path, None if js.is_empty(raw) else js.text(raw)
            elif not prefix and (name in plan.by_id or paths.plain(name, plan.questions.repeats) in plan.by_id):
                yield name, raw  # a path of formsite's own

    def _answer(self, layout: Layout, raw: Any, prefix: str, plan: Plan) -> Iterator[tuple[str, Any]]:
        path = prefix + layout.id
        if layout.element.repeats and layout.type == "":
            yield from self._entries(layout, raw, path, plan)
        elif layout.grid:
            yield from self._grid(layout, raw, path)
        elif layout.type == "" and isinstance(raw, Mapping):
            yield from self._scope(raw, layout.inside, prefix, plan)
        elif layout.rows:
            yield from self._rows(layout, raw, path)
        elif layout.items:
            yield from self._lines(layout, raw, path)
        elif layout.type == "number_range" and isinstance(raw, list):
            yield from zip((f"{path}-from", f"{path}-to"), raw, strict=False)
        elif layout.type not in ("", "computed", "statement", "media"):
            yield from self._value(layout, raw, path, prefix)

    def _entries(self, layout: Layout, raw: Any, path: str, plan: Plan) -> Iterator[tuple[str, Any]]:
        if raw is None:
            return
        entries = raw if isinstance(raw, list) else []
        yield path, len(entries)
        for number, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                yield from self._scope(entry, layout.inside, f"{path}-{number}-", plan)

    def _rows(self, layout: Layout, raw: Any, path: str) -> Iterator[tuple[str, Any]]:
        if not isinstance(raw, Mapping):
            return
        for value, given in raw.items():
            row = id_of(layout.rows, value)
            if row is None:
                continue
            if isinstance(given, list) or (layout.type == "matrix_several" and not js.is_empty(given)):
                several = given if isinstance(given, list) else [given]
                yield f"{path}-{row}", [self._chosen(layout.columns, each) for each in several] or None
            else:
                yield f"{path}-{row}", self._chosen(layout.columns, given)

    def _grid(self, layout: Layout, raw: Any, path: str) -> Iterator[tuple[str, Any]]:
        for value, cells in raw.items() if isinstance(raw, Mapping) else ():
            row = id_of(layout.rows, value)
            for name, given in cells.items() if row is not None and isinstance(cells, Mapping) else ():
                found = next(
                    (key for key, column in layout.grid.items() if column.element.value_name.lower() == name.lower()),
                    None,
                )
                if found is not None:
                    yield from self._value(layout.grid[found], given, f"{path}-{row}-{found}", "")

    @staticmethod
    def _lines(layout: Layout, raw: Any, path: str) -> Iterator[tuple[str, Any]]:
        locals_ = {name.lower(): local for local, name in layout.items.items()}
        for name, given in raw.items() if isinstance(raw, Mapping) else ():
            if name.lower() in locals_:
                yield f"{path}-{locals_[name.lower()]}", None if js.is_empty(given) else js.text(given)

    @staticmethod
    def _chosen(offered: Mapping[str, Choice], value: Any) -> Any:
        if js.is_empty(value):
            return None
        return id_of(offered, value) or js.text(value)

    def _value(self, layout: Layout, raw: Any, path: str, prefix: str) -> Iterator[tuple[str, Any]]:
        if js.is_empty(raw):
            yield path, None
            return
        if layout.offered:
            yield from self._choices(layout, raw, path, prefix)
        elif layout.type in NUMBERED:
            found = js.number(raw)
            yield path, raw if found is None else int(found) if found.is_integer() else found
        elif layout.type == "yes_no":
            true, false = truth_values(layout.element)
            yield path, True if js.equal(raw, true) else False if js.equal(raw, false) else raw
        elif layout.type in SHAPED:
            yield path, _shaped(js.text(raw), layout.type)
        elif layout.type in ("file", "photo", "signature"):
            yield path, _file(raw, several=layout.type == "file" and layout.element.flag("allowMultiple"))
        else:
            yield (
                path,
                json.dumps(raw)
                if isinstance(raw, dict)
                else ", ".join(map(js.text, raw))
                if isinstance(raw, list)
                else js.text(raw),
            )

    def _choices(self, layout: Layout, raw: Any, path: str, prefix: str) -> Iterator[tuple[str, Any]]:
        own = layout.element.word("valuePropertyName")
        several = raw if isinstance(raw, list) else [raw]
        own = own or ("value" if any(isinstance(each, Mapping) and "value" in each for each in several) else "")
        given = [each.get(own) if own and isinstance(each, Mapping) else each for each in several]
        for each in several:
            if isinstance(each, Mapping) and (remark := layout.remarks.get(id_of(layout.offered, each.get(own)) or "")):
                said = each.get("comment")
                yield prefix + remark, None if js.is_empty(said) else js.text(said)
        ids = []
        for each in given:
            found = id_of(layout.offered, each)
            if found is None and layout.other and not js.is_empty(each):  # kept in place of the choice itself
                found = id_of(layout.offered, OTHER)
                yield prefix + layout.other if not path.endswith(layout.id) else f"{path}-other", js.text(each)
            if found is None and (layout.first or layout.sharing):
                continue  # it is a choice of the other question
            if found is None and each == "all" and layout.element.flag("showSelectAllItem"):
                ids += [name for name, choice in layout.offered.items() if not choice.raw.get("special")]
            else:
                ids.append(found or js.text(each))
        if layout.is_several:
            alone = [name for name in ids if name in layout.offered and _stands_alone(layout.offered[name])]
            kept = [name for name in dict.fromkeys(ids) if name not in alone] or alone[-1:]
            yield path, kept or None
        else:
            yield path, ids[0] if ids else None

    # -- out ---------------------------------------------------------------------------------------------------------
    def name_out(self, path: str) -> str | None:
        """The name of what stands at a path."""
        steps, named = path.split(paths.DASH), []
        while (
            len(steps) > 1 and steps[1].isdecimal() and steps[0] in self.by_id and self.by_id[steps[0]].element.repeats
        ):
            named += [self.outputs.get(steps[0], steps[0]), steps[1]]
            steps = steps[2:]
        if not steps:
            return paths.DASH.join(named)
        name = self.outputs.get(paths.DASH.join(steps))
        return None if name is None else paths.DASH.join([*named, name])

    def value_out(self, path: str, field: Field, value: Any) -> Any:
        """An answer as the survey holds it."""
        layout = self.by_id.get(path.split(paths.DASH)[-1])
        if layout is None or not layout.offered:
            return value
        if isinstance(value, list):
            return [layout.offered[each].value if each in layout.offered else each for each in value]
        return layout.offered[value].value if value in layout.offered else value


def _stands_alone(choice: Choice) -> bool:
    """Whether the others are taken back where it is chosen."""
    return choice.raw.get("isExclusive") is True or choice.raw.get("special", "showOtherItem") != "showOtherItem"


def _shaped(text: str, kind: str) -> str:
    """A day or moment as formsite writes it: without seconds and zones; a moment for a day is that day."""
    text = text.strip()
    if kind in _SHAPE and re.match(r"\d{4}-\d\d(-\d\d)?", text):
        return text[: _SHAPE[kind]]
    found = _SECONDS.match(text)
    return found[1] if found else f"{text}T00:00" if kind == "date_time" and len(text) == 10 else text


def _file(raw: Any, *, several: bool) -> Any:
    """What stands for a file, as if it had been uploaded: only that it is there counts."""
    given = [each for each in (raw if isinstance(raw, list) else [raw]) if not js.is_empty(each)]
    found = [str(uuid5(NAMESPACE_URL, f"{at} {js.text(each)[:200]}")) for at, each in enumerate(given)]
    return found if several else found[0] if found else None
