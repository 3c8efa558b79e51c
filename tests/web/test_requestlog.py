"""One line for each request, with the rule in place of the path."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.stored import FEEDBACK, publish


def lines(capture: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [said for line in capture.readouterr().err.splitlines() if (said := json.loads(line))["event"] == "request"]


def test_no_path_no_query_and_no_form_of_words_is_in_it(
    capsys: pytest.CaptureFixture[str], make_app: Callable[..., Flask]
) -> None:
    app = make_app(log_level="info")
    client = app.test_client()
    for path in ("/r/canary-token?lang=canary", "/u/canary-token", "/canary-nothing", "/f/canary/page/canary"):
        client.get(path, headers={"User-Agent": "canary"})
    client.post("/u/canary-token", data={"why": "canary"})
    written = lines(capsys)
    assert len(written) == 5
    assert "canary" not in json.dumps(written)
    assert {said["rule"] for said in written} >= {"/r/<token>", "/u/<token>", "(none)"}
    assert [said["method"] for said in written] == ["GET"] * 4 + ["POST"]
    assert {said["status"] for said in written} <= {404, 410, 400}
    assert len({said["id"] for said in written}) == 5
    assert all(isinstance(said["ms"], float) for said in written)


def test_blank_pages_are_in_it_and_health_checks_are_not(
    capsys: pytest.CaptureFixture[str], make_app: Callable[..., Flask]
) -> None:
    app = make_app(log_level="info")
    with app.app_context():
        publish(FEEDBACK, slug="how-was-it")
    client = app.test_client()
    for _ in range(3):
        assert client.get("/f/how-was-it").status_code == 200
    client.get("/healthz")
    client.get("/readyz")
    written = lines(capsys)
    assert [(said["rule"], said["status"]) for said in written] == [("/f/<slug>", 200)] * 3


def test_at_a_higher_level_it_is_silent(capsys: pytest.CaptureFixture[str], make_app: Callable[..., Flask]) -> None:
    make_app(log_level="warning").test_client().get("/nothing")
    assert lines(capsys) == []
