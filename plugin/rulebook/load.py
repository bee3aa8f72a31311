"""YAML 1.2 with line and column of every value, and hard limits.

Read event by event, so that anchors, aliases, tags and merge keys are refused before anything is built from them.
Plain values are those of the YAML 1.2 core schema: `NO`, `1:30` and `2024-13-45` are texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from plugin.model import Place
from plugin.rulebook.node import Node
from plugin.rulebook.problems import Problem
from plugin.rulebook.yamlwords import plain

MOST_BYTES = 1 << 20
MOST_NODES = 10_000
MOST_DEPTH = 30
#: Characters that nobody means to write: controls, and those that turn the direction of text.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_SPECIAL = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|[-+]?0[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+)\Z")
_CONSTANTS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class FileError(Exception):
    """A file that cannot be read at all."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def parse(raw: bytes, file: str) -> Node:
    """Read one YAML document. `file` is the name that places carry. Raises FileError."""
    text = decode(raw, file)
    reader = _Reader(file, _events(text))
    try:
        return reader.document()
    except FileError:
        raise
    except MarkedYAMLError as error:
        raise FileError(_yaml_problem(error, file)) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise FileError(_problem(Place(file, 1), "not-yaml", f"this is not YAML: {type(error).__name__}")) from None


def decode(raw: bytes, file: str, limit: int = MOST_BYTES) -> str:
    """Bytes of a file as text: UTF-8, a BOM and CRLF are fine. Raises FileError."""
    if len(raw) > limit:
        raise FileError(
            _problem(
                Place(file, 1),
                "too-large",
                f"the file has {len(raw)} bytes, {limit} are the most",
                "split it into several files",
            )
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise FileError(
            _problem(Place(file, line, column), "not-utf8", "the file is not UTF-8", "save it with the encoding UTF-8")
        ) from None
    if found := _UNWANTED.search(text):
        line = text.count("\n", 0, found.start()) + 1
        place = Place(file, line, found.start() - text.rfind("\n", 0, found.start()))
        name = f"U+{ord(found.group()):04X}"
        raise FileError(_problem(place, "unwanted-character", f"the character {name} cannot be seen", "take it out"))
    return text


def _events(text: str) -> Iterator[Event]:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = "1.2"
    yield from yaml.parse(text)


@dataclass
class _Reader:
    """Builds nodes out of events."""

    file: str
    events: Iterator[Event]
    nodes: int = 0
    problems: list[Problem] = field(default_factory=list)

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise self._error(
                        self._place(event), "two-documents", "a second document begins here", "use a file each"
                    )
            elif isinstance(event, NodeEvent):
                root = self._node(event, 0)
        return root or Node(Place(self.file, 1), None)

    def _node(self, event: Any, depth: int) -> Node:
        place = self._place(event)
        self.nodes += 1
        self._refuse(event, place, depth)
        if isinstance(event, ScalarEvent):
            return Node(place, self._scalar(event, place))
        if isinstance(event, SequenceStartEvent):
            entries = []
            while not isinstance(event := next(self.events), SequenceEndEvent):
                entries.append(self._node(event, depth + 1))
            return Node(place, entries)
        return self._mapping(place, depth)

    def _mapping(self, place: Place, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            where = self._place(event)
            if not isinstance(event, ScalarEvent):
                raise self._error(where, "odd-key", "a key must be a plain text", "write `key: value`")
            self._refuse(event, where, depth)
            key = event.value
            if key == "<<":
                raise self._error(where, "merge-key", "merge keys (<<) are not allowed", "write the values out")
            if key in values:
                first = keys[key].line
                raise self._error(
                    where,
                    "repeated-key",
                    f"the key '{key}' stands here twice, first in line {first}",
                    "keep one of them",
                )
            keys[key] = where
            values[key] = self._node(next(self.events), depth + 1)
        return Node(place, values, keys)

    def _refuse(self, event: Any, place: Place, depth: int) -> None:
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise self._error(
                place,
                "anchor",
                "anchors and aliases are not allowed",
                "write the value out, or make a vocabulary in words/",
            )
        tag = getattr(event, "tag", None) or getattr(event, "ctag", None)
        if tag is not None and str(tag) not in ("None", ""):
            raise self._error(
                place, "tag", f"tags such as {str(tag)[:40]} are not allowed", "leave it out; put texts in quotes"
            )
        if depth > MOST_DEPTH:
            raise self._error(place, "too-deep", f"this is nested more than {MOST_DEPTH} deep", "write it flatter")
        if self.nodes > MOST_NODES:
            raise self._error(
                place, "too-large", f"the file has more than {MOST_NODES} values", "split it into several files"
            )

    def _scalar(self, event: Any, place: Place) -> Any:
        text = event.value
        if not event.implicit[0] or event.style in ("'", '"', "|", ">"):
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.match(text):
            return int(text)
        if _SPECIAL.match(text):
            raise self._error(
                place,
                "odd-number",
                f"{text[:40]} is not a number that can be used",
                "write a plain number, or put a text in quotes",
            )
        if _FLOAT.match(text):
            number = float(text)
            if not math.isfinite(number):
                raise self._error(
                    place, "odd-number", f"{text[:40]} is too large", "write a plain number, or put a text in quotes"
                )
            return number
        return text

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _error(self, place: Place, code: str, text: str, hint: str) -> FileError:
        return FileError(_problem(place, code, text, hint))


def _problem(place: Place, code: str, text: str, hint: str = "") -> Problem:
    return Problem(place, "error", code, text, hint)


def _yaml_problem(error: MarkedYAMLError, file: str) -> Problem:
    text, hint, mark = plain(error)
    return _problem(Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1), "not-yaml", text, hint)
