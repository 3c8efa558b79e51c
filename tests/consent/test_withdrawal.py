"""Taking consent back: a new record, the old one untouched, waiting mail stopped."""

from __future__ import annotations

import threading

from flask import Flask
from sqlalchemy import select

from formsite.consent import queries, withdrawal
from formsite.consent.models import ConsentRecord
from formsite.foundation.database import unit_of_work
from formsite.foundation.outbox import OutboxState
from tests.support.stored import NOON, outbox, publish, respond


def test_a_withdrawal_is_a_record_of_its_own(db_app: Flask) -> None:
    with db_app.app_context():
        response_id = respond(publish())
        with unit_of_work(write=False):
            before = queries.rows_of(response_id)[0].record
        with unit_of_work(write=True):
            assert withdrawal.withdraw(response_id, "ask_me", at=NOON, method="receipt-page")
        with unit_of_work(write=False):
            first, second = queries.rows_of(response_id)
            assert first.record == before
            assert second.supersedes == first.id
            assert second.record["header"]["supersedes"] == str(first.id)
            assert second.record["header"]["receipt_id"] == before["header"]["receipt_id"]
            assert second.record["event"]["statements"] == ["ask_me"]
            assert [s.value for s in queries.standing_of([response_id])[response_id]] == ["withdrawn", "refused"]


def test_waiting_mail_is_cancelled_and_forgotten(db_app: Flask) -> None:
    with db_app.app_context():
        version = publish()
        mine, other = respond(version), respond(version)
        with unit_of_work(write=True):
            withdrawal.withdraw(mine, "ask_me", at=NOON, method="receipt-page")
        states = {mail.about: (mail.state, mail.payload is None) for mail in outbox()}
        assert states == {mine: (OutboxState.CANCELLED, True), other: (OutboxState.WAITING, False)}


def test_what_was_not_given_cannot_be_taken_back(db_app: Flask) -> None:
    with db_app.app_context():
        response_id = respond(publish())
        with unit_of_work(write=True):
            assert not withdrawal.withdraw(response_id, "news", at=NOON, method="receipt-page")
            assert not withdrawal.withdraw(response_id, "unheard_of", at=NOON, method="receipt-page")
            assert len(queries.rows_of(response_id)) == 1


def test_twice_at_once_is_once(db_app: Flask) -> None:
    with db_app.app_context():
        response_id = respond(publish())
    done: list[bool] = []
    start = threading.Barrier(4)

    def take_back() -> None:
        with db_app.app_context():
            start.wait()
            with unit_of_work(write=True):
                done.append(withdrawal.withdraw(response_id, "ask_me", at=NOON, method="one-click"))

    threads = [threading.Thread(target=take_back) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, False, True]
    with db_app.app_context(), unit_of_work(write=False) as session:
        query = select(ConsentRecord.event).where(ConsentRecord.response_id == response_id)
        assert sorted(session.scalars(query)) == ["chosen", "withdrawn"]
