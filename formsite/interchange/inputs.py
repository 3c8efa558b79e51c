"""What is typed to bring a form in."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField

from formsite.foundation.ids import uuid7
from formsite.staff.inputs import StaffInput

ACCEPTED = ".xlsx,.xls,.xlsm,.lss,.lsa,.json,.yaml,.yml"


class ImportInput(StaffInput):
    """A file. The key is the page's own: the same file sent twice by one page is one import."""

    key = HiddenField(default=lambda: uuid7().hex)
    file = FileField(
        "File",
        [FileRequired("Choose a file")],
        description="Choose one, or drop it here. At most 10 MB.",
        render_kw={"accept": ACCEPTED},
    )


class ChoicesInput(StaffInput):
    """A file of choices, and the question on whose answer they depend."""

    file = FileField(
        "File",
        [FileRequired("Choose a file")],
        description="At most 5 MB.",
        render_kw={"accept": ".csv,.tsv,.tab,.txt,.xlsx,.xls"},
    )
    parent = SelectField(
        "They depend on",
        description="Then the column “parent” says to which of its answers a choice belongs, by id or in words.",
    )
