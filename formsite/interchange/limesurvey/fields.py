"""Questions -> fields: each type of LimeSurvey as the type of formsite that asks the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from formsite.definition.fieldtypes.composites import MOST_ROWS
from formsite.definition.fieldtypes.files import MOST_FILES, MOST_MEGABYTES
from formsite.definition.fieldtypes.matrices import MOST_CELLS, MOST_COLUMNS
from formsite.definition.fieldtypes.ranking import MOST_RANKED
from formsite.foundation.filekinds import ENDINGS
from formsite.interchange.limesurvey import rules as r
from formsite.interchange.limesurvey.layouts import OTHER, SCALES, Layout
from formsite.interchange.limesurvey.rules import Rule
from formsite.interchange.limesurvey.sayings import CODES, say
from formsite.interchange.limesurvey.survey import Answer, Question, SubQuestion, Survey, Words
from formsite.interchange.limesurvey.texts import Report, Text, Texts
from formsite.interchange.limesurvey.translation import Place
from formsite.interchange.limesurvey.validation import PLAIN, bounded_ranking, written_day
from formsite.interchange.limesurvey.variables import date_type

Item = dict[str, Any]
MANY_CHOICES = 30
MOST_DECIMALS = 9
LONG = 300
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
        makers: dict[str, Callable[[_Making], Item]] = {
            "5": _five, "G": _single, "Y": _yes_no, "I": _single, "L": _single, "!": _single, "O": _single,
            "A": _array, "B": _array, "C": _array, "E": _array, "F": _array, "H": _array,
            "1": _dual, ":": _numbers_array, ";": _texts_array, "K": _several_numbers, "Q": _several_texts,
            "M": _boxes, "P": _boxes, "R": _ranking, "X": _statement, "|": _file, "D": _date, "N": _number,
            "S": _short, "T": _long, "U": _long,
        }  # fmt: skip
        making = _Making(self, question, layout, rows)
        maker = makers.get(question.type)
        if maker is None:
            self.report(question.code, f"the question type “{question.type}”", "it is asked as text; choose a type")
            maker = _long
        elif lacking := _lacking(layout):
            self.report(question.code, f"its {lacking}", "the archive has none, so it is asked as text; add them")
            maker = _long
        item = maker(making)
        return item | {"id": layout.id, "label": making.label()} | making.hint()


def _lacking(layout: Layout) -> str:
    """What a question needs and does not have."""
    kind = layout.question.type
    if kind in "ABCEFH1:;KQ" and not layout.rows:
        return "sub-questions"
    if kind in ":;" and not layout.columns:
        return "columns"
    if kind == "1":
        return "" if any(layout.scales) else "answers"
    return "answers" if kind in "LMOPRFH!" and not layout.choices else ""


@dataclass(slots=True)
class _Making:
    """One field while it is made."""

    fields: Fields
    question: Question
    layout: Layout
    rows: Mapping[str, Rule]

    # -- words -------------------------------------------------------------------------------------------------------
    @property
    def place(self) -> Place:
        return Place(self.question)

    def say(self, words: Words, fallback: str) -> Text:
        """Words in one line, or what stands for them."""
        said = self.fields.texts.plain(words, self.place, self.question.code)
        return said or {self.fields.tags[0]: fallback}

    def label(self) -> Text:
        return self.say(self.question.words, self.question.code)

    def hint(self) -> Item:
        """The help, and what the engine writes before and after an answer."""
        said = self.fields.texts.plain(self.question.help, self.place, self.question.code)
        return {"hint": said} if said else {}

    def attribute_words(self, name: str) -> Text:
        """What an attribute says, in every language."""
        words = {language: self.question.attribute(name, language) for language in self.fields.survey.languages}
        return self.fields.texts.plain(words, self.place, self.question.code)

    def fixed(self, key: str) -> Text:
        return say(key, self.fields.tags)

    def lose(self, what: str, why: str) -> None:
        self.fields.report(self.question.code, what, why)

    # -- what is offered ---------------------------------------------------------------------------------------------
    def answers(self, listed: Iterable[Answer], ids: Mapping[str, str]) -> list[Item]:
        """Answers as choices, each under its condition."""
        found = []
        for answer in listed:
            choice: Item = {"id": ids[answer.code], "label": self.say(answer.words, answer.code)}
            found.append(choice | self.condition(answer.code) | self.score(answer))
        return found

    def score(self, answer: Answer) -> Item:
        """What an answer is worth, where the survey assesses."""
        if self.fields.survey.settings.get("assessments") != "Y" or not re.fullmatch(
            r"-?\d{1,9}", answer.value.strip()
        ):
            return {}
        return {"score": int(answer.value)}

    def condition(self, code: str) -> Item:
        rule = self.rows.get(code, r.YES)
        return {} if rule == r.YES else {"shown_if": rule}

    def lines(self, listed: Iterable[SubQuestion], ids: Mapping[str, str]) -> list[Item]:
        """Sub-questions as rows or items."""
        return [
            {"id": ids[each.code], "label": self.say(each.words, each.code)} | self.condition(each.code)
            for each in listed
        ]

    def preset(self) -> list[Item]:
        """The choices that a type brings with it."""
        return [
            {"id": name, "label": self.fixed(CODES[code]) if code in CODES else {self.fields.tags[0]: code}}
            for code, name in self.layout.choices.items()
        ]

    def other(self) -> list[Item]:
        """The choice that opens a text."""
        if not self.layout.has_other:
            return []
        label = self.attribute_words("other_replace_text") or self.fixed("other")
        return [{"id": self.layout.choices[OTHER], "label": label, "other": True} | self.condition("other")]

    def few(self, found: list[Item], most: int, what: str) -> list[Item]:
        """As many as formsite's types take."""
        if len(found) > most:
            self.lose(f"its {what} after the first {most}", "formsite takes no more; make two questions of it")
        return found[:most]

    def chance(self, *names: str) -> Item:
        """Whether what is offered stands in an order of chance."""
        by_flag = self.question.flag("random_order")
        by_order = any(self.question.attribute(name) == "random" for name in names)
        return {"random": True} if by_flag or by_order else {}

    def number(self, attribute: str) -> float | None:
        """An attribute that is a plain number."""
        held = self.question.attribute(attribute) if attribute else ""
        return float(held.replace(",", ".")) if PLAIN.fullmatch(held) else None

    def longest(self, most: int) -> Item:
        held = self.number("maximum_chars")
        return {"max_length": min(int(held), most)} if held and held >= 1 else {}


