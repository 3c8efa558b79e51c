"""Files of customers: kept sealed under the key of their response, bound to it, given out, taken away."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from formsite.definition.fieldtypes.files import ID, MEGABYTE, Uploaded
from formsite.definition.flow import Plan
from formsite.foundation import crypto, sealedfiles
from formsite.foundation.database import affected, db, unit_of_work
from formsite.foundation.errors import Refused
from formsite.foundation.ids import uuid7
from formsite.foundation.parts import parts
from formsite.responses.examining import Ready
from formsite.responses.models import Response, ResponseKey, ResponseState, Upload, UploadState

SHELF = "uploads"
TABLE, COLUMN = "uploads", "sealed_name"
BUCKET = 64  # so that the length of a name tells little
MOST_OF_RESPONSE = 60
MOST_BYTES_OF_RESPONSE = 300 * MEGABYTE
LOOSE_FOR = timedelta(days=1)
TOUCHED_EVERY = timedelta(hours=1)

uploads: Any = Upload.__table__


class FileGone(Refused):
    """An answer names a file that is not there, or is another response's."""

    status: ClassVar[int] = 409

    def __init__(self, response_id: UUID) -> None:
        super().__init__("A file that you chose is no longer there. Go back, and choose it again")
        self.response_id = response_id


class TooMuch(Exception):
    """A response has as many files, or as much in them, as one may have."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept."""

    id: UUID
    path: str
    name: str  # empty where the key of the response was destroyed
    kind: str
    media_type: str
    size: int
    digest: bytes
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """What a response holds: its key, its files, and whether it may get more."""

    response_id: UUID
    form_id: UUID
    key: bytes | None  # None while there is none
    files: Mapping[str, Kept]  # by id as answers write it
    is_open: bool  # False once it was sent, or erased

    def having(self, **changes: Any) -> Holder:
        """The same with other contents."""
        return replace(self, **changes)


def named(plan: Plan, answers: Mapping[str, Any]) -> frozenset[str]:
    """The ids of files in answers; a form that asks for none is not looked through."""
    found: set[str] = set()
    if not plan.takes_files:
        return frozenset()
    for path, value in answers.items():
        question = plan.questions.at(path)
        if question and isinstance(question.field.kind, Uploaded) and value is not None:
            found |= {text for text in question.field.kind.typed(value, question.field) if ID.fullmatch(text)}
    return frozenset(found)


def holder(response_id: UUID, form_id: UUID) -> Holder:
    """What is known of a response and its files, inside the caller's unit."""
    row = db.session.execute(select(Response.state).where(Response.id == response_id)).one_or_none()
    wrapped = db.session.scalar(select(ResponseKey.wrapped).where(ResponseKey.id == response_id))
    is_open = row is None or (row.state == ResponseState.IN_PROGRESS and wrapped is not None)
    files = {str(each.id): each for each in of_response(response_id, wrapped, loose=True)}
    key = parts().keyring.unwrap(wrapped, response_id) if wrapped else None
    return Holder(response_id, form_id, key, files, is_open)


def of_response(response_id: UUID, wrapped: bytes | None, *, loose: bool = False) -> Sequence[Kept]:
    """The files of a response, in the order they came; with those that it does not name (any more), if `loose`."""
    states = [state.value for state in UploadState if loose or state is UploadState.BOUND]
    query = select(Upload).where(Upload.response_id == response_id, Upload.state.in_(states)).order_by(Upload.id)
    key = parts().keyring.unwrap(wrapped, response_id) if wrapped else None
    return [_kept(row, key) for row in db.session.scalars(query)]


def keep(ready: Ready, path: str, held: Holder, now: datetime) -> tuple[str, Holder]:
    """Keep a file for a response; its id, and what the response holds now. The same file sent again is kept once.

    The file is in its place before its row is written, outside of any unit: what breaks in between leaves a file
    without a row, which the sweeping takes away.

    Raises:
        FileGone: the response was sent, without this file.
        TooMuch: the response has as much as one may have.
        Unavailable: the place for files is full or away; nothing is kept.
    """
    if held.key is None and held.is_open:
        held = held.having(key=_new_key(held.response_id))
    if held.key is None:
        raise FileGone(held.response_id)
    digest = _digest(held.key, path, ready)
    for id_, each in held.files.items():
        if hmac.compare_digest(each.digest, digest):
            return id_, held
    if not held.is_open:
        raise FileGone(held.response_id)
    _bound(ready, held)
    kept = _stored(ready, path, digest, held, now)
    return str(kept.id), held.having(files={**held.files, str(kept.id): kept})


def _stored(ready: Ready, path: str, digest: bytes, held: Holder, now: datetime) -> Kept:
    assert held.key is not None
    row = _row(ready, path, digest, held, now)
    storage, name = parts().storage, name_of(row["id"])
    storage.put(name, sealedfiles.seal_pieces(held.key, ready.pieces(), file=row["id"]))
    with unit_of_work(write=True) as session:
        _insert_once(session.connection(), uploads, row)
        same = uploads.c.response_id == held.response_id, uploads.c.digest == digest
        known: UUID = session.execute(select(uploads.c.id).where(*same)).scalar_one()
    if known != row["id"]:  # the same page was sent twice at once
        storage.delete(name)
    return Kept(known, path, ready.name, ready.kind, ready.media_type, ready.size, digest, now)


