"""Turning a page: what came in is taken, kept or submitted, and it is said where the customer goes from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from formsite.definition import seats
from formsite.definition.messages import Message
from formsite.definition.state import Answers, Moment, State, Taken
from formsite.filling import drafts, faces, instances
from formsite.filling.drafts import Draft
from formsite.filling.pagetokens import PageToken
from formsite.filling.refusals import Full, NoSeat, SentDifferently
from formsite.filling.submission import MOST_RACES, Submission, refuse_if_shut, submit, submit_draft
from formsite.filling.visits import REVIEW, SAVED, Visit
from formsite.foundation.database import unit_of_work
from formsite.responses import uploads

Sent = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Stay:
    """The page again, with everything that was typed."""

    visit: Visit
    state: State
    typed: Mapping[str, Sequence[str]]
    errors: Mapping[str, Sequence[Message]] = field(default_factory=dict)
    brought_up: Sequence[str] = ()
    unsure: Sequence[str] = ()  # left empty though wanted: the customer is asked once whether that is meant
    changed: bool = False  # an instance of a group came or went, as the customer wished: nothing is the matter
    refusal: Message | None = None  # something that was chosen has just run out
    notice: str | None = None  # a key of the catalogue: what is the matter with the page as a whole
    choices: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Go:
    """On to another page of the response in progress; `checked` shows there what is still wrong."""

    visit: Visit
    page_id: str
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """The response is stored."""

    visit: Visit


Outcome = Stay | Go | Done


def turn(visit: Visit, token: PageToken | None, sent: Sent, *, go: str) -> Outcome:
    """Take a page as it comes in.

    Args:
        token: what the page says of itself; None if it was not made here, and then nothing is stored.
        go: the button: `next`, `back`, `save`, `submit`, `add:<group>` or `remove:<group>:<number>`.

    Raises:
        Shut: the form takes no answers (any more).
    """
    if visit.page_id == REVIEW:
        return _send_review(visit, token, sent, go=go)
    taken = _take(visit, visit.draft, sent)
    choices = _choices(visit, sent)
    if token is None or token.expired or token.response_id != visit.response_id:
        return Stay(visit, taken.state, taken.typed, taken.errors, notice="page_expired", choices=choices)
    if go.startswith(("add:", "remove:")):
        return _with_instances(visit, sent, go, choices)
    if go in ("back", "save"):
        draft, taken = _keep(visit, sent)
        before = visit.plan.before(visit.page_id, taken.state, visit.seed) if go == "back" else SAVED
        return Go(replace(visit, draft=draft), before or visit.page_id)
    if taken.errors or taken.brought_up or taken.unsure:
        unsure = () if taken.errors or taken.brought_up else taken.unsure
        return Stay(visit, taken.state, taken.typed, taken.errors, taken.brought_up, unsure, choices=choices)
    if visit.single and visit.draft is None:
        return _submit(visit, taken, choices)
    if claim := _met(visit, taken.state):
        return _without_seat(visit, taken.state, taken.typed, NoSeat(claim), choices)
    draft, taken = _keep(visit, sent)
    if draft.submitted:
        return Done(replace(visit, draft=draft))
    if visit.single:
        return _submit_draft(replace(visit, draft=draft), choices)
    if taken.state.exit == visit.page_id:
        return Go(replace(visit, draft=draft), visit.page_id)
    return Go(replace(visit, draft=draft), visit.plan.after(visit.page_id, taken.state, visit.seed) or REVIEW)


def _met(visit: Visit, state: State) -> seats.Claim | None:
    """A quota that is met already, as far as the customer has come; the submission itself decides exactly."""
    if not visit.version.definition.quotas or visit.version.id != visit.face.version.id:
        return None
    order = visit.plan.order(visit.seed)
    passed = order[: order.index(visit.page_id) + 1]
    moment = Moment(visit.today, visit.now, visit.language)
    return seats.met(visit.plan, state, moment, visit.face.tallies, passed)


def _take(visit: Visit, draft: Draft | None, sent: Sent) -> Taken:
    asked = frozenset(name for names in sent.get("_asked", ()) for name in names.split(","))
    sure = frozenset(name for names in sent.get("_sure", ()) for name in names.split(","))
    answers: Answers = draft.answers if draft else {}
    return visit.plan.take(
        visit.page_id,
        sent,
        answers,
        asked=asked,
        language=visit.language,
        today=visit.today,
        now=visit.now,
        sure=sure,
    )


def _with_instances(visit: Visit, sent: Sent, go: str, choices: Mapping[str, bool]) -> Stay:
    """The page with an instance more or less. Nothing is stored, and nothing is checked yet."""
    changed = instances.changed(sent, go)
    taken = _take(visit, visit.draft, changed)
    return Stay(visit, taken.state, taken.typed, changed=True, choices=choices)


def _choices(visit: Visit, sent: Sent) -> dict[str, bool]:
    """Every statement shown, with the choice made: an empty box is a refusal."""
    return {s.id: bool(sent.get(f"consent-{s.id}")) for s in visit.version.definition.consents}


def _keep(visit: Visit, sent: Sent) -> tuple[Draft, Taken]:
    """Keep the readable answers of this page beside those of the others, in a response made now if there is none."""
    assert visit.response_id is not None and visit.started_at is not None
    with unit_of_work(write=True):
        draft = drafts.find(visit.response_id)
        taken = _take(visit, draft, sent)
        good = {path: value for path, value in taken.answers.items() if path not in taken.errors}
        if visit.plan.takes_files:
            uploads.hold(visit.response_id, uploads.named(visit.plan, good), visit.now)
        if draft is None:
            return drafts.start(
                visit.response_id,
                visit.version,
                good,
                language=visit.language,
                started_at=visit.started_at,
                about_id=visit.about_id,
            ), taken
        return drafts.keep(draft, good, language=visit.language), taken


def _submission(visit: Visit, answers: Answers, choices: Mapping[str, bool]) -> Submission:
    assert visit.response_id is not None and visit.started_at is not None
    return Submission(
        id=visit.response_id,
        slug=visit.face.slug,
        version=visit.version,
        language=visit.language,
        answers=answers,
        choices=choices,
        started_at=visit.started_at,
        now=visit.now,
        limited=visit.face.max_responses is not None,
        about_id=visit.about_id,
    )


def _submit(visit: Visit, taken: Taken, choices: Mapping[str, bool]) -> Outcome:
    try:
        submit(_submission(visit, taken.answers, choices))
    except NoSeat as refused:
        return _without_seat(visit, taken.state, taken.typed, refused, choices)
    except SentDifferently:
        fresh = replace(visit, response_id=None)
        return Stay(fresh, taken.state, taken.typed, notice="sent_differently", choices=choices)
    return Done(visit)


def _without_seat(
    visit: Visit,
    state: State,
    typed: Mapping[str, Sequence[str]],
    refused: NoSeat,
    choices: Mapping[str, bool],
) -> Stay:
    """The page again: beside the choice that ran out, or above all where a quota is met."""
    faces.forget(visit.face.slug)
    said = seats.refusal(visit.plan, refused.claim, state, visit.language)
    if visit.page_id != REVIEW and refused.claim.path:
        return Stay(visit, state, typed, {refused.claim.path: [said]}, choices=choices)
    return Stay(visit, state, typed, refusal=said, choices=choices)


def _send_review(visit: Visit, token: PageToken | None, sent: Sent, *, go: str) -> Outcome:
    assert visit.draft is not None
    state = visit.state()
    choices = _choices(visit, sent)
    if token is None or token.expired or token.response_id != visit.response_id:
        return Stay(visit, state, {}, notice="page_expired", choices=choices)
    if go == "back":
        return Go(visit, visit.plan.shown_pages(state, visit.seed)[-1])
    if go == "save":
        return Go(visit, SAVED)
    return _submit_draft(visit, choices)


def _submit_draft(visit: Visit, choices: Mapping[str, bool]) -> Outcome:
    """Submit what is kept, as it is kept: read again under the lock, so that no page slips in between."""
    limited = visit.face.max_responses is not None
    for _ in range(MOST_RACES):
        try:
            with unit_of_work(write=True) as session:
                outcome = _submit_kept(visit, choices, session.connection(), limited=limited)
                if outcome is not None:
                    return outcome
                limited = refuse_if_shut(_submission(visit, {}, choices), session.connection()) is not None
        except IntegrityError:
            continue  # another process took the seat in this moment
        except NoSeat as refused:
            return _without_seat(visit, visit.state(), {}, refused, choices)
    raise Full(visit.face.slug)


def _submit_kept(visit: Visit, choices: Mapping[str, bool], connection: Connection, *, limited: bool) -> Outcome | None:
    """None if the form did not take it."""
    assert visit.response_id is not None
    draft = drafts.find(visit.response_id)
    if draft is None or draft.submitted:
        return Done(visit)
    state = replace(visit, draft=draft).state()
    errors = visit.plan.errors(state, visit.language, visit.today)
    if page := visit.plan.unfinished(state, errors):
        return Go(visit, page, checked=True)
    if state.exit:
        return Go(visit, state.exit)
    submission = replace(_submission(visit, state.answers, choices), limited=limited)
    return Done(visit) if submit_draft(submission, draft.key, connection) else None
