"""Staff to test with."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from formsite.foundation import clock
from formsite.foundation.audit import SYSTEM
from formsite.foundation.database import unit_of_work
from formsite.staff import accounts
from formsite.staff.models import Role
from tests.support.pages import Page

PASSWORD = "correct horse battery staple"  # noqa: S105


def make_member(app: Flask, role: Role, email: str | None = None) -> str:
    """An account; its address."""
    address = email or f"{role.value}@northwind.example"
    with app.app_context(), unit_of_work(write=True):
        if accounts.by_email(address) is None:
            accounts.add(address, name=role.value.title(), role=role, password=PASSWORD, actor=SYSTEM, now=clock.now())
    return address


def sign_in(app: Flask, role: Role, email: str | None = None) -> FlaskClient:
    """A browser in which somebody of that role is signed in."""
    address = make_member(app, role, email)
    client = app.test_client()
    page = Page(client.get("/staff/sign-in"))
    answer = client.post("/staff/sign-in", data=page.form_data() | {"email": address, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client
