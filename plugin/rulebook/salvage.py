"""What is left of a file without its mistakes, so that the other mistakes in it are found in the same run.

Nothing is decided by it: a rulebook with a mistake is never used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jsonschema.exceptions import ValidationError

from plugin.rulebook import schema
from plugin.rulebook.node import Node

_ROUNDS = 8  #: taking out a value may leave an entry without one that it needs, and so on outwards


def salvaged(node: Node) -> Node | None:
    """The file without what breaks its schema; None if nothing is left that could be looked at."""
    kind = node.text("kind")
    if kind not in schema.kinds():
        return None
    for _ in range(_ROUNDS):
        errors = list(schema.validator(kind).iter_errors(node.plain()))
        if not errors:
            return node
        places = [place for error in errors for place in _wrong(error, node)]
        if not all(places):
            return None
        node = _without(node, places)
    return None


def _wrong(error: ValidationError, root: Node) -> Iterable[tuple[str | int, ...]]:
    """The paths of what has to go; the empty one is the whole file."""
    path = tuple(error.absolute_path)
    if error.validator != "additionalProperties":
        return [path]
    allowed = error.schema.get("properties", ()) if isinstance(error.schema, dict) else ()
    return [(*path, key) for key, _ in root.at(list(path)).items() if key not in allowed]


def _without(node: Node, paths: Sequence[tuple[str | int, ...]]) -> Node:
    """A copy without what stands at some paths."""
    gone = {path[0] for path in paths if len(path) == 1}
    deeper: dict[str | int, list[tuple[str | int, ...]]] = {}
    for path in paths:
        if path[0] not in gone:
            deeper.setdefault(path[0], []).append(path[1:])

    def child(step: str | int, value: Node) -> Node:
        return _without(value, deeper[step]) if step in deeper else value

    kept: Any
    if isinstance(node.value, dict):
        kept = {key: child(key, value) for key, value in node.value.items() if key not in gone}
    else:
        kept = [child(number, value) for number, value in enumerate(node.value) if number not in gone]
    return Node(node.place, kept, node.keys)
