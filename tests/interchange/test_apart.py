"""Reading apart: the same as reading here, within hard limits, and without anything that is worth stealing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from formsite.cli.forms import forms as command
from formsite.definition.faults import Faulty
from formsite.interchange import apart, confined, files
from formsite.interchange.advice import ANYTHING, NOTHING, advice
from formsite.interchange.losses import Imported, Unimportable
from formsite.interchange.progress import Stage
from tests.interchange.hostile import BOMB, REFUSED, TAKEN
from tests.interchange.test_importing import BOOK, bring, counted, here, kept, send, work
from tests.support.forms import simple
from tests.support.pages import Page

OWN = json.dumps(simple()).encode()


def limited(monkeypatch: pytest.MonkeyPatch, **limits: float) -> None:
    monkeypatch.setattr(apart, "LIMITS", apart.LIMITS | limits)


@pytest.mark.parametrize(("content", "name"), [(OWN, "mine.json"), (BOOK, "mine.xlsx")])
def test_it_comes_to_the_same(content: bytes, name: str) -> None:
    stages: list[Stage] = []
    found, expected = apart.read(content, name, told=stages.append), files.read(content, name)
    assert found.definition == expected.definition and found.names == expected.names and found.slug == expected.slug
    assert (found.losses, found.format, found.questions) == (expected.losses, expected.format, expected.questions)
    assert [found.part_of(loss) for loss in found.losses] == [expected.part_of(loss) for loss in expected.losses]
    assert stages in ([Stage.READING, Stage.CHECKING], list(Stage)[:4])


def test_refusals_come_through() -> None:
    with pytest.raises(Unimportable) as refusal:
        apart.read(b"{", "mine.json")
    assert refusal.value.as_json()["where"] == "line 1, column 2"
    with pytest.raises(Faulty) as faults:
        apart.read(b'{"formsite": 1}', "mine.json")
    assert all(fault.where.startswith("/") or not fault.where for fault in faults.value.faults)
    with pytest.raises(Unimportable, match="does not read"):
        apart.read(OWN, "mine.json", "word")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"seconds": 0.01}, "too long"),
        ({"cpu": 0}, "too long"),
        ({"memory": 1024 * 1024}, "more memory"),
    ],
)
def test_what_takes_too_much_is_ended(monkeypatch: pytest.MonkeyPatch, limits: dict[str, float], words: str) -> None:
    limited(monkeypatch, **limits)
    with pytest.raises(Unimportable) as refusal:
        apart.read(OWN, "mine.json")
    assert words in refusal.value.what and refusal.value.fix and refusal.value.where == "mine.json"


def test_a_file_that_needs_more_memory_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, memory=120 * 1024 * 1024)
    assert apart.read(OWN, "mine.json").questions == 4
    with pytest.raises(Unimportable, match="more memory"):
        apart.read(b'{"elements": [' + b"[]," * 1_500_000 + b"[]]}", "mine.json")


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import sys; sys.stdin.read(); sys.exit(3)", "fault is ours"),
        ("import os; os.abort()", "more memory"),
        ("import sys; sys.stdin.read(); print('{\"failed\": \"KeyError\"}')", "fault is ours"),
        ("import sys; sys.stdin.read(); print('{\"imported\": {}}', end='')", "fault is ours"),
        ("import sys; sys.stdin.read(); print('{\"failed\": \"RecursionError\"}')", "nested too deeply"),
        ("pass", "fault is ours"),
    ],
)
def test_a_reader_that_breaks_is_one_file_that_does_not_come_in(
    monkeypatch: pytest.MonkeyPatch, program: str, words: str
) -> None:
    start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda command, **given: start([sys.executable, "-S", "-c", program], **given))
    with pytest.raises(Unimportable) as refusal:
        apart.read(b" " * 1_000_000, "mine.json")
    assert words in refusal.value.what


def test_who_reads_has_no_secrets_and_no_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMSITE_SECRET_KEY", "canary")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    assert "canary" not in str(apart._environment())
    loaded = ", ".join(f"formsite.interchange.{each}" for each in ("files", "mending", "yaml", "xlsform", "limesurvey", "surveyjs"))
    program = f"import sys; import {loaded}; print(*{{'flask', 'sqlalchemy', 'wtforms', 'babel'}} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-P", "-c", program], env=apart._environment() | {"PYTHONPATH": str(apart.PACKAGE)}, capture_output=True, text=True, check=True)  # fmt: skip
    assert said.stdout.strip() == ""


def test_nothing_of_the_folder_it_is_called_in_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json", "formsite", "resource"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    assert apart.read(OWN, "mine.json").questions == 4


def test_narrower_limits_of_the_machine_stay() -> None:
    narrow = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16)); resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29))"
    said = f"{narrow}; from formsite.interchange.confined import confine; confine(2**30, 5, 9); print(resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU))"
    found = subprocess.run([sys.executable, "-P", "-c", said], env=apart._environment() | {"PYTHONPATH": str(apart.PACKAGE)}, capture_output=True, text=True, check=True)  # fmt: skip
    assert found.stdout.strip() == f"(16, 16) ({2**29}, {2**29}) (5, 6)"


def test_a_program_that_waits_for_nobody_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends itself by its clock, also where nobody listens any more."""
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def note(*given: Any, **more: Any) -> subprocess.Popen[bytes]:
        started.append(start(*given, **more))
        return started[-1]

    def leave(_stage: Stage) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", note)
    with pytest.raises(KeyboardInterrupt):
        apart.read(OWN, "mine.json", told=leave)
    assert started[0].returncode is not None
    assert confined.SECONDS < 60


