"""Lines that stand between a reply and the mail it answers: introductions, header blocks, separators, our own mark.

Every test looks at a bounded number of lines of bounded length with RE2, so that the whole text costs linear time.
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from plugin.understand.newest import words
from plugin.understand.newest.lines import INTRO, QUOTE, Line

__all__ = ["header_block", "introduction", "next_written", "separator"]

_WIDTH = 300  # characters of a line that are looked at
_JOIN = 5  # lines that a mail program breaks an introduction into


def union(table: dict[str, str]) -> str:
    """One alternative of all languages."""
    return "|".join(f"(?:{pattern})" for pattern in table.values())


_VERB_END = re2.compile(rf"(?i)(?:^|[\s,>)\]\"'*]|[^\x00-\x7f])(?:{union(words.WROTE_AT_END)})\s*[:：]?[\s*_-]*$")
_VERB_INSIDE = re2.compile(rf"(?i)(?:^|\s)(?:{words.WROTE_INSIDE})\s.{{1,160}}[:：][\s*_-]*$")
_START = re2.compile(rf"(?i)^[\s*_\"'-]*(?:(?:{union(words.INTRO_STARTS)})\s|\d|[\pL.]{{2,6}},?\s+\d)")
_ADDRESS = re2.compile(r"(?:<|\(|\[|mailto:)\s*(?:mailto:)?[^\s<>()\[\]]{1,100}@[^\s<>()\[\]]{1,100}")
_BARE_ADDRESS = re2.compile(r"[^\s<>()\[\],:;]{1,100}@[^\s<>()\[\],:;]{2,100}\.\pL{2,}")
_DATE = re2.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d年|\d{1,2}\.?\s+\pL{3,10}\.?,?\s+\d{2,4}")
_TIME = re2.compile(r"(?i)\b\d{1,2}\s?[:.h]\s?\d{2}\b|\b\d{1,2}\s?[ap]\.?m")
_NAMED = re2.compile(r"(?:[\"'>)\]]|\b\p{Lu}[\pL.'-]*)\s+\S+(?:\s\S+)?\s*[:：]?[\s*_-]*$")

_ORIGINAL = re2.compile(rf"(?i)^[\s*_>]*[-–—_=]{{2,}}[\s>*]*(?:{union(words.ORIGINAL)})[\s:*<]*[-–—_=]{{2,}}[\s*]*$")
_ORIGINAL_BARE = re2.compile(rf"(?i)^[\s*_-]*(?:{union(words.ORIGINAL)})[\s*_:-]*$")
_FORWARD = re2.compile(
    rf"(?i)^[\s*_>]*(?:[-–—_=]{{2,}}\s*(?:{union(words.FORWARDED)})[\s:.*-]*|(?:{union(words.FORWARDED)})\s*[:：-]+)[\s*_–—=-]*$"
)
_RULE = re2.compile(r"^\s*[-_=–—*]{5,}\s*$")
_LABELS = {label.replace("_", " "): role for role, labels in words.HEADER_LABELS.items() for label in labels.split()}


def _shown(line: Line) -> str:
    return line.text[:_WIDTH].replace("\u2019", "'").strip()


def next_written(lines: Sequence[Line], at: int) -> int:
    """The first line from `at` that is not empty, or the end."""
    while at < len(lines) and not lines[at].text.strip() and lines[at].hint != INTRO:
        at += 1
    return at


def introduction(lines: Sequence[Line], at: int) -> tuple[int, bool]:
    """How many lines from `at` introduce an earlier mail, and whether that is sure without a quote below them.

    (0, False) if they do not. An unsure introduction counts only directly above quoted lines.
    """
    first = _shown(lines[at])
    joined = first
    limit = _JOIN if _START.match(first) or "@" in first or "<" in first else 1
    for count in range(1, limit + 1):
        if count > 1:
            if at + count > len(lines) or lines[at + count - 1].hint == QUOTE:
                break
            following = _shown(lines[at + count - 1])
            if not following or len(joined) > _WIDTH:
                break
            joined = f"{joined} {following}"
        below = next_written(lines, at + count)
        quoted = below < len(lines) and lines[below].hint == QUOTE
        if _sure(joined):
            return count, True
        if quoted and _likely(joined):
            return count, False
    return 0, False


def _sure(text: str) -> bool:
    verb_end = _VERB_END.search(text)
    ends = text.rstrip(" *_").endswith((":", "：", "----")) or bool(verb_end and "<" in text)
    if not ends:
        return False
    address, date, time = _ADDRESS.search(text), _DATE.search(text), _TIME.search(text)
    if address:
        return bool((date and time) or ((verb_end or _VERB_INSIDE.search(text)) and (date or time)))
    if not (date and time):
        return False
    if verb_end:
        return bool(_START.match(text) and (_NAMED.search(text) or _BARE_ADDRESS.search(text)))
    return bool(_START.match(text) and _VERB_INSIDE.search(text))


def _likely(text: str) -> bool:
    verb = _VERB_END.search(text) or _VERB_INSIDE.search(text)
    address = _ADDRESS.search(text) or _BARE_ADDRESS.search(text)
    dated = _DATE.search(text) or _TIME.search(text)
    if verb:
        return bool(address or dated or (_START.match(text) and len(text) < 120) or len(text.split()) <= 5)
    return bool(
        text.rstrip(" *_").endswith((":", "："))
        and ((address and dated) or (_DATE.search(text) and _TIME.search(text)))
    )


def header_block(lines: Sequence[Line], at: int) -> int:
    """How many lines from `at` are the header block of an earlier mail (From, Sent, To, Subject), or 0."""
    if not _role(lines[at]):
        return 0
    roles: set[str] = set()
    address = False
    end = index = at
    gap = 0
    while index < len(lines) and index - at < 16:
        text = _shown(lines[index])
        role = _role(lines[index])
        if role:
            roles.add(role)
            address = address or "@" in text
            end, gap = index + 1, 0
        elif not text:
            gap += 1
            if gap > 1:
                break
        elif roles and ("@" in text or ";" in text or (gap == 0 and index == end and len(roles) < 4)):
            address = address or "@" in text
            end, gap = index + 1, 0
        else:
            break
        index += 1
    if "from" not in roles:
        return 0
    complete = ("subject" in roles and roles & {"date", "to"}) or ({"date", "to"} <= roles and address)
    return _last_role(lines, at, end) - at if complete else 0


def _last_role(lines: Sequence[Line], at: int, end: int) -> int:
    """Lines below the last label belong to the mail's text, unless they go on with its addresses."""
    while end > at and not _role(lines[end - 1]) and "@" not in lines[end - 1].text:
        end -= 1
    return end


def _role(line: Line) -> str | None:
    label, colon, _ = line.text[:60].replace("：", ":").partition(":")
    if not colon:
        return None
    return _LABELS.get(" ".join(label.strip("*_>|[ \t-\u200b").lower().split()))


def separator(lines: Sequence[Line], at: int) -> tuple[int, bool]:
    """How many lines from `at` separate a reply from an earlier mail, with its headers; whether it was forwarded."""
    text = _shown(lines[at])
    if not text:
        return 0, False
    forwarded = bool(_FORWARD.match(text))
    if forwarded or _ORIGINAL.match(text):
        below = next_written(lines, at + 1)
        block = header_block(lines, below) if below < len(lines) else 0
        return (below - at + block if block else 1), forwarded
    if _RULE.match(text) or _ORIGINAL_BARE.match(text):
        below = next_written(lines, at + 1)
        if below < len(lines) and (block := header_block(lines, below)):
            return below - at + block, False
        if below < len(lines) and _RULE.match(text):
            count, sure = introduction(lines, below)
            return (below - at + count, False) if sure else (0, False)
        return 0, False
    return header_block(lines, at), False
