"""HTML of a questionnaire -> the Markdown that formsite knows, or plain words. What cannot be said is named."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from formsite.interchange import emphasis

LONGEST = 20_000
SILENT = frozenset({"script", "style", "head", "title", "noscript", "template"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | frozenset(
    "p div section article header footer main aside table tbody thead tr li dl dt dd blockquote pre hr form fieldset "
    "figure figcaption center address".split()
)
LOST = {
    "img": "a picture",
    "iframe": "an embedded page",
    "video": "a film",
    "audio": "a recording",
    "object": "an embedded file",
    "embed": "an embedded file",
    "svg": "a drawing",
    "canvas": "a drawing",
    "script": "a script",
    "input": "a control",
    "select": "a control",
    "textarea": "a control",
    "button": "a control",
}
INLINE = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
_SAFE_LINK = re.compile(r"^(https?|mailto|tel):", re.IGNORECASE)
_SPECIAL = re.compile(r"([\\`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")
_LEADING = re.compile(r"^(\d*)([-+=#>]|(?<=\d)[.)])", re.MULTILINE)
_CLOSING = re.compile(r"(?<![\\#])#+$")
"""What would close a heading."""


@dataclass(slots=True)
class Marked:
    """What became of a text, and what was in it that has no place."""

    text: str
    lost: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Block:
    """A paragraph: what stands before it, and its words, with emphasis that is still open on a stack."""

    before: str = ""
    parts: list[tuple[str, str]] = field(default_factory=lambda: [("", "")])

    def say(self, words: str) -> None:
        mark, held = self.parts[-1]
        self.parts[-1] = (mark, held + words)

    def close(self, mark: str) -> None:
        """Ends what `mark` began; what was begun inside it and never closed is plain."""
        if all(mark != open_ for open_, _ in self.parts[1:]):
            return
        while True:
            open_, held = self.parts.pop()
            self.say(_emphasised(open_, held) if open_ == mark else held)
            if open_ == mark:
                return

    def text(self) -> str:
        while len(self.parts) > 1:
            _, held = self.parts.pop()
            self.say(held)
        return emphasis.settled(self.parts[0][1])


def _emphasised(mark: str, held: str) -> str:
    """Markdown wants the marks beside the words, not beside white space."""
    inner = re.sub(r"\s*\n\s*", "\n", held.strip())  # an empty line would end it
    if not inner:
        return held
    before, after = held[: len(held) - len(held.lstrip())], held[len(held.rstrip()) :]
    begins, ends = ("[", f"]({mark[1:]})") if mark.startswith("[") else emphasis.around(mark)
    return f"{before}{begins}{inner}{ends}{after}"


class _Reader(HTMLParser):
    """Keeps words, emphasis, links and lists. Never trusts that tags are closed."""

    def __init__(self, *, plain: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.plain = plain
        self.blocks = [_Block()]
        self.lists: list[tuple[str, int]] = []
        self.silent = 0
        self.links: list[str] = []
        self.lost: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: (given or "").strip() for name, given in attrs}
        if tag in LOST:
            self.lost[LOST[tag]] = None
            if tag == "img" and held.get("alt") and not self.silent:
                self._say(f" {held['alt']} ")
        if tag in SILENT:
            self.silent += 1
        elif tag == "br":
            self.blocks[-1].say("\n")
        elif tag in ("ul", "ol"):
            self._break()
            self.lists.append((tag, 0))
        elif tag in BLOCKS:
            self._break()
            self._open_block(tag)
        elif tag in ("td", "th"):
            self.blocks[-1].say(" ")
        elif not self.plain and not self.silent:
            self._open_inline(tag, held.get("href", ""))

    def _open_block(self, tag: str) -> None:
        if tag in HEADINGS:
            self.blocks[-1].before = "### "
        elif tag == "blockquote":
            self.blocks[-1].before = "> "
        elif tag == "li" and self.lists:
            kind, number = self.lists[-1]
            self.lists[-1] = (kind, number + 1)
            self.blocks[-1].before = "- " if kind == "ul" else f"{number + 1}. "

    def _open_inline(self, tag: str, href: str) -> None:
        if tag in INLINE:
            self.blocks[-1].parts.append((INLINE[tag], ""))
        elif tag == "a":
            if any(open_.startswith("[") for open_, _ in self.blocks[-1].parts):
                self.handle_endtag("a")  # as browsers have it: a link ends where another begins
            safe = re.sub(r"[\s()<>]", lambda found: f"%{ord(found[0]):02X}", href)
            self.links.append("[" + safe if _SAFE_LINK.match(safe) else "")
            if self.links[-1]:
                self.blocks[-1].parts.append((self.links[-1], ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in ("ul", "ol"):
            self.lists = self.lists[:-1]
            self._break()
        elif tag in BLOCKS:
            self._break()
        elif tag in INLINE:
            self.blocks[-1].close(INLINE[tag])
        elif tag == "a" and self.links:
            self.blocks[-1].close(self.links.pop())

    def parse_html_declaration(self, i: int) -> int:
        """As browsers have it, `<![…>` says nothing, whatever stands in it; the parser would fail on some."""
        marked = self.rawdata.startswith("<![", i)
        return self.parse_bogus_comment(i) if marked else super().parse_html_declaration(i)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._say(re.sub(r"\s+", " ", data))

    def _say(self, words: str) -> None:
        self.blocks[-1].say(words if self.plain else _SPECIAL.sub(r"\\\1", words))

    def _break(self) -> None:
        if self.blocks[-1].text().strip():
            self.blocks.append(_Block())
        else:
            self.blocks[-1] = _Block()

    def result(self) -> str:
        out, item = "", False
        for block in self.blocks:
            lines = [re.sub(r"\s+", " ", line).strip() for line in block.text().split("\n")]
            text = (" " if self.plain or block.before == "### " else "\n").join(lines).strip()
            if not text:
                continue
            if self.plain:
                out += f"{' ' if out else ''}{re.sub(' +', ' ', text)}"
                continue
            is_item = block.before.endswith((". ", "- "))
            between = "\n" if item and is_item else "\n\n"
            text = _LEADING.sub(r"\1\\\2", text)
            if block.before == "### ":
                text = _CLOSING.sub(r"\\\g<0>", text)
            out += (between if out else "") + block.before + text
            item = is_item
        return out


def markdown(html: str) -> Marked:
    """A formatted text."""
    return _read(html, plain=False)


def words(html: str) -> Marked:
    """The words alone, in one line."""
    return _read(html, plain=True)


def inline(html: str) -> str:
    """The words alone, with the spaces at their ends: a piece of a line."""
    text = words(html).text
    before = " " if html[:1].isspace() or html.startswith("&nbsp;") else ""
    after = " " if html[-1:].isspace() or html.endswith("&nbsp;") else ""
    return f"{before}{text}{after}" if text else " " if html and not html.strip() else ""


def _read(html: str, *, plain: bool) -> Marked:
    html = emphasis.FOREIGN.sub("", html)
    if "<" not in html and "&" not in html:  # as it is typed where the editor is off: lines count
        html = re.sub(r"\r?\n", " " if plain else "<br>", html.strip())
    reader = _Reader(plain=plain)
    reader.feed(html[: 10 * LONGEST])
    reader.close()
    return Marked(reader.result()[:LONGEST], list(reader.lost))
