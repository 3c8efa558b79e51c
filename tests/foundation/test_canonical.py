"""Canonical JSON is RFC 8785: the same bytes as an independent implementation, for every value."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from formsite.foundation import canonical

SAFE = 2**53 - 1
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers(-SAFE, SAFE) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=400)
@given(VALUES)
def test_the_bytes_are_those_of_the_oracle(value: Any) -> None:
    encoded = canonical.encode(value)
    assert encoded == rfc8785.dumps(value)
    assert json.loads(encoded, parse_int=float) == value
    assert canonical.sha256_hex(value) == hashlib.sha256(rfc8785.dumps(value)).hexdigest()


@settings(max_examples=600)
@given(st.integers(0, 2**64 - 1))
@example(0x8000000000000000)
@example(0x0000000000000001)
@example(0x7FEFFFFFFFFFFFFF)
@example(0x44B52D02C7E14AF6)
@example(0x3EB0C6F7A0B5ED8D)
@example(0x444B1AE4D6E2EF50)
def test_numbers_of_every_bit_pattern(bits: int) -> None:
    number = struct.unpack("!d", struct.pack("!Q", bits))[0]
    if math.isfinite(number):
        assert canonical.encode(number) == rfc8785.dumps(number)


def test_names_are_sorted_by_utf16() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]  # RFC 8785 section 3.2.3
    in_order = list(json.loads(canonical.encode(dict.fromkeys(names))))
    assert in_order == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_a_tuple_is_a_list_and_true_is_not_one() -> None:
    assert canonical.encode((1, True, 1.0, -0.0)) == b"[1,true,1,0]"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 2**53, -(2**53), "\ud800", {"\udfff": 1}])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical.encode([value])


@pytest.mark.parametrize("value", [b"x", {1}, object(), 1j])
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical.encode({"a": value})


def test_a_name_that_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical.encode({1: "a"})
