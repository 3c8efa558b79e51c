"""Accounts of the staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select

from formsite.foundation import audit
from formsite.foundation.audit import Actor
from formsite.foundation.database import db
from formsite.foundation.errors import Refused
from formsite.staff import passwords, sessions
from formsite.staff.events import AccountChanged, AccountMade
from formsite.staff.models import Role, StaffMember


class AccountExists(Refused):
    """There is one with this address."""


class NotAnAddress(Refused):
    """It is no e-mail address."""


class LastAdmin(Refused):
    """Without an admin nobody could make accounts."""


def add(email: str, *, name: str, role: Role, password: str, actor: Actor, now: datetime) -> StaffMember:
    """Make an account.

    Raises:
        NotAnAddress, AccountExists, WeakPassword.
    """
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise NotAnAddress(f"“{email}” is not an e-mail address.") from None
    if by_email(address) is not None:
        raise AccountExists(f"{address} has an account already.")
    passwords.require_strong(password, address.split("@")[0], name)
    member = StaffMember(
        email=address,
        name=name.strip()[:120] or address,
        role=role.value,
        password_hash=passwords.hashed(password),
        created_at=now,
    )
    db.session.add(member)
    db.session.flush()  # the event below names its id
    audit.record(AccountMade(member.id, role.value), actor=actor, at=now)
    return member


def by_email(email: str) -> StaffMember | None:
    """The account with this address, in any case of letters."""
    return db.session.scalar(select(StaffMember).where(StaffMember.email == email.strip().lower()))


def by_id(staff_id: UUID) -> StaffMember | None:
    """The account."""
    return db.session.get(StaffMember, staff_id)


def everybody() -> Sequence[StaffMember]:
    """All accounts, by name; a team is small."""
    return db.session.scalars(select(StaffMember).order_by(StaffMember.name, StaffMember.id).limit(1_000)).all()


def change_password(member: StaffMember, password: str, *, keep: str, actor: Actor, now: datetime) -> None:
    """A new password; it ends every session but the one whose key is `keep`.

    Raises:
        WeakPassword.
    """
    passwords.require_strong(password, member.email.split("@")[0], member.name)
    member.password_hash = passwords.hashed(password)
    sessions.end_others(member, keep, now)
    audit.record(AccountChanged(member.id, "password"), actor=actor, at=now)


def change_role(member: StaffMember, role: Role, *, actor: Actor, now: datetime) -> None:
    """Another role; it ends the member's sessions, so that no old right lives on.

    Raises:
        LastAdmin.
    """
    if role is not Role.ADMIN:
        _require_other_admin(member)
    member.role = role.value
    sessions.end_all(member, now)
    audit.record(AccountChanged(member.id, f"role {role.value}"), actor=actor, at=now)


def disable(member: StaffMember, *, actor: Actor, now: datetime) -> None:
    """Shut the account, at once and on every device.

    Raises:
        LastAdmin.
    """
    _require_other_admin(member)
    member.disabled_at = now
    sessions.end_all(member, now)
    audit.record(AccountChanged(member.id, "disabled"), actor=actor, at=now)


def enable(member: StaffMember, *, actor: Actor, now: datetime) -> None:
    """Open the account again."""
    member.disabled_at = None
    audit.record(AccountChanged(member.id, "enabled"), actor=actor, at=now)


def _require_other_admin(member: StaffMember) -> None:
    if member.role != Role.ADMIN:
        return
    others = db.session.scalar(
        select(func.count())
        .select_from(StaffMember)
        .where(StaffMember.role == Role.ADMIN.value, StaffMember.disabled_at.is_(None), StaffMember.id != member.id)
    )
    if not others:
        raise LastAdmin("This is the only admin. Make another one first.")
