"""Tokens: read only where they were made for, while they hold, and unaltered."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formsite.foundation.crypto import Keyring
from formsite.foundation.tokens import BadToken, ExpiredToken, Tokens

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32
tokens = Tokens(Keyring({1: OLD}))


@given(st.text(min_size=1, max_size=20), st.binary(max_size=200))
def test_what_was_signed_is_read(purpose: str, payload: bytes) -> None:
    token = tokens.sign(purpose, payload)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", token)
    assert tokens.read(purpose, token, now=NOON) == payload


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_token_is_good_for_one_purpose(one: str, other: str) -> None:
    token = tokens.sign(one, b"x")
    if one != other:
        with pytest.raises(BadToken, match="signature"):
            tokens.read(other, token, now=NOON)


@pytest.mark.parametrize("expires", [None, NOON + timedelta(days=1)])
def test_no_bit_can_be_turned(expires: datetime | None) -> None:
    token = tokens.sign("page", b"ab", expires=expires)
    raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for bit in range(len(raw) * 8):
        turned = bytearray(raw)
        turned[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadToken):
            tokens.read("page", urlsafe_b64encode(turned).rstrip(b"=").decode(), now=NOON)


@given(st.text(max_size=80) | st.text("AQz_-=", max_size=80) | st.binary(max_size=60).map(lambda b: b.decode("latin1")))
def test_whatever_else_is_a_bad_token_and_nothing_worse(token: str) -> None:
    with pytest.raises(BadToken):
        tokens.read("page", token, now=NOON)


def test_one_token_has_one_spelling() -> None:
    token = tokens.sign("page", b"abc")
    for spelling in (token + "=", token + "\n", " " + token, token[:4] + "*" + token[4:], token + "A"):
        with pytest.raises(BadToken):
            tokens.read("page", spelling, now=NOON)


def test_an_expired_token_still_says_what_it_was_for() -> None:
    token = tokens.sign("page", b"seven", expires=NOON)
    assert tokens.read("page", token, now=NOON - timedelta(seconds=1)) == b"seven"
    for late in (timedelta(0), timedelta(days=9_000)):
        with pytest.raises(ExpiredToken) as refused:
            tokens.read("page", token, now=NOON + late)
        assert refused.value.payload == b"seven"


def test_a_token_outlives_a_new_key_but_not_the_loss_of_its_own() -> None:
    token = tokens.sign("page", b"x")
    both, new = Tokens(Keyring({1: OLD, 2: NEW})), Tokens(Keyring({2: NEW}))
    assert both.read("page", token, now=NOON) == b"x"
    with pytest.raises(BadToken, match="unknown key"):
        new.read("page", token, now=NOON)
    assert new.read("page", both.sign("page", b"y"), now=NOON) == b"y"
    with pytest.raises(BadToken):
        Tokens(Keyring({1: NEW})).read("page", token, now=NOON)


def test_a_token_is_short() -> None:
    assert len(tokens.sign("receipt", b"\0" * 16)) == 55
