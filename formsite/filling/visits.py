"""One customer at one page of a form: what is known before anything that was sent is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from formsite.definition.document import Page
from formsite.definition.flow import Plan
from formsite.definition.state import State
from formsite.designer.plans import Published
from formsite.filling.drafts import Draft
from formsite.filling.faces import Face
from formsite.filling.pagetokens import PageToken

REVIEW = "review"
SAVED = "saved"


@dataclass(frozen=True, slots=True)
class Visit:
    """Which page, of which version, for which response, in which language, and when."""

    face: Face
    version: Published
    page_id: str
    language: str
    now: datetime
    response_id: UUID | None = None  # None on a page that nobody sent yet
    started_at: datetime | None = None
    about_id: UUID | None = None
    draft: Draft | None = None

    @property
    def plan(self) -> Plan:
        """The compiled version."""
        return self.version.plan

    @property
    def page(self) -> Page:
        """The page; not for the review."""
        return self.plan.pages[self.page_id]

    @property
    def today(self) -> date:
        """The day for rules and checks, in UTC."""
        return self.now.date()

    @property
    def single(self) -> bool:
        """The form has one page, which is sent at once; a longer one ends in a review."""
        return len(self.version.definition.pages) == 1

    @property
    def final(self) -> bool:
        """This is the step that submits, and so where consent is asked."""
        return self.single or self.page_id == REVIEW

    @property
    def seed(self) -> str | None:
        """What decides the orders of chance: the response, so that they stay as they are."""
        return self.response_id.hex if self.response_id else None

    def state(self) -> State:
        """What holds for the answers kept so far."""
        answers = self.draft.answers if self.draft else {}
        return self.plan.state(answers, self.today, now=self.now, language=self.language)


def first_visit(face: Face, token: PageToken | None, *, version: Published, language: str, now: datetime) -> Visit:
    """A visit to the first page, blank or as it comes in."""
    page_id = version.definition.pages[0].id
    if token is None:
        return Visit(face, version, page_id, language, now)
    return Visit(face, version, page_id, language, now, token.response_id, token.minted_at, token.about_id)


def visit_draft(face: Face, draft: Draft, page_id: str, *, language: str, now: datetime) -> Visit | None:
    """A visit to a page of a response in progress; None if its version has no such page."""
    if page_id not in (REVIEW, SAVED) and page_id not in draft.version.plan.pages:
        return None
    return Visit(face, draft.version, page_id, language, now, draft.id, draft.started_at, draft.about_id, draft)
