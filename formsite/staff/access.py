"""Who may do what: one enum, one table of pure predicates, and the two declarations every view carries.

A view is either `@public` or `@staff_may(Permission.…)`; a test walks the URL map and fails on one that is neither.
The wrapper is also where a view's unit of work begins and ends.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, overload

from flask import abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from formsite.foundation.audit import Actor
from formsite.foundation.database import unit_of_work
from formsite.staff import presence
from formsite.staff.models import Role, StaffMember

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Permission(StrEnum):
    """Scope and action."""

    OWN_ACCOUNT = "account:own"
    VIEW_FORMS = "forms:view"
    EDIT_FORM = "forms:edit"
    PUBLISH_FORM = "forms:publish"
    IMPORT_FORM = "forms:import"
    VIEW_RESPONSES = "responses:view"  # personal answers are hidden, or masked where SEE_MASKED allows it
    SEE_MASKED = "responses:see-masked"
    REVEAL_ANSWERS = "responses:reveal"
    EXPORT_RESPONSES = "responses:export"  # without personal answers
    EXPORT_PERSONAL = "responses:export-personal"
    VIEW_OUTBOX = "outbox:view"
    MANAGE_STAFF = "staff:manage"


Predicate = Callable[[StaffMember, object], bool]


def _is(*roles: Role) -> Predicate:
    def holds(member: StaffMember, _object: object) -> bool:
        return member.role in roles

    return holds


D, S, A, P, X = Role.DESIGNER, Role.SUPPORT, Role.ANALYST, Role.PRIVACY, Role.ADMIN

ALLOWED: Mapping[Permission, tuple[Predicate, ...]] = {
    Permission.OWN_ACCOUNT: (_is(D, S, A, P, X),),
    Permission.VIEW_FORMS: (_is(D, S, A, P, X),),
    Permission.EDIT_FORM: (_is(D),),
    Permission.PUBLISH_FORM: (_is(D),),
    Permission.IMPORT_FORM: (_is(D),),
    Permission.VIEW_RESPONSES: (_is(D, S, A, P),),
    Permission.SEE_MASKED: (_is(S, P),),
    Permission.REVEAL_ANSWERS: (_is(P),),
    Permission.EXPORT_RESPONSES: (_is(D, A, P),),
    Permission.EXPORT_PERSONAL: (_is(P),),
    Permission.VIEW_OUTBOX: (_is(P, X),),
    Permission.MANAGE_STAFF: (_is(X),),
}
"""Permission -> any of these predicates over the member and the object. What stands nowhere is forbidden."""


def may(member: StaffMember | None, permission: Permission, obj: object = None) -> bool:
    """Whether a member of staff may do something (to an object)."""
    return member is not None and any(holds(member, obj) for holds in ALLOWED.get(permission, ()))


def staff_may(
    permission: Permission, load: Callable[..., Any] | None = None, *, unit: bool = True
) -> Callable[[View], View]:
    """Declares a staff view: signed in, allowed, in one unit of work, never cached.

    Args:
        load: gets the arguments of the URL and returns the object the view is about, which becomes the view's first
            argument in their place; None means 404.
        unit: False where the view opens its own units, as what it does first would hold the database for long.

    A view that names a parameter `actor` gets the Actor.
    """

    def declare(view: View) -> View:
        wants_actor = "actor" in inspect.signature(view).parameters

        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            member = presence.present()
            if member is None:
                return _sign_in_first()
            if request.method not in SAFE and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
                abort(403)
            with unit_of_work(write=request.method not in SAFE) if unit else nullcontext():
                found = load(**arguments) if load else None
                if load and found is None:
                    abort(404)
                if not may(member, permission, found):
                    abort(403)
                given: dict[str, Any] = {"actor": actor_of(member)} if wants_actor else {}
                answer = make_response(view(found, **given) if load else view(**arguments, **given))
            answer.headers["Cache-Control"] = "no-store"
            return answer

        guarded.__formsite_permission__ = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare


@overload
def public(view: View) -> View: ...
@overload
def public(view: None = None, *, unit: bool = True) -> Callable[[View], View]: ...
def public(view: Any = None, *, unit: bool = True) -> Any:
    """Declares a customers' view: open to all, without a cookie. `unit=False`: it opens its own units, or none."""

    def declare(inner: View) -> View:
        @wraps(inner)
        def open_to_all(**arguments: Any) -> ResponseReturnValue:
            if not unit:
                return inner(**arguments)
            with unit_of_work(write=request.method not in SAFE):
                return make_response(inner(**arguments))

        open_to_all.__formsite_public__ = True  # type: ignore[attr-defined]
        return open_to_all  # type: ignore[return-value]

    return declare if view is None else declare(view)


def actor_of(member: StaffMember) -> Actor:
    """The member as audit events name them."""
    return Actor("staff", member.id, member.name)


def _sign_in_first() -> ResponseReturnValue:
    if request.method not in SAFE:
        abort(401)
    return redirect(url_for("staff.sign_in", next=request.full_path.rstrip("?")), 303)
