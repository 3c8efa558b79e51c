"""What is drawn for a field: in the language of the page, with what was typed, and with nothing that is markup of others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from formsite.definition.controls import Control, Drawing, Offered, Section, controls
from formsite.definition.document import parse
from formsite.definition.fieldtypes import registry
from formsite.definition.flow import Plan
from formsite.definition.messages import Message
from tests.support.definitions import documents, form, tiny

TODAY = date(2026, 5, 17)
MOVED = {"id": "moved", "type": "yes_no", "label": {"en": "Moved", "de": "Umgezogen"}}
IF_MOVED = {"op": "is", "left": {"field": "moved"}, "right": {"value": True}}


def drawn(*items: dict[str, Any], language: str = "en", **given: Any) -> tuple[Control | Section, ...]:
    """A form with one page, drawn; `answers`, `typed` and `errors` may be given."""
    plan = Plan(parse(form(*items, languages=["en", "de"])))
    state = plan.state(given.pop("answers", {}), TODAY)
    return Drawing(plan, state, language, **given).page(plan.pages["the_page"])


def one(item: dict[str, Any], **given: Any) -> Control:
    """The last thing drawn."""
    *_, found = controls(drawn(MOVED, item, **given))
    return found


def text(**members: Any) -> dict[str, Any]:
    """A question for a line of text."""
    return {"id": "where", "type": "short_text", "label": {"en": "Where to", "de": "Wohin"}, **members}


def test_a_control_speaks_the_language_of_the_page_or_the_first_of_the_form() -> None:
    assert (one(text(), language="de").label, one(text(), language="de").word) == ("Wohin", "freiwillig")
    assert one(text(label={"fr": "Où", "en": "Where"}), language="de").label == "Where"


@pytest.mark.parametrize(("compulsory", "answers", "is_"), [(True, {}, True), (False, {}, False), (IF_MOVED, {}, False), (IF_MOVED, {"moved": True}, True)])  # fmt: skip
def test_the_word_says_whether_an_answer_is_compulsory(compulsory: Any, answers: dict[str, Any], is_: bool) -> None:
    control = one(text(compulsory=compulsory), answers=answers)
    assert control.is_compulsory is is_ and control.word == ("compulsory" if is_ else "optional")
    assert bool(control.missing) is (compulsory is not False)  # a rule may make it so while the page is open


def test_what_depends_on_an_answer_is_drawn_hidden() -> None:
    control = one(text(shown_if=IF_MOVED))
    assert control.hidden and control.conditional
    assert not one(text(shown_if=IF_MOVED), answers={"moved": True}).hidden
    assert not one(text()).conditional


def test_a_group_is_a_section_and_hides_what_is_in_it() -> None:
    group = {"id": "home", "type": "group", "label": {"en": "Home"}, "shown_if": IF_MOVED, "items": [text()]}
    _, section = drawn(MOVED, group)
    assert isinstance(section, Section) and section.hidden and section.label == "Home"
    assert [control.id for control in controls((section,))] == ["where"] and next(controls((section,))).hidden
    _, section = drawn(MOVED, group, answers={"moved": True})
    assert isinstance(section, Section) and not section.hidden
    _, nameless = drawn(MOVED, {"id": "home", "type": "group", "items": [text()]})
    assert isinstance(nameless, Section) and nameless.label == ""


def test_what_was_typed_goes_before_what_is_known() -> None:
    assert one(text(), answers={"where": "Leeds"}).typed == ("Leeds",)
    assert one(text(), answers={"where": "Leeds"}, typed={"where": ["L\x00"]}).typed == ("L\x00",)
    assert one(text(), answers={"where": "Leeds"}, typed={"where": []}).typed == ()
    assert one(text()).typed == ()


def test_errors_are_said_and_described_first() -> None:
    control = one(text(hint={"en": "A *town*"}, why={"en": "To send it"}), errors={"where": [Message("missing_text", {"label": "Where to"})]})  # fmt: skip
    assert len(control.errors) == 1 and "Where to" in control.errors[0]
    assert control.described_by == "where-error where-hint where-why"
    assert str(control.hint).strip() == "<p>A <em>town</em></p>"
    assert one(text()).described_by == ""


def test_markup_of_others_stays_text() -> None:
    control = one(text(hint={"en": "<script>x</script>"}, label={"en": "<b>x</b>"}))
    assert "<script" not in control.hint and str(control.label) == "&lt;b&gt;x&lt;/b&gt;"


def test_choices_are_offered_in_the_language_and_withheld_ones_hidden() -> None:
    offered = {"choices": [{"id": "a", "label": {"en": "A", "de": "Ä"}}, {"id": "b", "label": {"en": "B"}, "shown_if": IF_MOVED}]}  # fmt: skip
    item = {"id": "pick", "type": "dropdown", "label": {}, "settings": offered}
    assert one(item, language="de").choices == (Offered("a", "Ä"), Offered("b", "B", hidden=True))
    assert one(item, answers={"moved": True}).choices[1] == Offered("b", "B")


def test_yes_no_and_a_scale_offer_what_they_are() -> None:
    assert one(MOVED | {"id": "again"}, language="de").choices == (Offered("true", "Ja"), Offered("false", "Nein"))
    rating = {
        "id": "rated",
        "type": "rating",
        "label": {},
        "settings": {"from": 0, "to": 3, "low_label": {"en": "Bad"}},
    }
    control = one(rating, answers={"rated": 0})
    assert [choice.id for choice in control.choices] == ["0", "1", "2", "3"]
    assert control.ends == ("Bad", "") and control.typed == ("0",)


def test_a_unit_and_a_body_are_drawn() -> None:
    number = {"id": "n", "type": "number", "label": {}, "settings": {"unit": {"en": "km"}}}
    assert one(number).unit == "km" and one(number).described_by == "n-unit"
    said = {"id": "s", "type": "statement", "label": {"en": "Read"}, "settings": {"body": {"en": "**this**"}}}
    assert str(one(said).body).strip() == "<p><strong>this</strong></p>" and one(said).missing == ""


@pytest.mark.parametrize("name", registry.names())
def test_every_type_is_drawn_in_every_language_of_its_form(name: str) -> None:
    definition = parse(tiny(name))
    plan = Plan(definition)
    for language in definition.languages:
        state = plan.state({}, TODAY)
        for page in definition.pages:
            for control in controls(Drawing(plan, state, language).page(page)):
                assert control.label and control.word and control.widget
                assert all(choice.label for choice in control.choices)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_every_field_is_drawn_once_and_hidden_where_it_is_not_asked(raw: dict[str, Any]) -> None:
    plan = Plan(parse(raw))
    state = plan.state({}, TODAY)
    found = [control for page in plan.definition.pages for control in controls(Drawing(plan, state, "en").page(page))]
    drawn = [name for name, question in plan.questions.items() if question.field.kind.drawn(question.field)]
    assert [control.id for control in found] == drawn
    assert {control.id for control in found if not control.hidden} == set(state.shown)
