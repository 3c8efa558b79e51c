"""Personal answers apart and sealed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given, strategies as st

from formsite.definition.document import parse
from formsite.foundation.crypto import Unreadable
from formsite.responses import sealing
from tests.support.stored import ANSWERS, REGISTRATION

KEY = bytes(range(32))
VALUES = st.text() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.lists(st.text())


def test_personal_answers_are_split_off() -> None:
    plain, personal = sealing.split(parse(REGISTRATION), ANSWERS | {"unheard_of": "?"})
    assert set(plain) == {"remark", "rated"}
    assert set(personal) == {"full_name", "address", "unheard_of"}  # the unknown is taken for personal


@given(st.dictionaries(st.text(min_size=1), VALUES, min_size=1))
def test_what_is_sealed_comes_back(personal: dict[str, object]) -> None:
    row = uuid4()
    assert sealing.unseal(KEY, row, sealing.seal(KEY, row, personal)) == personal  # type: ignore[arg-type]


def test_nothing_personal_is_nothing_sealed() -> None:
    assert sealing.seal(KEY, uuid4(), {}) is None
    assert sealing.unseal(KEY, uuid4(), None) == {}


def test_the_length_does_not_tell_the_answer() -> None:
    lengths = {len(sealing.seal(KEY, uuid4(), {"ill": answer}) or b"") for answer in (True, False)}
    lengths |= {len(sealing.seal(KEY, uuid4(), {"ill": "x" * n}) or b"") for n in range(40)}
    assert len(lengths) == 1


def test_another_row_or_a_changed_byte_is_refused() -> None:
    row = uuid4()
    blob = sealing.seal(KEY, row, {"ill": True})
    assert blob is not None
    with pytest.raises(Unreadable):
        sealing.unseal(KEY, uuid4(), blob)
    with pytest.raises(Unreadable):
        sealing.unseal(KEY, row, blob[:-1] + bytes([blob[-1] ^ 1]))
