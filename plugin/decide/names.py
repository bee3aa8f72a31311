"""How a customer may be addressed: by a first name that we know, or not at all.

The name beside an address is a stranger's text. It goes into a mail only if it reads like a person's name and begins
with a first name of the pack's list, so that neither an insult, a link nor a company is ever greeted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from plugin.model import Address
from plugin.understand.fold import fold

_LONGEST = 40
Words = Mapping[str, Mapping[str, tuple[str, ...]]]


def first_name(sender: Address | None, words: Words) -> str | None:
    """The first name to greet with, or None."""
    if sender is None:
        return None
    name = unicodedata.normalize("NFC", sender.name).strip().strip("\"'")
    surname, comma, given = name.partition(",")  # "García López, Ana"
    if comma:
        name = f"{given.strip()} {surname.strip()}"
    parts = name.split()
    if not parts or len(name) > _LONGEST or not all(_reads_like_a_name(p) for p in parts):
        return None
    if any(fold(p) in _known(words, "no-person") for p in parts):
        return None
    if not all(fold(p) in _known(words, "first-names") for p in parts[0].split("-")):
        return None
    return parts[0] if parts[0] != parts[0].upper() and parts[0][0].isupper() else parts[0].title()


def _reads_like_a_name(part: str) -> bool:
    letters = part.rstrip(".").replace("-", "").replace("'", "").replace("’", "")
    return bool(letters) and all(unicodedata.category(c)[0] in "LM" for c in letters)


def _known(words: Words, vocabulary: str) -> frozenset[str]:
    return _folded(tuple(words.get(vocabulary, {}).values()))


@lru_cache(maxsize=8)
def _folded(entries: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset(fold(word) for words in entries for word in words)
