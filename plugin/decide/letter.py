"""A letter as a structure, written out as plain text and as simple HTML; both say the same."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

MAX_BYTES = 8 * 1024  #: of the plain text (RFC 3834 section 3.2: a few kilobytes)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences, on lines of their own where there are several."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """Questions; a single one needs no number."""

    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short entries, with a link where there is one."""

    entries: tuple[tuple[str, str], ...]


Block = Paragraph | Numbered | Bullets


def as_text(blocks: tuple[Block, ...]) -> str:
    """Plain text, blocks separated by an empty line; long lines are left to the reader's window."""
    return "\n\n".join(_text(block) for block in blocks) + "\n"


def as_html(blocks: tuple[Block, ...], language: str) -> str:
    """A fragment without styles, pictures or scripts.

    The mark lets `understand` tell our letter from the customer's words when it comes back as a quote.
    """
    return (
        f'<div lang="{escape(language)}" data-antesala="reply-above">\n'
        + "\n".join(_html(block) for block in blocks)
        + "\n</div>\n"
    )


def _text(block: Block) -> str:
    if isinstance(block, Paragraph):
        return "\n".join(block.lines)
    if isinstance(block, Numbered):
        if len(block.entries) == 1:
            return block.entries[0]
        return "\n".join(f"{number}. {entry}" for number, entry in enumerate(block.entries, 1))
    return "\n".join(f"- {words}" + (f"\n  {link}" if link else "") for words, link in block.entries)


def _html(block: Block) -> str:
    if isinstance(block, Paragraph):
        return "<p>" + "<br>\n".join(_linked(line) for line in block.lines) + "</p>"
    if isinstance(block, Numbered) and len(block.entries) == 1:
        return f"<p>{_linked(block.entries[0])}</p>"
    if isinstance(block, Numbered):
        return "<ol>\n" + "".join(f"<li>{_linked(entry)}</li>\n" for entry in block.entries) + "</ol>"
    return "<ul>\n" + "".join(f"<li>{_entry(words, link)}</li>\n" for words, link in block.entries) + "</ul>"


def _entry(words: str, link: str) -> str:
    return f'<a href="{escape(link)}">{escape(words)}</a>' if is_web(link) else escape(words)


def _linked(line: str) -> str:
    """A line whose last word may be a web address."""
    words, _, last = line.rpartition(" ")
    return f'{escape(words)} <a href="{escape(last)}">{escape(last)}</a>' if is_web(last) else escape(line)


def is_web(link: str) -> bool:
    """Only addresses that a mail program may open."""
    return link.startswith(("https://", "http://"))
