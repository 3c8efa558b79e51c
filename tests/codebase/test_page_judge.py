"""The judge of pages sees what it is there to see."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.pages import Page

GOOD = """<title>T</title><body><h1>H</h1><div role="alert"><a href="#a">Enter A</a></div>
<form method="post"><input type="hidden" name="_page" value="tok"><label for="a">A</label>
<input id="a" name="a" value="1" aria-describedby="a-error"><p id="a-error">Enter A</p>
<label><input type="checkbox" name="c" value="x" checked>x</label><label><input type="checkbox" name="c" value="y">y</label>
<label>T <textarea name="t">\nfirst\n&lt;b&gt;</textarea></label>
<label>S <select name="s"><option value="1">1<option value="2" selected>2</select></label>
<button name="_go" value="next">Next</button></form></body>"""


@pytest.fixture
def read() -> Any:
    app, shown = Flask("test"), [""]
    app.add_url_rule("/", "page", lambda: shown[0])
    client: FlaskClient = app.test_client()

    def of(html: str, expect: int = 200) -> Page:
        shown[0] = html
        return Page(client.get("/"), expect)

    return of


def test_a_good_page_is_read(read: Any) -> None:
    page = read(GOOD)
    assert page.problems == {"a": "Enter A"}
    assert page.error("a") == "Enter A"
    assert page.typed("t") == "first\n<b>"
    assert page.typed("c") == ["x"]
    assert page.form_data() == {"_page": "tok", "a": "1", "c": ["x"], "t": "first\n<b>", "s": ["2"]}


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("<h1>H</h1>", "<h2>H</h2>"),
        ("<h1>H</h1>", "<h1>H</h1><h1>I</h1>"),
        ("<title>T</title>", "<title> </title>"),
        ("<title>T</title>", ""),
        ('<p id="a-error">', '<p id="a">'),
        ('<p id="a-error">', "<p>"),
        ('<label for="a">', "<label>"),
        ('<label for="a">', '<label for="b">'),
        ('href="#a"', 'href="#b"'),
        ("<h1>H", '<h1 style="color:red">H'),
        ("<h1>H", '<h1 onclick="x()">H'),
        ("<h1>", "<script>x()</script><h1>"),
        ("<h1>", '<script src="/x.js"></script><h1>'),
        ("<h1>", "<style>h1{}</style><h1>"),
        ("<label>S ", "<div>S "),
    ],
)
def test_a_fault_is_seen(read: Any, good: str, bad: str) -> None:
    assert good in GOOD
    with pytest.raises(AssertionError):
        read(GOOD.replace(good, bad, 1))


def test_the_wrong_status_is_seen(read: Any) -> None:
    with pytest.raises(AssertionError, match="expected 422"):
        read(GOOD, 422)
