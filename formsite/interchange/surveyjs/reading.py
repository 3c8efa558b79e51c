"""A SurveyJS definition -> a form. What could not be brought over is named; no question is lost."""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import Any

from formsite.definition.document import parse
from formsite.definition.faults import Faulty
from formsite.definition.parts import LARGEST
from formsite.interchange import progress
from formsite.interchange import rules as r
from formsite.interchange.losses import Imported, Loss, Unimportable
from formsite.interchange.progress import Stage
from formsite.interchange.surveyjs import js
from formsite.interchange.surveyjs.building import Builder
from formsite.interchange.surveyjs.conditions import Conditions
from formsite.interchange.surveyjs.dialect import SurveyJSNames
from formsite.interchange.surveyjs.elements import Element, Reader
from formsite.interchange.surveyjs.expressions import names_of
from formsite.interchange.surveyjs.fields import Fields, Item
from formsite.interchange.surveyjs.layouts import Layouts
from formsite.interchange.surveyjs.limits import Limits
from formsite.interchange.surveyjs.ordering import put_in_order
from formsite.interchange.surveyjs.surroundings import tell_shared, tell_unbrought
from formsite.interchange.surveyjs.texts import Texts
from formsite.interchange.surveyjs.finding import Place
from formsite.interchange.surveyjs.translation import Translator
from formsite.interchange.surveyjs.triggers import Triggers
from formsite.interchange.surveyjs.values import Values

MOST_LOSSES = 2_000
MOST_LEVELS = 200
MOST_PAGES = 500


def read(content: bytes, name: str) -> Imported:
    """A definition out of SurveyJS's JSON.

    Raises:
        Unimportable: it is none, or nothing in it can be asked.
    """
    return _Assembly(_loaded(content, name), name).imported()


