"""HTML to lines of text as a reader sees them, each with what the mail program's markup says about it.

selectolax (lexbor) reads the HTML as browsers do and loses nothing. The rendering is ours: blocks, lists, tables;
hidden text dropped, quotes and signatures marked.
"""

from __future__ import annotations

import re
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
_SKIP = frozenset(("head", "script", "style", "title", "template", "noscript", "-comment", "meta", "link", "svg"))
_BLOCKS = frozenset(
    re2.split(
        r"\s+",
        """address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure
        footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody tfoot
        thead tr ul""",
    )
)
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"))
_HIDDEN = re2.compile(
    r"(?i)(?:^|[;\s\"'])(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|"
    r"opacity\s*:\s*0(?:\.0+)?\s*(?:;|$))"
)
_TINY = re2.compile(r"(?i)(?:^|[;\s\"'])font-size\s*:\s*0+(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:!important\s*)?(?:;|$)")
_TINY_CHECKS = 20
_OPEN = re.compile(r"<(/?)([a-zA-Z]{1,10})")  # no RE2: a single bounded quantifier, and ten times the speed here
#: Tags that do not nest, or whose end may be left out.
_FLAT = frozenset(
    re2.split(" ", "br img hr input meta link area base col embed source track wbr p li tr dd dt option BR IMG HR P LI")
)


@dataclass(slots=True)
class Rendered:
    """Lines of a rendered document."""

    lines: list[Line] = field(default_factory=list)
    defects: dict[str, None] = field(default_factory=dict)


def render(html: str, limits: Limits = LIMITS) -> Rendered:
    """The document as lines of text; linear in its length. Never raises."""
    out = Rendered()
    if len(html) > limits.text or _hostile(html):
        out.defects["html-too-complex"] = None
        text = clean(_strip(html))
        if len(text) > limits.text:
            text = text[: limits.text]
            out.defects["text-too-long"] = None
        out.lines = [Line(line.strip()) for line in text.split("\n") if line.strip()]
        return out
    root = LexborHTMLParser(html.replace("\0", "")).root
    if root is not None:
        _Writer(out).write(root)
    return out


def _hostile(html: str) -> bool:
    """Whether a parser would need more than linear time: very deep nesting or one very long tag."""
    if html.count("<") <= _DEPTH:
        return len(html) > _TAG_LENGTH and _has_long_tag(html)
    depth = 0
    for closing, tag in _OPEN.findall(html):
        if tag not in _FLAT:
            depth += -1 if closing else 1
            if depth > _DEPTH:
                return True
    return _has_long_tag(html)


def _has_long_tag(html: str) -> bool:
    at = html.find("<")
    while at >= 0:
        end = html.find(">", at)
        if (end if end >= 0 else len(html)) - at > _TAG_LENGTH and not html.startswith(("<!--", "<img"), at):
            return True
        at = html.find("<", end) if end >= 0 else -1
    return False


def _strip(html: str) -> str:
    """The text between the tags, a line for each; for documents that no parser should see."""
    out: list[str] = []
    skipping = ""
    for piece in html.split("<"):
        inside, bracket, after = piece.partition(">")
        name = inside[:8].lower()
        if skipping:
            skipping = "" if name.startswith(skipping) else skipping
            if skipping:
                continue
        elif name.startswith(("style", "script")):
            skipping = "/" + ("style" if name.startswith("style") else "script")
            continue
        text = after if bracket else ("" if len(piece) > 200 and "=" in piece else piece)
        if text.strip():
            out.append(text)
    return unescape("\n".join(out))


class _Writer:
    """Walks the tree without recursion and writes lines."""

    def __init__(self, out: Rendered) -> None:
        self.out = out
        self.line: list[str] = []
        self.gap = 0  # empty lines owed before the next text
        self.space = False  # a blank owed before the next word
        self.hint = OWN
        self.pre = 0
        self.checks = 0  # of containers with a size of 0; each costs a look at all that is inside

    def write(self, root: Any) -> None:
        """Depth first: enter a node, its children, leave it."""
        # nodes compare by their whole HTML; what tells them apart cheaply is mem_id
        node, hints, top = root, [(root.mem_id, OWN)], root.mem_id
        while node is not None:
            child = self.enter(node, hints)
            if child is not None:
                node = child
                continue
            while node is not None:
                self.leave(node, hints)
                if node.mem_id == top:
                    node = None
                    break
                following = node.next
                if following is not None:
                    node = following
                    break
                node = node.parent
        self.end_line()

    def enter(self, node: Any, hints: list[tuple[int, str]]) -> Any:
        """Write what stands before the children; the first child, or None if they are not to be read."""
        tag = node.tag
        if tag == "-text":
            self.text(node.text_content or "")
            return None
        if tag in _SKIP:
            return None
        attributes = node.attributes
        style = attributes.get("style") or ""
        if ("hidden" in attributes or (style and self.hides(node, style))) and tag != "body":
            if node.text(deep=True, strip=True):
                self.out.defects["hidden-text"] = None
            return None
        if tag == "br":
            self.end_line(keep_empty=True)
            return None
        if tag == "img":
            alt = attributes.get("alt") or ""
            self.text(f" {alt} " if len(alt) <= 8 and not alt.isascii() else " ")  # an emoji; else a program's words
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
        hints.append((node.mem_id, hint))
        self.hint = hint
        if tag == "li":
            self.line.append("- ")
        elif tag == "pre":
            self.pre += 1
        elif tag == "hr":
            self.line.append("________________________________")
        return node.child

    def hides(self, node: Any, style: str) -> bool:
        """Whether this style hides what is inside. Newsletters set a size of 0 on containers and another one within."""
        if _HIDDEN.search(style):
            return True
        if not _TINY.search(style) or self.checks >= _TINY_CHECKS:
            return False
        self.checks += 1
        return "font-size" not in (node.inner_html or "").lower()

    def leave(self, node: Any, hints: list[tuple[int, str]]) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            self.end_line()
            if tag in _PARAGRAPHS:
                self.gap = max(self.gap, 1)
            if tag == "pre" and self.pre:
                self.pre -= 1
        if len(hints) > 1 and hints[-1][0] == node.mem_id:
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
