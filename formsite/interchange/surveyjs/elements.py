"""A SurveyJS definition as a tree of elements: old names of properties understood, lists and texts checked as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from formsite.definition.parts import LARGEST
from formsite.interchange.losses import Unimportable
from formsite.interchange.surveyjs import js

Lose = Callable[[str, str, str], None]
MOST_ELEMENTS = 6_000
MOST_DEPTH = 60
MOST_OFFERED = 1_990
"""Choices of a question, those aside that it makes itself."""
FORMER = {
    "elements": ("questions",),
    "templateElements": ("questions",),
    "showOtherItem": ("hasOther",),
    "showNoneItem": ("hasNone",),
    "showSelectAllItem": ("hasSelectAll",),
    "showCommentArea": ("hasComment",),
    "eachRowRequired": ("isAllRowRequired",),
    "rateType": ("rateDisplayMode",),
    "minRateDescription": ("mininumRateDescription",),
    "maxRateDescription": ("maximumRateDescription",),
    "rowOrder": ("rowsOrder",),
    "questionOrder": ("questionsOrder", "elementsOrder"),
    "caseInsensitive": ("insensitive",),
    "firstPageIsStartPage": ("firstPageIsStarted",),
    "commentPlaceholder": ("commentPlaceHolder",),
    "otherPlaceholder": ("otherPlaceHolder",),
    "placeholder": ("placeHolder", "optionsCaption"),
    "maxCommentLength": ("maxOthersLength",),
    "timeLimit": ("maxTimeToFinish",),
    "timeLimitPerPage": ("maxTimeToFinishPage",),
    "altText": ("text",),
    "autocomplete": ("autoComplete",),
    "copyDefaultValueFromLastEntry": ("defaultValueFromLastRow", "defaultValueFromLastPanel"),
}
"""What properties were called in earlier versions."""
SELECTS = frozenset("radiogroup dropdown checkbox tagbox ranking imagepicker buttongroup".split())
PANELS = frozenset({"panel", "flowpanel", "page"})
KNOWN = frozenset(
    "text comment rating boolean slider signaturepad file html image expression multipletext matrix matrixdropdown "
    "matrixdynamic paneldynamic imagemap".split()
) | (SELECTS | PANELS)
YES_NO = frozenset({"yesno", "boolean", "switch", "toggle"})


@dataclass(slots=True, eq=False)
class Choice:
    """One thing to choose: its value, its words, and the rest of what the source says of it."""

    value: js.Value
    text: Any
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Element:
    """A page, panel or question, or a row or column of a matrix."""

    kind: str
    name: str
    raw: Mapping[str, Any]
    place: str  # JSON pointer
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    row: js.Value = None  # of a matrix: the value of its row
    chosen: tuple[Element, js.Value] | None = None  # it stands under a choice of that question

    @property
    def where(self) -> str:
        """Where it stands, for people."""
        return f"{self.name} ({self.place})" if self.name else self.place

    def get(self, name: str) -> Any:
        """A property, whatever it was called earlier."""
        if name in self.raw:
            return self.raw[name]
        return next((self.raw[old] for old in FORMER.get(name, ()) if old in self.raw), None)

    def flag(self, name: str) -> bool:
        """Whether a property is on."""
        return self.get(name) in (True, "true")

    def off(self, name: str) -> bool:
        """Whether a property is switched off."""
        return self.get(name) in (False, "false")

    def word(self, name: str, usual: str = "") -> str:
        """A property that is a word."""
        held = self.get(name)
        return held if isinstance(held, str) else usual

    def number(self, name: str) -> float | None:
        """A property that is a number, or is written like one."""
        held = js.number(self.get(name))
        if held is not None and not -LARGEST <= held <= LARGEST:
            return None
        return int(held) if held is not None and held.is_integer() else held

    def list(self, name: str) -> list[Any]:
        """A property that is a list; empty if it is none."""
        held = self.get(name)
        return held if isinstance(held, list) else []

    def condition(self, name: str) -> str:
        """A property that is an expression; empty if there is none."""
        held = self.get(name)
        return held.strip() if isinstance(held, str) else ""

    @property
    def value_name(self) -> str:
        """Under which name its answer is kept."""
        held = self.word("valueName")
        return held.strip() or self.name

    def around(self) -> Iterator[Element]:
        """The elements it stands in, from inside out."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def walk(self) -> Iterator[Element]:
        """It and everything below, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def is_container(self) -> bool:
        """Whether it only holds others."""
        return self.kind in PANELS or self.kind in ("row", "chosen")

    @property
    def repeats(self) -> bool:
        """Whether what is in it is asked as often as the customer likes."""
        return self.kind in ("paneldynamic", "matrixdynamic")


def choices_of(raw: Any, element: Element, name: str, lose: Lose, most: int = MOST_OFFERED) -> list[Choice]:
    """The items of a list of choices, rows or columns; `value|text` is one text."""
    if raw is not None and not isinstance(raw, list):
        lose(element.where, f"its {name}", "they are no list; write them as one")
        return []
    if raw and len(raw) > most:
        lose(
            element.where, f"{len(raw) - most} of its {name}", f"a question has {most} at most; the first ones are kept"
        )
    found: list[Choice] = []
    for at, each in enumerate((raw or ())[:most]):
        choice = _choice(each)
        if choice is None:
            lose(element.where, f"{name}[{at}]", "it has no value; give it one")
        elif any(js.equal(choice.value, other.value) and type(choice.value) is type(other.value) for other in found):
            lose(
                element.where,
                f"the second “{js.text(choice.value)}” of its {name}",
                "it is there already; use another value",
            )
        else:
            found.append(choice)
    return found


def _choice(raw: Any) -> Choice | None:
    if isinstance(raw, str):
        before, bar, text = raw.partition("|")
        return Choice(before, text if bar and text else None) if before else None
    if isinstance(raw, bool | int | float):
        return Choice(raw, None)
    if not isinstance(raw, dict):
        return None
    value = raw.get("value", raw.get("text") if isinstance(raw.get("text"), str) else None)
    if isinstance(value, dict):
        return Choice(str(sorted(value.items())), raw.get("text"), raw) if raw.get("text") else None
    if js.is_empty(value) or isinstance(value, list):
        return None
    return Choice(value, raw.get("text"), raw)


class Reader:
    """Makes the tree."""

    def __init__(self, lose: Lose) -> None:
        self.lose = lose
        self.count = 0

    def survey(self, raw: Mapping[str, Any]) -> Element:
        """The whole definition, its pages below it."""
        root = Element("survey", "", raw, "")
        pages = raw.get("pages")
        if isinstance(pages, list) and pages:
            for at, page in enumerate(pages):
                self._page(page, f"/pages/{at}", root, at)
        elif pages is not None and not isinstance(pages, list):
            self.lose("/pages", "the pages", "they are no list; write them as one")
        loose = root.list("elements")
        if loose:
            name = "elements" if "elements" in raw else "questions"
            page = Element("page", "", {}, "", root)
            root.children = [page]
            self.below(page, loose, f"/{name}")
        return root

    def _page(self, raw: Any, place: str, root: Element, at: int) -> None:
        if not isinstance(raw, dict):
            self.lose(place, "the page", "it is no object; write it as one")
            return
        name = raw.get("name")
        page = Element("page", name if isinstance(name, str) else f"page{at + 1}", raw, place, root)
        root.children.append(page)
        self._listed(page, "elements", place)

    def _listed(self, holder: Element, name: str, place: str) -> None:
        key = next((each for each in (name, *FORMER.get(name, ())) if each in holder.raw), name)
        held = holder.raw.get(key)
        if held is not None and not isinstance(held, list):
            self.lose(holder.where, f"its {key}", "they are no list; write them as one")
        self.below(holder, held if isinstance(held, list) else [], f"{place}/{key}")

    def below(self, holder: Element, raws: list[Any], place: str) -> None:
        """Elements of a list, with what stands in them."""
        for at, raw in enumerate(raws):
            where = f"{place}/{at}"
            if isinstance(raw, dict):
                self._element(holder, raw, where)
            else:
                self.lose(where, "an element", "it is no object; write it as one")

    def _counted(self, element: Element) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS:
            raise Unimportable(element.where, "The survey has more questions than a form can hold", "Take it apart")
        if sum(1 for _ in element.around()) > MOST_DEPTH:
            raise Unimportable(element.where, "Panels are nested too deeply", "Take them apart")

    def _element(self, holder: Element, raw: Mapping[str, Any], place: str) -> None:
        given = raw.get("name")
        name = str(given).strip() if isinstance(given, str | int | float) else ""
        kind = raw.get("type")
        element = Element(kind if isinstance(kind, str) else "", name, raw, place, holder)
        self._counted(element)
        if element.kind not in KNOWN:
            element.kind = self._by_shape(element)
        holder.children.append(element)
        self._inside(element, place)
        if element.kind in SELECTS:
            self._under_choices(element, holder, place)

    def _by_shape(self, element: Element) -> str:
        """What a type that the engine itself does not have most resembles."""
        kind = next(kind for kind, fits in _SHAPES if fits(element))
        what = f"the type “{element.kind}”" if element.kind else "its type, which is missing"
        self.lose(element.where, what, f"formsite does not know it; it is imported as “{kind}” by what it holds")
        return kind

    def _inside(self, element: Element, place: str) -> None:
        if element.kind in PANELS:
            self._listed(element, "elements", place)
        elif element.kind == "paneldynamic":
            self._listed(element, "templateElements", place)
        elif element.kind == "matrixdynamic":
            self._cells(element, element, place)
        elif element.kind == "matrixdropdown":
            for row in choices_of(element.get("rows"), element, "rows", self.lose):
                title = {"title": row.text if row.text is not None else js.text(row.value)}
                line = Element("row", js.text(row.value), {**row.raw, **title}, place, element, row=row.value)
                element.children.append(line)
                self._cells(element, line, place)
        elif element.kind == "multipletext":
            for at, raw in enumerate(element.list("items")):
                self._item(element, raw, f"{place}/items/{at}")

    def _item(self, element: Element, raw: Any, place: str) -> None:
        if isinstance(raw, str):
            raw = {"name": raw}
        if not isinstance(raw, dict) or not isinstance(raw.get("name"), str) or not raw["name"]:
            self.lose(element.where, f"the item at {place}", "it has no name; give it one")
            return
        item = Element("text", raw["name"], raw, place, element)
        self._counted(item)
        element.children.append(item)

    def _cells(self, matrix: Element, line: Element, place: str) -> None:
        for at, raw in enumerate(matrix.list("columns")):
            where = f"{place}/columns/{at}"
            column = {"name": raw} if isinstance(raw, str) else raw
            if isinstance(column, dict) and not js.is_empty(column.get("name", column.get("value"))):
                self._cell(matrix, line, column, where)
            elif line.row is None or line is matrix.children[0]:
                self.lose(matrix.where, f"the column at {where}", "it has no name; give it one")
        if matrix.word("detailPanelMode", "none") != "none":
            self.below(line, matrix.list("detailElements"), f"{place}/detailElements")

    def _cell(self, matrix: Element, line: Element, raw: Mapping[str, Any], place: str) -> None:
        kind = raw.get("cellType", "default")
        if kind in ("default", "") or not isinstance(kind, str):
            kind = matrix.word("cellType", "dropdown") or "dropdown"
        inherited: dict[str, Any] = {}
        if (
            kind in SELECTS
            and not raw.get("choices")
            and not raw.get("choicesByUrl")
            and not raw.get("choicesFromQuestion")
        ):
            inherited = {"choices": matrix.get("choices")} if matrix.get("choices") else {}
        name = str(raw.get("name", raw.get("value")))
        cell = Element(str(kind), name, {**raw, **inherited}, place, line, row=line.row)
        self._counted(cell)
        if cell.kind not in KNOWN:
            cell.kind = self._by_shape(cell)
        line.children.append(cell)
        self._inside(cell, place)

    def _under_choices(self, element: Element, holder: Element, place: str) -> None:
        """Questions that stand under a choice follow the question."""
        for at, raw in enumerate(element.list("choices")):
            if isinstance(raw, dict) and isinstance(raw.get("elements"), list) and raw["elements"]:
                choice = _choice(raw)
                if choice is None:
                    continue
                under = Element("chosen", "", {}, f"{place}/choices/{at}", holder, chosen=(element, choice.value))
                holder.children.append(under)
                self.below(under, raw["elements"], f"{place}/choices/{at}/elements")


_SHAPES: tuple[tuple[str, Callable[[Element], bool]], ...] = (
    ("paneldynamic", lambda e: bool(e.list("templateElements")) and "templateElements" in e.raw),
    ("panel", lambda e: bool(e.list("elements"))),
    ("matrixdynamic", lambda e: bool(e.list("columns")) and not e.list("rows")),
    ("matrix", lambda e: bool(e.list("columns"))),
    ("multipletext", lambda e: bool(e.list("items"))),
    ("radiogroup", lambda e: bool(e.list("choices"))),
    ("rating", lambda e: bool(e.list("rateValues"))),
    ("html", lambda e: "html" in e.raw),
    ("boolean", lambda e: e.kind.lower() in YES_NO),
    ("text", lambda e: True),
)
