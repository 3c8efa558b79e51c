"""The choices of a question as a file: read whole or refused by line, whatever is in it."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient

from formsite.definition.document import parse
from formsite.designer import queries
from formsite.interchange import choicelists
from formsite.interchange.choicelists import Bringing, read, write
from formsite.interchange.losses import Unimportable
from formsite.staff.models import Role
from tests.interchange.hostile import bomb
from tests.support.pages import Page
from tests.support.people import sign_in
from tests.support import stored

PARENTS = {"n": "North", "s": "The South"}


def got(text: str | bytes, name: str = "list.csv", **given: Any) -> list[tuple[Any, ...]]:
    """What a file is read as: id, words, and what it is of."""
    content = text if isinstance(text, bytes) else text.encode()
    bringing = Bringing(**{"language": "en", "most": 100} | given)
    return [(each["id"], each["label"], each.get("of")) for each in read(content, name, bringing)]


def sheet(*rows: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        page = made.add_worksheet("Shops")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "name", "choices"),
    [
        ("Oslo\r\n\r\nRome, Italy\n", "a.txt", [("oslo", {"en": "Oslo"}, None), ("rome_italy", {"en": "Rome, Italy"}, None)]),
        ("label\nOslo\n", "a.txt", [("oslo", {"en": "Oslo"}, None)]),
        ("id,label\n7,Oslo\n", "a.csv", [("7", {"en": "Oslo"}, None)]),
        ("7;Oslo\n8;Rome\n", "a.csv", [("7", {"en": "Oslo"}, None), ("8", {"en": "Rome"}, None)]),
        ("Name\tLabel::ar\tlabel (en)\nx\tأوسلو\tOslo", "a.txt", [("x", {"ar": "أوسلو", "en": "Oslo"}, None)]),
        ("Label;Parent\nOslo;the south\nRome;n\n", "a.csv", [("oslo", {"en": "Oslo"}, "s"), ("rome", {"en": "Rome"}, "n")]),
        ('label,parent\n"Oslo, ""Old""\ntown",North', "a.csv", [("oslo_old_town", {"en": 'Oslo, "Old"\ntown'}, "n")]),
        ("Oslo\nOslo\n", "a.txt", [("oslo", {"en": "Oslo"}, None), ("oslo_2", {"en": "Oslo"}, None)]),
        ("id,label\nshop no. 7,Oslo", "a.csv", [("shop_no_7", {"en": "Oslo"}, None)]),
        ("id\nOslo", "a.csv", [("id", {"en": "id"}, None), ("oslo", {"en": "Oslo"}, None)]),
    ],
)  # fmt: skip
def test_a_text_is_read(text: str, name: str, choices: list[Any]) -> None:
    assert got(text, name, parents=PARENTS) == choices


@pytest.mark.parametrize(
    "content", ["Oslo é\n".encode("utf-8-sig"), "Oslo é\n".encode("utf-16"), "Oslo é\n".encode("cp1252")]
)
def test_files_of_other_programs_are_read(content: bytes) -> None:
    assert got(content, "a.txt") == [("oslo_e", {"en": "Oslo é"}, None)]


def test_a_spreadsheet_is_read() -> None:
    content = sheet(("Id", "Label", "Parent"), (7, "Oslo", "North"), (), (8.0, 1999, "s"))
    assert got(content, "a.xlsx", parents=PARENTS) == [("7", {"en": "Oslo"}, "n"), ("8", {"en": "1999"}, "s")]


def test_who_was_there_stays_who_it_was() -> None:
    before = [
        {"id": "x1", "label": {"en": "Oslo", "de": "Oslo!"}, "score": 3},
        {"id": "rome", "label": {"en": "Roma"}, "of": "s"},
    ]
    made = read(b"Oslo\nRome\nOslo\n", "a.txt", Bringing("en", 9, before))
    assert made == [before[0], {"id": "rome_2", "label": {"en": "Rome"}}, {"id": "oslo", "label": {"en": "Oslo"}}]


def test_what_goes_out_comes_in_again() -> None:
    choices = [
        {"id": "a", "label": {"en": "=1+1", "ar": "أ"}, "of": "n"},
        {"id": "b.2-x", "label": {"en": 'two "lines"\nof, text'}},
    ]
    text = write(choices, ["en", "ar"])
    assert "'=1+1" in text
    assert read(text.encode(), "a.csv", Bringing("en", 9, (), PARENTS)) == choices


def test_ids_of_letters_that_have_no_latin_ones_are_made_in_no_time() -> None:
    made = got("\n".join(f"{chr(0x4E00 + n)}" for n in range(10_000)), "a.txt", most=10_000)
    assert len({name for name, _, _ in made}) == 10_000


@pytest.mark.parametrize(
    ("text", "name", "where", "said"),
    [
        ("", "a.txt", "a.txt", "no choices"),
        (" \n,,\n", "a.csv", "a.csv", "no choices"),
        ("label\n", "a.csv", "a.csv", "a heading and no choices"),
        ("x\n" * 101, "a.txt", "a.txt", "101 choices are more"),
        ("id,label\n1,A\n2,B\n1,C", "a.csv", "line 4", "the id of line 2"),
        ("label,parent\nA,North\nB,West", "a.csv", "line 3", "“West” is no answer"),
        ("label,parent\n,North", "a.csv", "line 2", "no words"),
        ("x" * 501, "a.txt", "line 1", "longer than 500"),
        ("a\x00b", "a.txt", "a.txt", "no file of text"),
        (b"PK\x03\x04broken", "a.xlsx", "a.xlsx", "broken"),
        ("label,parent\n" + '"' + "x" * 200_000, "a.csv", "line", "no table"),
        (b"x" * (choicelists.MOST_BYTES + 1), "a.txt", "a.txt", "larger than 5 MB"),
        (b"\x89PNG\r\n\x1a\n\x00", "a.png", "a.png", "no file of text"),
        (bomb(), "a.xlsx", "a.xlsx", "larger"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_its_place(text: str | bytes, name: str, where: str, said: str) -> None:
    with pytest.raises(Unimportable) as refusal:
        got(text, name, parents=PARENTS)
    assert refusal.value.where.startswith(where) and said in refusal.value.what and refusal.value.fix


def test_a_column_of_parents_needs_a_question() -> None:
    with pytest.raises(Unimportable, match="depends on none"):
        got("label,parent\nA,North", parents=None)


# -- the designer's screen --------------------------------------------------------------------------------------------
AREAS = {"choices": [{"id": "n", "label": {"en": "North"}}, {"id": "s", "label": {"en": "South"}}]}
FORM: dict[str, Any] = {
    "formsite": 1,
    "languages": ["en"],
    "title": {"en": "Shops"},
    "pages": [
        {
            "id": "one",
            "items": [
                {"id": "area", "type": "dropdown", "label": {"en": "Area"}, "settings": AREAS},
                {"id": "shop", "type": "list_choice", "label": {"en": "Shop"}},
                {"id": "words", "type": "short_text", "label": {"en": "Words"}},
            ],
        }
    ],
}
PLACE = "/staff/forms/f/parts/shop/choices"


def bring(browser: FlaskClient, content: bytes, parent: str = "", name: str = "a.csv", expect: int = 303) -> Any:
    data = Page(browser.get(PLACE)).form_data() | {"file": (io.BytesIO(content), name), "parent": parent}
    answer = browser.post(PLACE, data=data, content_type="multipart/form-data")
    assert answer.status_code == expect, answer.text[:500]
    return answer


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    with app.app_context():
        stored.publish(FORM, slug="f")
    return sign_in(app, Role.DESIGNER)


def draft(app: Flask) -> Any:
    with app.app_context():
        form = queries.by_slug("f")
        assert form is not None
        return parse(form.draft).by_id["shop"].settings


def test_a_list_comes_in_is_seen_and_goes_out(app: Flask, browser: FlaskClient) -> None:
    rows = "".join(f"Shop {n},{'North' if n % 2 else 's'}\n" for n in range(3_000))
    bring(browser, f"label,parent\n{rows}".encode(), "area")
    held = draft(app)
    assert len(held.choices) == 3_000 and held.parent == "area" and held.choices[1].of == "n"
    page = Page(browser.get(PLACE))
    assert "3,000 choices; the first 100 are shown" in page.text and "Shop 2999" not in page.text
    assert "shop_2999,Shop 2999,n" in browser.get(f"{PLACE}/file").text
    panel = Page(browser.get("/staff/forms/f/?part=shop"))
    assert "3,000 choices" in panel.text and "Shop 2999" not in panel.html
    assert PLACE in [link.get("href", "").partition("?")[0] for link in panel.all("a")]


def test_saving_the_question_keeps_its_list(app: Flask, browser: FlaskClient) -> None:
    bring(browser, b"Oslo\nRome\n", name="a.txt")
    panel = Page(browser.get("/staff/forms/f/?part=shop"))
    [action] = {form.get("action") for form in panel.all("form") if "/parts/shop?" in form.get("action")}
    data = panel.form_data(action=action) | {"label": "Which shop?"}
    assert browser.post(action, data=data).status_code == 303
    assert [choice.id for choice in draft(app).choices] == ["oslo", "rome"]


def test_what_is_wrong_is_said_and_nothing_changes(app: Flask, browser: FlaskClient) -> None:
    answer = bring(browser, b"label,parent\nOslo,West\n", "area", expect=422)
    assert "line 2: “West” is no answer" in answer.text
    answer = browser.post(PLACE, data=Page(browser.get(PLACE)).form_data())
    assert answer.status_code == 422 and "Choose a file" in answer.text
    assert draft(app).choices == ()


def test_what_has_no_choices_has_no_list(app: Flask, browser: FlaskClient) -> None:
    for name in ("words", "nothing"):
        assert browser.get(f"/staff/forms/f/parts/{name}/choices").status_code == 404
    analyst = sign_in(app, Role.ANALYST)
    assert analyst.get(PLACE).status_code == analyst.get(f"{PLACE}/file").status_code == 403
