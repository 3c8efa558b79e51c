"""A definition comes back from either database as the one that was published."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from formsite.definition.document import parse
from formsite.definition.faults import Faulty
from formsite.designer.models import Version
from formsite.foundation.database import unit_of_work
from tests.support.stored import FEEDBACK, publish


def asking(number: Any) -> dict[str, Any]:
    raw = copy.deepcopy(FEEDBACK)
    rule = {"op": "more", "left": {"field": "age"}, "right": {"value": number}}
    age = {"id": "age", "type": "number", "label": {"en": "Age"}}
    raw["pages"][0]["items"] = [age, raw["pages"][0]["items"][0] | {"shown_if": rule}]
    return raw


@pytest.mark.parametrize("number", [0, -0.0, 1.0, 1e-7, 0.1, 1e15, 9007199254740991.0, -(2**53) + 1, 123456789.125])
def test_its_hash_outlives_the_database(db_app: Flask, number: Any) -> None:
    raw = asking(number)
    with db_app.app_context():
        published = publish(raw)
        with unit_of_work(write=False) as session:
            kept = session.scalars(select(Version.definition)).one()
        assert parse(kept).sha256 == published.sha256 == parse(raw).sha256


@pytest.mark.parametrize("number", [1e17, -1e300, 2**53, 9007199254740992.0, float("inf"), float("nan")])
def test_what_a_database_may_not_give_back_is_refused(number: Any) -> None:
    with pytest.raises(Faulty) as refused:
        parse(asking(number))
    assert refused.value.faults[0].where == "/pages/0/items/1/shown_if/right/value"
