"""HTML of strangers as Markdown or plain words: nothing is lost but what has no place, and nothing wakes up."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formsite.foundation.richtext import render
from formsite.interchange.markup import inline, markdown, words


@pytest.mark.parametrize(
    ("written", "formatted", "plain"),
    [
        ("<p>Hello <b>you</b> &amp; <i> me </i>!</p>", "Hello **you** & *me* !", "Hello you & me !"),
        ("<ul><li>one</li><li>two</li></ul><p>end</p>", "- one\n- two\n\nend", "one two end"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b", "a b"),
        ("<h2>Title</h2>text<br>more", "### Title\n\ntext\nmore", "Title text more"),
        ('<a href="https://example.org/a b">here</a>', "[here](https://example.org/a%20b)", "here"),
        ('<a href="javascript:alert(1)">here</a>', "here", "here"),
        ("<b>open <i>ends</b> there", "**open ends** there", "open ends there"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2", "1 2"),
        ("1. no list, *no* star", "1\\. no list, \\*no\\* star", "1. no list, *no* star"),
        ("typed\nlines", "typed\nlines", "typed lines"),
        ("a_b and _c_", "a_b and \\_c\\_", "a_b and _c_"),
        ("<p>&nbsp;</p>", "", ""),
        ("nul\x00", "nul", "nul"),
        ("<![if !supportLists]>a<![endif]><![ b>c", "ac", "ac"),
        ("<h2>a<br>b</h2><i>c<br><br>d</i>", "### a b\n\n*c\nd*", "a b c d"),
        ("1<b><</b>", "1\\<", "1<"),
        ("a<b>b</b>c <b>(d)</b>. <i>e</i><i>f</i>", "a**b**c **(d)**. *e*f", "abc (d). ef"),
        ("<b>a <b>b</b> <i>c</i></b>", "**a b *c***", "a b c"),
        ("<code>x</code> <code>a*b</code> <b><code>y</code></b>", "`x` a\\*b **`y`**", "x a*b y"),
        ('<a href="tel:1">a <a href="tel:2">b</a></a>', "[a](tel:1) [b](tel:2)", "a b"),
    ],
)
def test_markup(written: str, formatted: str, plain: str) -> None:
    assert markdown(written).text == formatted
    assert words(written).text == plain


def test_a_piece_of_a_line_keeps_the_spaces_at_its_ends() -> None:
    assert [inline(piece) for piece in ("You ", " <b>are</b>", "&nbsp;x", " ", "")] == ["You ", " are", " x", " ", ""]


tags = st.sampled_from(
    [
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<p>",
        "</p>",
        "<li>",
        "<ul>",
        "</ul>",
        "<br>",
        "<a href='https://x.org'>",
        "</a>",
        "<code>",
        "</code>",
        "<h1>",
        "</h1>",
        "<",
        ">",
        "&lt;",
        "&amp;",
        "<script>",
        "<![",
        "<!",
        "</script>",
    ]
)
texts = st.text(alphabet="ab *_`[]()#-+1.>!\\\n", max_size=12)
documents = st.lists(tags | texts, max_size=14).map("".join)


@settings(max_examples=300, deadline=None)
@given(documents)
def test_what_is_drawn_says_the_words_and_nothing_else(written: str) -> None:
    drawn = str(render(markdown(written).text))
    assert not re.search(r"<(?!/?(p|br|strong|em|ul|ol|li|a|h3|h4|blockquote|code)\b)", drawn)
    said = html.unescape(re.sub(r"<[^>]*>", " ", drawn))
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", words(written).text)
