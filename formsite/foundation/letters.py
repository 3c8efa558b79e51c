"""A mail whose long headers stay as they are.

The standard library breaks header lines at 78 characters, and where a word is longer - the address of an unsubscribe
link - it turns the whole header into an RFC 2047 encoded word, which no mail program recognises as a link. RFC 5322
section 2.1.1 allows lines of 998 characters.
"""

from __future__ import annotations

from email import policy
from email.mime.base import MIMEBase

from flask_mail import Message

UNBROKEN = policy.SMTP.clone(max_line_length=990)


class Letter(Message):
    """A Flask-Mail message for mails with links in their headers."""

    def _message(self) -> MIMEBase:
        made = super()._message()
        made.policy = UNBROKEN
        return made
