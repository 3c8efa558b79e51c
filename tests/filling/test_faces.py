"""A form's face is looked up anew inside whatever unit of work is open."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from formsite.filling import faces
from tests.support import stored
from tests.support.pages import Page

TWO_PAGES = stored.FEEDBACK | {
    "pages": [
        {"id": "one", "items": [{"id": "first", "type": "short_text", "label": {"en": "First"}}]},
        {"id": "two", "items": [{"id": "second", "type": "short_text", "label": {"en": "Second"}}]},
    ]
}


def test_a_page_that_is_opened_later_than_the_face_is_fresh(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        stored.publish(TWO_PAGES, slug="f")
    page = Page(client.get("/f/f"))
    where = client.post("/f/f", data=page.form_data() | {"_go": "next"}).location
    faces.forget()
    page = Page(client.get(where))
    faces.forget()
    review = client.post(where, data=page.form_data() | {"_go": "next"}).location
    faces.forget()
    page = Page(client.get(review))
    faces.forget()
    done = client.post(review, data=page.form_data() | {"_go": "submit"}).location
    faces.forget()
    assert "/done/" in done
    Page(client.get(done))
