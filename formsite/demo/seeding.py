"""The demo's data: made once; a second start finds it and adds nothing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from formsite.definition.document import Kind, parse
from formsite.definition.fieldtypes import Value
from formsite.designer import forms, plans, publishing, starters
from formsite.designer.models import Form
from formsite.filling import synthetic
from formsite.filling.submission import Submission, submit
from formsite.foundation import clock
from formsite.foundation.audit import SYSTEM
from formsite.foundation.database import db, unit_of_work
from formsite.foundation.ids import uuid7
from formsite.staff import accounts
from formsite.staff.models import Role, StaffMember

PASSWORD = "try formsite out"  # noqa: S105  (the demo's, shown on the screen)
NAMES = {
    Role.DESIGNER: ("Dana", "makes forms"),
    Role.SUPPORT: ("Sami", "helps customers, sees masked answers"),
    Role.ANALYST: ("Ana", "sees results, never personal answers"),
    Role.PRIVACY: ("Pat", "reveals and exports with a reason"),
    Role.ADMIN: ("Alex", "accounts and the outbox"),
}
PEOPLE_SAID = [(f"{role.value}@northwind.example", said) for role, (_, said) in NAMES.items()]
FEEDBACK = "how-did-it-go"
FORMS = (
    ("feedback", FEEDBACK, 60),
    ("questionnaire", "service-survey", 320),
    ("registration", "open-day", 140),
    ("competition", "year-of-fibre", 280),
    ("promotion", "free-coffee", 190),
)
BLANKS = {
    "[12 months]": "12 months",
    "[12 Monate]": "12 Monate",
    "[90 days]": "90 days",
    "[90 Tage]": "90 Tage",
    "[two weeks]": "two weeks",
    "[zwei Wochen]": "zwei Wochen",
    "[amount]": "480 €",
    "[Betrag]": "480 €",
    "[closing date, time and time zone]": "the closing time above",
    "[Datum und Uhrzeit des Endes]": "zum Ende, das oben steht",
    "[country]": "Norway",
    "[Land]": "Norwegen",
    "[address of the page]": "this address",
    "[Adresse der Seite]": "dieser Seite",
    "[Name and address of the promoter]": "Northwind Ltd, 1 Harbour Street, Bergen",
    "[Name und Anschrift des Veranstalters]": "Northwind Ltd, Hafenstraße 1, Bergen",
}
"""What a designer would have written into the starters."""


def seed() -> None:
    """Accounts, one published form of each kind, responses of the last month, and one mail that is due."""
    now = clock.now()
    with unit_of_work(write=False):
        if db.session.scalar(select(func.count()).select_from(Form)):
            return
    with unit_of_work(write=True):
        if not db.session.scalar(select(func.count()).select_from(StaffMember)):
            for role, (name, _) in NAMES.items():
                accounts.add(
                    f"{role.value}@northwind.example", name=name, role=role, password=PASSWORD, actor=SYSTEM, now=now
                )
    for at, (starter, slug, number) in enumerate(FORMS):
        version = _publish(starter, slug, now)
        synthetic.fill(version, slug, number, seed=at, days=30, now=now, limited=False)
        if starter == "registration":
            _somebody(version, slug, now)


def _publish(starter: str, slug: str, now: datetime) -> plans.Published:
    with unit_of_work(write=True):
        kind = next(each.kind for each in starters.STARTERS if each.name == starter)
        form = forms.create(kind, starter, "", slug=slug, actor=SYSTEM, now=now)
        request = {} if kind is Kind.FEEDBACK else {"feedback": _request()}
        forms.keep_draft(form, parse(filled(form.draft) | request), actor=SYSTEM, now=now)
        if starter == "competition":
            form.closes_at = (now + timedelta(days=30)).replace(hour=18, minute=0, second=0, microsecond=0)
        version = publishing.publish(form, actor=SYSTEM, now=now)
        return plans.keep(version.id, form.id, version.number, version.sha256, version.definition)


def filled(draft: dict[str, Any]) -> dict[str, Any]:
    """A starter's draft without its blanks."""
    text = json.dumps(draft, ensure_ascii=False)
    for blank, words in BLANKS.items():
        text = text.replace(blank, words)
    whole: dict[str, Any] = json.loads(text)
    return whole


def _request() -> dict[str, Any]:
    return {
        "form": FEEDBACK,
        "after_hours": 24,
        "subject": {"en": "How did our form work for you?", "de": "Wie gut war unser Formular für Sie?"},
        "body": {
            "en": "You filled in one of our forms and said that we may ask you, once, how it went. It takes a minute.",
            "de": "Sie haben eines unserer Formulare ausgefüllt und uns erlaubt, Sie einmal zu fragen, wie es ging. Es dauert eine Minute.",
        },
    }


def _somebody(version: plans.Published, slug: str, now: datetime) -> None:
    """Somebody registered yesterday and agreed to be asked: the worker's first mail."""
    then = now - timedelta(hours=25)
    answers: dict[str, Value] = {
        "full_name": "Grace Okafor",
        "email": "grace@example.org",
        "guests": 2,
        "children": True,
    }
    choices = {statement.id: statement.id == "feedback" for statement in version.definition.consents}
    submit(
        Submission(
            id=uuid7(then),
            slug=slug,
            version=version,
            language="en",
            answers=answers,
            choices=choices,
            started_at=then - timedelta(minutes=2),
            now=then,
        )
    )
