"""The subject of a reply: the only text of a stranger that goes back out."""

from __future__ import annotations

import unicodedata

MAX_CHARACTERS = 200
_PREFIXES = ("re", "aw", "sv", "rv", "res", "rif", "ref")


def reply_subject(subject: str, fallback: str) -> str:
    """`Re: …` on one line, without control, format and bidi characters, at most 200 characters.

    Earlier "Re:" are taken off, so that two robots do not make it grow. Without a subject it is the fallback.
    """
    kept = ("" if unicodedata.category(c)[0] == "C" and not c.isspace() else " " if c.isspace() else c for c in subject)
    words = _bare(" ".join("".join(kept).split()))
    return _cut(f"Re: {words or fallback}")


def _bare(words: str) -> str:
    while True:
        prefix, colon, rest = words.partition(":")
        if not colon or prefix.strip().lower() not in _PREFIXES:
            return words
        words = rest.strip()


def _cut(subject: str) -> str:
    """At most 200 characters, not between a letter and its accents or the parts of an emoji."""
    if len(subject) <= MAX_CHARACTERS:
        return subject
    end = MAX_CHARACTERS - 1
    while end > 0 and (unicodedata.combining(subject[end]) or unicodedata.category(subject[end]) in ("Sk", "Mn", "Me")):
        end -= 1
    return subject[:end].rstrip() + "…"
