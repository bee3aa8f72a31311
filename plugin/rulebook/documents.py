"""The parsed files of a rulebook by kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from plugin.rulebook.node import Node
from plugin.rulebook.rulebook import Example


@dataclass
class Documents:
    """The parsed files by kind."""

    by_kind: dict[str, list[Node]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)  #: kinds of files that are left out because of their mistakes
    examples: list[Example] = field(default_factory=list)

    def entries(self, kind: str, key: str) -> Iterator[Node]:
        """All entries of the lists of a kind, in the order of the files."""
        for document in self.by_kind.get(kind, ()):
            yield from document.children(key)

    def one(self, kind: str) -> Node | None:
        """The document of a kind of which there is one."""
        return next(iter(self.by_kind.get(kind, ())), None)


def flat(node: Node, above: str = "") -> Iterator[tuple[str, Node]]:
    """The texts below a node with their names, joined with dots."""
    for key, child in node.items():
        name = f"{above}.{key}" if above else key
        if isinstance(child.value, dict):
            yield from flat(child, name)
        else:
            yield name, child
