"""Take secrets out of a text before it is stored, logged or repeated."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.model import Fact
from plugin.understand.facts.found import LIMIT, Text
from plugin.understand.facts.secrets import SECRET, secrets

_INSTEAD = {"password": "[password removed]", "identity-document": "[document number removed]"}


def mask(text: str) -> str:
    """`text` with full card numbers, IBANs, passwords and identity document numbers made unreadable.

    Cards and IBANs keep their last four digits, so that people can still tell which is meant.
    """
    pieces = []
    for start in range(0, len(text), LIMIT):  # pieces overlap nowhere: a secret across a cut is worth no more time
        piece = text[start : start + LIMIT]
        pieces.append(_masked(piece, secrets(Text(piece))))
    return "".join(pieces)


def _masked(text: str, found: Iterable[Fact]) -> str:
    out, last = [], 0
    for fact in found:
        if fact.kind in SECRET:
            out += [text[last : fact.evidence.start], _INSTEAD.get(fact.kind, fact.value)]
            last = fact.evidence.end
    return "".join([*out, text[last:]])
