"""Files of customers: sealed, bound to their response, given out, swept; on both databases."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from formsite.foundation import jobs as all_jobs, storage
from formsite.foundation.crypto import Unreadable
from formsite.foundation.database import db, unit_of_work
from formsite.foundation.errors import Unavailable
from formsite.foundation.filekinds import plain_name
from formsite.foundation.ids import uuid7
from formsite.foundation.parts import parts
from formsite.responses import jobs, uploads
from formsite.responses.examining import NotTaken, Ready, Sent, examine
from formsite.responses.models import ResponseKey, Upload
from formsite.responses.uploads import FileGone, Holder, TooMuch
from tests.support.definitions import field
from tests.support.files import GOOD, HOSTILE, PDF, photo_with_place, picture
from tests.support.forms import publish, simple

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def form_id(db_app: Flask) -> Iterator[UUID]:
    from formsite.designer.queries import by_slug

    publish(db_app, simple(), "tell")
    with db_app.app_context():
        with unit_of_work(write=False):
            found = by_slug("tell")
            assert found is not None
            id_ = found.id
        yield id_


def examined(content: bytes = PDF, name: str = "cv.pdf", media_type: str = "", **settings: Any) -> Ready:
    asked = field("file", {"types": ["pdf", "image", "text", "audio"], **settings})
    return examine(Sent(name, media_type, BytesIO(content)), asked)


def held(form_id: UUID, response_id: UUID | None = None) -> Holder:
    with unit_of_work(write=False):
        return uploads.holder(response_id or uuid7(NOON), form_id)


def rows(table: Any) -> int:
    with unit_of_work(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def folder() -> list[Path]:
    place = parts().storage
    assert isinstance(place, storage.Folder)
    return [path for path in place._path.rglob("*") if path.is_file()]


def read(holder: Holder, id_: str) -> bytes:
    with unit_of_work(write=False) as session:
        wrapped = session.scalars(select(ResponseKey.wrapped).where(ResponseKey.id == holder.response_id)).one()
    return b"".join(uploads.content(holder.files[id_], wrapped, holder.response_id))


def test_a_file_is_kept_sealed_and_comes_back_as_it_was(form_id: UUID) -> None:
    content = PDF + b"CANARY" * 50_000
    id_, after = uploads.keep(examined(content, "My CANARY name.pdf"), "cv", held(form_id), NOON)
    assert read(after, id_) == content
    again = held(form_id, after.response_id)
    assert again.files[id_].name == "My CANARY name.pdf"
    assert (again.files[id_].size, again.files[id_].kind) == (len(content), "pdf")
    stored = folder()
    assert len(stored) == 1 and b"CANARY" not in stored[0].read_bytes()
    with unit_of_work(write=False) as session:
        row = session.scalars(select(Upload)).one()
        assert b"CANARY" not in row.sealed_name + row.digest and "CANARY" not in row.path


def test_the_same_file_to_the_same_question_is_kept_once(form_id: UUID) -> None:
    first, after = uploads.keep(examined(), "cv", held(form_id), NOON)
    same, after = uploads.keep(examined(), "cv", after, NOON)
    other_question, after = uploads.keep(examined(), "letter", after, NOON)
    other_name, after = uploads.keep(examined(name="letter.pdf"), "cv", after, NOON)
    other_response, _ = uploads.keep(examined(), "cv", held(form_id), NOON)
    assert same == first
    assert len({first, other_question, other_name, other_response}) == rows(Upload) == len(folder()) == 4
    with unit_of_work(write=False) as session:
        assert len(set(session.scalars(select(Upload.digest)))) == 4  # equal files of two people do not look equal


def test_two_that_come_at_once_are_one(form_id: UUID, db_app: Flask) -> None:
    response_id, found = uuid7(NOON), []

    def send() -> None:
        with db_app.app_context():
            found.append(uploads.keep(examined(), "cv", held(form_id, response_id), NOON)[0])
            db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6 and len(set(found)) == 1
    assert (rows(Upload), rows(ResponseKey), len(folder())) == (1, 1, 1)


def test_without_the_key_of_the_response_nothing_is_readable(form_id: UUID) -> None:
    id_, after = uploads.keep(examined(), "cv", held(form_id), NOON)
    with unit_of_work(write=True) as session:
        session.execute(delete(ResponseKey))
        uploads.discard(uuid7(NOON))
    again = held(form_id, after.response_id)
    assert again.key is None and again.files[id_].name == ""
    with pytest.raises(Unreadable):
        b"".join(
            uploads.content(again.files[id_], parts().keyring.new_data_key(after.response_id)[1], after.response_id)
        )


def test_a_file_opens_in_no_other_place(form_id: UUID) -> None:
    one, after = uploads.keep(examined(), "cv", held(form_id), NOON)
    two, after = uploads.keep(examined(name="b.pdf", content=PDF + b"%"), "cv", after, NOON)
    places = {path.name: path for path in folder()}
    places[UUID(one).hex].write_bytes(places[UUID(two).hex].read_bytes())
    with pytest.raises(Unreadable):
        read(after, one)


def test_binding_takes_only_what_is_the_response_s_own(form_id: UUID) -> None:
    mine, holder = uploads.keep(examined(), "cv", held(form_id), NOON)
    theirs, _ = uploads.keep(examined(), "cv", held(form_id), NOON)
    for ids in ([theirs], [mine, theirs], [str(uuid7())]):
        with pytest.raises(FileGone), unit_of_work(write=True) as session:
            uploads.bind(holder.response_id, ids, NOON, session.connection())
    with unit_of_work(write=True) as session:
        uploads.bind(holder.response_id, [mine], NOON, session.connection())
        uploads.bind(holder.response_id, [], NOON, session.connection())
    with unit_of_work(write=False) as session:
        assert dict(session.execute(select(Upload.id, Upload.state)).all()) == {
            UUID(mine): "bound",
            UUID(theirs): "loose",
        }


def test_what_a_draft_names_no_more_is_loose_again(form_id: UUID) -> None:
    one, holder = uploads.keep(examined(), "cv", held(form_id), NOON)
    two, holder = uploads.keep(examined(name="b.pdf"), "cv", holder, NOON)
    for ids in ([one, two], [two], []):
        with unit_of_work(write=True) as session:
            uploads.hold(holder.response_id, ids, NOON)
            bound = session.scalars(select(Upload.id).where(Upload.state == "bound"))
            assert {str(id_) for id_ in bound} == set(ids)


def test_a_response_has_so_much_and_no_more(form_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = held(form_id)
    monkeypatch.setattr(uploads, "MOST_OF_RESPONSE", 2)
    for name in ("a.pdf", "b.pdf"):
        _, holder = uploads.keep(examined(name=name), "cv", holder, NOON)
    with pytest.raises(TooMuch):
        uploads.keep(examined(name="c.pdf"), "cv", holder, NOON)
    monkeypatch.undo()
    monkeypatch.setattr(uploads, "MOST_BYTES_OF_RESPONSE", 3 * len(PDF) - 1)
    with pytest.raises(TooMuch):
        uploads.keep(examined(name="c.pdf"), "cv", holder, NOON)
    assert rows(Upload) == len(folder()) == 2


def test_a_full_disk_keeps_nothing_half(form_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(storage.os, "fsync", full)
        with pytest.raises(Unavailable):
            uploads.keep(examined(), "cv", held(form_id), NOON)
    assert (rows(Upload), folder()) == (0, [])
    uploads.keep(examined(), "cv", held(form_id), NOON)


def test_what_stays_loose_for_a_day_goes_away_and_nothing_else(form_id: UUID) -> None:
    loose, _ = uploads.keep(examined(), "cv", held(form_id), NOON)
    bound, kept = uploads.keep(examined(), "cv", held(form_id), NOON)
    young, _ = uploads.keep(examined(), "cv", held(form_id), NOON + 20 * HOUR)
    touched, holder = uploads.keep(examined(), "cv", held(form_id), NOON)
    with unit_of_work(write=True) as session:
        uploads.bind(kept.response_id, [bound], NOON, session.connection())
    uploads.touch(holder, [touched], NOON + 5 * HOUR)
    jobs.sweep(NOON + DAY)
    assert rows(Upload) == 4
    jobs.sweep(NOON + DAY + HOUR)
    assert rows(Upload) == len(folder()) == rows(ResponseKey) == 3
    with unit_of_work(write=False) as session:
        assert set(session.scalars(select(Upload.id))) == {UUID(bound), UUID(young), UUID(touched)}
    assert read(kept, bound) == PDF
    assert UUID(loose).hex not in {path.name for path in folder()}


def test_files_without_a_row_are_swept_when_they_are_old(form_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    id_, holder = uploads.keep(examined(), "cv", held(form_id), NOON)
    with unit_of_work(write=True) as session:
        session.execute(update(Upload).values(state="bound"))
    parts().storage.put(uploads.name_of(uuid7()), [b"lost"])
    jobs.sweep_lost(datetime.now(UTC) + DAY - HOUR)
    assert len(folder()) == 2
    jobs.sweep_lost(datetime.now(UTC) + DAY + HOUR)
    assert [path.name for path in folder()] == [UUID(id_).hex]
    assert read(holder, id_) == PDF


def test_a_storage_that_is_away_is_swept_when_it_is_back(form_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads.keep(examined(), "cv", held(form_id), NOON)

    def away(*_: Any) -> None:
        raise Unavailable("files cannot be kept or read: OSError")

    with monkeypatch.context() as patch:
        patch.setattr(storage.Folder, "delete", away)
        with pytest.raises(Unavailable):
            jobs.sweep(NOON + 2 * DAY)
    assert (rows(Upload), len(folder())) == (0, 1)
    jobs.sweep_lost(datetime.now(UTC) + 2 * DAY)
    assert folder() == []


def test_the_sweeping_is_a_job(app: Flask) -> None:
    assert {"uploads", "lost_uploads"} <= set(all_jobs._jobs)


@pytest.mark.parametrize(
    "name", [name for name, (_, kind, _) in GOOD.items() if kind in ("pdf", "image", "audio", "text")]
)
def test_good_files_are_taken_as_what_they_are(name: str) -> None:
    content, kind, _ = GOOD[name]
    ready = examined(content, name)
    assert ready.kind == kind
    assert ready.size == len(b"".join(ready.pieces()))
    assert kind == "image" or b"".join(ready.pieces()) == content


def test_a_photo_is_kept_without_its_place() -> None:
    ready = examine(Sent("me.jpeg", "image/jpeg", BytesIO(photo_with_place())), field("photo"))
    assert ready.name == "me.jpg" and b"Canary" not in b"".join(ready.pieces())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_not_taken(name: str) -> None:
    for asked in (
        field("file", {"types": ["image", "pdf", "document", "sheet", "text", "audio", "video"]}),
        field("photo"),
    ):
        with pytest.raises(NotTaken) as refusal:
            examine(Sent("a.pdf", "application/pdf", BytesIO(HOSTILE[name])), asked)
        assert str(refusal.value) == ("file_empty" if name == "empty" else "file_kind")


@pytest.mark.parametrize(
    ("content", "name", "media_type", "why"),
    [
        (PDF, "cv.png", "", "file_other"),
        (PDF, "cv.pdf", "image/png", "file_other"),
        (picture("PNG"), "me.pdf", "application/pdf", "file_other"),
        (b"hello there", "a.pdf", "application/octet-stream", "file_other"),
        (GOOD["a.docx"][0], "a.docx", "", "file_kind"),
        (GOOD["a.mov"][0], "a", "", "file_kind"),
        (picture("PNG")[:60], "a.png", "image/png", "picture_broken"),
        (PDF + b" " * 1024 * 1024, "a.pdf", "", "file_large"),
        (b"", "a.pdf", "", "file_empty"),
    ],
)
def test_why_a_file_is_not_taken(content: bytes, name: str, media_type: str, why: str) -> None:
    with pytest.raises(NotTaken, match=why):
        examined(content, name, media_type, max_megabytes=1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cv.pdf", "cv.pdf"),
        ("C:\\Users\\me\\cv.PDF", "cv.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("...", "file.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie: x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.pdf"),
        ("Lebenslauf Müller.pdf", "Lebenslauf Müller.pdf"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_says_what_the_file_is_and_leads_nowhere(name: str, expected: str) -> None:
    assert plain_name(name, "pdf") == expected
