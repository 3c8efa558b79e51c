"""Sign-in and out, the own account, the team, and the rules for all staff."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from formsite.foundation import clock
from formsite.foundation.audit import Actor
from formsite.foundation.errors import Refused
from formsite.staff import accounts, navigation, passwords, presence, sessions, signing_in
from formsite.staff.access import Permission, public, staff_may
from formsite.staff.inputs import ROLES, AccountInput, PasswordInput, RoleInput, SignInInput
from formsite.staff.models import Role, StaffMember
from formsite.staff.screens import screen

bp = Blueprint("staff", __name__, url_prefix="/staff")


@bp.get("/")
@staff_may(Permission.OWN_ACCOUNT)
def home() -> ResponseReturnValue:
    """Wherever the member's work is."""
    entries = navigation.entries(presence.present())
    return redirect(entries[0]["url"] if entries else url_for(".account"), 303)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask for a password; the same words whatever is wrong with it."""
    page = SignInInput()
    if request.method == "GET" or not page.validate_on_submit():
        return screen("staff/sign_in.html", page=page, wrong=False)
    email, password, now = page.email.data or "", page.password.data or "", clock.now()
    network = presence.network()
    if signing_in.blocked(email, network, now):
        answer = screen("staff/too_many_tries.html", status=429)
        answer.headers["Retry-After"] = str(int(signing_in.WINDOW.total_seconds()))
        return answer
    member = signing_in.check(email, password)
    if member is None:
        signing_in.note_failure(email, network, now)
        return screen("staff/sign_in.html", page=page, wrong=True, status=422)
    presence.enter(signing_in.admit(member, password, device=presence.device(), now=now))
    return redirect(_safe(request.args.get("next", "")), 303)


@bp.post("/sign-out")
@staff_may(Permission.OWN_ACCOUNT)
def sign_out() -> ResponseReturnValue:
    """End this session, here and in the database."""
    sessions.end(presence.session_key(), clock.now())
    presence.leave()
    return redirect(url_for(".sign_in"), 303)


@bp.route("/account", methods=["GET", "POST"])
@staff_may(Permission.OWN_ACCOUNT)
def account(actor: Actor) -> ResponseReturnValue:
    """The own sessions, and a new password."""
    member = _self()
    page = PasswordInput()
    now = clock.now()
    if page.validate_on_submit():
        if not passwords.verify(member.password_hash, page.current.data or ""):
            page.current.errors = ["This is not your password"]
        else:
            try:
                accounts.change_password(member, page.new.data or "", keep=presence.session_key(), actor=actor, now=now)
            except Refused as refusal:
                page.new.errors = [refusal.message]
            else:
                flash("Your password was changed. Other devices were signed out.")
                return redirect(url_for(".account"), 303)
    rows = [(row, sessions.is_own(row, presence.session_key())) for row in sessions.living(member, now)]
    return screen("staff/account.html", page=page, holder=member, rows=rows, role=ROLES[Role(member.role)])


@bp.post("/account/sessions/<uuid:session_id>/end")
@staff_may(Permission.OWN_ACCOUNT)
def end_session(session_id: UUID) -> ResponseReturnValue:
    """Sign out another device."""
    sessions.end_one(_self(), session_id, clock.now())
    flash("That device was signed out.")
    return redirect(url_for(".account"), 303)


@bp.get("/rules")
@staff_may(Permission.OWN_ACCOUNT)
def rules() -> ResponseReturnValue:
    """What everybody promises who can reach customers' data."""
    return screen("staff/rules.html")


@bp.route("/team", methods=["GET", "POST"])
@staff_may(Permission.MANAGE_STAFF)
def team(actor: Actor) -> ResponseReturnValue:
    """All accounts, and a new one."""
    page = AccountInput()
    if page.validate_on_submit():
        try:
            made = accounts.add(
                page.email.data or "",
                name=page.name.data or "",
                role=Role(page.role.data),
                password=page.password.data or "",
                actor=actor,
                now=clock.now(),
            )
        except passwords.WeakPassword as refusal:
            page.password.errors = [refusal.message]
        except Refused as refusal:
            page.email.errors = [refusal.message]
        else:
            flash(f"{made.name} may sign in.")
            return redirect(url_for(".team"), 303)
    return screen(
        "staff/team.html", page=page, members=accounts.everybody(), roles=ROLES, role_input=RoleInput(formdata=None)
    )


@bp.post("/team/<uuid:staff_id>/role")
@staff_may(Permission.MANAGE_STAFF, load=accounts.by_id)
def change_role(member: StaffMember, actor: Actor) -> ResponseReturnValue:
    """Give somebody another role."""
    page = RoleInput()
    if not page.validate_on_submit():
        abort(422)
    accounts.change_role(member, Role(page.role.data), actor=actor, now=clock.now())
    flash(f"{member.name} has another role now, and must sign in again.")
    return redirect(url_for(".team"), 303)


@bp.post("/team/<uuid:staff_id>/disable")
@staff_may(Permission.MANAGE_STAFF, load=accounts.by_id)
def disable(member: StaffMember, actor: Actor) -> ResponseReturnValue:
    """Shut an account."""
    accounts.disable(member, actor=actor, now=clock.now())
    flash(f"{member.name} was signed out everywhere and cannot sign in.")
    return redirect(url_for(".team"), 303)


@bp.post("/team/<uuid:staff_id>/enable")
@staff_may(Permission.MANAGE_STAFF, load=accounts.by_id)
def enable(member: StaffMember, actor: Actor) -> ResponseReturnValue:
    """Open it again."""
    accounts.enable(member, actor=actor, now=clock.now())
    flash(f"{member.name} may sign in again.")
    return redirect(url_for(".team"), 303)


def _self() -> StaffMember:
    member = presence.present()
    assert member is not None
    return accounts.by_id(member.id) or abort(404)


def _safe(target: str) -> str:
    """A place on this site, or the staff's home: never another site."""
    inside = target.startswith("/staff/") and not any(char in target for char in "\\\r\n\t") and "//" not in target
    return target if inside else url_for(".home")
