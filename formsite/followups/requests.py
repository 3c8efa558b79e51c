"""Asking for feedback: who is asked, when, and the links in the mail.

Only somebody who agreed to be asked by e-mail is asked, once for each response.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from formsite.definition.document import Channel, Definition, Purpose
from formsite.definition.fieldtypes import Value
from formsite.definition.fieldtypes.contact import Email
from formsite.foundation import outbox
from formsite.foundation.parts import parts
from formsite.foundation.tokens import BadToken

KIND = Purpose.FEEDBACK.value  # a mail that needs consent goes by the name of its purpose
LINK = "feedback"
LINK_GOOD_FOR = timedelta(days=60)


def feedback_mail(
    definition: Definition,
    *,
    form_id: UUID,
    response_id: UUID,
    answers: Mapping[str, Value],
    choices: Mapping[str, bool],
    language: str,
    submitted_at: datetime,
) -> dict[str, Any] | None:
    """The row of the outbox that will ask, or None where nobody is to be asked."""
    address = address_in(definition, answers)
    if definition.feedback is None or address is None or not _agreed(definition, choices):
        return None
    payload = {"response_id": str(response_id), "form_id": str(form_id), "to": address, "language": language}
    return outbox.mail_row(
        KIND,
        payload,
        dedupe_key=f"feedback:{response_id}",
        due_at=submitted_at + timedelta(hours=definition.feedback.after_hours),
        about=response_id,
    )


def address_in(definition: Definition, answers: Mapping[str, Value]) -> str | None:
    """The answer to the first e-mail field that has one."""
    asked = (field.id for field in definition.fields() if isinstance(field.kind, Email))
    return next((str(answers[name]) for name in asked if name in answers), None)


def _agreed(definition: Definition, choices: Mapping[str, bool]) -> bool:
    return any(
        each.purpose is Purpose.FEEDBACK and each.channel is Channel.EMAIL and choices.get(each.id)
        for each in definition.consents
    )


def feedback_token(response_id: UUID, now: datetime) -> str:
    """The part of the personal link that ties the feedback to the first response."""
    return parts().tokens.sign(LINK, response_id.bytes, expires=now + LINK_GOOD_FOR)


def read_feedback_token(token: str, now: datetime) -> UUID | None:
    """The response that feedback is given on; None if the link was not made here, or is too old."""
    try:
        return UUID(bytes=parts().tokens.read(LINK, token, now=now))
    except BadToken:
        return None
