"""Files are handed out to the privacy officer alone, with a reason on record, and never so that a browser runs them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from formsite.foundation import storage
from formsite.foundation.audit import AuditRow
from formsite.foundation.database import unit_of_work
from formsite.foundation.parts import parts
from formsite.responses import uploads
from formsite.responses.models import Response, ResponseKey, Upload
from formsite.staff.models import Role
from tests.filling.test_uploads import ANSWERS, blank, with_files
from tests.support.files import PDF, send
from tests.support.forms import publish
from tests.support.pages import Page
from tests.support.people import sign_in

REASON = "Subject request 17, asked by phone"
NAME = "Canary, Zoë cv.pdf"


@pytest.fixture
def place(app: Flask) -> str:
    """The address of the one response; it has a file that counts, and one that was replaced."""
    publish(app, with_files(), "tell")
    client = app.test_client()
    again = Page(send(client, blank(client), cv=(PDF, "Canary old.pdf")), expect=422)
    assert send(client, again.form_data() | ANSWERS, cv=(PDF + b"Canary", NAME)).status_code == 303
    with app.app_context(), unit_of_work(write=False) as session:
        return f"/staff/forms/tell/responses/{session.scalars(select(Response.id)).one()}"


def events(app: Flask) -> list[dict[str, Any]]:
    with app.app_context(), unit_of_work(write=False) as session:
        return list(session.scalars(select(AuditRow.details).where(AuditRow.name == "file_handed_out")))


def address(client: FlaskClient, place: str) -> tuple[str, dict[str, Any]]:
    """Where the download button leads, and what its form sends."""
    page = Page(client.get(place))
    button = next(each for each in page.all("button") if each.text == "Download")
    tokens = page.controls("csrf_token") + page.controls("file-csrf_token")
    return button.get("formaction"), {"csrf_token": tokens[0].get("value"), "file-reason": REASON}


def test_a_file_is_handed_out_with_a_reason(app: Flask, place: str, privacy: FlaskClient) -> None:
    download, data = address(privacy, place)
    answer = privacy.post(download, data=data)
    assert answer.status_code == 200
    assert answer.data == PDF + b"Canary"
    headers = answer.headers
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''Canary%2C%20Zo%C3%AB%20cv.pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Length"] == str(len(answer.data))
    assert any(policy.startswith("sandbox") for policy in headers.getlist("Content-Security-Policy"))
    assert headers["Cache-Control"] == "no-store"
    (event,) = events(app)
    assert event["reason"] == REASON and "Canary" not in str(event)


def test_without_a_reason_nothing_leaves(app: Flask, place: str, privacy: FlaskClient) -> None:
    download, data = address(privacy, place)
    page = Page(privacy.post(download, data=data | {"file-reason": "because"}), expect=422)
    assert "Say why you need it" in page.error("file-reason")
    assert events(app) == []


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ANALYST, Role.DESIGNER])
def test_others_see_that_there_is_a_file_and_no_name(app: Flask, place: str, role: Role, privacy: FlaskClient) -> None:
    client = sign_in(app, role)
    page = Page(client.get(place))
    assert "Files" in page.text and "Cv: pdf" in page.text
    assert "Canary" not in page.html and "Download" not in page.text
    download, _ = address(privacy, place)
    token = Page(client.get("/staff/account")).controls("csrf_token")[0].get("value")
    assert client.post(download, data={"csrf_token": token, "file-reason": REASON}).status_code == 403
    assert events(app) == []


def test_only_what_the_response_names_is_listed(place: str, privacy: FlaskClient) -> None:
    page = Page(privacy.get(place))
    assert [button.text for button in page.all("button")].count("Download") == 1
    assert "Canary" not in page.html
    shown = Page(privacy.post(place, data=page.form_data(action=place) | {"reason": REASON}))
    assert NAME in shown.text and "old.pdf" not in shown.text


def test_the_file_of_another_response_or_form_is_not_there(app: Flask, place: str, privacy: FlaskClient) -> None:
    publish(app, with_files(), "other")
    download, data = address(privacy, place)
    for wrong in (
        download.replace("/tell/", "/other/"),
        download[:-12] + "0" * 12,
        download.replace(place.rpartition("/")[2], str(UUID(int=7))),
    ):
        assert privacy.post(wrong, data=data).status_code == 404


def test_a_file_whose_key_was_destroyed_is_gone(app: Flask, place: str, privacy: FlaskClient) -> None:
    download, data = address(privacy, place)
    with app.app_context(), unit_of_work(write=True) as session:
        session.execute(delete(ResponseKey))
    assert privacy.post(download, data=data).status_code == 410
    assert "Canary" not in Page(privacy.get(place)).html


def test_a_file_that_is_not_where_it_was_is_gone(app: Flask, place: str, privacy: FlaskClient) -> None:
    download, data = address(privacy, place)
    with app.app_context():
        with unit_of_work(write=False) as session:
            ids = list(session.scalars(select(Upload.id)))
        uploads.remove(ids)
    assert privacy.post(download, data=data).status_code == 410
    assert events(app) == []


def test_an_altered_file_is_never_begun(app: Flask, place: str, privacy: FlaskClient) -> None:
    download, data = address(privacy, place)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        kept = parts().storage
        assert isinstance(kept, storage.Folder)
        for path in (path for path in kept._path.rglob("*") if path.is_file()):
            content = bytearray(path.read_bytes())
            content[-1] ^= 1
            path.write_bytes(content)
    answer = privacy.post(download, data=data)
    assert answer.status_code == 500 and b"Canary" not in answer.data
