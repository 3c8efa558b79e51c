"""What is typed to bring a form in."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired

from formsite.staff.inputs import StaffInput


class ImportInput(StaffInput):
    """A file."""

    file = FileField(
        "File",
        [FileRequired("Choose a file")],
        description="An XLSForm (.xlsx, .xls), a LimeSurvey survey (.lss), a SurveyJS one or a definition of formsite (.json). At most 10 MB.",
    )
