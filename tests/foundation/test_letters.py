"""Long headers stay links; the text of a designer becomes safe HTML and nothing else."""

from __future__ import annotations

import email
import email.policy

import pytest
from flask import Flask
from flask_mail import BadHeaderError

from formsite.foundation.letters import Letter
from formsite.foundation.postbox import Postbox
from formsite.foundation.richtext import ELEMENTS, render
from tests.support.pages import _Builder
from tests.support.smtp import Catcher

LINK = "<https://forms.example.org/u/" + "x" * 300 + ">"


def test_a_long_link_in_a_header_stays_a_link(app: Flask, smtp: Catcher) -> None:
    with app.app_context():
        letter = Letter("Grüße", recipients=["zoe@example.org"], body="Hello", html="<p>Hello</p>")
        letter.extra_headers = {"List-Unsubscribe": LINK}
        raw = letter.as_bytes()
        box = Postbox()
        box.send(letter)
        box.close()
    assert LINK.encode() in raw
    assert max(len(line) for line in raw.splitlines()) < 998
    (message,) = smtp.messages
    assert message["List-Unsubscribe"] == LINK
    assert message["Subject"] == "Grüße"
    assert email.message_from_bytes(raw, policy=email.policy.default)["Subject"] == "Grüße"


@pytest.mark.parametrize("subject", ["a\nBcc: x@example.org", "a\r\n\r\nbody"])
def test_no_header_can_be_smuggled_in(app: Flask, smtp: Catcher, subject: str) -> None:
    with app.app_context():
        box = Postbox()
        with pytest.raises(BadHeaderError):
            box.send(Letter(subject, recipients=["zoe@example.org"], body="x"))
        box.close()
    assert smtp.messages == []


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("", ""),
        ("  \n", ""),
        ("plain", "<p>plain</p>"),
        ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>"),
        ("# A\n## B\n### C", "<h3>A</h3>\n<h4>B</h4>\n<h3>C</h3>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("https://example.org", "<p>https://example.org</p>"),
        ("[x](https://e.org)", '<p><a href="https://e.org" rel="noopener noreferrer">x</a></p>'),
    ],
)
def test_what_is_drawn(typed: str, html: str) -> None:
    assert render(typed).strip() == html


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVa\tScript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        '[x](//evil.example/x "onmouseover=alert(1)")',
        "![x](https://evil.example/pixel.png)",
        '<a href="x" style="position:fixed" onclick="y">z</a>',
        "<!-- <style>*{}</style> -->",
        "[x]: javascript:alert(1)\n\n[x]",
        "<h1>x</h1><h1>",
        "<svg/onload=alert(1)>",
    ],
)
def test_what_is_hostile_stays_text(typed: str) -> None:
    reader = _Builder()
    reader.feed(render(typed))
    for element in reader.root.walk()[1:]:
        assert element.name in ELEMENTS
        assert set(element.attributes) <= {"href", "rel", "title"}
        assert element.get("href", "https:").startswith(("https:", "//"))
