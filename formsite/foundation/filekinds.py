"""What a file is, told from what is in it and never from its name.

Only kinds that are known to be what they seem get a name here. Whatever a browser would run (HTML, SVG, XML), programs,
archives and documents with macros are of no kind.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import BinaryIO, Literal, get_args

from formsite.foundation.storage import PIECE, pieces_of

Kind = Literal["image", "pdf", "document", "sheet", "text", "audio", "video"]
KINDS: tuple[Kind, ...] = get_args(Kind)

HEAD = 8 * 1024
LONGEST_NAME = 120
MOST_MEMBERS = 10_000
MOST_INSIDE = 2 * 1024**3
"""What a document may hold when it is unpacked; more is a bomb for whoever opens it."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is. A container of sound or film may be either of two kinds."""

    kinds: tuple[Kind, ...]
    media_type: str
    extension: str


def _of(kinds: str, media_type: str, extension: str) -> Recognised:
    named: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind in kinds.split())
    return Recognised(named, media_type, extension)


_BY_MAGIC = {
    "image/jpeg": _of("image", "image/jpeg", "jpg"),
    "image/png": _of("image", "image/png", "png"),
    "image/webp": _of("image", "image/webp", "webp"),
    "image/gif": _of("image", "image/gif", "gif"),
    "image/avif": _of("image", "image/avif", "avif"),
    "application/pdf": _of("pdf", "application/pdf", "pdf"),
    "application/rtf": _of("document", "application/rtf", "rtf"),
    "audio/mpeg": _of("audio", "audio/mpeg", "mp3"),
    "audio/wave": _of("audio", "audio/wav", "wav"),
    "audio/x-wav": _of("audio", "audio/wav", "wav"),
    "audio/flac": _of("audio", "audio/flac", "flac"),
    "audio/mp4": _of("audio", "audio/mp4", "m4a"),
    "application/ogg": _of("audio video", "application/ogg", "ogg"),
    "video/webm": _of("audio video", "video/webm", "webm"),
    "video/mp4": _of("audio video", "video/mp4", "mp4"),
    "video/quicktime": _of("video", "video/quicktime", "mov"),
    "video/avi": _of("video", "video/x-msvideo", "avi"),
    "video/x-msvideo": _of("video", "video/x-msvideo", "avi"),
}
_RUN = frozenset({"text/html", "image/svg+xml", "application/xml", "application/xhtml+xml", "text/xml"})
_BEGINS = {"application/pdf": b"%PDF-", "application/rtf": b"{\\rtf"}
_MARKUP = re.compile(rb"<\s*(!doctype|\?xml|html|head|body|script|svg|iframe|meta)", re.IGNORECASE)
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_TURNING = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF))
"""Signs that are not seen and make a name read as another one."""
_UNSEEN = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_DOCX, _XLSX = f"{_OPEN_XML}wordprocessingml.document", f"{_OPEN_XML}spreadsheetml.sheet"
_ODT, _ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"
_PACKED = {
    _DOCX: _of("document", _DOCX, "docx"),
    _XLSX: _of("sheet", _XLSX, "xlsx"),
    _ODT: _of("document", _ODT, "odt"),
    _ODS: _of("sheet", _ODS, "ods"),
}
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_DOC, _XLS = _of("document", "application/msword", "doc"), _of("sheet", "application/vnd.ms-excel", "xls")

_BY_NAME: dict[str, Kind] = {
    **dict.fromkeys(("jpg", "jpeg", "jfif", "png", "webp", "gif", "avif"), "image"),
    **dict.fromkeys(("docx", "doc", "odt", "rtf"), "document"),
    **dict.fromkeys(("xlsx", "xls", "ods"), "sheet"),
    **dict.fromkeys(("txt", "csv", "tsv", "md"), "text"),
    **dict.fromkeys(("mp3", "wav", "flac", "m4a", "oga"), "audio"),
    **dict.fromkeys(("mp4", "webm", "mov", "avi", "ogv"), "video"),
    "pdf": "pdf",
}
ENDINGS = {kind: tuple(end for end, of in _BY_NAME.items() if of == kind) for kind in KINDS}
"""What names of files of a kind end in: for the control, which a browser fills from the machine's own files."""


def recognise(file: BinaryIO) -> Recognised | None:
    """What the file is; None if it is nothing that is taken. The file is read from its beginning, never as a whole."""
    file.seek(0)
    if not (head := file.read(HEAD)):
        return None
    if head.startswith(b"PK\x03\x04"):
        return _packed(file)
    if head.startswith(_COMPOUND):
        return _compound(file)
    if not head.startswith(tuple(_BEGINS.values())) and _is_text(file):
        return None if _MARKUP.search(head) else _of("text", "text/plain", "txt")
    return _by_magic(head)


def called(name: str, media_type: str) -> tuple[Kind, ...]:
    """What a file is said to be, by its name and by the type it was sent under; empty where neither says it."""
    said = {_BY_NAME.get(name.rpartition(".")[2].lower())}
    group = media_type.partition("/")[0]
    if group in ("image", "audio", "video"):
        said.add(group)  # type: ignore[arg-type]
    elif media_type == "application/pdf":
        said.add("pdf")
    return tuple(kind for kind in KINDS if kind in said)


def plain_name(name: str, extension: str) -> str:
    """The name without folders and without signs that mislead; its end says what the file is."""
    last = name.replace("\\", "/").rpartition("/")[2].translate(_TURNING)
    stem, _, end = _UNSHOWN.sub("", last).rpartition(".")
    kept = (stem or end).strip(" .") or "file"
    return f"{kept[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def _by_magic(head: bytes) -> Recognised | None:
    import puremagic

    try:
        matches = puremagic.magic_stream(io.BytesIO(head))
    except (puremagic.PureError, ValueError):
        return None
    types = [match.mime_type or {".m4a": "audio/mp4"}.get(match.extension, "") for match in matches]
    if _RUN & set(types):
        return None
    found = next((each for each in types if each in _BY_MAGIC), None)
    if found is None or not head.startswith(_BEGINS.get(found, b"")):
        return None
    return _BY_MAGIC[found]


def _is_text(file: BinaryIO) -> bool:
    """Whether all of it is text, of whatever one-byte or UTF-8 encoding."""
    return not any(_UNSEEN.search(piece) for piece in pieces_of(file))


def _packed(file: BinaryIO) -> Recognised | None:
    """A document of an office: known by what its own table of contents says of its main part."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_INSIDE:
                return None
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                return None
            said = _member(archive, "mimetype" if "mimetype" in names else "[Content_Types].xml")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        return None
    if said in _PACKED:
        return _PACKED[said]
    return next((_PACKED[kind] for kind in (_DOCX, _XLSX) if f'"{kind}.main+xml"' in said), None)


def _member(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as member:
        return member.read(PIECE).decode("utf-8", "replace").strip()


def _compound(file: BinaryIO) -> Recognised | None:
    """A document of an office before 2007. The names of its streams are UTF-16; one of them tells macros."""
    names = {"word": "WordDocument", "sheet": "Workbook", "old": "Book", "macros": "_VBA_PROJECT"}
    found = {key for key, name in names.items() if _holds(file, name.encode("utf-16-le") + b"\x00\x00")}
    found |= {"macros"} if _holds(file, "_VBA_PROJECT".encode("utf-16-le")) else set()
    if "macros" in found:
        return None
    if "word" in found:
        return _DOC
    return _XLS if found else None


def _holds(file: BinaryIO, wanted: bytes) -> bool:
    before = b""
    for piece in pieces_of(file):
        if wanted in before + piece:
            return True
        before = piece[-len(wanted) :]
    return False
