"""Digests of what is learned from, a kind each, so that other edits of a rulebook teach nothing anew.

Texts of replies, hours, checklists, tags, routes and where a line stands are left out: they change no lesson.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from plugin.rulebook.documents import Documents
from plugin.rulebook.node import Node

_KEYS = {
    "intents": ("id", "group", "signals", "examples"),
    "groups": ("id", "signals", "examples"),
    "flags": ("id", "when", "signals", "examples"),
    "items": ("id", "found", "signals"),
    "desk": ("languages", "recognise", "default_language"),
}


def taught(documents: Documents, vocabularies: Mapping[str, Node], known: Iterable[str]) -> Mapping[str, str]:
    """A digest of each kind of thing that conditions and examples are made of: intents, groups, flags, items, words.

    `known` are the words that are no typos of others. The examples of examples/ are not in it.
    """
    desk = documents.one("desk")
    nodes = {
        "intents": documents.by_kind.get("intent", ()),
        "groups": documents.entries("groups", "groups"),
        "flags": documents.entries("flags", "flags"),
        "items": documents.entries("items", "items"),
        "desk": () if desk is None else (desk,),
    }
    words = [{name: node.plain() for name, node in vocabularies.items()}, sorted(known)]
    return {kind: _digest([_part(node, _KEYS[kind]) for node in nodes[kind]]) for kind in nodes} | {
        "words": _digest(words)
    }


def _part(node: Node, keys: Iterable[str]) -> dict[str, Any]:
    return {key: child.plain() for key in keys if (child := node.get(key)) is not None}


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
