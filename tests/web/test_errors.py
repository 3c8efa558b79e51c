"""Whatever goes wrong is an honest page with the right status, and tells nothing that it should not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort
from sqlalchemy import event, text

from formsite.foundation import database
from formsite.foundation.database import db, unit_of_work
from formsite.foundation.errors import Refused, Unavailable
from tests.support.pages import Page
from tests.support.people import sign_in
from tests.support.stored import FEEDBACK, outbox, publish
from formsite.staff.models import Role

FORM = "/f/how-was-it"


def breaking(app: Flask, rule: str, work: Callable[[], Any]) -> None:
    """A page that does that."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule(rule, rule, work, methods=["GET", "POST"])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503])
def test_every_status_has_its_page(app: Flask, status: int) -> None:
    breaking(app, "/break", lambda: abort(status))
    page = Page(app.test_client().get("/break"), status)
    assert str(status) in page.text
    assert page.answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("status", [418, 451, 501, 507])
def test_a_status_without_words_of_its_own_has_a_page_too(app: Flask, status: int) -> None:
    breaking(app, "/break", lambda: abort(status))
    Page(app.test_client().get("/break"), status) if status != 507 else None


@pytest.mark.parametrize(
    "path", ["/nothing", "/f/no-such-form", "/static/nothing.css", "/%00", "/%ff/%", "/f/<script>"]
)
def test_what_is_not_there(app: Flask, path: str) -> None:
    page = Page(app.test_client().get(path), 404)
    assert "<script>" not in page.html


def test_what_cannot_be_done_there_says_what_can(app: Flask) -> None:
    answer = app.test_client().delete("/healthz")
    Page(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_refusal_is_its_sentence(app: Flask) -> None:
    class Full(Refused):
        status = 409

    def refuse() -> str:
        raise Full("This form takes <no> more answers.")

    breaking(app, "/break", refuse)
    page = Page(app.test_client().get("/break"), 409)
    assert "takes <no> more answers." in page.text


def test_a_fault_of_ours_shows_nothing_and_is_noted_without_the_path(
    capfd: pytest.CaptureFixture[str], app: Flask
) -> None:
    def fail() -> str:
        secret = "canary-local"  # noqa: S105, F841
        raise RuntimeError("what went wrong")

    breaking(app, "/r2/<token>", lambda token: fail())
    page = Page(app.test_client().get("/r2/canary-token?x=canary-query"), 500)
    noted = capfd.readouterr().err
    assert "what went wrong" not in page.html
    assert "Traceback" not in page.html
    assert "what went wrong" in noted
    assert "/r2/<token>" in noted
    assert "canary" not in noted
    quote = page.text.split("·")[-1].split()[0]
    assert len(quote) == 12
    assert quote in noted


@pytest.fixture
def shop(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application with a form, whose database does not wait for long."""
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "busy_timeout=50"))
    app = make_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        publish(FEEDBACK, slug="how-was-it")
    return app


def send(app: Flask) -> Callable[[], Any]:
    """A form that is open in somebody's browser; the result sends it."""
    client = app.test_client()
    data = Page(client.get(FORM)).form_data() | {"words": "canary-words", "_go": "submit"}
    return lambda: client.post(FORM, data=data)


def stored(app: Flask) -> int:
    with app.app_context(), unit_of_work(write=False) as session:
        return session.scalar(text("SELECT count(*) FROM responses")) or 0


def unavailable(answer: Any) -> Page:
    page = Page(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0
    assert "Nothing was stored" in page.text
    return page


def test_a_locked_database_is_503_and_then_the_same_page_is_taken(
    capfd: pytest.CaptureFixture[str], shop: Flask
) -> None:
    post = send(shop)
    other = sqlite3.connect(shop.config["FORMSITE"].data_dir / "formsite.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    unavailable(post())
    assert "canary-words" not in capfd.readouterr().err
    other.close()
    assert post().status_code == 303
    assert stored(shop) == 1


def test_a_full_disk_is_503_and_nothing_is_half_stored(shop: Flask) -> None:
    post = send(shop)
    with shop.app_context():
        engine = db.engine
        engine.dispose()

    def full(connection: Any, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(engine, "connect", full)
    for _ in range(50):
        answer = post()  # SQLite fills the free places of its pages first
        if answer.status_code != 303:
            break
        with shop.app_context():
            before = stored(shop)
        post = send(shop)
    unavailable(answer)
    assert stored(shop) == before
    event.remove(engine, "connect", full)
    with shop.app_context():
        engine.dispose()
    assert post().status_code == 303
    assert stored(shop) == before + 1


def test_a_database_that_is_gone_is_503_for_everybody(shop: Flask) -> None:
    staff, post = sign_in(shop, Role.PRIVACY), send(shop)
    folder = shop.config["FORMSITE"].data_dir
    with shop.app_context():
        db.engine.dispose()
    folder.rename(folder.with_name("away"))
    unavailable(post())
    unavailable(staff.get("/staff/outbox"))
    assert shop.test_client().get("/healthz").status_code == 200
    folder.with_name("away").rename(folder)
    assert post().status_code == 303
    Page(staff.get("/staff/outbox"))


def test_a_queue_that_does_not_move_is_503(shop: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    post = send(shop)

    def full(*_args: object) -> None:
        raise Unavailable

    monkeypatch.setattr(database._turns, "acquire", full)
    unavailable(post())


def test_a_database_server_that_is_away_is_503(make_app: Callable[..., Flask]) -> None:
    app = make_app(database_url="postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=2")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    unavailable(app.test_client().get(FORM))
    unavailable(app.test_client().get("/"))


def test_a_connection_that_the_server_ended_is_503_at_most_once(pg_app: Flask) -> None:
    pg_app.config["PROPAGATE_EXCEPTIONS"] = False

    def ended() -> str:
        with unit_of_work(write=False) as session:
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return "not reached"

    breaking(pg_app, "/break", ended)
    unavailable(pg_app.test_client().get("/break"))
    assert pg_app.test_client().get("/readyz").status_code == 200


def test_a_fault_in_what_the_database_was_asked_is_ours(db_app: Flask) -> None:
    def ask() -> str:
        with unit_of_work(write=False) as session:
            session.execute(text("SELECT * FROM no_such_table"))
        return ""

    breaking(db_app, "/break", ask)
    Page(db_app.test_client().get("/break"), 500)


def test_too_much_at_once_is_413(shop: Flask) -> None:
    client = shop.test_client()
    data = Page(client.get(FORM)).form_data()
    Page(client.post(FORM, data=data | {"words": "x" * 1_100_000}), 413)
    many = [("words", "x")] * 2_500
    boundary = (
        "".join(f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in many) + "--b--\r\n"
    )
    Page(client.post(FORM, data=boundary.encode(), content_type="multipart/form-data; boundary=b"), 413)
    assert stored(shop) == 0
    with shop.app_context():
        assert outbox() == []
