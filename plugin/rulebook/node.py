"""A value of a YAML file that knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plugin.model import Place

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar, a list of nodes or a mapping from text to nodes."""

    place: Place
    value: Any  #: Scalar | list[Node] | dict[str, Node]
    keys: Mapping[str, Place] | None = None  #: where the keys of a mapping stand

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def __getitem__(self, key: str) -> Node:
        child = self.value[key]
        assert isinstance(child, Node)
        return child

    def get(self, key: str) -> Node | None:
        """The value of a key, or None if there is none."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def items(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of a mapping; nothing if it is none."""
        return iter(self.value.items()) if isinstance(self.value, dict) else iter(())

    def each(self) -> tuple[Node, ...]:
        """The entries of a list; a single value stands for a list of one."""
        return tuple(self.value) if isinstance(self.value, list) else (self,)

    def children(self, key: str) -> tuple[Node, ...]:
        """The entries of the list under a key; none if there is no such key."""
        child = self.get(key)
        return () if child is None else child.each()

    def key_place(self, key: str) -> Place:
        """Where a key stands."""
        return (self.keys or {}).get(key, self.place)

    def at(self, path: Iterator[str | int] | list[str | int]) -> Node:
        """The node at the end of a path of keys and numbers."""
        node = self
        for step in path:
            node = node.value[step]
        return node

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under a key; a single text stands for a list of one."""
        return tuple(str(child.value) for child in self.children(key))

    def text(self, key: str, default: str = "") -> str:
        """The text under a key."""
        child = self.get(key)
        return default if child is None or child.value is None else str(child.value)


def pack(node: Node) -> list[Any]:
    """A node as JSON values."""
    value = node.value
    if isinstance(value, dict):
        assert node.keys is not None
        value = {key: [node.keys[key].line, node.keys[key].column, pack(child)] for key, child in value.items()}
    elif isinstance(value, list):
        value = [pack(child) for child in value]
    return [node.place.line, node.place.column, value]


def unpack(packed: list[Any], file: str) -> Node:
    """The reverse of `pack`."""
    line, column, value = packed
    if isinstance(value, dict):
        return Node(
            Place(file, line, column),
            {key: unpack(child, file) for key, (_, _, child) in value.items()},
            {key: Place(file, key_line, key_column) for key, (key_line, key_column, _) in value.items()},
        )
    if isinstance(value, list):
        value = [unpack(child, file) for child in value]
    return Node(Place(file, line, column), value)
