"""The library of pictures: who may add, what is taken, how it is served, and that nothing of a camera leaves."""

from __future__ import annotations

import errno
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from formsite.designer import media
from formsite.designer.models import MediaFile
from formsite.foundation import storage
from formsite.foundation.audit import AuditRow
from formsite.foundation.database import unit_of_work
from formsite.staff.models import Role
from tests.support.files import GOOD, HOSTILE, PDF, large_png, photo_with_place, picture, send
from tests.support.forms import publish, text
from tests.support.pages import Page
from tests.support.people import sign_in


def add(client: FlaskClient, content: bytes, name: str = "shoe.png") -> Any:
    data = Page(client.get("/staff/media")).form_data(action="/staff/media")
    return send(client, data, "/staff/media", file=(content, name))


def names(app: Flask) -> list[str]:
    with app.app_context(), unit_of_work(write=False) as session:
        return list(session.scalars(select(MediaFile.name)))


def test_a_picture_is_added_shown_and_served_for_ever(app: Flask, designer: FlaskClient) -> None:
    answer = add(designer, picture("PNG", mode="RGBA"), "Red shoe.png")
    assert answer.status_code == 303
    page = Page(designer.get(answer.headers["Location"]))
    assert "Red shoe.png" in page.text and "just added" in page.text
    (name,) = names(app)
    assert media.NAME.fullmatch(name)
    assert [image.get("src") for image in page.all("img")] == [f"/media/{name}"]
    served = app.test_client().get(f"/media/{name}")
    assert served.status_code == 200
    assert Image.open(BytesIO(served.data)).size == (60, 40)
    assert served.headers["Content-Type"] == "image/png"
    assert served.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert any(policy.startswith("sandbox") for policy in served.headers.getlist("Content-Security-Policy"))
    assert "Set-Cookie" not in served.headers
    again = app.test_client().get(f"/media/{name}", headers={"If-None-Match": served.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_same_picture_is_there_once(app: Flask, designer: FlaskClient) -> None:
    places = {add(designer, picture("PNG"), name).headers["Location"] for name in ("a.png", "b.png")}
    assert len(places) == len(names(app)) == 1
    with app.app_context(), unit_of_work(write=False) as session:
        events = session.scalars(select(AuditRow.details).where(AuditRow.name == "media_added")).all()
    assert [event["title"] for event in events] == ["a.png"]


def test_a_photo_is_served_without_what_the_camera_wrote(app: Flask, designer: FlaskClient) -> None:
    add(designer, photo_with_place(), "IMG_1.JPG")
    served = app.test_client().get(f"/media/{names(app)[0]}")
    assert b"Canary" not in served.data and not Image.open(BytesIO(served.data)).getexif()


def test_a_large_picture_is_made_smaller(app: Flask, designer: FlaskClient) -> None:
    add(designer, picture("JPEG", size=(4_800, 1_200), quality=30), "wide.jpg")
    served = app.test_client().get(f"/media/{names(app)[0]}")
    assert Image.open(BytesIO(served.data)).size == (2_400, 600)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        *((content, "a.png", "not a picture") for content in HOSTILE.values()),
        (PDF, "a.pdf", "not a picture"),
        (GOOD["a.mp4"][0], "a.mp4", "not a picture"),
        (picture("PNG"), "a.pdf", "holds another"),
        (picture("PNG")[:60], "a.png", "broken"),
        (large_png(6_016, 6_016), "a.png", "too many points"),
        (picture("PNG") + bytes(10 * 1024 * 1024), "a.png", "larger than 10 MB"),
        (b"x", "", "Choose a picture"),
    ],
)
def test_what_is_not_taken_is_said(app: Flask, designer: FlaskClient, content: bytes, name: str, why: str) -> None:
    page = Page(add(designer, content, name), expect=422)
    assert why in page.error("file")
    assert names(app) == []


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ANALYST, Role.PRIVACY, Role.ADMIN])
def test_only_designers_add(app: Flask, role: Role) -> None:
    client = sign_in(app, role)
    assert client.get("/staff/media").status_code == 403
    token = Page(client.get("/staff/account")).controls("csrf_token")[0].get("value")
    data = {"csrf_token": token, "file": (BytesIO(picture("PNG")), "a.png")}
    assert client.post("/staff/media", data=data).status_code == 403
    assert names(app) == []


def test_without_a_token_nothing_is_added(app: Flask, designer: FlaskClient) -> None:
    assert designer.post("/staff/media", data={"file": (BytesIO(picture("PNG")), "a.png")}).status_code == 400
    assert app.test_client().post("/staff/media").status_code in (400, 401)
    assert names(app) == []


def test_a_full_disk_is_said_and_nothing_is_listed(
    app: Flask, designer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    assert add(designer, picture("PNG")).status_code == 503
    assert names(app) == []


@pytest.mark.parametrize(
    "name", ["x", "0" * 64, "0" * 64 + ".svg", "0" * 64 + ".png", "..%2f..%2fetc%2fpasswd", "A" * 64 + ".png"]
)
def test_what_is_no_picture_is_not_there(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/media/{name}").status_code == 404


def test_uploads_of_customers_are_no_media(app: Flask) -> None:
    from formsite.foundation.parts import parts

    with app.app_context():
        parts().storage.put("uploads/" + "0" * 64, [b"secret"])
    assert app.test_client().get("/media/" + "0" * 64).status_code == 404


def test_the_library_goes_by_pages(app: Flask, designer: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "PAGE", 2)
    for number in range(5):
        add(designer, picture("PNG", size=(10 + number, 10)), f"{number}.png")
    address, seen = "/staff/media", []
    while address:
        page = Page(designer.get(address))
        seen += [image.get("alt") for image in page.all("img")]
        address = next((link.get("href") for link in page.all("a") if link.text == "Older pictures"), "")
    assert seen == ["4.png", "3.png", "2.png", "1.png", "0.png"]


def test_a_form_shows_its_pictures(app: Flask, designer: FlaskClient) -> None:
    add(designer, picture("PNG"))
    (name,) = names(app)
    choices = [{"id": "shoe", "label": text("Shoe"), "picture": name}, {"id": "boot", "label": text("Boot")}]
    item = {"id": "which", "type": "single_choice", "label": text("Which?"), "settings": {"choices": choices}}
    publish(
        app, {"formsite": 1, "languages": ["en"], "title": text("T"), "pages": [{"id": "p", "items": [item]}]}, "pick"
    )
    page = Page(app.test_client().get("/f/pick"))
    assert [image.get("src") for image in page.all("img")] == [f"/media/{name}"]
