"""XLSForms without logic: what comes over, what is a loss, and what is refused."""

from __future__ import annotations

import io
import json
import zipfile
from xml.sax.saxutils import escape

import pytest

from formsite.definition.faults import Faulty
from formsite.definition.parts import Text
from formsite.interchange import files
from formsite.interchange.losses import Imported, Unimportable
from tests.support.forms import simple

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(**sheets: list[list[str]]) -> bytes:
    """A minimal .xlsx with inline strings."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        names = list(sheets)
        types = "".join(
            f'<Override PartName="/xl/worksheets/s{i}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for i in range(len(names))
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{types}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(f'<sheet name="{name}" sheetId="{i + 1}" r:id="r{i + 1}"/>' for i, name in enumerate(names))
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>'
        )
        related = "".join(
            f'<Relationship Id="r{i + 1}" Type="{RELATIONS}/worksheet" Target="worksheets/s{i}.xml"/>'
            for i in range(len(names))
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{related}</Relationships>',
        )
        for i, rows in enumerate(sheets.values()):
            cells = "".join(
                "<row>"
                + "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>' for cell in row)
                + "</row>"
                for row in rows
            )
            archive.writestr(
                f"xl/worksheets/s{i}.xml", f'<worksheet xmlns="{SHEET}"><sheetData>{cells}</sheetData></worksheet>'
            )
    return out.getvalue()


def read(survey: list[list[str]], **sheets: list[list[str]]) -> Imported:
    return files.read(workbook(survey=survey, **sheets), "mine.xlsx")


CHOICES = [["list_name", "name", "label", "label::Deutsch (de)"], ["yn", "1", "Yes", "Ja"], ["yn", "0", "No", "Nein"]]


def test_types_hints_required_and_translations_come_over() -> None:
    imported = read(
        [
            ["type", "name", "label::English (en)", "label::Deutsch (de)", "hint::English (en)", "required"],
            ["text", "full_name", "Your name", "Ihr Name", "As in your passport", "yes"],
            ["integer", "age", "Age", "Alter", "", ""],
            ["decimal", "weight", "Weight", "Gewicht", "", "false()"],
            ["date", "born", "Born", "Geboren", "", ""],
            ["select_one yn", "owns", "Own one?", "Besitz?", "", ""],
            ["select_multiple yn", "likes", "Like?", "Mag?", "", ""],
            ["note", "thanks", "Thanks", "Danke", "", ""],
        ],
        choices=[["list_name", "name", "label::English (en)", "label::Deutsch (de)"], *CHOICES[1:]],
        settings=[["form_title", "form_id"], ["My form", "my_form"]],
    )
    fields = imported.definition.by_id
    assert [field.type for field in fields.values()] == [
        "short_text",
        "number",
        "number",
        "date",
        "single_choice",
        "several_choices",
        "statement",
    ]
    assert fields["full_name"].label == Text({"en": "Your name", "de": "Ihr Name"})
    assert fields["full_name"].hint == Text({"en": "As in your passport"})
    assert fields["full_name"].compulsory is True and fields["age"].compulsory is False
    assert fields["full_name"].personal and fields["full_name"].why
    assert [c.id for c in fields["owns"].settings.choices] == ["1", "0"]
    assert imported.definition.languages == ("en", "de")
    assert (imported.definition.title.say("en"), imported.slug, imported.questions) == ("My form", "my-form", 6)
    assert "thanks" not in imported.names and imported.names["owns"] == "owns"


def test_groups_are_sections_and_two_at_the_top_are_pages() -> None:
    imported = read(
        [
            ["type", "name", "label"],
            ["begin group", "a", "First"], ["text", "x", "X"], ["begin_group", "inner", "Inner"], ["text", "y", "Y"], ["end_group", "", ""], ["end group", "", ""],
            ["text", "between", "Between"],
            ["begin group", "b", "Second"], ["text", "z", "Z"], ["end group", "", ""],
            ["begin repeat", "r", "Third"], ["text", "each", "Each"], ["end repeat", "", ""],
        ]
    )  # fmt: skip
    assert [page.id for page in imported.definition.pages] == ["a", "page", "b", "page_2"]
    assert [field.id for field in imported.definition.fields()] == ["x", "y", "between", "z", "each"]
    assert imported.definition.repeats == {"r"} and imported.losses == ()


@pytest.mark.parametrize(
    ("spelling", "kind"),
    [
        ("select one from yn", "single_choice"),
        ("Select_One yn", "single_choice"),
        ("select all that apply from yn", "several_choices"),
        ("add select one prompt using yn", "single_choice"),
        ("INT", "number"),
        ("string", "short_text"),
        ("select_one yn or_other", "single_choice"),
    ],
)
def test_old_spellings_are_understood(spelling: str, kind: str) -> None:
    imported = read([["Type", "Name", "Label"], [spelling, "q", "Q"]], choices=CHOICES)
    assert imported.definition.by_id["q"].type == kind


def test_every_loss_is_named_by_its_row() -> None:
    imported = read(
        [
            ["type", "name", "label", "relevant", "constraint", "calculation", "choice_filter"],
            ["start", "start", "", "", "", "", ""],
            ["text", "q1", "Q1", "${q0} = 1", ". != ''", "", ""],
            ["calculate", "c", "", "", "", "pulldata('people', 'age', 'id', 1)", ""],
            ["geotrace", "way", "Which way?", "", "", "", ""],
            ["select_one missing", "s", "Which?", "", "", "", "x=1"],
        ]
    )
    assert [loss.where for loss in imported.losses] == ["survey!2", "survey!3", "survey!4", "survey!5", "survey!6"]
    assert imported.losses[1].what == "relevant: ${q0} = 1" and "always shown" in imported.losses[1].why
    assert imported.definition.by_id["way"].type == "long_text"


def test_doubled_and_odd_names_are_mended_and_named() -> None:
    imported = read(
        [
            ["type", "name", "label"],
            ["text", "A B", "1"],
            ["text", "consent", "2"],
            ["text", "x", "3"],
            ["text", "x", "4"],
        ]
    )
    assert list(imported.definition.by_id) == ["a_b", "consent_2", "x", "x_2"]
    assert sum("is called" in loss.why for loss in imported.losses) == 3


def test_what_is_too_long_or_too_large_is_cut_and_named() -> None:
    imported = read(
        [
            ["type", "name", "label", "hint", "default", "parameters"],
            ["text", "q", "l" * 30_000, "h" * 30_000, "d" * 3_000, ""],
            ["range", "r", "Range", "", "", "start=nan end=1e300"],
        ],
        settings=[["form_title"], ["t" * 3_000]],
    )
    assert [len(imported.definition.by_id["q"].label.say("en")), len(imported.definition.title.say("en"))] == [
        20_000,
        500,
    ]
    assert imported.definition.as_json()["pages"][0]["items"][1]["settings"] == {"min": 1, "max": 10}
    assert [loss.what[:8] for loss in imported.losses if "longer than" in loss.why] == ["a text", "default:"]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/big.xml", b"0" * (130 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (workbook(other=[["type"]]), "no sheet called"),
        (workbook(survey=[["name"], ["x"]]), "no column"),
        (workbook(survey=[["type", "name"], ["note", "n"]]), "no question"),
        (workbook(survey=[["type", "name"], ["begin group", "g"], ["text", "x"]]), "never ended"),
        (workbook(survey=[["type", "name"], ["text", "x"], ["end group", ""]]), "ends nothing"),
        (workbook(survey=[["type"]])[:200], "broken"),
        (b"PK\x03\x04 nonsense", "broken"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "cannot be read"),
        (b"MZ\x90", "no kind of file"),
        (b"", "empty"),
        (b"{" * 100_000, "JSON"),
        (b'{"formsite": \xff}', "UTF-8"),
        (b" " * (10 * 1024 * 1024 + 1), "10 MB"),
    ],
)
def test_what_cannot_come_in_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Unimportable) as refusal:
        files.read(content, "mine.xlsx")
    assert words in str(refusal.value) and refusal.value.fix


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Unimportable, match="larger inside"):
        files.read(bomb(), "bomb.xlsx")


def test_own_json_comes_back_as_it_went() -> None:
    imported = files.read(json.dumps(simple()).encode(), "mine.json")
    assert files.read(json.dumps(imported.definition.as_json()).encode(), "x.json").definition == imported.definition
    with pytest.raises(Faulty):
        files.read(b'{"formsite": 2}', "mine.json")