# -- one answer ------------------------------------------------------------------------------------------------------
def _five(_making: _Making) -> Item:
    return {"type": "rating", "settings": {"from": 1, "to": 5}}


def _yes_no(_making: _Making) -> Item:
    return {"type": "yes_no"}


def _single(making: _Making) -> Item:
    question = making.question
    if question.type == "G":
        choices = making.preset()
    elif question.type == "I":
        choices = [{"id": name, "label": _language_name(code)} for code, name in making.layout.choices.items()]
    else:
        choices = making.answers(_ordered(question, making), making.layout.choices) + making.other()
    settings: Item = {"choices": choices} | making.chance("answer_order")
    if question.type == "O":
        settings["comment"] = True
    dropdown = question.type == "!" or len(choices) > MANY_CHOICES
    return {"type": "dropdown" if dropdown else "single_choice", "settings": settings}


def _ordered(question: Question, making: _Making) -> list[Answer]:
    listed = question.scale(0)
    if question.flag("alphasort") or question.attribute("answer_order") == "alphabetical":
        base = making.fields.survey.languages[0]
        return sorted(listed, key=lambda answer: answer.words.get(base, "").casefold())
    return listed


def _language_name(code: str) -> Text:
    from babel import Locale, UnknownLocaleError  # only importers need it

    base = LANGUAGES_OWN.match(code)
    try:
        own = Locale(base[0]).get_display_name(base[0]) if base else None
    except (UnknownLocaleError, ValueError):
        own = None
    return {"en": (own or code).capitalize()}


