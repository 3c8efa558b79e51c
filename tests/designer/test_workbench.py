"""The designer by plain links and submits: parts, settings, rules, texts, consent, follow-up, states."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from formsite.definition.document import parse
from formsite.designer.models import Version
from formsite.designer.queries import by_slug
from formsite.foundation.database import unit_of_work
from formsite.staff.models import Role
from tests.support.forms import publish, simple, text
from tests.support.pages import Page
from tests.support.people import sign_in

BASE = "/staff/forms/tell"


def draft(app: Flask, slug: str = "tell") -> dict[str, Any]:
    with app.app_context(), unit_of_work(write=False):
        form = by_slug(slug)
        assert form is not None
        return form.draft


def items(app: Flask) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for page in draft(app)["pages"] for item in page.get("items", [])}


def token(client: FlaskClient) -> str:
    page = Page(client.get("/staff/account"))
    return next(e.get("value") for e in page.elements if e.get("name") == "csrf_token")


def press(client: FlaskClient, path: str, expect: int = 303, **data: Any) -> Any:
    answer = client.post(path, data={"csrf_token": token(client)} | data)
    assert answer.status_code == expect, answer.text[:800]
    return answer


def panel(client: FlaskClient, name: str, lang: str = "en") -> dict[str, Any]:
    return Page(client.get(f"{BASE}/?part={name}&lang={lang}")).form_data(f"{BASE}/parts/{name}?lang={lang}")


def save(client: FlaskClient, name: str, expect: int = 303, lang: str = "en", **given: Any) -> Page | None:
    answer = client.post(f"{BASE}/parts/{name}?lang={lang}", data=panel(client, name, lang) | given)
    assert answer.status_code == expect, Page(answer, expect=answer.status_code).text[:900]
    return Page(answer, expect=expect) if expect != 303 else None


@pytest.fixture
def tell(app: Flask) -> Flask:
    publish(app, simple(), "tell")
    return app


@pytest.mark.parametrize(
    "kind",
    [
        "short_text",
        "number",
        "date",
        "yes_no",
        "single_choice",
        "several_choices",
        "dropdown",
        "rating",
        "statement",
        "name",
        "email",
        "phone",
        "long_text",
    ],
)
def test_every_type_is_added_where_the_designer_stands_and_can_be_saved(
    tell: Flask, designer: FlaskClient, kind: str
) -> None:
    press(designer, f"{BASE}/parts", kind=kind, where="likes")
    names = list(items(tell))
    assert names[names.index("likes") + 1] == f"{kind}_1"
    save(designer, f"{kind}_1", label="A new one")
    assert items(tell)[f"{kind}_1"]["label"] == text("A new one")


def test_pages_groups_moves_and_deletes(tell: Flask, designer: FlaskClient) -> None:
    press(designer, f"{BASE}/parts", kind="page")
    press(designer, f"{BASE}/parts", kind="group", where="page_1")
    press(designer, f"{BASE}/parts", kind="short_text", where="group_1")
    press(designer, f"{BASE}/parts/age/move", direction="down")
    assert [p["id"] for p in draft(tell)["pages"]] == ["all", "page_1"]
    assert [i["id"] for i in draft(tell)["pages"][1]["items"]] == ["age", "group_1"]
    press(designer, f"{BASE}/parts/age/move", inside="group_1", before="short_text_1")
    assert [i["id"] for i in draft(tell)["pages"][1]["items"][0]["items"]] == ["age", "short_text_1"]
    press(designer, f"{BASE}/parts/group_1/move", inside="group_1", expect=422)
    press(designer, f"{BASE}/parts/group_1/delete")
    assert "age" not in items(tell) and "group_1" not in items(tell)
    page = Page(press(designer, f"{BASE}/parts/likes/delete", expect=422), expect=422)
    assert "reason" in page.text  # whose rule looks at it
    press(designer, f"{BASE}/parts/nothing/delete", expect=404)
    press(designer, f"{BASE}/parts", kind="nonsense", where="likes", expect=422)


def test_the_settings_of_a_question(tell: Flask, designer: FlaskClient) -> None:
    save(
        designer,
        "age",
        label="How old?",
        hint="In **years**",
        answering="compulsory",
        why="To count",
        personal="yes",
        **{"settings.min": "18", "settings.max": "", "settings.decimals": "1"},
    )
    age = items(tell)["age"]
    assert age["compulsory"] is True and age["personal"] is True and age["why"] == text("To count")
    assert age["settings"] == {"min": 18, "decimals": 1}
    page = save(designer, "age", expect=422, **{"settings.min": "much"})
    assert page and "number" in page.error("settings-min") and page.typed("settings.min") == "much"
    page = save(designer, "age", expect=422, id="likes")
    assert page and "another part" in page.error("id")
    page = save(designer, "age", expect=422, id="No Way")
    assert page and page.error("id")


def test_another_name_is_another_name_in_rules_too(tell: Flask, designer: FlaskClient) -> None:
    save(designer, "likes", id="opinion")
    assert items(tell)["reason"]["shown_if"]["left"] == {"field": "opinion"}


def test_choices_are_pasted_and_keep_their_ids(tell: Flask, designer: FlaskClient) -> None:
    save(designer, "likes", **{"settings.choices": "yes | Yes, very\nno | No\nNot sure\n\nA bit"})
    choices = items(tell)["likes"]["settings"]["choices"]
    assert [c["id"] for c in choices] == ["yes", "no", "not_sure", "a_bit"]
    assert choices[0]["label"] == text("Yes, very")


def test_a_rule_is_picked_row_by_row(tell: Flask, designer: FlaskClient) -> None:
    path = f"{BASE}/parts/age?lang=en"
    page = Page(designer.post(path, data=panel(designer, "age") | {"_pick": "shown_if|row:shown_if"}))
    data = page.form_data(path) | {"shown_if.0.field": "likes", "_pick": "shown_if|group:shown_if"}
    page = Page(designer.post(path, data=data))
    assert page.typed("shown_if.0.field") == ["likes"]
    data = page.form_data(path) | {
        "shown_if.0.op": "is",
        "shown_if.0.value": "yes",
        "shown_if.1.0.field": "email",
        "shown_if.1.0.op": "contains",
        "shown_if.1.0.value": "@example",
    }
    assert designer.post(path, data=data).status_code == 303
    rule = items(tell)["age"]["shown_if"]
    assert rule == {
        "op": "all",
        "of": [
            {"op": "is", "left": {"field": "likes"}, "right": {"value": "yes"}},
            {"op": "contains", "left": {"field": "email"}, "right": {"value": "@example"}},
        ],
    }
    assert "“Do you like it?” is “Yes”" in Page(designer.get(f"{BASE}/?part=age")).text
    again = panel(designer, "age")
    page = Page(designer.post(path, data=again | {"_pick": "shown_if|remove:shown_if.1"}))
    assert designer.post(path, data=page.form_data(path)).status_code == 303
    assert items(tell)["age"]["shown_if"]["op"] == "is"


def test_a_condition_that_says_nothing_is_told_beside_it(tell: Flask, designer: FlaskClient) -> None:
    path = f"{BASE}/parts/age?lang=en"
    data = panel(designer, "age") | {"shown_if.0.field": "likes", "shown_if.0.op": "is", "shown_if.0.value": "perhaps"}
    page = Page(designer.post(path, data=data), expect=422)
    assert "not among the choices" in page.text
    assert "shown_if" not in items(tell)["age"]
    compelled = Page(designer.post(path, data=panel(designer, "age") | {"answering": "rule"}), expect=422)
    assert "at least one condition" in compelled.text


def test_what_cannot_be_picked_is_kept_as_json(tell: Flask, designer: FlaskClient) -> None:
    source = '{"op": "more", "left": {"op": "length", "of": {"field": "email"}}, "right": {"value": 9}}'
    raw = simple()
    raw["pages"][0]["items"][3]["shown_if"] = __import__("json").loads(source)
    publish(tell, raw, "tell")
    data = panel(designer, "age")
    assert "length" in data["shown_if.source"]
    save(designer, "age", label="Still there")
    assert items(tell)["age"]["shown_if"]["op"] == "more"
    page = save(designer, "age", expect=422, **{"shown_if.source": '{"op": '})
    assert page and "JSON" in page.text
    save(designer, "age", **{"shown_if.source": ""})
    assert "shown_if" not in items(tell)["age"]


def test_two_designers_do_not_overwrite_each_other(tell: Flask, designer: FlaskClient) -> None:
    other = sign_in(tell, Role.DESIGNER, "other@northwind.example")
    mine, theirs = panel(designer, "age"), panel(other, "likes")
    assert other.post(f"{BASE}/parts/likes?lang=en", data=theirs | {"label": "Theirs"}).status_code == 303
    assert designer.post(f"{BASE}/parts/age?lang=en", data=mine | {"label": "Mine"}).status_code == 303
    assert items(tell)["likes"]["label"] == text("Theirs") and items(tell)["age"]["label"] == text("Mine")
    stale = panel(designer, "age")
    save(other, "age", label="Theirs as well")
    page = Page(designer.post(f"{BASE}/parts/age?lang=en", data=stale | {"label": "Mine again"}), expect=409)
    assert page.typed("label") == "Mine again"
    assert items(tell)["age"]["label"] == text("Theirs as well")
    assert (
        designer.post(f"{BASE}/parts/age?lang=en", data=page.form_data(f"{BASE}/parts/age?lang=en")).status_code == 303
    )
    assert items(tell)["age"]["label"] == text("Mine again")


def test_texts_and_languages(tell: Flask, designer: FlaskClient) -> None:
    data = Page(designer.get(f"{BASE}/texts")).form_data(f"{BASE}/texts?lang=en")
    assert (
        designer.post(f"{BASE}/texts?lang=en", data=data | {"intro": "Hello", "languages": "en de"}).status_code == 303
    )
    data = Page(designer.get(f"{BASE}/texts?lang=de")).form_data(f"{BASE}/texts?lang=de")
    assert data["intro"] == ""
    designer.post(f"{BASE}/texts?lang=de", data=data | {"intro": "Hallo", "title": "Sagt es uns"})
    assert draft(tell)["intro"] == {"en": "Hello", "de": "Hallo"}
    save(designer, "age", lang="de", label="Alter")
    assert items(tell)["age"]["label"] == {"en": "Your age", "de": "Alter"}
    bad = designer.post(
        f"{BASE}/texts?lang=en",
        data=data
        | {
            "was": Page(designer.get(f"{BASE}/texts")).form_data(f"{BASE}/texts?lang=en")["was"],
            "languages": "english!",
        },
    )
    assert Page(bad, expect=422).typed("languages") == "english!"
    stale = designer.post(f"{BASE}/texts?lang=en", data=data | {"was": "0000"})
    assert "Nothing was overwritten" in Page(stale, expect=409).text


def test_consent_statements(tell: Flask, designer: FlaskClient) -> None:
    place = f"{BASE}/consent?lang=en"
    data = Page(designer.get(f"{BASE}/consent")).form_data(place)
    data |= {
        "consents.2.wording": "Phone me",
        "consents.2.purpose": "support",
        "consents.2.channel": "phone",
        "consents.1.remove": "yes",
    }
    assert designer.post(place, data=data).status_code == 303
    assert [(c["id"], c["purpose"], c.get("channel")) for c in draft(tell)["consents"]] == [
        ("feedback", "feedback", "email"),
        ("support", "support", "phone"),
    ]


def test_follow_up(tell: Flask, designer: FlaskClient) -> None:
    place = f"{BASE}/follow-up?lang=en"
    data = Page(designer.get(f"{BASE}/follow-up")).form_data(place) | {"subject": "How?", "body": "Tell us"}
    publish(
        tell,
        {
            "formsite": 1,
            "kind": "feedback",
            "languages": ["en"],
            "title": text("F"),
            "pages": [{"id": "p", "items": [{"id": "r", "type": "rating", "label": text("R")}]}],
        },
        "how",
    )
    page = Page(designer.post(place, data=data | {"form": "how", "after_hours": "soon"}), expect=422)
    assert "whole number" in page.error("after_hours")
    assert designer.post(place, data=data | {"form": "how", "after_hours": "3"}).status_code == 303
    assert draft(tell)["feedback"] == {
        "form": "how",
        "after_hours": 3,
        "subject": text("How?"),
        "body": text("Tell us"),
    }
    data = Page(designer.get(f"{BASE}/follow-up")).form_data(place)
    assert designer.post(place, data=data | {"form": ""}).status_code == 303
    assert "feedback" not in draft(tell)


def test_settings_and_states(tell: Flask, designer: FlaskClient) -> None:
    data = Page(designer.get(f"{BASE}/settings")).form_data("")
    page = Page(designer.post(f"{BASE}/settings", data=data | {"slug": "No Way"}), expect=422)
    assert page.typed("slug") == "No Way"
    page = Page(
        designer.post(
            f"{BASE}/settings", data=data | {"opens_at": "2030-01-02T00:00", "closes_at": "2030-01-01T00:00"}
        ),
        expect=422,
    )
    assert "before it opens" in page.error("closes_at")
    publish(tell, simple(), "taken")
    assert "address" in Page(designer.post(f"{BASE}/settings", data=data | {"slug": "taken"}), expect=422).error("slug")
    assert (
        designer.post(
            f"{BASE}/settings", data=data | {"max_responses": "5", "closes_at": "2030-01-01T12:00"}
        ).status_code
        == 303
    )
    for verb, state in [("close", "closed"), ("reopen", "open"), ("archive", "archived"), ("unarchive", "closed")]:
        press(designer, f"{BASE}/state/{verb}")
        with tell.app_context(), unit_of_work(write=False):
            form = by_slug("tell")
            assert form and form.state == state
    press(designer, f"{BASE}/state/unarchive")  # from a wrong state: told, and nothing changes
    copy = press(designer, f"{BASE}/state/duplicate").headers["Location"]
    assert "(copy)" in Page(designer.get(copy)).text
    press(designer, f"{BASE}/state/nonsense", expect=404)


def test_publishing_refuses_with_a_way_to_each_fault(tell: Flask, designer: FlaskClient) -> None:
    save(designer, "age", answering="compulsory", personal="yes")
    press(designer, f"{BASE}/parts", kind="single_choice", where="age")
    page = Page(press(designer, f"{BASE}/publish", expect=422), expect=422)
    ways = [link.get("href") for link in page.all("a") if link.text.startswith("Mend")]
    assert [way.partition("part=")[2] for way in ways] == ["age#why", "single_choice_1#settings-choices"]
    for way in ways:
        Page(designer.get(way)).by_id(way.partition("#")[2])
    with tell.app_context(), unit_of_work(write=False) as session:
        assert len(session.scalars(select(Version)).all()) == 1


def test_versions_count_up_and_an_unchanged_draft_makes_none(tell: Flask, designer: FlaskClient) -> None:
    press(designer, f"{BASE}/publish")
    save(designer, "age", label="Age now")
    assert "worded anew" in Page(designer.get(f"{BASE}/publish")).text
    press(designer, f"{BASE}/publish")
    page = Page(designer.get(f"{BASE}/versions"))
    assert "Version 2" in page.text and "Version 3" not in page.text
    stored = designer.get(f"{BASE}/versions/1.json").get_json()
    assert parse(stored).as_json() == parse(simple()).as_json()
    assert designer.get(f"{BASE}/versions/9.json").status_code == 404


def test_the_list_finds_and_pages(app: Flask, designer: FlaskClient) -> None:
    assert "No forms yet" in Page(designer.get("/staff/forms/")).text
    for number in range(53):
        publish(app, simple(title=text(f"Form {number}%")), f"form-{number}")
    page = Page(designer.get("/staff/forms/"))
    older = next(link.get("href") for link in page.all("a") if link.text == "Older")
    assert "Form 0%" in Page(designer.get(older)).text and "Form 52%" not in Page(designer.get(older)).text
    assert "Form 52%" in Page(designer.get("/staff/forms/?q=form-52")).text
    assert "No form fits" in Page(designer.get("/staff/forms/?q=%25%25")).text
    assert "No form fits" in Page(designer.get("/staff/forms/?kind=competition")).text
    assert designer.get("/staff/forms/?older=nonsense").status_code == 200


def test_the_preview_is_what_customers_see_and_keeps_nothing(tell: Flask, designer: FlaskClient) -> None:
    page = Page(designer.get(f"{BASE}/preview"))
    assert "Preview" in page.text and page.typed("email") == ""
    data = page.form_data() | {"csrf_token": token(designer), "email": "nonsense"}
    answer = designer.post(f"{BASE}/preview", data=data)
    assert "email" in Page(answer, expect=422).problems
    from formsite.responses.models import Response

    with tell.app_context(), unit_of_work(write=False) as session:
        assert session.scalars(select(Response)).all() == []


def test_who_may_only_look_is_offered_nothing_to_change(tell: Flask, support: FlaskClient) -> None:
    page = Page(support.get(f"{BASE}/?part=age"))
    assert "Save" not in [button.text for button in page.all("button")]


def test_saving_a_part_keeps_what_its_controls_do_not_say(tell: Flask, designer: FlaskClient) -> None:
    raw = simple()
    page = raw["pages"][0]
    adult = {"rule": {"op": "at_least", "left": {"field": "age"}, "right": {"value": 18}}, "message": text("No")}
    page["items"][3] |= {"limits": [adult], "wanted": True, "default": {"value": 30}}
    page["items"].append(
        {"id": "kids", "type": "group", "hint": text("All"), "random": True, "repeat": {"max": 4}, "items": [
            {"id": "kid", "type": "short_text", "label": text("Name")}
        ]}
    )  # fmt: skip
    page |= {"random": True, "jumps": [{"if": {"op": "answered", "field": "age"}, "to": "end"}], "limits": [adult]}
    publish(tell, raw, "tell")
    before = draft(tell)
    for name in ("all", "email", "likes", "reason", "age", "kids", "kid"):
        save(designer, name)
    assert draft(tell) == before
