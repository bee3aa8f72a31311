"""How alike a message is to a request: by its words and by the names in it, both kept as keyed hashes only."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from plugin.model import Fact, Message
from plugin.store import people
from plugin.understand.fold import fold

_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 5  #: letters of a word that says what a message is about
_WORDS = 120  #: of one message
_NAMES = 40
_KEPT = 400  #: of one request
_LENGTH = 12  #: hex digits of a hash
#: Names that tell two matters of the same kind apart. `maybe` and `code` may be anything.
_KINDS = frozenset(
    f"identifier.{kind}"
    for kind in ("reservation", "property", "guest", "owner", "user", "campaign", "invoice", "charge")
)


def words(key: bytes, message: Message) -> list[str]:
    """Hashes of the words that say what a message is about."""
    text = fold(f"{message.subject} {message.newest}"[:20_000])
    found = dict.fromkeys(w for w in _WORD.findall(text) if len(w) >= _SHORTEST or any(c.isdigit() for c in w))
    return [people.keyed(key, f"word:{word}")[:_LENGTH] for word in list(found)[:_WORDS]]


def names(key: bytes, facts: Sequence[Fact]) -> list[str]:
    """Hashes of what a message names, each with its kind before it."""
    found = dict.fromkeys((f.kind, fold(f.value)) for f in facts if f.kind in _KINDS)
    return [f"{kind}:{people.keyed(key, f'name:{value}')[:_LENGTH]}" for kind, value in list(found)[:_NAMES]]


def alike(mine: Collection[str], theirs: Collection[str]) -> float:
    """The share of the shorter one's words that both have, 0 to 1."""
    shorter = min(len(set(mine)), len(set(theirs)))
    return round(len(set(mine) & set(theirs)) / shorter, 2) if shorter else 0.0


def other_names(mine: Collection[str], theirs: Collection[str]) -> bool:
    """Both name something of the same kind, and nothing of it is the same."""
    kinds = {name.partition(":")[0] for name in mine} & {name.partition(":")[0] for name in theirs}
    return any(
        not {n for n in mine if n.startswith(f"{kind}:")} & {n for n in theirs if n.startswith(f"{kind}:")}
        for kind in kinds
    )


def merged(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Of a request after another message."""
    return list(dict.fromkeys((*before, *now)))[:_KEPT]
