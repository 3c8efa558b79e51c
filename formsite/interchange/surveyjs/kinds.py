"""What type each element becomes, and what a question offers by itself."""

from __future__ import annotations

from collections.abc import Callable

from formsite.definition.fieldtypes.composites import MOST_ROWS
from formsite.definition.fieldtypes.matrices import MOST_CELLS, MOST_COLUMNS
from formsite.interchange.surveyjs import js
from formsite.interchange.surveyjs.elements import SELECTS, Choice, Element, Lose, choices_of

OTHER = "other"
INPUTS = {
    "text": "short_text",
    "password": "short_text",
    "search": "short_text",
    "tel": "short_text",
    "week": "short_text",
    "url": "url",
    "email": "email",
    "number": "number",
    "range": "number",
    "date": "date",
    "datetime": "date_time",
    "datetime-local": "date_time",
    "time": "time",
    "month": "month",
    "color": "colour",
}
GRID = "matrix_mixed"
PLAIN_CELL = frozenset(
    "name title cellType choices isRequired inputType placeholder width minWidth maxWidth colCount min max step maxLength "
    "rateMin rateMax rateCount colSpan visible readOnly".split()
)
"""What a column of a table in one field may say of itself."""
MANY = 30
"""Choices from which on a list is looked through by typing."""
SPECIAL = {"showNoneItem": "none", "showRefuseItem": "refused", "showDontKnowItem": "dontknow"}


COMMENTED = frozenset({"single_choice", "several_choices", "buttons", "search_choice", "dropdown"})


def special(element: Element) -> list[Choice]:
    """The choices that a question adds by itself: none of these, something else."""
    found = [
        Choice(value, element.get(f"{name[4:-4][0].lower()}{name[5:-4]}Text"), {"special": name})
        for name, value in SPECIAL.items()
        if element.flag(name)
    ]
    if element.flag("showOtherItem"):
        found.append(Choice(OTHER, element.get("otherText"), {"special": "showOtherItem"}))
    return found


def truth_values(element: Element) -> tuple[js.Value, js.Value]:
    """What a question of yes or no keeps for either."""
    true, false = element.get("valueTrue"), element.get("valueFalse")
    return True if js.is_empty(true) else true, False if js.is_empty(false) else false


def rated(element: Element, lose: Lose) -> list[Choice]:
    """The marks of a scale."""
    own = choices_of(element.get("rateValues"), element, "rateValues", lose)
    if own and not element.flag("autoGenerate"):
        return own
    least, step, count = scale(element)
    return [Choice(js.calculate("+", least, at * step), None) for at in range(count)]


def scale(element: Element) -> tuple[float, float, int]:
    """The first mark of a scale that is counted out, the step, and how many there are."""
    least = element.number("rateMin")
    least = 1 if least is None else least
    most, count = element.number("rateMax"), element.number("rateCount")
    step = element.number("rateStep") or 1
    if most is None:
        most = least + ((count or 5) - 1) * step
    if step <= 0 or most <= least:
        return least, 1, 2
    return least, step, min(int((most - least) / step + 1e-9) + 1, 100)


def selected(element: Element) -> tuple[float | None, float | None]:
    """How many choices must and may be selected, where the engine looks at it: never in the cells of a table."""
    if element.kind == "imagemap":
        return element.number("minSelectedAreas"), element.number("maxSelectedAreas")
    cell = element.parent is not None and element.parent.kind in ("row", "matrixdynamic")
    if element.kind not in ("checkbox", "tagbox", "ranking") or cell:
        return None, None
    return element.number("minSelectedChoices"), element.number("maxSelectedChoices")


def _text_type(element: Element) -> str:
    kind = INPUTS.get(element.word("inputType", "text") or "text", "short_text")
    mask = element.word("maskType", "none")
    if kind == "short_text" and mask in ("numeric", "currency"):
        return "number"
    if kind == "short_text" and mask == "pattern" and isinstance(element.get("maskSettings"), dict):
        return "pattern_text" if isinstance(element.get("maskSettings").get("pattern"), str) else kind
    if kind != "short_text" or element.word("inputType", "text") not in ("", "text"):
        return kind
    checks = {
        str(each.get("type")).removesuffix("validator") for each in element.list("validators") if isinstance(each, dict)
    }
    strict = not any(
        isinstance(each, dict) and each.get("notificationType", "error") != "error"
        for each in element.list("validators")
    )
    return "email" if "email" in checks and strict else kind