# -- hostile files ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", REFUSED)
def test_hostile_files_are_refused_in_words(name: str) -> None:
    title, content = REFUSED[name]
    with pytest.raises(Unimportable) as refusal:
        files.read(content, title)
    said = refusal.value.as_json()
    assert said["where"] and said["what"] and said["fix"] and "Error" not in said["what"]


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_dangerous_in_a_file_is_left_out_and_named(name: str) -> None:
    title, content, words = TAKEN[name]
    imported = files.read(content, title)
    assert any(words in loss.what for loss in imported.losses), imported.losses
    assert imported.questions >= 1


@pytest.fixture
def on_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "read", here)


@pytest.mark.usefixtures("on_screen")
def test_hostile_files_on_the_screen_make_nothing(app: Flask, designer: FlaskClient) -> None:
    for title, content in REFUSED.values():
        answer = send(designer, content, title)
        if answer.status_code == 303:
            work(app)
            page = Page(designer.get(answer.headers["Location"]), expect=422)
            assert "What to do" in page.text and "Traceback" not in page.html
        else:
            assert Page(answer, expect=422).error("file")
    assert counted(app) == 0 and kept(app) == []


def test_the_screen_reads_apart(app: Flask, designer: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    address = bring(designer, BOMB)
    work(app)
    assert "far larger inside" in Page(designer.get(address), expect=422).text
    limited(monkeypatch, memory=1024 * 1024)
    address = bring(designer, OWN, "mine.json")
    work(app)
    assert "more memory" in Page(designer.get(address), expect=422).text
    assert counted(app) == 0 and kept(app) == []


def test_hostile_files_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMSITE_DATA_DIR", str(tmp_path / "never"))
    monkeypatch.setattr(apart, "read", here)
    for title, content in REFUSED.values():
        (tmp_path / title).write_bytes(content)
        for verb in ("import", "check", "evaluate"):
            more = ["--answers", os.devnull] if verb == "evaluate" else []
            said = CliRunner().invoke(command, [verb, str(tmp_path / title), "--json", *more])
            assert said.exit_code == 1 and isinstance(said.exception, SystemExit), (title, said.output)
            assert set(json.loads(said.stdout)["error"]) == {"where", "what", "fix"} and "Traceback" not in said.stderr
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize("verb", ["import", "check", "evaluate", "convert"])
def test_the_command_line_reads_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    calls: list[str] = []

    def read(content: bytes, name: str, format: str = "auto", **given: Callable[..., None]) -> Imported:
        calls.append(name)
        raise Unimportable(name, "It is refused", "Leave it")

    monkeypatch.setattr(apart, "read", read)
    (tmp_path / "a.json").write_bytes(OWN)
    more = {"evaluate": ["--answers", os.devnull], "convert": ["--to", "yaml"]}.get(verb, [])
    said = CliRunner().invoke(command, [verb, str(tmp_path / "a.json"), *more])
    assert calls == ["a.json"] and said.exit_code == 1 and "It is refused. Leave it." in said.stderr


def test_a_terminal_is_told_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").write_bytes(OWN)
    monkeypatch.setattr(apart, "read", here)
    silent = CliRunner().invoke(command, ["check", str(tmp_path / "a.json")])
    assert silent.exit_code == 0 and silent.stderr == ""
    monkeypatch.setattr("formsite.cli.forms._is_watched", lambda: True)
    watched = CliRunner().invoke(command, ["check", str(tmp_path / "a.json")])
    assert watched.stderr.splitlines() == ["1 of 5: Reading the file …", "4 of 5: Checking the form …"]


def test_losses_say_what_to_do() -> None:
    found = {loss.where: loss.fix for loss in files.read(BOOK, "a.xlsx").losses}
    assert found["survey!3"] == NOTHING and "order of the questions" in found["survey!4"]
    assert advice("something new", "nobody knows") == ANYTHING
    assert all(loss.as_json().keys() == {"where", "what", "why", "fix"} for loss in files.read(BOOK, "a.xlsx").losses)
