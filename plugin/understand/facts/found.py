"""What the finders share: the text that they look at, and how they say what they found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate
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

    `longest` takes the longest of all alternatives, not the first, and whole words only: for lists.
    """
    options = re2.Options()
    options.longest_match = longest
    if longest:
        pattern = rf"\b(?:{pattern})\b"
    options.max_mem = 64 << 20
    options.log_errors = False
    return re2.compile(pattern, options)


def whole_words(patterns: Iterable[str]) -> Any:
    """A set of expressions; its `Match` gives the numbers of those that match the whole of a folded word."""
    options = re2.Options()
    options.log_errors = False
    chosen = re2.Set.FullMatchSet(options)
    for pattern in patterns:
        chosen.Add(pattern)
    chosen.Compile()
    return chosen


def matches(pattern: Any, text: str) -> Iterator[Any]:
    """All matches of a compiled pattern that stand on their own: no letter or digit touches them."""
    for match in pattern.finditer(text):
        start, end = match.start(), match.end()
        if start and text[start].isalnum() and text[start - 1].isalnum():
            continue
        if end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
            continue
        yield match


def separate(facts: Iterable[Fact]) -> list[Fact]:
    """The facts without those that overlap another: the earlier and longer one holds."""
    kept: list[Fact] = []
    for fact in sorted(facts, key=lambda fact: (fact.evidence.start, -fact.evidence.end)):
        if not kept or kept[-1].evidence.end <= fact.evidence.start:
            kept.append(fact)
    return kept


def outside(facts: Iterable[Fact], taken: Sequence[Fact]) -> list[Fact]:
    """The facts that touch none of those taken, and that do not overlap each other."""
    spans = sorted((fact.evidence.start, fact.evidence.end) for fact in taken)
    starts, ends = [start for start, _ in spans], list(accumulate((end for _, end in spans), max))
    kept = []
    for fact in separate(facts):
        before = bisect_left(starts, fact.evidence.end)  # spans that begin before this one ends
        if before == 0 or ends[before - 1] <= fact.evidence.start:
            kept.append(fact)
    return kept
