"""Arrays of LimeSurvey as matrices."""

from __future__ import annotations

from collections.abc import Mapping

from formsite.definition.fieldtypes.composites import MOST_ROWS
from formsite.definition.fieldtypes.matrices import MOST_CELLS, MOST_COLUMNS
from formsite.interchange.limesurvey.layouts import SCALES
from formsite.interchange.limesurvey.making import MOST_DECIMALS, Item, Making


def _rows(making: Making) -> Item:
    columns = max(1, len(making.layout.columns) or 2 * (making.question.type == "1"))
    most = min(MOST_ROWS, MOST_CELLS // columns)
    rows = making.few(making.lines(making.question.rows(), making.layout.rows), most, "rows")
    return {"rows": rows} | making.chance("subquestion_order")


def array(making: Making) -> Item:
    """One choice a row."""
    offered = making.preset() if making.question.type in "ABCE" else _scale(making, 0, making.layout.choices)
    return {"type": "matrix_one", "settings": _rows(making) | {"columns": making.few(offered, MOST_COLUMNS, "answers")}}


def _scale(making: Making, number: int, ids: Mapping[str, str]) -> list[Item]:
    return [
        {"id": ids[answer.code], "label": making.say(answer.words, answer.code)} | making.score(answer)
        for answer in making.question.scale(number)
    ]


def dual(making: Making) -> Item:
    """Two choices a row, from two scales."""
    columns = []
    for number, (name, header) in enumerate(zip(SCALES, ("dualscale_headerA", "dualscale_headerB"), strict=True)):
        label = making.attribute_words(header) or {making.tags[0]: str(number + 1)}
        offered = _scale(making, number, making.layout.scales[number])
        if offered:
            dropdown = making.question.flag("use_dropdown")
            kind = "dropdown" if dropdown else "single_choice"
            columns.append({"id": name, "label": label, "type": kind, "settings": {"choices": offered}})
    return {"type": "matrix_mixed", "settings": _rows(making) | {"columns": columns}}


def _columns(making: Making) -> Item:
    listed = making.question.columns()
    columns = [{"id": making.layout.columns[each.code], "label": making.say(each.words, each.code)} for each in listed]
    return {"columns": making.few(columns, MOST_COLUMNS, "columns")}


def numbers_array(making: Making) -> Item:
    """A number in each cell, or a box."""
    if making.layout.is_checkboxes:
        return {"type": "matrix_several", "settings": _rows(making) | _columns(making)}
    settings = _rows(making) | _columns(making) | {"decimals": MOST_DECIMALS}
    boxes = making.question.flag("input_boxes")
    found: list[float | None] = []
    for attribute, usual in (("multiflexible_min", 1.0), ("multiflexible_max", 10.0)):
        bound = making.number(attribute)
        left_out = bound is None and not boxes and not making.question.attribute(attribute)
        found.append(usual if left_out else bound)
    settings |= making.between(*found)
    if not boxes and making.number("multiflexible_step") is not None:
        making.lose("multiflexible_step", "any number within the bounds is taken")
    return {"type": "matrix_number", "settings": settings}


def texts_array(making: Making) -> Item:
    """A text in each cell, or a number where only numbers are taken."""
    settings = _rows(making) | _columns(making)
    if making.question.flag("numbers_only"):
        return {"type": "matrix_number", "settings": settings | {"decimals": MOST_DECIMALS}}
    return {"type": "matrix_text", "settings": settings | making.longest(1_000)}
