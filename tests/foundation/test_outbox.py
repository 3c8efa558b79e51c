"""Mail leaves once, whoever sends it and whatever stands in the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_mail import Message
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from formsite.foundation import outbox
from formsite.foundation.crypto import Unreadable
from formsite.foundation.database import db, unit_of_work
from formsite.foundation.outbox import LEASE, Cancelled, OutboxMail, OutboxState
from tests.support.smtp import Catcher

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """Kinds of mail of these tests' own."""
    known = dict(outbox._builders)

    @outbox.builder("hello")
    def hello(payload: Mapping[str, Any], mail: OutboxMail) -> Message:
        return Message("Hello", recipients=[payload["to"]], body=payload["words"])

    @outbox.builder("poison")
    def poison(payload: Mapping[str, Any], mail: OutboxMail) -> Message:
        raise ZeroDivisionError

    @outbox.builder("late")
    def late(payload: Mapping[str, Any], mail: OutboxMail) -> Cancelled:
        return Cancelled("withdrawn")

    yield
    outbox._builders.clear()
    outbox._builders.update(known)


def put(*keys: str, kind: str = "hello", due: datetime = NOON, about: UUID | None = None) -> None:
    """Mails that wait, inside an application's context."""
    with unit_of_work(write=True) as session:
        for key in keys:
            payload = {"to": f"{key}@example.org", "words": f"Dear {key}, zébra"}
            session.execute(
                insert(OutboxMail), [outbox.mail_row(kind, payload, dedupe_key=key, due_at=due, about=about)]
            )


def mails() -> dict[str, OutboxMail]:
    with unit_of_work(write=False) as session:
        found = {mail.dedupe_key: mail for mail in session.scalars(select(OutboxMail))}
        session.expunge_all()
        return found


def at_once(app: Flask, work: Callable[[], Any], threads: int = 6) -> list[Any]:
    """What `work` returns in several threads that start together; what one raises is raised here."""
    ready, results, failures = threading.Barrier(threads), [], []

    def run() -> None:
        ready.wait()
        try:
            with app.app_context():
                results.append(work())
                db.session.remove()
        except Exception as error:
            failures.append(error)

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    assert not failures, failures
    return results


def test_a_mail_leaves_when_it_is_due(db_app: Flask, smtp: Catcher) -> None:
    with db_app.app_context():
        put("zoe")
        assert outbox.send_due(NOON - timedelta(seconds=1)) == 0
        assert outbox.send_due(NOON) == 1
        assert outbox.send_due(NOON + timedelta(days=1)) == 0
        mail = mails()["zoe"]
    (message,) = smtp.messages
    assert (message["To"], message["Subject"]) == ("zoe@example.org", "Hello")
    assert message.get_content().strip() == "Dear zoe, zébra"
    assert (mail.state, mail.attempts, mail.sent_at) == (OutboxState.SENT, 1, NOON)
    assert (mail.payload, mail.leased_until, mail.last_error) == (None, None, None)


def test_what_waits_shows_neither_address_nor_words(db_app: Flask) -> None:
    with db_app.app_context():
        put("zoe")
        mail = mails()["zoe"]
        assert mail.payload is not None
        assert b"example.org" not in mail.payload
        assert outbox.payload_of(mail) == {"to": "zoe@example.org", "words": "Dear zoe, zébra"}
        mail.id = UUID(int=3)  # moved to another row
        with pytest.raises(Unreadable):
            outbox.payload_of(mail)


def test_what_has_left_is_forgotten(app: Flask, smtp: Catcher) -> None:
    with app.app_context():
        put("zoe")
        outbox.send_due(NOON)
        with pytest.raises(Unreadable, match="left"):
            outbox.payload_of(mails()["zoe"])


def test_a_mail_and_what_it_tells_of_stand_or_fall_together(db_app: Flask) -> None:
    with db_app.app_context():
        put("zoe")
        with pytest.raises(IntegrityError), unit_of_work(write=True) as session:
            for key in ("yan", "zoe"):
                session.execute(insert(OutboxMail), [outbox.mail_row("hello", {}, dedupe_key=key, due_at=NOON)])
        assert list(mails()) == ["zoe"]


def test_two_claimers_never_get_the_same_mail(db_app: Flask) -> None:
    with db_app.app_context():
        put(*(f"p{n}" for n in range(40)))
    rounds = at_once(db_app, lambda: [mail.id for _ in range(4) for mail in outbox.claim(3, NOON)])
    claimed = [id_ for each in rounds for id_ in each]
    assert len(claimed) == len(set(claimed)) == 40


def test_no_more_are_claimed_than_asked_for_and_the_oldest_first(db_app: Flask) -> None:
    with db_app.app_context():
        for n in (3, 1, 2, 0):
            put(f"p{n}", due=NOON + n * MINUTE)
        assert [mail.dedupe_key for mail in outbox.claim(3, NOON + timedelta(hours=1))] == ["p0", "p1", "p2"]


def test_a_lease_that_ran_out_gives_the_mail_again(db_app: Flask) -> None:
    with db_app.app_context():
        put("zoe")
        assert [mail.attempts for mail in outbox.claim(5, NOON)] == [1]
        assert outbox.claim(5, NOON + LEASE - timedelta(seconds=1)) == []
        assert [mail.attempts for mail in outbox.claim(5, NOON + LEASE)] == [2]


def test_whoever_comes_back_late_changes_nothing(db_app: Flask) -> None:
    with db_app.app_context():
        put("zoe")
        (slow,) = outbox.claim(1, NOON)
        outbox.claim(1, NOON + LEASE)
        outbox._note(slow, OutboxState.FAILED, "too late", now=NOON + LEASE)
        assert mails()["zoe"].state == OutboxState.WAITING


