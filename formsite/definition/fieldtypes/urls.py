"""Addresses of web pages."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import SplitResult, urlsplit

from formsite.definition.fieldtypes.base import Unreadable, Value, registry, unmarked
from formsite.definition.fieldtypes.texts import LineOfText

if TYPE_CHECKING:
    from formsite.definition.document import Field

LONGEST_URL = 2_000
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
"""A part of a host name, in any script (RFC 5890)."""


@registry.register
class Url(LineOfText):
    """The address of a web page; whether there is one is never looked up."""

    name: ClassVar[str] = "url"
    title: ClassVar[str] = "Web address"
    family: ClassVar[str] = "Contact"
    missing: ClassVar[str] = "missing_url"
    longest: ClassVar[int] = LONGEST_URL

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The address with its scheme; where none was typed it is https."""
        text = super().parse([unmarked(text) for text in raw], field)
        if text is None:
            return None
        text = str(text)
        address = text if SCHEME.match(text) else f"https://{text}"
        try:
            split = urlsplit(address)
            is_address = bool(_is_web_address(split)) and not re.search(r"[\s<>\"\\]", address)
        except ValueError:  # a port that is no number, brackets that do not close
            is_address = False
        if not is_address:
            raise Unreadable("url")
        return split._replace(scheme=split.scheme.lower(), netloc=split.netloc.lower()).geturl()

    def input(self, field: Field, language: str) -> dict[str, str]:
        """The keyboard for addresses; a url control would refuse what has no scheme."""
        return {
            "type": "text",
            "inputmode": "url",
            "autocomplete": "url",
            "autocapitalize": "none",
            "spellcheck": "false",
            "dir": "ltr",
        }

    def mask(self, value: Value, field: Field) -> str:
        """The end of its host's name."""
        return f"•••.{(urlsplit(str(value)).hostname or '').rpartition('.')[2]}"

    def schema(self, field: Field) -> dict[str, Any]:
        """A string that starts like an address of the web."""
        return {"type": "string", "pattern": r"^https?://[^\s/?#]+\.[^\s]+$", "maxLength": LONGEST_URL}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """A page of a site that is nobody's (RFC 2606)."""
        return f"https://www.example.org/{rng.choice(['about', 'shop', 'team', 'news'])}/{rng.randrange(1000)}"


def _is_web_address(split: SplitResult) -> bool:
    """Of the web, with a host in a domain, and without a name and password in it."""
    if split.scheme.lower() not in ("http", "https") or "@" in split.netloc or split.port == 0:
        return False
    labels = (split.hostname or "").removesuffix(".").split(".")
    return len(labels) > 1 and all(map(LABEL.fullmatch, labels))
