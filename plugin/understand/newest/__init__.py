"""The newest text of a mail: what the customer wrote now, without quotes, earlier mails, signatures and disclaimers.

The rules work on lines with hints (lines.py); HTML gives more hints than plain text, the rest is the same. The line
classes are in marks.py and tails.py, the words of the languages in words.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from plugin.understand.newest.lines import HISTORY, INTRO, OWN, QUOTE, SIGNATURE, Line, plain_lines
from plugin.understand.newest.marker import find_marker, reply_marker
from plugin.understand.newest.marks import introduction, next_written, separator
from plugin.understand.newest.tails import nothing_but_tail, without_tail

__all__ = ["Line", "newest_text", "plain_lines", "reply_marker", "whole_text"]

_MOST_CHARACTERS = 64 * 1024
_MOST_LINES = 4_000
_DEPTH = 3  # mails forwarded inside forwarded mails


def whole_text(lines: Sequence[Line]) -> str:
    """All lines as one text."""
    return _join([line.text for line in lines])


def newest_text(lines: Sequence[Line]) -> str:
    """What was written now: empty where a mail holds only quotes and signatures.

    A mail that was passed on without a word gives the text that was passed on. Where the rules leave nothing and cannot
    say why, everything is kept. At most the first 64 K characters or 4,000 lines are looked at.
    """
    lines = _beginning(lines)
    at = find_marker(lines)
    if at is not None:
        above = _own(lines[:at], above_marker=True)
        if above or all(line.hint == QUOTE or not line.text.strip() for line in lines[at:]):
            return above
    return _own(lines) or ("" if _nothing_written(lines) else _passed_on(lines, 0) or whole_text(lines))


def _beginning(lines: Sequence[Line]) -> Sequence[Line]:
    left = _MOST_CHARACTERS
    for at, line in enumerate(lines[:_MOST_LINES]):
        left -= len(line.text) + 1
        if left < 0:
            return [*lines[:at], Line(line.text[: left + len(line.text)], line.hint)]
    return lines[:_MOST_LINES]


def _nothing_written(lines: Sequence[Line]) -> bool:
    """Whether all of it is a quoted mail below its introduction, or a signature."""
    found = _split(lines)
    quote = [Line(line.text.lstrip("> ")) for line in lines if line.hint == QUOTE]
    replied = found.replied or any(introduction(quote, at)[1] for at in range(min(3, len(quote))))
    return (
        (found.history is None or replied)
        and (replied or not quote)
        and all(nothing_but_tail(stretch) for stretch in found.stretches)
    )


def _own(lines: Sequence[Line], *, above_marker: bool = False) -> str:
    """The own lines of each stretch between quotes, without their tails."""
    stretches = _split(lines).stretches
    if above_marker:
        # the mail program's introduction of the quote that the marker begins
        stretches[-1] = _without_last_introduction(stretches[-1])
    kept = [text for stretch in stretches if (text := without_tail(stretch))]
    return _join([line for index, text in enumerate(kept) for line in ([""] if index else []) + text])


class _Split(NamedTuple):
    """Stretches of unquoted lines; where an earlier mail begins that goes on to the end; whether it was answered."""

    stretches: list[list[str]]
    history: int | None = None
    replied: bool = False


class _Head(NamedTuple):
    """Lines that stand above an earlier mail."""

    length: int = 0  #: lines
    to_end: bool = False  #: that mail goes on to the end; above quoted lines answers may stand between and below
    reply: bool = False  #: an introduction as only answers have it


def _split(lines: Sequence[Line]) -> _Split:
    stretches: list[list[str]] = [[]]
    replied = False
    at = 0
    while at < len(lines):
        text, hint = lines[at]
        if hint == HISTORY:
            head = _head(lines, at + 1)
            return _Split(stretches, at + 1 + head.length, replied or head.reply)
        if hint in (QUOTE, INTRO):
            replied = replied or hint == INTRO
            if stretches[-1]:
                stretches.append([])
        elif hint == OWN and text.strip():
            head = _head(lines, at)
            replied = replied or head.reply
            if head.to_end:
                return _Split(stretches, at + head.length, replied)
            if head.length:
                at += head.length
                continue
            if not _wrapped_quote(lines, at):
                stretches[-1].append(text)
        elif hint != SIGNATURE and stretches[-1]:
            stretches[-1].append("")
        at += 1
    return _Split(stretches, None, replied)


def _head(lines: Sequence[Line], at: int) -> _Head:
    start = next_written(lines, at)
    if start >= len(lines):
        return _Head()
    count, _ = separator(lines, start)
    sure, reply = bool(count), False
    if not count:
        count, sure = introduction(lines, start)
        reply = bool(count)
    if not count:
        return _Head()
    below = next_written(lines, start + count)
    quoted = below < len(lines) and lines[below].hint in (QUOTE, INTRO)
    return _Head(start - at + count, sure and not quoted, reply)


def _wrapped_quote(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is the end of a quoted line that a mail program broke without quoting the rest."""
    if not 0 < at < len(lines) - 1 or lines[at - 1].hint != QUOTE or lines[at + 1].hint != QUOTE:
        return False
    above, text, below = lines[at - 1].text.strip(), lines[at].text.strip(), lines[at + 1].text.strip()
    return (
        60 <= len(above) <= 80 and len(text) <= 40 and above.startswith(">") and below.startswith(">") and below != ">"
    )


def _without_last_introduction(stretch: list[str]) -> list[str]:
    lines = [Line(text) for text in stretch]
    while lines and not lines[-1].text.strip(" >"):
        lines.pop()
    for back in range(1, min(6, len(lines) + 1)):
        count, _ = introduction([*lines, Line("> x", QUOTE)], len(lines) - back)
        if count == back:
            return stretch[: len(lines) - back]
    return stretch


def _passed_on(lines: Sequence[Line], depth: int) -> str:
    """The text of a mail that was passed on without a word."""
    start = _split(lines).history
    if start is None or depth >= _DEPTH:
        return ""
    inner = [
        Line(line.text, OWN if line.hint == QUOTE and not line.text.lstrip().startswith(">") else line.hint)
        for line in lines[start:]
    ]
    return _own(inner) or _passed_on(inner, depth + 1)


def _join(texts: Sequence[str]) -> str:
    """Lines as a text: no blanks at their ends, at most one empty line in a row, none at either end."""
    out: list[str] = []
    for text in texts:
        line = text.rstrip()
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip("\n")
