"""What a workbook holds besides questions: settings, columns and words of appearance that formsite has no use for."""

from __future__ import annotations

import re

from formsite.interchange.workbooks import Workbook
from formsite.interchange.xlsform.lists import MEDIA
from formsite.interchange.xlsform.rows import Node
from formsite.interchange.xlsform.survey import Survey

KEPT = "formsite has its own way of keeping responses"
SETTINGS = {
    "public_key": KEPT,
    "submission_url": KEPT,
    "instance_name": KEPT,
    "auto_send": KEPT,
    "auto_delete": KEPT,
    "instance_id": KEPT,
    "instance_xmlns": KEPT,
    "sms_keyword": "formsite takes no answers by text message",
}
SHEETS = {
    "entities": "formsite keeps no entities beside responses",
    "osm": "things on the map are asked as text",
    "queries": "external data is not read",
}
COLUMNS = {
    "media": MEDIA,
    "trigger": "",
    "body_accuracythreshold": "the browser decides how exactly a place is found",
    "save_to": "formsite keeps responses in its own way",
    "saveto": "formsite keeps responses in its own way",
    "autoplay": MEDIA,
    "intent": "formsite starts no other program",
}
KNOWN = frozenset(
    "type name label hint guidance_hint relevant required required_message constraint constraint_message calculation "
    "choice_filter repeat_count read_only default appearance parameters disabled media trigger".split()
)
NOTES = re.compile(r"^$|^#|note|comment|remark|todo|translat|review|status")
"""Columns that people write to each other in."""
DRAWN = frozenset(
    "field-list table-list minimal multiline quick quickcompact compact columns columns-flex horizontal horizontal-compact vertical "
    "label list-nolabel list no-calendar numbers likert signature year month-year autocomplete no-ticks picker rating "
    "placement-map maps new new-front selfie new-rear columns-pack randomize no-buttons pages".split()
)
"""Words of appearance that formsite follows, or that change nothing but the drawing."""
_COLUMNS = re.compile(r"w\d+|columns?-\d+|compact-\d+|quickcompact-\d+|horizontal-compact-\d+")


def read_settings(book: Workbook) -> dict[str, str]:
    """The first row of the sheet “settings”, by column."""
    sheet = book.sheet("settings")
    if sheet is None or not sheet.rows:
        return {}
    return {re.sub(r"\s+", "_", key.strip().lower()): value for key, value in sheet.rows[0].cells.items()}


def name_leftovers(survey: Survey, settings: dict[str, str]) -> None:
    """Name all of them."""
    for key, why in SETTINGS.items():
        if settings.get(key):
            survey.lose("settings!2", f"{key}: {settings[key][:80]}", why)
    for title, why in SHEETS.items():
        sheet = survey.book.sheet(title)
        if sheet is not None and sheet.rows:
            survey.lose(title, f"the sheet “{sheet.name}”", why)
    for language, tag in survey.headers.unknown.items():
        survey.lose(
            "survey!1", f"the language “{language}”", f"it has no tag that browsers know, and is called “{tag}”"
        )
    told: set[str] = set()
    for node in survey.tree.walk():
        if not node.filled:
            _columns(survey, node, told)
            _appearance(survey, node)


def _columns(survey: Survey, node: Node, told: set[str]) -> None:
    for column, headers in survey.headers.plain.items():
        for header in headers:
            value = node.row.get(header)
            if not value or (column in KNOWN and column != "media") or NOTES.search(column):
                continue
            if column in COLUMNS:
                survey.lose(node.where, f"{header}: {value[:80]}", COLUMNS[column])
            elif header not in told:
                told.add(header)
                survey.lose(node.where, f"the column “{header}”", "formsite has no use for it")


def _appearance(survey: Survey, node: Node) -> None:
    words = re.sub(r"\b[\w:.]+\([^)]*\)", "", survey.get(node, "appearance")).split()
    given = [word for word in words if word.lower() not in DRAWN and not _COLUMNS.fullmatch(word.lower())]
    if given:
        survey.lose(node.where, f"the appearance “{' '.join(given)[:80]}”", "formsite draws questions in its own way")
    if re.search(r"(^|\s)[\w:.]+\(", survey.get(node, "appearance")) and "search" not in survey.appearance(node):
        survey.lose(
            node.where, f"the appearance “{survey.get(node, 'appearance')[:80]}”", "formsite starts no other program"
        )
