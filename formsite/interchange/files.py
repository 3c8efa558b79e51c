"""A file of a known or unknown format -> a definition."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import PurePath

from formsite.definition.document import parse
from formsite.definition.faults import Faulty
from formsite.interchange.limesurvey import is_other_export
from formsite.interchange.limesurvey import read as read_limesurvey
from formsite.interchange.losses import Imported, Unimportable
from formsite.interchange.mending import mended
from formsite.interchange.surveyjs import read as read_surveyjs
from formsite.interchange.xlsform import read as read_xlsform

MOST_BYTES = 10 * 1024 * 1024
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


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
    return imported if chosen == "formsite" else mended(imported)


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
    if start == b"{":
        return "surveyjs" if _is_surveyjs(content) else "formsite"
    raise Unimportable(
        name,
        "This is no kind of file that formsite reads",
        "Bring a definition (JSON), an XLSForm (.xlsx, .xls), a LimeSurvey survey (.lss) or a SurveyJS one (JSON)",
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
        raw = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unimportable(f"byte {error.start}", "The file is not UTF-8", "Save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise Unimportable(
            f"line {error.lineno}, column {error.colno}", f"This is not JSON: {error.msg}", "Mend it there"
        ) from None
    except RecursionError:
        raise Unimportable(name, "The JSON is nested too deeply", "Take it apart") from None
    definition = parse(raw)
    names = {part.id: part.id for part in definition.fields() if part.kind.asks}
    return Imported(definition, slug_of(PurePath(name).stem), names)


def slug_of(words: str) -> str:
    """A slug out of any words."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:80].strip("-") or "form"


READERS: dict[str, Callable[[bytes, str], Imported]] = {
    "formsite": read_own,
    "xlsform": read_xlsform,
    "surveyjs": read_surveyjs,
    "limesurvey": read_limesurvey,
}

__all__ = ["Faulty", "Imported", "Unimportable", "read", "recognise", "slug_of"]
