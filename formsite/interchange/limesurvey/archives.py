"""Other files that LimeSurvey exports: the archive (`.lsa`), whose survey is read, and tables of texts, which are refused."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePath

from formsite.interchange.losses import Loss, Unimportable

MOST_BYTES = 10 * 1024 * 1024
ZIP = b"PK\x03\x04"
STRUCTURE = "Export the survey structure (.lss)"
BESIDE = {".lsr": "responses", ".lst": "participants", ".lsi": "timings"}
_TABLE = re.compile(rb'(?:\xef\xbb\xbf)?(?:"?[a-z_]+"?\t){0,4}"?class"?\t"?type/scale"?\t')
_DUMP = re.compile(rb'(?:\xef\xbb\xbf)?"?# LimeSurvey \w+ Dump')


def is_other_export(content: bytes) -> bool:
    """Whether a file that is no XML is one of LimeSurvey's."""
    if content.startswith(ZIP):
        return b".lss" in content and any(name.endswith(".lss") for name in _names(content))
    return bool(_TABLE.match(content) or _DUMP.match(content))


def survey_of(content: bytes, name: str) -> tuple[bytes, list[Loss]]:
    """The XML of a survey, and what else lay in its archive.

    Raises:
        Unimportable: the file is a table of texts, or an archive that cannot be unpacked or is made to do harm.
    """
    if _TABLE.match(content) or _DUMP.match(content):
        raise Unimportable(name, "This is a survey as a table of texts", f"{STRUCTURE} instead")
    if not content.startswith(ZIP):
        return content, []
    names = _names(content)
    surveys = [each for each in names if each.endswith(".lss")]
    if len(surveys) != 1:
        raise Unimportable(name, f"The archive holds {len(surveys)} surveys", f"{STRUCTURE} of one survey")
    beside = [Loss(each, said, "a form takes the questions alone") for each in names if (said := _said(each))]
    return _unpacked(content, surveys[0]), beside


def _said(name: str) -> str | None:
    return BESIDE.get(PurePath(name).suffix)


def _names(content: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            return held.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return []


def _unpacked(content: bytes, member: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as held, held.open(member) as file:
            found = file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Unimportable(member, f"The archive cannot be unpacked: {error}", f"{STRUCTURE} instead") from None
    if len(found) > MOST_BYTES:
        raise Unimportable(member, "The survey is larger than 10 MB", "Take it apart")
    return found
