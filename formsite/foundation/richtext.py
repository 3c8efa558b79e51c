"""A subset of Markdown -> safe HTML: emphasis, lists, links, small headings. Everything else stays as it was typed.

The text is parsed with raw HTML off, and what comes out is cleaned once more against a short list of elements.
"""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

ELEMENTS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3", "h4", "blockquote", "code"}
SCHEMES = {"https", "http", "mailto", "tel"}
_markdown = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True}).disable(
    ["image", "table", "html_block", "html_inline"]
)


@lru_cache(maxsize=2_048)
def render(text: str) -> Markup:
    """Safe HTML. Headings start at the third level: the page has its own above them."""
    if not text.strip():
        return Markup()
    html = _markdown.render(text)
    for level in (2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    cleaned = nh3.clean(
        html, tags=ELEMENTS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel="noopener noreferrer"
    )
    return Markup(cleaned)  # noqa: S704  (cleaned right above)