def _rating_type(element: Element) -> str:
    own = element.list("rateValues") and not element.flag("autoGenerate")
    least, step, count = scale(element)
    plain = not own and step == 1 and float(least).is_integer() and 0 <= least <= 1 and count <= 10
    return "rating" if plain and count >= 2 and least + count - 1 >= 2 else "single_choice"


def _boolean_type(element: Element) -> str:
    return "single_choice" if element.get("labelTrue") or element.get("labelFalse") else "yes_no"


def _multiple_type(element: Element) -> str:
    """Several plain texts are one field; items with a life of their own are fields in a group."""
    own = {"name", "title", "placeholder", "maxLength", "isRequired", "inputType"}
    plain = all(set(child.raw) <= own and child.word("inputType", "text") == "text" for child in element.children)
    required = {child.flag("isRequired") for child in element.children}
    usual = not isinstance(element.get("defaultValue"), dict) and len(element.children) <= MOST_ROWS
    return "several_texts" if plain and usual and len(required) == 1 and element.children else ""


def _dropdown_type(element: Element) -> str:
    return "search_choice" if len(element.list("choices")) > MANY and not element.off("searchEnabled") else "dropdown"


def _several(element: Element) -> str:
    return "several_choices" if element.flag("multiSelect") else "single_choice"


def _table_type(element: Element) -> str:
    """A table is one field where its columns are plain, else a group of groups."""
    if not element.children or len(element.children) > MOST_ROWS:
        return ""
    cells = element.children[0].children
    if len(cells) * len(element.children) > MOST_CELLS:
        return ""
    own = any(element.get(name) for name in ("defaultValue", "keyName", "validators", "requiredIf", "detailElements"))
    rows = any(set(row.raw) - {"value", "text", "title", "visibleIf"} for row in element.children)
    plain = 0 < len(cells) <= MOST_COLUMNS and all(_is_plain_cell(cell) for cell in cells)
    return GRID if plain and not own and not rows else ""


def _is_plain_cell(cell: Element) -> bool:
    if cell.kind not in CELLS or set(cell.raw) - PLAIN_CELL or cell.off("visible") or cell.flag("readOnly"):
        return False
    if cell.kind in SELECTS:
        held = cell.list("choices")
        return bool(held) and all(not isinstance(each, dict) or set(each) <= {"value", "text"} for each in held)
    return CELLS[cell.kind](cell) in ("short_text", "long_text", "number", "date", "yes_no", "rating")


TYPES: dict[str, Callable[[Element], str]] = {
    "text": _text_type,
    "comment": lambda _element: "long_text",
    "radiogroup": lambda _element: "single_choice",
    "dropdown": _dropdown_type,
    "buttongroup": lambda _element: "buttons",
    "checkbox": lambda _element: "several_choices",
    "tagbox": lambda _element: "several_choices",
    "imagepicker": _several,
    "imagemap": lambda element: "single_choice" if element.off("multiSelect") else "several_choices",
    "ranking": lambda _element: "ranking",
    "rating": _rating_type,
    "boolean": _boolean_type,
    "slider": lambda element: "number_range" if element.word("sliderType") == "range" else "slider",
    "signaturepad": lambda _element: "signature",
    "file": lambda _element: "file",
    "html": lambda _element: "statement",
    "image": lambda _element: "statement",
    "expression": lambda _element: "computed",
    "multipletext": _multiple_type,
    "matrix": lambda element: "matrix_several" if element.word("cellType") == "checkbox" else "matrix_one",
    "matrixdropdown": _table_type,
}
CELLS: dict[str, Callable[[Element], str]] = {
    **{kind: TYPES[kind] for kind in ("text", "comment", "radiogroup", "checkbox", "boolean", "rating")},
    "dropdown": lambda _element: "dropdown",
    "tagbox": TYPES["checkbox"],
}
"""The kinds of cells that a table in one field has room for."""
