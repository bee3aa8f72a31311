"""What was learned, kept in a file beside the database, so that the next start learns nothing anew.

The name of the file is a digest of everything that the result depends on (`depends_on`), so nothing stale is read.
Plain arrays and JSON, no pickle; a damaged file only costs the time to learn.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from plugin.assess import arrays as arrays_file
from plugin.rulebook import Example, Rulebook

T = TypeVar("T")
Arrays = dict[str, Any]

_PACKAGES = ("assess", "rulebook", "understand")  #: whose code decides what is learned


def kept(
    kind: str,
    depends: Sequence[str],
    cache: Path | None,
    learn: Callable[[], T],
    pack: Callable[[T], Arrays],
    unpack: Callable[[Arrays], T | None],
) -> T:
    """What `learn` returns, from the folder `cache` if it was learned before; None keeps nothing.

    `unpack` says None, or raises ValueError, KeyError or TypeError, where the arrays are not what it expects.
    """
    if cache is None:
        return learn()
    name = hashlib.sha256("\n".join(depends).encode()).hexdigest()[:24]
    path = cache / f"{kind}-{name}.npz"
    known = _read(path, unpack)
    if known is None:
        known = learn()
        arrays_file.write(path, pack(known), f"{kind}-*.npz")
    return known


def depends_on(book: Rulebook, kinds: Sequence[str], examples: Iterable[Example]) -> list[str]:
    """All that decides what these kinds of a rulebook learn from these examples, beside the encoder.

    The program's own code is part of it: a new version learns anew. The places of examples are not.
    """
    rows = hashlib.sha256()
    for example in examples:
        rows.update(json.dumps([example.id, example.row], sort_keys=True).encode("utf-8", "surrogatepass") + b"\n")
    return [*(f"{kind} {book.taught.get(kind, book.digest)}" for kind in kinds), rows.hexdigest(), _code()]


@lru_cache
def _code() -> str:
    """A digest of the code that what is learned depends on."""
    folder = Path(__file__).resolve().parent.parent
    files = sorted(p for name in _PACKAGES for p in (folder / name).rglob("*") if p.suffix in (".py", ".toml"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _read(path: Path, unpack: Callable[[Arrays], T | None]) -> T | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            return unpack({name: file[name] for name in file.files})
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
