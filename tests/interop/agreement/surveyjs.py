"""SurveyJS: answers for a definition, in its own names and shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.interop.agreement.drawing import Draw, Literals, draws

FORMAT = "surveyjs"
SCRIPT = "surveyjs.mjs"
LEAVING = frozenset({"skip", "complete", "skiptrigger", "completetrigger"})
CALL = re.compile(r"\b([A-Za-z_]\w*)\s*\(")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
FUNCTIONS = frozenset(
    "age avg avginarray count countinarray currentyear dateadd datediff day diffdays displayvalue getcomment getdate "
    "getyear iif iscontainerready isdisplaymode max maxinarray min mininarray month propertyvalue round substring sum suminarray "
    "today trunc weekday year and or not contains notcontains anyof allof noneof".split()
)
EXPRESSIONS = ("If", "expression", "Expression")
PARTS_INSIDE = frozenset({"matrix", "matrixdropdown", "multipletext"})
"""Types whose parts are compared together, as one question."""
BESIDE = "-Comment"
"""The end of the name of a text beside a choice: a wrong one is an error of the question, but it is no question."""
ALONE = frozenset({"none", "refused", "dontknow"})
UNASKED = frozenset({"html", "image", "expression", "signaturepad", "file"})


def answers_for(content: bytes, count: int, seed: str) -> list[dict[str, Any]]:
    """Sets of answers to the questions of a definition."""
    definition = json.loads(content.decode("utf-8-sig"))
    elements = list(_elements(definition))
    literals = Literals()
    for text in _expressions(definition):
        literals.add(text)
    return [_object(draw, elements) for draw in draws(seed, count, literals)]


def line(content: bytes, answers: list[dict[str, Any]], prune: bool = True) -> dict[str, Any] | str:
    """What SurveyJS is asked; `prune` leaves out answers to questions that are not visible."""
    return {"definition": json.loads(content.decode("utf-8-sig")), "answers": answers, "prune": prune}


def volatile(content: bytes) -> frozenset[str]:
    """Names of questions that cannot be compared, with those in them.

    Their rules call code that a survey does not hold, cannot be read, or hang on the moment; or they stand behind a trigger that skips or
    ends: SurveyJS still holds such pages, though nobody comes to see them.
    """
    definition = json.loads(content.decode("utf-8-sig"))
    found = set(_outside(definition))
    if any(isinstance(each, dict) and each.get("type") in LEAVING for each in _list(definition.get("triggers"))):
        found |= {
            str(each.get("name"))
            for page in _list(definition.get("pages"))[1:]
            for each in _elements({"pages": [page]})
        }
    return frozenset(found)


def _outside(node: Any, foreign: bool = False) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _outside(child, foreign)
    elif isinstance(node, dict):
        own = (text for key, text in node.items() if isinstance(text, str) and key.endswith(EXPRESSIONS))
        checks = (str(each.get("expression", "")) for each in _list(node.get("validators")) if isinstance(each, dict))
        foreign = foreign or any(_calls_out(text) for text in (*own, *checks))
        if foreign and "name" in node:
            yield str(node["name"])
        for key, child in node.items():
            if key != "choices":
                yield from _outside(child, foreign and key != "pages")


def _calls_out(expression: str) -> bool:
    outside = QUOTED.sub("", expression)
    unreadable = outside.count("{") != outside.count("}") or outside.count("(") != outside.count(")")
    return unreadable or "{$survey." in outside or any(name.lower() not in FUNCTIONS for name in CALL.findall(outside))


def where(content: bytes, name: str) -> str:
    """The definition of the question called `name`, for people."""
    definition = json.loads(content.decode("utf-8-sig"))
    found = next((each for each in _named(definition, name)), None)
    return json.dumps(found, ensure_ascii=False)[:600] if found else ""


def _named(node: Any, name: str) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("name") == name:
            yield node
        for child in node.values():
            yield from _named(child, name)
    elif isinstance(node, list):
        for child in node:
            yield from _named(child, name)


def _elements(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Questions of a survey, a page or a panel, panels opened."""
    for each in (*_list(holder.get("pages")), *_list(holder.get("elements")), *_list(holder.get("questions"))):
        if isinstance(each, dict) and each.get("type", "panel") in {"panel", "page", "flowpanel"}:
            yield from _elements(each)
        elif isinstance(each, dict):
            yield each


