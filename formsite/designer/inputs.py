"""What designers type outside the questions."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateTimeLocalField, HiddenField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from formsite.designer.models import Form
from formsite.staff.inputs import StaffInput


class NewFormInput(StaffInput):
    """A title, and the name of the starter to begin with."""

    title = StringField(
        "Title", [DataRequired("Enter a title"), Length(max=300)], description="Customers see it at the top."
    )
    starter = HiddenField()


class FormSettingsInput(StaffInput):
    """Address, period, limit."""

    slug = StringField(
        "Address",
        [InputRequired("Enter an address"), Length(max=80)],
        description="Small letters, digits and hyphens. Links given out before stop working when it changes.",
    )
    opens_at = DateTimeLocalField("Opens", [Optional()], description="In the time zone of this site; empty: at once.")
    closes_at = DateTimeLocalField("Closes", [Optional()], description="Empty: until somebody closes it.")
    max_responses = IntegerField(
        "Most responses",
        [Optional(), NumberRange(1, 10_000_000, "Enter a number above 0")],
        description="Empty: as many as come.",
    )
    listed = BooleanField("Named on the public front page")

    @classmethod
    def of(cls, form: Form, zone: ZoneInfo) -> FormSettingsInput:
        """With what is set now, or what was just sent."""
        return cls(
            slug=form.slug,
            opens_at=_local(form.opens_at, zone),
            closes_at=_local(form.closes_at, zone),
            max_responses=form.max_responses,
            listed=form.listed,
        )

    def values(self, zone: ZoneInfo) -> dict[str, object]:
        """As the verb takes them, times in the site's zone made aware."""
        return {
            "slug": (self.slug.data or "").strip(),
            "opens_at": self.opens_at.data.replace(tzinfo=zone) if self.opens_at.data else None,
            "closes_at": self.closes_at.data.replace(tzinfo=zone) if self.closes_at.data else None,
            "max_responses": self.max_responses.data,
            "listed": bool(self.listed.data),
        }


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.astimezone(zone).replace(tzinfo=None) if moment else None
