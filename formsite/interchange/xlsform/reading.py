"""A workbook -> a definition: every question comes over, and what does not is named by its row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from formsite.definition.document import parse
from formsite.definition.faults import Faulty
from formsite.interchange import progress
from formsite.interchange.losses import Imported, Loss, Unimportable
from formsite.interchange.progress import Stage
from formsite.interchange.workbooks import Sheet, Workbook, open_workbook
from formsite.interchange.xlsform import matrices
from formsite.interchange.xlsform.dialect import XLSFormDialect
from formsite.interchange.xlsform.fields import Fields, Item
from formsite.interchange.xlsform.groups import Groups, pages
from formsite.interchange.xlsform.leftovers import name_leftovers, read_settings
from formsite.interchange.xlsform.logic import Logic
from formsite.interchange.xlsform.ordering import put_in_order
from formsite.interchange.xlsform.survey import Survey

LONGEST_TITLE = 500
ODKX = ("clause", "section_name", "screens")


def read(content: bytes, name: str) -> Imported:
    """A definition out of an .xlsx or .xls file.

    Raises:
        Unimportable: it is no XLSForm, or nothing in it can be asked.
    """
    book = open_workbook(content, name)
    sheet = book.sheet("survey") or _only(book)
    if sheet is None:
        raise Unimportable(name, "There is no sheet called “survey”", "An XLSForm keeps its questions in that sheet")
    _refuse_others(sheet)
    progress.at(Stage.UNDERSTANDING)
    settings = read_settings(book)
    survey = Survey(book, sheet, settings.get("default_language", ""))
    for what, why in book.oddities:
        survey.lose(name, what, why)
    name_leftovers(survey, settings)
    _arrange(survey)
    progress.at(Stage.TRANSLATING)
    logic = Logic(survey)
    fields = Fields(survey, logic)
    items = list(Groups(survey, logic, fields).items(survey.tree.root))
    if not fields.names:
        raise Unimportable(
            "survey",
            "There is no question that formsite can ask",
            "Add a question that a customer can answer: text, a number, a date or a choice",
        )
    title = settings.get("form_title") or settings.get("title") or settings.get("set_form_title") or PurePath(name).stem
    return _finished(survey, fields, items, title, settings.get("form_id") or settings.get("id_string") or title)


def _only(book: Workbook) -> Sheet | None:
    """The one sheet of a workbook that has no other, if it has the columns of a survey."""
    sheet = book.sheet(book.names[0]) if len(book.names) == 1 else None
    return sheet if sheet is not None and {"type", "name"} <= {header.lower() for header in sheet.headers} else None


def _refuse_others(sheet: Sheet) -> None:
    columns = {re.sub(r"[\s_]+", "_", header.strip().lower()) for header in sheet.headers}
    if columns & set(ODKX):
        raise Unimportable(
            "survey", "This is an ODK-X workbook, with sections and screens of its own", "Bring an XLSForm"
        )


def _arrange(survey: Survey) -> None:
    """Tables are gathered, and what looks ahead is put in order."""
    matrices.gather(survey)
    survey.know()
    for node, other in put_in_order(
        survey.tree, survey.references, lambda node: survey.headers.has(node.row, "relevant")
    ):
        why = f"it looks at what is asked later, and stands below “{other.source}”"
        survey.lose(node.where, f"the place of “{node.source}”", why)
    survey.know()


def _finished(survey: Survey, fields: Fields, items: list[Item], title: str, slug: str) -> Imported:
    definition = {
        "formsite": 1,
        "kind": "questionnaire",
        "languages": list(dict.fromkeys([survey.language, *_languages(items)])),
        "title": {survey.language: title[:LONGEST_TITLE]},
        "pages": pages(items, survey),
    }
    try:
        parsed = parse(definition)
    except Faulty as refusal:
        fault = refusal.faults[0]
        raise Unimportable(fault.where, fault.what, fault.fix) from None
    suggestion = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:80].strip("-") or "form"
    losses = tuple(sorted(survey.losses, key=_row))
    places = {node.where: node.id for node in survey.tree.walk()}
    return Imported(parsed, suggestion, fields.names, losses, _dialect(survey, fields), places)


def _row(loss: Loss) -> tuple[int, int]:
    """What is of the whole file first, then row by row; the choices after the questions."""
    sheet, _, number = loss.where.partition("!")
    return (("survey", "choices").index(sheet) + 1 if sheet in ("survey", "choices") else 0, int(number or 0))


def _dialect(survey: Survey, fields: Fields) -> XLSFormDialect:
    nodes = list(survey.tree.walk())
    repeats = {node.source: node.id for node in nodes if node.role == "repeat"}
    others = {f"{node.source}_other": f"{node.id}-other" for node in nodes if survey.asks_other(node)}
    choices = {node.id: survey.choices_of(node) for node in nodes if node.listed}
    shapes = {node.id: node.kind.shape for node in nodes if node.kind is not None and node.kind.shape}
    for node in nodes:
        source = survey.sources.exactly(node.chain)
        if node.kind is not None and node.kind.is_computed and source is not None and source.kind in ("time", "moment"):
            shapes[node.id] = source.kind
    heads = {node.head.source: node.head.id for node in nodes if node.head is not None}
    chains = {node.chain: node.id for node in nodes}
    return XLSFormDialect(others | fields.names | repeats | heads, choices, shapes, frozenset(heads.values()), chains)


def _languages(items: list[Item]) -> Iterator[str]:
    """Every language that some label uses."""
    for item in items:
        yield from item.get("label", {})
        yield from _languages(item.get("items", []))
