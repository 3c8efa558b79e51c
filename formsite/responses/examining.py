"""Whether a file that a customer sends is taken, and as what it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from formsite.definition.document import Field
from formsite.definition.fieldtypes.files import MEGABYTE, Uploaded
from formsite.foundation.filekinds import Kind, Recognised, called, plain_name, recognise
from formsite.foundation.pictures import NoPicture, TooLarge, paint
from formsite.foundation.storage import pieces_of


class NotTaken(Exception):
    """The file is not taken; `str()` is one of the reasons in `fieldtypes.files.SAID`."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came."""

    name: str
    media_type: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Ready:
    """A file as it is kept."""

    name: str
    kind: Kind
    media_type: str
    size: int
    fingerprint: bytes  # of the file as it was sent
    content: BinaryIO

    def pieces(self) -> Iterator[bytes]:
        """The content, from its beginning."""
        return pieces_of(self.content)


def examine(sent: Sent, field: Field) -> Ready:
    """The file as `field` keeps it: a picture is painted anew, anything else stays as it is.

    Raises:
        NotTaken: and why.
    """
    kind = field.kind
    assert isinstance(kind, Uploaded)
    size = sent.content.seek(0, 2)
    if size == 0:
        raise NotTaken("file_empty")
    if size > kind.megabytes(field) * MEGABYTE:
        raise NotTaken("file_large")
    found = _recognised(sent, kind.kinds(field))
    fingerprint = _fingerprint(sent.content)
    if found.kinds == ("image",):
        return _painted(sent, fingerprint, kind.longest_side(field))
    taken = next(each for each in kind.kinds(field) if each in found.kinds)
    name = plain_name(sent.name, found.extension)
    return Ready(name, taken, found.media_type, size, fingerprint, sent.content)


def _recognised(sent: Sent, wanted: tuple[Kind, ...]) -> Recognised:
    found = recognise(sent.content)
    if found is None:
        raise NotTaken("file_kind")
    if set(called(sent.name, sent.media_type)) - set(found.kinds):
        raise NotTaken("file_other")
    if not set(found.kinds) & set(wanted):
        raise NotTaken("file_kind")
    return found


def _painted(sent: Sent, fingerprint: bytes, longest_side: int | None) -> Ready:
    try:
        painted = paint(sent.content, longest_side=longest_side)
    except TooLarge:
        raise NotTaken("picture_large") from None
    except NoPicture:
        raise NotTaken("picture_broken") from None
    name = plain_name(sent.name, painted.extension)
    content = BytesIO(painted.content)
    return Ready(name, "image", painted.media_type, len(painted.content), fingerprint, content)


def _fingerprint(content: BinaryIO) -> bytes:
    made = hashlib.sha256()
    for piece in pieces_of(content):
        made.update(piece)
    return made.digest()
