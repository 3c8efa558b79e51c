"""A file of a known or unknown format -> a definition, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from formsite.definition.faults import Faulty
from formsite.interchange import progress
from formsite.interchange.losses import Imported, Loss, Unimportable
from formsite.interchange.progress import Stage

if TYPE_CHECKING:  # who starts a reader does not wait for what it needs
    from formsite.definition.document import Definition

Reader = Callable[[bytes, str], Imported]

MOST_BYTES = 10 * 1024 * 1024
MOST_DIGITS = 400  # more than any number that a definition may hold
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LIMESURVEY_TABLE = re.compile(rb"\t|LimeSurvey")
ZIP_EMPTY, UTF_16 = (b"PK\x05\x06", b"PK\x07\x08"), (b"\xff\xfe", b"\xfe\xff")
OTHERS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"{\\rtf": "a text document",
}
BRING = "Bring a definition (JSON, YAML), an XLSForm (.xlsx, .xls), a LimeSurvey survey (.lss) or a SurveyJS one (JSON)"
CSV_NAME = re.compile(r"\.(csv|tsv|tab|txt)$", re.IGNORECASE)
YAML_NAME = re.compile(r"\.ya?ml$", re.IGNORECASE)
YAML_START = re.compile(rb"""(?:%[^\n]*\n|---[^\n]*\n|\s+|#[^\n]*\n)*["']?[a-z_]+["']?[ ]*:(?:\s|$)""")


def read(content: bytes, name: str, format: str = "auto") -> Imported:
    """Read a file.

    Args:
        content: its bytes.
        name: its name; the last resort for a slug.
        format: one of `formats()`, or `auto` to look at the content.

    Raises:
        Unimportable: nothing can be imported; says where, what and how to mend it.
        Faulty: an own definition with faults.
    """
    refuse_size(len(content), name)
    progress.at(Stage.READING)
    chosen = recognise(content, name) if format == "auto" else format
    if chosen not in READERS:
        raise Unimportable(name, f"formsite does not read “{chosen}”", "Use one of: " + ", ".join(READERS))
    imported = replace(READERS[chosen](content, name), format=chosen)
    progress.at(Stage.CHECKING)
    if chosen in OWN:
        return imported
    from formsite.interchange.mending import mended

    return mended(imported)


def refuse_size(size: int, name: str) -> None:
    """What no reader needs to look at.

    Raises:
        Unimportable: the file is empty, or larger than any that is read.
    """
    if not size:
        raise Unimportable(name, "The file is empty", "Bring one that holds a questionnaire")
    if size > MOST_BYTES:
        raise Unimportable(name, "The file is larger than 10 MB", "Import a smaller one")


def write(definition: Definition, format: str, slug: str = "form") -> tuple[bytes, tuple[Loss, ...]]:
    """A definition as a file of a format, one of `WRITERS`; and what the file does not hold."""
    return WRITERS[format](definition, slug)


def recognise(content: bytes, name: str) -> str:
    """The format, told by the content.

    Raises:
        Unimportable: it is none that formsite reads.
    """
    if _is_other_limesurvey(content):
        return "limesurvey"
    if content.startswith((ZIP, OLE)):
        return "xlsform"
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        return "limesurvey"
    if YAML_NAME.search(name):
        return "yaml"
    if start == b"{":
        return "surveyjs" if _is_surveyjs(content) else "formsite"
    if YAML_START.match(content.removeprefix(b"\xef\xbb\xbf")):
        return "yaml"
    raise Unimportable(name, *_unknown(content, name))


def _unknown(content: bytes, name: str) -> tuple[str, str]:
    """What a file is that is not read, as far as it can be told, and what to bring in its place."""
    if content.startswith(UTF_16):
        return "The file is UTF-16, not UTF-8", "Save it as UTF-8"
    if content.startswith(ZIP_EMPTY):
        return "The archive is empty, or a part of one", "Bring the whole file"
    kind = next((said for start, said in OTHERS.items() if content.startswith(start)), "")
    if not kind and CSV_NAME.search(name):
        kind = "a table of text"
    return f"This is {kind or 'no kind of file that formsite reads'}", BRING


def _is_other_limesurvey(content: bytes) -> bool:
    """Whether it is one of LimeSurvey's files that are no XML. Their reader is asked only where it may know them."""
    may_be = b".lss" in content if content.startswith(ZIP) else bool(LIMESURVEY_TABLE.search(content[:200]))
    return may_be and bool(import_module("formsite.interchange.limesurvey").is_other_export(content))


def _is_surveyjs(content: bytes) -> bool:
    """Whether JSON is a survey of SurveyJS: both have pages, and ours says what it is."""
    try:
        raw = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(raw, dict) and "formsite" not in raw and bool(raw.keys() & {"pages", "elements", "questions"})


def read_own(content: bytes, name: str) -> Imported:
    """Formsite's own JSON."""
    try:
        raw = json.loads(_decoded(content), object_pairs_hook=_object, parse_int=_whole, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise Unimportable(
            f"line {error.lineno}, column {error.colno}", f"This is not JSON: {error.msg}", "Mend it there"
        ) from None
    except RecursionError:
        raise Unimportable(name, "The JSON is nested too deeply", "Take it apart") from None
    return _own(raw, name)


def read_yaml(content: bytes, name: str) -> Imported:
    """Formsite's own definition, written as YAML."""
    from formsite.interchange.yaml import load

    return _own(load(_decoded(content), name), name)


def _own(raw: object, name: str) -> Imported:
    from formsite.definition.document import parse

    definition = parse(raw)
    names = {part.id: part.id for part in definition.fields() if part.kind.asks}
    return Imported(definition, slug_of(PurePath(name).stem), names)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unimportable(f"byte {error.start}", "The file is not UTF-8", "Save it as UTF-8") from None


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, whose members have names of their own: which of two holds is a guess."""
    held = dict(members)
    if len(held) < len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unimportable(f"“{twice[:60]}”", "A member of this name stands twice in one object", "Keep one of them")
    return held


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise Unimportable(f"{digits[:20]}…", "The number is larger than a definition can hold", "Write a smaller one")
    return int(digits)


def _no_number(word: str) -> float:
    raise Unimportable(word, f"This is not JSON: {word} is no number", "Write a number, or leave it out")


def slug_of(words: str) -> str:
    """A slug out of any words."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:80].strip("-") or "form"


def _reader(package: str) -> Reader:
    """That of another program's files; loaded when one comes, as each is a program of its own."""
    return lambda content, name: import_module(f"formsite.interchange.{package}").read(content, name)


READERS: dict[str, Reader] = {
    "formsite": read_own,
    "yaml": read_yaml,
    "xlsform": _reader("xlsform"),
    "surveyjs": _reader("surveyjs"),
    "limesurvey": _reader("limesurvey"),
}

OWN = frozenset({"formsite", "yaml"})
"""What holds a definition as it is: its faults are told, not mended."""


def _as_json(definition: Definition, _slug: str) -> tuple[bytes, tuple[Loss, ...]]:
    return (json.dumps(definition.as_json(), ensure_ascii=False, indent=2) + "\n").encode(), ()


def _as_yaml(definition: Definition, _slug: str) -> tuple[bytes, tuple[Loss, ...]]:
    from formsite.interchange.yaml import dump

    return dump(definition.as_json()), ()


def _as_xlsform(definition: Definition, slug: str) -> tuple[bytes, tuple[Loss, ...]]:
    from formsite.interchange.to_xlsform import write as write_xlsform

    exported = write_xlsform(definition, slug)
    return exported.content, exported.losses


WRITERS: dict[str, Callable[[Definition, str], tuple[bytes, tuple[Loss, ...]]]] = {
    "formsite": _as_json,
    "yaml": _as_yaml,
    "xlsform": _as_xlsform,
}

NAMES = {
    "xlsform": ("XLSForm", ".xlsx .xls .xlsm"),
    "limesurvey": ("LimeSurvey", ".lss .lsa"),
    "surveyjs": ("SurveyJS", ".json"),
    "formsite": ("formsite", ".json"),
    "yaml": ("formsite as YAML", ".yaml .yml"),
}
"""Format -> what people call it, and how its files end."""

ENDINGS = {
    "formsite": ("json", "application/json"),
    "yaml": ("yaml", "application/yaml"),
    "xlsform": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""Format -> what a file of it is called at the end, and its media type."""

__all__ = ["Faulty", "Imported", "Unimportable", "read", "recognise", "slug_of", "write"]
