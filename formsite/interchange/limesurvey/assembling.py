"""A survey -> a definition: pages of fields with their rules, what could not come over named one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from formsite.definition.document import Definition, parse
from formsite.definition.faults import Faulty
from formsite.interchange import markup
from formsite.interchange import rules as r
from formsite.interchange import progress
from formsite.interchange.limesurvey.archives import survey_of
from formsite.interchange.limesurvey.conditions import relevance_of_conditions
from formsite.interchange.limesurvey.dialect import LimeSurveyNames
from formsite.interchange.limesurvey.fields import Fields
from formsite.interchange.limesurvey.making import Item
from formsite.interchange.limesurvey.filters import Filters
from formsite.interchange.limesurvey.layouts import Layout, lay_out
from formsite.interchange.limesurvey.logic import Logic
from formsite.interchange.limesurvey.paging import ABOUT, one_by_one
from formsite.interchange.limesurvey.preparing import prepare
from formsite.interchange.limesurvey.quotas import Quotas
from formsite.interchange.limesurvey.shuffling import pages_are_shuffled, shuffled
from formsite.interchange.limesurvey.sparing import spare
from formsite.interchange.rules import Rule
from formsite.interchange.sayings import say
from formsite.interchange.limesurvey.survey import Group, Question, Survey, read_survey
from formsite.interchange.limesurvey.tables import read_tables
from formsite.interchange.limesurvey.texts import Text, Texts
from formsite.interchange.limesurvey.translation import Place, Translator
from formsite.interchange.limesurvey.values import Values
from formsite.interchange.limesurvey.variables import Variables
from formsite.interchange.losses import Imported, Loss, Unimportable
from formsite.interchange.progress import Stage

MOST_LOSSES = 2_000
PERSONAL = re.compile(
    r"(e?mail|phone|telefon|mobile|(first|last|full|sur|family)name|address|postcode|zipcode)", re.IGNORECASE
)
TYPED = ("short_text", "long_text")
UNUSED_TABLES = {
    "assessments": "formsite has no assessments; answers keep their values as scores",
    "survey_url_parameters": "formsite fills in fields by their own names; give the links those",
    "plugin_settings": "formsite has no plug-ins of LimeSurvey",
}

GROUP_TEXTS = {"N": "N", "D": "D", "X": ""}
"""Which of name and description of a group the survey shows."""
FORMATS = {
    "S": ("one question at a time", "the questions of a group share a page; make pages of them"),
    "A": ("all questions on one page", "each group has a page of its own; move its questions to bring them together"),
}
UNUSED_SETTINGS = {
    "startdate": "set when the form opens as you publish it",
    "expires": "set when the form closes as you publish it",
    "emailnotificationto": "nobody is told of a response by mail; say who should be as you set the form up",
    "emailresponseto": "nobody is sent a response by mail; say who should see them as you set the form up",
}


def read(content: bytes, name: str) -> Imported:
    """A definition out of an `.lss` file, or of the one in an archive.

    Raises:
        Unimportable: it is none, or nothing in it can be asked.
    """
    content, beside = survey_of(content, name)
    survey = read_survey(read_tables(content, name))
    if not any(True for _ in survey.questions()):
        raise Unimportable(name, "The survey has no questions", "Export a survey that has some")
    if all(question.type in "X*" for question in survey.questions()):
        raise Unimportable(name, "The survey asks nothing: it has texts and equations alone", "Export one that asks")
    imported = _Assembly(survey, name).imported()
    return replace(imported, losses=(*beside, *imported.losses)) if beside else imported


class _Assembly:
    def __init__(self, survey: Survey, name: str) -> None:
        progress.at(Stage.UNDERSTANDING)
        self.survey = survey
        self.name = name
        self.losses: dict[tuple[str, str, str], None] = {}
        self.tags = _tags(survey.languages)
        for remark in prepare(survey):
            self.lose(*remark)
        for language in survey.languages:
            if language not in self.tags:
                self.lose(f"language {language}", "its texts", "no language is called so, or two are; translate anew")
        self.layouts, self.names = lay_out(survey)
        self.variables = Variables(survey, self.layouts)
        self.translator = Translator(survey, self.variables)
        languages = tuple(self.tags.values())
        self.texts = Texts(survey, self.translator, self.names, self.tags, self.lose)
        self.fields = Fields(survey, self.texts, self.lose, languages)
        filters = Filters(self.variables, self.layouts)
        self.logic = Logic(self.translator, self.texts, filters, relevance_of_conditions(survey), languages, self.lose)
        base = self.tags[survey.languages[0]]
        self.values = Values(survey, self.translator, self.texts, self.lose, base)
        self.outputs: dict[str, str] = {}

    def lose(self, where: str, what: str, why: str) -> None:
        """Note something that does not come over."""
        if len(self.losses) < MOST_LOSSES:
            self.losses[where or self.name, what, why] = None

    # -- the whole ---------------------------------------------------------------------------------------------------
    def imported(self) -> Imported:
        progress.at(Stage.TRANSLATING)
        pages = [page for group, at in self._groups() if (page := self._page(group, at))]
        document: Item = {
            "formsite": 1,
            "kind": "questionnaire",
            "languages": list(self.tags.values()),
            "title": self._title(),
            "pages": pages,
        }
        document |= {name: text for name, text in self._framing() if text}
        if waiting := self.texts.take_waiting():
            pages[-1]["items"] += waiting
        document |= self._chance()
        document["pages"] = self._paged(pages, shuffled="random_pages" in document)
        quotas = Quotas(self.survey, self.variables, self.texts, tuple(self.tags.values()), self.lose)
        if found := list(quotas.all()):
            document["quotas"] = found
        self._unread()
        spare(document, self.lose)
        definition = self._parsed(document)
        losses = tuple(Loss(*each) for each in self.losses)
        slug = re.sub(r"[^a-z0-9]+", "-", self._title()[self.tags[self.survey.languages[0]]].lower()).strip("-")[:80]
        dialect = LimeSurveyNames(self.variables, self.layouts, self.outputs)
        return Imported(
            definition, slug.strip("-") or PurePath(self.name).stem or "survey", self._names(), losses, dialect
        )

    def _paged(self, pages: list[Item], *, shuffled: bool) -> list[Item]:
        """The pages of groups, or those of questions where the survey asks one at a time."""
        wanted = self.survey.settings.get("format", "")
        alone = one_by_one(pages, self.names.take) if wanted == "S" and not shuffled else None
        if wanted in FORMATS and alone is None:
            self.lose("format", *FORMATS[wanted])
        return alone or pages

    def _chance(self) -> Item:
        """Pages in an order of chance, where formsite has the same order."""
        asked = [group for group in self.survey.groups if group.questions]
        if pages_are_shuffled(asked):
            return {"random_pages": True}
        for group in asked:
            if group.random.strip():
                where = f"group {next(iter(group.words.values()), group.gid)}"
                self.lose(where, "its random group", "formsite shuffles all pages but the first; set the order by hand")
        return {}

    @staticmethod
    def _parsed(document: Item) -> Definition:
        try:
            return parse(document)
        except Faulty as refusal:
            fault = refusal.faults[0]
            raise Unimportable(fault.where, fault.what, fault.fix) from None

    def _groups(self) -> Iterator[tuple[Group, int]]:
        at = 0
        for group in self.survey.groups:
            if group.questions:
                yield group, at
            at += len(group.questions)

    def _title(self) -> Text:
        base = self.tags[self.survey.languages[0]]
        found = {
            self.tags[tag]: markup.words(said).text
            for tag, said in self.survey.words("surveyls_title").items()
            if tag in self.tags
        }
        return {tag: said for tag, said in found.items() if said} | (
            {} if found.get(base) else {base: PurePath(self.name).stem}
        )

    def _framing(self) -> Iterator[tuple[str, Text]]:
        """Welcome, end and notice."""
        welcome = self.texts.formatted(self.survey.words("surveyls_welcometext"), Place(at=0), "welcome")
        described = self.texts.formatted(self.survey.words("surveyls_description"), Place(at=0), "description")
        intro = {
            tag: "\n\n".join(filter(None, (described.get(tag), welcome.get(tag)))) for tag in {**described, **welcome}
        }
        if intro and self.survey.settings.get("showwelcome") == "N":
            self.lose("welcome", "its text", "the survey does not show it; write it into a text of the first page")
        else:
            yield "intro", intro
        yield "done", self.texts.formatted(self._end(), Place(), "end text")
        if self.survey.settings.get("showsurveypolicynotice", "0") not in ("", "0"):
            words = self.survey.words("surveyls_policy_notice")
            yield "notice", self.texts.formatted(words, Place(at=0), "policy notice")
            self.lose("policy notice", "the box that accepts it", "the notice is shown; ask for a consent by a field")

    def _end(self) -> dict[str, str]:
        """The words at the end, and a link to the address that follows the survey."""
        ends = self.survey.words("surveyls_endtext")
        for language, url in self.survey.words("surveyls_url").items():
            address = url.strip()
            if re.fullmatch(r"https?://[^\s{}<>\"]+", address):
                said = self.survey.texts[language].get("surveyls_urldescription", "").strip() or address
                link = f'<p><a href="{address}">{said}</a></p>'
                ends[language] = ends.get(language, "") + link
        return ends

    def _unread(self) -> None:
        """What stands in the archive and has no place."""
        for table, why in UNUSED_TABLES.items():
            if self.survey.tables.of(table):
                self.lose(table, f"{len(self.survey.tables.of(table))} rows", why)
        for setting, why in UNUSED_SETTINGS.items():
            if self.survey.settings.get(setting, "").strip():
                self.lose(f"survey {setting}", self.survey.settings[setting].strip()[:100], why)
        urls = self.survey.words("surveyls_url").values()
        if self.survey.settings.get("autoredirect") == "Y" and urls:
            self.lose("end URL", "the way there of itself", "a link to it stands in the words at the end")
        if any("{" in url or not url.strip().startswith("http") for url in urls):
            self.lose("end URL", "the address that follows the survey", "write a link into the words at the end")
        if self.survey.words("surveyls_legal_notice"):
            self.lose(
                "legal notice", "its text", "formsite has one for the whole site; write it into a text of the form"
            )
        if self.survey.repaired:
            listed = ", ".join(f"{former} → {code}" for former, code in self.survey.repaired.items())
            what = listed if len(listed) <= 1_000 else f"{listed[:999]}…"
            self.lose("codes", what, "LimeSurvey itself changes such codes on import; use the new ones in expressions")

    def _names(self) -> dict[str, str]:
        """The source's names, and those it has after the repair, with the paths of their fields."""
        former: dict[str, str] = {}
        names: dict[str, str] = {}
        for layout in self.layouts.values():
            question = layout.question
            former[question.former] = next(iter(layout.hidden.values()), layout.id)
            names[question.code] = former[question.former]
            for variable in self.variables.of[question.qid]:
                row = layout.rows.get(variable.row)
                if variable.sub:
                    names[variable.name] = variable.path or (f"{layout.id}-{row}" if row else layout.id)
            for each in question.rows():
                path = f"{layout.id}-{layout.rows[each.code]}" if each.code in layout.rows else layout.id
                here = names.setdefault(
                    f"{question.code}_{each.code}", former[question.former] if layout.hidden else path
                )
                former[f"{question.former}_{each.former}"] = here
        return former | names

    # -- pages -------------------------------------------------------------------------------------------------------
    def _page(self, group: Group, at: int) -> Item | None:
        place = Place(at=at)
        shown = self.logic.of_group(group, at)
        where = f"group {next(iter(group.words.values()), group.gid)}"
        shows = GROUP_TEXTS.get(self.survey.settings.get("showgroupinfo", ""), "ND")
        title = self.texts.plain(group.words, place, where) if "N" in shows else {}
        items = self._described(group, place, where) if "D" in shows else self.texts.take_waiting()
        asked = [(question, self._items(question, shown)) for question in group.questions]
        items += shuffled(asked, self.names.take, self.lose)
        if not items:
            return None
        page: Item = {"id": self.names.take(f"page_{group.order or at + 1}"), "items": items}
        return page | ({"title": title} if title else {}) | ({"shown_if": shown} if shown != r.YES else {})

    def _described(self, group: Group, place: Place, where: str) -> list[Item]:
        """The description of a group, above its questions."""
        body = self.texts.formatted(group.description, place, where)
        waiting = self.texts.take_waiting()
        if not body:
            return waiting
        label = self.texts.plain(group.words, place, where) or body
        statement = {"type": "statement", "id": self.names.take(f"{ABOUT}{group.gid}"), "label": label}
        return [*waiting, statement | {"settings": {"body": body}}]

    def _items(self, question: Question, around: Rule) -> list[Item]:
        """A question with the hidden fields it needs before it, and the group that checks it around it."""
        layout = self.layouts[question.qid]
        self._name_outputs(layout)
        shown = self.logic.of_question(question, around)
        own = self.logic.translator.relevance.questions[question.qid]
        own = _without(own, around) if shown != r.NO else r.NO
        if question.type == "*":
            item = self.values.equation(question, layout)
            given: list[Item] = []
            always: list[Item] = []
        elif layout.is_hidden:
            items = self.values.hidden(question, layout, shown)
            return [*self.texts.take_waiting(), *items, *self.texts.after(self.variables.place[question.qid])]
        else:
            rows = self.logic.of_rows(question)
            own = r.NO if question.flag("hidden") else own  # a hidden text is never seen
            item = self.fields.build(question, layout, rows)
            item |= self.values.default(question, layout) | self._demand(question, item)
            own = r.every(own, _any_row(layout, rows))
            given, always = self.logic.limits(question, layout)
            given += self.logic.ranking(question, layout, rows)
        if given:
            item["limits"] = given
        if always:
            group: Item = {
                "type": "group",
                "id": self.names.take(f"{question.code}_checked"),
                "items": [item],
                "limits": always,
            }
            self.outputs[group["id"]] = question.code
            item = group
        if own != r.YES:
            item["shown_if"] = own
        return [*self.texts.take_waiting(), item, *self.texts.after(self.variables.place[question.qid])]

    def _demand(self, question: Question, item: Item) -> Item:
        """Compulsory, or asked once more."""
        demand: Item = {}
        asks = item["type"] != "statement"
        if asks and (question.encrypted or (PERSONAL.search(question.code) and item["type"] in TYPED)):
            demand["personal"] = True
        if not asks or question.mandatory not in ("Y", "S"):
            return demand
        if question.mandatory == "S":
            return demand | {"wanted": True}
        if demand:
            demand["why"] = say("why", tuple(self.tags.values()))
            self.lose(
                question.code,
                "why it is compulsory",
                "customers are told so; put your own reason in place of a general one",
            )
        return demand | {"compulsory": True}

    def _name_outputs(self, layout: Layout) -> None:
        self.outputs[layout.id] = layout.question.code
        for variable in self.variables.of[layout.question.qid]:
            if variable.path and variable.sub:
                self.outputs[variable.path] = variable.name
        for sub, name in layout.hidden.items():
            self.outputs[name] = f"{layout.question.code}_{sub}"
        for code, row in layout.rows.items():
            self.outputs.setdefault(f"{layout.id}-{row}", f"{layout.question.code}_{code}")


