"""Ids sort by time and do not collide; references can be read aloud."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from formsite.foundation import clock
from formsite.foundation.ids import CROCKFORD, first_of, reference, uuid7

MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9999, 1, 1), timezones=st.just(UTC))


@given(MOMENTS)
def test_an_id_says_what_it_is_and_when_it_was_made(at: datetime) -> None:
    made = uuid7(at)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(at.timestamp() * 1000)


@given(MOMENTS, MOMENTS)
def test_ids_sort_as_their_moments(one: datetime, other: datetime) -> None:
    if one + timedelta(milliseconds=2) < other:
        assert uuid7(one) < uuid7(other)
        assert first_of(other) <= uuid7(other)
        assert uuid7(one) < first_of(other)


def test_ids_of_one_moment_differ() -> None:
    at = datetime(2026, 1, 31, tzinfo=UTC)
    made = {uuid7(at) for _ in range(10_000)}
    assert len(made) == 10_000
    assert len({id_.int & ((1 << 62) - 1) for id_ in made}) == 10_000
    assert {id_.int >> 64 & 0xF000 for id_ in made} == {0x7000}


def test_without_a_moment_it_is_the_clocks() -> None:
    with time_machine.travel(datetime(2030, 5, 6, 7, 8, 9, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2030, 5, 6, 7, 8, 9, tzinfo=UTC)
        assert first_of(clock.now()) < uuid7() < first_of(clock.now() + timedelta(milliseconds=2))


@given(st.uuids())
def test_a_reference_is_eight_symbols_without_those_that_are_mistaken(id_: UUID) -> None:
    shown = reference(id_)
    assert (len(shown), shown[4]) == (9, "-")
    assert set(shown) <= set(CROCKFORD) | {"-"}
    assert not set(shown) & set("ILOU")
    number = 0
    for symbol in shown.replace("-", ""):
        number = number * 32 + CROCKFORD.index(symbol)
    assert number == id_.int & ((1 << 40) - 1)


@pytest.mark.parametrize(("low", "shown"), [(0, "0000-0000"), (31, "0000-000Z"), ((1 << 40) - 1, "ZZZZ-ZZZZ")])
def test_references_one_can_check_by_hand(low: int, shown: str) -> None:
    assert reference(UUID(int=7 << 100 | low)) == shown
