"""Where files are kept: a folder of this machine, or an object store that speaks S3. Never below `static/`.

A file has a name like `uploads/0192…`: a shelf and a stem without any word of a customer. It comes in and goes out in
pieces, so that no file stands in memory as a whole, and is there entirely or not at all.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from formsite.foundation.errors import Unavailable

PIECE = 64 * 1024
PART = 5 * 1024 * 1024  # the least that S3 takes for a part of a large object
SPARE = 256 * 1024 * 1024
"""What must stay free on the disk: files of strangers may not take from the database what it needs to go on."""
UNFINISHED = ".unfinished-"
SECONDS = "30s"
_NAME = re.compile(r"[a-z]{1,20}/[0-9a-z]{8,64}(\.[0-9a-z]{2,5})?")
_OPTIONS = {"endpoint", "region"}


class Missing(Exception):
    """There is no file of this name."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is there, and since when."""

    name: str
    at: datetime


class Storage(Protocol):
    """What a place for files does. Each method raises Unavailable where the place is full or out of reach."""

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Keep a file; it is there when this returns, also after a power cut. What was there before is replaced."""

    def get(self, name: str) -> Iterator[bytes]:
        """The file, in pieces; Missing if there is none, before the first piece is asked for."""

    def delete(self, name: str) -> None:
        """Take it away; no matter whether it is there."""

    def kept(self, shelf: str) -> Iterator[Kept]:
        """All files of a shelf."""

    def tidy(self, before: datetime) -> int:
        """Take away what was begun before a moment and never finished; how many pieces of wreck that was."""


class Folder:
    """Files in a folder, which is made when the first one comes."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Written aside and put in place when it is on the disk: never half a file under its name."""
        place = self._place(name)
        try:
            _make(place.parent)
            _leave_room(place.parent)
            aside = place.with_name(f"{UNFINISHED}{os.urandom(8).hex()}")
            try:
                _write(aside, pieces)
                aside.replace(place)
            finally:
                aside.unlink(missing_ok=True)
            _flush(place.parent)
        except OSError as error:
            raise _away(error) from error

    def get(self, name: str) -> Iterator[bytes]:
        """Opened at once, so that a file that is not there is known before the answer begins."""
        try:
            file = self._place(name).open("rb")
        except FileNotFoundError:
            raise Missing(name) from None
        except OSError as error:
            raise _away(error) from error

        def pieces() -> Iterator[bytes]:
            with file:
                yield from pieces_of(file)

        return pieces()

    def delete(self, name: str) -> None:
        """Gone when this returns."""
        try:
            self._place(name).unlink(missing_ok=True)
        except OSError as error:
            raise _away(error) from error

    def kept(self, shelf: str) -> Iterator[Kept]:
        """In no order."""
        for path in self._files(shelf):
            if not path.name.startswith(UNFINISHED) and (at := _changed(path)):
                yield Kept(f"{shelf}/{path.name}", at)

    def tidy(self, before: datetime) -> int:
        """What a power cut left behind."""
        wrecks = [path for path in self._files("*") if path.name.startswith(UNFINISHED)]
        old = [path for path in wrecks if (at := _changed(path)) and at < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _files(self, shelf: str) -> Iterator[Path]:
        return (path for path in self._path.glob(f"{shelf}/*/*") if path.is_file())

    def _place(self, name: str) -> Path:
        """Two symbols of the stem spread the files over folders: the last ones, as the first are the time."""
        shelf, stem = _checked(name).split("/")
        return self._path / shelf / stem.partition(".")[0][-2:] / stem


class ObjectStore:
    """Files in an object store, by the `obstore` of the extra `s3`. The library's store is made at the first use."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """In one call where it is small, else in parts; the object appears when all of it is there."""
        import obstore

        store, place = self._store(), _checked(name)
        with _reached():
            obstore.put(store, place, _gathered(pieces), chunk_size=PART, max_concurrency=2)

    def get(self, name: str) -> Iterator[bytes]:
        """As it arrives."""
        import obstore

        store, place = self._store(), _checked(name)
        with _reached():
            stream = obstore.get(store, place).stream(min_chunk_size=PIECE)

        def pieces() -> Iterator[bytes]:
            with _reached():
                for piece in stream:
                    yield bytes(piece)

        return pieces()

    def delete(self, name: str) -> None:
        """Gone when this returns."""
        import obstore

        store, place = self._store(), _checked(name)
        try:
            with _reached():
                obstore.delete(store, place)
        except Missing:
            return

    def kept(self, shelf: str) -> Iterator[Kept]:
        """By pages, as the store gives them."""
        import obstore

        with _reached():
            for page in obstore.list(self._store(), prefix=shelf):
                yield from (Kept(str(each["path"]), each["last_modified"]) for each in page)

    def tidy(self, before: datetime) -> int:
        """Nothing: a store drops parts without an object itself, by the rule that the bucket is given."""
        return 0

    def _store(self) -> Any:
        if self._made is None:
            self._made = self._make()
        return self._made


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """A file from its beginning, in pieces."""
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def open_storage(url: str, folder: Path) -> Storage:
    """The storage that a setting names: `folder` if it is empty, another one, or a bucket.

    Raises:
        ValueError: the setting cannot be understood; a sentence.
    """
    if not url:
        return Folder(folder)
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return Folder(Path(unquote(parts.path)))
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.scheme != "s3" or not parts.hostname or parts.username or set(options) - _OPTIONS:
        raise ValueError("expected s3://bucket/prefix?endpoint=https://…&region=…, or file:///a/folder")
    if find_spec("obstore") is None:
        raise ValueError("a store that speaks S3 needs the extra: pip install 'formsite[s3]'")
    return ObjectStore(lambda: _bucket(str(parts.hostname), parts.path.strip("/"), options))


def _bucket(bucket: str, prefix: str, options: dict[str, str]) -> Any:
    """The keys of the bucket come from the environment (`AWS_ACCESS_KEY_ID`, …), as every tool for S3 has it."""
    from obstore.store import S3Store

    settings: Any = options
    plain = options.get("endpoint", "").startswith("http://")
    return S3Store(
        bucket,
        prefix=prefix or None,
        client_options={"timeout": SECONDS, "connect_timeout": "5s", "allow_http": plain},
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
        config=settings,
    )


class _reached:  # noqa: N801  (a context manager)
    """The faults of an object store in the words of this module."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from obstore.exceptions import BaseError, NotFoundError

        if isinstance(error, NotFoundError | FileNotFoundError):
            raise Missing(type(error).__name__) from None
        if isinstance(error, BaseError | OSError):
            raise _away(error) from error


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces in parts of at most one part's size and one piece; many small ones would each be a call to Rust."""
    part = bytearray()
    for piece in pieces:
        part += piece
        if len(part) >= PART:
            yield bytes(part)
            part.clear()
    yield bytes(part)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"no name of a file: {name!r}")
    return name


def _make(folder: Path) -> None:
    """A folder for this user alone, and likewise those above it that are not there; on the disk when this returns."""
    if not folder.exists():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _flush(folder.parent)


def _leave_room(folder: Path) -> None:
    if shutil.disk_usage(folder).free < SPARE:
        raise OSError(errno.ENOSPC, "what is left is for the database")


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _changed(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None  # gone meanwhile


def _away(error: BaseException) -> Unavailable:
    return Unavailable(f"files cannot be kept or read: {type(error).__name__}")