def _any_row(layout: Layout, rows: dict[str, Rule]) -> Rule:
    """Where every row, box or answer may be taken away, something must be left."""
    codes = list(layout.rows) or [code if code != "-oth-" else "other" for code in layout.choices]
    if not rows or any(code not in rows for code in codes):
        return r.YES
    return r.some(*rows.values())


def _without(rule: Rule, around: Rule) -> Rule:
    """A condition without the part that its page decides already."""
    if around == r.YES:
        return rule
    parts = rule["of"] if rule.get("op") == "all" else [rule]
    known = around["of"] if around.get("op") == "all" else [around]
    return r.every(*(part for part in parts if part not in known))


def _tags(languages: tuple[str, ...]) -> dict[str, str]:
    """The tag of each language: `de-informal` is German where there is no other. The base language always has one."""
    found: dict[str, str] = {}
    for at, language in enumerate(languages):
        tag = re.sub(r"[^A-Za-z0-9-]", "-", language.strip())
        base, *rest = tag.split("-")
        tag = "-".join([base.lower(), *rest])
        if rest and rest[0].lower() in ("informal", "formal") and base.lower() not in languages:
            tag = base.lower()
        if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", tag) and tag not in found.values():
            found[language] = tag
        elif at == 0:
            found[language] = "qaa"  # which stands for what has no tag
    return found
