"""The library of pictures that forms show. Each is painted anew, named after its content, and kept for ever.

A picture never changes, and one that a published version shows must stay: so there is nothing to edit or take away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select, tuple_

from formsite.designer.events import MediaAdded
from formsite.designer.models import MediaFile
from formsite.foundation import audit
from formsite.foundation.audit import Actor
from formsite.foundation.database import db
from formsite.foundation.errors import Refused
from formsite.foundation.filekinds import called, plain_name, recognise
from formsite.foundation.parts import parts
from formsite.foundation.pictures import NoPicture, Painted, TooLarge, paint
from formsite.foundation.storage import pieces_of

SHELF = "media"
SHIPPED = Path(__file__).parent / "pictures"
"""Those that come with formsite, for the gallery of question types."""
PAGE = 60
LONGEST_SIDE = 2_400
MOST_MEGABYTES = 10
NAME = re.compile(r"[0-9a-f]{64}\.(jpg|png|webp)")
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


class NotAPicture(Refused):
    """What was sent cannot be shown in forms."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in its place, not listed yet."""

    name: str
    title: str
    painted: Painted


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the library, newest first, and after which picture the next one begins."""

    files: Sequence[MediaFile]
    next: str | None


def keep(name: str, media_type: str, content: BinaryIO) -> Picture:
    """Paint a picture and put it in its place, outside of any unit: painting takes long, and doing it again is no harm.

    Raises:
        NotAPicture: it is none, or too large.
        Unavailable: the place for files is full or away.
    """
    painted = _painted(name, media_type, content)
    stored = f"{sha256(painted.content).hexdigest()}.{painted.extension}"
    parts().storage.put(f"{SHELF}/{stored}", pieces_of(BytesIO(painted.content)))
    return Picture(stored, plain_name(name, painted.extension), painted)


def add(picture: Picture, *, actor: Actor, at: datetime) -> MediaFile:
    """Put a picture on the shelf; one that is there already is found again."""
    known = db.session.get(MediaFile, picture.name)
    if known is not None:
        return known
    made = MediaFile(
        name=picture.name,
        title=picture.title,
        media_type=picture.painted.media_type,
        size=len(picture.painted.content),
        width=picture.painted.width,
        height=picture.painted.height,
        added_at=at,
        added_by=actor.name,
    )
    db.session.add(made)
    audit.record(MediaAdded(made.name, made.title), actor=actor, at=at)
    db.session.flush()
    return made


def shelf(after: str | None = None) -> Shelf:
    """The pictures from the newest on; `after` is the last one of the page before."""
    query = select(MediaFile).order_by(MediaFile.added_at.desc(), MediaFile.name.desc()).limit(PAGE + 1)
    last = db.session.get(MediaFile, after) if after else None
    if last is not None:
        query = query.where(tuple_(MediaFile.added_at, MediaFile.name) < (last.added_at, last.name))
    files = list(db.session.scalars(query))
    return Shelf(files[:PAGE], files[PAGE - 1].name if len(files) > PAGE else None)


def read(name: str) -> tuple[str, Iterator[bytes]] | None:
    """The type and the content of a picture; None for what can be none.

    Raises:
        Missing: there is no such picture.
        Unavailable: the place for files is away.
    """
    if not NAME.fullmatch(name):
        return None
    media_type, shipped = TYPES[name.rpartition(".")[2]], SHIPPED / name
    return media_type, iter([shipped.read_bytes()]) if shipped.exists() else parts().storage.get(f"{SHELF}/{name}")


def _painted(name: str, media_type: str, content: BinaryIO) -> Painted:
    if content.seek(0, 2) > MOST_MEGABYTES * 1024 * 1024:
        raise NotAPicture(f"This picture is larger than {MOST_MEGABYTES} MB. Make it smaller")
    found = recognise(content)
    if found is None or found.kinds != ("image",):
        raise NotAPicture("This is not a picture that can be shown. Choose a JPEG, PNG, WebP, GIF or AVIF")
    if set(called(name, media_type)) - {"image"}:
        raise NotAPicture("This is named or sent as one kind of file and holds another. Save it anew as what it is")
    try:
        return paint(content, longest_side=LONGEST_SIDE)
    except TooLarge:
        raise NotAPicture("This picture has too many points. Make it smaller") from None
    except NoPicture:
        raise NotAPicture("This picture is broken and cannot be opened. Choose another one") from None
