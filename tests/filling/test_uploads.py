"""Files over HTTP, without JavaScript: kept, shown again, removed, bound, refused in words, never lost and never half."""

from __future__ import annotations

import errno
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from formsite.filling import uploads as filling
from formsite.foundation import storage
from formsite.foundation.database import unit_of_work
from formsite.foundation.parts import parts
from formsite.responses import sealing, uploads
from formsite.responses.models import Response, ResponseKey, Upload
from tests.support.files import GOOD, HOSTILE, PDF, large_png, photo_with_place, picture, send
from tests.support.forms import publish, simple, text
from tests.support.pages import Page
from tests.support.statements import counted

ANSWERS = {"email": "a@example.org", "likes": "yes"}


def asked(type_: str, name: str, settings: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    item = {"id": name, "type": type_, "label": text(name.title()), "personal": True, "why": text("To know")}
    return item | ({"settings": settings} if settings else {}) | members


def with_files(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = simple(**more)
    made["pages"][0]["items"] += items or [asked("file", "cv", {"types": ["pdf", "image"], "max_megabytes": 1})]
    return made


@pytest.fixture
def tell(db_app: Flask) -> Flask:
    publish(db_app, with_files(), "tell")
    return db_app


@pytest.fixture
def web(app: Flask) -> FlaskClient:
    """On SQLite, for what has nothing to do with the database."""
    publish(app, with_files(), "tell")
    return app.test_client()


def blank(client: FlaskClient, slug: str = "tell") -> dict[str, Any]:
    page = Page(client.get(f"/f/{slug}"))
    assert page.all("form", enctype="multipart/form-data")
    return page.form_data()


def rows(app: Flask, table: Any) -> int:
    with app.app_context(), unit_of_work(write=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def stored(app: Flask) -> tuple[int, int, int]:
    with app.app_context():
        place = parts().storage
        assert isinstance(place, storage.Folder)
        files = [path for path in place._path.rglob("*") if path.is_file()]
    return rows(app, Response), rows(app, Upload), len(files)


def only(app: Flask) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The answers of the one response, and its files by name."""
    with app.app_context(), unit_of_work(write=False) as session:
        response = session.scalars(select(Response)).one()
        wrapped = session.scalars(select(ResponseKey.wrapped)).one()
        key = parts().keyring.unwrap(wrapped, response.id)
        personal = sealing.unseal(key, response.id, response.sealed)
        files = uploads.of_response(response.id, wrapped, loose=True)
        return personal, {each.name: b"".join(uploads.content(each, wrapped, response.id)) for each in files}


def test_a_file_comes_with_its_response(tell: Flask) -> None:
    client = tell.test_client()
    answer = send(client, blank(client) | ANSWERS, cv=(PDF, "My cv.pdf"))
    assert answer.status_code == 303
    personal, files = only(tell)
    assert files == {"My cv.pdf": PDF}
    with tell.app_context(), unit_of_work(write=False) as session:
        row = session.scalars(select(Upload)).one()
        assert (str(row.id), row.state) == (personal["cv"], "bound")


def test_nothing_chosen_is_no_file(tell: Flask) -> None:
    client = tell.test_client()
    assert send(client, blank(client) | ANSWERS, cv=(b"", "")).status_code == 303
    assert stored(tell) == (1, 0, 0)
    assert "cv" not in only(tell)[0]


@pytest.mark.usefixtures("one_moment")
def test_a_form_without_files_costs_what_it_did(db_app: Flask) -> None:
    publish(db_app, simple(), "plain")
    client = db_app.test_client()
    page = Page(client.get("/f/plain"))
    assert not page.all("form", enctype="multipart/form-data")
    with counted() as sending:
        assert client.post("/f/plain", data=page.form_data() | ANSWERS).status_code == 303
    assert (sending.statements, sending.commits) == (3, 1), sending.sql


def test_on_an_error_page_no_file_is_lost(tell: Flask) -> None:
    client = tell.test_client()
    again = Page(send(client, blank(client), cv=(PDF, "My cv.pdf")), expect=422)
    assert "My cv.pdf" in again.text
    assert stored(tell) == (0, 1, 1)
    assert not again.by_id("cv").get("required")
    answer = send(client, again.form_data() | ANSWERS, cv=(b"", ""))
    assert answer.status_code == 303
    assert only(tell)[1] == {"My cv.pdf": PDF}
    assert stored(tell) == (1, 1, 1)


def test_a_file_is_removed_by_its_box_and_replaced_by_another(tell: Flask) -> None:
    client = tell.test_client()
    again = Page(send(client, blank(client), cv=(PDF, "one.pdf")), expect=422)
    box = next(box for box in again.controls("_drop"))
    without = Page(send(client, again.form_data() | {"_drop": box.get("value")}), expect=422)
    assert "one.pdf" not in without.text
    back = Page(send(client, again.form_data(), cv=(PDF + b"%", "two.pdf")), expect=422)
    assert "two.pdf" in back.text and "one.pdf" not in back.text
    assert send(client, back.form_data() | ANSWERS).status_code == 303
    personal, files = only(tell)
    assert files[next(name for name in files if name == "two.pdf")] == PDF + b"%"
    with tell.app_context(), unit_of_work(write=False) as session:
        states = {str(row.id): row.state for row in session.scalars(select(Upload))}
    assert states.pop(personal["cv"]) == "bound"
    assert set(states.values()) == {"loose"}


def test_a_compulsory_file_is_missed(app: Flask) -> None:
    publish(app, with_files(asked("photo", "face", compulsory=True)), "tell")
    client = app.test_client()
    again = Page(send(client, blank(client) | ANSWERS, face=(b"", "")), expect=422)
    assert "take or choose a photo" in again.error("face")
    assert again.by_id("face").get("aria-invalid") == "true"
    assert send(client, again.form_data(), face=(picture("JPEG"), "me.jpg")).status_code == 303


def test_several_files(app: Flask) -> None:
    publish(app, with_files(asked("file", "papers", {"types": ["pdf"], "most_files": 2})), "tell")
    client = app.test_client()
    page = Page(client.get("/f/tell"))
    assert "multiple" in page.by_id("papers").attributes
    two = [(PDF, "a.pdf"), (PDF, "b.pdf")]
    again = Page(send(client, page.form_data(), papers=two), expect=422)
    third = Page(send(client, again.form_data() | ANSWERS, papers=(PDF, "c.pdf")), expect=422)
    assert "at most 2 files" in third.error("papers")
    assert all(name in third.text for name in ("a.pdf", "b.pdf", "c.pdf"))
    first = third.controls("_drop")[0].get("value")
    assert send(client, third.form_data() | {"_drop": first}).status_code == 303
    assert len(only(app)[0]["papers"]) == 2
    many = Page(send(client, blank(client) | ANSWERS, papers=[(PDF, f"{n}.pdf") for n in range(9)]), expect=422)
    assert "at most 2 files" in many.error("papers")


def test_sending_the_same_page_again_stores_nothing_more(tell: Flask) -> None:
    client = tell.test_client()
    data = blank(client) | ANSWERS
    places = {send(client, data, cv=(PDF, "cv.pdf")).headers["Location"] for _ in range(3)}
    assert len({Page(client.get(place)).text for place in places}) == 1
    assert stored(tell) == (1, 1, 1)
    assert Page(send(client, data, cv=(PDF + b"%", "cv.pdf")), expect=409)
    assert stored(tell) == (1, 1, 1)


def test_many_at_once_with_one_page_are_one_response(tell: Flask) -> None:
    data = blank(tell.test_client()) | ANSWERS
    found: list[int] = []

    def post() -> None:
        found.append(send(tell.test_client(), data, cv=(PDF, "cv.pdf")).status_code)

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [303] * 8
    assert stored(tell) == (1, 1, 1)


def test_the_file_of_another_is_not_to_be_had(tell: Flask) -> None:
    client = tell.test_client()
    theirs = Page(send(client, blank(client), cv=(PDF, "secret.pdf")), expect=422).form_data()["cv"]
    for typed in (theirs, theirs.upper(), theirs.replace("-", ""), "00000000-0000-7000-8000-000000000000", "x"):
        mine = Page(send(client, blank(client) | ANSWERS | {"cv": typed}), expect=422)
        assert "choose the file again" in mine.error("cv")
        assert "secret.pdf" not in mine.html
    plain = client.post("/f/tell", data=blank(client) | ANSWERS | {"cv": theirs})
    assert Page(plain, expect=422).error("cv")
    assert stored(tell) == (0, 1, 1)


def test_the_file_of_one_question_is_not_that_of_another(app: Flask) -> None:
    publish(app, with_files(asked("file", "cv"), asked("photo", "face")), "tell")
    client = app.test_client()
    data = Page(send(client, blank(client), cv=(PDF, "cv.pdf")), expect=422).form_data()
    moved = Page(send(client, data | ANSWERS | {"face": data["cv"]}), expect=422)
    assert "choose the file again" in moved.error("face")


@pytest.mark.parametrize("data", [{"cv": "!file_kind?name=%3Cb%3E"}, {"cv": ["!own?text=hello", "!x"]}])
def test_marks_of_strangers_say_nothing(web: FlaskClient, data: dict[str, Any]) -> None:
    assert send(web, blank(web) | ANSWERS | data).status_code == 303


@pytest.mark.parametrize("page", ["", "forged"])
def test_without_a_token_nothing_is_kept(web: FlaskClient, page: str) -> None:
    answer = Page(send(web, blank(web) | ANSWERS | {"_page": page}, cv=(PDF, "cv.pdf")), expect=422)
    assert stored(web.application) == (0, 0, 0)
    assert answer.typed("email") == "a@example.org"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_words_and_nothing_else_is_lost(web: FlaskClient, name: str) -> None:
    again = Page(send(web, blank(web) | ANSWERS, cv=(HOSTILE[name], f"{name}.pdf")), expect=422)
    said = again.error("cv")
    assert ("is empty" if name == "empty" else "is not a file that is taken here") in said
    assert f"{name}.pdf" in said
    assert again.typed("email") == "a@example.org"
    assert stored(web.application) == (0, 0, 0)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (picture("PNG"), "cv.pdf", "holds another"),
        (PDF, "cv.png", "holds another"),
        (GOOD["a.docx"][0], "cv.docx", "choose one of these kinds: PDF, pictures"),
        (PDF + b" " * (1024 * 1024), "cv.pdf", "is larger than 1 MB"),
        (large_png(6_016, 6_016), "cv.png", "too many points"),
        (large_png(60_000, 64), "cv.png", "too many points"),
        (picture("PNG")[:60], "cv.png", "cannot be opened as a picture"),
        (b"<svg onload=alert(1)>", "<img src=x onerror=alert(1)>.pdf", "is not a file that is taken here"),
    ],
)
def test_why_a_file_is_refused(web: FlaskClient, content: bytes, name: str, why: str) -> None:
    again = Page(send(web, blank(web) | ANSWERS, cv=(content, name)), expect=422)
    assert why in again.error("cv")
    assert "<img src=x" not in again.html
    assert stored(web.application) == (0, 0, 0)


def test_a_refused_file_leaves_the_one_before_it(web: FlaskClient) -> None:
    again = Page(send(web, blank(web), cv=(PDF, "good.pdf")), expect=422)
    refused = Page(send(web, again.form_data() | ANSWERS, cv=(b"<html>", "bad.pdf")), expect=422)
    assert "good.pdf" in refused.text
    assert send(web, refused.form_data(), cv=(b"", "")).status_code == 303
    assert only(web.application)[1] == {"good.pdf": PDF}


def test_a_photo_keeps_no_place(web: FlaskClient) -> None:
    assert send(web, blank(web) | ANSWERS, cv=(photo_with_place(), "IMG_1.JPG")).status_code == 303
    files = only(web.application)[1]
    assert list(files) == ["IMG_1.jpg"] and b"Canary" not in files["IMG_1.jpg"]


def test_more_than_an_address_takes_is_refused_before_it_is_read(app: Flask) -> None:
    publish(app, with_files(), "tell")
    publish(app, simple(), "plain")
    client = app.test_client()
    for slug, size in (("tell", filling.MOST_BYTES + 1), ("plain", 1024 * 1024 + 1), ("nowhere", 10)):
        length = {"CONTENT_LENGTH": str(size)}
        answer = client.post(f"/f/{slug}", content_type="multipart/form-data; boundary=x", environ_overrides=length)
        assert answer.status_code == (404 if slug == "nowhere" else 413)
    assert stored(app) == (0, 0, 0)


def test_a_page_of_very_many_parts_is_refused(web: FlaskClient) -> None:
    body = (
        b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(3_000)) + b"--x--\r\n"
    )
    assert web.post("/f/tell", data=body, content_type="multipart/form-data; boundary=x").status_code == 413


def test_a_full_disk_is_said_and_nothing_is_half_stored(tell: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = tell.test_client()
    data = blank(client) | ANSWERS

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(storage.os, "fsync", full)
        answer = send(client, data, cv=(PDF, "cv.pdf"))
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert stored(tell) == (0, 0, 0)
    assert send(client, data, cv=(PDF, "cv.pdf")).status_code == 303
    assert stored(tell) == (1, 1, 1)


def test_a_disk_that_is_full_while_the_page_comes_in(web: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    data = blank(web) | ANSWERS
    with monkeypatch.context() as patch:
        patch.setattr("werkzeug.wrappers.Request._get_file_stream", full)
        assert send(web, data, cv=(PDF, "cv.pdf")).status_code == 503
    assert stored(web.application) == (0, 0, 0)


def steps() -> dict[str, Any]:
    return {
        "formsite": 1,
        "languages": ["en", "ar"],
        "title": text("Steps"),
        "pages": [
            {"id": "one", "items": [asked("file", "cv", {"types": ["pdf"], "most_files": 3})]},
            {"id": "two", "items": [asked("signature", "sign"), asked("location", "where")]},
        ],
    }


def test_page_by_page_a_file_stays_with_the_draft(db_app: Flask) -> None:
    publish(db_app, steps(), "steps")
    client = db_app.test_client()
    second = send(client, blank(client, "steps"), "/f/steps", cv=[(PDF, "a.pdf"), (PDF, "b.pdf")])
    assert second.status_code == 303
    address = second.headers["Location"]
    first = Page(client.get(address.replace("/two", "/one")))
    assert "a.pdf" in first.text and "b.pdf" in first.text
    with db_app.app_context(), unit_of_work(write=False) as session:
        assert list(session.scalars(select(Upload.state))) == ["bound", "bound"]
    drop = first.controls("_drop")[0].get("value")
    send(client, first.form_data() | {"_drop": drop}, address.replace("/two", "/one"))
    page = Page(client.get(address))
    drawn = {"sign": [(picture("PNG"), "signature.png")]}
    review = send(client, page.form_data() | {"where": "48.1, 11.5", "_go": "next"}, address, **drawn)
    shown = Page(client.get(review.headers["Location"]))
    assert "b.pdf" in shown.text and "a.pdf" not in shown.text and "48.1, 11.5" in shown.text
    done = client.post(review.headers["Location"], data=shown.form_data() | {"_go": "submit"})
    assert done.status_code == 303 and "/done/" in done.headers["Location"]
    personal, files = only(db_app)
    assert personal["where"] == "48.1,11.5" and len(personal["cv"]) == 1
    assert set(files) == {"a.pdf", "b.pdf", "signature.png"}
    with db_app.app_context(), unit_of_work(write=False) as session:
        assert sorted(session.scalars(select(Upload.state))) == ["bound", "bound", "loose"]


def test_in_a_group_that_repeats_each_file_stays_with_its_instance(db_app: Flask) -> None:
    group = {"id": "children", "type": "group", "label": text("Children"), "repeat": {"min": 0, "max": 5, "start": 2}}
    group["items"] = [asked("short_text", "nick"), asked("photo", "face")]
    publish(db_app, with_files(group), "tell")
    client = db_app.test_client()
    faces = {f"children-{number}-face": (picture("PNG", size=(10 + number, 10)), f"{number}.png") for number in (0, 1)}
    names = {"children-0-nick": "A", "children-1-nick": "B"}
    more = Page(send(client, blank(client) | names | {"_go": "add:children"}, **faces))
    assert len(more.controls("children-2-face")) == 1
    less = Page(send(client, more.form_data() | {"_go": "remove:children:0"}))
    assert "1.png" in less.text and "0.png" not in less.text
    assert less.typed("children-0-nick") == "B"
    assert send(client, less.form_data() | ANSWERS).status_code == 303
    personal = only(db_app)[0]
    assert personal["children-0-nick"] == "B" and "children-1-face" not in personal
    with db_app.app_context(), unit_of_work(write=False) as session:
        bound = session.scalars(select(Upload.id).where(Upload.state == "bound")).all()
    assert [str(id_) for id_ in bound] == [personal["children-0-face"]]


def test_a_signature_may_be_typed_or_chosen(app: Flask) -> None:
    publish(app, with_files(asked("signature", "sign", compulsory=True)), "tell")
    client = app.test_client()
    missed = Page(send(client, blank(client) | ANSWERS | {"sign": " "}, sign=(b"", "")), expect=422)
    assert "type your full name" in missed.error("sign")
    assert send(client, blank(client) | ANSWERS | {"sign": "Joy Silva"}, sign=(b"", "")).status_code == 303
    assert only(app)[0]["sign"] == "Joy Silva"
    again = Page(send(client, blank(client) | {"sign": "Joy Silva"}, sign=(picture("PNG"), "s.png")), expect=422)
    assert again.by_id("sign").get("value") == "Joy Silva" and "s.png" in again.text
    assert send(client, again.form_data() | ANSWERS).status_code == 303


def test_a_preview_keeps_nothing_and_says_what_is_wrong(app: Flask, designer: FlaskClient) -> None:
    publish(app, with_files(asked("file", "cv", {"types": ["pdf"]}, compulsory=True)), "tell")
    token = Page(designer.get("/staff/account")).form_data()["csrf_token"]
    data = Page(designer.get("/staff/forms/tell/preview")).form_data() | ANSWERS | {"csrf_token": token}
    wrong = Page(send(designer, data, "/staff/forms/tell/preview", cv=(b"<svg>", "x.svg")), expect=422)
    assert "is not a file that is taken here" in wrong.error("cv")
    right = send(designer, data, "/staff/forms/tell/preview", cv=(PDF, "cv.pdf"))
    assert right.status_code == 303
    assert stored(app) == (0, 0, 0)


def test_nothing_of_it_lies_below_static(web: FlaskClient) -> None:
    send(web, blank(web) | ANSWERS, cv=(PDF, "cv.pdf"))
    with web.application.app_context():
        place = parts().storage
        assert isinstance(place, storage.Folder)
        assert not place._path.is_relative_to(Path(web.application.static_folder or "static"))
