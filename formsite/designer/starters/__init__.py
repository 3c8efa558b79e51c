"""Forms to begin with: short, mostly optional, with consent asked as it should be. [Blanks] are for designers to fill in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from formsite.definition.document import Kind

FOLDER = Path(__file__).parent


class Shelf(StrEnum):
    """Where a starter stands in the library: what somebody wants to do with it."""

    LISTEN = "Ask people"
    SERVICE = "Help and listen to complaints"
    REGISTER = "Register and invite"
    BOUGHT = "After a purchase"
    WIN = "Competitions"
    PROMOTE = "Promotions"
    WORK = "Work and learning"
    BLANK = "From nothing"


@dataclass(frozen=True, slots=True)
class Starter:
    """A starter as the designer is offered it."""

    name: str
    kind: Kind
    title: str
    about: str
    shelf: Shelf


def _on(shelf: Shelf, kind: Kind, *starters: tuple[str, str, str]) -> tuple[Starter, ...]:
    return tuple(Starter(name, kind, title, about, shelf) for name, title, about in starters)


STARTERS = (
    *_on(
        Shelf.LISTEN,
        Kind.QUESTIONNAIRE,
        ("questionnaire", "Questionnaire", "How people use a service, and what keeps them from it."),
        (
            "market_research",
            "Market research",
            "Who buys, which brands they know, what counts. Anonymous, with quotas by age.",
        ),
        ("price_test", "Price and concept test", "An idea, four prices that must rise, and 100 points to share out."),
        ("nps", "Recommendation (NPS)", "One number, the reason for it, and an answer for those who want one."),
        ("csat", "Satisfaction (CSAT)", "How satisfied, with what, and what went wrong. Anonymous."),
        ("ces", "Effort (CES)", "How easy it was to get something done, and what was in the way. Anonymous."),
        ("website_feedback", "Website feedback", "Did people find what they came for? Anonymous."),
        ("quiz", "Quiz", "Five questions in an order of chance, and the points at the end."),
    ),
    *_on(
        Shelf.LISTEN,
        Kind.REGISTRATION,
        ("consumer_panel", "Consumer panel", "Interests and preferences of people who take part in studies."),
    ),
    *_on(
        Shelf.SERVICE,
        Kind.QUESTIONNAIRE,
        ("contact", "Contact request", "A message and where to answer; the topic follows from the area."),
        ("complaint", "Complaint", "What happened, papers, and what would put it right."),
        ("support_satisfaction", "Support satisfaction", "Was the matter settled? If not, it is taken up again."),
        ("form_problem", "Trouble with a form", "For people whom another form gave trouble."),
        ("accessibility", "Accessibility feedback", "What keeps somebody out, and how to answer them."),
    ),
    *_on(
        Shelf.SERVICE,
        Kind.FEEDBACK,
        ("feedback", "Feedback", "One rating and one open question, for those who agreed to be asked."),
    ),
    *_on(
        Shelf.REGISTER,
        Kind.REGISTRATION,
        ("registration", "Registration", "Who comes to the open day, with whom, and what they need."),
        ("event_sign_up", "Event sign-up", "Workshops with a number of seats, lunch, and what to prepare."),
        ("rsvp", "Invitation (RSVP)", "Yes, no or perhaps; guests by name, and a song."),
        ("membership", "Membership", "An application whose fee is worked out while it is filled in."),
        ("volunteer", "Volunteers", "Tasks, shifts with a number of seats, and a parent's signature for the young."),
        ("appointment", "Appointment request", "Topic and day, with a second choice; checked against closing days."),
    ),
    *_on(
        Shelf.BOUGHT,
        Kind.REGISTRATION,
        (
            "product_registration",
            "Product registration",
            "Model, serial number and receipt; tips and news stay a free choice.",
        ),
        ("warranty_claim", "Warranty claim", "What is broken, photos of it, and what the customer would like."),
        ("return_request", "Return or exchange", "Article by article, with reasons for those who give one."),
        ("order_request", "Order request", "Amounts and a total; an offer follows, nothing is bought yet."),
    ),
    *_on(
        Shelf.WIN,
        Kind.COMPETITION,
        ("competition", "Competition with a question", "A question, an entry, a prize; marketing stays a free choice."),
        ("prize_draw", "Prize draw", "An address is enough. The significant conditions stand before the entry."),
        ("photo_contest", "Photo contest", "A photo for the jury; showing it is a choice of its own."),
        (
            "instant_win",
            "Instant win by code",
            "A code from the pack, which your staff compare with the list of winning codes.",
        ),
    ),
    *_on(
        Shelf.PROMOTE,
        Kind.PROMOTION,
        ("promotion", "Promotion", "An offer for those who ask for it."),
        ("voucher", "Voucher", "One of two offers, each with its number; your staff send the voucher."),
        ("sample_request", "Sample request", "A sample by post while there are any, and what people like."),
        ("newsletter", "Newsletter", "Where to, about what, how often, with an agreement that can be proved."),
    ),
    *_on(
        Shelf.WORK,
        Kind.REGISTRATION,
        ("job_application", "Job application", "Why this work, papers and languages; no photo, no age."),
    ),
    *_on(
        Shelf.WORK,
        Kind.QUESTIONNAIRE,
        ("employee_pulse", "Employee pulse", "How people are at work, in two minutes. Anonymous."),
        ("course_evaluation", "Course evaluation", "What was learned, and what should be different. Anonymous."),
    ),
    *_on(Shelf.BLANK, Kind.QUESTIONNAIRE, ("blank", "Blank", "One empty page.")),
)


@cache
def _text(name: str) -> str:
    if all(starter.name != name for starter in STARTERS):
        raise KeyError(name)
    return (FOLDER / f"{name}.json").read_text("utf-8")


def load(name: str) -> dict[str, Any]:
    """A fresh copy of a starter's definition; KeyError if there is none of that name."""
    starter: dict[str, Any] = json.loads(_text(name))
    return starter
