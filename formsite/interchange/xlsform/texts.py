"""The words of a spreadsheet: in several languages, with Markdown and a little HTML, and with answers in them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

from formsite.definition import piping
from formsite.definition.parts import LONGEST_TEXT
from formsite.interchange.headers import Header
from formsite.interchange.workbooks import Row
from formsite.interchange.xlsform.terms import Sources

Words = dict[str, str]
PIPE = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b[^<>]{0,2000}>")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_BREAKS = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr"})
_SHOWN = {
    "img": "a picture",
    "audio": "a recording",
    "video": "a film",
    "iframe": "a page of another host",
    "script": "a script",
}
_PLAIN = (
    (re.compile(r"(?m)^\s{0,3}#{1,6}\s+"), ""),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=[^\s_])([^_]+?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"\[([^\]\n]+)\]\((https?://[^\s()]+|mailto:[^\s()]+)\)"), r"\1 (\2)"),
)
NOWHERE = Header({}, {}, ())


def as_markdown(words: str) -> str:
    """HTML tags become Markdown, or nothing."""
    if "<" not in words and "&" not in words:
        return words

    def mark(found: re.Match[str]) -> str:
        name = found[1].lower()
        if name in _MARKS:
            return _MARKS[name]
        return "\n" if name in _BREAKS and (name == "br" or found[0][1] == "/") else ""

    return html.unescape(TAG.sub(mark, words)).strip()


def as_plain(words: str) -> str:
    """Without Markdown, for labels."""
    words = as_markdown(words)
    if re.search(r"[*_#\[]", words):
        held: list[str] = []

        def keep(found: re.Match[str]) -> str:
            held.append(found[0])
            return f"\ue000{len(held) - 1}\ue001"

        words = PIPE.sub(keep, words)
        for pattern, put in _PLAIN:
            words = pattern.sub(put, words)
        words = re.sub("\ue000(\\d+)\ue001", lambda found: held[int(found[1])], words)
    return words


class Texts:
    """Reads the texts of rows. What stands in them and does not come over is named."""

    def __init__(self, headers: Header, language: str, lose: Callable[[str, str, str], None]) -> None:
        self.headers = headers
        self.language = language
        self.sources = Sources()
        self._lose = lose

    def raw(self, row: Row, column: str) -> Words:
        """As they stand, by language."""
        return {tag or self.language: text for tag, text in self.headers.texts(row, column)}

    def plain(self, row: Row, column: str, where: str, filled: Mapping[str, str] | None = None) -> Words:
        """Without Markdown."""
        made = {tag: as_plain(text) for tag, text in self.rich(row, column, where, filled).items()}
        return {tag: text for tag, text in made.items() if text.strip()}

    def rich(self, row: Row, column: str, where: str, filled: Mapping[str, str] | None = None) -> Words:
        """With Markdown; `filled` stands for the `%(name)s` of a loop."""
        made = {}
        for tag, text in self.raw(row, column).items():
            self._name_lost(text, where, column)
            words = as_markdown(text)
            for name, held in (filled or {}).items():
                words = words.replace(f"%({name})s", held)
            if words.strip():
                made[tag] = self.piped(words, where)
        return made

    def piped(self, words: str, where: str) -> str:
        """`${name}` is `{{name}}` in formsite; no text is longer than formsite's may be."""
        made = self._said(words, where)
        if len(made) <= LONGEST_TEXT:
            return made
        self._lose(where, "a text", f"it is longer than {LONGEST_TEXT} characters, and ends there")
        return made[:LONGEST_TEXT]

    def _said(self, words: str, where: str) -> str:
        words = piping.GAP.sub(lambda found: found[0].replace("{{", "{ {"), words)
        if "${" not in words:
            return words

        def say(found: re.Match[str]) -> str:
            source = self.sources.get(found[1])
            if source is not None and source.kind not in ("nothing", "repeat"):
                return f"{{{{{source.id}}}}}"
            self._lose(
                where, f"the answer “{found[1]}” inside a text", "it did not come over; three dots stand in its place"
            )
            return "…"

        return PIPE.sub(say, words)

    def _name_lost(self, text: str, where: str, column: str) -> None:
        for tag in dict.fromkeys(found.lower() for found in TAG.findall(text)):
            if tag in _SHOWN:
                self._lose(where, f"{_SHOWN[tag]} in the {column.replace('_', ' ')}", "texts hold words only")
