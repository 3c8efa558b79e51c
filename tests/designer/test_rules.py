"""Every kind of rule is set in the workbench by picking, and means for customers what was picked."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from formsite.definition.document import parse
from formsite.designer import forms
from formsite.designer.queries import by_slug
from formsite.foundation import clock
from formsite.foundation.audit import SYSTEM
from formsite.foundation.database import unit_of_work
from tests.designer.test_workbench import BASE, draft, items, press, save
from tests.support.forms import publish, simple, text
from tests.support.pages import Page


@pytest.fixture
def tell(app: Flask) -> Flask:
    raw = simple()
    raw["languages"] = ["en", "de"]
    raw["pages"][0]["items"] += [
        {"id": "born", "type": "date", "label": text("Born")},
        {"id": "moved", "type": "date", "label": text("Moved")},
        {
            "id": "uses",
            "type": "several_choices",
            "label": text("Uses"),
            "settings": {"choices": [{"id": "a", "label": text("A"), "score": 2}, {"id": "b", "label": text("B")}]},
        },
        {
            "id": "kids",
            "type": "group",
            "label": text("Children"),
            "items": [{"id": "years", "type": "number", "label": text("Years")}],
        },
        {"id": "last", "type": "short_text", "label": text("Last")},
    ]
    raw["pages"].append({"id": "more", "items": [{"id": "end_note", "type": "short_text", "label": text("Note")}]})
    publish(app, simple(), "tell")
    put(app, raw)
    return app


def put(app: Flask, raw: dict[str, Any]) -> None:
    """The draft, whatever else is to be done before it can be published."""
    with app.app_context(), unit_of_work(write=True):
        form = by_slug("tell")
        assert form is not None
        forms.keep_draft(form, parse(raw), actor=SYSTEM, now=clock.now())


class Panel:
    """The panel of a part: what stands in its controls, its buttons, and saving it."""

    def __init__(self, client: FlaskClient, name: str, lang: str = "en") -> None:
        self.client, self.path = client, f"{BASE}/parts/{name}?lang={lang}"
        self.page = Page(client.get(f"{BASE}/?part={name}&lang={lang}"))
        self.data = self.page.form_data(self.path)

    def press(self, button: str, **given: str) -> Panel:
        assert any(b.get("value") == button for b in self.page.all("button")), f"no button {button}"
        self.page = Page(self.client.post(self.path, data=self.data | given | {"_pick": button}))
        self.data = self.page.form_data(self.path)
        return self

    def fill(self, **given: str) -> Panel:
        names = {name.replace("__", "."): value for name, value in given.items()}
        for name, value in names.items():
            found = self.page.controls(name)
            assert found, f"no control {name}"
            options = [o.get("value") for f in found for o in f.walk() if o.name == "option"]
            assert not options or value in options, f"{value} is not offered in {name}"
        self.data |= names
        return self

    def refresh(self, prefix: str) -> Panel:
        return self.press(f"{prefix}|refresh")

    def save(self, expect: int = 303) -> Page | None:
        answer = self.client.post(self.path, data=self.data)
        return Page(answer, expect=expect) if expect != 303 else self._saved(answer)

    def _saved(self, answer: Any) -> None:
        assert answer.status_code == 303, Page(answer, expect=answer.status_code).text[-900:]


def compare(op: str, left: str, right: Any) -> dict[str, Any]:
    return {"op": op, "left": {"field": left}, "right": right}


def test_a_check_across_questions_with_its_own_message(tell: Flask, designer: FlaskClient) -> None:
    panel = Panel(designer, "moved").press("limits|add:")
    panel.fill(limits__0__rule__0__field="moved").refresh("limits.0.rule")
    panel.fill(limits__0__rule__0__op="at_least_answer").refresh("limits.0.rule")
    assert "Years" not in panel.page.controls("limits.0.rule.0.value")[0].text  # only dates are offered
    assert "Choose the question whose answer" not in panel.page.text  # nobody has saved it yet
    panel.fill(limits__0__rule__0__value="born", limits__0__said="Nobody moves before they are born")
    panel.save()
    rule = compare("at_least", "moved", {"field": "born"})
    assert items(tell)["moved"]["limits"] == [{"rule": rule, "message": text("Nobody moves before they are born")}]
    assert "“Moved” is not before “Born”" in Panel(designer, "moved").page.text
    german = Panel(designer, "moved", "de").fill(limits__0__said="Vorher geht es nicht")
    german.save()
    assert items(tell)["moved"]["limits"][0]["message"] == text("Nobody moves before they are born") | {
        "de": "Vorher geht es nicht"
    }
    Panel(designer, "moved").press("limits|remove:0").save()
    assert "limits" not in items(tell)["moved"]


def test_what_is_half_a_check_is_told_where_it_is(tell: Flask, designer: FlaskClient) -> None:
    panel = Panel(designer, "moved").press("limits|add:").fill(limits__0__said="No")
    page = panel.save(422)
    assert page and "Say what must hold" in page.problems["limits-0-rule"]
    panel = Panel(designer, "moved").press("limits|add:").fill(limits__0__rule__0__field="moved")
    page = panel.save(422)
    assert page and "Write what the customer is told" in page.error("limits-0-said")
    assert "limits" not in items(tell)["moved"]


def test_a_question_that_is_wanted_by_rule_and_fixed_by_rule(tell: Flask, designer: FlaskClient) -> None:
    panel = Panel(designer, "last").press("wanted|row:wanted").fill(wanted__0__field="likes", wanted="rule")
    panel.press("read_only|row:read_only").fill(read_only__0__field="age", read_only="rule").save()
    assert items(tell)["last"]["wanted"] == {"op": "answered", "field": "likes"}
    assert items(tell)["last"]["read_only"] == {"op": "answered", "field": "age"}
    Panel(designer, "last").fill(wanted="yes", read_only="no").save()
    assert items(tell)["last"]["wanted"] is True and "read_only" not in items(tell)["last"]
    page = Panel(designer, "last").fill(wanted="rule").save(422)
    assert page and "at least one condition" in page.problems["wanted"]


def test_a_value_given_beforehand_and_one_worked_out(tell: Flask, designer: FlaskClient) -> None:
    Panel(designer, "age").press("default|term:default").fill(default__0__value="30").save()
    assert items(tell)["age"]["default"] == {"value": 30}
    page = Panel(designer, "age").fill(default__0__value="many").save(422)
    assert page and "Enter a number" in page.text
    press(designer, f"{BASE}/parts", kind="computed", where="uses")
    panel = Panel(designer, "computed_1").press("computed|term:computed").press("computed|term:computed")
    panel.fill(computed__op="total", computed__places="1", computed__0__kind="score", computed__0__field="uses")
    panel.fill(computed__1__kind="answer", computed__1__field="age").save()
    terms = [{"op": "score", "field": "uses"}, {"field": "age"}]
    total = {"op": "plus", "of": [{"op": "or_else", "of": [term, {"value": 0}]} for term in terms]}
    assert items(tell)["computed_1"]["computed"] == {"op": "round", "of": total, "places": 1}
    assert "the score of “Uses”" in Panel(designer, "computed_1").page.text
    Panel(designer, "computed_1").press("computed|drop:computed.0").fill(computed__op="", computed__places="").save()
    assert items(tell)["computed_1"]["computed"] == {"field": "age"}


def test_another_value_where_a_rule_holds(tell: Flask, designer: FlaskClient) -> None:
    press(designer, f"{BASE}/parts", kind="computed", where="uses")
    panel = Panel(designer, "computed_1").press("computed|term:computed").press("computed|case:")
    when = "computed.case.0.when"
    panel.fill(**{f"{when}.0.field": "uses"}).refresh(when)
    panel.fill(**{f"{when}.0.op": "count_at_least", f"{when}.0.value": "2", "computed.case.0.gives.0.value": "much"})
    panel.fill(**{"computed.0.value": "little"}).save()
    rule = {"op": "at_least", "left": {"op": "count", "of": {"field": "uses"}}, "right": {"value": 2}}
    said = {"op": "if", "if": rule, "then": {"value": "much"}, "else": {"value": "little"}}
    assert items(tell)["computed_1"]["computed"] == said
    page = Panel(designer, "computed_1").fill(**{"computed.0.value": ""}).save(422)
    assert page and "otherwise" in page.problems["computed"]
    Panel(designer, "computed_1").press("computed|uncase:0").save()
    assert items(tell)["computed_1"]["computed"] == {"value": "little"}


def test_a_choice_by_rule(tell: Flask, designer: FlaskClient) -> None:
    panel = Panel(designer, "uses").press("offers|add:", **{"offers.add": "b"})
    panel.fill(offers__0__rule__0__field="born").refresh("offers.0.rule")
    panel.fill(offers__0__rule__0__op="years_at_least", offers__0__rule__0__value="18").save()
    adult = {"op": "years_between", "from": {"field": "born"}, "to": {"op": "today"}}
    choices = items(tell)["uses"]["settings"]["choices"]
    assert choices[1]["shown_if"] == {"op": "at_least", "left": adult, "right": {"value": 18}}
    assert "shown_if" not in choices[0]
    Panel(designer, "uses").press("offers|remove:0").save()
    assert "shown_if" not in items(tell)["uses"]["settings"]["choices"][1]


def test_choices_are_carried_from_an_earlier_question_by_choosing_it(tell: Flask, designer: FlaskClient) -> None:
    press(designer, f"{BASE}/parts", kind="single_choice", where="uses")
    Panel(designer, "single_choice_1").fill(**{"settings.choices_from": "uses unchosen"}).save()
    assert items(tell)["single_choice_1"]["settings"]["choices_from"] == {"field": "uses", "which": "unchosen"}
    save(designer, "uses", id="used")
    assert items(tell)["single_choice_1"]["settings"]["choices_from"]["field"] == "used"
    page = Page(press(designer, f"{BASE}/parts/used/delete", expect=422), expect=422)
    assert "single_choice_1" in page.text


def test_where_a_page_goes_on(tell: Flask, designer: FlaskClient) -> None:
    press(designer, f"{BASE}/parts", kind="page")
    panel = Panel(designer, "all").press("jumps|add:").fill(jumps__0__rule__0__field="likes").refresh("jumps.0.rule")
    panel.fill(jumps__0__rule__0__op="is", jumps__0__rule__0__value="no", jumps__0__said="page_1", random="yes").save()
    page = draft(tell)["pages"][0]
    assert page["jumps"] == [{"if": compare("is", "likes", {"value": "no"}), "to": "page_1"}] and page["random"]
    save(designer, "page_1", id="thanks", exit="yes")
    assert draft(tell)["pages"][0]["jumps"][0]["to"] == "thanks" and draft(tell)["pages"][2]["exit"] is True
    page_ = Panel(designer, "all").fill(jumps__0__said="").save(422)
    assert page_ and "Choose where" in page_.error("jumps-0-said")


def test_a_page_and_a_group_are_shown_by_what_was_asked_before_them(tell: Flask, designer: FlaskClient) -> None:
    panel = Panel(designer, "more").press("shown_if|row:shown_if")
    panel.fill(shown_if__0__field="likes").save()
    assert draft(tell)["pages"][1]["shown_if"] == {"op": "answered", "field": "likes"}
    panel = Panel(designer, "kids").press("shown_if|row:shown_if")
    offered = [o.get("value") for o in panel.page.controls("shown_if.0.field")[0].walk() if o.name == "option"]
    assert "uses" in offered and not {"years", "last", "end_note"} & {*offered}


def test_a_group_that_repeats_and_sums_over_it(tell: Flask, designer: FlaskClient) -> None:
    panel = Panel(designer, "kids").fill(repeats="yes", repeat__max="5", repeat__add_label="One more")
    panel.press("count|term:count").fill(count__0__kind="answer", count__0__field="age").save()
    kids = items(tell)["kids"]["repeat"]
    assert kids == {"max": 5, "add_label": text("One more"), "count": {"field": "age"}}
    page = Panel(designer, "kids").fill(repeat__min="two").save(422)
    assert page and "whole number" in page.error("repeat-min")
    press(designer, f"{BASE}/parts", kind="computed", where="last")
    panel = Panel(designer, "computed_1").press("computed|term:computed")
    panel.fill(computed__0__kind="sum", computed__0__field="years").save()
    assert items(tell)["computed_1"]["computed"] == {"op": "sum_over", "over": "kids", "of": {"field": "years"}}
    panel = Panel(designer, "last").press("shown_if|row:shown_if").fill(shown_if__0__field="kids").refresh("shown_if")
    panel.fill(shown_if__0__op="instances_at_least", shown_if__0__value="2").save()
    assert items(tell)["last"]["shown_if"]["left"] == {"op": "instances", "over": "kids"}
    Panel(designer, "kids").fill(repeats="no").save()
    assert "repeat" not in items(tell)["kids"]


def test_a_rule_that_was_not_touched_stays_as_it_is_written(tell: Flask, designer: FlaskClient) -> None:
    raw = draft(tell)
    rule = {"op": "one_of", "left": {"field": "likes"}, "values": [{"value": "yes"}, {"value": "no"}]}
    raw["pages"][0]["items"][3]["shown_if"] = rule
    raw["pages"][0]["items"][3]["default"] = {"op": "plus", "of": [{"value": 1}, {"value": 2.5}]}
    put(tell, raw)
    Panel(designer, "age").fill(label="Age").save()
    age = items(tell)["age"]
    assert age["shown_if"] == rule and age["default"] == {"op": "plus", "of": [{"value": 1}, {"value": 2.5}]}
    Panel(designer, "age").fill(shown_if__1__value="yes").save()
    assert items(tell)["age"]["shown_if"]["op"] == "any"


def test_parts_of_questions_and_rows_are_offered(tell: Flask, designer: FlaskClient) -> None:
    press(designer, f"{BASE}/parts", kind="matrix_one", where="likes")
    save(designer, "matrix_one_1", **{"settings.rows": "speed | Speed", "settings.columns": "good | Good\nbad | Bad"})
    panel = Panel(designer, "last").press("shown_if|row:shown_if")
    panel.fill(shown_if__0__field="matrix_one_1-speed").refresh("shown_if")
    panel.fill(shown_if__0__op="is", shown_if__0__value="bad").save()
    assert items(tell)["last"]["shown_if"] == compare("is", "matrix_one_1-speed", {"value": "bad"})
    assert "Speed" in " ".join(note.text for note in Panel(designer, "last").page.all("p", class_="chip"))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('{"op": "more", "left": {"field": "last"}, "right": {"value": 1}}', "no earlier question"),
        ('{"op": "mroe"}', "Did you mean"),
        ("[" * 5_000, "too"),
        ('{"value": ' + "1" * 5_000 + "}", "too long"),
        ('{"field": "email"}', "yes or no is needed"),
    ],
)
def test_a_rule_written_by_hand_is_checked_when_it_is_saved(
    tell: Flask, designer: FlaskClient, source: str, told: str
) -> None:
    raw = draft(tell)
    long = {"op": "more", "left": {"op": "length", "of": {"field": "email"}}, "right": {"op": "length", "of": {"field": "reason"}}}  # fmt: skip
    raw["pages"][0]["items"][3]["shown_if"] = long
    put(tell, raw)
    page = save(designer, "age", 422, **{"shown_if.source": source})
    assert page and told in page.problems["shown_if"] and items(tell)["age"]["shown_if"] == long


def test_another_name_goes_into_texts_jumps_and_quotas(tell: Flask, designer: FlaskClient) -> None:
    raw = draft(tell)
    raw["pages"][1]["items"][0]["label"] = text("You are {{ age }} and {{ages}}")
    raw["quotas"] = [{"id": "old", "rule": compare("more", "age", {"value": 60}), "limit": 3, "message": text("Full")}]
    put(tell, raw)
    page = Page(press(designer, f"{BASE}/parts/age/delete", expect=422), expect=422)
    assert "end_note" in page.text and "old" in page.text
    save(designer, "age", id="how_old")
    after = draft(tell)
    assert after["pages"][1]["items"][0]["label"] == text("You are {{ how_old }} and {{ages}}")
    assert after["quotas"][0]["rule"]["left"] == {"field": "how_old"}


def quotas(client: FlaskClient) -> Panel:
    panel = Panel.__new__(Panel)
    panel.client, panel.path = client, f"{BASE}/quotas?lang=en"
    panel.page = Page(client.get(panel.path))
    panel.data = panel.page.form_data(panel.path)
    return panel


def test_quotas_and_the_order_of_pages(tell: Flask, designer: FlaskClient) -> None:
    panel = quotas(designer).press("quotas|add:").press("quotas.0.rule|row:quotas.0.rule")
    panel.fill(quotas__0__rule__0__field="likes", quotas__0__rule__1__field="age")
    panel.refresh("quotas.0.rule").fill(quotas__0__rule__0__op="is", quotas__0__rule__0__value="yes")
    panel.fill(quotas__0__rule__1__op="at_least", quotas__0__rule__1__value="60", random_pages="yes")
    page = panel.fill(quotas__0__limit="many").save(422)
    assert page and "whole number" in page.error("quotas-0-limit") and "told" in page.error("quotas-0-said")
    panel.fill(quotas__0__limit="20", quotas__0__said="We have heard enough of you").save()
    both = {"op": "all", "of": [compare("is", "likes", {"value": "yes"}), compare("at_least", "age", {"value": 60})]}
    made = {"id": "quota", "rule": both, "limit": 20, "message": text("We have heard enough of you")}
    assert draft(tell)["quotas"] == [made] and draft(tell)["random_pages"] is True
    panel = quotas(designer).press("quotas|add:").press("quotas|remove:0")
    assert panel.page.typed("quotas.0.limit") == ""
    panel.fill(random_pages="no").save()
    assert "quotas" not in draft(tell) and "random_pages" not in draft(tell)


def test_quotas_of_two_designers(tell: Flask, designer: FlaskClient) -> None:
    mine, theirs = quotas(designer), quotas(designer).fill(random_pages="yes")
    theirs.save()
    page = mine.press("quotas|add:").fill(quotas__0__limit="3", quotas__0__said="Full", quotas__0__rule__0__field="age")
    again = page.save(409)
    assert again and again.typed("quotas.0.limit") == "3" and "quotas" not in draft(tell)


def test_a_faulty_quota_and_jump_are_linked_from_the_publish_page(tell: Flask, designer: FlaskClient) -> None:
    raw = draft(tell)
    raw["pages"][0]["jumps"] = [{"if": compare("more", "age", {"value": 3}), "to": "nowhere"}]
    raw["quotas"] = [{"id": "old", "rule": compare("more", "gone", {"value": 60}), "limit": 3, "message": text("Full")}]
    put(tell, raw)
    page = Page(designer.get(f"{BASE}/publish"))
    ways = [link.get("href") for link in page.all("a") if link.text.startswith("Mend")]
    assert any(way.endswith("part=all#jumps-0-said") for way in ways)
    assert any(way.endswith("/quotas#quotas-0-rule") for way in ways)
    for way in ways:
        assert "consent" in way or Page(designer.get(way)).by_id(way.partition("#")[2])


def test_the_enter_key_saves(tell: Flask, designer: FlaskClient) -> None:
    for path in (f"{BASE}/?part=age", f"{BASE}/quotas"):
        page = Page(designer.get(path))
        form = next(form for form in page.all("form", class_="page-form"))
        assert next(button for button in form.walk() if button.name == "button").get("name") == ""
