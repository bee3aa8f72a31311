"""Whether a text says something that a vocabulary of the pack lists, and what is left without it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from plugin.understand.fold import fold

Words = Mapping[str, Mapping[str, tuple[str, ...]]]


def says(text: str, vocabulary: str, words: Words) -> str | None:
    """The first phrase of the vocabulary that stands in the text as whole words, in any language."""
    there = f" {_plain(text)} "
    return next((phrase for phrase in _phrases(words, vocabulary) if f" {phrase} " in there), None)


def without(text: str, vocabulary: str, words: Words) -> str:
    """The words of a text, folded, that are left when the phrases of the vocabulary are taken out."""
    left = f" {_plain(text)} "
    for phrase in _phrases(words, vocabulary):
        while f" {phrase} " in left:  # twice in a row they share a blank
            left = left.replace(f" {phrase} ", " ")
    return " ".join(left.split())


def _phrases(words: Words, vocabulary: str) -> tuple[str, ...]:
    return _folded(tuple(words.get(vocabulary, {}).values()))


@lru_cache(maxsize=16)
def _folded(entries: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The longest first, so that the whole of a phrase is taken out and not its beginning."""
    return tuple(sorted({_plain(phrase) for phrases in entries for phrase in phrases}, key=lambda p: (-len(p), p)))


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text[:20_000])).split())