def _number(making: _Making) -> Item:
    whole = making.question.flag("num_value_int_only")
    settings: Item = {"decimals": 0 if whole else MOST_DECIMALS}
    for name, attribute in (("min", "min_num_value_n"), ("max", "max_num_value_n")):
        if (bound := making.number(attribute)) is not None:
            settings[name] = bound
    return {"type": "number", "settings": settings | _unit(making)}


def _unit(making: _Making) -> Item:
    """What stands after a number; what stands before it is lost."""
    if making.question.attribute("prefix"):
        making.lose("the text before the answer", "formsite has a unit behind a number; put it into the question")
    unit = making.attribute_words("suffix")
    return {"unit": unit} if unit and not any("{{" in said for said in unit.values()) else {}


def _short(making: _Making) -> Item:
    if making.question.flag("numbers_only"):
        return _number(making)
    for attribute in ("prefix", "suffix"):
        if making.question.attribute(attribute):
            making.lose("the text beside the answer", "formsite has none beside a text; put it into the question")
    return {"type": "short_text", "settings": making.longest(1_000)}


def _long(making: _Making) -> Item:
    return {"type": "long_text", "settings": making.longest(20_000)}


def _date(making: _Making) -> Item:
    kind = date_type(making.question, making.fields.survey)
    settings: Item = {}
    for name, attribute in (("earliest", "date_min"), ("latest", "date_max")):
        if kind == "date" and (day := written_day(making.question.attribute(attribute), attribute)):
            settings[name] = day
    return {"type": kind, "settings": settings}


def _file(making: _Making) -> Item:
    return {"type": "file", "settings": _file_settings(making)}


