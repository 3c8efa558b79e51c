"""Synthetic responses: as many as asked for, the same for the same seed, marked, and without mail."""

from __future__ import annotations

import random
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from formsite.definition.flow import Plan
from formsite.filling import faces, synthetic
from formsite.foundation import clock
from formsite.foundation.database import unit_of_work
from formsite.foundation.outbox import OutboxMail
from formsite.responses.models import Response
from tests.definition.test_lists import AREA, entries, town
from tests.support.definitions import definition
from tests.support.forms import publish, simple


def fill(app: Flask, number: int, seed: int = 0) -> list[Response]:
    with app.app_context():
        face = faces.face("tell")
        assert face is not None
        made = synthetic.fill(face.version, "tell", number, seed=seed, days=5, now=clock.now(), limited=False)
        assert made == number
        with unit_of_work(write=False) as session:
            found = list(session.scalars(select(Response).order_by(Response.id)))
            session.expunge_all()
            return found


def test_as_many_as_asked_for_over_several_commits(db_app: Flask) -> None:
    publish(db_app, simple(), "tell")
    rows = fill(db_app, synthetic.AT_A_TIME * 2 + 50)
    assert len(rows) == synthetic.AT_A_TIME * 2 + 50
    assert all(row.is_test and row.state == "submitted" for row in rows)
    assert {row.submitted_at.date() for row in rows if row.submitted_at} > {clock.now().date() - timedelta(days=2)}
    with db_app.app_context(), unit_of_work(write=False) as session:
        assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0


def test_the_same_seed_gives_the_same_answers(app: Flask) -> None:
    publish(app, simple(), "tell")
    first = [row.answers for row in fill(app, 20, seed=7)]
    both = [row.answers for row in fill(app, 20, seed=7)]
    assert sorted(map(str, both)) == sorted(map(str, first + first))


def test_what_is_made_of_parts_is_answered_as_a_whole() -> None:
    lines = [{"id": name, "label": {"en": name}} for name in ("a", "b", "c")]
    shares = {"id": "shares", "type": "constant_sum", "label": {"en": "?"}, "settings": {"items": lines}}
    stay = {"id": "stay", "type": "date_range", "label": {"en": "?"}, "compulsory": True}
    columns = [
        {"id": "x", "label": {"en": "x"}, "type": "yes_no", "compulsory": True},
        {"id": "y", "label": {"en": "y"}},
    ]
    table = {
        "id": "mixed",
        "type": "matrix_mixed",
        "label": {"en": "?"},
        "settings": {"rows": lines, "columns": columns},
    }
    plan = Plan(definition(shares, stay, table))
    made = [synthetic.answers(plan, random.Random(seed), clock.now()) for seed in range(60)]
    for answers in made:
        assert plan.errors(plan.state(answers, clock.now().date()), "en", clock.now().date()) == {}
    assert {sum("shares-" in path for path in answers) for answers in made} == {0, 3}


def test_what_depends_on_an_answer_is_chosen_from_what_is_offered() -> None:
    towns = entries(**{f"town{number}": f"e{number % 20}" for number in range(400)})
    area = AREA | {"settings": {"choices": entries(*(f"Area {number}" for number in range(20)))}, "compulsory": True}
    plan = Plan(definition(area, town("list_choice", choices=towns)))
    for seed in range(10):
        answers = synthetic.answers(plan, random.Random(seed), clock.now())
        assert int(answers["town"].removeprefix("town")) % 20 == int(answers["area"].removeprefix("e"))
