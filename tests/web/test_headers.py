"""Headers that stand around every answer, and who may say what the site's address is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, url_for

from tests.support.pages import Page
from tests.support.stored import FEEDBACK, publish

STRICT = (
    "default-src 'none'; script-src 'nonce-N' 'strict-dynamic'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors "
)


def policy(answer: Any) -> str:
    return re.sub(r"nonce-[\w-]+", "nonce-N", answer.headers["Content-Security-Policy"])


@pytest.mark.parametrize("path", ["/", "/nothing", "/staff/", "/staff/sign-in", "/healthz", "/f/how-was-it"])
def test_every_answer_has_them(app: Flask, path: str) -> None:
    with app.app_context():
        publish(FEEDBACK, slug="how-was-it")
    client = app.test_client()
    for _ in range(2):  # from the application, and once more from what is kept
        headers = (answer := client.get(path)).headers
        assert policy(answer) == STRICT + "'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers  # this site is not encrypted
        for name in ("Content-Security-Policy", "Cache-Control", "Referrer-Policy", "X-Content-Type-Options"):
            assert len(headers.getlist(name)) == 1, name


def test_each_answer_has_a_nonce_of_its_own_and_its_scripts_carry_it(app: Flask) -> None:
    with app.app_context():
        publish(FEEDBACK, slug="how-was-it")
    client, seen = app.test_client(), set()
    for _ in range(5):
        page = Page(client.get("/f/how-was-it"))
        (nonce,) = re.findall(r"nonce-([\w-]{22})'", page.answer.headers["Content-Security-Policy"])
        scripts = [script for script in page.all("script") if script.get("type") != "application/json"]
        assert {script.get("nonce") for script in scripts} == {nonce}
        seen.add(nonce)
    assert len(seen) == 5


def test_origins_that_may_embed(make_app: Callable[..., Flask]) -> None:
    app = make_app(embed_origins=("https://www.example.org", "https://b.example"))
    answer = app.test_client().get("/")
    assert policy(answer) == STRICT + "https://www.example.org https://b.example"
    assert "X-Frame-Options" not in answer.headers


@pytest.fixture
def production(make_app: Callable[..., Flask]) -> Flask:
    app = make_app(base_url="https://forms.example.org")
    app.add_url_rule("/where", "where", lambda: url_for("where", _external=True))
    return app


def test_over_https_browsers_stay_there(production: Flask) -> None:
    assert production.test_client().get("/").headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_the_address_is_the_setting_whatever_the_client_says(production: Flask) -> None:
    client = production.test_client()
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}):
        assert client.get("/where", headers=headers).text == "https://forms.example.org/where"
        answer = client.get("/staff", headers=headers)
        assert "evil" not in answer.text + str(answer.headers)


def test_the_session_cookie_is_the_staff_s_and_locked_to_the_site(production: Flask, app: Flask) -> None:
    answer = production.test_client().get("/staff/sign-in", base_url="https://forms.example.org")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-formsite=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    plain = app.test_client().get("/staff/sign-in").headers["Set-Cookie"]
    assert plain.startswith("formsite_session=")
    assert "Secure" not in plain


def test_customers_get_no_cookie(app: Flask) -> None:
    with app.app_context():
        publish(FEEDBACK, slug="how-was-it")
    client = app.test_client()
    for path in ("/", "/f/how-was-it", "/nothing"):
        assert "Set-Cookie" not in client.get(path).headers
    data = Page(client.get("/f/how-was-it")).form_data() | {"words": "fine", "_go": "submit"}
    assert "Set-Cookie" not in client.post("/f/how-was-it", data=data).headers


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "203.0.113.8")])
def test_only_as_many_proxies_are_believed_as_there_are(
    make_app: Callable[..., Flask], proxies: int, seen: str
) -> None:
    from flask import request

    app = make_app(trusted_proxies=proxies)
    app.add_url_rule("/who", "who", lambda: str(request.remote_addr))
    headers = {"X-Forwarded-For": "203.0.113.7, 203.0.113.8, 203.0.113.9"}
    assert app.test_client().get("/who", headers=headers).text == seen


def test_static_files_are_hashed_packed_and_kept_for_ever(app: Flask) -> None:
    client = app.test_client()
    with app.test_request_context():
        url = app.jinja_env.globals["asset_url"]("css/public.css")
    assert re.fullmatch(r"/static/dist/public-[A-Z0-9]{8}\.css", url)
    for coding in ("br", "gzip"):
        answer = client.get(url, headers={"Accept-Encoding": coding}, buffered=True)
        assert answer.headers["Content-Encoding"] == coding
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert len(answer.headers.getlist("Content-Security-Policy")) == 1
    again = client.get(url, headers={"If-Modified-Since": answer.headers["Last-Modified"]})
    assert again.status_code == 304


def test_an_asset_that_was_not_built_is_an_error_at_once(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(KeyError):
        app.jinja_env.globals["asset_url"]("css/nothing.css")


def test_health_is_json_and_says_little(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert json.loads(answer.text) == {"status": "ok"}
