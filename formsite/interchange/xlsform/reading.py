"""XLSForm spreadsheets (xlsform.org) -> definitions: questionnaires without logic, every loss named by its row.

Texts, numbers, dates, choices, notes, groups as sections, translations, hints and `required` come over. What formsite
cannot hold yet (rules, calculations, repeats, media) is a loss; a question of a type that it does not know is asked
as text rather than dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from formsite.definition.document import RESERVED, parse
from formsite.definition.faults import Faulty
from formsite.interchange.headers import Header, read_headers
from formsite.interchange.losses import Imported, Loss, Unimportable
from formsite.interchange.names import Names
from formsite.interchange.workbooks import Row, Sheet, open_workbook

METADATA = frozenset(
    "start end today deviceid subscriberid simserial phonenumber username audit imei start_geopoint "
    "uri_subscriberid uri_deviceid uri_username uri_phonenumber background_audio caseid comments text_audit audio_audit sensor_stream sensor_statistic".split()
)
UNASKED = {
    "calculate": "formsite does not compute values from an XLSForm",
    "calculate_here": "formsite does not compute values from an XLSForm",
    "hidden": "formsite has no hidden fields from an XLSForm",
    "xml_external": "external data is not read",
    "csv_external": "external data is not read",
    "include": "formsite reads one file at a time",
}
AS_TEXT = {
    "time": "a time of day",
    "datetime": "a date with a time",
    "geopoint": "a place on the map",
    "geotrace": "a path on the map",
    "geoshape": "an area on the map",
    "barcode": "a bar code",
    "range": "a number on a scale",
    "rank": "an order of choices",
    "image": "a picture",
    "photo": "a picture",
    "audio": "a recording",
    "video": "a film",
    "file": "a file",
}
SYNONYMS = {"string": "text", "int": "integer", "gps": "geopoint", "location": "geopoint", "date_time": "datetime"}
SYNONYMS |= {"tel": "phone", "phone_number": "phone", "select1": "select_one", "trigger": "acknowledge"}
SYNONYMS |= {"select_all_that_apply": "select_multiple", "select_many": "select_multiple"}
YES = frozenset({"yes", "true", "true()", "1", "y"})
NO = frozenset({"", "no", "false", "false()", "0", "n"})
DROPPED = {
    "relevant": "the condition is not translated; the question is always asked",
    "constraint": "the check is not translated; any answer of the type is taken",
    "constraint_message": "it belongs to a check that is not translated",
    "required_message": "formsite says in its own words what is missing",
    "calculation": "formsite does not compute values from an XLSForm",
    "choice_filter": "the filter is not translated; all choices are offered",
    "repeat_count": "repeats are asked once",
    "default": "formsite never fills in an answer for the customer",
    "read_only": "formsite has no fields that cannot be answered",
    "trigger": "formsite does not compute values from an XLSForm",
    "media": "pictures, sound and film are not brought over",
    "parameters": "the settings of this type are not brought over",
}
PERSONAL = re.compile(
    r"(^|_)(e?_?mail|phone|telephone|mobile|(first|last|full|sur|family)_?name|surname|address|postcode|zip)(_|$)"
)
MANY_CHOICES = 15
WHY = {"en": "The questionnaire needs this answer.", "de": "Der Fragebogen braucht diese Antwort."}


def read(content: bytes, name: str) -> Imported:
    """A definition out of an .xlsx or .xls file.

    Raises:
        Unimportable: it is no XLSForm, or nothing in it can be asked.
    """
    sheets = open_workbook(content, name)
    survey = sheets.get("survey")
    if survey is None:
        raise Unimportable(name, "There is no sheet called “survey”", "An XLSForm keeps its questions in that sheet")
    return _Reading(sheets, survey, name).imported()


@dataclass
class _Open:
    """A group that is being read."""

    node: dict[str, Any]
    row: int
    kind: str


@dataclass
class _Reading:
    sheets: dict[str, Sheet]
    survey: Sheet
    name: str
    losses: list[Loss] = field(default_factory=list)

    def imported(self) -> Imported:
        """The whole way."""
        self.headers = read_headers(self.survey.headers)
        if "type" not in self.headers.plain:
            raise Unimportable("survey", "The sheet has no column “type”", "Name the columns in the first row")
        settings = self._settings()
        self.default = self.headers.default_language(settings.get("default_language", ""))
        self.choices = self._choices()
        self.names = Names(reserved=RESERVED)
        self.paths: dict[str, str] = {}
        self.languages = [self.default]
        items = self._items()
        title = settings.get("form_title") or settings.get("title") or PurePath(self.name).stem
        definition = {
            "formsite": 1,
            "kind": "questionnaire",
            "languages": self._languages(items),
            "title": {self.default: title},
            "pages": self._pages(items),
        }
        return self._finish(definition, settings.get("form_id") or settings.get("id_string") or title)

    def _finish(self, definition: dict[str, Any], slug: str) -> Imported:
        if not self.paths:
            raise Unimportable(
                "survey",
                "There is no question that formsite can ask",
                "Add a question that a customer can answer: text, a number, a date or a choice",
            )
        try:
            parsed = parse(definition)
        except Faulty as refusal:
            fault = refusal.faults[0]
            raise Unimportable(fault.where, fault.what, fault.fix) from None
        suggestion = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:80].strip("-") or "form"
        return Imported(parsed, suggestion, self.paths, tuple(self.losses))

    def _lose(self, where: str, what: str, why: str) -> None:
        self.losses.append(Loss(where, what, why))

    def _settings(self) -> dict[str, str]:
        sheet = self.sheets.get("settings")
        if sheet is None or not sheet.rows:
            return {}
        cells = {re.sub(r"[ ]+", "_", key.strip().lower()): value for key, value in sheet.rows[0].cells.items()}
        for key in ("public_key", "submission_url", "instance_name", "style"):
            if key in cells:
                self._lose(f"settings!{sheet.rows[0].number}", key, "formsite has its own way of keeping responses")
        return cells

    def _choices(self) -> dict[str, list[dict[str, Any]]]:
        sheet = self.sheets.get("choices") or self.sheets.get("select_options")
        lists: dict[str, list[dict[str, Any]]] = {}
        if sheet is None:
            return lists
        headers = read_headers(sheet.headers)
        names: dict[str, Names] = {}
        for row in sheet.rows:
            where = f"choices!{row.number}"
            listed = headers.get(row, "list_name")
            value = headers.get(row, "name")
            if not listed or not value:
                continue
            taken = names.setdefault(listed, Names(choice=True))
            chosen = taken.take(value)
            if chosen != value:
                self._lose(where, f"the choice name “{value}”", f"it is stored as “{chosen}”")
            lists.setdefault(listed, []).append(
                {"id": chosen, "label": self._texts(headers, row, "label") or {self.default: value}}
            )
            if headers.has(row, "media"):
                self._lose(where, "media", DROPPED["media"])
        return lists

    def _texts(self, headers: Header, row: Row, column: str) -> dict[str, str]:
        return {tag or self.default: text for tag, text in headers.texts(row, column)}

    def _items(self) -> list[dict[str, Any]]:
        root: list[dict[str, Any]] = []
        stack: list[_Open] = []
        for row in self.survey.rows:
            kind = self.headers.get(row, "type")
            if not kind or self.headers.get(row, "disabled").lower() in YES:
                continue
            words = re.sub(r"[\s_\-]+", "_", kind.strip().lower())
            here = stack[-1].node["items"] if stack else root
            if found := re.match(r"(begin|end)_(group|repeat|loop)", words):
                if found[1] == "begin":
                    stack.append(self._begin(row, found[2], here))
                elif not stack:
                    raise Unimportable(
                        f"survey!{row.number}", f"“{kind}” ends nothing", "Remove the row, or add its beginning"
                    )
                else:
                    stack.pop()
                continue
            if (asked := self._question(row, kind, words)) is not None:
                here.append(asked)
        if stack:
            raise Unimportable(
                f"survey!{stack[-1].row}", f"The {stack[-1].kind} is never ended", "Add a row “end group”"
            )
        return _without_empty(root)

    def _begin(self, row: Row, kind: str, here: list[dict[str, Any]]) -> _Open:
        where = f"survey!{row.number}"
        node: dict[str, Any] = {
            "id": self.names.take(self.headers.get(row, "name") or kind),
            "type": "group",
            "items": [],
        }
        if label := self._texts(self.headers, row, "label"):
            node["label"] = label
        if kind != "group":
            self._lose(where, f"{kind} “{self.headers.get(row, 'name')}”", "its questions are asked once")
        self._dropped(row, where)
        here.append(node)
        return _Open(node, row.number, kind)

    def _dropped(self, row: Row, where: str) -> None:
        for column, why in DROPPED.items():
            if self.headers.has(row, column):
                self._lose(where, column, why)

    def _question(self, row: Row, kind: str, words: str) -> dict[str, Any] | None:
        where = f"survey!{row.number}"
        words = next(
            (
                new + words[len(old) :]
                for old, new in SYNONYMS.items()
                if words == old or words.startswith(old + "_from_")
            ),
            words,
        )
        if words in METADATA and not (words == "phonenumber" and self._texts(self.headers, row, "label")):
            self._lose(
                where, f"{kind} “{self.headers.get(row, 'name')}”", "formsite records only what it needs, by itself"
            )
            return None
        if words in UNASKED:
            self._lose(where, f"{kind} “{self.headers.get(row, 'name')}”", UNASKED[words])
            return None
        source = self.headers.get(row, "name") or f"question_{row.number}"
        made = self._typed(row, kind, words, where)
        asked: dict[str, Any] = {"id": self.names.take(source), **made}
        if asked["id"] != source:
            self._lose(where, f"the name “{source}”", f"it is called “{asked['id']}”")
        label = self._texts(self.headers, row, "label")
        asked["label"] = label if any(text.strip() for text in label.values()) else {self.default: source}
        if hint := self._texts(self.headers, row, "hint"):
            asked["hint"] = hint
        self._compulsion(row, asked, source, where)
        self._dropped(row, where)
        if any("${" in text for text in label.values()):
            self._lose(where, "an answer inside the label", "formsite shows the place holder as it stands")
        if asked["type"] != "statement":
            self.paths[source] = asked["id"]
        return asked

    def _typed(self, row: Row, kind: str, words: str, where: str) -> dict[str, Any]:
        appearance = self.headers.get(row, "appearance").lower()
        if found := re.match(
            r"(?:add_)?(select_one|select_multiple)(_external|_from_file)?(?:_from|_prompt_using|_using)?_?", words
        ):
            return self._select(kind, found, appearance, where)
        if words == "text":
            return {"type": "long_text" if "multiline" in appearance else "short_text"}
        simple: dict[str, Callable[[], dict[str, Any]]] = {
            "integer": lambda: {"type": "number"},
            "decimal": lambda: {"type": "number", "settings": {"decimals": 6}},
            "date": lambda: {"type": "date"},
            "note": lambda: {"type": "statement"},
            "email": lambda: {"type": "email", "personal": True},
            "phone": lambda: {"type": "phone", "personal": True},
            "phonenumber": lambda: {"type": "phone", "personal": True},
            "acknowledge": lambda: {
                "type": "single_choice",
                "settings": {"choices": [{"id": "ok", "label": {self.default: "OK"}}]},
            },
        }
        if words in simple:
            return simple[words]()
        self._lose(
            where, f"the type “{kind}”", f"it is asked as text ({AS_TEXT.get(words, 'formsite does not know it')})"
        )
        return {"type": "short_text"}

    def _select(self, kind: str, found: re.Match[str], appearance: str, where: str) -> dict[str, Any]:
        parts = re.split(r"\s+", kind.strip())
        other = parts[-1].lower() in ("or_other", "other") and len(parts) > 2
        listed = parts[-2 if other and parts[-1].lower() == "or_other" else -1]
        if found[2] or listed not in self.choices:
            self._lose(where, f"the choices “{listed}”", "they are not in this workbook; the question is asked as text")
            return {"type": "short_text"}
        choices = [dict(choice) for choice in self.choices[listed]]
        if other:
            choices.append(
                {
                    "id": Names(choice=True, reserved=[c["id"] for c in choices]).take("other"),
                    "label": {self.default: "Other"},
                }
            )
            self._lose(where, "or_other", "“Other” is a choice; what it stands for is not asked")
        if found[1] == "select_multiple":
            return {"type": "several_choices", "settings": {"choices": choices}}
        small = re.search(r"minimal|autocomplete|search", appearance) or len(choices) > MANY_CHOICES
        return {"type": "dropdown" if small else "single_choice", "settings": {"choices": choices}}

    def _compulsion(self, row: Row, asked: dict[str, Any], source: str, where: str) -> None:
        required = self.headers.get(row, "required").strip().lower()
        if PERSONAL.search(re.sub(r"[^a-z]+", "_", source.lower())) and asked["type"] in ("short_text", "long_text"):
            asked["personal"] = True
        if required not in YES | NO:
            self._lose(where, "required", "it depends on a condition that is not translated; the question is optional")
        if required in YES and asked["type"] != "statement":
            asked["compulsory"] = True
            if asked.get("personal"):
                asked["why"] = {self.default: WHY.get(self.default, WHY["en"])}
                self._lose(
                    where,
                    "why it is compulsory",
                    "customers are told so; put your own reason in place of a general one",
                )

    def _languages(self, items: list[dict[str, Any]]) -> list[str]:
        """The default first, then every language that some label uses."""
        used: dict[str, None] = {self.default: None}

        def look(nodes: list[dict[str, Any]]) -> None:
            for node in nodes:
                used.update(dict.fromkeys(node.get("label", {})))
                look(node.get("items", []))

        look(items)
        return list(used)

    def _pages(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Two or more sections at the top become pages; questions between them share one."""
        if sum(1 for item in items if item["type"] == "group") < 2:
            return [{"id": self.names.take("questions"), "items": items}]
        pages: list[dict[str, Any]] = []
        loose: dict[str, Any] | None = None
        for item in items:
            if item["type"] == "group":
                loose = None
                title = {"title": item["label"]} if "label" in item else {}
                pages.append({"id": item["id"], **title, "items": item["items"]})
                continue
            if loose is None:
                loose = {"id": self.names.take("page"), "items": []}
                pages.append(loose)
            loose["items"].append(item)
        return pages


def _without_empty(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept = []
    for item in items:
        if item["type"] == "group":
            item["items"] = _without_empty(item["items"])
            if not item["items"]:
                continue
        kept.append(item)
    return kept
