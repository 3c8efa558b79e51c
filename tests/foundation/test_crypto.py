"""Sealed values open in their own place alone; the key file is made once and kept to itself."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formsite.foundation.crypto import KeyFileError, Keyring, Unreadable, open_sealed, seal

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
ROW, ELSEWHERE = UUID(int=1), UUID(int=2)
PLACE: dict[str, Any] = {"table": "responses", "column": "sealed", "row": ROW}
OLD, NEW = b"o" * 32, b"n" * 32


@given(st.binary(max_size=500))
def test_what_was_sealed_opens_and_shows_nothing(plain: bytes) -> None:
    sealed = seal(KEY, plain, **PLACE)
    assert open_sealed(KEY, sealed, **PLACE) == plain
    assert len(sealed) == len(plain) + 2 + 12 + 16
    assert len(plain) < 4 or plain not in sealed
    assert seal(KEY, plain, **PLACE) != sealed


@pytest.mark.parametrize(
    "moved",
    [{"table": "persons"}, {"column": "answers"}, {"row": ELSEWHERE}, {"table": "responsess", "column": "ealed"}],
)
def test_it_opens_nowhere_else(moved: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        open_sealed(KEY, seal(KEY, b"secret", **PLACE), **PLACE | moved)


def test_it_opens_under_no_other_key() -> None:
    with pytest.raises(Unreadable):
        open_sealed(OTHER, seal(KEY, b"secret", **PLACE), **PLACE)


def test_no_bit_can_be_turned_and_no_byte_be_missing() -> None:
    sealed = seal(KEY, b"Zoe", **PLACE)
    for bit in range(len(sealed) * 8):
        turned = bytearray(sealed)
        turned[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unreadable):
            open_sealed(KEY, bytes(turned), **PLACE)
    for length in range(len(sealed)):
        with pytest.raises(Unreadable):
            open_sealed(KEY, sealed[:length], **PLACE)
    with pytest.raises(Unreadable):
        open_sealed(KEY, sealed + b"\0", **PLACE)


def test_a_data_key_belongs_to_its_owner() -> None:
    ring = Keyring({1: OLD})
    plain, wrapped = ring.new_data_key(ROW)
    assert ring.unwrap(wrapped, ROW) == plain
    assert len(plain) == 32
    assert plain not in wrapped
    assert ring.new_data_key(ROW)[0] != plain
    for bad, owner in ((wrapped, ELSEWHERE), (b"\x02" + wrapped[1:], ROW), (wrapped[:-1], ROW), (b"", ROW)):
        with pytest.raises(Unreadable):
            ring.unwrap(bad, owner)


def test_a_new_root_key_writes_and_the_old_one_still_reads() -> None:
    old, both, new = Keyring({1: OLD}), Keyring({1: OLD, 2: NEW}), Keyring({2: NEW})
    plain, wrapped = old.new_data_key(ROW)
    assert both.newest == 2
    assert both.unwrap(wrapped, ROW) == plain
    assert new.unwrap(both.new_data_key(ROW)[1], ROW)
    with pytest.raises(Unreadable):
        new.unwrap(wrapped, ROW)


def test_each_purpose_and_each_root_has_its_own_key() -> None:
    ring = Keyring({1: OLD, 2: NEW})
    derived = {ring.derive(purpose, key_id) for purpose in ("a", "b") for key_id in (1, 2)}
    assert len(derived) == 4
    assert ring.derive("a") == ring.derive("a", 2) == Keyring({2: NEW}).derive("a")
    with pytest.raises(KeyError):
        ring.derive("a", 3)


@pytest.mark.parametrize("same", ["zoe@example.org", " ZOE@Example.org\t", "ｚｏｅ@example.org"])
def test_equal_values_share_a_blind_index(same: str) -> None:
    ring = Keyring({1: OLD})
    assert ring.blind_index("email", same) == ring.blind_index("email", "zoe@example.org")
    assert len(ring.blind_index("email", same)) == 17


def test_blind_indexes_differ_by_scope_value_and_key() -> None:
    old, both = Keyring({1: OLD}), Keyring({1: OLD, 2: NEW})
    index = old.blind_index("email", "zoe@example.org")
    assert index != old.blind_index("phone", "zoe@example.org")
    assert index != old.blind_index("email", "zoé@example.org")
    assert both.blind_indexes("email", "zoe@example.org") == [both.blind_index("email", "zoe@example.org"), index]


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "formsite.keys"
    made = Keyring.load_or_create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [child.name for child in path.parent.iterdir()] == ["formsite.keys"]
    assert Keyring.load_or_create(path).derive("x") == made.derive("x")
    assert json.loads(path.read_text())["formsite_keys"] == 1


def test_processes_that_start_together_get_one_key(tmp_path: Path) -> None:
    path, derived, ready = tmp_path / "keys" / "formsite.keys", [], threading.Barrier(8)

    def start() -> None:
        ready.wait()
        derived.append(Keyring.load_or_create(path).derive("x"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(derived) == 8
    assert len(set(derived)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "formsite.keys"
    Keyring.load_or_create(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        Keyring.load_or_create(path)


def written(*keys: dict[str, Any]) -> str:
    return json.dumps({"formsite_keys": 1, "keys": list(keys)})


SHORT, GOOD = "c2hvcnQ=", "b" * 43 + "="


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "null",
        '{"keys": 3}',
        "\udc80",
        written(),
        written({"id": 1, "secret": SHORT}),
        written({"id": 1, "secret": "*" * 44}),
        written({"id": 1}),
        written({"id": 0, "secret": GOOD}),
        written({"id": 256, "secret": GOOD}),
        written({"id": 1, "secret": GOOD}, {"id": 1, "secret": GOOD}),
    ],
)
def test_a_broken_key_file_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "formsite.keys"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(handle, content.encode("utf-8", "surrogateescape"))
    os.close(handle)
    with pytest.raises(KeyFileError):
        Keyring.load_or_create(path)
    assert path.read_bytes() == content.encode("utf-8", "surrogateescape")
