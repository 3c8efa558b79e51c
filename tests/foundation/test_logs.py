"""Logs say what happened; never what was in a variable."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest
import structlog
from flask import Flask

from formsite.foundation import logs


def fail_with(secret: str) -> None:
    raise RuntimeError("what went wrong")


@pytest.mark.parametrize("form", ["json", "pretty"])
def test_an_exception_shows_where_and_never_the_variables(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(form, "info")
    try:
        fail_with("canary-answer"[:])
    except RuntimeError:
        structlog.get_logger("x").exception("failed", id="abc")
    written = capsys.readouterr()
    assert written.out == ""
    assert "what went wrong" in written.err
    assert "fail_with" in written.err
    assert "secret" not in written.err.replace('fail_with("canary-answer"[:])', "")


def test_a_line_is_json_on_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("json", "info")
    log = structlog.get_logger("x")
    log.info("mail", mail="7", why="line\nbreak ü")
    log.debug("not this")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert said.pop("timestamp").endswith("Z")
    assert said == {"event": "mail", "mail": "7", "why": "line\nbreak ü", "level": "info"}


def test_a_log_that_nobody_takes_costs_nobody_their_answer(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    app = make_app(log_level="info")
    monkeypatch.setattr(sys, "stderr", Broken())
    assert app.test_client().get("/").status_code == 200