def _file_settings(making: _Making) -> Item:
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
    most = int(making.number("max_num_of_files") or 1)
    settings["most_files"] = max(1, min(most, MOST_FILES))
    if size := making.number("max_filesize"):
        settings["max_megabytes"] = max(1, min(-int(-size // 1024), MOST_MEGABYTES // settings["most_files"]))
    return settings


def _statement(making: _Making) -> Item:
    body = making.fields.texts.formatted(making.question.words, making.place, making.question.code)
    long = any(len(text) > LONG or "\n\n" in text for text in body.values())
    return {"type": "statement", "settings": {"body": body} if long else {}}


# -- several answers -------------------------------------------------------------------------------------------------
def _boxes(making: _Making) -> Item:
    question, layout = making.question, making.layout
    exclusive = [code.strip() for code in question.attribute("exclude_all_others").split(";")]
    choices = making.lines(question.rows(), layout.choices)
    for choice, each in zip(choices, question.rows(), strict=True):
        if each.code in exclusive or each.former in exclusive:
            choice["exclusive"] = True
    choices += making.other()
    settings: Item = {"choices": choices} | making.chance("subquestion_order")
    most = making.number("max_answers")
    if most and most.is_integer() and 1 <= most < len(choices):
        settings["max_choices"] = int(most)
    if question.type == "P":
        settings["comments"] = True
    if question.flag("exclude_all_others_auto"):
        making.lose("exclude_all_others_auto", "nothing is chosen for the customer")
    return {"type": "several_choices", "settings": settings}


def _ranking(making: _Making) -> Item:
    question, layout = making.question, making.layout
    rows = {each.code: each.words for each in question.rows()}
    words = rows or {answer.code: answer.words for answer in question.scale(0)}
    choices = [
        {"id": name, "label": making.say(words.get(code, {}), code)} | making.condition(code)
        for code, name in layout.choices.items()
    ]
    settings: Item = {"choices": making.few(choices, MOST_RANKED, "answers")}
    places = making.number("max_subquestions")
    if places and 1 <= places < len(choices):
        settings["max_choices"] = int(places)
    if bounded_ranking(question):
        settings["min_choices"] = 1
    return {"type": "ranking", "settings": settings | making.chance("answer_order", "subquestion_order")}


def _several_numbers(making: _Making) -> Item:
    whole = making.question.flag("num_value_int_only")
    settings = _items(making) | {"decimals": 0 if whole else MOST_DECIMALS} | _unit(making)
    for name, attributes in (("min", ("min_num_value_n", "slider_min")), ("max", ("max_num_value_n", "slider_max"))):
        named = next((attribute for attribute in attributes if making.question.attribute(attribute)), "")
        if (bound := making.number(named)) is not None:
            settings[name] = bound
    return {"type": "several_numbers", "settings": settings}


def _several_texts(making: _Making) -> Item:
    if making.question.flag("numbers_only"):
        return {"type": "several_numbers", "settings": _items(making) | {"decimals": MOST_DECIMALS}}
    return {"type": "several_texts", "settings": _items(making) | making.longest(1_000)}


def _items(making: _Making) -> Item:
    items = making.few(making.lines(making.question.rows(), making.layout.rows), MOST_ROWS, "items")
    return {"items": items} | making.chance("subquestion_order")


# -- arrays ----------------------------------------------------------------------------------------------------------
def _rows(making: _Making) -> Item:
    columns = max(1, len(making.layout.columns) or 2 * (making.question.type == "1"))
    most = min(MOST_ROWS, MOST_CELLS // columns)
    rows = making.few(making.lines(making.question.rows(), making.layout.rows), most, "rows")
    return {"rows": rows} | making.chance("subquestion_order")


def _array(making: _Making) -> Item:
    offered = making.preset() if making.question.type in "ABCE" else _scale(making, 0, making.layout.choices)
    return {"type": "matrix_one", "settings": _rows(making) | {"columns": making.few(offered, MOST_COLUMNS, "answers")}}


def _scale(making: _Making, number: int, ids: Mapping[str, str]) -> list[Item]:
    return [
        {"id": ids[answer.code], "label": making.say(answer.words, answer.code)} | making.score(answer)
        for answer in making.question.scale(number)
    ]


def _dual(making: _Making) -> Item:
    columns = []
    for number, (name, header) in enumerate(zip(SCALES, ("dualscale_headerA", "dualscale_headerB"), strict=True)):
        label = making.attribute_words(header) or {making.fields.tags[0]: str(number + 1)}
        offered = _scale(making, number, making.layout.scales[number])
        if offered:
            dropdown = making.question.flag("use_dropdown")
            kind = "dropdown" if dropdown else "single_choice"
            columns.append({"id": name, "label": label, "type": kind, "settings": {"choices": offered}})
    return {"type": "matrix_mixed", "settings": _rows(making) | {"columns": columns}}


def _columns(making: _Making) -> Item:
    listed = making.question.columns()
    columns = [{"id": making.layout.columns[each.code], "label": making.say(each.words, each.code)} for each in listed]
    return {"columns": making.few(columns, MOST_COLUMNS, "columns")}


def _numbers_array(making: _Making) -> Item:
    if making.layout.is_checkboxes:
        return {"type": "matrix_several", "settings": _rows(making) | _columns(making)}
    settings = _rows(making) | _columns(making) | {"decimals": MOST_DECIMALS}
    boxes = making.question.flag("input_boxes")
    for name, attribute, usual in (("min", "multiflexible_min", 1.0), ("max", "multiflexible_max", 10.0)):
        bound = making.number(attribute)
        if bound is None and not boxes and not making.question.attribute(attribute):
            bound = usual
        if bound is not None:
            settings[name] = bound
    if not boxes and making.number("multiflexible_step") is not None:
        making.lose("multiflexible_step", "any number within the bounds is taken")
    return {"type": "matrix_number", "settings": settings}


def _texts_array(making: _Making) -> Item:
    settings = _rows(making) | _columns(making)
    if making.question.flag("numbers_only"):
        return {"type": "matrix_number", "settings": settings | {"decimals": MOST_DECIMALS}}
    return {"type": "matrix_text", "settings": settings | making.longest(1_000)}
