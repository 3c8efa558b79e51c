"""Files that are meant to do harm, or are simply not what they seem; made here, each small and quickly."""

from __future__ import annotations

import io
import json
import zipfile

from tests.interchange.test_workbooks import BOOK, CELLS, changed, old_book, sheet
from tests.interchange.xlsform_books import book, row
from tests.support.files import PDF, picture, zipped

LSS = (
    '<?xml version="1.0"?>{}<document><LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>366</DBVersion>'
    "<languages><language>{}</language></languages></document>"
)
NAMES = "abcdefghijklmnopqrst"
LAUGHS = "<!DOCTYPE d [<!ENTITY a 'ha'>" + "".join(
    f'<!ENTITY {name} "&{before};&{before};">' for before, name in zip(NAMES, NAMES[1:], strict=False)
) + "]>"  # fmt: skip


def bomb() -> bytes:
    """A workbook of some kilobytes, whose sheet is as many megabytes."""
    out = io.BytesIO(BOOK)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        made.writestr("xl/worksheets/sheet2.xml", sheet(" " * (65 * 1024 * 1024)))
    return out.getvalue()


def lying(content: bytes) -> bytes:
    """A workbook with a directory that says its parts are small."""
    changed_ = bytearray(content)
    end = changed_.rindex(b"PK\x05\x06")
    at = int.from_bytes(changed_[end + 16 : end + 20], "little")
    while changed_[at : at + 4] == b"PK\x01\x02":
        changed_[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
        name, extra, note = (int.from_bytes(changed_[at + n : at + n + 2], "little") for n in (28, 30, 32))
        at += 46 + name + extra + note
    return bytes(changed_)


def nested() -> bytes:
    """Archives in archives."""
    held = b"0" * 1_000_000
    for _ in range(6):
        held = zipped(**{f"n{number}__zip": held for number in range(8)})
    return held


def surveyjs(**element: object) -> bytes:
    """A survey of one question."""
    return json.dumps({"elements": [{"type": "text", "name": "q", **element}]}).encode()


BOMB = bomb()
REFUSED: dict[str, tuple[str, bytes]] = {
    "zip bomb": ("a.xlsx", BOMB),
    "zip bomb that lies": ("a.xlsx", lying(BOMB)),
    "nested archives": ("a.xlsx", nested()),
    "an archive cut short": ("a.xlsx", BOOK[: len(BOOK) // 2]),
    "an empty archive": ("a.xlsx", zipped()),
    "an archive of something else": ("a.xlsx", zipped(word__xml=b"<w/>")),
    "garbage in OLE": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40),
    "an old workbook cut short": ("a.xls", old_book((0x0809, b"\0" * 8))[:700]),
    "a locked workbook": ("a.xlsx", old_book((0x0809, b"\0" * 8), title="EncryptedPackage")),
    "entities in a sheet": ("a.xlsx", changed({CELLS: b"<!DOCTYPE d [<!ENTITY a 'a'>]>" + sheet("<row><c><v>&a;</v></c></row>")})),
    "ODK-X": ("a.xlsx", book([{"clause": "begin screen", "type": "text", "name": "q"}], choices=[])),
    "billion laughs": ("a.lss", LSS.format(LAUGHS, "&t;").encode()),
    "an entity that names a file": ("a.lss", LSS.format('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;").encode()),
    "a document type elsewhere": ("a.lss", LSS.format('<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">', "en").encode()),
    "XML of something else": ("a.xlsx", b"<html><body>Sign in</body></html>"),
    "deep XML": ("a.lss", LSS.format("", "<a>" * 100_000).encode()),
    "deep JSON": ("a.json", b'{"elements": ' + b"[" * 200_000),
    "deep objects": ("a.json", b'{"formsite":' * 50_000),
    "huge numbers": ("a.json", b'{"formsite": 1, "pages": ' + b"9" * 100_000 + b"}"),
    "UTF-16": ("a.json", json.dumps({"formsite": 1}).encode("utf-16")),
    "nothing but NUL": ("a.json", b"\0" * 5_000),
    "NUL in YAML": ("a.yaml", b"formsite: 1\0\n"),
    "aliases of aliases": ("a.yaml", b"a: &a [x]\nb: &b [*a, *a]\n"),
    "a table of text": ("a.csv", b"type,name,label\ntext,q,Q\n"),
    "a PDF called a workbook": ("a.xlsx", PDF),
    "a picture called a workbook": ("a.xlsx", picture()),
    "a program called JSON": ("a.json", b"\x7fELF" + b"\0" * 500),
    "a list": ("a.json", b"[]"),
    "a word": ("a.json", b'"formsite"'),
    "nothing": ("a.xlsx", b""),
    "far too much": ("a.json", b" " * (10 * 1024 * 1024 + 1)),
}  # fmt: skip
"""What it is -> the name it comes under, and the file. Nothing of them comes in."""

TAKEN: dict[str, tuple[str, bytes, str]] = {
    "macros": ("a.xlsm", changed({"xl/vbaProject.bin": b"Attribute VB_Name"}), "macros"),
    "links to files": ("a.xlsx", changed({"xl/externalLinks/externalLink1.xml": b"<x/>"}), "links to other files"),
    "connections": ("a.xlsx", changed({"xl/connections.xml": b"<x/>"}), "connections to databases or hosts"),
    "an expression of great depth": ("a.xlsx", book([row("text", "a"), row("text", "b", relevant="(" * 30_000)]), "relevant"),
    "an expression of great length": ("a.xlsx", book([row("text", "a"), row("text", "b", relevant=" or ".join(["${a} = 'x'"] * 2_500))]), "relevant"),
    "a condition of great depth": ("a.json", surveyjs(visibleIf="!" * 50_000 + "{q}"), "visibleIf"),
    "a pattern that takes for ever": ("a.xlsx", book([row("text", "a", constraint=r"regex(., '(a+)+\1$')")]), "constraint"),
    "choices of another server": ("a.json", surveyjs(type="dropdown", choicesByUrl={"url": "http://127.0.0.1:9/"}), "choices"),
}  # fmt: skip
"""What comes in without its dangerous part, which is named as lost."""
