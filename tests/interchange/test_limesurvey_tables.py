"""Archives of LimeSurvey as tables: what is refused, and in which words."""

from __future__ import annotations

import pytest

from formsite.interchange.limesurvey.tables import read_tables
from formsite.interchange.losses import Unimportable

HEAD = "<document><LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>155</DBVersion>"


def test_rows_are_texts_by_table_and_column() -> None:
    xml = (
        HEAD
        + "<groups><fields><fieldname>gid</fieldname></fields><rows><row><gid><![CDATA[1]]></gid><t>a &amp; b</t></row></rows></groups></document>"
    )
    tables = read_tables(xml.encode(), "a.lss")
    assert tables.version == 155
    assert tables.of("groups") == ({"gid": "1", "t": "a & b"},)
    assert tables.of("quota") == ()
    assert tables.first("quota") == {}


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("<!DOCTYPE document><document/>", "document type or entities"),
        ('<!DOCTYPE d [<!ENTITY a "b">]><document>&a;</document>', "document type or entities"),
        ('<!DOCTYPE d SYSTEM "http://example.org/a.dtd"><document/>', "document type or entities"),
        ("<document>", "not XML"),
        ("<document><a></document>", "not XML"),
        ("<html/>", "no LimeSurvey archive"),
        ("<document/>", "not of a survey"),
        ("<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>", "archive of one group of questions"),
        ("<document><LimeSurveyDocType>Question</LimeSurveyDocType></document>", "archive of one question"),
        ("<document><LimeSurveyDocType>Label set</LimeSurveyDocType></document>", "archive of a label set"),
        ("<document>" + "<a>" * 20, "nested"),
        ('<?xml version="1.0" encoding="nonsense"?><document/>', "(not XML|cannot be read)"),
        ("", "not XML"),
    ],
)
def test_what_is_no_survey_is_refused_in_words(xml: str, words: str) -> None:
    with pytest.raises(Unimportable, match=words) as refusal:
        read_tables(xml.encode(), "a.lss")
    assert refusal.value.where and refusal.value.fix


def test_rows_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formsite.interchange.limesurvey.tables.MOST_ROWS", 2)
    xml = HEAD + "<groups><rows>" + "<row><gid>1</gid></row>" * 3 + "</rows></groups></document>"
    with pytest.raises(Unimportable, match="more than 2 rows"):
        read_tables(xml.encode(), "a.lss")
