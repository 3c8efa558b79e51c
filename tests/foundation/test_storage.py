"""Files are kept whole or not at all, in a folder and in an object store alike, and sealed pieces cannot be tampered."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings, strategies as st

from formsite.foundation import storage
from formsite.foundation.crypto import Unreadable
from formsite.foundation.errors import Unavailable
from formsite.foundation.sealedfiles import PIECE, open_pieces, seal_pieces
from formsite.foundation.storage import Folder, Missing, ObjectStore, Storage, open_storage
from tests.support.objects import Bucket

KEY = bytes(range(32))
FILE = UUID(int=7)
NAME = "uploads/0192abcd0192abcd0192abcd0192abcd"


def _memory() -> Any:
    from obstore.store import MemoryStore

    return MemoryStore()


@pytest.fixture(params=["folder", "objects"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return Folder(tmp_path / "files") if request.param == "folder" else ObjectStore(_memory)


def _read(place: Storage, name: str = NAME) -> bytes:
    return b"".join(place.get(name))


@pytest.mark.parametrize("size", [0, 1, 65_536, 12_000_000])
def test_what_is_put_is_got(place: Storage, size: int) -> None:
    whole = os.urandom(size)
    place.put(NAME, (whole[at : at + 50_000] for at in range(0, size, 50_000)))
    assert _read(place) == whole
    place.put(NAME, [b"anew"])
    assert _read(place) == b"anew"


def test_what_is_not_there(place: Storage) -> None:
    with pytest.raises(Missing):
        place.get(NAME)
    place.delete(NAME)
    assert list(place.kept("uploads")) == []


def test_what_is_deleted_is_gone(place: Storage) -> None:
    place.put(NAME, [b"x"])
    place.delete(NAME)
    with pytest.raises(Missing):
        place.get(NAME)


def test_a_shelf_is_listed_by_itself(place: Storage) -> None:
    begun = datetime.now(UTC) - timedelta(seconds=2)
    names = {f"uploads/{number:032x}" for number in range(5)}
    for name in names:
        place.put(name, [b"x"])
    place.put("media/" + "a" * 64 + ".png", [b"x"])
    kept = list(place.kept("uploads"))
    assert {each.name for each in kept} == names
    assert all(begun <= each.at <= datetime.now(UTC) + timedelta(seconds=2) for each in kept)
    assert [each.name for each in place.kept("media")] == ["media/" + "a" * 64 + ".png"]


def test_a_file_that_breaks_off_leaves_nothing(place: Storage) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x" * 100
        raise RuntimeError("the customer went away")

    with pytest.raises(RuntimeError, match="went away"):
        place.put(NAME, broken())
    with pytest.raises(Missing):
        place.get(NAME)
    assert list(place.kept("uploads")) == []


@pytest.mark.parametrize(
    "name", ["", "uploads", "uploads/", "../etc/passwd", "uploads/../../x", "uploads/ab", "/uploads/" + "a" * 32]
)
def test_no_name_leads_elsewhere(place: Storage, name: str) -> None:
    for use in (place.get, place.delete, lambda name: place.put(name, [b"x"])):
        with pytest.raises(ValueError, match="no name of a file"):
            use(name)


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    place = Folder(tmp_path / "files")
    with monkeypatch.context() as patch:
        patch.setattr(storage.os, "fsync", full)
        with pytest.raises(Unavailable):
            place.put(NAME, [b"x"])
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_the_last_of_the_disk_is_not_for_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Folder(tmp_path / "files")
    monkeypatch.setattr(storage, "SPARE", shutil.disk_usage(tmp_path).total)
    with pytest.raises(Unavailable):
        place.put(NAME, [b"x"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_files_are_for_nobody_else(tmp_path: Path) -> None:
    Folder(tmp_path / "files").put(NAME, [b"x"])
    for path in (tmp_path / "files").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_wreck_of_a_power_cut_is_taken_away(tmp_path: Path) -> None:
    place = Folder(tmp_path / "files")
    place.put(NAME, [b"x"])
    shelf = next((tmp_path / "files/uploads").iterdir())
    for name, hours in (("old", 30), ("young", 1)):
        wreck = shelf / f"{storage.UNFINISHED}{name}"
        wreck.write_bytes(b"half")
        moment = datetime.now(UTC).timestamp() - hours * 3600
        os.utime(wreck, (moment, moment))
    assert [each.name for each in place.kept("uploads")] == [NAME]
    assert place.tidy(datetime.now(UTC) - timedelta(days=1)) == 1
    assert sorted(path.name for path in shelf.iterdir()) == [f"{storage.UNFINISHED}young", NAME.split("/")[1]]


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def test_an_object_store_that_is_away_is_said(keys: None) -> None:
    place = open_storage("s3://bucket/prefix?endpoint=http://127.0.0.1:1&region=eu-1", Path("nowhere"))
    with pytest.raises(Unavailable):
        place.put(NAME, [b"x"])
    with pytest.raises(Unavailable):
        place.get(NAME)


def test_a_bucket_over_http(keys: None) -> None:
    large = os.urandom(11_000_000)
    with Bucket.started() as bucket:
        place = open_storage(f"s3://bucket/some/prefix?endpoint={bucket.url}&region=eu-1", Path("nowhere"))
        place.put(NAME, [b"small"])
        place.put(f"{NAME[:-1]}f", (large[at : at + 65_536] for at in range(0, len(large), 65_536)))
        assert set(bucket.objects) == {f"bucket/some/prefix/{NAME}", f"bucket/some/prefix/{NAME[:-1]}f"}
        assert _read(place) == b"small"
        assert _read(place, f"{NAME[:-1]}f") == large
        assert {each.name for each in place.kept("uploads")} == {NAME, f"{NAME[:-1]}f"}
        place.delete(NAME)
        with pytest.raises(Missing):
            place.get(NAME)
        assert bucket.signed_by == {"somebody"}
        assert bucket.parts == {}


def test_an_upload_in_parts_that_breaks_off_leaves_nothing(keys: None) -> None:
    def broken() -> Iterator[bytes]:
        for _ in range(200):
            yield bytes(65_536)
        raise RuntimeError("the customer went away")

    with Bucket.started() as bucket:
        place = open_storage(f"s3://bucket?endpoint={bucket.url}&region=eu-1", Path("nowhere"))
        with pytest.raises(RuntimeError):
            place.put(NAME, broken())
        assert bucket.objects == {}


def test_the_setting_names_the_place(tmp_path: Path) -> None:
    for url in ("", f"file://{tmp_path}/elsewhere"):
        place = open_storage(url, tmp_path / "files")
        place.put(NAME, [b"x"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "files"]


@pytest.mark.parametrize(
    "url", ["ftp://x/y", "s3://", "files", "s3://key:secret@bucket", "s3://bucket?endpiont=x", "file://host/x"]
)
def test_a_wrong_setting_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="expected s3://"):
        open_storage(url, Path("x"))


@given(pieces=st.lists(st.integers(0, 3 * PIECE).map(os.urandom), max_size=4), cut=st.integers(1, 200_000))
@settings(max_examples=60, deadline=None)
def test_sealed_pieces_open_whatever_their_size(pieces: list[bytes], cut: int) -> None:
    whole = b"".join(pieces)
    sealed = b"".join(seal_pieces(KEY, pieces, file=FILE))
    again = [sealed[at : at + cut] for at in range(0, len(sealed), cut)]
    assert b"".join(open_pieces(KEY, again, file=FILE)) == whole


@pytest.mark.parametrize("size", [0, 10, PIECE, PIECE + 1, 3 * PIECE])
def test_nothing_can_be_changed_moved_or_cut(size: int) -> None:
    sealed = b"".join(seal_pieces(KEY, [os.urandom(size)], file=FILE))
    step = PIECE + 16
    body = [sealed[at : at + step] for at in range(18, len(sealed), step)]
    spoilt = [sealed[:at] for at in (0, 5, 18, len(sealed) - 1)] + [sealed + b"x"]
    spoilt += [sealed[:at] + bytes((sealed[at] ^ 1,)) + sealed[at + 1 :] for at in (0, 1, 5, 18, len(sealed) - 1)]
    if len(body) > 1:
        spoilt += [
            sealed[:18] + b"".join(body[:-1]),
            sealed[:18] + b"".join(body[1:]),
            sealed[:18] + b"".join(body[::-1]),
        ]
    for other in spoilt:
        with pytest.raises(Unreadable):
            b"".join(open_pieces(KEY, [other], file=FILE))
    for key, file in ((bytes(32), FILE), (KEY, UUID(int=8))):
        with pytest.raises(Unreadable):
            b"".join(open_pieces(key, [sealed], file=file))


def test_a_large_file_is_never_in_memory_as_a_whole() -> None:
    def source() -> Iterator[bytes]:
        for _ in range(1_000):
            yield bytes(PIECE)

    largest = max(len(piece) for piece in open_pieces(KEY, seal_pieces(KEY, source(), file=FILE), file=FILE))
    assert largest == PIECE
