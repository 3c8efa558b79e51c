"""The receipt: a person's own copy of what they agreed to, and the place where they take it back. No sign-in."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from formsite.consent import receipts, withdrawal
from formsite.consent.receipts import Receipt
from formsite.definition.messages import direction, words
from formsite.foundation import clock
from formsite.staff.access import public

bp = Blueprint("consent", __name__)
METHOD = "receipt-page"


@bp.get("/r/<token>")
@public
def receipt(token: str) -> ResponseReturnValue:
    """The receipt as a page, in the language of the form as it was filled in."""
    found = _receipt(token)
    page = render_template(
        "consent/receipt.html",
        receipt=found,
        token=token,
        taken_back="taken_back" in request.args,
        words=words(found.language),
        page_language=found.language,
        page_direction=direction(found.language),
    )
    return _unshared(Response(page))


@bp.get("/r/<token>.json")
@public
def receipt_json(token: str) -> ResponseReturnValue:
    """The receipt for machines: every record as it is stored, and the words behind its hashes."""
    return _unshared(jsonify(_receipt(token).as_json(url_for(".receipt", token=token, _external=True))))


@bp.post("/r/<token>/withdraw")
@public
def withdraw(token: str) -> ResponseReturnValue:
    """Take one statement back: one button, as it was one tick to give. Twice is no error."""
    statement = request.form.get("statement", "")
    found = _receipt(token)
    if statement not in {each.id for each in found.standing}:
        abort(404)
    withdrawal.withdraw(_response_id(token), statement, at=clock.now(), method=METHOD)
    return redirect(url_for(".receipt", token=token, taken_back=1), 303)


def _response_id(token: str) -> UUID:
    return receipts.read(token) or abort(404)


def _receipt(token: str) -> Receipt:
    return receipts.find(_response_id(token)) or abort(404)


def _unshared(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
