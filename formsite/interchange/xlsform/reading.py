"""A workbook -> a definition: every question comes over, and what does not is named by its row and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from formsite.definition import logic, piping
from formsite.definition.document import MOST_INSTANCES, RESERVED, parse
from formsite.definition.faults import Faulty
from formsite.definition.fieldtypes.choices import MOST_CHOICES
from formsite.interchange.headers import Header, read_headers
from formsite.interchange.losses import Imported, Loss, Unimportable
from formsite.interchange.names import Names
from formsite.interchange.workbooks import Row, Sheet, Workbook, open_workbook
from formsite.interchange.xlsform import kinds, xpath
from formsite.interchange.xlsform import rules as r
from formsite.interchange.xlsform.dialect import XLSFormDialect
from formsite.interchange.xlsform.hoisting import hoist, lower
from formsite.interchange.xlsform.rows import YES, Node, Tree
from formsite.interchange.xlsform.paths import Place
from formsite.interchange.xlsform.terms import Source, Sources, Untranslatable
from formsite.interchange.xlsform.translation import Translator

NO = frozenset({"", "no", "false", "false()", "0", "n"})
LOGIC = ("relevant", "required", "constraint", "calculation", "choice_filter", "repeat_count", "read_only", "default")
PERSONAL = re.compile(
    r"(^|_)(e?_?mail|phone|telephone|mobile|(first|last|full|sur|family)_?name|surname|address|postcode|zip)(_|$)"
)
WHY = {"en": "The questionnaire needs this answer.", "de": "Der Fragebogen braucht diese Antwort."}
REFUSED = {"en": "This answer is not possible here.", "de": "Diese Antwort ist hier nicht möglich."}
OTHER = {"en": "Other", "de": "Anderes", "fr": "Autre", "es": "Otro", "ar": "غير ذلك"}
DROPPED = {
    "media": "pictures, sound and film are files beside the workbook",
    "trigger": "the value is worked out whenever the answers that it looks at change",
    "guidance_hint": "formsite shows one hint",
    "body_accuracythreshold": "the browser decides how exactly a place is found",
    "save_to": "formsite keeps responses in its own way",
}
PIPE = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
TAG = re.compile(
    r"</?(?:span|b|i|u|strong|em|font|br|p|div|h[1-6]|small|big|center|sub|sup)\b[^>]{0,300}/?>", re.IGNORECASE
)
ODKX = ("clause", "section_name", "screens")


def read(content: bytes, name: str) -> Imported:
    """A definition out of an .xlsx or .xls file.

    Raises:
        Unimportable: it is no XLSForm, or nothing in it can be asked.
    """
    book = open_workbook(content, name)
    survey = book.sheet("survey") or _only(book)
    if survey is None:
        raise Unimportable(name, "There is no sheet called “survey”", "An XLSForm keeps its questions in that sheet")
    return _Reading(book, survey, name, [Loss(name, what, why) for what, why in book.oddities]).imported()


def _only(book: Workbook) -> Sheet | None:
    """The one sheet of a workbook that has no other, if it has the columns of a survey."""
    sheet = book.sheet(book.names[0]) if len(book.names) == 1 else None
    return sheet if sheet is not None and {"type", "name"} <= {header.lower() for header in sheet.headers} else None


@dataclass
class _Reading:
    book: Workbook
    survey: Sheet
    name: str
    losses: list[Loss] = field(default_factory=list)

    def imported(self) -> Imported:
        """The whole way."""
        self.headers = read_headers(self.survey.headers)
        self._refuse_others()
        settings = self._settings()
        self.default = self.headers.default_language(settings.get("default_language", ""))
        self.lists = self._lists("choices", "select_options") | self._lists("external_choices")
        self.names = Names(reserved=RESERVED)
        labelled = {name: [(row["name"], row[""]) for row in rows] for name, rows in self.raw_lists.items()}
        self.tree = Tree(self.survey, self.headers, self.names, labelled)
        self.sources = Sources()
        self.choice_lists: dict[str, dict[str, str]] = {}
        self.with_other = frozenset(self._lists_with_other())
        self._know_all()
        hoist(self.tree, self._references)
        for node, other in lower(self.tree, self._references):
            if node.type not in ("calculate", "calculate_here"):
                why = f"it looks at what is asked later, and stands below “{other.source}”"
                self._lose(node.where, f"the place of “{node.source}”", why)
        self.sources = Sources()
        self._know_all()
        self.translator = Translator(self.sources, self.raw_lists)
        self._settle()
        self.paths: dict[str, str] = {}
        items = list(self._items(self.tree.root))
        title = settings.get("form_title") or settings.get("title") or PurePath(self.name).stem
        definition = {
            "formsite": 1,
            "kind": "questionnaire",
            "languages": _languages(items, self.default),
            "title": {self.default: title},
            "pages": self._pages(items),
        }
        return self._finish(definition, settings.get("form_id") or settings.get("id_string") or title)

    def _refuse_others(self) -> None:
        if any(column in self.headers.plain for column in ODKX):
            raise Unimportable(
                "survey", "This is an ODK-X workbook, with sections and screens of its own", "Bring an XLSForm"
            )
        if "type" not in self.headers.plain:
            raise Unimportable("survey", "The sheet has no column “type”", "Name the columns in the first row")

    def _finish(self, definition: dict[str, Any], slug: str) -> Imported:
        if not self.paths:
            raise Unimportable(
                "survey",
                "There is no question that formsite can ask",
                "Add a question that a customer can answer: text, a number, a date or a choice",
            )
        _without_lost_names(definition, self._lose)
        try:
            parsed = parse(definition)
        except Faulty as refusal:
            fault = refusal.faults[0]
            raise Unimportable(fault.where, fault.what, fault.fix) from None
        suggestion = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:80].strip("-") or "form"
        repeats = {node.source: node.id for node in self.tree.walk() if node.kind == "repeat"}
        others = {f"{node.source}_other": f"{node.id}-other" for node in self.tree.walk() if self._asks_other(node)}
        dialect = XLSFormDialect(others | self.paths | repeats, self.choice_lists)
        return Imported(parsed, suggestion, self.paths, tuple(self.losses), dialect)

    def _lose(self, where: str, what: str, why: str) -> None:
        self.losses.append(Loss(where, what, why))

    # -- settings and choices ----------------------------------------------------------------------------------------
    def _settings(self) -> dict[str, str]:
        sheet = self.book.sheet("settings")
        if sheet is None or not sheet.rows:
            return {}
        cells = {re.sub(r"[ ]+", "_", key.strip().lower()): value for key, value in sheet.rows[0].cells.items()}
        for key in ("public_key", "submission_url", "instance_name"):
            if key in cells:
                self._lose(f"settings!{sheet.rows[0].number}", key, "formsite has its own way of keeping responses")
        return cells

    def _lists(self, *sheets: str) -> dict[str, list[dict[str, Any]]]:
        """The choices of every list; `raw_lists` keeps all the columns of their rows, `""` being the label."""
        if not hasattr(self, "raw_lists"):
            self.raw_lists: dict[str, list[Mapping[str, str]]] = {}
        sheet = next((found for name in sheets if (found := self.book.sheet(name)) is not None), None)
        lists: dict[str, list[dict[str, Any]]] = {}
        if sheet is None:
            return lists
        headers = read_headers(sheet.headers)
        names: dict[str, Names] = {}
        for row in sheet.rows:
            listed, value = headers.get(row, "list_name"), headers.get(row, "name")
            if not listed or not value or (listed in self.raw_lists and listed not in lists):
                continue
            where = f"{sheets[0]}!{row.number}"
            chosen = names.setdefault(listed, Names(choice=True)).take(value)
            if chosen != value:
                self._lose(where, f"the choice name “{value}”", f"it is stored as “{chosen}”")
            label = self._texts(headers, row, "label", {}) or {self.default: value}
            lists.setdefault(listed, []).append({"id": chosen, "label": label, "source": value})
            cells = {header.strip(): text for header, text in row.cells.items()}
            shown = next(iter(label.values()))
            self.raw_lists.setdefault(listed, []).append({**cells, "name": value, "label": shown, "": shown})
            if headers.has(row, "media"):
                self._lose(where, "media", DROPPED["media"])
        return lists

    # -- what rules see ----------------------------------------------------------------------------------------------
    def _know_all(self) -> None:
        for node in self.tree.walk():
            self._know(node)

    def _know(self, node: Node) -> None:
        """Make the node known to expressions by its name."""
        if node.kind == "repeat":
            found = Source(node.source, node.id, "repeat", node.homes, position=node.position, chain=node.chain)
        elif node.kind == "question":
            found = self._source(node)
        else:
            return
        self.sources.add(found)

    def _source(self, node: Node) -> Source:
        select = kinds.is_select(node.type)
        listed = self._listed(node, select) if select else None
        choices: dict[str, str] = {}
        if listed is not None and select is not None:
            value = "choice" if select[1] == "select_one" else "choices"
            choices = {choice["source"]: choice["id"] for choice in self.lists[listed]}
            if listed in self.with_other:
                choices.setdefault("other", "other")
        else:
            value = self._value_kind(node)
        self.choice_lists[node.id] = choices
        return Source(node.source, node.id, value, node.homes, choices, listed or "", node.position, node.chain)

    def _value_kind(self, node: Node) -> str:
        if node.type in ("calculate", "calculate_here", "today", "start", "end"):
            return {"today": "date", "start": "moment", "end": "moment"}.get(node.type, "text")
        if self._is_unasked(node):
            return "nothing"
        return kinds.kind_of(node.type, self._appearance(node), {}).value if not kinds.is_select(node.type) else "text"

    def _is_unasked(self, node: Node) -> bool:
        has_label = bool(self._texts(self.headers, node.row, "label", {}))
        is_meta = node.type in kinds.METADATA and not (node.type in ("phonenumber", "comments") and has_label)
        return is_meta or node.type in kinds.UNASKED

    def _listed(self, node: Node, select: re.Match[str]) -> str | None:
        words = [word for word in re.split(r"\s+", self.headers.get(node.row, "type").strip()) if word]
        found = next((word for word in reversed(words) if word in self.lists), None)
        return found if found and len(self.lists[found]) <= MOST_CHOICES else None

    def _has_other(self, node: Node) -> bool:
        return (
            re.search(r"\bor[\s_]other\b|\bspecify[\s_]other\b", self.headers.get(node.row, "type").lower()) is not None
        )

    def _lists_with_other(self) -> Iterator[str]:
        """`or_other` adds a choice to the list itself: other questions with that list offer it too."""
        for node in self.tree.walk():
            select = kinds.is_select(node.type) if node.kind == "question" and self._has_other(node) else None
            if select is not None and (listed := self._listed(node, select)) is not None:
                yield listed

    def _asks_other(self, node: Node) -> bool:
        return node.kind == "question" and "other" in self.choice_lists.get(node.id, {}) and self._has_other(node)

    def _appearance(self, node: Node) -> str:
        return self.headers.get(node.row, "appearance").lower()

    def _references(self, node: Node) -> Iterator[Source]:
        """The questions that the expressions of a row look at."""
        for column in LOGIC:
            text = self.headers.get(node.row, column)
            if not text or (column == "default" and "$" not in text):
                continue
            try:
                tree = xpath.parse(text)
            except xpath.NoXPath:
                continue
            for name in xpath.names(tree):
                if (found := self.sources.get(name)) is not None:
                    yield found

    def _looked_at(self, node: Node) -> Iterator[str]:
        """The names in its expressions and in its texts."""
        yield from (source.name for source in self._references(node))
        for text in node.row.cells.values():
            yield from PIPE.findall(text)

    # -- the document ------------------------------------------------------------------------------------------------
    def _items(self, nodes: list[Node]) -> Iterator[dict[str, Any]]:
        for node in nodes:
            if node.kind == "question":
                if (asked := self._question(node)) is not None:
                    yield asked
            elif (made := self._group(node))["items"]:
                yield made

    def _group(self, node: Node) -> dict[str, Any]:
        made: dict[str, Any] = {"id": node.id, "type": "group"}
        if label := self._texts(self.headers, node.row, "label", node.filled):
            made["label"] = label
        if (shown := self._truth(node, "relevant")) not in (None, r.TRUE):
            made["shown_if"] = shown
        if node.kind == "repeat":
            made["repeat"] = self._repeat(node)
        self._dropped(node)
        made["items"] = list(self._items(node.items))
        return made

    def _repeat(self, node: Node) -> dict[str, Any]:
        made: dict[str, Any] = {"max": MOST_INSTANCES}
        text = self.headers.get(node.row, "repeat_count")
        if text:
            count = self._value(node, "repeat_count", "number")
            if count is not None:
                made["count"] = count
        return made

    def _question(self, node: Node) -> dict[str, Any] | None:
        row, where = node.row, node.where
        if node.type in ("calculate", "calculate_here", "today", "start", "end"):
            return self._computed(node)
        if self._is_unasked(node):
            why = kinds.UNASKED.get(node.type, "formsite records only what it needs, by itself")
            self._lose(where, f"{self.headers.get(row, 'type')} “{node.source}”", why)
            return None
        kind, choices = self._kind(node)
        from formsite.definition.fieldtypes import registry

        if kind.type not in registry:
            kind = kinds.Kind(
                {"choice": "dropdown", "choices": "several_choices"}.get(kind.value, "short_text"),
                kind.value if kind.value.startswith("choice") else "text",
            )
        asked: dict[str, Any] = {"id": node.id, "type": kind.type}
        if node.id != node.source:
            self._lose(where, f"the name “{node.source}”", f"it is called “{node.id}”")
        label = self._texts(self.headers, row, "label", node.filled)
        asked["label"] = label if any(text.strip() for text in label.values()) else {self.default: node.source}
        if hint := self._texts(self.headers, row, "hint", node.filled):
            asked["hint"] = hint
        settings = {**kind.settings, **({"choices": choices} if choices is not None else {})}
        if kind.type == "declaration":
            settings["body"] = asked["label"]
        if settings:
            asked["settings"] = settings
        if kind.personal or (kind.value == "text" and PERSONAL.search(re.sub(r"[^a-z]+", "_", node.source.lower()))):
            asked["personal"] = True
        if kind.loss:
            self._lose(where, f"the type “{self.headers.get(row, 'type')}”", kind.loss)
        self._logic(node, asked, kind)
        self._dropped(node)
        if kind.value != "nothing":
            self.paths.setdefault(node.source, node.id)
        return asked

    def _kind(self, node: Node) -> tuple[kinds.Kind, list[dict[str, Any]] | None]:
        given = kinds.parameters(self.headers.get(node.row, "parameters"))
        appearance = f"{self._appearance(node)} {'randomize' if given.get('randomize', '').lower() == 'true' else ''}"
        select = kinds.is_select(node.type)
        if select is None:
            return kinds.kind_of(node.type, appearance, given), None
        listed = self._listed(node, select)
        if listed is None:
            named = self.headers.get(node.row, "type").split()[-1]
            too_many = named in self.lists
            why = f"they are more than {MOST_CHOICES}" if too_many else "they are not in this workbook"
            self._lose(node.where, f"the choices “{named}”", f"{why}; the question is asked as text")
            return kinds.Kind("short_text", "text"), None
        choices = self._choices(node, listed)
        return kinds.select_kind(select[1], appearance, len(choices)), choices

    def _choices(self, node: Node, listed: str) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for choice, row in zip(self.lists[listed], self.raw_lists[listed], strict=True):
            shown = self._truth(node, "choice_filter", row, quiet=bool(made)) or r.TRUE
            if shown == r.FALSE:
                continue
            kept = {"id": choice["id"], "label": self._piped(choice["label"], node)}
            made.append(kept if shown == r.TRUE else kept | {"shown_if": shown})
        if listed in self.with_other and all(choice["id"] != "other" for choice in made):
            made.append({"id": "other", "label": {self.default: OTHER.get(self.default, OTHER["en"])}})
        if self._has_other(node):
            made = [choice | {"other": True} if choice["id"] == "other" else choice for choice in made]
        return made or [{"id": choice["id"], "label": choice["label"]} for choice in self.lists[listed][:1]]

    def _computed(self, node: Node) -> dict[str, Any] | None:
        """A value that is worked out: it is never drawn."""
        fixed = {"today": {"op": "today"}, "start": {"op": "now"}, "end": {"op": "now"}}.get(node.type)
        if fixed is not None:
            used = any(node.source == name for other in self.tree.walk() for name in self._looked_at(other))
            if not used:
                self._lose(node.where, f"{node.type} “{node.source}”", "formsite records times by itself")
                return None
            rule: r.Rule | None = fixed
        else:
            rule = self._value(node, "calculation", None)
        if rule is None:
            if not self.headers.get(node.row, "calculation"):
                self._lose(node.where, f"calculate “{node.source}”", "there is nothing to work out")
            return None
        made: dict[str, Any] = {"id": node.id, "type": "computed", "computed": rule, "settings": {"hidden": True}}
        made["label"] = self._texts(self.headers, node.row, "label", node.filled) or {self.default: node.source}
        if (shown := self._truth(node, "relevant")) not in (None, r.TRUE):
            made["shown_if"] = shown
        self.paths.setdefault(node.source, node.id)
        return made

    def _settle(self) -> None:
        """What computed values are is known once all of them are: one that cannot be worked out is empty to others."""
        for node in self.tree.walk():
            if node.kind == "question" and node.type in ("calculate", "calculate_here"):
                kind = self._computed_kind(node)
                self.sources.put(
                    Source(node.source, node.id, kind, node.homes, position=node.position, chain=node.chain)
                )

    def _computed_kind(self, node: Node) -> str:
        text = self.headers.get(node.row, "calculation")
        try:
            self._refuse_late(node, "calculation", text)
            term = self.translator.term(xpath.parse(text), Place(None, node.homes, {}, node.chain, node.chain))
            logic.parse(term.rule)
        except (xpath.NoXPath, Untranslatable, RecursionError, Faulty):
            return "nothing"
        return "text" if term.kind in ("choice", "choices", "truth") else term.kind

    # -- logic -------------------------------------------------------------------------------------------------------
    def _logic(self, node: Node, asked: dict[str, Any], kind: kinds.Kind) -> None:
        if (shown := self._truth(node, "relevant")) not in (None, r.TRUE):
            asked["shown_if"] = shown
        if kind.value == "nothing":
            return
        self._compulsion(node, asked)
        if (limit := self._truth(node, "constraint")) not in (None, r.TRUE):
            message = self._texts(self.headers, node.row, "constraint_message", node.filled)
            said = message or {self.default: REFUSED.get(self.default, REFUSED["en"])}
            asked["limits"] = [{"rule": limit, "message": said}]
        read_only = self.headers.get(node.row, "read_only").strip().lower()
        if self.headers.has(node.row, "calculation") and kind.value in (
            "text",
            "number",
            "date",
            "time",
            "moment",
            "choice",
        ):
            if (rule := self._value(node, "calculation", kind.value)) is None:
                pass
            elif self.headers.has(node.row, "trigger"):
                asked["default"] = rule  # set once when the other answer changes; the customer may change it
            else:
                asked["computed"] = rule
                if read_only not in YES:
                    self._lose(node.where, "calculation", "the customer cannot change what is worked out")
        elif read_only in YES:
            asked["read_only"] = True
        elif read_only not in NO and (rule := self._truth(node, "read_only")) is not None:
            asked["read_only"] = rule
        if self.headers.has(node.row, "default") and "computed" not in asked:
            self._default(node, asked, kind)

    def _compulsion(self, node: Node, asked: dict[str, Any]) -> None:
        required = self.headers.get(node.row, "required").strip().lower()
        compulsory: Any = required in YES
        if required not in YES | NO:
            compulsory = self._truth(node, "required") or False
            compulsory = {r.TRUE["value"]: True}.get(compulsory.get("value"), compulsory) if compulsory else False
            compulsory = False if compulsory == r.FALSE else compulsory
        if not compulsory:
            return
        asked["compulsory"] = compulsory
        if message := self._texts(self.headers, node.row, "required_message", node.filled):
            asked["compulsory_message"] = message
        if asked.get("personal"):
            asked["why"] = {self.default: WHY.get(self.default, WHY["en"])}
            why = "customers are told so; put your own reason in place of a general one"
            self._lose(node.where, "why it is compulsory", why)

    def _default(self, node: Node, asked: dict[str, Any], kind: kinds.Kind) -> None:
        text = self.headers.get(node.row, "default").strip()
        if kind.value == "choice":
            chosen = self.choice_lists[node.id].get(text)
            if chosen is not None:
                asked["default"] = r.value(chosen)
                return
        if kind.value in ("text", "choice") and "(" not in text and "$" not in text:
            asked["default"] = r.value(text)
            return
        if kind.value in ("text", "number", "date", "time", "moment"):
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                text = f"date('{text}')"
            if (rule := self._value(node, "default", kind.value, text)) is not None:
                asked["default"] = rule
            return
        self._lose(node.where, "default", "formsite fills in no such answer beforehand")

    def _place_of(self, node: Node, row: Mapping[str, str] | None = None) -> Place:
        own = self.sources.exactly(node.chain)
        own = own if own is not None and own.id == node.id and own.kind != "repeat" else None
        return Place(own, node.homes, row or {}, node.chain, node.chain)

    def _truth(
        self, node: Node, column: str, row: Mapping[str, str] | None = None, *, quiet: bool = False
    ) -> r.Rule | None:
        text = self.headers.get(node.row, column).strip()
        if not text:
            return None
        if text.lower() in ("yes", "no"):
            return r.TRUE if text.lower() == "yes" else r.FALSE
        return self._translated(
            node, column, text, lambda: self.translator.truth(text, self._place_of(node, row)), quiet
        )

    def _value(self, node: Node, column: str, kind: str | None, text: str | None = None) -> r.Rule | None:
        given = text or self.headers.get(node.row, column).strip()
        if not given:
            return None
        place = self._place_of(node)
        return self._translated(node, column, given, lambda: self.translator.value(given, place, kind), False)

    def _translated(self, node: Node, column: str, text: str, make: Any, quiet: bool) -> r.Rule | None:
        """The rule, or a named loss."""
        what = f"{column}: {text[:200]}"
        try:
            self._refuse_late(node, column, text)
            rule: r.Rule = make()
            logic.parse(rule)
        except (xpath.NoXPath, Untranslatable, RecursionError, Faulty) as refusal:
            if not quiet:
                self._lose(node.where, what, f"{str(refusal)[:200]}; {_without(column)}")
            return None
        return rule

    def _refuse_late(self, node: Node, column: str, text: str) -> None:
        own = column == "constraint"
        for name in xpath.names(xpath.parse(text)):
            found = self.sources.get(name)
            if found is None or found.kind == "nothing":
                continue
            if found.position > node.position or (
                found.position == node.position and not own and found.kind != "repeat"
            ):
                raise Untranslatable(f"it looks at “{name}”, which is asked later")

    # -- texts -------------------------------------------------------------------------------------------------------
    def _texts(self, headers: Header, row: Row, column: str, filled: Mapping[str, str]) -> dict[str, str]:
        made = {}
        for tag, text in headers.texts(row, column):
            words = TAG.sub(" ", text) if "<" in text else text
            for name, held in filled.items():
                words = words.replace(f"%({name})s", held)
            made[tag or self.default] = self._named(words)
        return made

    def _piped(self, texts: dict[str, str], node: Node) -> dict[str, str]:
        return {tag: self._named(words) for tag, words in texts.items()}

    def _named(self, words: str) -> str:
        """`${name}` is `{{name}}` in formsite."""
        if "${" not in words or not hasattr(self, "sources"):
            return words

        def say(found: re.Match[str]) -> str:
            source = self.sources.get(found[1])
            return f"{{{{{source.id}}}}}" if source is not None and source.kind not in ("nothing", "repeat") else "…"

        return PIPE.sub(say, words)

    def _dropped(self, node: Node) -> None:
        for column, why in DROPPED.items():
            if self.headers.has(node.row, column):
                self._lose(node.where, column, why)

    # -- pages -------------------------------------------------------------------------------------------------------
    def _pages(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Two or more sections at the top become pages; questions between them share one."""
        if sum(1 for item in items if _may_be_page(item)) < 2:
            return [{"id": self.names.take("questions"), "items": items}]
        pages: list[dict[str, Any]] = []
        loose: dict[str, Any] | None = None
        for item in items:
            if _may_be_page(item):
                loose = None
                kept = {name: item[name] for name in ("shown_if",) if name in item}
                title = {"title": item["label"]} if "label" in item else {}
                pages.append({"id": item["id"], **title, **kept, "items": item["items"]})
                continue
            if loose is None:
                loose = {"id": self.names.take("page"), "items": []}
                pages.append(loose)
            loose["items"].append(item)
        return pages


