"""Names that the cases of a rulebook expect: a case for a group that does not exist can never pass."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.rulebook.documents import Documents
from plugin.rulebook.grammar import Use
from plugin.rulebook.node import Node

#: Keys of `expect` and `history` -> what they name.
_NAMES = {
    "intent": "intent",
    "group": "group",
    "copies": "group",
    "flags": "flag",
    "present": "item",
    "missing": "item",
    "asks": "item",
    "asked": "item",
    "given": "item",
}


def case_uses(documents: Documents) -> Iterator[Use]:
    """Every name in `expect` and `history`, with where it stands."""
    for case in documents.entries("tests", "cases"):
        for part in case.children("expect") + case.children("history"):
            for key, kind in _NAMES.items():
                yield from (_use(kind, name) for name in part.children(key) if name.value is not None)
            for issue in part.children("issues"):
                yield from (_use(kind, name) for kind, name in zip(("intent", "group"), issue.each(), strict=False))


def _use(kind: str, name: Node) -> Use:
    return Use(kind, str(name.value), name)
