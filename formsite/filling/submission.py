"""The one transaction in which a submission becomes real: response, key, consent record and mail, or nothing at all.

Four statements and one commit, whatever the number of fields. The response's id was minted with the blank page, so a
double click, a refresh or a retry meets its own row and gets the same reference.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Executable, and_, bindparam, func, insert, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from formsite.consent import records
from formsite.consent.models import ConsentRecord
from formsite.definition import seats
from formsite.definition.fieldtypes import Value
from formsite.definition.state import Moment
from formsite.designer.models import Form, FormState
from formsite.designer.plans import Published
from formsite.filling.refusals import AlreadyAnswered, Closed, Full, Gone, NoSeat, NotYet, SentDifferently
from formsite.followups import requests
from formsite.foundation.database import prepared
from formsite.foundation.outbox import OutboxMail
from formsite.foundation.parts import parts
from formsite.foundation.together import together
from formsite.responses import sealing, tallies, uploads
from formsite.responses.models import Response, ResponseKey, ResponseState

MOST_RACES = 20
STORED = object()

forms: Any = Form.__table__
responses: Any = Response.__table__
response_keys: Any = ResponseKey.__table__
consent_records: Any = ConsentRecord.__table__
outbox: Any = OutboxMail.__table__
_insert_key = prepared(lambda _dialect: insert(response_keys))
_insert_record = prepared(lambda _dialect: insert(consent_records))
_insert_mail = prepared(lambda _dialect: insert(outbox))
ROW = (
    "id",
    "form_id",
    "version_id",
    "state",
    "language",
    "started_at",
    "submitted_at",
    "answers",
    "sealed",
    "request_hash",
    "about_id",
    "is_test",
)
KEPT = frozenset({"id", "form_id", "version_id", "started_at", "about_id", "is_test"})
"""What a response in progress has already."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything that makes one response, checked and complete."""

    id: UUID
    slug: str
    version: Published
    language: str
    answers: Mapping[str, Value]  # of shown fields only
    choices: Mapping[str, bool]  # consent statement -> given
    started_at: datetime
    now: datetime
    limited: bool = False  # the form has a limit, so the response takes a seat
    about_id: UUID | None = None  # the response this gives feedback on
    is_test: bool = False
    method: str = "web-form"
    fingerprint: bytes = field(init=False)

    def __post_init__(self) -> None:
        sent = {"answers": dict(self.answers), "choices": dict(self.choices)}
        object.__setattr__(self, "fingerprint", sha256(json.dumps(sent, sort_keys=True).encode()).digest())


def submit(submission: Submission) -> None:
    """Store a response that was filled in on one page.

    Sending the same again is no error and stores nothing.

    Raises:
        Closed, Full, NotYet, Gone, AlreadyAnswered: the form does not take it (any more).
        SentDifferently: the page was sent before, with other answers.
    """
    for _ in range(MOST_RACES):
        limit = together(partial(_store_or_refuse, submission))
        if limit is STORED:
            return
        # Two processes asked for one seat and there are more, or the limit came or went a moment ago: once more.
        submission = replace(submission, limited=limit is not None)
    raise Full(submission.slug)


def _store_or_refuse(submission: Submission, connection: Connection) -> object:
    """STORED, or the form's limit as it is now, where nothing seems to be in the way."""
    return STORED if store(submission, connection) else refuse_if_shut(submission, connection)


def store(submission: Submission, connection: Connection) -> bool:
    """Store it inside the caller's unit; False if the form does not take it. Many may share one unit and its commit.

    Raises:
        SentDifferently: as `submit`.
    """
    held = uploads.held_key(submission.id, submission.version.plan, connection)
    key, wrapped = held or parts().keyring.new_data_key(submission.id)
    insert_response = (_insert_seated if submission.limited else _insert_unseated)(connection)
    if not insert_response(connection, _response_row(submission, key) | _condition(submission)):
        return _is_stored(submission, connection)
    if held is None:
        _insert_key(connection)(connection, {"id": submission.id, "wrapped": wrapped})
    _write_effects(submission, connection)
    return True


def submit_draft(submission: Submission, key: bytes, connection: Connection) -> bool:
    """Send a response that was filled in page by page, inside the caller's unit; False if the form does not take it.

    Raises:
        SentDifferently: as `submit`.
        IntegrityError: on PostgreSQL, another process took the seat in this moment; the unit is to be tried again.
    """
    row = {name: value for name, value in _response_row(submission, key).items() if name not in KEPT}
    given = row | _condition(submission) | {"draft_id": submission.id}
    submit_response = (_submit_seated if submission.limited else _submit_unseated)(connection)
    if not submit_response(connection, given):
        return _is_stored(submission, connection)
    _write_effects(submission, connection)
    return True


def _response_row(submission: Submission, key: bytes) -> dict[str, Any]:
    open_answers, personal = sealing.split(submission.version.definition, submission.answers)
    return {
        "id": submission.id,
        "form_id": submission.version.form_id,
        "version_id": submission.version.id,
        "state": ResponseState.SUBMITTED.value,
        "language": submission.language,
        "started_at": submission.started_at,
        "submitted_at": submission.now,
        "answers": open_answers,
        "sealed": sealing.seal(key, submission.id, personal),
        "request_hash": submission.fingerprint,
        "about_id": submission.about_id,
        "is_test": submission.is_test,
    }


