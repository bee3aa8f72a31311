"""HTML as a reader sees it."""

from __future__ import annotations

import pytest

from plugin.understand.html import render
from plugin.understand.newest import whole_text

CASES = {
    "words are not glued": ("<div>one</div>two<p>three</p>", "one\ntwo\n\nthree"),
    "inline tags do not split words": ("<p>calen<b>dar</b>io</p>", "calendario"),
    "blanks between inline tags stay": ("<b>a</b> <i>b</i>", "a b"),
    "cells are apart": ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a\tb\nc\td"),
    "lists have dashes": ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
    "br ends a line": ("a<br>b<br><br>c", "a\nb\n\nc"),
    "pre keeps its lines": ("<pre>a\n  b</pre>", "a\n  b"),
    "entities and hard blanks": ("a&nbsp;&amp;&nbsp;&eacute;&#128512;", "a & é😀"),
    "style and script are no text": ("<style>p{}</style><script>x()</script><p>a</p>", "a"),
    "text behind the end of the document": ("<html><body>a</body></html>b", "ab"),
    "an emoji as a picture": ('a <img alt="😀" src="x"> b', "a 😀 b"),
    "a picture described by a program": ('a <img alt="Logo Description automatically generated"> b', "a b"),
    "a container of size 0 with readable text": (
        '<td style="font-size:0px;padding:0"><div style="font-size:13px">a</div></td>',
        "a",
    ),
    "comments for Outlook are no text": ("<!--[if mso]><p>x</p><![endif]-->a", "a"),
    "an empty document": ("", ""),
    "plain text": ("a < b and c > d", "a < b and c > d"),
}

HIDDEN = [
    '<div style="display:none">x</div>',
    '<div style="color:red; DISPLAY : none !important">x</div>',
    '<span style="visibility:hidden">x</span>',
    '<span style="font-size:0">x</span>',
    '<span style="font-size:0px;line-height:0">x</span>',
    '<span style="mso-hide:all">x</span>',
    "<p hidden>x</p>",
    '<p style="opacity:0">x</p>',
]


@pytest.mark.parametrize("name", CASES)
def test_html_becomes_text(name: str) -> None:
    html, wanted = CASES[name]
    assert whole_text(render(html).lines) == wanted


@pytest.mark.parametrize("html", HIDDEN)
def test_hidden_text_is_dropped_and_marked(html: str) -> None:
    rendered = render(f"<p>seen</p>{html}")
    assert whole_text(rendered.lines) == "seen"
    assert "hidden-text" in rendered.defects


@pytest.mark.parametrize(
    "style", ["font-size:0.8em", "font-size:10px", "display:block", "opacity:0.9", "font-size:05px"]
)
def test_readable_text_is_not_taken_for_hidden(style: str) -> None:
    rendered = render(f'<p style="{style}">seen</p>')
    assert whole_text(rendered.lines) == "seen"
    assert not rendered.defects
