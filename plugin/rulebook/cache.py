"""Parsed files that passed their schema, kept on disk as JSON under the digest of their content: YAML reads slowly."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from plugin.rulebook import load, node, schema
from plugin.rulebook.folder import File
from plugin.rulebook.node import Node


@dataclass(frozen=True)
class Cache:
    """A folder of parsed files; None: nothing is kept."""

    folder: Path | None

    def get(self, file: File) -> Node | None:
        """The parsed file, if this very content passed before."""
        if self.folder is None:
            return None
        try:
            return node.unpack(json.loads(self._path(file).read_bytes()), file.name)
        except (OSError, ValueError, TypeError, RecursionError):
            return None

    def put(self, file: File, parsed: Node) -> None:
        """Keep a file that passed, whole or not at all; a cache that cannot be written is no reason to fail."""
        if self.folder is None:
            return
        path = self._path(file)
        data = json.dumps(node.pack(parsed), ensure_ascii=False, separators=(",", ":")).encode()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.replace(name, path)
        except OSError:
            return

    def _path(self, file: File) -> Path:
        assert self.folder is not None
        return self.folder / "rules" / (hashlib.sha256(self._reader + file.raw).hexdigest() + ".json")

    @cached_property
    def _reader(self) -> bytes:
        """What reads files now: another reader or schema, and what was kept counts no more."""
        code = b"".join(Path(str(module.__file__)).read_bytes() for module in (load, node))
        return hashlib.sha256(code + schema.digest().encode()).digest()
