"""A real SMTP server of the demo that delivers nothing: every mail becomes a file, and is shown on a page."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from formsite.foundation.ids import uuid7
from formsite.staff.access import public

FOLDER = "caught-mail"
MOST_SHOWN = 100
bp = Blueprint("demo", __name__, url_prefix="/demo")


@bp.get("/mail")
@public(unit=False)
def mail() -> ResponseReturnValue:
    """The mails that were caught, newest first."""
    paths = sorted(_folder().glob("*.eml"), reverse=True)[:MOST_SHOWN]
    return render_template("demo/mail.html", mails=[(path.stem, _read(path)) for path in paths])


@bp.get("/mail/<name>")
@public(unit=False)
def one(name: str) -> ResponseReturnValue:
    """One of them: its headers, its text, and the links in it."""
    path = _folder() / f"{name}.eml"
    if not re.fullmatch(r"[0-9a-f-]{36}", name) or not path.exists():
        abort(404)
    message = _read(path)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return render_template("demo/one_mail.html", message=message, text=text, links=re.findall(r"https?://\S+", text))


@contextmanager
def caught(port: int, folder: Path) -> Iterator[None]:
    """Catch mail on a port of this machine while the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(_Handler(folder), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


class _Handler:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        aside = self._folder / f".{uuid7()}"
        aside.write_bytes(cast("bytes", envelope.content))
        aside.rename(self._folder / f"{uuid7()}.eml")  # whole or not at all
        return "250 OK"


def _folder() -> Path:
    return Path(current_app.config["FORMSITE"].data_dir) / FOLDER


def _read(path: Path) -> EmailMessage:
    parsed: Any = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return cast("EmailMessage", parsed)
