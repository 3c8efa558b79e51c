"""The columns of an XLSForm sheet: `label::English (en)`, the old `label:english`, any case, spaces or underscores."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from formsite.interchange.workbooks import Row

TEXTS = frozenset({"label", "hint", "guidance_hint", "media", "constraint_message", "required_message"})
SYNONYMS = {
    "relevance": "relevant",
    "bind_relevant": "relevant",
    "bind_constraint": "constraint",
    "bind_required": "required",
    "bind_calculate": "calculation",
    "calculate": "calculation",
    "jr_constraintmsg": "constraint_message",
    "bind_jr_constraintmsg": "constraint_message",
    "constraining_message": "constraint_message",
    "constraintmsg": "constraint_message",
    "jr_requiredmsg": "required_message",
    "bind_jr_requiredmsg": "required_message",
    "requiredmsg": "required_message",
    "readonly": "read_only",
    "bind_readonly": "read_only",
    "bind_read_only": "read_only",
    "bind_relevance": "relevant",
    "bind_calculation": "calculation",
    "guidance": "guidance_hint",
    "tag": "name",
    "count": "repeat_count",
    "caption": "label",
    "list": "list_name",
    "command": "type",
    "value": "name",
    "jr_count": "repeat_count",
    "control_jr_count": "repeat_count",
    "control_appearance": "appearance",
    "body_appearance": "appearance",
    "image": "media",
    "audio": "media",
    "video": "media",
    "big_image": "media",
}
_TAG = re.compile(r"\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*\)\s*$")
_BARE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")


@dataclass(frozen=True)
class Header:
    """Which spreadsheet columns hold what."""

    plain: Mapping[str, tuple[str, ...]]  # column -> its headers as they stand, all languages
    languages: Mapping[str, str]  # header as it stands -> language tag
    named: tuple[str, ...]  # tags, in the order of the columns
    unknown: Mapping[str, str] = field(default_factory=dict)  # languages without a tag of their own -> the tag they get

    def get(self, row: Row, column: str) -> str:
        """The first filled cell of a column."""
        return next((row.get(header) for header in self.plain.get(column, ()) if row.get(header)), "")

    def has(self, row: Row, column: str) -> bool:
        """Whether the row says anything in that column."""
        return bool(self.get(row, column))

    def texts(self, row: Row, column: str) -> Iterator[tuple[str | None, str]]:
        """(language tag, text) of a column's filled cells; None where the header names no language."""
        for header in self.plain.get(column, ()):
            if row.get(header):
                yield self.languages.get(header), row.get(header)

    def default_language(self, named: str) -> str:
        """The tag of the language the form is written in first."""
        if named and named.lower() != "default":
            return language_tag(named) or private_tag(named)
        return self.named[0] if self.named and not self._unnamed_label() else "en"

    def _unnamed_label(self) -> bool:
        return any(header not in self.languages for header in self.plain.get("label", ()))


def read_headers(headers: Sequence[str]) -> Header:
    """The headers of a sheet, understood."""
    plain: dict[str, list[str]] = {}
    languages: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for header in headers:
        column, named = _split(header)
        plain.setdefault(column, []).append(header)
        if named and column in TEXTS and named.lower() != "default":
            tag = language_tag(named)
            languages[header] = tag or unknown.setdefault(named, private_tag(named))
    found = dict.fromkeys(languages[header] for header in plain.get("label", []) if header in languages)
    return Header({name: tuple(held) for name, held in plain.items()}, languages, tuple(found), unknown)


def _split(header: str) -> tuple[str, str]:
    first, _, rest = re.sub(r"\s*::?\s*", ":", header.strip()).partition(":")
    name = _normal(first)
    if name == "media" and rest:
        return "media", rest.partition(":")[2]
    whole = _normal(header)
    if whole in SYNONYMS:
        return SYNONYMS[whole], ""
    name = SYNONYMS.get(name, name)
    return (name, rest) if name in TEXTS else (SYNONYMS.get(whole, whole if rest else name), "")


def _normal(words: str) -> str:
    return re.sub(r"[\s:_\-]+", "_", words.strip().lower())


def language_tag(named: str) -> str | None:
    """A BCP 47 tag out of “English (en)”, “en” or “Deutsch”; None for what names no language."""
    if found := _TAG.search(named):
        return _tag(found[1])
    name = named.strip()
    if known := language_tags().get(name.lower()):
        return known
    return _tag(name) if _BARE.match(name) and _tag(name).split("-")[0] in known_tags() else None


def private_tag(named: str) -> str:
    """A tag for private use (RFC 5646, section 2.2.1: qaa to qtz) that a name always gets."""
    number = zlib.crc32(named.strip().lower().encode()) % (20 * 26)
    return f"q{chr(97 + number // 26)}{chr(97 + number % 26)}"


def _tag(written: str) -> str:
    base, *rest = written.replace("_", "-").split("-")
    return "-".join([base.lower(), *rest])


@cache
def language_tags() -> dict[str, str]:
    """Names of languages, in themselves and in English, with their tags.

    From the CLDR data in Babel. Their own names stand in a file, since Babel would read every language for them.
    """
    from babel import Locale  # only importers need it

    own: dict[str, str] = json.loads((Path(__file__).parent / "languages.json").read_text("utf-8"))
    tags = own | {name.lower(): tag for tag, name in Locale("en").languages.items()}
    return {name: tag.replace("_", "-") for name, tag in tags.items()}


@cache
def known_tags() -> frozenset[str]:
    """The tags that have a name."""
    return frozenset(language_tags().values())