def _insert_once(connection: Connection, table: Any, row: dict[str, Any]) -> None:
    """Insert a row unless one like it is there."""
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
    connection.execute(insert.values(**row).on_conflict_do_nothing())


def touch(held: Holder, ids: Collection[str], now: datetime) -> None:
    """Files that a page brings back stay for another day; written at most once an hour."""
    old = [id_ for id_ in ids if held.is_open and now - held.files[id_].touched_at > TOUCHED_EVERY]
    if old:
        with unit_of_work(write=True) as session:
            mine = uploads.c.response_id == held.response_id, uploads.c.id.in_([UUID(id_) for id_ in old])
            session.execute(update(uploads).where(*mine).values(touched_at=now))


def bind(response_id: UUID, ids: Collection[str], now: datetime, connection: Connection) -> None:
    """Let a response that is sent have its files: one statement, none where it has none.

    Raises:
        FileGone: one of them is not there, or is another response's; the caller's unit must be undone.
    """
    if not ids:
        return
    statement = (
        update(uploads)
        .where(uploads.c.response_id == response_id, uploads.c.id.in_([UUID(id_) for id_ in ids]))
        .values(state=UploadState.BOUND.value, touched_at=now)
    )
    if affected(connection.execute(statement)) != len(ids):
        raise FileGone(response_id)


def hold(response_id: UUID, ids: Collection[str], now: datetime) -> None:
    """Let a response in progress have these files and no others: what it named before is loose from now on."""
    mine = [UUID(id_) for id_ in ids]
    for state, other, which in (
        (UploadState.BOUND, UploadState.LOOSE, Upload.id.in_(mine)),
        (UploadState.LOOSE, UploadState.BOUND, Upload.id.not_in(mine)),
    ):
        db.session.execute(
            update(Upload)
            .where(Upload.response_id == response_id, Upload.state == other.value, which)
            .values(state=state.value, touched_at=now)
            .execution_options(synchronize_session=False)
        )


def held_key(response_id: UUID, plan: Plan, connection: Connection) -> tuple[bytes, bytes] | None:
    """The key that files got before their response came, plain and wrapped. No statement for a form without files."""
    if not plan.takes_files:
        return None
    wrapped = connection.execute(select(ResponseKey.wrapped).where(ResponseKey.id == response_id)).scalar()
    return (parts().keyring.unwrap(wrapped, response_id), wrapped) if wrapped else None


def content(kept: Kept, wrapped: bytes, response_id: UUID) -> Iterator[bytes]:
    """The file, opened piece by piece.

    Raises:
        Missing, Unavailable: before the first piece.
        crypto.Unreadable: it was altered.
    """
    key = parts().keyring.unwrap(wrapped, response_id)
    return sealedfiles.open_pieces(key, parts().storage.get(name_of(kept.id)), file=kept.id)


def discard(response_id: UUID) -> list[UUID]:
    """Forget the files of a response, inside the caller's unit; their ids, to be handed to `remove` after it."""
    ids = list(db.session.scalars(select(Upload.id).where(Upload.response_id == response_id)))
    db.session.execute(delete(Upload).where(Upload.response_id == response_id))
    return ids


def remove(ids: Collection[UUID]) -> None:
    """Take files away whose rows are gone. What cannot be had now is swept later."""
    for id_ in ids:
        parts().storage.delete(name_of(id_))


def name_of(id_: UUID) -> str:
    """The name of an upload in the storage."""
    return f"{SHELF}/{id_.hex}"


def _new_key(response_id: UUID) -> bytes:
    """A key for a response that has none, written before anything is sealed under it."""
    wrapped = parts().keyring.new_data_key(response_id)[1]
    with unit_of_work(write=True) as session:
        _insert_once(session.connection(), ResponseKey.__table__, {"id": response_id, "wrapped": wrapped})
        stored = session.scalars(select(ResponseKey.wrapped).where(ResponseKey.id == response_id)).one()
    return parts().keyring.unwrap(stored, response_id)


def _bound(ready: Ready, held: Holder) -> None:
    together = sum(each.size for each in held.files.values()) + ready.size
    if len(held.files) >= MOST_OF_RESPONSE or together > MOST_BYTES_OF_RESPONSE:
        raise TooMuch(str(held.response_id))


def _row(ready: Ready, path: str, digest: bytes, held: Holder, now: datetime) -> dict[str, Any]:
    id_ = uuid7(now)
    assert held.key is not None
    plain = ready.name.encode()
    padded = plain + b"\x00" * (-len(plain) % BUCKET)
    return {
        "id": id_,
        "response_id": held.response_id,
        "form_id": held.form_id,
        "path": path,
        "kind": ready.kind,
        "media_type": ready.media_type,
        "size": ready.size,
        "sealed_name": crypto.seal(held.key, padded, table=TABLE, column=COLUMN, row=id_),
        "digest": digest,
        "state": UploadState.LOOSE.value,
        "touched_at": now,
    }


def _kept(row: Upload, key: bytes | None) -> Kept:
    name = crypto.open_sealed(key, row.sealed_name, table=TABLE, column=COLUMN, row=row.id) if key else b""
    said = name.rstrip(b"\x00").decode()
    return Kept(row.id, row.path, said, row.kind, row.media_type, row.size, row.digest, row.touched_at)


def _digest(key: bytes, path: str, ready: Ready) -> bytes:
    said = b"\x00".join((b"formsite/upload", path.encode(), ready.name.encode(), ready.fingerprint))
    return hmac.digest(key, said, "sha256")
