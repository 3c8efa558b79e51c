"""The link that stops mail (RFC 8058), and the outbox as staff see it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from formsite.consent import queries as consents
from formsite.consent.framing import framed
from formsite.followups import queries, retrying, unsubscribing
from formsite.followups.unsubscribing import Unsubscribe
from formsite.foundation import clock
from formsite.foundation.audit import Actor
from formsite.foundation.outbox import OutboxMail, OutboxState
from formsite.staff.access import Permission, public, staff_may
from formsite.staff.screens import screen

bp = Blueprint("followups", __name__)


@bp.get("/u/<token>")
@public
def unsubscribe_page(token: str) -> ResponseReturnValue:
    """A page with a button. Looking changes nothing: programs that scan mail follow every link."""
    return _page("followups/unsubscribe.html", _link(token), token=token)


@bp.post("/u/<token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stops the mail: from the page's button, or sent by a mail program without cookies or a page before it."""
    link = _link(token)
    unsubscribing.unsubscribe(link, at=clock.now())
    return _page("followups/unsubscribed.html", link)


def _link(token: str) -> Unsubscribe:
    return unsubscribing.read(token) or abort(404)


def _page(template: str, link: Unsubscribe, **context: str) -> Response:
    """In the language of the form that the mail was about."""
    rows = consents.rows_of(link.response_id)
    return framed(template, rows[0].language if rows else "en", **context)


@bp.get("/staff/outbox")
@staff_may(Permission.VIEW_OUTBOX)
def outbox() -> ResponseReturnValue:
    """The mails in one state, newest first."""
    state = _state(request.args.get("state"))
    found = queries.mails(
        state, older_than=_place(request.args.get("older_than")), newer_than=_place(request.args.get("newer_than"))
    )
    return screen(
        "followups/outbox.html",
        state=state,
        states=list(OutboxState),
        counts=queries.counts(),
        most_counted=queries.MOST_COUNTED,
        mails=found,
    )


@bp.post("/staff/outbox/<uuid:mail_id>/retry")
@staff_may(Permission.VIEW_OUTBOX, load=queries.mail)
def retry(mail: OutboxMail, actor: Actor) -> ResponseReturnValue:
    """Try a failed mail again."""
    retrying.retry(mail, actor=actor, now=clock.now())
    return redirect(url_for(".outbox", state=OutboxState.FAILED.value), 303)


def _state(text: str | None) -> OutboxState:
    return OutboxState(text) if text in list(OutboxState) else OutboxState.WAITING


def _place(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
