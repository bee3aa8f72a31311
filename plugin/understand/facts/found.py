"""What the finders share: the text that they look at, and how they say what they found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import re2

from plugin.model import Evidence, Fact, Where
from plugin.understand.fold import fold

#: Longest text that is searched, in characters: what comes after it belongs to no request.
LIMIT = 20_000


@dataclass(frozen=True)
class Text:
    """A text to search, once as written and once folded, with the day on which it was written."""

    raw: str
    where: Where = "body"
    day: date | None = None
    language: str = ""  #: two letters, or empty if it is not known

    @cached_property
    def folded(self) -> str:
        """Lower case, no accents, same offsets."""
        return fold(self.raw)

    def fact(self, kind: str, value: str, start: int, end: int) -> Fact:
        """A fact that stands at start..end."""
        return Fact(kind, value, Evidence(self.raw[start:end], self.where, start, end))


def compiled(pattern: str, *, longest: bool = False) -> Any:
    """A linear-time expression; its text is folded text, so it is written in lower case without accents.

    `longest` takes the longest of all alternatives, not the first: for lists of words.
    """
    options = re2.Options()
    options.longest_match = longest
    options.max_mem = 64 << 20
    options.log_errors = False
    return re2.compile(pattern, options)


def matches(pattern: Any, text: str) -> Iterator[Any]:
    """All matches of a compiled pattern that stand on their own: no letter or digit touches them."""
    for match in pattern.finditer(text):
        start, end = match.start(), match.end()
        if start and text[start].isalnum() and text[start - 1].isalnum():
            continue
        if end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
            continue
        yield match
