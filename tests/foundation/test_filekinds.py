"""A file is what is in it; what a browser or an office would run is nothing."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings, strategies as st

from formsite.foundation.filekinds import KINDS, MOST_INSIDE, called, recognise
from tests.support.files import GOOD, HOSTILE, office


@pytest.mark.parametrize("name", GOOD)
def test_each_kind_is_told_from_its_content(name: str) -> None:
    content, kind, media_type = GOOD[name]
    found = recognise(io.BytesIO(content))
    assert found is not None
    assert kind in found.kinds
    assert found.media_type == media_type
    assert set(found.kinds) & set(called(name, "")) or name == "a.ogg"


@pytest.mark.parametrize("name", HOSTILE)
def test_what_may_not_come_in_is_nothing(name: str) -> None:
    assert recognise(io.BytesIO(HOSTILE[name])) is None


def test_a_document_that_unpacks_without_end_is_nothing() -> None:
    bomb = bytearray(office())
    at = bomb.rindex(b"PK\x01\x02")
    struct.pack_into("<I", bomb, at + 24, MOST_INSIDE + 1)
    assert zipfile.ZipFile(io.BytesIO(bomb)).infolist()[0].file_size > MOST_INSIDE
    assert recognise(io.BytesIO(bytes(bomb))) is None


@given(content=st.binary(max_size=300) | st.binary(max_size=200).map(lambda more: office()[:-20] + more))
@settings(max_examples=200, deadline=None)
def test_no_content_is_too_strange(content: bytes) -> None:
    found = recognise(io.BytesIO(content))
    assert found is None or set(found.kinds) <= set(KINDS)


@pytest.mark.parametrize(
    ("name", "media_type", "expected"),
    [
        ("cv.PDF", "", ("pdf",)),
        ("cv", "application/pdf", ("pdf",)),
        ("cv.docx", "application/octet-stream", ("document",)),
        ("x.bin", "image/png", ("image",)),
        ("x.pdf", "image/png", ("image", "pdf")),
        ("noise", "application/x-unknown", ()),
        ("", "", ()),
    ],
)
def test_what_a_file_is_said_to_be(name: str, media_type: str, expected: tuple[str, ...]) -> None:
    assert called(name, media_type) == expected
