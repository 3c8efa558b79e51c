"""A real SMTP server on this machine that keeps what it gets, and can be told to refuse."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Catcher:
    """What came in. `refuse`: every message is turned away for now; `reject`: this answer to each recipient."""

    port: int = 0
    refuse: bool = False
    reject: str | None = None
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    sessions: int = 0

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:  # noqa: N802
        """Count who comes."""
        session.host_name = hostname
        self.sessions += 1
        return responses

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:  # noqa: N802
        """Take a recipient, or not."""
        if self.reject:
            return self.reject
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message, or not."""
        if self.refuse:
            return "451 not now"
        content = cast("bytes", envelope.content)
        self.messages.append(cast("EmailMessage", email.message_from_bytes(content, policy=email.policy.default)))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"

    @classmethod
    @contextmanager
    def started(cls, tls: ssl.SSLContext | None = None) -> Iterator[Catcher]:
        """A running server on a free port; offering STARTTLS, if a certificate is given."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        catcher = cls(port=port)
        controller = Controller(catcher, hostname="127.0.0.1", port=port, tls_context=tls)
        controller.start()
        try:
            yield catcher
        finally:
            controller.stop()
