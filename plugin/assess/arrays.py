"""Arrays kept in a file: replaced as a whole, no pickle, and a folder that cannot be written only costs time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

_KEPT = 3  #: files of one kind that stay, the newest


def write(path: Path, arrays: Mapping[str, Any], kind: str = "") -> None:
    """Replace the file; a reader sees the old one or the new one. Older files of the `kind` (a glob) are removed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        return
    if kind:
        for old in sorted(path.parent.glob(kind), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
