"""Files as customers and strangers send them: real ones of each kind, and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from mimetypes import guess_type
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert(mode)
    image.save(file, kind, **options)
    return file.getvalue()


def photo_with_place() -> bytes:
    """A JPEG that says where it was taken, by which camera, and that it lies on its side."""
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "CanaryCam"
    exif.get_ifd(0x8825)[2] = (48.0, 8.0, 14.0)
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=exif, comment=b"canary comment")


def archive(**members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_types_", "[Content_Types].xml"), content)
    return file.getvalue()


def office(kind: str = "wordprocessingml.document", **more: str) -> bytes:
    main = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    return archive(_types_=f'<Types><Override PartName="/x.xml" ContentType="{main}"/></Types>', **more)


def open_office(kind: str = "text", **more: str) -> bytes:
    return archive(mimetype=f"application/vnd.oasis.opendocument.{kind}", **more)


def compound(*names: str) -> bytes:
    """A document of an office before 2007, as far as its kind is told."""
    directory = b"".join(name.encode("utf-16-le").ljust(64, b"\x00") + bytes(64) for name in names)
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(100_000) + directory


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

GOOD: dict[str, tuple[bytes, str, str]] = {
    "a.jpg": (picture("JPEG"), "image", "image/jpeg"),
    "a.png": (picture("PNG"), "image", "image/png"),
    "a.webp": (picture("WEBP"), "image", "image/webp"),
    "a.gif": (picture("GIF"), "image", "image/gif"),
    "a.avif": (picture("AVIF"), "image", "image/avif"),
    "a.pdf": (PDF, "pdf", "application/pdf"),
    "a.docx": (office(), "document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "a.odt": (open_office(), "document", "application/vnd.oasis.opendocument.text"),
    "a.rtf": (b"{\\rtf1\\ansi hello}", "document", "application/rtf"),
    "a.doc": (compound("Root Entry", "WordDocument"), "document", "application/msword"),
    "a.xlsx": (
        office("spreadsheetml.sheet"),
        "sheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "a.ods": (open_office("spreadsheet"), "sheet", "application/vnd.oasis.opendocument.spreadsheet"),
    "a.xls": (compound("Root Entry", "Workbook"), "sheet", "application/vnd.ms-excel"),
    "a.txt": ("Grüße,\nein Text\n".encode(), "text", "text/plain"),
    "latin.csv": ("Stra\xdfe;1\r\n".encode("cp1252"), "text", "text/plain"),
    "id3.txt": (b"ID3 is a tag, BM is none\n", "text", "text/plain"),
    "a.mp3": (b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(200), "audio", "audio/mpeg"),
    "a.wav": (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(200), "audio", "audio/wav"),
    "a.m4a": (b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00M4A mp42isom" + bytes(100), "audio", "audio/mp4"),
    "a.mp4": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(100), "video", "video/mp4"),
    "a.mov": (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  " + bytes(100), "video", "video/quicktime"),
    "a.ogg": (b"OggS\x00\x02" + bytes(20) + b"\x01\x1e\x01vorbis" + bytes(100), "audio", "application/ogg"),
    "a.webm": (
        bytes.fromhex("1a45dfa301000000000000 1f4286810142f7810142f2810442f381084282847765626d") + bytes(100),
        "video",
        "video/webm",
    ),
}
"""name -> content, one kind that it is, media type"""

HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "zeros": bytes(1_000),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg with a declaration": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "svg after blanks": b"\xef\xbb\xbf \n\n<svg onload=alert(1)>",
    "html": b"<!DOCTYPE html><script>alert(1)</script>",
    "html after text": b"hello\n<script>alert(1)</script>",
    "html with a pdf in it": b"<html>%PDF-1.7\n\x00",
    "pdf after rubbish": b"\x00\x01" + PDF,
    "program": b"MZ\x90\x00" + bytes(300),
    "elf": b"\x7fELF" + bytes(300),
    "archive": archive(a="x"),
    "archive of nothing": b"PK\x05\x06" + bytes(18),
    "half an archive": office()[:60],
    "macros": office(**{"word__vbaProject.bin": "x"}),
    "open macros": open_office(Basic__Standard="x"),
    "old macros": compound("WordDocument", "Macros", "_VBA_PROJECT"),
    "old presentation": compound("PowerPoint Document"),
    "presentation": office("presentationml.presentation"),
    "said in the wrong place": archive(a="application/vnd.oasis.opendocument.text"),
}


def large_png(width: int, height: int) -> bytes:
    """A picture of many points in a small file."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    packer = zlib.compressobj(9)
    row = bytes(1 + width)
    rows = b"".join([packer.compress(row * 64) for _ in range(height // 64)] + [packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def send(client: FlaskClient, data: dict[str, Any], address: str = "/f/tell", **files: Any) -> TestResponse:
    """A form with files as a browser sends it: a control in which nothing was chosen is sent without a name."""
    form: MultiDict[str, Any] = MultiDict({name: value for name, value in data.items() if not isinstance(value, list)})
    for name, values in data.items():
        for value in values if isinstance(values, list) else ():
            form.add(name, value)
    for name, given in files.items():
        for content, called in given if isinstance(given, list) else [given]:
            form.add(name, FileStorage(io.BytesIO(content), called, content_type=guess_type(called)[0]))
    boundary, body = encode_multipart(form)
    return client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def zipped(**members: bytes) -> bytes:
    """An archive; `__` in a name stands for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, held in members.items():
            made.writestr(name.replace("__", "."), held)
    return out.getvalue()
