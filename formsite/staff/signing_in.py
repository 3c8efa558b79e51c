"""Signing in: a password now; a second factor comes between `check` and `admit`, where `check` would answer who must
still prove what, and only `admit` begins a session.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from formsite.foundation import audit
from formsite.foundation.audit import Actor
from formsite.foundation.database import db, unit_of_work
from formsite.foundation.jobs import job
from formsite.foundation.parts import parts
from formsite.staff import accounts, passwords, sessions
from formsite.staff.events import SignedIn, SignInRefused
from formsite.staff.models import FailedSignIn, StaffMember

WINDOW = timedelta(minutes=15)
MOST_BY_ACCOUNT = 5
MOST_BY_NETWORK = 20


def blocked(email: str, network: str, now: datetime) -> bool:
    """Whether there were too many wrong passwords for this account or from this network. Asked before the hash."""
    return _failures(_account(email), now) >= MOST_BY_ACCOUNT or _failures(f"net:{network}", now) >= MOST_BY_NETWORK


def check(email: str, password: str) -> StaffMember | None:
    """The member, if the password is theirs. As slow for an address that has no account."""
    member = accounts.by_email(email)
    known = passwords.verify(member.password_hash if member else None, password)
    return member if member and known and member.disabled_at is None else None


def admit(member: StaffMember, password: str, *, device: str, now: datetime) -> str:
    """Begin a session; its key."""
    if passwords.is_outdated(member.password_hash):
        member.password_hash = passwords.hashed(password)
    audit.record(SignedIn(device), actor=Actor("staff", member.id, member.name), at=now)
    return sessions.begin(member, device=device, now=now)


def note_failure(email: str, network: str, now: datetime) -> None:
    """Count a wrong password. The address itself is not kept: what is typed there may be a password."""
    for bucket in (_account(email), f"net:{network}"):
        db.session.add(FailedSignIn(bucket=bucket, at=now))
    audit.record(SignInRefused("wrong password"), actor=Actor("staff", None, "somebody"), at=now)


def _failures(bucket: str, now: datetime) -> int:
    query = (
        select(func.count())
        .select_from(FailedSignIn)
        .where(FailedSignIn.bucket == bucket, FailedSignIn.at > now - WINDOW)
    )
    return db.session.scalar(query) or 0


def _account(email: str) -> str:
    return "email:" + parts().keyring.blind_index("sign-in", email[:254]).hex()


@job("sweep_failed_sign_ins", every=timedelta(hours=1))
def sweep(now: datetime) -> None:
    """Failures older than the window decide nothing."""
    with unit_of_work(write=True):
        db.session.execute(delete(FailedSignIn).where(FailedSignIn.at < now - WINDOW))
