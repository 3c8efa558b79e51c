"""Work that shares a transaction: durable when it returns, and one failure undoes nobody else's."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, insert, select
from sqlalchemy.exc import IntegrityError

from formsite.foundation.database import db, unit_of_work
from formsite.foundation.jobs import JobRow
from formsite.foundation.together import together
from tests.foundation.test_database import NOON, names


def add(name: str) -> Any:
    def work(connection: Connection) -> str:
        connection.execute(insert(JobRow), [{"name": name, "due_at": NOON}])
        return name

    return work


def at_once(app: Flask, count: int, each: Any) -> list[BaseException | None]:
    """Run `each(number)` in that many threads that meet while a writer is busy, so that they make a group."""
    failures: list[BaseException | None] = [None] * count

    def run(number: int) -> None:
        with app.app_context():
            try:
                each(number)
            except BaseException as error:
                failures[number] = error
            db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    with app.app_context(), unit_of_work(write=True) as session:
        session.connection()
        for thread in threads:
            thread.start()
        time.sleep(0.3)  # they queue up meanwhile
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return failures


def test_everybody_gets_their_own_result_and_it_stands(db_app: Flask) -> None:
    results: dict[int, str] = {}

    def each(number: int) -> None:
        results[number] = together(add(f"job{number:02}"))
        assert results[number] in names()

    assert at_once(db_app, 20, each) == [None] * 20
    assert results == {number: f"job{number:02}" for number in range(20)}


def test_those_who_wait_together_share_one_commit(app: Flask, count_statements: Any) -> None:
    with count_statements() as count:
        at_once(app, 20, lambda number: together(add(f"job{number:02}")))
    assert count.commits <= 3  # the writer that was busy, whoever came first, and the rest
    with app.app_context():
        assert len(names()) == 20


def test_a_failure_is_the_asker_s_own(db_app: Flask) -> None:
    def each(number: int) -> None:
        def work(connection: Connection) -> None:
            add(f"job{number:02}")(connection)
            if number % 3 == 0:
                raise KeyError(number)
            if number % 3 == 1:
                add(f"job{number:02}")(connection)

        together(work)

    failures = at_once(db_app, 12, each)
    for number, failure in enumerate(failures):
        expected = (KeyError, IntegrityError, type(None))[number % 3]
        assert isinstance(failure, expected), (number, failure)
    with db_app.app_context():
        assert names() == ["job02", "job05", "job08", "job11"]


def test_a_commit_that_fails_fails_for_all_who_share_it(app: Flask) -> None:
    def refuse(_connection: Any) -> None:
        raise OSError("the disk is gone")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", refuse)
    failures = at_once_without_writer(app, 6)
    event.remove(engine, "commit", refuse)
    assert all(isinstance(failure, OSError) for failure in failures)
    with app.app_context():
        assert names() == []
        assert together(add("after")) == "after"
        assert names() == ["after"]


def at_once_without_writer(app: Flask, count: int) -> list[BaseException | None]:
    failures: list[BaseException | None] = [None] * count
    ready = threading.Barrier(count)

    def run(number: int) -> None:
        ready.wait()
        with app.app_context():
            try:
                together(add(f"job{number:02}"))
            except BaseException as error:
                failures[number] = error
            db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return failures


def test_it_is_no_unit_inside_a_unit(app: Flask) -> None:
    with app.app_context():
        with unit_of_work(write=False) as session, pytest.raises(RuntimeError, match="nest"):
            session.execute(select(JobRow.name))
            together(add("x"))
        assert together(add("y")) == "y"
