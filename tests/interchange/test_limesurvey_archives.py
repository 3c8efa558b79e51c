"""Other exports of LimeSurvey: the survey in an archive is read, everything else is refused with what to bring instead."""

from __future__ import annotations


import pytest

from formsite.interchange import files
from formsite.interchange.losses import Unimportable
from tests.support.files import zipped
from tests.interchange.limesurvey_archive import archive, question

SURVEY = archive([question("a"), question("b", "Y")])


def test_the_survey_of_an_archive_comes_in_and_what_lay_beside_it_is_named() -> None:
    content = zipped(survey_77__lss=SURVEY, survey_77_responses__lsr=b"<document/>", survey_77_tokens__lst=b"x")
    imported = files.read(content, "survey_archive_77.lsa")
    assert imported.definition == files.read(SURVEY, "survey.lss").definition
    assert [(loss.where, loss.what) for loss in imported.losses] == [
        ("survey_77_responses.lsr", "responses"),
        ("survey_77_tokens.lst", "participants"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zipped(a__lss=SURVEY, b__lss=SURVEY), "holds 2 surveys"),
        (zipped(a__lss=b" " * (10 * 1024 * 1024 + 1)), "larger than 10 MB"),
        (zipped(a__lss=SURVEY)[:-30], "no|cannot|broken|not"),
        (zipped(a__lss=b"PK"), "not XML"),
        (b"class\ttype/scale\tname\trelevance\ttext\n", "table of texts"),
        (b'\xef\xbb\xbf"id"\t"related_id"\t"class"\t"type/scale"\t"name"\n', "table of texts"),
        (b'"# LimeSurvey Survey Dump"\n"# DBVersion 132"\n', "table of texts"),
        (b"<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>", "one group of questions"),
    ],
)
def test_other_exports_are_refused_with_what_to_bring_instead(content: bytes, words: str) -> None:
    with pytest.raises(Unimportable, match=words) as refusal:
        files.read(content, "export")
    assert refusal.value.fix


def test_an_encrypted_archive_is_refused() -> None:
    content = zipped(a__lss=SURVEY).replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x01\x00\x08\x00")
    with pytest.raises(Unimportable, match="cannot be unpacked"):
        files.read(content, "a.lsa")
