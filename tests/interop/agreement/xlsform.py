"""XLSForm: pyxform makes an XForm of it, an XForms engine answers; answers by question name, repeats as lists."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from tests.interop.agreement.drawing import Draw, Literals, draws

FORMAT = "xlsform"
SCRIPT = "xforms.mjs"
PARTS_INSIDE: frozenset[str] = frozenset()
BESIDE = "\0"  # nothing
UNASKED = frozenset({"note", "upload"})
FOREIGN = re.compile(r"\b(device-info|duration|version|phonenumber|deviceid|plug-in-metadata)\(\)")
"""Functions of dialects that no engine but their own has: nothing, for the comparison."""
BIND = re.compile(r'<bind nodeset="([^"]+)"([^>]*)/>')
VOLATILE = re.compile(r"\b(random|now|uuid|once|pulldata)\(|jr:preload=\"(timestamp|uid)")
AS_CALCULATE = re.compile(r"(caseid|calculate_here|comments|(text|audio) audit|speed violations|sensor_\w+)\b")
"""Types of a dialect that hold a text nobody is asked for."""
NUMBERS = frozenset({"integer", "int", "decimal", "range"})
SEVERAL = ("select_all", "select_multiple", "select_many")
RULES = ("relevant", "constraint", "calculate", "required", "readonly")


def answers_for(content: bytes, count: int, seed: str) -> list[dict[str, Any]]:
    """Sets of answers to the questions of a workbook; none where pyxform refuses it."""
    try:
        form = _converted(content)
    except Exception:
        return []
    children = form._pyxform["children"]
    literals = Literals()
    for text in _rules(children):
        literals.add(text)
    return [_object(draw, children, form._pyxform.get("choices", {})) for draw in draws(seed, count, literals)]


def line(content: bytes, answers: list[dict[str, Any]], prune: bool = True) -> dict[str, Any] | str:
    """What the engine is asked, or why pyxform refuses the workbook. It never counts answers that are not relevant."""
    try:
        form = _converted(content)
    except Exception as refusal:
        return str(refusal)
    files = {"itemsets.csv": form.itemsets} if form.itemsets else {}
    xform = FOREIGN.sub("''", form.xform).replace("index()", "position(..)")
    return {"form": xform, "answers": answers, "files": files}


def where(content: bytes, name: str) -> str:
    """The bind of the question called `name`, for people."""
    found = re.findall(rf'<bind [^>]*nodeset="[^"]*/{re.escape(name)}"[^>]*/>', _converted(content).xform)
    return " ".join(found)[:600]


def volatile(content: bytes) -> frozenset[str]:
    """Names of what hangs on chance, on the moment or on the device: there two engines need not agree."""
    binds = dict(BIND.findall(_converted(content).xform))
    moving: set[str] = set()
    found: set[str] = set()
    while True:
        touched = {path for path, rules in binds.items() if VOLATILE.search(rules) or _names_any(rules, moving)}
        touched |= {path for path in binds if any(path.startswith(f"{above}/") for above in touched)}
        if touched == found:
            return frozenset(path.rsplit("/", 1)[-1] for path in found)
        found = touched
        moving = {path for path in found if " calculate=" in binds[path] or "jr:preload" in binds[path]}


def _names_any(rules: str, paths: set[str]) -> bool:
    return any(re.search(rf"{re.escape(path)}(?![\w-])", rules) for path in paths)


@lru_cache(maxsize=4)
def _converted(content: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheets = get_xlsform(content, file_type=".xlsx" if content.startswith(b"PK") else ".xls")
        for row in sheets.survey:
            if AS_CALCULATE.match((row.get("type") or "").strip()):
                row.update(type="calculate", calculation=row.get("calculation") or "''")
        return convert(asdict(sheets), validate=False)


def _rules(children: list[dict[str, Any]]) -> Iterator[str]:
    for each in children:
        bind = each.get("bind") or {}
        yield from (str(bind[name]) for name in RULES if name in bind)
        yield str(each.get("choice_filter", ""))
        yield from _rules(each.get("children") or [])


def _object(draw: Draw, children: list[dict[str, Any]], lists: dict[str, Any]) -> dict[str, Any]:
    """Answers to questions side by side; groups are opened, repeats are lists."""
    out: dict[str, Any] = {}
    for each in children:
        inside = each.get("children")
        if each["type"] == "repeat":
            out[each["name"]] = [_object(draw, inside or [], lists) for _ in range(draw.chance.randint(1, 3))]
        elif each["type"] == "loop":
            out |= _loop(draw, each, lists)
        elif inside is not None and each["type"] == "group":
            out |= _object(draw, inside, lists)
        elif draw.answered() and (value := _value(draw, each, lists)) is not None:
            out[each["name"]] = value if draw.plain else _typed(value, each)
    return out


def _loop(draw: Draw, loop: dict[str, Any], lists: dict[str, Any]) -> dict[str, Any]:
    """The same questions for each of some columns, which tell their names apart."""
    columns = [str(column["name"]) for column in loop.get("columns", [])]
    found = {column: _object(draw, loop["children"], lists) for column in columns}
    return {f"{name}_{column}": value for column, held in found.items() for name, value in held.items()}


def _typed(value: str, question: dict[str, Any]) -> Any:
    """The answer as JSON would hold it, where the plain one is text as in a submission."""
    kind = re.sub(r"[ _]+", "_", str(question["type"]).lower())
    if kind in NUMBERS:
        return int(value) if float(value).is_integer() else float(value)
    return value.split() if kind.startswith((*SEVERAL, "rank")) else value


def _value(draw: Draw, question: dict[str, Any], lists: dict[str, Any]) -> str | None:
    kind = re.sub(r"[ _]+", "_", str(question["type"]).lower())
    if "calculate" in (question.get("bind") or {}):
        return None
    if kind.startswith(("select", "rank")):
        return _choice(draw, question, kind, lists)
    constraint = Literals()
    constraint.add(str((question.get("bind") or {}).get("constraint", "")))
    match kind:
        case "integer" | "int":
            return str(draw.number(constraint.numbers, whole=True))
        case "decimal":
            return str(draw.number(constraint.numbers))
        case "range":
            return _on_scale(draw, question.get("parameters") or {})
        case "date":
            return draw.day(constraint.texts)
        case "time":
            return f"{draw.time()}:00.000"
        case "datetime" | "date_time":
            return f"{draw.day()}T{draw.time()}:00.000"
        case "acknowledge" | "trigger":
            return "OK"
        case "geopoint" | "gps" | "location":
            return f"{draw.chance.randint(-80, 80)}.5 {draw.chance.randint(-170, 170)}.25 0 0"
        case "text" | "string" | "barcode":
            if constraint.numbers and draw.chance.random() < 0.4:
                return "7" * int(min(60, max(1, draw.number(constraint.numbers, whole=True))))
            return draw.text()
    return None


def _choice(draw: Draw, question: dict[str, Any], kind: str, lists: dict[str, Any]) -> str | None:
    offered = question.get("choices") or lists.get(question.get("itemset") or question.get("list_name")) or []
    names = [str(each["name"]) for each in offered if isinstance(each, dict) and "name" in each]
    if question.get("asks_other") is False:
        names = [name for name in names if name != "other"]
    if not names:
        return None
    if kind.startswith("rank"):
        return " ".join(draw.chance.sample(names, len(names)))
    if kind.startswith(SEVERAL):
        return " ".join(draw.some(names)[: draw.chance.randint(1, 6)])
    return str(draw.one(names))


def _on_scale(draw: Draw, parameters: dict[str, Any]) -> str:
    low, high, step = (float(parameters.get(name, usual)) for name, usual in (("start", 1), ("end", 10), ("step", 1)))
    return f"{low + step * draw.chance.randint(0, max(0, int((high - low) / step))):g}"
