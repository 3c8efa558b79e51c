"""The codebase itself: every view says who may use it, and the table of roles is as it was meant."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from formsite.definition.document import parse
from formsite.designer import starters
from formsite.staff.access import ALLOWED, Permission
from formsite.staff.models import Role
from formsite.web.health import OPEN_TO_ALL
from tests.support.forms import publish
from tests.support.people import sign_in

D, S, A, P, X = Role.DESIGNER, Role.SUPPORT, Role.ANALYST, Role.PRIVACY, Role.ADMIN
EVERYBODY = {D, S, A, P, X}
MEANT: dict[Permission, set[Role]] = {
    Permission.OWN_ACCOUNT: EVERYBODY,
    Permission.VIEW_FORMS: EVERYBODY,
    Permission.EDIT_FORM: {D},
    Permission.PUBLISH_FORM: {D},
    Permission.IMPORT_FORM: {D},
    Permission.VIEW_RESPONSES: {D, S, A, P},
    Permission.SEE_MASKED: {S, P},
    Permission.REVEAL_ANSWERS: {P},
    Permission.EXPORT_RESPONSES: {D, A, P},
    Permission.EXPORT_PERSONAL: {P},
    Permission.VIEW_OUTBOX: {P, X},
    Permission.MANAGE_STAFF: {X},
}


def undeclared(app: Flask) -> set[str]:
    """Endpoints that say neither that they are public nor whom they serve."""
    return {
        endpoint
        for endpoint, view in app.view_functions.items()
        if not getattr(view, "__formsite_public__", False)
        and not getattr(view, "__formsite_permission__", None)
        and endpoint not in OPEN_TO_ALL
    }


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    return getattr(app.view_functions[endpoint], "__formsite_permission__", None)


def test_the_extractor_sees_an_undeclared_view(app: Flask) -> None:
    app.view_functions["forgotten"] = lambda: "everything"
    assert undeclared(app) == {"forgotten"}


def test_every_view_declares_who_may_use_it(make_app: Any) -> None:
    for app in (make_app(), make_app(demo=True)):
        assert undeclared(app) == set()


def test_staff_views_live_under_staff_and_only_they(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if permission_of(app, rule.endpoint):
            assert rule.rule.startswith("/staff/"), rule
        elif rule.rule.startswith("/staff/"):
            assert rule.endpoint == "staff.sign_in", rule


def test_the_table_is_as_it_was_meant() -> None:
    class Member:
        def __init__(self, role: Role) -> None:
            self.role = role.value

    allowed = {
        permission: {role for role in Role if any(holds(Member(role), None) for holds in predicates)}
        for permission, predicates in ALLOWED.items()
    }
    assert allowed == MEANT


def addresses(app: Flask) -> list[tuple[str, str, Permission]]:
    """Every staff route with an address that exists: (method, path, permission)."""
    found = []
    values = {"slug": "tell", "name": "how_often", "number": 1, "verb": "close"}
    missing = "00000000-0000-7000-8000-000000000000"
    for rule in app.url_map.iter_rules():
        permission = permission_of(app, rule.endpoint)
        if permission is None:
            continue
        given = {name: values.get(name, missing) for name in rule.arguments}
        with app.test_request_context():
            from flask import url_for

            path = url_for(rule.endpoint, **given)
        found += [(method, path, permission) for method in rule.methods & {"GET", "POST"}]
    return found


@pytest.mark.parametrize("role", list(Role))
def test_each_role_against_each_route(app: Flask, role: Role) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # so that what refuses is the permission
    publish(app, parse(starters.load("questionnaire")).as_json(), "tell")
    client = sign_in_without_token(app, role)
    for method, path, permission in addresses(app):
        if path.endswith("/sign-out"):
            continue
        status = client.open(path, method=method, data={}).status_code
        if role in MEANT[permission]:
            assert status not in (401, 403) and status < 500, (method, path, status)
        else:
            assert status in (403, 404), (method, path, status)


def sign_in_without_token(app: Flask, role: Role) -> Any:
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(app, role)
    app.config["WTF_CSRF_ENABLED"] = False
    return client


def test_nobody_gets_in_without_signing_in(app: Flask) -> None:
    publish(app, parse(starters.load("questionnaire")).as_json(), "tell")
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    for method, path, _ in addresses(app):
        answer = client.open(path, method=method)
        if method == "GET":
            assert answer.status_code == 303 and "/staff/sign-in" in answer.headers["Location"], path
        else:
            assert answer.status_code == 401, path


def test_a_forged_request_is_refused(app: Flask, designer: Any) -> None:
    publish(app, parse(starters.load("questionnaire")).as_json(), "tell")
    assert designer.post("/staff/forms/tell/state/close").status_code == 400
    app.config["WTF_CSRF_ENABLED"] = False
    assert designer.post("/staff/forms/tell/state/close", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert designer.post("/staff/forms/tell/state/close", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
