"""One typo in a long word: a dictionary of all words with one letter left out.

Damerau's four slips (a letter left out, put in, replaced, two swapped) meet in that dictionary; a comparison then
tells true slips from words that merely share a deletion. Guards: both words have at least six letters, they begin with
the same letter, and the text's word is not a known word of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 6
LONGEST = 32


class Typos:
    """Finds the words of a vocabulary that a misspelt word stands for."""

    def __init__(self, vocabulary: Iterable[str], known: frozenset[str]) -> None:
        self._known = known
        self._without: dict[str, list[str]] = {}
        for word in sorted(set(vocabulary)):
            if SHORTEST <= len(word) <= LONGEST:
                for key in {word, *_deletions(word)}:
                    self._without.setdefault(key, []).append(word)

    def knows(self, word: str) -> bool:
        """Whether it is a word of its own, and so no typo."""
        return word in self._known

    def meant(self, word: str) -> list[str]:
        """The words that `word` is one slip away from."""
        if not SHORTEST <= len(word) <= LONGEST or word in self._known or not word.isalpha():
            return []
        without = self._without
        keys = [key for key in (word, *_deletions(word)) if key in without]
        if not keys:
            return []
        found = dict.fromkeys(near for key in keys for near in without[key])
        return [near for near in found if near[0] == word[0] and near != word and one_slip(word, near)]


def _deletions(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def one_slip(a: str, b: str) -> bool:
    """Whether one letter left out, put in or replaced, or two neighbours swapped, make `a` of `b`."""
    if len(a) < len(b):
        a, b = b, a
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(b))
    if len(a) > len(b):
        return len(a) == len(b) + 1 and a[at + 1 :] == b[at:]
    return a[at + 1 :] == b[at + 1 :] or (a[at + 2 :] == b[at + 2 :] and a[at : at + 2] == b[at : at + 2][::-1])
