"""Who is signed in on this request: the one place of the staff package that looks at the cookie.

The cookie holds a random key, the database its hash and how old it may get. A session that was ended stays ended: the
cookie alone brings nothing back.
"""

from __future__ import annotations

from typing import cast

from flask import g, request, session

from formsite.foundation import clock
from formsite.foundation.database import unit_of_work
from formsite.staff import sessions
from formsite.staff.models import StaffMember

KEY = "key"


def present() -> StaffMember | None:
    """The member of staff whose session this request belongs to. One statement, and one more once a minute."""
    if "staff_member" not in g:
        g.staff_member = _look()
    return cast("StaffMember | None", g.staff_member)


def enter(key: str) -> None:
    """Put a fresh session's key into the cookie; nothing of what was there before survives."""
    session.clear()
    session[KEY] = key


def leave() -> None:
    """Empty the cookie."""
    session.clear()


def session_key() -> str:
    """The key in the cookie, or the empty text."""
    key = session.get(KEY)
    return key if isinstance(key, str) else ""


def device() -> str:
    """What to call this device in the list of sessions: browser and system, no version."""
    agent = request.user_agent.string
    browser = next((name for name in ("Firefox", "Edg", "Chrome", "Safari") if name in agent), "Browser")
    system = next((name for name in ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux") if name in agent), "")
    return f"{browser.replace('Edg', 'Edge')}{' on ' + system if system else ''}"


def network() -> str:
    """The part of the address that a household or an office shares: /24, or /48 of IPv6."""
    address = request.remote_addr or ""
    return ":".join(address.split(":")[:3]) if ":" in address else ".".join(address.split(".")[:3])


def _look() -> StaffMember | None:
    key = session_key()
    if not key:
        return None
    now = clock.now()
    with unit_of_work(write=False) as unit:
        found = sessions.holder(key, now)
        if found is None:
            return None
        member, row = found
        seen = row.seen_at
        unit.expunge_all()
    if now - seen > sessions.NOTED_EVERY:
        with unit_of_work(write=True):
            sessions.touch(key, now)
    return member
