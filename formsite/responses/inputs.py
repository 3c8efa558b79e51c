"""The inputs of the screens of responses."""

from __future__ import annotations

from wtforms import SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from formsite.responses.revealing import LONGEST_REASON, SHORTEST_REASON
from formsite.staff.inputs import StaffInput


class ReasonInput(StaffInput):
    """Why personal answers are needed. It is kept, and the person may be told."""

    reason = TextAreaField(
        "Why you need it",
        description="Kept in the audit log with your name. Name the request or the case; put no personal data here.",
        validators=[
            InputRequired("Say why you need it"),
            Length(
                min=SHORTEST_REASON,
                max=LONGEST_REASON,
                message=f"Say why you need it, in {SHORTEST_REASON} to {LONGEST_REASON} characters",
            ),
        ],
        filters=[lambda text: " ".join((text or "").split())],
    )


class RevealInput(ReasonInput):
    """Asks for the personal answers of one response."""

    go = SubmitField("Reveal the personal answers")


class FileInput(ReasonInput):
    """Asks for a file of one response; each has a button of its own."""


class PersonalExportInput(ReasonInput):
    """Asks for an export with personal answers."""

    go = SubmitField("Export with personal answers")
