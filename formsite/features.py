"""The list of features: their addresses, and where an upper one hangs itself into a lower one."""

from __future__ import annotations

from typing import Any

from flask import Flask

from formsite.consent import views as consent
from formsite.consent.beside import ConsentBeside
from formsite.consent.publishing import store_wordings
from formsite.designer import mediaviews as media
from formsite.designer import publishing
from formsite.designer import views as designer
from formsite.filling import gallery, preview, starters
from formsite.filling import views as filling
from formsite.filling.uploads import MOST_BYTES, most_bytes
from formsite.followups import emails
from formsite.followups import views as followups
from formsite.interchange import listviews as choices
from formsite.interchange import jobs as imports  # noqa: F401  (the queue declares itself)
from formsite.interchange import views as interchange
from formsite.responses import companions, jobs  # noqa: F401  (the jobs declare themselves)
from formsite.responses import views as responses
from formsite.staff import views as staff
from formsite.extensions import csrf, login
from formsite.staff import navigation, presence
from formsite.staff.access import Permission, may
from formsite.staff.navigation import Entry
from formsite.web import limits


def register(app: Flask) -> None:
    """Put every feature into the application."""
    for feature in (
        filling,
        gallery,
        preview,
        starters,
        consent,
        followups,
        responses,
        designer,
        media,
        interchange,
        choices,
        staff,
    ):
        app.register_blueprint(feature.bp)
    if app.config["FORMSITE"].demo:
        from formsite.demo import catching

        app.register_blueprint(catching.bp)
    companions.register(ConsentBeside())
    if store_wordings not in publishing.ON_PUBLISH:
        publishing.ON_PUBLISH.append(store_wordings)
    emails.declare()
    limits.FILES |= dict.fromkeys(("filling.send_first_page", "filling.send_page"), most_bytes)
    limits.FILES |= dict.fromkeys(("preview.send", "gallery.send", "starters.send"), MOST_BYTES)
    navigation.offer(Entry("Forms", "designer.index", Permission.VIEW_FORMS, frozenset({"interchange", "responses"})))
    navigation.offer(Entry("Pictures", "media.index", Permission.EDIT_FORM))
    navigation.offer(Entry("Gallery", "gallery.show", Permission.VIEW_FORMS))
    navigation.offer(Entry("Outbox", "followups.outbox", Permission.VIEW_OUTBOX))
    navigation.offer(Entry("Team", "staff.team", Permission.MANAGE_STAFF))
    _exempt_public(app)
    _show_member(app)
    app.add_template_global(interchange.origin, "origin")


def _exempt_public(app: Flask) -> None:
    """Customers' pages set no cookie; what stands against forged requests there is the token in the page."""
    for endpoint, view in app.view_functions.items():
        if getattr(view, "__formsite_public__", False) and endpoint != "staff.sign_in":
            csrf.exempt(view)


def _show_member(app: Flask) -> None:
    @login.request_loader  # type: ignore[untyped-decorator]
    def load(_request: Any) -> Any:
        return presence.present()

    @app.context_processor
    def staff_shell() -> dict[str, Any]:
        return {
            "nav": lambda: navigation.entries(presence.present()),
            "member": presence.present,
            "Permission": Permission,
            "may": may,
        }
