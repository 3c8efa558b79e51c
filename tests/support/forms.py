"""Published forms to test with."""

from __future__ import annotations

from typing import Any

from flask import Flask

from formsite.definition.document import parse
from formsite.designer import forms, publishing
from formsite.designer.models import Form
from formsite.filling import faces
from formsite.foundation import clock
from formsite.foundation.audit import SYSTEM
from formsite.foundation.database import unit_of_work


def publish(app: Flask, definition: dict[str, Any], slug: str, **columns: Any) -> None:
    """Publish a definition (again) under `slug`; `columns` are set on the form."""
    with app.app_context(), unit_of_work(write=True):
        form = forms.import_form(parse(definition), slug=slug, taken_slug_is_new=False, actor=SYSTEM, now=clock.now())
        publishing.publish(form, actor=SYSTEM, now=clock.now())
        change(form, columns)
    faces.forget()


def alter(app: Flask, slug: str, **columns: Any) -> None:
    """Set columns of a form, as another process might: what is known of it in memory is not told."""
    from formsite.designer.queries import by_slug

    with app.app_context(), unit_of_work(write=True):
        form = by_slug(slug)
        assert form is not None
        change(form, columns)


def change(form: Form, columns: dict[str, Any]) -> None:
    """Set columns."""
    for name, value in columns.items():
        setattr(form, name, value)


def text(words: str) -> dict[str, str]:
    """In English."""
    return {"en": words}


def simple(**more: Any) -> dict[str, Any]:
    """One page: an e-mail address that is compulsory and personal, a choice, and what it brings up."""
    return {
        "formsite": 1,
        "languages": ["en"],
        "title": text("Tell us"),
        "pages": [
            {
                "id": "all",
                "items": [
                    {
                        "id": "email",
                        "type": "email",
                        "label": text("E-mail"),
                        "compulsory": True,
                        "personal": True,
                        "why": text("To answer you"),
                    },
                    {
                        "id": "likes",
                        "type": "single_choice",
                        "label": text("Do you like it?"),
                        "settings": {
                            "choices": [{"id": "yes", "label": text("Yes")}, {"id": "no", "label": text("No")}]
                        },
                    },
                    {
                        "id": "reason",
                        "type": "long_text",
                        "label": text("Why not?"),
                        "shown_if": {"op": "is", "left": {"field": "likes"}, "right": {"value": "no"}},
                    },
                    {"id": "age", "type": "number", "label": text("Your age"), "settings": {"min": 0, "max": 130}},
                ],
            }
        ],
        "consents": [
            {"id": "feedback", "purpose": "feedback", "channel": "email", "wording": text("Ask me how it went")},
            {"id": "news", "purpose": "marketing", "channel": "email", "wording": text("Send me news")},
        ],
    } | more


def paged() -> dict[str, Any]:
    """Three pages; the second is shown for a yes."""
    return {
        "formsite": 1,
        "languages": ["en", "de"],
        "title": {"en": "In steps", "de": "In Schritten"},
        "pages": [
            {
                "id": "first",
                "title": text("First"),
                "items": [
                    {"id": "full_name", "type": "name", "label": text("Name"), "personal": True},
                    {"id": "more", "type": "yes_no", "label": text("Is there more?")},
                ],
            },
            {
                "id": "second",
                "title": text("Second"),
                "shown_if": {"op": "is", "left": {"field": "more"}, "right": {"value": True}},
                "items": [
                    {"id": "what", "type": "short_text", "label": text("What is it?"), "compulsory": True},
                ],
            },
            {
                "id": "third",
                "title": text("Third"),
                "items": [
                    {"id": "rating", "type": "rating", "label": text("How was it?")},
                    {
                        "id": "comment",
                        "type": "long_text",
                        "label": text("Anything else?"),
                        "shown_if": {"op": "answered", "field": "full_name"},
                    },
                ],
            },
        ],
        "consents": [
            {"id": "news", "purpose": "marketing", "wording": {"en": "Send me news", "de": "Schickt mir Neues"}}
        ],
    }
