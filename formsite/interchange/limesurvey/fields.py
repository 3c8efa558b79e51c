"""Questions -> fields: each type of LimeSurvey as the type of formsite that asks the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from formsite.definition.fieldtypes.composites import MOST_ROWS
from formsite.definition.fieldtypes.files import MOST_FILES, MOST_MEGABYTES
from formsite.definition.fieldtypes.ranking import MOST_RANKED
from formsite.foundation.filekinds import ENDINGS
from formsite.interchange.limesurvey import arrays, bounds
from formsite.interchange.limesurvey.layouts import OTHER, Layout
from formsite.interchange.limesurvey.making import MOST_DECIMALS, Item, Making
from formsite.interchange.rules import Rule
from formsite.interchange.limesurvey.survey import Answer, Question, Survey
from formsite.interchange.limesurvey.texts import Report, Text, Texts
from formsite.interchange.limesurvey.validation import bounded_ranking, number_of_places
from formsite.interchange.limesurvey.variables import date_type

MANY_CHOICES = 30
LONG = 300
UNUSED = {
    "time_limit": "formsite has no time limits",
    "location_mapservice": "a place is typed as text; formsite has a type for places",
    "slider_layout": "the numbers are typed; a single number may be a slider",
    "show_totals": "totals are not drawn; compute them by fields of their own",
    "show_grand_total": "totals are not drawn; compute them by fields of their own",
    "category_separator": "there are no headings among choices; each says its category too",
    "parent_order": "the order is that of the survey",
    "location_city": "formsite finds no places by the address of a machine",
    "cssclass": "looks are those of the form",
    "placeholder": "nothing stands in a control before it is filled in; put it into the help",
}
"""Attributes with an effect that has no place, and what is instead."""
WITHOUT_EFFECT = frozenset({"", "0", "N", "X", "no", "false"})
LANGUAGES_OWN = re.compile(r"^[a-z]{2,3}")


@dataclass(slots=True)
class Fields:
    """Builds the field of one question after the other."""

    survey: Survey
    texts: Texts
    report: Report
    tags: tuple[str, ...]

    def build(self, question: Question, layout: Layout, rows: Mapping[str, Rule]) -> Item:
        """The field; `rows` are the conditions of its sub-questions and choices by code."""
        makers: dict[str, Callable[[Making], Item]] = {
            "5": _five, "G": _single, "Y": _yes_no, "I": _single, "L": _single, "!": _single, "O": _single,
            "A": arrays.array, "B": arrays.array, "C": arrays.array, "E": arrays.array, "F": arrays.array, "H": arrays.array,
            "1": arrays.dual, ":": arrays.numbers_array, ";": arrays.texts_array, "K": _several_numbers, "Q": _several_texts,
            "M": _boxes, "P": _boxes, "R": _ranking, "X": _statement, "|": _file, "D": _date, "N": _number,
            "S": _short, "T": _long, "U": _long,
        }  # fmt: skip
        making = Making(self.survey, self.texts, self.report, self.tags, question, layout, rows)
        item = makers[question.type](making)
        if question.scripted:
            making.lose("its script", "formsite runs no scripts of surveys; use rules")
        if question.theme.startswith("image_select"):
            making.lose(
                "its pictures", "their addresses stand in place of them; put in words, and pictures of the form"
            )
        for attribute, why in UNUSED.items():
            if question.attribute(attribute) not in WITHOUT_EFFECT:
                making.lose(attribute, why)
        return item | {"id": layout.id, "label": making.label()} | making.hint()


# -- one answer ------------------------------------------------------------------------------------------------------
def _five(_making: Making) -> Item:
    return {"type": "rating", "settings": {"from": 1, "to": 5}}


def _yes_no(_making: Making) -> Item:
    return {"type": "yes_no"}


def _single(making: Making) -> Item:
    question = making.question
    if question.type == "G":
        choices = making.preset()
    elif question.type == "I":
        making.lose("the change of language", "an answer changes none; the form has its own choice of languages")
        choices = [
            {"id": name, "label": _language_name(code, making.tags[0])} for code, name in making.layout.choices.items()
        ]
    else:
        choices = making.with_other(making.answers(_ordered(question, making), making.layout.choices))
    settings: Item = {"choices": choices} | making.chance("answer_order")
    if question.type == "O":
        settings["comment"] = True
    dropdown = question.type == "!" or len(choices) > MANY_CHOICES
    return {"type": "dropdown" if dropdown else "single_choice", "settings": settings}


def _ordered(question: Question, making: Making) -> list[Answer]:
    listed = question.scale(0)
    if question.flag("alphasort") or question.attribute("answer_order") == "alphabetical":
        base = making.survey.languages[0]
        return sorted(listed, key=lambda answer: answer.words.get(base, "").casefold())
    return listed


def _language_name(code: str, tag: str) -> Text:
    from babel import Locale, UnknownLocaleError  # only importers need it

    base = LANGUAGES_OWN.match(code)
    try:
        own = Locale(base[0]).get_display_name(base[0]) if base else None
    except (UnknownLocaleError, ValueError):
        own = None
    return {tag: (own or re.sub(r"[^\w-]", "", code) or "?").capitalize()}


def _number(making: Making) -> Item:
    whole = making.question.flag("num_value_int_only")
    settings: Item = {"decimals": 0 if whole else MOST_DECIMALS}
    least, most = (making.number(attribute) for attribute in ("min_num_value_n", "max_num_value_n"))
    return {"type": "number", "settings": settings | making.between(least, most, whole=whole) | making.unit()}


def _short(making: Making) -> Item:
    if making.question.flag("numbers_only"):
        return _number(making)
    making.lose_texts_beside()
    return {"type": "short_text", "settings": making.longest(1_000)}


def _long(making: Making) -> Item:
    return {"type": "long_text", "settings": making.longest(20_000)}


def _date(making: Making) -> Item:
    kind = date_type(making.question)
    settings: Item = {}
    for name, attribute in (("earliest", "date_min"), ("latest", "date_max")):
        if bound := bounds.setting(making.question.attribute(attribute), attribute, kind):
            settings[name] = bound
    form = making.question.attribute("date_format")
    if kind == "date" and form and not all(letter in form for letter in "dmy"):
        making.lose(f"the date format “{form[:40]}”", "a whole day is asked for; take another type if that is too much")
    if settings.get("earliest", "") > settings.get("latest", "~") and "today" not in settings.values():
        making.lose("its bounds", "no day lies within them; set them by hand")
        settings = {}
    return {"type": kind, "settings": settings}


def _file(making: Making) -> Item:
    return {"type": "file", "settings": _file_settings(making)}


def _file_settings(making: Making) -> Item:
    question = making.question
    settings: Item = {}
    endings = [ending.strip().lower().lstrip(".") for ending in question.attribute("allowed_filetypes").split(",")]
    kinds = dict.fromkeys(kind for ending in endings for kind, known in ENDINGS.items() if ending in known)
    unknown = [ending for ending in endings if ending and all(ending not in known for known in ENDINGS.values())]
    if kinds:
        settings["types"] = list(kinds)
    if unknown:
        making.lose(
            f"files of the kinds {', '.join(unknown)}", "formsite tells kinds by their content; choose among its own"
        )
    if (making.number("min_num_of_files") or 0) > 1:
        making.lose("min_num_of_files", "one file is enough; say in the question how many you want")
    if beside := [name.removeprefix("show_") for name in ("show_title", "show_comment") if question.flag(name)]:
        making.lose(f"the {' and '.join(beside)} of each file", "a file comes alone; ask for it by a field of its own")
    most = int(making.number("max_num_of_files") or 1)
    settings["most_files"] = max(1, min(most, MOST_FILES))
    if size := making.number("max_filesize"):
        settings["max_megabytes"] = max(1, min(-int(-size // 1024), MOST_MEGABYTES // settings["most_files"]))
    return settings


def _statement(making: Making) -> Item:
    body = making.texts.formatted(making.question.words, making.place, making.question.code)
    long = any(len(text) > LONG or "\n\n" in text for text in body.values())
    return {"type": "statement", "settings": {"body": body} if long else {}}


# -- several answers -------------------------------------------------------------------------------------------------
def _boxes(making: Making) -> Item:
    question, layout = making.question, making.layout
    exclusive = [code.strip() for code in question.attribute("exclude_all_others").split(";")]
    choices = making.lines(question.rows(), layout.choices)
    worth = making.worth(question.attribute("assessment_value") or "1")
    alone = {layout.choices[each.code] for each in question.rows() if {each.code, each.former} & set(exclusive)}
    for choice in choices:
        choice.update(worth | ({"exclusive": True} if choice["id"] in alone else {}))
    choices = making.with_other(choices)
    if "other" in exclusive and layout.has_other:
        next(choice for choice in choices if choice["id"] == layout.choices[OTHER])["exclusive"] = True
    settings: Item = {"choices": choices} | making.chance("subquestion_order")
    most = making.number("max_answers")
    if most and most.is_integer() and 1 <= most < len(choices):
        settings["max_choices"] = int(most)
    if question.type == "P":
        settings["comments"] = True
    if question.type == "P" and question.attribute("commented_checkbox") in ("unchecked", "allways"):
        making.lose(
            "commented_checkbox", "comments stand beside what is chosen; ask for others by a field of their own"
        )
    if question.flag("exclude_all_others_auto"):
        making.lose("exclude_all_others_auto", "nothing is chosen for the customer")
    return {"type": "several_choices", "settings": settings}


def _ranking(making: Making) -> Item:
    question, layout = making.question, making.layout
    rows = {each.code: each.words for each in question.rows()}
    words = rows or {answer.code: answer.words for answer in question.scale(0)}
    choices = [
        {"id": name, "label": making.say(words.get(code, {}), code)} | making.condition(code)
        for code, name in layout.choices.items()
    ]
    settings: Item = {"choices": making.few(choices, MOST_RANKED, "answers")}
    places = number_of_places(question)
    if 1 <= places < len(choices):
        settings["max_choices"] = places
    if bounded_ranking(question):
        settings["min_choices"] = 1
    return {"type": "ranking", "settings": settings | making.chance("answer_order", "subquestion_order")}


def _several_numbers(making: Making) -> Item:
    whole = making.question.flag("num_value_int_only")
    settings = _items(making) | {"decimals": 0 if whole else MOST_DECIMALS} | making.unit()
    bounds_ = (("min_num_value_n", "slider_min"), ("max_num_value_n", "slider_max"))
    named = (next((name for name in names if making.question.attribute(name)), "") for names in bounds_)
    least, most = (making.number(name) for name in named)
    return {"type": "several_numbers", "settings": settings | making.between(least, most, whole=whole)}


def _several_texts(making: Making) -> Item:
    if making.question.flag("numbers_only"):
        return {"type": "several_numbers", "settings": _items(making) | {"decimals": MOST_DECIMALS}}
    making.lose_texts_beside()
    return {"type": "several_texts", "settings": _items(making) | making.longest(1_000)}


def _items(making: Making) -> Item:
    items = making.few(making.lines(making.question.rows(), making.layout.rows), MOST_ROWS, "items")
    return {"items": items} | making.chance("subquestion_order")
