"""The library of starters: each one can be published as it is, is mostly optional, asks for consent as it should, and
is looked through, previewed and begun with by plain links and submits.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from formsite.consent.models import ConsentRecord
from formsite.definition import checks
from formsite.definition.document import Channel, Definition, Field, Kind, Purpose, parse
from formsite.definition.fieldtypes import Value
from formsite.definition.logic import AnswerType
from formsite.definition.flow import Plan
from formsite.demo import seeding
from formsite.designer import forms, publishing, starters
from formsite.designer.queries import by_slug
from formsite.designer.starters import FOLDER, STARTERS, Shelf
from formsite.designer.starters.words import ALSO
from formsite.filling import faces, synthetic
from formsite.foundation import clock
from formsite.foundation.audit import SYSTEM
from formsite.foundation.database import unit_of_work
from formsite.interchange import files
from formsite.interchange.to_xlsform import write
from formsite.responses.models import Response
from tests.support.files import picture
from tests.support.pages import Page

FULL = [each.name for each in STARTERS if each.name != "blank"]
BY_NAME = {each.name: each for each in STARTERS}
PLACE = "/staff/forms/new"


def definition(name: str) -> Definition:
    return parse(starters.load(name))


def asked(form: Definition) -> list[Field]:
    return [f for f in form.fields() if f.kind.asks and f.kind.drawn(f) and f.computed is None]


def texts(held: object) -> Iterator[dict[str, str]]:
    """Every text of a document, as `{language: words}`."""
    if isinstance(held, list):
        for each in held:
            yield from texts(each)
    elif isinstance(held, dict):
        if "en" in held:
            yield held
        for each in held.values():
            yield from texts(each)


def test_the_library_is_what_lies_in_the_folder() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == BY_NAME.keys()
    assert len(BY_NAME) == len(STARTERS) >= 28
    assert {each.shelf for each in STARTERS} == set(Shelf) and {each.kind for each in STARTERS} == set(Kind)
    with pytest.raises(KeyError):
        starters.load("../blank")


def test_only_the_blank_one_is_not_ready_to_publish() -> None:
    assert [each.name for each in STARTERS if checks.faults(definition(each.name))] == ["blank"]


@pytest.mark.parametrize("name", FULL)
def test_each_is_short_mostly_optional_and_in_both_languages(name: str) -> None:
    form = definition(name)
    assert form.kind is BY_NAME[name].kind and form.languages == ("en", "de")
    questions = asked(form)
    compulsory = [field for field in questions if field.compulsory is not False]
    assert 3 <= len(questions) <= 12
    assert len(compulsory) * 3 <= len(questions), [field.id for field in compulsory]
    assert all(field.why for field in compulsory if field.personal)
    for said in texts(form.as_json()):
        assert said.keys() == {"en", "de"} and all(words.strip() for words in said.values()), said
        assert len({words.count("[") for words in said.values()}) == 1, f"a blank in one language alone: {said}"
    assert form.done and form.notice
    assert not [each for each in checks.advice(form) if not each.what.startswith("Still blank: [")]


@pytest.mark.parametrize("name", FULL)
def test_nothing_is_wrong_before_anything_is_answered(name: str) -> None:
    plan = Plan(definition(name))
    today = clock.now().date()
    state = plan.state({}, today)
    assert state.shown and state.exit is None
    wrong = {field.id for path in plan.errors(state, "en", today) if (field := plan.definition.field_at(path))}
    assert wrong == {field.id for field in asked(plan.definition) if field.compulsory and field.id in state.shown}


@pytest.mark.parametrize("name", FULL)
def test_what_comes_with_the_address_is_told(name: str) -> None:
    form = definition(name)
    comes_along = any(field.type == "hidden" for field in form.fields())
    assert form.notice and ("link" in form.notice.say("en")) is comes_along


@pytest.mark.parametrize("name", FULL)
def test_what_says_who_somebody_is_is_personal(name: str) -> None:
    telling = {"name", "full_name", "email", "email_confirmed", "phone", "address", "signature", "file", "photo"}
    for field in definition(name).fields():
        assert field.personal or field.type not in telling, field.id


@pytest.mark.parametrize("name", FULL)
def test_consent_is_asked_for_one_purpose_at_a_time_and_only_where_somebody_is_known(name: str) -> None:
    form = definition(name)
    if not any(field.personal for field in form.fields()):
        assert form.consents == ()
        assert form.kind is Kind.FEEDBACK or "do not ask who you are" in (form.notice or form.title).say("en")
    assert form.notice and ("agree" in form.notice.say("en")) is bool(form.consents)
    purposes = [(each.purpose, each.channel, each.wording.say("en")) for each in form.consents]
    assert len(set(purposes)) == len(purposes) <= 3
    for purpose, channel, wording in purposes:
        assert wording.count(".") <= 2 and " and/or " not in wording
        if channel is Channel.EMAIL and purpose is Purpose.MARKETING:
            assert "I can stop this at any time." in wording


@pytest.mark.parametrize("name", [each.name for each in STARTERS if each.kind is Kind.COMPETITION])
def test_a_competition_tells_its_significant_conditions_before_the_entry(name: str) -> None:
    form = definition(name)
    fields = list(form.pages[0].fields())
    told = next(field for field in fields if field.type == "statement")
    assert all(field.type in ("statement", "yes_no") for field in fields[: fields.index(told)])
    for language, wanted in (
        ("en", ("prize", "Promoter: [", "closing date", "hear", "e-mail", "not buy anything")),
        ("de", ("reis", "Veranstalter: [", "Ende", "erf", "E-Mail", "nichts kaufen")),
    ):
        said = told.settings.body.say(language)
        said += "Preis" if "Gewinn" in said else ""
        assert all(words in said for words in wanted), (language, said)
    changes_nothing = ("changes nothing", "ändert nichts", "that changes nothing for the jury")
    assert any(words in told.settings.body.say("en") for words in changes_nothing)


@pytest.mark.parametrize("name", FULL)
def test_each_goes_out_as_a_spreadsheet_and_comes_in_with_its_questions(name: str) -> None:
    form = definition(name)
    back = files.read(write(form).content, "out.xlsx").definition
    kept = {field.id for field in back.fields()}
    lost = [field.id for field in asked(form) if field.id not in kept and not _in_parts(form, field.id, kept)]
    assert lost == []


def _in_parts(form: Definition, name: str, kept: set[str]) -> bool:
    return any(each.startswith(f"{name}_") for each in kept) and form.by_id[name].kind.composite


def test_the_demo_leaves_no_blank() -> None:
    for name, _, _ in seeding.FORMS:
        assert checks.advice(parse(seeding.filled(starters.load(name)))) == (), name


# -- filled in by customers, without scripts ---------------------------------------------------------------------------


def test_each_is_published_and_sent_by_a_customer(app: Flask, client: FlaskClient) -> None:
    for name in FULL:
        begin_and_publish(app, name)
        form = definition(name)
        given = believable(form)
        done = send(client, name, given, form)
        assert form.done and form.done.say("en").split(".")[0] in done.text, name
    with app.app_context(), unit_of_work(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == len(FULL)
        assert session.scalar(select(func.count()).select_from(ConsentRecord)) == len(FULL)


def begin_and_publish(app: Flask, name: str) -> None:
    with app.app_context(), unit_of_work(write=True):
        form = forms.create(BY_NAME[name].kind, name, "", slug=name.replace("_", "-"), actor=SYSTEM, now=clock.now())
        publishing.publish(form, actor=SYSTEM, now=clock.now())
    faces.forget()


def believable(form: Definition) -> dict[str, Value]:
    """Answers of somebody who goes through to the end."""
    for seed in range(20):
        plan = Plan(form)
        given = synthetic.answers(plan, random.Random(seed), clock.now())
        if not plan.state(given, clock.now().date(), now=clock.now()).exit:
            return given
    raise AssertionError("everybody is turned away")


def send(client: FlaskClient, name: str, given: dict[str, Value], form: Definition) -> Page:
    """Every page is sent, and sent again where a question came up, until the form is done."""
    address = f"/f/{name.replace('_', '-')}?lang=en"
    answer = client.get(address)
    for _ in range(20):
        page = Page(answer, expect=answer.status_code)
        assert answer.status_code in (200, 422), name
        if page.all("output", id="reference"):
            return page
        go = next(button.get("value") for button in page.all("button") if button.get("name") == "_go")
        data = page.form_data() | filled(page, given, form) | {"_go": go}
        answer = client.post(address, data=data, content_type="multipart/form-data")
        if answer.status_code == 303:
            address = answer.headers["Location"]
            answer = client.get(address)
    raise AssertionError(f"{name} does not end: {page.problems}")


def filled(page: Page, given: dict[str, Value], form: Definition) -> dict[str, Any]:
    """What of the answers the page asks for, as a browser sends it."""
    plan = Plan(form)
    sent: dict[str, Any] = {}
    for path, value in given.items():
        if plan.questions.at(path) is None or not page.controls(path):
            continue  # how many instances a group has, or what another page asks
        field = plan.field(path)
        if field.type == "photo":
            sent[path] = (io.BytesIO(picture()), "photo.png")
        elif field.kind.answer is not AnswerType.FILE:
            sent[path] = field.kind.typed(value, field)
    return sent


# -- looked through by designers ---------------------------------------------------------------------------------------


def shown(page: Page) -> list[str]:
    return [e.get("id") for e in page.elements if "data-sieve-words" in e.attributes and "hidden" not in e.attributes]


def test_all_are_offered_with_what_they_ask(designer: FlaskClient) -> None:
    page = Page(designer.get(PLACE))
    assert sorted(shown(page)) == sorted(BY_NAME)
    card = page.by_id("nps").text
    assert "Recommendation (NPS)" in card and "5 questions · 1 min · 1 compulsory" in card
    assert "none compulsory · nothing personal" in page.by_id("csat").text
    assert [link.get("href") for link in page.by_id("nps").walk() if link.name == "a"] == [
        f"{PLACE}?starter=nps",
        "/staff/starters/nps",
    ]
    assert not [e for e in page.by_id("blank").walk() if "/staff/starters" in e.get("href")]


def test_words_are_sought_without_scripts(designer: FlaskClient) -> None:
    page = Page(designer.get(f"{PLACE}?q=Photo jury"))
    assert shown(page) == ["photo_contest"] and page.typed("q") == "Photo jury"
    assert [e for e in page.elements if "data-sieve-group" in e.attributes and "hidden" not in e.attributes] != []
    assert "competition" in shown(Page(designer.get(f"{PLACE}?q=gewinnen")))
    assert shown(Page(designer.get(f"{PLACE}?q=raffle"))) == ["prize_draw"]
    assert shown(Page(designer.get(f"{PLACE}?q=signature"))) == ["membership", "volunteer"]
    assert ALSO.keys() <= BY_NAME.keys()
    nothing = Page(designer.get(f"{PLACE}?q=<script>nowhere"))
    assert shown(nothing) == [] and "No starter fits" in nothing.text and "<script>nowhere" not in nothing.html


def test_one_is_previewed_page_by_page_and_nothing_is_kept(app: Flask, designer: FlaskClient) -> None:
    page = Page(designer.get("/staff/starters/market_research"))
    assert "Preview: nothing that you type here is kept." in page.text
    ways = {link.text: link.get("href") for link in page.all("a")}
    assert ways["Use this"] == f"{PLACE}?starter=market_research"
    assert ways["Back to the starters"] == f"{PLACE}#market_research"
    missing = designer.post("/staff/starters/market_research", data=page.form_data() | {"_go": "next"})
    assert "buys" in Page(missing, expect=422).problems
    refused = designer.post("/staff/starters/market_research", data=page.form_data() | {"buys": "false", "_go": "next"})
    assert refused.status_code == 303 and "page=no_buyer" in refused.headers["Location"]
    sorry = Page(designer.get(refused.headers["Location"]))
    assert "that was all" in sorry.text
    german = Page(designer.get("/staff/starters/membership?page=you&lang=de"))
    assert "Ihre Unterschrift" in german.text and "consent-letter" in german.html
    with app.app_context(), unit_of_work(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 0


@pytest.mark.parametrize("name", ["nothing", "..%2Fblank", "__init__"])
def test_what_is_no_starter_is_not_found(designer: FlaskClient, name: str) -> None:
    assert designer.get(f"/staff/starters/{name}").status_code == 404


def test_the_chosen_one_gets_a_title(app: Flask, designer: FlaskClient) -> None:
    place = f"{PLACE}?starter=csat"
    page = Page(designer.get(place))
    assert page.typed("title") == "How satisfied are you?"
    data = page.form_data(place)
    assert "Enter a title" in Page(designer.post(place, data=data | {"title": " "}), expect=422).error("title")
    made = designer.post(place, data=data | {"title": "How was the tea?"})
    assert made.status_code == 303 and made.headers["Location"].startswith("/staff/forms/how-was-the-tea/")
    again = designer.post(place, data=data | {"title": "How was the tea?"})
    assert again.headers["Location"].startswith("/staff/forms/how-was-the-tea-2/")
    with app.app_context(), unit_of_work(write=False):
        form = by_slug("how-was-the-tea")
        assert form is not None and form.kind == "questionnaire"
        assert form.draft["title"] == {"en": "How was the tea?", "de": "Wie zufrieden sind Sie?"}


@pytest.mark.parametrize("starter", ["", "nothing"])
def test_to_begin_with_what_is_not_there_is_refused_with_what_is(designer: FlaskClient, starter: str) -> None:
    data = Page(designer.get(f"{PLACE}?starter=csat")).form_data(f"{PLACE}?starter=csat")
    page = Page(designer.post(PLACE, data=data | {"starter": starter}), expect=422)
    assert "There is no such starter. Choose one of these." in page.text and shown(page)
    assert "There is no such starter" in Page(designer.get(f"{PLACE}?starter={starter}"), expect=422).text


def test_what_is_still_blank_is_told_before_publishing_with_the_way_there(designer: FlaskClient) -> None:
    data = Page(designer.get(f"{PLACE}?starter=csat")).form_data(f"{PLACE}?starter=csat")
    designer.post(f"{PLACE}?starter=csat", data=data | {"title": "Ours"})
    page = Page(designer.get("/staff/forms/ours/publish"))
    link = next(link for link in page.all("a") if link.text == "Still blank: [your purchase]")
    assert "part=satisfied" in link.get("href")
    assert designer.get(link.get("href")).status_code == 200
