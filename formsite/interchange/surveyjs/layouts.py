"""Where each element of a survey stands in the form: its id and type, the ids of what it offers, and its place in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from formsite.definition.document import END, RESERVED
from formsite.definition.fieldtypes.composites import MOST_ROWS
from formsite.definition.fieldtypes.matrices import MOST_COLUMNS
from formsite.definition.fieldtypes.ranking import MOST_RANKED
from formsite.interchange import rules as r
from formsite.interchange.names import Names
from formsite.interchange.surveyjs import js
from formsite.interchange.surveyjs.elements import MOST_OFFERED, SELECTS, Choice, Element, Lose, choices_of
from formsite.interchange.surveyjs.kinds import (
    CELLS,
    COMMENTED,
    GRID,
    OTHER,
    TYPES,
    rated,
    special,
    truth_values,
)
from formsite.interchange.surveyjs.terms import (
    NOTHING,
    Cases,
    Chosen,
    Day,
    Number,
    Part,
    Present,
    Records,
    Table,
    Term,
    Words,
)

SHAPES = {"date": "date", "date_time": "moment", "time": "time", "month": "month"}
SHAPED = frozenset(SHAPES)
NUMBERED = frozenset({"number", "slider", "rating"})
PRESENT = frozenset({"file", "photo", "signature", "location"})


@dataclass(slots=True, eq=False)
class Layout:
    """One element as it stands in the form."""

    element: Element
    id: str
    type: str  # of the field; empty for what only holds others
    order: int
    homes: tuple[str, ...] = ()  # the repeats around it
    offered: dict[str, Choice] = field(default_factory=dict)  # choice id -> choice, special ones included
    rows: dict[str, Choice] = field(default_factory=dict)
    columns: dict[str, Choice] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)  # of several texts: local id -> name
    grid: dict[str, Layout] = field(default_factory=dict)  # of a table in one field: local id -> column
    inside: dict[str, Layout] = field(default_factory=dict)  # value name in small letters -> what stands inside
    entries: int | None = None  # of what repeats: how many are there before anything is done
    comment: str = ""  # path of the text for a comment
    other: str = ""  # path of the text for something else
    remarks: dict[str, str] = field(default_factory=dict)  # choice id -> id of the text that it opens
    source: Layout | None = None  # whose choices it takes over
    first: Layout | None = None  # the earlier question that keeps its answer under the same name
    sharing: list[Layout] = field(default_factory=list)  # the later ones that do
    term: Term = NOTHING

    def choice_id(self, value: js.Value) -> str | None:
        """The id of the choice with that value."""
        return id_of(self.offered, value)

    @property
    def is_several(self) -> bool:
        """Whether its answer is a list of choices."""
        return self.type in ("several_choices", "ranking")


def id_of(offered: Mapping[str, Choice], value: js.Value) -> str | None:
    """The id of the choice with a value: the very same one, else one that the engine finds equal."""
    exact = (name for name, choice in offered.items() if choice.value == value and type(choice.value) is type(value))
    close = (name for name, choice in offered.items() if js.equal(choice.value, value))
    return next(exact, None) or next(close, None)


class Layouts:
    """Lays a whole survey out."""

    def __init__(self, root: Element, lose: Lose) -> None:
        self.root = root
        self.lose = lose
        self.names = Names(reserved={*RESERVED, END})
        self.of: dict[Element, Layout] = {}
        self.top: dict[str, Layout] = {}
        self.order = 0
        for page in root.children:
            self._walk(page, (), self.top)
        self._carry()
        for layout in self.of.values():
            layout.term = term_of(layout)

    def take_order(self) -> int:
        """The next place in the order of the form."""
        self.order += 1
        return self.order

    def _walk(self, element: Element, homes: tuple[str, ...], scope: dict[str, Layout]) -> None:
        kind = "" if element.is_container or element.repeats else TYPES[element.kind](element)
        layout = Layout(element, self._id(element), kind, self.take_order(), homes)
        self.of[element] = layout
        if not element.is_container and element.name:
            self._enter(layout, scope)
        if element.kind == "row":
            scope.setdefault(element.name.lower(), layout)
        self._offer(layout)
        inner = homes
        if element.repeats:
            inner, scope = (*homes, layout.id), layout.inside
        elif element.kind in ("matrixdropdown", "row", "multipletext"):
            scope = layout.inside
        if layout.type not in ("several_texts", GRID):
            for child in element.children:
                self._walk(child, inner, scope)

    def _enter(self, layout: Layout, scope: dict[str, Layout]) -> None:
        """Its name among those around it. Two questions may keep one answer under the same name.

        Names are found in whatever letters; where two differ in nothing else, each is found by its own.
        """
        name = layout.element.value_name
        first = scope.setdefault(name.lower(), layout)
        if first is not layout and first.element.value_name != name:
            scope.setdefault(first.element.value_name, first)
            other = scope.get(name) if name != name.lower() else None
            scope[name] = first = other or layout
        if first is not layout:
            layout.first = first
            first.sharing.append(layout)

    def _id(self, element: Element) -> str:
        name = element.name or {"page": "page", "chosen": "more"}.get(element.kind, element.kind)
        if element.row is not None and element.parent is not None:
            matrix = next(each for each in element.around() if each.kind == "matrixdropdown")
            name = f"{matrix.name}_{name}" if element.kind == "row" else f"{matrix.name}_{element.row}_{name}"
        elif element.parent is not None and element.parent.kind == "multipletext":
            name = f"{element.parent.name}_{name}"
        return self.names.take(name)

    # -- types ---------------------------------------------------------------------------------------------------------
    def _offer(self, layout: Layout) -> None:
        element = layout.element
        if element.kind in SELECTS or element.kind == "imagemap":
            name = "areas" if element.kind == "imagemap" else "choices"
            offered = choices_of(element.get(name), element, name, self.lose)
            offered += self._counted(element)
            layout.offered = self._ids(offered + special(element))
            if layout.type == "ranking" and len(layout.offered) > MOST_RANKED:
                self.lose(
                    element.where,
                    "that its choices are ranked",
                    f"formsite ranks {MOST_RANKED} at most; some are chosen",
                )
                layout.type = "several_choices"
            if layout.offered or element.word("choicesFromQuestion"):
                self._texts_beside(layout)
            else:
                self._unoffered(layout)
        elif element.kind == "rating" and layout.type != "rating":
            layout.offered = self._ids(rated(element, self.lose))
        elif element.kind == "boolean" and layout.type != "yes_no":
            true, false = truth_values(element)
            labels = element.get("labelTrue"), element.get("labelFalse")
            pair = [Choice(true, labels[0]), Choice(false, labels[1])]
            layout.offered = self._ids(pair if element.flag("swapOrder") else pair[::-1])
        elif element.kind == "matrix":
            self._matrix(layout)
        elif layout.type == GRID:
            self._grid(layout)
        elif element.kind == "matrixdynamic":
            given = element.number("rowCount")
            layout.entries = 2 if given is None else max(int(given), 0)
        elif layout.type == "several_texts":
            ids = Names(choice=True)
            layout.items = {ids.take(item.name).replace("-", "_"): item.name for item in element.children}
        if element.flag("showCommentArea") and not layout.comment and layout.type:
            layout.comment = self.names.take(f"{layout.id}_comment")

    def _counted(self, element: Element) -> list[Choice]:
        """Numbers to choose from."""
        least, most = element.number("choicesMin") or 0, element.number("choicesMax") or 0
        step = element.number("choicesStep") or 1
        if element.kind != "dropdown" or most <= least or step <= 0:
            return []
        count = int((most - least) // step) + 1
        room = max(MOST_OFFERED - len(element.list("choices")), 0)
        if count > room:
            why = f"a question has {MOST_OFFERED} at most; the first ones are kept"
            self.lose(element.where, f"{count - room} of its choices", why)
        return [Choice(js.calculate("+", least, at * step), None) for at in range(min(count, room))]

    def _texts_beside(self, layout: Layout) -> None:
        if any(choice.value == OTHER and choice.raw.get("special") for choice in layout.offered.values()):
            layout.other = f"{layout.id}-other"
        if layout.element.flag("showCommentArea") and layout.type in COMMENTED:
            layout.comment = f"{layout.id}-comment"
        for name, choice in layout.offered.items():
            if choice.raw.get("showCommentArea") is True and not choice.raw.get("special"):
                layout.remarks[name] = self.names.take(f"{layout.id}_{name}_comment")

    def _unoffered(self, layout: Layout) -> None:
        what = "where its choices come from" if layout.element.get("choicesByUrl") else "its choices"
        why = "formsite asks no other server for them" if layout.element.get("choicesByUrl") else "there are none"
        self.lose(layout.element.where, what, f"{why}; it is asked as a text. Add the choices by hand")
        layout.type = "short_text"

    def _matrix(self, layout: Layout) -> None:
        element = layout.element
        widest = MOST_COLUMNS if element.list("rows") else MOST_OFFERED
        columns = choices_of(element.get("columns"), element, "columns", self.lose, widest)
        layout.columns = self._ids(columns, local=True)
        layout.rows = self._ids(choices_of(element.get("rows"), element, "rows", self.lose, MOST_ROWS), local=True)
        if not layout.columns:
            self.lose(element.where, "its columns", "there are none, so there is nothing to choose; it is only shown")
            layout.type = "statement"
        elif not layout.rows:  # a matrix without rows is one question
            layout.type = "several_choices" if element.word("cellType") == "checkbox" else "single_choice"
            layout.offered, layout.columns = layout.columns, {}

    def _grid(self, layout: Layout) -> None:
        """A table in one field: its rows, and a column for each cell of the first one."""
        element = layout.element
        layout.rows = self._ids(choices_of(element.get("rows"), element, "rows", self.lose), local=True)
        ids = Names(choice=True)
        for cell in element.children[0].children:
            column = Layout(cell, layout.id, CELLS[cell.kind](cell), layout.order, layout.homes)
            if cell.kind in SELECTS:
                column.offered = self._ids(choices_of(cell.get("choices"), cell, "choices", self.lose))
            layout.grid[ids.take(re.sub(r"[-.]+", "_", cell.name))] = column

    @staticmethod
    def _ids(choices: Iterable[Choice], *, local: bool = False) -> dict[str, Choice]:
        ids = Names(choice=True)
        found = {}
        for choice in choices:
            text = js.text(choice.value)
            name = ids.take(re.sub(r"[-.]+", "_", text) if local else text)
            found[name] = choice
        return found

    def _carry(self) -> None:
        """Choices that come from another question."""
        for layout in list(self.of.values()):
            name = layout.element.word("choicesFromQuestion") if layout.element.kind in SELECTS else ""
            if not name:
                continue
            source = self.top.get(name.lower()) or next(
                (each for each in self.of.values() if each.element.name == name and each.homes == layout.homes), None
            )
            self._take_over(layout, source, name)

    def _take_over(self, layout: Layout, source: Layout | None, name: str) -> None:
        offered = {} if source is None else source.offered
        taken = {key: choice for key, choice in offered.items() if not choice.raw.get("special")}
        if source is None or not taken:
            entries = source is not None and source.element.repeats
            why = f"“{name}” has {'entries and ' if entries else ''}no choices to offer; add choices by hand"
            self.lose(layout.element.where, "the choices of another question", why)
            if not layout.offered:
                layout.type = "short_text"
                layout.comment = self.names.take(f"{layout.id}_comment") if layout.comment else ""
            return
        layout.source = source if source.order < layout.order else None
        if layout.source is None:
            self.lose(layout.element.where, "what was chosen in a later question", "all of its choices are offered")
        own = {key: choice for key, choice in layout.offered.items() if choice.raw.get("special")}
        carried = {key: Choice(each.value, each.text, {**each.raw, "carried": True}) for key, each in taken.items()}
        layout.offered = carried | {key: choice for key, choice in own.items() if key not in carried}


# -- terms -------------------------------------------------------------------------------------------------------------
def term_of(layout: Layout) -> Term:
    """What an expression finds where it names the element."""
    if layout.element.repeats:
        is_panel = layout.element.kind == "paneldynamic"
        return Records(layout.id, layout.inside, is_panel, layout.entries)
    if layout.type == GRID:
        return Table({js.text(row.value).lower(): Part(_grid_row(layout, name)) for name, row in layout.rows.items()})
    if layout.element.kind in ("matrixdropdown", "row") or (layout.element.kind == "multipletext" and not layout.type):
        return Table(layout.inside)
    if layout.type in ("matrix_one", "matrix_several"):
        rows = {
            js.text(row.value).lower(): (f"{layout.id}-{name}", row_term(layout, name))
            for name, row in layout.rows.items()
        }
        return Table({name: Part(term, path) for name, (path, term) in rows.items()})
    if layout.type == "several_texts":
        lines = {name.lower(): f"{layout.id}-{local}" for local, name in layout.items.items()}
        return Table({name: Part(Words(r.field(path)), path) for name, path in lines.items()})
    if layout.type == "number_range":
        return Present({"op": "answered", "field": layout.id})
    return _answer_term(layout, layout.id)


def _grid_row(layout: Layout, row: str) -> Table:
    cells = {
        column.element.value_name.lower(): (f"{layout.id}-{row}-{name}", column) for name, column in layout.grid.items()
    }
    return Table({name: Part(_answer_term(column, path), path) for name, (path, column) in cells.items()})


def _answer_term(layout: Layout, path: str) -> Term:
    """What the answer at a path is, to a question laid out so."""
    here = r.field(path)
    if layout.offered:
        return offered_term(path, layout.offered, several=layout.is_several, in_order=layout.type == "ranking")
    if layout.type in NUMBERED:
        return Number(here)
    if layout.type in SHAPES:
        return Day(here, SHAPES[layout.type])
    if layout.type == "yes_no":
        true, false = truth_values(layout.element)
        cases = ((true, True), (false, False))
        return Cases(tuple((js.read(held), r.compare("is", here, r.value(truth))) for held, truth in cases), path)
    if layout.type in PRESENT:
        return Present(r.known(here))
    return NOTHING if layout.type in ("", "statement", "computed") else Words(here)


def row_term(layout: Layout, row: str) -> Term:
    """The answer in one row of a matrix."""
    return offered_term(f"{layout.id}-{row}", layout.columns, several=layout.type == "matrix_several")


def offered_term(path: str, offered: Mapping[str, Choice], *, several: bool, in_order: bool = False) -> Term:
    """The answer to a question with choices."""
    op = "contains" if several else "is"
    rules = [(choice.value, r.compare(op, r.field(path), r.value(name))) for name, choice in offered.items()]
    if several:
        return Chosen(tuple(rules), path, in_order)
    return Cases(tuple((js.read(held), rule) for held, rule in rules), path)