def _list(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _expressions(node: Any, key: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, child in node.items():
            yield from _expressions(child, name)
    elif isinstance(node, list):
        for child in node:
            yield from _expressions(child, key)
    elif isinstance(node, str) and key.endswith(EXPRESSIONS):
        yield node


def _object(
    draw: Draw, elements: list[dict[str, Any]], *, inside: bool = False, filled: bool = False
) -> dict[str, Any]:
    """Answers to questions side by side. Inside an entry defaults are answered: data that is set keeps them away."""
    out: dict[str, Any] = {}
    for each in elements:
        name = str(each.get("valueName") or each.get("name") or "")
        if not name or name in out:
            continue
        has_default = inside and (filled or any(key.startswith("defaultValue") for key in each))
        if (has_default or draw.answered()) and (value := _value(draw, each)) is not None:
            out[name] = value
            chosen = value if isinstance(value, list) else [value]
            if "other" in chosen and _offers(each, "Other") and draw.answered():
                out[f"{name}-Comment"] = draw.text()
    return out


def _value(draw: Draw, question: dict[str, Any]) -> Any:
    kind = question.get("type") or question.get("cellType") or "text"
    maker = MAKERS.get(kind)
    if maker is None or "bindings" in question:  # another question says how many entries there are
        return None
    return maker(draw, question)


def _text(draw: Draw, question: dict[str, Any]) -> Any:
    limits = [question, *(each for each in _list(question.get("validators")) if isinstance(each, dict))]
    bounds = [each[name] for each in limits for name in ("min", "max", "minValue", "maxValue") if name in each]
    match question.get("inputType"):
        case "number" | "range":
            return draw.number([bound for bound in bounds if isinstance(bound, int | float)])
        case "date":
            return draw.day([bound for bound in bounds if isinstance(bound, str)])
        case "datetime-local" | "datetime":
            return f"{draw.day()}T{draw.time()}"
        case "time":
            return draw.time()
        case "month":
            return draw.day()[:7]
        case "email":
            return draw.one(("ada@example.org", "ada", "a.b@example.co.uk"))
        case "url":
            return draw.one(("https://example.org/x", "http://example.org"))
        case "color":
            return "#12ab34"
    if mask := question.get("maskType"):
        return draw.number() if mask in {"numeric", "currency"} else None
    if any(each.get("type") in {"numeric", "numericvalidator"} for each in limits[1:]):
        return draw.number([bound for bound in bounds if isinstance(bound, int | float)])
    if any(str(each.get("type")).startswith("email") for each in limits[1:]):
        return draw.one(("ada@example.org", "ada", "a.b@example.co.uk"))
    if draw.numbers and draw.chance.random() < 0.3:
        return str(draw.number())
    lengths = [each[name] for each in limits for name in ("maxLength", "minLength") if isinstance(each.get(name), int)]
    return draw.text(length for length in lengths if length > 0)


def _offers(question: dict[str, Any], what: str) -> bool:
    return bool(question.get(f"show{what}Item") or question.get(f"has{what}"))


def _choices(question: dict[str, Any]) -> list[Any]:
    values = _values(question.get("choices"))
    low, high = question.get("choicesMin"), question.get("choicesMax")
    if isinstance(low, int) and isinstance(high, int):
        values += list(range(low, high + 1, question.get("choicesStep") or 1))[:20]
    extra = [word.lower() for word in ("Other", "None") if _offers(question, word)]
    return values + extra


def _values(raw: Any) -> list[Any]:
    return [each.get("value") if isinstance(each, dict) else each for each in _list(raw)]


def _one(draw: Draw, question: dict[str, Any]) -> Any:
    return draw.one(_choices(question))


def _several(draw: Draw, question: dict[str, Any]) -> Any:
    choices = _choices(question)
    alone = {
        each["value"] for each in _list(question.get("choices")) if isinstance(each, dict) and each.get("isExclusive")
    }
    chosen = draw.some(choices) if choices else None
    return next(([each] for each in chosen or () if each in ALONE | alone), chosen)


def _picture(draw: Draw, question: dict[str, Any]) -> Any:
    return _several(draw, question) if question.get("multiSelect") else _one(draw, question)


def _ranking(draw: Draw, question: dict[str, Any]) -> Any:
    choices = _choices(question)
    return draw.chance.sample(choices, len(choices)) or None


def _boolean(draw: Draw, question: dict[str, Any]) -> Any:
    return draw.one((question.get("valueTrue", True), question.get("valueFalse", False)))


def _rating(draw: Draw, question: dict[str, Any]) -> Any:
    values = _values(question.get("rateValues"))
    low = question.get("rateMin", 1)
    high = question.get("rateMax") or low + question.get("rateCount", 5) - 1
    return draw.one(values or list(range(low, high + 1)))


def _slider(draw: Draw, question: dict[str, Any]) -> Any:
    return draw.chance.randint(question.get("min", 0), question.get("max", 100))


def _matrix(draw: Draw, question: dict[str, Any]) -> Any:
    columns, rows = _values(question.get("columns")), _values(question.get("rows"))
    if not rows:
        return draw.one(columns)
    kept = {str(row): draw.one(columns) for row in rows if draw.answered()}
    return kept if columns and kept else None


def _cells(question: dict[str, Any]) -> list[dict[str, Any]]:
    usual = {"cellType": question.get("cellType", "dropdown"), "choices": question.get("choices")}
    return [_cell(usual, column) for column in _list(question.get("columns")) if isinstance(column, dict)]


def _cell(usual: dict[str, Any], column: dict[str, Any]) -> dict[str, Any]:
    kind = column.get("cellType", "default")
    cell = {**usual, **column, "cellType": usual["cellType"] if kind == "default" else kind}
    return cell if cell.get("choices") else cell | {"choices": usual["choices"]}


def _matrix_dropdown(draw: Draw, question: dict[str, Any]) -> Any:
    cells = _cells(question)
    rows = {str(row): _object(draw, cells, inside=True) for row in _values(question.get("rows"))}
    return {row: values for row, values in rows.items() if values} or None


def _matrix_dynamic(draw: Draw, question: dict[str, Any]) -> Any:
    cells = _cells(question)
    rows = [
        _object(draw, cells, inside=True, filled=_has_default(question)) for _ in range(_many(draw, question, "Row", 2))
    ]
    return rows or None


def _panel_dynamic(draw: Draw, question: dict[str, Any]) -> Any:
    elements = list(_elements({"elements": question.get("templateElements")}))
    return [
        _object(draw, elements, inside=True, filled=_has_default(question))
        for _ in range(_many(draw, question, "Panel", 0))
    ] or None


def _has_default(question: dict[str, Any]) -> bool:
    return any(key.startswith("default") for key in question)


def _many(draw: Draw, question: dict[str, Any], what: str, usual: int) -> int:
    least = question.get(f"min{what}Count", 0)
    most = min(question.get(f"max{what}Count", 20), 20)
    count = question.get(f"{what.lower()}Count", usual)
    return max(least, min(most, count + draw.chance.randint(-1, 2)))


def _several_texts(draw: Draw, question: dict[str, Any]) -> Any:
    return _object(draw, [each for each in _list(question.get("items")) if isinstance(each, dict)]) or None


MAKERS = {
    "text": _text, "comment": _text, "boolean": _boolean, "rating": _rating, "slider": _slider,
    "radiogroup": _one, "dropdown": _one, "buttongroup": _one, "imagepicker": _picture,
    "checkbox": _several, "tagbox": _several, "ranking": _ranking,
    "matrix": _matrix, "matrixdropdown": _matrix_dropdown, "matrixdynamic": _matrix_dynamic,
    "paneldynamic": _panel_dynamic, "multipletext": _several_texts,
}  # fmt: skip
