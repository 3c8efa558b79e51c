"""The way to the mail server, where the server hangs, hangs up, or is not who it says it is."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from formsite.foundation import outbox, postbox
from formsite.foundation.outbox import OutboxState
from tests.foundation.test_outbox import NOON, kinds, mails, put
from tests.support.smtp import Catcher

__all__ = ["kinds"]


class Line(threading.Thread):
    """A mail server that hangs or hangs up: speaks line by line, and stops where it is told to."""

    def __init__(self, *, stop_at: str, silent: bool) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.stop_at, self.silent, self.taken = self.socket.getsockname()[1], stop_at, silent, 0
        self.done = threading.Event()

    def run(self) -> None:
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rw", newline="\r\n") as stream:
            self.talk(stream)
            if self.silent:
                self.done.wait(30)

    def talk(self, stream: Any) -> None:
        stream.write("220 here\n")
        stream.flush()
        for line in stream:
            verb = line.strip().upper()[:4]
            if verb == self.stop_at:
                return
            if verb == "DATA":
                stream.write("354 go on\n")
                stream.flush()
                while stream.readline().strip() != ".":
                    pass
                self.taken += 1
            stream.write("250 ok\n")
            stream.flush()


@pytest.fixture
def line(app: Flask) -> Iterator[Callable[..., Line]]:
    """Makes the application's mail server one that breaks."""
    made: list[Line] = []

    def make(**given: Any) -> Line:
        server = Line(**given)
        app.extensions["mail"].port = server.port
        server.start()
        made.append(server)
        return server

    yield make
    for server in made:
        server.done.set()
        with closing(server.socket):
            server.join(5)


def test_a_mail_that_was_taken_is_sent_however_the_server_says_goodbye(app: Flask, line: Callable[..., Line]) -> None:
    server = line(stop_at="QUIT", silent=False)
    with app.app_context():
        put("zoe")
        outbox.send_due(NOON)
        assert mails()["zoe"].state == OutboxState.SENT
    assert server.taken == 1


@pytest.mark.parametrize("stop_at", ["EHLO", "MAIL", "RCPT"])
def test_a_server_that_hangs_up_costs_one_try(app: Flask, line: Callable[..., Line], stop_at: str) -> None:
    line(stop_at=stop_at, silent=False)
    with app.app_context():
        put("zoe")
        outbox.send_due(NOON)
        mail = mails()["zoe"]
    assert (mail.state, mail.last_error) == (OutboxState.WAITING, "mail server: SMTPServerDisconnected")


def test_a_server_that_falls_silent_is_not_waited_for_for_ever(
    app: Flask, line: Callable[..., Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postbox, "PATIENCE_SECONDS", 0.3)
    line(stop_at="RCPT", silent=True)
    with app.app_context():
        put("zoe")
        outbox.send_due(NOON)
        mail = mails()["zoe"]
    assert mail.state == OutboxState.WAITING
    assert mail.last_error is not None
    assert "mail server" in mail.last_error


def test_an_encrypted_line_to_a_server_that_nobody_vouches_for_carries_nothing(app: Flask, tls_smtp: Catcher) -> None:
    with app.app_context():
        put("zoe")
        outbox.send_due(NOON)
        mail = mails()["zoe"]
    assert (mail.state, mail.last_error) == (OutboxState.WAITING, "mail server: SSLCertVerificationError")
    assert tls_smtp.messages == []


@pytest.fixture
def tls_smtp(app: Flask, self_signed: ssl.SSLContext) -> Iterator[Catcher]:
    with Catcher.started(tls=self_signed) as catcher:
        app.extensions["mail"].port, app.extensions["mail"].use_tls = catcher.port, True
        yield catcher


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that nobody signed."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "both.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
