"""The settings of a field type as controls: what each is called, how it is shown, and how what was typed is read.

A setting's name says what it is, whatever type has it; a new type that reuses names needs nothing here. Where a name
means something else in one type, `<type>.<name>` stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from formsite.definition.fieldtypes import registry
from formsite.definition.fieldtypes.matrices import CellType
from formsite.definition.fieldtypes.persons import Line
from formsite.definition.lines import choices_of, columns_as_lines, columns_of, lines_of, rows_of

Read = Callable[[str, Any, str], Any]
Show = Callable[[Any, str], str]


class Untypable(ValueError):
    """What was typed is no value for the setting; the sentence says what is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of setting is typed."""

    control: str  # text, textarea, lines or select
    show: Show
    read: Read
    options: tuple[tuple[str, str], ...] = ()  # of a select: value and words


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it is drawn."""

    name: str
    label: str
    hint: str
    control: str
    value: str
    options: tuple[tuple[str, str], ...] = ()


def _whole(text: str, _before: Any, _language: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Untypable("Enter a whole number") from None


def _number(text: str, _before: Any, _language: str) -> int | float:
    try:
        number = float(text.replace(",", "."))
        return int(number) if number.is_integer() else number
    except (ValueError, OverflowError):
        raise Untypable("Enter a number") from None


def _words(text: str, before: Any, language: str) -> dict[str, str]:
    return (before or {}) | {language: text}


def _plain(value: Any, _language: str) -> str:
    return "" if value is None else str(value)


def _said(value: Any, language: str) -> str:
    said: str = (value or {}).get(language, "")
    return said


def _columns(text: str, before: Any, language: str) -> list[dict[str, Any]]:
    return columns_of(text, language, before or [])


def _rows(text: str, before: Any, language: str) -> list[dict[str, Any]]:
    return rows_of(text, language, before or [])


def _choices(text: str, before: Any, language: str) -> list[dict[str, Any]]:
    return choices_of(text, language, before or [])


WHOLE = Kind("text", _plain, _whole)
NUMBER = Kind("text", _plain, _number)
LINE = Kind("text", _plain, lambda text, _before, _language: text)
WORDS = Kind("text", _said, _words)
PARAGRAPHS = Kind("textarea", _said, _words)
HELD = Kind("held", lambda value, _language: f"{len(value or ()):,} choices", lambda _text, before, _language: before)
"""Too long to be typed: it comes in as a file (`interchange.listviews`)."""
LINES = Kind("lines", lambda value, language: lines_of(value or [], language), _choices)
COLUMNS = Kind("lines", lambda value, language: columns_as_lines(value or [], language), _columns)
ROWS = Kind("lines", LINES.show, _rows)
SWITCH = Kind(
    "select", lambda value, _language: "yes" if value else "", lambda *_: True, options=(("", "no"), ("yes", "yes"))
)


def _carried(text: str, _before: Any, _language: str) -> dict[str, str]:
    name, _, which = text.partition(" ")
    return {"field": name} | ({"which": which.strip()} if which else {})


CODES = Kind("text", lambda value, _language: " ".join(value or ()), lambda text, *_: text.replace(",", " ").split())
CARRIED = Kind(
    "text", lambda value, _language: f"{value['field']} {value.get('which', 'chosen')}" if value else "", _carried
)


def one_of(*options: tuple[str, str]) -> Kind:
    """A setting with a few values; the first is the usual one."""
    return Kind("select", _plain, lambda text, _before, _language: text, options)


Told = tuple[str, str, Kind]
"""What a setting is called, what helps to set it, and how it is typed."""

CHOICES_HINT = (
    "One a line. Paste as many as you like; “id | label” keeps an id of your own. Behind a second bar: other (opens a "
    "text), alone (none of the others goes with it), fixed (keeps its place), of north (offered where that is the answer to the "
    "question it depends on), score 5, seats 20, picture and its name."
)

KINDS: dict[str, Told] = {
    "choices": ("Choices", CHOICES_HINT, LINES),
    "list_choice.choices": ("Choices", "", HELD),
    "min_choices": ("At least", "How many must be chosen, if any are.", WHOLE),
    "max_choices": ("At most", "How many may be chosen.", WHOLE),
    "choices_from": (
        "Choices of an earlier question",
        "Its name, then chosen, unchosen or all: brands chosen.",
        CARRIED,
    ),
    "parent": (
        "Depends on",
        "The name of an earlier question with choices. What is offered is marked “of” and one of its answers.",
        LINE,
    ),
    "other_compulsory": ("Who chooses “other” must say what", "", SWITCH),
    "comment": ("A text beside the answer", "", SWITCH),
    "comments": ("A text beside each choice", "", SWITCH),
    "min_length": ("Shortest", "In characters.", WHOLE),
    "max_length": ("Longest", "In characters.", WHOLE),
    "mask": ("Mask", "9 is a digit, a is a letter, * is any sign, like 99-aa-****; behind \\ a sign is itself.", LINE),
    "pattern": ("Pattern", "In the syntax of RE2; the whole text must match.", LINE),
    "example": ("Example", "Shown as help.", LINE),
    "message": ("Said where the text does not fit", "", WORDS),
    "countries": ("Countries", "Two letters each, like DE AT CH; all where none is named.", CODES),
    "picture": ("Picture", "The name of a media file.", LINE),
    "alt": ("The picture in words", "For those who do not see it.", WORDS),
    "link": ("Link", "Like https://example.org/film.", LINE),
    "link_label": ("Words of the link", "", WORDS),
    "hidden": ("Hidden from customers", "It counts all the same.", SWITCH),
    "tick": ("Words beside the box", "", WORDS),
    "min": ("Least", "", NUMBER),
    "max": ("Greatest", "", NUMBER),
    "decimals": ("Decimals", "0 asks for whole numbers.", WHOLE),
    "unit": ("Unit", "Shown behind the number.", WORDS),
    "currency": ("Currency", "Three letters, like EUR.", LINE),
    "step": ("Step", "From one number to the next.", NUMBER),
    "earliest": ("Earliest", "Like 2026-01-31, or today.", LINE),
    "latest": ("Latest", "Like 2026-01-31, or today.", LINE),
    "time.earliest": ("Earliest", "Like 09:00.", LINE),
    "time.latest": ("Latest", "Like 17:30.", LINE),
    "date_time.earliest": ("Earliest", "Like 2026-01-31T09:00; or a whole day, like 2026-01-31 or today.", LINE),
    "date_time.latest": ("Latest", "Like 2026-01-31T17:30; or a whole day, like 2026-01-31 or today.", LINE),
    "month.earliest": ("Earliest", "Like 2026-01, or today for the month that it is.", LINE),
    "month.latest": ("Latest", "Like 2026-01, or today for the month that it is.", LINE),
    "country": ("Country", "Two letters, like GB: where a number without a country code is.", LINE),
    "from": ("Starts at", "0 or 1.", WHOLE),
    "to": ("Ends at", "2 to 10.", WHOLE),
    "look": ("Look", "", one_of(("numbers", "numbers"), ("stars", "stars"), ("faces", "faces"))),
    "low_label": ("Words at the low end", "", WORDS),
    "high_label": ("Words at the high end", "", WORDS),
    "items": ("Lines", "One a line; “id | label” keeps an id of your own.", ROWS),
    "rows": ("Rows", "One a line; “id | label” keeps an id of your own.", ROWS),
    "columns": ("Columns", "One a line; “id | label” keeps an id of your own.", ROWS),
    "likert.columns": ("Columns", "One a line. Left empty: five degrees of agreement, scored 1 to 5.", ROWS),
    "matrix_mixed.columns": (
        "Columns",
        f"One a line: “id | label | type”, or “id | label | dropdown: low; high”. Types: {', '.join(get_args(CellType))}.",
        COLUMNS,
    ),
    "random": ("In an order of chance", "Another one for each customer.", SWITCH),
    "compulsory_rows": (
        "Where it is compulsory",
        "",
        one_of(("all", "every line must be answered"), ("any", "one line is enough")),
    ),
    "sum_is": ("Sum", "What the numbers must add up to.", NUMBER),
    "sum_least": ("Least sum", "", NUMBER),
    "sum_most": ("Greatest sum", "", NUMBER),
    "total": ("Total", "What is shared out: the numbers must add up to it.", NUMBER),
    "from_label": ("Words at the start", "Left empty: “From”, in the language of the page.", WORDS),
    "to_label": ("Words at the end", "Left empty: “To”, in the language of the page.", WORDS),
    "one_end": ("One end is enough", "", SWITCH),
    "title": ("Ask for a title", "Like Dr or Ms. Nobody has to have one.", SWITCH),
    "middle": ("Ask for a middle name", "Nobody has to have one.", SWITCH),
    "parts": ("Lines of the address", f"In the order you want: {', '.join(get_args(Line))}.", CODES),
    "optional": ("May be left empty", "Lines that are optional even where the address is compulsory.", CODES),
    "each_row_unique": ("Each answer once", "No two rows may have the same answer.", SWITCH),
    "lines": ("Long answers", "Several lines of text in each.", SWITCH),
    "types": ("Kinds of files", "Any of: image pdf document sheet text audio video.", CODES),
    "max_megabytes": ("Largest file", "In megabytes.", WHOLE),
    "most_files": ("At most", "How many files may be chosen.", WHOLE),
    "body": ("Text", "**bold**, *italic*, lists and links.", PARAGRAPHS),
}


def told(type_name: str, name: str) -> Told:
    """The setting called `name` of a type."""
    return KINDS.get(f"{type_name}.{name}") or KINDS[name]


def names(type_name: str) -> list[str]:
    """The settings of a type, by their names in the document."""
    return [field.alias or name for name, field in registry.get(type_name).Settings.model_fields.items()]


def drawn(type_name: str, held: Mapping[str, Any], language: str) -> list[Setting]:
    """The settings as controls, with what is set now."""
    found = []
    usual = registry.get(type_name).Settings().model_dump(mode="json", by_alias=True)
    for name in names(type_name):
        label, hint, kind = told(type_name, name)
        value = held.get(name, usual.get(name))
        found.append(Setting(name, label, hint, kind.control, kind.show(value, language), kind.options))
    return found


def read(
    type_name: str, sent: Mapping[str, str], before: Mapping[str, Any], language: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings out of what was typed, and what could not be read, by setting. An empty control unsets."""
    made: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name in names(type_name):
        kind = told(type_name, name)[2]
        if kind is HELD:
            made |= {name: before[name]} if before.get(name) else {}
            continue
        text = sent.get(f"settings.{name}", "").replace("\r\n", "\n").strip()
        if not text and kind in (WORDS, PARAGRAPHS):
            others = {tag: said for tag, said in (before.get(name) or {}).items() if tag != language}
            made |= {name: others} if others else {}
        elif text:
            try:
                made[name] = kind.read(text, before.get(name), language)
            except Untypable as refusal:
                errors[name] = str(refusal)
    return made, errors
