"""The rows of a definition as a workbook: survey, choices, settings."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from formsite.definition import piping
from formsite.definition.document import Definition
from formsite.definition.locales import locale_of
from formsite.definition.parts import Text
from formsite.interchange.losses import Loss
from formsite.interchange.to_xlsform.asking import COLUMN, Asking

TEXTS = ("label", "hint", "required_message", "constraint_message")
CELLS = (
    "relevant", "required", "constraint", "calculation", "choice_filter", "appearance", "parameters", "default",
    "read_only", "repeat_count",
)  # fmt: skip
WIDTHS = {"type": 24, "name": 24, "label": 48}
UNSAID = (
    ("intro", "the words before the form"),
    ("done", "the words after it"),
    ("notice", "the privacy notice"),
    ("random_pages", "the order of chance of its pages"),
    ("consents", "what customers may agree to"),
    ("quotas", "its quotas"),
    ("feedback", "the request for feedback"),
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file, and what of the definition is not in it."""

    content: bytes
    losses: tuple[Loss, ...]


def write(definition: Definition, slug: str = "form") -> Exported:
    """The definition as an XLSForm."""
    import xlsxwriter  # 40 ms: only where a spreadsheet is written

    asking = Asking(definition)
    asking.write()
    losses = [
        Loss("the form", what, "an XLSForm has no place for it") for name, what in UNSAID if getattr(definition, name)
    ]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for title, rows in (
            ("survey", _survey(asking, definition)),
            ("choices", _choices(asking, definition)),
            ("settings", _settings(definition, slug)),
        ):
            sheet = book.add_worksheet(title)
            table = _without_empty_columns(list(rows))
            for number, row in enumerate(table):
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, column, cell, *([bold] if number == 0 else []))
            for column, header in enumerate(table[0]):
                sheet.set_column(column, column, WIDTHS.get(header.partition("::")[0], 20))
            sheet.freeze_panes(1, 0)
    return Exported(out.getvalue(), (*losses, *asking.losses))


def _survey(asking: Asking, definition: Definition) -> Iterator[list[str]]:
    headers = _headers(TEXTS, definition)
    yield ["type", "name", *headers, *CELLS]
    for row in asking.rows:
        texts = [_cell(asking, row.texts.get(column), tag) for column in TEXTS for tag in definition.languages]
        yield [row.type, row.name, *texts, *(row.cells.get(column, "") for column in CELLS)]


def _choices(asking: Asking, definition: Definition) -> Iterator[list[str]]:
    yield ["list_name", "name", *_headers(("label",), definition), COLUMN]
    for name, offered in asking.lists.items():
        has_cases = any(choice.when != offered[0].when for choice in offered) or offered[0].when.startswith("case_")
        for choice in offered:
            labels = [_cell(asking, choice.label, tag) for tag in definition.languages]
            yield [name, choice.name, *labels, choice.when if has_cases else ""]


def _settings(definition: Definition, slug: str) -> Iterator[list[str]]:
    yield ["form_title", "form_id", "default_language", "style"]
    style = "pages" if len(definition.pages) > 1 else ""
    form_id = re.sub(r"[^A-Za-z0-9_]+", "_", slug).strip("_") or "form"
    yield [definition.title.say(definition.language), form_id, _language(definition.language), style]


def _headers(columns: Iterable[str], definition: Definition) -> list[str]:
    """One column for each language; a form of one language names it in the settings."""
    if len(definition.languages) == 1:
        return list(columns)
    return [f"{column}::{_language(tag)}" for column in columns for tag in definition.languages]


def _language(tag: str) -> str:
    """`French (fr)`."""
    locale = locale_of(tag)
    name = (locale.english_name or tag).partition(" (")[0] if locale is not None else tag
    return f"{name} ({tag})"


def _cell(asking: Asking, text: Text | None, tag: str) -> str:
    """The words in a language, and none where there are none but in others; `{{name}}` is `${name}` there."""
    if text is None:
        return ""
    words = text.root.get(tag, "") if len(asking.definition.languages) > 1 else text.say(tag)

    def named(gap: re.Match[str]) -> str:
        spot = asking.places.spots.get(gap[1])
        return f"${{{spot.name}}}" if spot else gap[0]

    return piping.GAP.sub(named, words.replace("${", "$ {"))  # what looks like a reference in the words is none


def _without_empty_columns(rows: list[list[str]]) -> list[list[str]]:
    """The columns that say something; type, name and label always do."""
    kept = [at for at in range(len(rows[0])) if at < 3 or any(row[at] for row in rows[1:])]
    return [[row[at] for at in kept] for row in rows]
