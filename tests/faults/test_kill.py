"""Ends a serving process without warning, again and again, under load: what was acknowledged is there, whole."""

from __future__ import annotations

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPErrorProcessor, build_opener

import pytest

from formsite import create_app
from formsite.foundation.crypto import Keyring
from tests.conftest import settings_for
from tests.support.forms import publish, simple
from tests.support.pages import _Builder

pytestmark = pytest.mark.faults
ROUNDS, SECONDS = 6, 1.5


class Unfollowed(HTTPErrorProcessor):
    """Leaves redirects and errors as they are."""

    def http_response(self, request, response):
        return response


OPENER = build_opener(Unfollowed)


def environment(folder: Path, port: int) -> dict[str, str]:
    given = {
        "DATA_DIR": folder / "instance",
        "KEY_FILE": folder / "keys" / "formsite.keys",
        "PORT": port,
        "LOG_LEVEL": "error",
    }
    return os.environ | {f"FORMSITE_{name}": str(value) for name, value in given.items()}


def serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "-k",
            "gthread",
            "-w",
            "1",
            "--threads",
            "4",
            "-b",
            f"127.0.0.1:{port}",
            "--log-level",
            "critical",
            "wsgi:app",
        ],
        env=environment(folder, port),
        cwd=Path(__file__).parent.parent.parent,
        start_new_session=True,
    )
    for _ in range(200):
        try:
            OPENER.open(f"http://127.0.0.1:{port}/healthz", timeout=1).read()
        except (URLError, OSError):
            time.sleep(0.05)
        else:
            return server
    raise AssertionError("the server did not start")


def fields(html: str) -> dict[str, str]:
    builder = _Builder()
    builder.feed(html)
    return {
        e.get("name"): e.get("value") for e in builder.root.walk() if e.name == "input" and e.get("type") == "hidden"
    }


def send(base: str, number: int) -> str | None:
    """The done page's address, if the submission was acknowledged."""
    try:
        page = OPENER.open(f"{base}/f/tell", timeout=5).read().decode()
        data = fields(page) | {
            "email": f"n{number}@example.org",
            "likes": "yes",
            "age": str(number % 100),
            "_go": "submit",
        }
        answer = OPENER.open(f"{base}/f/tell", urlencode(data).encode(), timeout=5)
    except (URLError, OSError):
        return None
    return answer.headers["Location"] if answer.status == 303 else None


def test_every_acknowledged_submission_outlives_kill_9(tmp_path: Path, migrated: Path) -> None:
    (tmp_path / "instance").mkdir()
    Keyring.load_or_create(tmp_path / "keys" / "formsite.keys")
    (tmp_path / "instance" / "formsite.db").write_bytes(migrated.read_bytes())
    app = create_app(settings_for(tmp_path))
    publish(app, simple(), "tell")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base, acknowledged, number, rng = f"http://127.0.0.1:{port}", [], 0, random.Random(1)
    for _ in range(ROUNDS):
        server = serve(tmp_path, port)
        until = time.monotonic() + rng.uniform(0.3, SECONDS)
        while time.monotonic() < until:
            number += 1
            if place := send(base, number):
                acknowledged.append(place)
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    server = serve(tmp_path, port)
    try:
        for place in acknowledged:
            assert OPENER.open(base + place, timeout=5).status == 200
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
    with sqlite3.connect(tmp_path / "instance" / "formsite.db") as connection:
        (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
        counts = [
            connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0]
            for t in ("responses", "response_keys", "consent_records")
        ]
    assert integrity == "ok"
    assert len(set(counts)) == 1, "half a submission"
    assert len(set(acknowledged)) == len(acknowledged) > 20
    assert counts[0] >= len(acknowledged)
