"""What stands in the way of publishing, each with its place and its remedy; and what is only advised."""

from __future__ import annotations

from typing import Any

import pytest

from formsite.definition.checks import advice, compulsory_share, contact_field, faults
from formsite.definition.document import parse
from formsite.definition.faults import Fault
from tests.support.definitions import form

NAME = {"id": "name", "type": "name", "label": {"en": "Name"}}
EMAIL = {"id": "address", "type": "email", "label": {"en": "E-mail"}}
MOVED = {"id": "moved", "type": "yes_no", "label": {"en": "Moved"}}
LINE = {
    "id": "line",
    "type": "single_choice",
    "label": {"en": "Line"},
    "settings": {"choices": [{"id": "fibre", "label": {"en": "Fibre"}}, {"id": "dsl", "label": {"en": "DSL"}}]},
}
AGREE = {"id": "ask_me", "purpose": "feedback", "channel": "email", "wording": {"en": "You may ask me."}}
REQUEST = {"form": "how-was-it", "subject": {"en": "How was it?"}, "body": {"en": "Tell us."}}


def found(*items: dict[str, Any], **members: Any) -> tuple[Fault, ...]:
    """The faults of a form; each has a remedy."""
    told = faults(parse(form(*items, **members)))
    assert all(fault.what and fault.fix for fault in told)
    return told


def places(*items: dict[str, Any], **members: Any) -> list[str]:
    """Where they are."""
    return [fault.where for fault in found(*items, **members)]


def is_(name: str, value: Any) -> dict[str, Any]:
    """A rule: the answer is `value`."""
    return {"op": "is", "left": {"field": name}, "right": {"value": value}}


def test_a_good_form_has_no_faults() -> None:
    assert found(NAME, EMAIL, MOVED, LINE | {"shown_if": is_("moved", True)}, consents=[AGREE], feedback=REQUEST) == ()


@pytest.mark.parametrize(
    ("items", "members", "where"),
    [
        ([NAME], {"title": {}}, "/title"),
        ([NAME], {"title": {"en": "  "}}, "/title"),
        ([{"id": "a", "type": "statement", "label": {"en": "Hello"}}], {}, "/pages"),
        ([NAME, {"id": "g", "type": "group", "items": []}], {}, "/pages/0/items/1/items"),
        ([NAME | {"label": {}}], {}, "/pages/0/items/0/label"),
        ([NAME | {"label": {"en": " "}}], {}, "/pages/0/items/0/label"),
        ([NAME | {"personal": True, "compulsory": True}], {}, "/pages/0/items/0/why"),
        ([MOVED, NAME | {"personal": True, "compulsory": is_("moved", True)}], {}, "/pages/0/items/1/why"),
        (
            [MOVED, {"id": "s", "type": "statement", "label": {"en": "x"}, "compulsory": True}],
            {},
            "/pages/0/items/1/compulsory",
        ),
        ([LINE | {"settings": {}}], {}, "/pages/0/items/0/settings/choices"),
        (
            [LINE | {"settings": {"choices": [{"id": "a", "label": {"en": "A"}}, {"id": "b", "label": {"en": " "}}]}}],
            {},
            "/pages/0/items/0/settings/choices/1/label",
        ),
        (
            [{"id": "g", "type": "group", "items": [LINE | {"settings": {}}]}],
            {},
            "/pages/0/items/0/items/0/settings/choices",
        ),
        (
            [{"id": "n", "type": "number", "label": {"en": "N"}, "settings": {"min": 2, "max": 1}}],
            {},
            "/pages/0/items/0/settings/max",
        ),
        ([NAME], {"consents": [AGREE | {"channel": "phone", "wording": {}}]}, "/consents/0/wording"),
        ([NAME], {"consents": [AGREE]}, "/consents/0"),
        ([NAME, EMAIL], {"feedback": REQUEST}, "/feedback"),
        ([NAME, EMAIL], {"consents": [AGREE | {"purpose": "marketing"}], "feedback": REQUEST}, "/feedback"),
        ([NAME, EMAIL], {"consents": [AGREE], "feedback": REQUEST | {"subject": {}}}, "/feedback/subject"),
        ([NAME, EMAIL], {"consents": [AGREE], "feedback": REQUEST | {"body": {"en": " "}}}, "/feedback/body"),
        (
            [NAME, EMAIL],
            {"consents": [AGREE], "feedback": REQUEST | {"subject": {"en": "a\nBcc: b"}}},
            "/feedback/subject",
        ),
    ],
)
def test_a_fault_stands_in_the_way(items: list[dict[str, Any]], members: dict[str, Any], where: str) -> None:
    assert places(*items, **members) == [where]


def test_an_empty_page_is_a_fault() -> None:
    raw = form(NAME)
    raw["pages"].append({"id": "second", "items": []})
    assert [fault.where for fault in faults(parse(raw))] == ["/pages/1/items"]


def test_consent_is_worded_in_every_language() -> None:
    told = found(
        NAME, languages=["en", "de", "fr"], consents=[AGREE | {"channel": None, "wording": {"en": "x", "fr": "x"}}]
    )
    assert [(fault.where, "in de" in fault.what) for fault in told] == [("/consents/0/wording", True)]


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        (is_("moved", "yes"), "/right"),
        (is_("line", "cable"), "/right"),
        (is_("nowhere", 1), "/left/field"),
        ({"field": "line"}, ""),
        ({"op": "answered", "field": "said"}, "/field"),
        ({"op": "not", "of": is_("line", "cable")}, "/of/right"),
    ],
)
@pytest.mark.parametrize("member", ["shown_if", "compulsory"])
def test_a_rule_that_means_nothing_is_a_fault_at_its_operand(rule: dict[str, Any], where: str, member: str) -> None:
    said = {"id": "said", "type": "statement", "label": {"en": "x"}}
    assert places(MOVED, LINE, said, EMAIL | {member: rule}) == [f"/pages/0/items/3/{member}{where}"]


