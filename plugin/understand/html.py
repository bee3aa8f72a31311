"""HTML to lines of text as a reader sees them, each with what the mail program's markup says about it.

selectolax (lexbor) reads the HTML as browsers do and loses nothing. The rendering is ours: blocks, lists, tables, hidden
text dropped, quotes and signatures marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape
from typing import Any

import re2
from selectolax.lexbor import LexborHTMLParser

from plugin.understand.charset import clean
from plugin.understand.limits import LIMITS, Limits
from plugin.understand.markup import hint_of
from plugin.understand.newest.lines import HISTORY, OWN, Line

__all__ = ["Rendered", "render"]

_DEPTH = 2_000  # lexbor is quadratic in nesting
_TAG_LENGTH = 64 * 1024  # and in the number of attributes of one tag
_SKIP = frozenset(
    ("head", "script", "style", "title", "template", "noscript", "-comment", "meta", "link", "svg", "object")
)
_BLOCKS = frozenset(
    re2.split(
        r"\s+",
        """address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer
        form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody tfoot thead
        tr ul""",
    )
)
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"))
_HIDDEN = re2.compile(
    r"(?i)(?:^|[;\s\"'])(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|"
    r"font-size\s*:\s*0+(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:!important\s*)?(?:;|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$))"
)
_OPEN = re2.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_TAG = re2.compile(r"(?s)<!--.*?-->|<(?:style|script)[^>]*>.*?</(?:style|script)[^>]*>|<[^>]*>?")
#: Tags that do not nest, or whose end may be left out.
_VOID = frozenset(
    re2.split(" ", "br img hr input meta link area base col embed source track wbr p li td tr th dd dt option")
)


@dataclass(slots=True)
class Rendered:
    """Lines of a rendered document."""

    lines: list[Line] = field(default_factory=list)
    defects: dict[str, None] = field(default_factory=dict)


def render(html: str, limits: Limits = LIMITS) -> Rendered:
    """The document as lines of text; linear in its length. Never raises."""
    out = Rendered()
    if len(html) > limits.text:
        html = html[: limits.text]
        out.defects["text-too-long"] = None
    if _hostile(html):
        out.defects["html-too-complex"] = None
        text = clean(unescape(_TAG.sub("\n", html)))
        out.lines = [Line(line.strip()) for line in text.split("\n") if line.strip()]
        return out
    root = LexborHTMLParser(html.replace("\0", "")).root
    if root is not None:
        _Writer(out).write(root)
    return out


def _hostile(html: str) -> bool:
    """Whether a parser would need more than linear time: very deep nesting or one very long tag."""
    depth = deepest = 0
    for match in _OPEN.finditer(html):
        if match[2].lower() not in _VOID:
            depth += -1 if match[1] else 1
            deepest = max(deepest, depth)
            if deepest > _DEPTH:
                return True
    at = html.find("<")
    while at >= 0:
        end = html.find(">", at)
        if (end if end >= 0 else len(html)) - at > _TAG_LENGTH and not html.startswith(("<!--", "<img"), at):
            return True
        at = html.find("<", end) if end >= 0 else -1
    return False


class _Writer:
    """Walks the tree without recursion and writes lines."""

    def __init__(self, out: Rendered) -> None:
        self.out = out
        self.line: list[str] = []
        self.gap = 0  # empty lines owed before the next text
        self.space = False  # a blank owed before the next word
        self.hint = OWN
        self.pre = 0

    def write(self, root: Any) -> None:
        """Depth first: enter a node, its children, leave it."""
        node, hints = root, [(root, OWN)]
        while node is not None:
            child = self.enter(node, hints)
            if child is not None:
                node = child
                continue
            while node is not None:
                self.leave(node, hints)
                if node == root:
                    node = None
                    break
                following = node.next
                if following is not None:
                    node = following
                    break
                node = node.parent
        self.end_line()

    def enter(self, node: Any, hints: list[tuple[Any, str]]) -> Any:
        """Write what stands before the children; the first child, or None if they are not to be read."""
        tag = node.tag
        if tag == "-text":
            self.text(node.text_content or "")
            return None
        if tag in _SKIP:
            return None
        attributes = node.attributes
        style = attributes.get("style") or ""
        if ("hidden" in attributes or (style and _HIDDEN.search(style))) and tag != "body":
            if node.text(deep=True, strip=True):
                self.out.defects["hidden-text"] = None
            return None
        if tag == "br":
            self.end_line(keep_empty=True)
            return None
        if tag == "img":
            self.text(f" {attributes.get('alt') or ''} ")
            return None
        if tag in _BLOCKS:
            self.end_line()
            if tag in _PARAGRAPHS:
                self.gap = max(self.gap, 1)
        elif tag in ("td", "th"):
            self.space = True
            if self.line:
                self.line.append("\t")
        hint = hint_of(tag, attributes, style, hints[-1][1])
        if hint is not None and hint != hints[-1][1]:
            self.end_line()
            if hint == HISTORY:
                self.out.lines.append(Line("", HISTORY))
                hint = hints[-1][1]
        else:
            hint = hints[-1][1]
        hints.append((node, hint))
        self.hint = hint
        if tag == "li":
            self.line.append("- ")
        elif tag == "pre":
            self.pre += 1
        elif tag == "hr":
            self.line.append("________________________________")
        return node.child

    def leave(self, node: Any, hints: list[tuple[Any, str]]) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            self.end_line()
            if tag in _PARAGRAPHS:
                self.gap = max(self.gap, 1)
            if tag == "pre" and self.pre:
                self.pre -= 1
        if len(hints) > 1 and hints[-1][0] == node:
            if hints[-1][1] != hints[-2][1]:
                self.end_line()
            hints.pop()
            self.hint = hints[-1][1]

    def text(self, text: str) -> None:
        if self.pre:
            first, *others = text.split("\n")
            self.line.append(first)
            for other in others:
                self.end_line(keep_empty=True)
                self.line.append(other)
            return
        words = text.split()
        if not words:
            self.space = self.space or bool(text)
            return
        if (self.space or text[0].isspace()) and self.line and not self.line[-1].endswith((" ", "\t")):
            self.line.append(" ")
        self.line.append(" ".join(words))
        self.space = text[-1].isspace()

    def end_line(self, keep_empty: bool = False) -> None:
        text = "".join(self.line)
        text = text.rstrip() if text != "-- " else text
        self.line, self.space = [], False
        if text:
            lines = self.out.lines
            if lines and (lines[-1].text or lines[-1].hint == self.hint):
                lines.extend([Line("", self.hint if self.hint == lines[-1].hint else OWN)] * self.gap)
            lines.append(Line(clean(text), self.hint))
            self.gap = 0
        elif keep_empty and self.out.lines:
            self.gap = min(self.gap + 1, 2) if self.gap or not self.out.lines[-1].text else 1
