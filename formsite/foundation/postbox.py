"""The way to the mail server.

Flask-Mail's own connection waits for ever on a server that has fallen silent, takes any certificate, and reports a mail
that was taken as failed when only the farewell went wrong: it would be sent twice. One connection serves a batch.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl

from flask import current_app
from flask_mail import Connection, Mail, Message

PATIENCE_SECONDS = 20.0


class Postbox:
    """Hands mails to the server over one connection, opened when first needed and anew after a failure."""

    def __init__(self) -> None:
        self._mail: Mail = current_app.extensions["mail"]
        self._line: Connection | None = None

    def send(self, message: Message) -> None:
        """Returns when the server has taken the mail; else SMTPException or OSError."""
        if self._line is None:
            line = _Line(self._mail)
            line.__enter__()
            self._line = line
        try:
            self._line.send(message)
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Say farewell; whether the server hears it changes nothing."""
        line, self._line = self._line, None
        if line is not None and line.host is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                line.host.quit()
            line.host.close()


class _Line(Connection):
    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        mail = self.mail
        trusted = ssl.create_default_context()
        host: smtplib.SMTP | smtplib.SMTP_SSL
        if mail.use_ssl:
            host = smtplib.SMTP_SSL(mail.server, mail.port, timeout=PATIENCE_SECONDS, context=trusted)
        else:
            host = smtplib.SMTP(mail.server, mail.port, timeout=PATIENCE_SECONDS)
        try:
            if mail.use_tls:
                host.starttls(context=trusted)
            if mail.username and mail.password:
                host.login(mail.username, mail.password)
        except BaseException:
            host.close()
            raise
        return host
