"""The receipt: a person's own copy of what they agreed to, and the place where they take it back. No sign-in."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from formsite.consent import receipts, withdrawal
from formsite.consent.framing import framed, unshared
from formsite.consent.receipts import Receipt
from formsite.foundation import clock
from formsite.foundation.richtext import render
from formsite.staff.access import public

bp = Blueprint("consent", __name__)
METHOD = "receipt-page"


@bp.get("/r/<token>")
@public
def show_receipt(token: str) -> ResponseReturnValue:
    """The receipt as a page, in the language of the form as it was filled in."""
    found = _receipt(token)
    return framed(
        "consent/receipt.html",
        found.language,
        form_title=found.title,
        receipt=found,
        told=render(found.notice),
        token=token,
        taken_back="taken_back" in request.args,
    )


@bp.get("/r/<token>.json")
@public
def receipt_json(token: str) -> ResponseReturnValue:
    """The receipt for machines: every record as it is stored, and the words behind its hashes."""
    return unshared(jsonify(_receipt(token).as_json(url_for(".show_receipt", token=token, _external=True))))


@bp.post("/r/<token>/withdraw")
@public
def withdraw(token: str) -> ResponseReturnValue:
    """Take one statement back: one button, as it was one tick to give. Twice is no error."""
    statement = request.form.get("statement", "")
    if statement not in {each.id for each in _receipt(token).standing}:
        abort(404)
    withdrawal.withdraw(_response_id(token), statement, at=clock.now(), method=METHOD)
    return redirect(url_for(".show_receipt", token=token, taken_back=1), 303)


def _response_id(token: str) -> UUID:
    return receipts.read(token) or abort(404)


def _receipt(token: str) -> Receipt:
    return receipts.find(_response_id(token)) or abort(404)
