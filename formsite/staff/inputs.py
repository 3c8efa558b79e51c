"""What staff type: the base of every input, and those of accounts."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from formsite.staff.models import Role

ROLES = {
    Role.DESIGNER: "Designer: makes and publishes forms",
    Role.SUPPORT: "Support: helps customers, sees masked answers",
    Role.ANALYST: "Analyst: sees results, never personal answers",
    Role.PRIVACY: "Privacy officer: reveals and exports with a reason",
    Role.ADMIN: "Admin: accounts and settings, never answers",
}


class StaffInput(FlaskForm):  # type: ignore[misc]
    """Base of every input on a staff screen; carries the token against forged requests."""


class SignInInput(StaffInput):
    """An address and a password."""

    email = EmailField(
        "E-mail address",
        [InputRequired("Enter your e-mail address"), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password"), Length(max=1_000)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordInput(StaffInput):
    """A new password, and the old one."""

    current = PasswordField(
        "Password now", [InputRequired("Enter your password")], render_kw={"autocomplete": "current-password"}
    )
    new = PasswordField(
        "New password",
        [InputRequired("Enter a new password"), Length(max=1_000)],
        description="At least 12 characters. Several words are easy to remember.",
        render_kw={"autocomplete": "new-password"},
    )


class RoleInput(StaffInput):
    """What somebody is here for."""

    role = SelectField("Role", choices=[SelectChoice(value=role.value, label=said) for role, said in ROLES.items()])


class AccountInput(RoleInput):
    """A new account."""

    name = StringField(
        "Name",
        [InputRequired("Enter a name"), Length(max=120)],
        description="As colleagues see it.",
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        "E-mail address", [InputRequired("Enter an e-mail address"), Length(max=254)], render_kw={"autocomplete": "off"}
    )
    password = PasswordField(
        "First password",
        [InputRequired("Enter a password"), Length(max=1_000)],
        description="At least 12 characters. Ask them to change it.",
        render_kw={"autocomplete": "new-password"},
    )