@pytest.mark.parametrize("place", ["page", "group", "choice"])
def test_rules_are_checked_wherever_they_stand(place: str) -> None:
    wrong = is_("moved", "yes")
    raw = form(MOVED)
    if place == "page":
        raw["pages"].append({"id": "second", "shown_if": wrong, "items": [NAME]})
        where = "/pages/1/shown_if/right"
    elif place == "group":
        raw["pages"][0]["items"].append({"id": "g", "type": "group", "shown_if": wrong, "items": [NAME]})
        where = "/pages/0/items/1/shown_if/right"
    else:
        choices = [{"id": "a", "label": {"en": "A"}}, {"id": "b", "label": {"en": "B"}, "shown_if": wrong}]
        raw["pages"][0]["items"].append(LINE | {"settings": {"choices": choices}})
        where = "/pages/0/items/1/settings/choices/1/shown_if/right"
    assert [fault.where for fault in faults(parse(raw))] == [where]


def test_a_rule_looks_back_and_never_ahead_nor_at_itself() -> None:
    assert places(NAME | {"shown_if": is_("moved", True)}, MOVED) == ["/pages/0/items/0/shown_if"]
    assert places(MOVED | {"compulsory": is_("moved", True)}) == ["/pages/0/items/0/compulsory"]
    looked = found(NAME | {"shown_if": is_("moved", True)}, MOVED)
    assert "later" in looked[0].what


def test_faults_come_all_at_once_in_the_order_of_the_document() -> None:
    assert places(NAME | {"label": {}}, LINE | {"settings": {}}, title={}, consents=[AGREE]) == [
        "/title",
        "/pages/0/items/0/label",
        "/pages/0/items/1/settings/choices",
        "/consents/0",
    ]


def test_missing_translations_are_told_and_do_not_stop() -> None:
    definition = parse(form(NAME, MOVED | {"label": {"en": "Moved", "de": "Umgezogen"}}, languages=["en", "de"]))
    assert faults(definition) == ()
    assert [(fault.where, fault.what[:1]) for fault in advice(definition)] == [("/pages/0/items/0/label", "1")]


def test_much_compulsion_is_advised_against() -> None:
    asked = [{"id": f"q{n}", "type": "yes_no", "label": {"en": "?"}, "compulsory": n < 3} for n in range(5)]
    definition = parse(form(*asked))
    assert compulsory_share(definition) == (3, 5)
    assert [fault.where for fault in advice(definition)] == ["/pages"]
    assert advice(parse(form(*asked[1:]))) == ()
    assert [fault.where for fault in advice(parse(form(*asked[:3])))] == ["/pages"]
    assert advice(parse(form(*asked[:2]))) == ()  # two questions are soon answered


def test_what_is_shown_is_no_question() -> None:
    definition = parse(form(NAME | {"compulsory": True}, {"id": "s", "type": "statement", "label": {"en": "x"}}))
    assert compulsory_share(definition) == (1, 1)


def test_mail_goes_to_the_first_address() -> None:
    found_ = contact_field(parse(form(NAME, {"id": "g", "type": "group", "items": [EMAIL]}, EMAIL | {"id": "other"})))
    assert found_ is not None and found_.id == "address"
    assert contact_field(parse(form(NAME))) is None
    twice = contact_field(parse(form(NAME, EMAIL | {"type": "email_confirmed"})))
    assert twice is not None and twice.id == "address"


def test_what_nobody_is_asked_is_no_question() -> None:
    came = {"id": "came_by", "type": "hidden", "label": {"en": "Campaign"}}
    sum_ = {"id": "double", "type": "computed", "label": {"en": "Twice"}, "computed": {"value": 2}}
    assert compulsory_share(parse(form(NAME, came, sum_))) == (0, 1)


def test_a_blank_that_is_still_to_be_filled_in_is_told_and_does_not_stop() -> None:
    both = {"en": "Until 1 May", "de": "Bis [Datum]"}
    shape = {
        "id": "plate",
        "type": "pattern_text",
        "label": {"en": "A [plate](https://example.org/)"},
        "settings": {"pattern": "[A-Z]{3}"},
    }
    one = parse(form(NAME | {"hint": both}, shape, languages=["en"]))
    assert (faults(one), advice(one)) == ((), ())  # German is not one of its languages
    two = parse(form(NAME | {"hint": both, "label": {"en": "Name", "de": "Name"}}, languages=["en", "de"]))
    assert [(fault.where, fault.what) for fault in advice(two)] == [("/pages/0/items/0/hint", "Still blank: [Datum]")]
    many = parse(form(NAME | {"label": {"en": "[Name]"}}, title={"en": "Win [a bike] in [month]: [a bike]!"}))
    assert [(fault.where, fault.what) for fault in advice(many)] == [
        ("/title", "Still blank: [a bike], [month]"),
        ("/pages/0/items/0/label", "Still blank: [Name]"),
    ]