def _may_be_page(item: dict[str, Any]) -> bool:
    return item["type"] == "group" and "repeat" not in item


def _without_lost_names(definition: dict[str, Any], lose: Callable[[str, str, str], None]) -> None:
    """Texts may name only what came over."""
    known = set(_ids(definition["pages"]))

    def said(words: str, where: str) -> str:
        def keep(found: re.Match[str]) -> str:
            if found[1] in known:
                return found[0]
            lose(where, f"the answer “{found[1]}” inside a text", "it did not come over; three dots stand in its place")
            return "…"

        return piping.GAP.sub(keep, words)

    for part in _parts(definition["pages"]):
        texts = [part.get(name) for name in ("label", "title", "hint", "compulsory_message")]
        texts += [choice["label"] for choice in part.get("settings", {}).get("choices", ())]
        texts += [limit["message"] for limit in part.get("limits", ())] + [part.get("settings", {}).get("body")]
        for text in filter(None, texts):
            for tag, words in text.items():
                text[tag] = said(words, part["id"])


def _parts(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        yield from _parts(item.get("items", []))


def _ids(items: list[dict[str, Any]]) -> Iterator[str]:
    return (part["id"] for part in _parts(items) if part.get("type") not in (None, "group", "statement"))


def _without(column: str) -> str:
    """What happens without the rule."""
    return {
        "relevant": "the question is always asked",
        "required": "the question is optional",
        "constraint": "any answer of the type is taken",
        "choice_filter": "all choices are offered",
        "repeat_count": "the customer decides how often",
        "calculation": "there is no value",
        "default": "nothing is filled in beforehand",
        "read_only": "the customer can change it",
    }[column]


def _languages(items: list[dict[str, Any]], default: str) -> list[str]:
    """The default first, then every language that some label uses."""
    used: dict[str, None] = {default: None}

    def look(nodes: list[dict[str, Any]]) -> None:
        for node in nodes:
            used.update(dict.fromkeys(node.get("label", {})))
            look(node.get("items", []))

    look(items)
    return list(used)
