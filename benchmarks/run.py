"""Measures formsite beside what a user would pick instead, as ratios in one run.

Server on core 0 under gunicorn gthread (1 worker, 4 threads), wrk on core 1 with 16 connections; the candidates take
turns, medians of the rounds are quoted, and every acknowledged submission is counted back in the database. Run it by
`make bench`; `--rounds` and `--seconds` bound it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

HERE = Path(__file__).parent
ANSWERS = [
    ("full_name", "A. Kowalski"),
    ("town", "Leeds"),
    ("email", "kowalski@example.org"),
    ("age", "41"),
    ("visited_on", "2026-05-01"),
    ("connection", "fibre"),
    ("heard_from", "friend"),
    ("interests", "news"),
    ("interests", "events"),
    ("rating", "4"),
    ("comments", "The installer came on time and explained everything well."),
]


@dataclass
class Load:
    """What one wrk run said."""

    per_second: float
    p50: float  # ms
    p99: float
    requests: int
    errors: int


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(module: str, env: dict[str, str], cwd: Path) -> Iterator[str]:
    """gunicorn gthread on core 0, stopped by its own pid."""
    port = free_port()
    command = ["taskset", "-c", "0", sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", "1", "--threads", "4"]
    command += ["-b", f"127.0.0.1:{port}", "--keep-alive", "60", "--log-level", "error", module]
    server = subprocess.Popen(command, env=os.environ | env, cwd=cwd)
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server did not start")


def wrk(url: str, seconds: int, *script: str) -> Load:
    """One bounded load from core 1."""
    command = ["taskset", "-c", "1", "wrk", "-t1", "-c16", f"-d{seconds}s", "--latency"]
    if script:
        command += ["-s", str(HERE / "post.lua")]
    said = subprocess.run(
        [*command, url, *(["--", *script] if script else [])], capture_output=True, text=True, check=True
    )
    out = said.stdout
    errors = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", out))
    errors += sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", out))
    found = re.search(r"(\d+) requests in", out)
    return Load(
        float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),  # type: ignore[union-attr]
        _ms(re.search(r"50%\s+([\d.]+)(us|ms|s)", out)),
        _ms(re.search(r"99%\s+([\d.]+)(us|ms|s)", out)),
        int(found.group(1)) if found else 0,
        errors,
    )


def _ms(match: re.Match[str] | None) -> float:
    assert match
    return float(match.group(1)) * {"us": 0.001, "ms": 1, "s": 1000}[match.group(2)]


def fetch(url: str) -> tuple[str, str]:
    """A page and the cookie that came with it."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with opener.open(url) as answer:
        return answer.read().decode(), "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def formsite_site(folder: Path) -> dict[str, str]:
    """A fresh formsite on SQLite with the ten-question form published; the environment that serves it."""
    env = {"FORMSITE_DATA_DIR": str(folder / "instance"), "FORMSITE_KEY_FILE": str(folder / "keys" / "formsite.keys")}
    env |= {"FORMSITE_LOG_FORMAT": "json", "FORMSITE_LOG_LEVEL": "warning"}
    formsite = str(Path(sys.executable).parent / "formsite")
    for step in (
        ["db", "upgrade"],
        ["forms", "import", str(HERE / "how_did_it_go.json"), "--slug", "how-did-it-go", "--publish", "--json"],
        ["forms", "import", str(HERE / "ten_questions.json"), "--slug", "ten", "--publish", "--json"],
    ):
        subprocess.run([formsite, *step], env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
    return env


def minted_bodies(env: dict[str, str], path: Path, number: int) -> None:
    """Bodies as a browser sends them, each with the token of its own page."""
    code = (
        "import sys, json\n"
        "from urllib.parse import urlencode\n"
        "from formsite import create_app\n"
        "from formsite.filling import faces, pagetokens\n"
        "from formsite.foundation import clock\n"
        "app = create_app()\n"
        "answers = json.loads(sys.argv[3])\n"
        "with app.app_context(), open(sys.argv[1], 'w') as out:\n"
        "    version = faces.face('ten').version.id\n"
        "    for _ in range(int(sys.argv[2])):\n"
        "        token = pagetokens.mint(version, clock.now())\n"
        "        print(urlencode([*map(tuple, answers), ('consent-feedback', 'given'), ('_page', token), ('_asked', ''), ('_go', 'submit')]), file=out)\n"
    )
    command = [sys.executable, "-c", code, str(path), str(number), json.dumps(ANSWERS)]
    subprocess.run(command, env=os.environ | env, check=True)


def rows(database: Path, table: str) -> int:
    """How many rows are stored."""
    with sqlite3.connect(database) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def measure(rounds: int, seconds: int) -> dict[str, dict[str, list[Load]]]:
    """Each candidate in turn, `rounds` times."""
    results: dict[str, dict[str, list[Load]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = formsite_site(folder)
        naive_env = {"NAIVE_DATABASE_URL": f"sqlite:///{folder}/naive.db"}
        repo = HERE.parent
        for _ in range(rounds):
            with served("hello:app", {}, HERE) as url:
                _note(results, "hello", "get", wrk(url + "/", seconds))
            with served("naive:app", naive_env, HERE) as url:
                _note(results, "naive", "get", wrk(url + "/", seconds))
                html, cookie = fetch(url)
                token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
                assert token
                bodies = folder / "naive.bodies"
                bodies.write_text(urlencode([*ANSWERS, ("consent", "y"), ("csrf_token", token.group(1))]) + "\n")
                before = rows(folder / "naive.db", "answer")
                load = wrk(url + "/", seconds, "/", str(bodies), cookie)
                _note(results, "naive", "post", load)
                _stored("naive", load, rows(folder / "naive.db", "answer") - before)
            with served("wsgi:app", env, repo) as url:
                fetch(url + "/f/ten")
                _note(results, "formsite", "get", wrk(url + "/f/ten", seconds))
                bodies = folder / "formsite.bodies"
                minted_bodies(env, bodies, seconds * 6000)
                database = next((folder / "instance").glob("*.db"))
                before = rows(database, "responses")
                load = wrk(url + "/f/ten", seconds, "/f/ten", str(bodies))
                _note(results, "formsite", "post", load)
                time.sleep(1)  # what was under way when wrk stopped
                stored = rows(database, "responses")
                _stored("formsite", load, stored - before)
                assert stored == rows(database, "consent_records") == rows(database, "outbox")
    return results


def _note(results: dict[str, dict[str, list[Load]]], who: str, what: str, load: Load) -> None:
    if load.errors:
        print(f"  {who} {what}: {load.errors} errors", file=sys.stderr)
    results.setdefault(who, {}).setdefault(what, []).append(load)


def _stored(who: str, load: Load, stored: int) -> None:
    """wrk stops with up to 16 requests under way: those may be stored and not counted, never the other way round."""
    print(f"  {who}: {load.requests} acknowledged, {stored} stored", file=sys.stderr)
    if stored < load.requests - load.errors:
        raise SystemExit(f"{who} lost {load.requests - stored} acknowledged submissions")


def main() -> None:
    """Print the table and the ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=int, default=6)
    given = options.parse_args()
    if not shutil.which("wrk") or not shutil.which("taskset"):
        raise SystemExit("benchmarks need wrk and taskset: apt-get install wrk util-linux")
    results = measure(given.rounds, given.seconds)
    print(f"{'':10} {'':5} {'req/s':>9} {'p50 ms':>8} {'p99 ms':>8}")
    for who, runs in results.items():
        for what, loads in runs.items():
            print(
                f"{who:10} {what:5} {median(x.per_second for x in loads):9.0f} "
                f"{median(x.p50 for x in loads):8.2f} {median(x.p99 for x in loads):8.2f}"
            )

    def ratio(a: str, b: str, what: str, of: str = "per_second") -> float:
        return median(getattr(x, of) / getattr(y, of) for x, y in zip(results[a][what], results[b][what], strict=True))

    print(f"GET  formsite / hello: {ratio('formsite', 'hello', 'get'):.2f}   (goal: at least 0.75)")
    print(f"GET  formsite / naive: {ratio('formsite', 'naive', 'get'):.1f}   (goal: at least 9)")
    print(f"POST formsite / naive: {ratio('formsite', 'naive', 'post'):.1f}   (goal: at least 3)")
    print(f"POST p99 formsite / naive: {ratio('formsite', 'naive', 'post', 'p99'):.2f}   (goal: at most 0.5)")


if __name__ == "__main__":
    main()
