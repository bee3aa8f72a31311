"""What stands below the last sentence of a reply: signature, telephone's line, disclaimer, business card."""

from __future__ import annotations

import re2

from plugin.understand.newest import words
from plugin.understand.newest.marks import union

__all__ = ["nothing_but_tail", "without_tail"]

_DELIMITER = re2.compile(r"^\s*(?:--|—|––|-- \*)\s*$")
_MOBILE = re2.compile(
    rf"(?i)^[\s*_<\[(-–—]*(?:(?:{union(words.SENT_FROM)}).{{0,60}}(?:{words.DEVICES})|.{{0,30}}(?:{words.DEVICES}).{{0,20}}(?:gesendet|から送信|geschickt|verschickt|verzonden|gönderildi))"
    rf"(?:[^\s]*\s*\S*){{0,4}}$|(?i)^\W*(?:{words.SLOGANS})$"
)
_DISCLAIMER = re2.compile(rf"(?i)^[\s*_>\[(#•-]*(?:{union(words.DISCLAIMERS)})")
_CLOSING = re2.compile(rf"(?i)^[\s*_]*(?:{union(words.CLOSINGS)})\s*[,.!:;)*_\s]*$")
_CONTACT = re2.compile(rf"(?i){words.CONTACT}")
_SENT_BY_ANY = re2.compile(rf"^[^\pL]*\p{{Lu}}?(?i)(?:{words.SENT_BY_ANY})$")
_DRAWN = re2.compile(r"^\s*(?:—{2,}|–{3,}|-{3,}|_{3,}|={3,}|\*{3,})\s*$")
_RULE = re2.compile(r"^\s*[-_=*~#+•·]{2,}\s*$")
_SIGNATURE_LINES = 14


def without_tail(lines: list[str]) -> list[str]:
    """The lines of one stretch of own text without what was put below it; empty if nothing else is there."""
    lines = [line for line in lines if not _is_mobile(line)]
    lines = _without_disclaimer(_without_last_sent_by(lines))
    lines = _without_delimited(lines)
    lines = _without_card(lines)
    while lines and (not lines[-1].strip() or _RULE.match(lines[-1])):
        lines.pop()
    return lines


def nothing_but_tail(lines: list[str]) -> bool:
    """Whether a stretch holds nothing but a signature that is marked as one or a telephone's line."""
    return not any(line.strip() for line in _without_delimited([line for line in lines if not _is_mobile(line)]))


def _is_mobile(line: str) -> bool:
    text = line.strip()
    return 0 < len(text) <= 140 and bool(_MOBILE.match(text))


def _without_last_sent_by(lines: list[str]) -> list[str]:
    """Without closing lines like "Sent from my toaster", but not if that is all there is."""
    end = len(lines)
    while end > 1 and (not (text := lines[end - 1].strip()) or (len(text) <= 100 and _SENT_BY_ANY.match(text))):
        end -= 1
    return lines[:end]


def _without_disclaimer(lines: list[str]) -> list[str]:
    """Cut at the first paragraph that begins like a disclaimer; below it customers write nothing.

    What stands at the very beginning is no disclaimer but perhaps a question about one.
    """
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    for at in range(first + 1, len(lines)):
        line = lines[at]
        fresh = not lines[at - 1].strip() or _RULE.match(lines[at - 1]) or len(lines[at - 1]) < 50
        if line.strip() and fresh:
            paragraph = " ".join(lines[at : at + 4])[:400].replace("\u2019", "'")
            if _DISCLAIMER.match(paragraph):
                return lines[:at]
    return lines


def _without_delimited(lines: list[str]) -> list[str]:
    """Cut at `-- ` (RFC 3676, section 4.3).

    Programs drop its blank and people draw rules with two dashes: without the blank, what follows must look so.
    """
    for at, line in enumerate(lines):
        drawn = bool(_DRAWN.match(line))
        if not drawn and not _DELIMITER.match(line):
            continue
        below = [text for text in lines[at + 1 : at + 2 * _SIGNATURE_LINES] if text.strip()]
        short = len(lines) - at < 2 * _SIGNATURE_LINES and len(below) <= _SIGNATURE_LINES
        if drawn and (not any(lines[:at]) or not any(_CONTACT.search(text) for text in below)):
            continue
        if drawn and any(len(text) > 60 or len(text.split()) > 6 for text in below):
            continue
        if line == "-- " or (short and all(len(text) <= 120 for text in below)):
            return lines[:at]
    return lines


def _without_card(lines: list[str]) -> list[str]:
    """Cut telephone, web and postal lines below a closing and the name; the closing itself does no harm."""
    last = len(lines)
    for at in range(last - 1, max(-1, last - 1 - _SIGNATURE_LINES), -1):
        if not _CLOSING.match(lines[at].replace("\u2019", "'")):
            continue
        below = [(i, lines[i].strip()) for i in range(at + 1, last) if lines[i].strip()]
        if not below or not any(_CONTACT.search(text) for _, text in below):
            return lines
        if any(len(text.split()) > 12 or text.endswith(("?", "!")) for _, text in below):
            return lines
        name = 1 if not _CONTACT.search(below[0][1]) and len(below[0][1].split()) <= 5 else 0
        return lines[: below[0][0] + 1] if name else lines[: at + 1]
    return lines
