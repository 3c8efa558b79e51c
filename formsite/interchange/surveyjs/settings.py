"""What is set up about a field: choices, bounds, decimals, kinds of files, rows and columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from formsite.definition.document import Field
from formsite.definition.fieldtypes import registry
from formsite.definition.fieldtypes.files import MOST_FILES, MOST_MEGABYTES
from formsite.definition.logic.calendar import is_shaped
from formsite.definition.parts import Text
from formsite.definition.reading import faults_of
from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs import js
from formsite.interchange.surveyjs.conditions import Conditions
from formsite.interchange.surveyjs.elements import Choice, Element, Lose
from formsite.interchange.surveyjs.kinds import COMMENTED, scale, selected
from formsite.interchange.surveyjs.layouts import Layout
from formsite.interchange.surveyjs.limits import decimals_of
from formsite.interchange.surveyjs.masks import mask_settings
from formsite.interchange.surveyjs.texts import Texts

Item = dict[str, Any]
BOUNDED = frozenset(
    {
        "number",
        "slider",
        "number_range",
        "date",
        "time",
        "date_time",
        "month",
        "rating",
        "pattern_text",
        "file",
        "short_text",
        "long_text",
    }
)
STARS = {"stars": "stars", "smileys": "faces"}
LONGEST_TEXT = 20_000


class Settings:
    """Makes the settings of fields."""

    def __init__(self, conditions: Conditions, texts: Texts) -> None:
        self.conditions = conditions
        self.layouts = conditions.layouts
        self.texts_of = texts
        self.lose: Lose = conditions.lose

    def of(self, layout: Layout) -> Item:
        """The settings of a field."""
        if layout.offered:
            return self._choosing(layout)
        maker = _MAKERS.get(layout.type)
        return self._sound(layout, maker(self, layout)) if maker else {}

    def _sound(self, layout: Layout, settings: Item) -> Item:
        """The settings, if there is an answer that fits them."""
        if layout.type not in BOUNDED or not settings:
            return settings
        kind = registry.get(layout.type)
        try:
            held = kind.Settings.model_validate(settings)
            faults = kind.faults(Field.model_construct(id=layout.id, type=layout.type, label=Text({}), settings=held))
        except ValidationError as error:
            faults = list(faults_of(error))
        if not faults:
            return settings
        self.lose(layout.element.where, "its bounds", f"{faults[0].what}; any answer of its kind is taken")
        return {"decimals": 9} if layout.type == "number" else {}

    def _choosing(self, layout: Layout) -> Item:
        element = layout.element
        common = "areasVisibleIf" if element.kind == "imagemap" else "choicesVisibleIf"
        whole = layout.source if layout.source and not _has_special(layout.source) else None
        own = [
            (name, choice) for name, choice in layout.offered.items() if whole is None or not choice.raw.get("carried")
        ]
        settings: Item = {"choices": [self._choice(layout, name, choice, common) for name, choice in own]}
        order = element.word("choicesOrder", "none")
        if order in ("asc", "desc"):
            plain = [each for each in settings["choices"] if not each.get("fixed")]
            plain.sort(key=lambda each: _sorting(next(iter(each["label"].values()))), reverse=order == "desc")
            settings["choices"] = [*plain, *(each for each in settings["choices"] if each.get("fixed"))]
        elif order == "random":
            settings["random"] = True
        if whole is not None:
            settings["choices_from"] = {"field": whole.id, "which": _which(element)}
        if layout.comment and layout.type in COMMENTED:
            settings["comment"] = True
        if layout.is_several:
            _, most = selected(element)
            if most and 1 <= most <= 2_000:
                settings["max_choices"] = int(most)
        self._unbrought(element)
        return settings

    def _unbrought(self, element: Element) -> None:
        if element.get("choicesByUrl"):
            self.lose(
                element.where, "choicesByUrl", "formsite asks no other server; the choices are those that stand here"
            )
        if element.flag("showSelectAllItem"):
            self.lose(element.where, "showSelectAllItem", "formsite has no box that ticks all")
        if element.flag("choicesLazyLoadEnabled"):
            self.lose(element.where, "choicesLazyLoadEnabled", "the choices come from a program beside the survey")
        if element.flag("allowCustomChoices"):
            self.lose(element.where, "allowCustomChoices", "customers choose from what is offered")
        if element.kind == "imagemap":
            self.lose(element.where, "its picture with areas", "the areas are choices with words")

    def _choice(self, layout: Layout, name: str, choice: Choice, common: str) -> Item:
        element = layout.element
        place = self.conditions.place(element)
        key = str(choice.raw.get("special", ""))
        usual = self.texts_of.usual(js.text(choice.value)) if key else self.texts_of.bare(js.text(choice.value))
        if element.kind == "boolean":
            usual = self.texts_of.usual("true" if choice is _true_of(layout) else "false")
        words = self.texts_of.plain(choice.text, place, element.where)
        made: Item = {"id": name, "label": words or usual}
        if key:
            made["fixed"] = True
            made |= (
                {"other": True}
                if key == "showOtherItem"
                else {"exclusive": True}
                if layout.type == "several_choices"
                else {}
            )
            return made
        if choice.raw.get("isExclusive") is True and layout.type == "several_choices":
            made["exclusive"] = True
        if choice.raw.get("randomize") is False:
            made["fixed"] = True
        if isinstance(score := choice.raw.get("score"), int | float) and not isinstance(score, bool):
            made["score"] = score
        if choice.raw.get("imageLink"):
            self.lose(
                element.where,
                f"the picture of “{js.text(choice.value)}”",
                "formsite shows no pictures of other servers; upload it",
            )
        shown = self.conditions.offered(element, choice, common)
        if layout.source is not None and choice.raw.get("carried"):
            shown = r.every(shown, self._carried(layout.source, choice, _which(element)))
        return made | ({"shown_if": shown} if shown != r.YES else {})

    @staticmethod
    def _carried(source: Layout, choice: Choice, which: str) -> Rule:
        """A choice of another question that has some of its own beside: offered by itself, with a condition."""
        name = source.choice_id(choice.value)
        if which == "all" or name is None:
            return r.YES
        op = "contains" if source.is_several else "is"
        chosen = r.compare(op, r.field(source.id), r.value(name))
        return chosen if which == "chosen" else r.opposite(chosen)

    def text(self, layout: Layout) -> Item:
        """How long a text may be."""
        element, settings = layout.element, Item()
        most = element.number("maxLength")
        root = self.layouts.root
        if most is None or most < 0:
            most = root.number("maxTextLength")
        if most and 1 <= most <= LONGEST_TEXT:
            settings["max_length"] = int(most)
        if layout.type != "short_text" and layout.type != "long_text":
            return {}
        if element.word("inputType") in ("tel", "password", "week", "search"):
            why = {
                "tel": "any text is taken, as there; choose “phone” to have numbers checked",
                "password": "formsite asks for no passwords; what is typed is seen",
                "week": "formsite asks for no weeks; it is a text",
                "search": "it is a text",
            }[element.word("inputType")]
            self.lose(element.where, f"inputType {element.word('inputType')}", why)
        if element.list("dataList"):
            self.lose(element.where, "dataList", "formsite suggests nothing while somebody types")
        return settings

    def masked(self, layout: Layout) -> Item:
        """The shape of a text."""
        return mask_settings(layout.element, self.lose)

    def number(self, layout: Layout) -> Item:
        """Bounds, decimals and the unit."""
        element, settings = layout.element, Item()
        step = element.number("step")
        places = decimals_of(step) if step and step > 0 else None
        settings["decimals"] = 9 if places is None else places
        mask = element.get("maskSettings")
        held = mask if isinstance(mask, dict) and element.word("maskType") in ("numeric", "currency") else {}
        for name in ("min", "max"):
            bound = js.number(held.get(name)) if held.get(name) is not None else None
            if (
                bound is None
                and element.get(f"{name}ErrorText") is None
                and not element.condition(f"{name}ValueExpression")
            ):
                bound = element.number(name)
            if bound is not None:
                settings[name] = bound
        if held and held.get("allowNegativeValues") is False:
            settings.setdefault("min", 0)
        precision = js.number(held.get("precision", 2)) if held else None
        if precision is not None and 0 <= precision <= 9:
            settings["decimals"] = int(precision)
        unit = " ".join(str(held[name]).strip() for name in ("prefix", "suffix") if isinstance(held.get(name), str))
        return settings | ({"unit": self.texts_of.bare(unit.strip())} if unit.strip() else {})

    def day(self, layout: Layout) -> Item:
        """Bounds that are the same for all and have no words of their own."""
        kind, settings = {"date": "DATE", "time": "TIME", "date_time": "MOMENT", "month": "MONTH"}[layout.type], Item()
        for name, bound in (("min", "earliest"), ("max", "latest")):
            held = layout.element.get(name)
            own = layout.element.get(f"{name}ErrorText") is not None
            if isinstance(held, str) and is_shaped(held.strip(), kind) and not own:
                settings[bound] = held.strip()
        return settings

    def rating(self, layout: Layout) -> Item:
        """The ends of the scale and their words."""
        element, place = layout.element, self.conditions.place_of(layout)
        least, _, count = scale(element)
        settings: Item = {"from": int(least), "to": int(least) + count - 1}
        if (look := STARS.get(element.word("rateType"))) and (look != "faces" or count == 5):
            settings["look"] = look
        for name, key in (("minRateDescription", "low_label"), ("maxRateDescription", "high_label")):
            if words := self.texts_of.plain(element.get(name), place, element.where):
                settings[key] = words
        return settings

    def slider(self, layout: Layout) -> Item:
        """The ends and the step."""
        element = layout.element
        least, most = element.number("min"), element.number("max")
        settings: Item = {"min": 0 if least is None else least, "max": 100 if most is None else most}
        step = element.number("step")
        if layout.type == "number_range":
            return settings | {"decimals": 0 if not step else decimals_of(step) or 0}
        return settings | ({"step": step} if step and step > 0 else {})

    def files(self, layout: Layout) -> Item:
        """Which files, how many and how large."""
        element, settings = layout.element, Item()
        most = int(min(max(element.number("maxFiles") or 10, 1), MOST_FILES)) if element.flag("allowMultiple") else 1
        size = element.number("maxSize")
        megabytes = int(min(max(-(-size // (1024 * 1024)), 1), MOST_MEGABYTES)) if size and size > 0 else 10
        if most * megabytes > MOST_MEGABYTES:
            megabytes = MOST_MEGABYTES // most
            self.lose(element.where, "how large its files may be", f"{megabytes} MB each, as all must fit on a page")
        if most > 1:
            settings["most_files"] = most
        if megabytes != 10 or (size and size > 0):
            settings["max_megabytes"] = megabytes
        return settings | file_kinds(element)

    def matrix(self, layout: Layout) -> Item:
        """Rows, and what each of them offers."""
        element, place = layout.element, self.conditions.place(layout.element)
        rows, columns = [], []
        for name, row in layout.rows.items():
            words = self.texts_of.plain(row.text, place, element.where) or self.texts_of.bare(js.text(row.value))
            shown = self.conditions.offered(element, row, "rowsVisibleIf", "row")
            rows.append({"id": name, "label": words} | ({"shown_if": shown} if shown != r.YES else {}))
        for name, column in layout.columns.items():
            words = self.texts_of.plain(column.text, place, element.where) or self.texts_of.bare(js.text(column.value))
            shown = self.conditions.offered(element, column, "columnsVisibleIf", "column")
            made: Item = {"id": name, "label": words} | ({"shown_if": shown} if shown != r.YES else {})
            if column.raw.get("isExclusive") is True and layout.type == "matrix_several":
                made["exclusive"] = True
            columns.append(made)
        settings: Item = {"rows": rows, "columns": columns}
        settings["compulsory_rows"] = "all" if element.flag("eachRowRequired") else "any"
        if element.word("rowOrder") == "random":
            settings["random"] = True
        if element.flag("eachRowUnique") and layout.type == "matrix_one":
            settings["each_row_unique"] = True
        if element.get("cells"):
            self.lose(element.where, "the words of its cells", "each cell says what its column says")
        return settings

    def grid(self, layout: Layout) -> Item:
        """Rows, and columns of different types."""
        element, place = layout.element, self.conditions.place(layout.element)
        rows, columns = [], []
        for name, row in layout.rows.items():
            words = self.texts_of.plain(row.text, place, element.where) or self.texts_of.bare(js.text(row.value))
            shown = self.conditions.offered(element, row, "rowsVisibleIf", "row")
            rows.append({"id": name, "label": words} | ({"shown_if": shown} if shown != r.YES else {}))
        for name, column in layout.grid.items():
            cell = column.element
            words = self.texts_of.plain(cell.get("title"), place, element.where) or self.texts_of.bare(cell.name)
            made: Item = {"id": name, "label": words, "type": column.type}
            if settings := self._cell(column, layout):
                made["settings"] = settings
            columns.append(made | ({"compulsory": True} if cell.flag("isRequired") else {}))
        settings = {"rows": rows, "columns": columns, "compulsory_rows": "any"}
        return settings | ({"random": True} if element.word("rowOrder") == "random" else {})

    def _cell(self, column: Layout, layout: Layout) -> Item:
        """What is set up about the cells of a column."""
        if not column.offered:
            maker = _MAKERS.get(column.type)
            return self._sound(column, maker(self, column)) if maker else {}
        place = self.conditions.place(layout.element)
        choices = []
        for name, choice in column.offered.items():
            words = self.texts_of.plain(choice.text, place, layout.element.where)
            choices.append({"id": name, "label": words or self.texts_of.bare(js.text(choice.value))})
        return {"choices": choices}

    def texts(self, layout: Layout) -> Item:
        """The lines."""
        place, items = self.conditions.place(layout.element), []
        children = {child.name: child for child in layout.element.children}
        for local, name in layout.items.items():
            words = self.texts_of.plain(children[name].get("title"), place, layout.element.where)
            items.append({"id": local, "label": words or self.texts_of.bare(name)})
        every = any(child.flag("isRequired") for child in layout.element.children)
        return {"items": items, "compulsory_rows": "all" if every else "any"}


_MAKERS: dict[str, Callable[[Settings, Layout], Item]] = {
    "short_text": Settings.text,
    "long_text": Settings.text,
    "pattern_text": Settings.masked,
    "number": Settings.number,
    "date": Settings.day,
    "time": Settings.day,
    "date_time": Settings.day,
    "month": Settings.day,
    "rating": Settings.rating,
    "slider": Settings.slider,
    "number_range": Settings.slider,
    "file": Settings.files,
    "matrix_one": Settings.matrix,
    "matrix_several": Settings.matrix,
    "several_texts": Settings.texts,
    "matrix_mixed": Settings.grid,
}
CATEGORIES = {
    "image": ["image"],
    "video": ["video"],
    "audio": ["audio"],
    "document": ["document", "pdf", "sheet", "text"],
    "archive": [],
}
ENDINGS = {
    "image": ("image/", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic"),
    "pdf": (".pdf", "application/pdf"),
    "document": (".doc", ".odt", ".rtf", "msword", "wordprocessing"),
    "sheet": (".xls", ".ods", ".csv", "spreadsheet", "ms-excel"),
    "text": (".txt", "text/"),
    "audio": ("audio/", ".mp3", ".wav", ".m4a"),
    "video": ("video/", ".mp4", ".mov", ".webm"),
}


def _which(element: Element) -> str:
    return {"selected": "chosen", "unselected": "unchosen"}.get(element.word("choicesFromQuestionMode"), "all")


def _has_special(layout: Layout) -> bool:
    """Whether a question has choices of its own making, which others do not take over."""
    return any(choice.raw.get("special") for choice in layout.offered.values())


def file_kinds(element: Element) -> Item:
    """The kinds of files that are taken, where the source says so."""
    kinds: dict[str, None] = {}
    for category in element.list("acceptedCategories"):
        kinds |= dict.fromkeys(CATEGORIES.get(str(category), []))
    accepted = element.word("acceptedTypes").lower()
    for kind, marks in ENDINGS.items():
        if any(mark in accepted for mark in marks):
            kinds[kind] = None
    return (
        {"types": list(kinds)} if kinds else {"types": ["image", "pdf", "document", "sheet", "text", "audio", "video"]}
    )


def _true_of(layout: Layout) -> Choice:
    held = layout.element.get("valueTrue")
    wanted = True if js.is_empty(held) else held
    return next(
        choice for choice in layout.offered.values() if choice.value == wanted and type(choice.value) is type(wanted)
    )


def _sorting(words: str) -> tuple[float, str]:
    """Texts as the engine sorts them: by the numbers they begin with, else as words."""
    found = re.match(r"\d+", words.strip())
    return (float(found[0]) if found else float("inf"), words.strip())