def _insert_statement(dialect: str, *, limited: bool) -> Executable:
    """One statement that takes the answers only if the form does, and the seat with them."""
    columns = responses.c
    values = [bindparam(name, type_=columns[name].type).label(name) for name in ROW]
    seat: ColumnElement[Any] = _next_seat() if limited else null().cast(columns.seat.type)
    source = select(*values, seat.label("seat")).select_from(forms).where(_takes_answers(limited=limited))
    insert_ = (postgresql if dialect == "postgresql" else sqlite).insert(responses)
    statement: Executable = insert_.from_select([*ROW, "seat"], source).on_conflict_do_nothing()
    return statement


def _submit_statement(*, limited: bool) -> Executable:
    """The same for a response that is there already, in progress."""
    sent = ("state", "submitted_at", "answers", "sealed", "request_hash", "language")
    changes: dict[str, Any] = {name: bindparam(name, type_=responses.c[name].type) for name in sent}
    return (
        update(responses)
        .where(
            responses.c.id == bindparam("draft_id", type_=responses.c.id.type),
            responses.c.state == ResponseState.IN_PROGRESS.value,
            select(forms.c.id).where(_takes_answers(limited=limited)).exists(),
        )
        .values(**changes, seat=_next_seat() if limited else None)
    )


_insert_unseated = prepared(lambda dialect: _insert_statement(dialect, limited=False))
_insert_seated = prepared(lambda dialect: _insert_statement(dialect, limited=True))
_submit_unseated = prepared(lambda _dialect: _submit_statement(limited=False))
_submit_seated = prepared(lambda _dialect: _submit_statement(limited=True))


def _next_seat() -> ColumnElement[Any]:
    taken = select(func.max(responses.c.seat)).where(responses.c.form_id == _of_form()).scalar_subquery()
    return func.coalesce(taken, 0) + 1


def _of_form() -> ColumnElement[Any]:
    return bindparam("of_form", type_=forms.c.id.type)


def _takes_answers(*, limited: bool) -> ColumnElement[bool]:
    at = bindparam("at", type_=forms.c.opens_at.type)
    return and_(
        forms.c.id == _of_form(),
        forms.c.state == FormState.OPEN.value,
        or_(forms.c.opens_at.is_(None), forms.c.opens_at <= at),
        or_(forms.c.closes_at.is_(None), forms.c.closes_at > at),
        forms.c.max_responses >= _next_seat() if limited else forms.c.max_responses.is_(None),
    )


def _condition(submission: Submission) -> dict[str, Any]:
    return {"of_form": submission.version.form_id, "at": submission.now}


def _write_effects(submission: Submission, connection: Connection) -> None:
    version = submission.version
    record = records.record_row(
        version=version,
        slug=submission.slug,
        response_id=submission.id,
        language=submission.language,
        choices=submission.choices,
        shown_at=submission.started_at,
        at=submission.now,
        method=submission.method,
    )
    _insert_record(connection)(connection, record)
    if submission.is_test:
        return
    _take_seats(submission, connection)
    files = uploads.named(version.plan, submission.answers)
    uploads.bind(submission.id, files, submission.now, connection)
    mail = requests.feedback_mail(
        version.definition,
        form_id=version.form_id,
        response_id=submission.id,
        answers=submission.answers,
        choices=submission.choices,
        language=submission.language,
        submitted_at=submission.now,
    )
    if mail is not None:
        _insert_mail(connection)(connection, mail)


def _take_seats(submission: Submission, connection: Connection) -> None:
    """Take what is limited. No statement where nothing is.

    Raises:
        NoSeat: and the unit must be undone.
    """
    plan = submission.version.plan
    if not seats.is_limited(plan):
        return
    wanted = seats.claims(plan, submission.answers, Moment(submission.now.date(), submission.now, submission.language))
    if (refused := tallies.take(submission.version.form_id, wanted, connection)) is not None:
        raise NoSeat(refused)


def _is_stored(submission: Submission, connection: Connection) -> bool:
    """Whether this very submission is there already.

    Raises:
        SentDifferently: it is, with other answers.
    """
    query = select(responses.c.state, responses.c.request_hash).where(responses.c.id == submission.id)
    stored = connection.execute(query).one_or_none()
    if stored is None or stored.state != ResponseState.SUBMITTED:
        return False
    if stored.request_hash != submission.fingerprint:
        raise SentDifferently(submission.id)
    return True


def refuse_if_shut(submission: Submission, connection: Connection) -> int | None:
    """Say why the form did not take a response; if nothing is in the way, its limit.

    Raises:
        Closed, Full, NotYet, Gone, AlreadyAnswered.
    """
    form = connection.execute(select(forms).where(forms.c.id == submission.version.form_id)).one()
    if form.state == FormState.ARCHIVED:
        raise Gone(form.slug)
    if form.opens_at and submission.now < form.opens_at:
        raise NotYet(form.slug)
    if form.state != FormState.OPEN or (form.closes_at and submission.now >= form.closes_at):
        raise Closed(form.slug)
    if submission.about_id and _answered_before(submission, connection):
        raise AlreadyAnswered(form.slug)
    if form.max_responses is not None:
        taken = connection.scalar(select(func.max(responses.c.seat)).where(responses.c.form_id == form.id))
        if (taken or 0) >= form.max_responses:
            raise Full(form.slug)
    limit: int | None = form.max_responses
    return limit


def _answered_before(submission: Submission, connection: Connection) -> bool:
    query = select(responses.c.id).where(
        responses.c.form_id == submission.version.form_id,
        responses.c.about_id == submission.about_id,
        responses.c.id != submission.id,
    )
    return connection.execute(query.limit(1)).first() is not None