def _loaded(content: bytes, name: str) -> dict[str, Any]:
    try:
        raw = json.loads(content.decode("utf-8-sig"), parse_constant=lambda _name: None)
    except UnicodeDecodeError as error:
        raise Unimportable(f"byte {error.start}", "The file is not UTF-8", "Save it as UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Unimportable(where, f"This is not JSON: {error.msg}", "Mend it there") from None
    except (RecursionError, ValueError):
        raise Unimportable(
            name, "The JSON is nested too deeply, or a number in it is too long", "Take it apart"
        ) from None
    if not isinstance(raw, dict):
        raise Unimportable(name, "A survey is a JSON object", 'It starts with {"pages": …} or {"elements": …}')
    if _levels(raw) > MOST_LEVELS:
        raise Unimportable(name, "The JSON is nested too deeply", "Take it apart")
    return {str(name): _clean(held) for name, held in raw.items()}


def _clean(raw: Any) -> Any:
    """JSON values that everything behind can hold: no half characters, no NUL, no numbers beyond a double's digits."""
    if isinstance(raw, str):
        return raw if raw.isprintable() else "".join(char for char in raw if char != "\x00" and not _is_half(char))
    if isinstance(raw, dict):
        return {_clean(name): _clean(held) for name, held in raw.items()}
    if isinstance(raw, list):
        return [_clean(each) for each in raw]
    if isinstance(raw, int | float) and not isinstance(raw, bool) and not -LARGEST <= raw <= LARGEST:
        return js.text(raw)
    return raw


def _is_half(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"


def _levels(raw: Any) -> int:
    level, depth = [raw], 0
    while level and depth <= MOST_LEVELS:
        depth += 1
        level = [
            child
            for held in level
            for child in (held.values() if isinstance(held, dict) else held if isinstance(held, list) else ())
        ]
    return depth


class _Assembly:
    def __init__(self, raw: dict[str, Any], name: str) -> None:
        progress.at(Stage.UNDERSTANDING)
        self.name = name
        self.losses: dict[tuple[str, str, str], None] = {}
        self.root = Reader(self.lose).survey(raw)
        put_in_order(self.root, self.lose)
        self.layouts = Layouts(self.root, self.lose)
        self.translator = Translator(self.layouts)
        self.texts = Texts(raw, self.translator, self.lose)
        self.conditions = Conditions(self.layouts, self.translator, self.lose)
        self.limits = Limits(self.conditions, self.texts)
        self.fields = Fields(self.conditions, self.limits, self.texts)
        self.values = Values(self.conditions, self.fields)
        self.limits.later.after = self.values.check_after
        self.builder = Builder(self.conditions, self.limits, self.texts, self.fields, self.values)

    def lose(self, where: str, what: str, why: str) -> None:
        """Names what is lost, once."""
        if len(self.losses) < MOST_LOSSES:
            self.losses[where or "/", what, why] = None

    def imported(self) -> Imported:
        """The whole way."""
        progress.at(Stage.TRANSLATING)
        self._calculated()
        triggers = Triggers(self.root, self.conditions, self.fields, self.values)
        pages = self._pages()
        triggers.add_jumps(pages)
        pages = self._laid_out(pages)
        dialect = SurveyJSNames(self.layouts)
        dialect.name_values(self.translator.values, _checks_of(pages) | self.limits.later.checked)
        dialect.demands = self.builder.demands
        names = dialect.names
        if not any(layout.type not in ("", "statement", "media", "computed") for layout in self.layouts.of.values()):
            raise Unimportable("/", "The survey asks nothing", "Add a question that a customer can answer")
        tell_unbrought(self.root, self.lose)
        tell_shared(self.layouts, self.lose)
        definition = self._definition(pages)
        try:
            parsed = parse(definition)
        except Faulty as refusal:
            fault = refusal.faults[0]
            raise Unimportable(fault.where, fault.what, fault.fix) from None
        title = (
            definition["title"][self.texts.tags[0]]
            if self.texts.tags[0] in definition["title"]
            else next(iter(definition["title"].values()))
        )
        slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80].strip("-") or "form"
        losses = tuple(Loss(*each) for each in self.losses)
        places = {element.where: layout.id for element, layout in self.layouts.of.items()}
        return Imported(parsed, slug, names, losses, dialect, places)

    # -- values ------------------------------------------------------------------------------------------------------
    def _calculated(self) -> None:
        """Calculated values, those first that others look at."""
        found: dict[str, tuple[Element, str]] = {}
        for at, raw in enumerate(self.root.list("calculatedValues")):
            element = (
                Element("value", str(raw.get("name") or ""), raw, f"/calculatedValues/{at}")
                if isinstance(raw, dict)
                else None
            )
            text = element.condition("expression") if element is not None else ""
            if element is None or not element.name or not text:
                self.lose(f"/calculatedValues/{at}", "the calculated value", "it has no name or no expression")
            else:
                found.setdefault(element.name.lower(), (element, text))
        done: set[str] = set()

        def add(key: str) -> None:
            if key in done:
                return
            done.add(key)
            element, text = found[key]
            names = names_of(text)
            for name in names:
                if name.lower() in found and len(done) < 200:
                    add(name.lower())
            self.values.add(
                element.name,
                names,
                lambda place: self.translator.value(text, place),
                f"the calculated value “{element.name}”",
                element,
            )

        for key in found:
            add(key)

    # -- pages -------------------------------------------------------------------------------------------------------
    def _pages(self) -> list[Item]:
        locked = r.YES if self.root.flag("readOnly") or self.root.word("mode") == "display" else r.NO
        if locked == r.YES:
            self.lose("/", "that it is read only", "customers fill it in")
        first = self.values.first()
        made = [self.builder.page(element, r.NO) for element in self.root.children]
        pages = [page for page in made if page is not None]
        if pages and first:
            pages[0]["items"] = [*first, *pages[0]["items"]]
        return pages

    def _laid_out(self, pages: list[Item]) -> list[Item]:
        """One page for all, or one for each question, if the survey wants that."""
        mode = self.root.word("questionsOnPageMode", "standard")
        if mode == "standard" and (self.root.flag("isSinglePage")):
            mode = "singlePage"
        if mode == "singlePage" and len(pages) > 1 and not any("jumps" in page for page in pages):
            return [self._one_page(pages)]
        if mode in ("questionPerPage", "inputPerPage"):
            if sum(len(page["items"]) for page in pages) <= MOST_PAGES:
                return [part for page in pages for part in self._parts(page)]
            self.lose("/questionsOnPageMode", mode, f"a form has {MOST_PAGES} pages at most; questions stand together")
        return pages if len(pages) <= MOST_PAGES else self._few_pages(pages)

    def _few_pages(self, pages: list[Item]) -> list[Item]:
        """All beyond the most that a form can have on its last page, where nothing is jumped."""
        self.lose("/pages", f"{len(pages) - MOST_PAGES} of the pages", "they stand together on the last one")
        kept, rest = pages[: MOST_PAGES - 1], pages[MOST_PAGES - 1 :]
        names = {page["id"] for page in rest[1:]}
        for page in pages:
            jumps = page.pop("jumps", [])
            left = [jump for jump in jumps if jump["to"] not in names] if page in kept else []
            if len(left) < len(jumps):
                self.lose(f"/pages ({page['id']})", "a jump to or from the last pages", "the next page follows")
            if left:
                page["jumps"] = left
        return [*kept, self._one_page(rest)]

    def _one_page(self, pages: list[Item]) -> Item:
        groups: list[Item] = []
        for page in pages:
            group: Item = {"type": "group", **{key: held for key, held in page.items() if key != "title"}}
            if "title" in page:
                group["label"] = page["title"]
            groups.append(group)
        return {"id": self.layouts.names.take("questions"), "items": groups}

    def _parts(self, page: Item) -> list[Item]:
        """The page as many: one for each thing on it; what is hidden stays with what stands before it."""
        parts: list[Item] = []
        for item in page["items"]:
            if parts and item.get("settings", {}).get("hidden"):
                parts[-1]["items"].append(item)
                continue
            name = page["id"] if not parts else self.layouts.names.take(f"{page['id']}_{len(parts) + 1}")
            part: Item = {"id": name, "items": [item]}
            parts.append(part | {key: page[key] for key in ("title", "shown_if") if key in page})
        parts[-1] |= {key: page[key] for key in ("jumps", "limits") if key in page}
        return parts

    # -- the whole ---------------------------------------------------------------------------------------------------
    def _definition(self, pages: list[Item]) -> dict[str, Any]:
        place = Place(None, self.layouts.order + 10_000)
        title = self.texts.plain(self.root.get("title"), place, "/title")
        definition: dict[str, Any] = {
            "formsite": 1,
            "kind": "questionnaire",
            "languages": self.texts.tags,
            "title": title or self.texts.bare(PurePath(self.name).stem or "survey"),
            "pages": pages,
        }
        if intro := self.texts.rich(self.root.get("description"), place, "/description"):
            definition["intro"] = intro
        if done := self.texts.rich(self.root.get("completedHtml"), place, "/completedHtml"):
            definition["done"] = done
        return definition


def _checks_of(pages: list[Item]) -> dict[str, str]:
    """The groups around single fields that check them, with the ids of these."""
    found: dict[str, str] = {}

    def look(items: list[Item]) -> None:
        for item in items:
            if item.get("type") == "group":
                if item["id"].endswith("_checked") and len(item["items"]) == 1:
                    found[item["id"]] = item["items"][0]["id"]
                look(item["items"])

    for page in pages:
        look(page["items"])
    return found
