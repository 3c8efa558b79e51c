"""Signing in and out: what is said, what is counted, what a session survives and what it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from formsite.foundation import clock
from formsite.foundation.audit import SYSTEM
from formsite.foundation.database import unit_of_work
from formsite.foundation.parts import HashCost
from formsite.staff import accounts, passwords
from formsite.staff.models import Role
from tests.support.pages import Page
from tests.support.people import PASSWORD, make_member, sign_in


def attempt(client: FlaskClient, email: str, password: str, where: str = "/staff/sign-in") -> Any:
    page = Page(client.get(where))
    return client.post(where, data=page.form_data() | {"email": email, "password": password})


def test_wrong_and_unknown_are_told_the_same(app: Flask) -> None:
    email = make_member(app, Role.DESIGNER)
    texts = [
        Page(attempt(app.test_client(), address, "not the password at all"), expect=422).text
        for address in (email, "nobody@northwind.example")
    ]
    assert texts[0] == texts[1] and "not right" in texts[0]


def test_five_wrong_passwords_close_the_door_for_a_while(db_app: Flask) -> None:
    email = make_member(db_app, Role.DESIGNER)
    client = db_app.test_client()
    for _ in range(5):
        assert attempt(client, email, "wrong wrong wrong").status_code == 422
    locked = attempt(client, email, PASSWORD)
    assert locked.status_code == 429 and int(locked.headers["Retry-After"]) > 0
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert attempt(client, email, PASSWORD).status_code == 303


def test_who_is_signed_in_stays_so_while_others_guess(app: Flask) -> None:
    client = sign_in(app, Role.DESIGNER)
    for _ in range(6):
        attempt(app.test_client(), "designer@northwind.example", "wrong wrong wrong")
    assert client.get("/staff/account").status_code == 200


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/staff/account", "/staff/account"),
        ("https://evil.example/", "/staff/"),
        ("//evil.example/", "/staff/"),
        ("/staff//evil.example", "/staff/"),
        ("/\\evil.example", "/staff/"),
        ("/f/anything", "/staff/"),
    ],
)
def test_next_leads_nowhere_else(app: Flask, target: str, lands: str) -> None:
    email = make_member(app, Role.DESIGNER)
    answer = attempt(app.test_client(), email, PASSWORD, f"/staff/sign-in?next={target}")
    assert answer.status_code == 303 and answer.headers["Location"] == lands


def test_each_sign_in_has_a_key_of_its_own_and_sign_out_ends_it(app: Flask) -> None:
    client = sign_in(app, Role.DESIGNER)
    first = client.get_cookie("formsite_session")
    page = Page(client.get("/staff/account"))
    token = next(e.get("value") for e in page.elements if e.get("name") == "csrf_token")
    assert client.post("/staff/sign-out", data={"csrf_token": token}).status_code == 303
    assert client.get("/staff/account").status_code == 303
    client.set_cookie("formsite_session", first.value)  # what a thief may have kept
    assert client.get("/staff/account").status_code == 303


def test_a_session_ends_after_half_an_hour_of_rest_and_after_twelve_hours(app: Flask) -> None:
    client = sign_in(app, Role.DESIGNER)
    start = clock.now()
    with time_machine.travel(start + timedelta(minutes=29), tick=False):
        assert client.get("/staff/account").status_code == 200
    with time_machine.travel(start + timedelta(minutes=58), tick=False):
        assert client.get("/staff/account").status_code == 200
    with time_machine.travel(start + timedelta(minutes=89), tick=False):
        assert client.get("/staff/account").status_code == 303
    busy = sign_in(app, Role.ANALYST)
    for minutes in range(25, 12 * 60, 25):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert busy.get("/staff/account").status_code == 200
    with time_machine.travel(start + timedelta(hours=12, minutes=5), tick=False):
        assert busy.get("/staff/account").status_code == 303


def test_a_new_password_ends_other_devices(app: Flask) -> None:
    here, there = sign_in(app, Role.DESIGNER), sign_in(app, Role.DESIGNER)
    data = Page(here.get("/staff/account")).form_data("")
    new = "another long and plain phrase"
    wrong = here.post("/staff/account", data=data | {"current": "nonsense", "new": new})
    assert "not your password" in Page(wrong, expect=422).text
    assert here.post("/staff/account", data=data | {"current": PASSWORD, "new": new}).status_code == 303
    assert here.get("/staff/account").status_code == 200
    assert there.get("/staff/account").status_code == 303


def test_a_disabled_account_is_out_at_once_and_the_last_admin_stays(app: Flask) -> None:
    admin, designer = sign_in(app, Role.ADMIN), sign_in(app, Role.DESIGNER)
    page = Page(admin.get("/staff/team"))
    token = next(e.get("value") for e in page.elements if e.get("name") == "csrf_token")
    places = {f.get("action") for f in page.all("form") if f.get("action").endswith("/disable")}
    with app.app_context(), unit_of_work(write=False):
        ids = {
            role: str(accounts.by_email(f"{role.value}@northwind.example").id) for role in (Role.ADMIN, Role.DESIGNER)
        }
    place = next(p for p in places if ids[Role.DESIGNER] in p)
    assert admin.post(place, data={"csrf_token": token}).status_code == 303
    assert designer.get("/staff/account").status_code == 303
    assert attempt(app.test_client(), "designer@northwind.example", PASSWORD).status_code == 422
    own = next(p for p in places if ids[Role.ADMIN] in p)
    assert "only admin" in Page(admin.post(own, data={"csrf_token": token}), expect=422).text


def test_the_team_grows_and_weak_or_double_accounts_are_refused_beside_the_control(
    app: Flask, admin: FlaskClient
) -> None:
    data = Page(admin.get("/staff/team")).form_data("") | {
        "name": "New",
        "email": "new@northwind.example",
        "role": "support",
    }
    page = Page(admin.post("/staff/team", data=data | {"password": "short"}), expect=422)
    assert "12 characters" in page.error("password") and page.typed("name") == "New"
    good = data | {"password": "a phrase that is long"}
    assert admin.post("/staff/team", data=good).status_code == 303
    assert "account already" in Page(admin.post("/staff/team", data=good), expect=422).error("email")


@pytest.mark.parametrize("password", ["short", "passwordpassword", "aaaaaaaaaaaaaaaa", "x" * 129, "northwindnorthwind"])
def test_passwords_that_would_be_guessed_are_refused(app: Flask, password: str) -> None:
    with app.app_context(), unit_of_work(write=True), pytest.raises(passwords.WeakPassword):
        accounts.add(
            "w@northwind.example", name="northwind", role=Role.SUPPORT, password=password, actor=SYSTEM, now=clock.now()
        )


def test_hashes_are_argon2id_at_the_cost_of_rfc_9106(make_app: Any) -> None:
    cost = HashCost()
    assert (cost.memory_kib, cost.passes, cost.lanes) == (64 * 1024, 3, 1)
    app = make_app()
    with app.app_context():
        assert passwords.hashed("a phrase that is long").startswith("$argon2id$")


def test_cookies_belong_to_staff_pages_and_are_locked_down(make_app: Any) -> None:
    app = make_app(base_url="https://forms.example.org")
    email = make_member(app, Role.DESIGNER)
    client = app.test_client()
    base = "https://forms.example.org"
    page = Page(client.get("/staff/sign-in", base_url=base))
    answer = client.post(
        "/staff/sign-in",
        data=page.form_data() | {"email": email, "password": PASSWORD},
        base_url=base,
        headers={"Referer": base},
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-formsite=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Set-Cookie" not in client.get("/", base_url=base).headers


def test_the_rules_for_all_staff_are_there(support: FlaskClient) -> None:
    assert "lends a password" in Page(support.get("/staff/rules")).text
