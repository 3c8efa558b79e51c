"""A file of a known or unknown format -> a definition, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from formsite.definition.document import Definition, parse
from formsite.definition.faults import Faulty
from formsite.interchange.limesurvey import is_other_export
from formsite.interchange.limesurvey import read as read_limesurvey
from formsite.interchange.losses import Imported, Loss, Unimportable
from formsite.interchange.mending import mended
from formsite.interchange.surveyjs import read as read_surveyjs
from formsite.interchange.to_xlsform import write as write_xlsform
from formsite.interchange.xlsform import read as read_xlsform
from formsite.interchange.yaml import dump, load

MOST_BYTES = 10 * 1024 * 1024
MOST_DIGITS = 400  # more than any number that a definition may hold
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
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
    if len(content) > MOST_BYTES:
        raise Unimportable(name, "The file is larger than 10 MB", "Import a smaller one")
    chosen = recognise(content, name) if format == "auto" else format
    if chosen not in READERS:
        raise Unimportable(name, f"formsite does not read “{chosen}”", "Use one of: " + ", ".join(READERS))
    imported = READERS[chosen](content, name)
    return imported if chosen in OWN else mended(imported)


def write(definition: Definition, format: str, slug: str = "form") -> tuple[bytes, tuple[Loss, ...]]:
    """A definition as a file of a format, one of `WRITERS`; and what the file does not hold."""
    return WRITERS[format](definition, slug)


def recognise(content: bytes, name: str) -> str:
    """The format, told by the content.

    Raises:
        Unimportable: it is none that formsite reads.
    """
    if is_other_export(content):
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
    raise Unimportable(
        name,
        "This is no kind of file that formsite reads",
        "Bring a definition (JSON, YAML), an XLSForm (.xlsx, .xls), a LimeSurvey survey (.lss) or a SurveyJS one (JSON)",
    )


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
    return _own(load(_decoded(content), name), name)


def _own(raw: object, name: str) -> Imported:
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


READERS: dict[str, Callable[[bytes, str], Imported]] = {
    "formsite": read_own,
    "yaml": read_yaml,
    "xlsform": read_xlsform,
    "surveyjs": read_surveyjs,
    "limesurvey": read_limesurvey,
}

OWN = frozenset({"formsite", "yaml"})
"""What holds a definition as it is: its faults are told, not mended."""


def _as_json(definition: Definition, _slug: str) -> tuple[bytes, tuple[Loss, ...]]:
    return (json.dumps(definition.as_json(), ensure_ascii=False, indent=2) + "\n").encode(), ()


def _as_yaml(definition: Definition, _slug: str) -> tuple[bytes, tuple[Loss, ...]]:
    return dump(definition.as_json()), ()


def _as_xlsform(definition: Definition, slug: str) -> tuple[bytes, tuple[Loss, ...]]:
    exported = write_xlsform(definition, slug)
    return exported.content, exported.losses


WRITERS: dict[str, Callable[[Definition, str], tuple[bytes, tuple[Loss, ...]]]] = {
    "formsite": _as_json,
    "yaml": _as_yaml,
    "xlsform": _as_xlsform,
}

ENDINGS = {
    "formsite": ("json", "application/json"),
    "yaml": ("yaml", "application/yaml"),
    "xlsform": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""Format -> what a file of it is called at the end, and its media type."""

__all__ = ["Faulty", "Imported", "Unimportable", "read", "recognise", "slug_of", "write"]
