"""The one transaction in which a submission becomes real: response, key, consent record and mail, or nothing at all.

Four statements and one commit, whatever the number of fields. The response's id was minted with the blank page, so a
double click, a refresh or a retry meets its own row and gets the same reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from formsite.consent import records
from formsite.consent.models import ConsentRecord
from formsite.definition.fieldtypes import Value
from formsite.designer.models import Form, FormState
from formsite.designer.plans import Published
from formsite.filling.refusals import AlreadyAnswered, Closed, Full, Gone, NotYet, SentDifferently
from formsite.followups import requests
from formsite.foundation import canonical
from formsite.foundation.database import affected, db, unit_of_work
from formsite.foundation.outbox import OutboxMail
from formsite.foundation.parts import parts
from formsite.responses import sealing
from formsite.responses.models import Response, ResponseKey, ResponseState

MOST_RACES = 20


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
        object.__setattr__(self, "fingerprint", sha256(canonical.encode(sent)).digest())


def submit(submission: Submission) -> None:
    """Store a response that was filled in on one page.

    Sending the same again is no error and stores nothing.

    Raises:
        Closed, Full, NotYet, Gone, AlreadyAnswered: the form does not take it (any more).
        SentDifferently: the page was sent before, with other answers.
    """
    for _ in range(MOST_RACES):
        with unit_of_work(write=True):
            if store(submission):
                return
            form = refuse_if_shut(submission)
        # Two processes asked for one seat and there are more, or the limit came or went a moment ago: once more.
        submission = replace(submission, limited=form.max_responses is not None)
    raise Full(submission.slug)


def store(submission: Submission) -> bool:
    """Store it inside the caller's unit; False if the form does not take it. Many may share one unit and its commit.

    Raises:
        SentDifferently: as `submit`.
    """
    key, wrapped = parts().keyring.new_data_key(submission.id)
    if not _insert_response(_response_row(submission, key), submission):
        return _is_stored(submission)
    db.session.execute(insert(ResponseKey), [{"id": submission.id, "wrapped": wrapped}])
    _write_effects(submission)
    return True


def submit_draft(submission: Submission, key: bytes) -> bool:
    """Send a response that was filled in page by page, inside the caller's unit; False if the form does not take it.

    Raises:
        SentDifferently: as `submit`.
        IntegrityError: on PostgreSQL, another process took the seat in this moment; the unit is to be tried again.
    """
    row = _response_row(submission, key)
    changes = {name: row[name] for name in ("state", "submitted_at", "answers", "sealed", "request_hash", "language")}
    statement = (
        update(Response)
        .where(
            Response.id == submission.id,
            Response.state == ResponseState.IN_PROGRESS,
            select(Form.id).where(_takes_answers(submission)).exists(),
        )
        .values(**changes, seat=_next_seat(submission) if submission.limited else None)
    )
    if not affected(db.session.execute(statement)):
        return _is_stored(submission)
    _write_effects(submission)
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


def _insert_response(row: dict[str, Any], submission: Submission) -> bool:
    """One statement that takes the answers only if the form does, and the seat with them."""
    columns = Response.__table__.c
    values: list[Any] = [literal(value, columns[name].type).label(name) for name, value in row.items()]
    seat: ColumnElement[Any] = _next_seat(submission) if submission.limited else literal(None, columns.seat.type)
    source: Select[Any] = select(*values, seat.label("seat")).select_from(Form).where(_takes_answers(submission))
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Response).from_select([*row, "seat"], source).on_conflict_do_nothing()
    counted = statement.execution_options(preserve_rowcount=True)  # psycopg: an INSERT has no count otherwise
    return affected(db.session.execute(counted)) > 0


def _next_seat(submission: Submission) -> ColumnElement[Any]:
    taken = select(func.max(Response.seat)).where(Response.form_id == submission.version.form_id).scalar_subquery()
    return func.coalesce(taken, 0) + 1


def _takes_answers(submission: Submission) -> ColumnElement[bool]:
    limit = Form.max_responses >= _next_seat(submission) if submission.limited else Form.max_responses.is_(None)
    return and_(
        Form.id == submission.version.form_id,
        Form.state == FormState.OPEN.value,
        or_(Form.opens_at.is_(None), Form.opens_at <= submission.now),
        or_(Form.closes_at.is_(None), Form.closes_at > submission.now),
        limit,
    )


def _write_effects(submission: Submission) -> None:
    version = submission.version
    db.session.execute(
        insert(ConsentRecord),
        [
            records.record_row(
                version=version,
                slug=submission.slug,
                response_id=submission.id,
                language=submission.language,
                choices=submission.choices,
                shown_at=submission.started_at,
                at=submission.now,
                method=submission.method,
            )
        ],
    )
    if submission.is_test:
        return
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
        db.session.execute(insert(OutboxMail), [mail])


def _is_stored(submission: Submission) -> bool:
    """Whether this very submission is there already.

    Raises:
        SentDifferently: it is, with other answers.
    """
    stored = db.session.execute(
        select(Response.state, Response.request_hash).where(Response.id == submission.id)
    ).one_or_none()
    if stored is None or stored.state != ResponseState.SUBMITTED:
        return False
    if stored.request_hash != submission.fingerprint:
        raise SentDifferently(submission.id)
    return True


def refuse_if_shut(submission: Submission) -> Form:
    """Say why the form did not take a response; if nothing is in the way, its row.

    Raises:
        Closed, Full, NotYet, Gone, AlreadyAnswered.
    """
    form = db.session.execute(select(Form).where(Form.id == submission.version.form_id)).scalar_one()
    if form.state == FormState.ARCHIVED:
        raise Gone(form.slug)
    if form.opens_at and submission.now < form.opens_at:
        raise NotYet(form.slug)
    if form.state != FormState.OPEN or (form.closes_at and submission.now >= form.closes_at):
        raise Closed(form.slug)
    if submission.about_id and _answered_before(submission):
        raise AlreadyAnswered(form.slug)
    if form.max_responses is not None:
        taken = db.session.scalar(select(func.max(Response.seat)).where(Response.form_id == form.id))
        if (taken or 0) >= form.max_responses:
            raise Full(form.slug)
    return form


def _answered_before(submission: Submission) -> bool:
    query = select(Response.id).where(
        Response.form_id == submission.version.form_id,
        Response.about_id == submission.about_id,
        Response.id != submission.id,
    )
    return db.session.execute(query.limit(1)).first() is not None