def test_many_workers_send_each_mail_once(db_app: Flask, smtp: Catcher) -> None:
    keys = [f"p{n}" for n in range(30)]
    with db_app.app_context():
        put(*keys)
    sent = at_once(db_app, lambda: outbox.send_due(NOON, limit=10))
    assert sum(sent) == 30
    assert sorted(message["To"] for message in smtp.messages) == sorted(f"{key}@example.org" for key in keys)


def test_server_down_then_up_is_one_mail_with_one_id(db_app: Flask, smtp: Catcher) -> None:
    with db_app.app_context():
        put("zoe")
        smtp.refuse = True
        outbox.send_due(NOON)
        tried = mails()["zoe"]
        assert (tried.state, tried.due_at, tried.last_error) == (
            OutboxState.WAITING,
            NOON + MINUTE,
            "mail server said 451",
        )
        smtp.refuse = False
        assert outbox.send_due(NOON + timedelta(seconds=59)) == 0
        assert outbox.send_due(NOON + MINUTE) == 1
        assert outbox.send_due(NOON + timedelta(days=1)) == 0
    (message,) = smtp.messages
    assert message["Message-ID"] == f"<{tried.id}@localhost>"


def test_nobody_listening_waits_longer_each_time_and_ends_after_three_days(app: Flask) -> None:
    with app.app_context():
        put("zoe")
        at, waits = NOON, []
        while (mail := mails()["zoe"]).state == OutboxState.WAITING:
            outbox.send_due(mail.due_at)
            waits.append(mail.due_at - at)
            at = mail.due_at
    assert [int(wait / MINUTE) for wait in waits[:8]] == [0, 1, 5, 15, 60, 180, 360, 360]
    assert timedelta(hours=66) < at - NOON <= timedelta(hours=78)
    assert mail.state == OutboxState.FAILED
    assert mail.payload is not None  # it can be tried again by hand
    assert mail.last_error == "mail server: ConnectionRefusedError"


@pytest.mark.parametrize(
    ("answer", "state"), [("550 no such user", OutboxState.FAILED), ("450 greylisted", OutboxState.WAITING)]
)
def test_a_recipient_that_is_refused_for_good_is_given_up(
    app: Flask, smtp: Catcher, answer: str, state: OutboxState
) -> None:
    with app.app_context():
        put("zoe")
        smtp.reject = answer
        outbox.send_due(NOON)
        mail = mails()["zoe"]
    assert (mail.state, mail.last_error) == (state, f"recipient refused: [{answer[:3]}]")


def test_a_mail_that_cannot_be_built_stops_no_other(db_app: Flask, smtp: Catcher) -> None:
    with db_app.app_context():
        put("bad", kind="poison")
        put("odd", kind="nobody_builds_it")
        put("zoe", due=NOON + MINUTE)
        assert outbox.send_due(NOON + MINUTE) == 3
        found = mails()
    assert [message["To"] for message in smtp.messages] == ["zoe@example.org"]
    assert found["bad"].last_error == "cannot be built: ZeroDivisionError"
    assert found["odd"].last_error == "cannot be built: LookupError"
    assert {found[key].state for key in ("bad", "odd")} == {OutboxState.WAITING}


def test_a_payload_that_was_tampered_with_is_not_sent(app: Flask, smtp: Catcher) -> None:
    with app.app_context():
        put("zoe", "yan")
        with unit_of_work(write=True) as session:
            other = session.scalar(select(OutboxMail.payload).where(OutboxMail.dedupe_key == "yan"))
            session.execute(update(OutboxMail).where(OutboxMail.dedupe_key == "zoe").values(payload=other))
        outbox.send_due(NOON)
        assert mails()["zoe"].last_error == "cannot be built: Unreadable"
    assert [message["To"] for message in smtp.messages] == ["yan@example.org"]


def test_a_mail_that_is_not_to_be_sent_any_more_says_why(db_app: Flask, smtp: Catcher) -> None:
    with db_app.app_context():
        put("zoe", kind="late")
        outbox.send_due(NOON)
        mail = mails()["zoe"]
    assert (mail.state, mail.last_error, mail.payload) == (OutboxState.CANCELLED, "withdrawn", None)
    assert smtp.messages == []


def test_a_batch_shares_one_connection(app: Flask, smtp: Catcher) -> None:
    with app.app_context():
        put("a", "b", "c")
        outbox.send_due(NOON)
    assert len(smtp.messages) == 3
    assert smtp.sessions == 1


def test_a_slow_server_does_not_eat_the_lease(app: Flask, smtp: Catcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=-1))  # as if every mail had taken too long
    with app.app_context():
        put("zoe")
        assert outbox.send_due(NOON) == 1
        assert mails()["zoe"].state == OutboxState.WAITING
        monkeypatch.undo()
        assert outbox.send_due(NOON + LEASE) == 1
    assert len(smtp.messages) == 1


def test_how_late_the_mail_is(db_app: Flask) -> None:
    with db_app.app_context():
        assert outbox.oldest_due(NOON) == timedelta(0)
        put("later", due=NOON + MINUTE)
        assert outbox.oldest_due(NOON) == timedelta(0)
        put("late", due=NOON - MINUTE)
        assert outbox.oldest_due(NOON) == MINUTE


def test_an_idle_worker_writes_nothing(app: Flask, count_statements: Any) -> None:
    with app.app_context():
        put("later", due=NOON + MINUTE)
        with count_statements() as count:
            outbox.send_due(NOON)
    assert (count.statements, count.commits) == (1, 0)


def test_a_kind_has_one_builder() -> None:
    with pytest.raises(TypeError, match="two builders"):
        outbox.builder("hello")(lambda payload, mail: Cancelled("no"))
