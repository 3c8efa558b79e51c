"""Names of languages in headers of sheets."""

from __future__ import annotations

import pytest
from babel import Locale

from formsite.interchange.headers import language_tag, language_tags, private_tag


@pytest.mark.parametrize(
    ("named", "tag"),
    [
        ("English (en)", "en"),
        ("Português (pt_BR)", "pt-BR"),
        ("en", "en"),
        ("DE", "de"),
        ("Deutsch", "de"),
        ("français", "fr"),
        ("العربية", "ar"),
        ("Nepali", "ne"),
        ("Version 2", None),
        ("zz", None),
    ],
)
def test_a_language_is_known_by_its_tag_and_by_its_names(named: str, tag: str | None) -> None:
    assert language_tag(named) == tag


@pytest.mark.parametrize("tag", ["sw", "uk", "hi", "am", "es", "tr"])
def test_the_names_in_the_file_are_those_of_babel(tag: str) -> None:
    name = Locale(tag).get_language_name(tag)
    assert name and language_tags()[name.lower()] == tag


def test_what_names_no_language_gets_a_tag_for_private_use_that_is_always_the_same() -> None:
    assert private_tag("Version 2") == private_tag(" version 2 ")
    assert "qaa" <= private_tag("Version 2") <= "qtz"
