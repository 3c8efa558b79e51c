"""The browser's rules (`static/js/rules.js`), in a real browser, against the very cases that the server runs."""

from __future__ import annotations

import json
import random
import shutil
import threading
import unicodedata
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from formsite.definition.logic import patterns
from tests.browser.conftest import QUIET
from tests.definition.vectors.generate import CASES

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
VECTORS = "tests/definition/vectors/rules.json"
RUN = """async ([rules, vectors]) => {
    const { evaluate } = await import(rules);
    const { cases, ...whole } = await (await fetch(vectors)).json();
    const outside = { now: whole.now, say: (path) => whole.words[path] ?? null };
    const same = (a, b) => a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
    const wrong = [];
    let ran = 0;
    for (const { rule, answers, today = whole.today, at = {}, expect } of cases) {
        let found;
        try { found = evaluate(rule, answers, today, whole.scope, at, outside); } catch (error) { found = String(error); }
        ran += 1;
        if (!same(found, expect)) wrong.push({ rule, answers, expect, found });
    }
    return { ran, wrong };
}"""
CHARACTERS = """async ([rules, ranges]) => {
    const { evaluate } = await import(rules);
    const odd = [];
    for (const [first, last, lower, upper, composed] of ranges) {
        const text = Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at));
        const small = evaluate({ op: "lower", of: { value: text.join("") } }, {}, "2026-01-01");
        if (small !== lower) odd.push(["lower", first, last]);
        const great = evaluate({ op: "upper", of: { value: text.join("") } }, {}, "2026-01-01");
        [...great].forEach((char, at) => { if (char !== [...upper][at]) odd.push(["upper", char]); });
        text.forEach((char, at) => {
            const same = { op: "is", left: { value: char }, right: { value: composed[at] } };
            if (char !== composed[at] && evaluate(same, {}, "2026-01-01") !== true) odd.push(["same", first + at]);
        });
    }
    return odd;
}"""


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {".js": "text/javascript", ".json": "application/json"}

    def do_GET(self) -> None:
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>rules</title>")
        else:
            super().do_GET()

    def log_message(self, *given: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The project's files over HTTP, as modules need it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(ROOT)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def tab(served: str) -> Iterator[Page]:
    """An empty page of that origin. Without a browser nothing is proved, so it is an error."""
    path = shutil.which("chromium")
    assert path, "chromium is not installed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        page = browser.new_page()
        page.goto(f"{served}/")
        yield page
        browser.close()


def test_the_browser_comes_to_what_the_server_comes_to(tab: Page) -> None:
    result = tab.evaluate(RUN, ["/static/js/rules.js", f"/{VECTORS}"])
    assert result["wrong"] == []
    assert result["ran"] == len(json.loads((ROOT / VECTORS).read_text("utf-8"))["cases"]) == CASES


def test_a_wrong_expectation_would_be_found(tab: Page) -> None:
    whole = json.loads((ROOT / VECTORS).read_text("utf-8"))
    cases = whole["cases"] = whole["cases"][:3]
    cases[1]["expect"] = "something else"
    with_one_wrong = f"data:application/json,{json.dumps(whole)}"
    result = tab.evaluate(RUN, ["/static/js/rules.js", with_one_wrong])
    assert result["ran"] == 3 and [each["rule"] for each in result["wrong"]] == [cases[1]["rule"]]


def test_every_character_is_lowered_raised_and_composed_alike(tab: Page) -> None:
    """Of the characters that the server's Unicode knows; a newer browser may know more, capitals too."""
    ranges = [found for first in range(0, 0x110000, 0x400) for found in _known(first, first + 0x400)]
    assert sum(last - first + 1 for first, last, *_ in ranges) > 140_000
    odd = tab.evaluate(CHARACTERS, ["/static/js/rules.js", ranges])
    assert [each for each in odd if each[0] != "upper" or unicodedata.category(each[1]) != "Cn"] == []


def _known(first: int, end: int) -> Iterator[tuple[int, int, str, str, list[str]]]:
    """Runs of assigned characters, each with what the server makes of it."""
    from formsite.definition.logic import Context, compile_rule, parse
    from datetime import date

    run: list[str] = []
    for code in range(first, end + 1):
        char = chr(min(code, 0x10FFFF))
        if code < end and unicodedata.category(char) not in ("Cn", "Cs", "Co"):
            run.append(char)
        elif run:
            text = "".join(run)
            small, great = (
                compile_rule(parse({"op": op, "of": {"field": "x"}}))(Context({"x": text}, date(2026, 1, 1)))
                for op in ("lower", "upper")
            )
            yield ord(run[0]), ord(run[-1]), small, great, [unicodedata.normalize("NFC", each) for each in run]
            run = []


PIECES = [
    *"abkKsſ019_- .^$|()[]{}*+?,:éßΩİ😀",
    *("(?:", "(?i)", "(?i:", "(?-i:", "(?s-m:", "(?m)", "(?-s)", "(?P<n>", "(?<o>", "[^", "[[:alpha:]]", "[[:^upper:]]", "[:word:]"),
    *(r"\d", r"\D", r"\s", r"\S", r"\w", r"\W", r"\b", r"\A", r"\z", r"\.", r"\-", r"\]", r"\pL", r"\PL", r"\p{Lu}", r"\p{^Lu}"),
    *(r"\p{Greek}", r"\Q", r"\E", r"\n", r"\v", r"\x41", r"\x{1F600}", r"\101", r"\_", "{2}", "{1,2}", "{,3}", "*?", "a-z", "A-Z"),
]  # fmt: skip
LETTERS = "abkKs019_- .^$[]{}()\n\r\tAZzéßẞ😀ΩωİiI\u00a0\u2028Q"
PATTERNS = """async ([patterns, cases]) => {
    const { matches } = await import(patterns);
    return cases.filter(([pattern, text, found]) => matches(text, pattern) !== found);
}"""


def test_patterns_by_chance_find_what_the_server_finds(tab: Page) -> None:
    rng, cases = random.Random(5), list[tuple[str, str, bool]]()
    while len(cases) < 10_000:
        pattern = "".join(rng.choices(PIECES, k=rng.randint(1, 9)))
        if patterns.fault(pattern) is None:
            for _ in range(2):
                text = "".join(rng.choices(LETTERS, k=rng.randint(0, 7)))
                cases.append((pattern, text, patterns.compiled(pattern)(text)))
    assert sum(found for _, _, found in cases) > 500
    assert tab.evaluate(PATTERNS, ["/static/js/patterns.js", cases]) == []
