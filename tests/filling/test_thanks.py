"""The words of thanks: answers stand in them, and are never markup."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.forms import publish, simple, text
from tests.support.pages import Page


@pytest.mark.parametrize(
    ("reason", "said"),
    [("it is <b>slow</b> *really*", "You said “it is <b>slow</b> *really*”."), ("", "You said “”.")],
)
def test_answers_stand_in_the_words_of_thanks(app: Flask, client: FlaskClient, reason: str, said: str) -> None:
    publish(app, simple(done=text("**Thank you.** You said “{{reason}}”.")), "tell")
    data = Page(client.get("/f/tell")).form_data() | {"email": "ana@example.org", "likes": "no", "reason": reason}
    again = client.post("/f/tell", data=data | {"_go": "submit"})
    if again.status_code == 422:  # the question came up with the answer before it
        again = client.post("/f/tell", data=Page(again, expect=422).form_data() | {"_go": "submit"})
    done = Page(client.get(again.headers["Location"]))
    assert said in done.text and "<strong>Thank you.</strong>" in done.html and "<b>" not in done.html
