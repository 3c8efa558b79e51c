"""What the program says: every key there is, in every language, and each of them used."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from formsite.definition.document import Channel, Kind
from formsite.definition.messages import CATALOGUE, PLURALS, Message, direction, languages, render, words

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
MODULES = sorted((ROOT / "formsite").rglob("*.py"))
CATALOGUES = {path.stem: json.loads(path.read_text("utf-8")) for path in CATALOGUE.glob("*.json")}
COMPUTED = (
    {f"kind_{kind}" for kind in Kind}
    | {f"channel_{channel}" for channel in Channel}
    | {f"receipt_{value}" for value in ("given", "refused", "withdrawn")}
)
"""Keys that a template puts together."""
each_language = pytest.mark.parametrize("language", sorted(CATALOGUES))


def in_template(source: str) -> set[str]:
    """The keys that a template names."""
    return set(re.findall(r"""\bwords(?:\[|\.count\()["']([a-z_]+)["'][\]),]""", source))


def prefixes(source: str) -> set[str]:
    """The beginnings of keys that a template puts together."""
    return set(re.findall(r"""\bwords\[["']([a-z_]+)["'] ~""", source))


def in_module(tree: ast.AST) -> set[str]:
    """The keys that a module names: of messages and refusals, of what a type says of itself, of looked-up words."""
    return {key for node in ast.walk(tree) for key in _keys(node) if re.fullmatch("[a-z_]+", key)}


def _keys(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id="Message" | "Unreadable"), args=[first, *_]):
            yield from _texts(first)
        case ast.Call(func=ast.Attribute(attr="count", value=ast.Name(id="said")), args=[first, *_]):
            yield from _texts(first)
        case ast.AnnAssign(
            target=ast.Name(id="missing" | "unreadable" | "early" | "late" | "ends" | "again"),
            value=ast.expr() as value,
        ):
            yield from _texts(value)
        case ast.keyword(arg="notice", value=value):
            yield from _texts(value)
        case ast.Assign(targets=[ast.Name(id="buttons" | "SAID")], value=value):
            yield from _texts(value)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "buttons":
                    yield from _texts(value)
        case ast.Call(func=ast.Attribute(attr="append", value=ast.Name(id="buttons")), args=[first]):
            yield from _texts(first)
        case ast.Call(func=ast.Name(id="usual"), args=[first]):
            yield from _texts(first)
        case ast.Subscript(value=looked, slice=key) if _is_words(looked):
            yield from _texts(key)


def _is_words(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="words")) | ast.Name(id="said") | ast.Attribute(attr="words"):
            return True
    return False


def _texts(node: ast.AST) -> Iterator[str]:
    """The texts an expression may come to; conditions and names beside them left out."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body)
            yield from _texts(orelse)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _texts(part)


def used() -> set[str]:
    """Every key that templates and modules name."""
    keys = set(COMPUTED)
    for path in TEMPLATES:
        keys |= in_template(path.read_text("utf-8"))
    for path in MODULES:
        if (
            path != ROOT / "formsite" / "foundation" / "crypto.py"
            and path != ROOT / "formsite" / "foundation" / "outbox.py"
        ):
            keys |= in_module(ast.parse(path.read_text("utf-8")))
    return keys


def test_the_extractors_see_what_they_should() -> None:
    assert in_template(
        """{{ words["a_b"] }} {{ words.count('c', 3) }} {{ words["kind_" ~ x] }} {{ words_["z"] }}"""
    ) == {"a_b", "c"}
    assert prefixes("""{{ words["kind_" ~ x] }} {{ words["a"] }}""") == {"kind_"}
    seen = in_module(
        ast.parse(
            'Message("a"), Unreadable("b", n=1), Message("c" if "no" else "d"), said["e"], words(x)["f"]\n'
            'said.count("g", 1)\nclass X:\n    missing: str = "h"\nStay(notice="i")\n'
            'buttons = ["j" if x == "no" else "k"]\nSAID = ("l",)\nself.words["m"]\nother["no"]\n"no".count("no")\n{"buttons": ("n",)}\n'
        )
    )
    assert seen == set("abcdefghijklmn")


def test_every_key_that_is_used_is_in_the_catalogue_and_no_other() -> None:
    assert len(MODULES) > 50 and len(TEMPLATES) > 40
    assert used() - set(CATALOGUES["en"]) == set()
    assert set(CATALOGUES["en"]) - used() == set()


def test_keys_are_put_together_only_of_known_beginnings() -> None:
    found = {prefix for path in TEMPLATES for prefix in prefixes(path.read_text("utf-8"))}
    assert found == {"kind_", "channel_", "receipt_"}


@each_language
def test_every_language_says_the_same_things(language: str) -> None:
    own, english = CATALOGUES[language], CATALOGUES["en"]
    assert list(own) == list(english)
    for key, entry in own.items():
        assert isinstance(entry, str) == isinstance(english[key], str), key
        assert _gaps(_longest(entry)) == _gaps(_longest(english[key])), key
        for form in [entry] if isinstance(entry, str) else entry.values():
            assert form.strip() == form and form, key
            assert _gaps(form) <= _gaps(_longest(entry)), key


@each_language
def test_every_number_has_its_form(language: str) -> None:
    """Babel's copy of CLDR is the judge; French and Spanish "many" (whole millions) is said like "other" here."""
    oracle = Locale.parse(language).plural_form
    forms = {"other" if language in ("fr", "es") and oracle(n) == "many" else oracle(n) for n in range(10_000)}
    for key, entry in CATALOGUES[language].items():
        if not isinstance(entry, str):
            assert set(entry) == forms, key
    said = words(language)
    entry = CATALOGUES[language]["problems"]
    for n in [*range(250), 1_000, 1_002, 1_011, 1_000_000]:
        form = oracle(n)
        form = "other" if language in ("fr", "es") and form == "many" else form
        assert said.count("problems", n) == entry[form].replace("{n}", str(n)), n


def test_plurals_are_declared_for_languages_that_are_spoken() -> None:
    assert set(PLURALS) <= languages()


@each_language
def test_words_are_not_left_in_english(language: str) -> None:
    alike = {key for key, entry in CATALOGUES[language].items() if entry == CATALOGUES["en"][key]}
    allowed = {
        "en": set(CATALOGUES["en"]),
        "fr": {"kind_questionnaire", "kind_promotion", "receipt_version"},
        "es": {"no"},
        "ar": set(),
        "de": set(),
    }
    assert alike <= allowed[language]


def test_arabic_counts_in_six_forms() -> None:
    said = words("ar")
    assert len({said.count("more_shown", n) for n in (0, 1, 2, 3, 11, 100)}) == 6
    assert said.count("more_shown", 2) == "ظهر سؤالان آخران"


def test_gaps_are_filled_once() -> None:
    """What a designer or a customer wrote is never read as a template."""
    message = Message("too_long", {"label": "{n} {label} {day}", "n": 5})
    assert render(message, "en") == "“{n} {label} {day}”: shorten it to 5 characters"
    assert render(Message("number_least", {"label": "x", "least": "{most}"}), "en") == "“x”: enter {most} or more"


def test_figures_are_said_without_needless_decimals() -> None:
    assert render(Message("number_most", {"label": "x", "most": 2.50}), "en") == "“x”: enter 2.5 or less"


@pytest.mark.parametrize(
    ("tag", "spoken"), [("de", "de"), ("de-AT", "de"), ("DE", "de"), ("pt-BR", "en"), ("xx", "en"), ("ar-EG", "ar")]
)
def test_a_language_is_found_by_its_base_or_is_english(tag: str, spoken: str) -> None:
    assert words(tag).language == spoken
    assert words(tag)["yes"] == CATALOGUES[spoken]["yes"]


def test_what_is_no_key_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        render(Message("no_such_thing"), "en")


@pytest.mark.parametrize(
    ("language", "way"), [("ar", "rtl"), ("he-IL", "rtl"), ("FA", "rtl"), ("en", "ltr"), ("de", "ltr")]
)
def test_a_language_is_written_one_way(language: str, way: str) -> None:
    assert direction(language) == way


def _longest(entry: Any) -> str:
    return entry if isinstance(entry, str) else entry["other"]


def _gaps(text: str) -> set[str]:
    return set(re.findall(r"\{([a-z]+)\}", text))
