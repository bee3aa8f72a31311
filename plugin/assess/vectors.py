"""Vectors that are computed once: a file beside the database, keyed by the content of each text.

The file holds plain arrays and is read without pickle. A file that is missing, damaged or of another
encoder only costs the time to encode again.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from plugin.assess import arrays as arrays_file
from plugin.assess.encoder import Encoder, Vectors

_KEY = 16  #: bytes of the hash that names a text


class Remembering:
    """An encoder that asks another one only for texts that it does not know yet.

    `cache` is a folder, or None to keep nothing beyond this object. `save` writes what was used since this
    object was made, and nothing older, so that the file does not grow with every change of a rulebook.
    """

    def __init__(self, encoder: Encoder, cache: Path | None) -> None:
        self._encoder = encoder
        self._path = None if cache is None else cache / f"vectors-{_key(encoder.name()).hex()}.npz"
        self._known = {} if self._path is None else _read(self._path)
        self._in_file = frozenset(self._known)
        self._used: dict[bytes, Vectors] = {}

    def name(self) -> str:
        """That of the encoder it asks."""
        return self._encoder.name()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, in order."""
        if not texts:
            return self._encoder.encode([])
        keys = [_key(text) for text in texts]
        unknown = sorted({key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}.items())
        if unknown:
            # as exact as the file keeps them, so that it makes no difference whether there was one
            fresh = self._encoder.encode([text for _, text in unknown]).astype(np.float16).astype(np.float32)
            self._known.update({key: row for (key, _), row in zip(unknown, fresh, strict=True)})
        self._used.update((key, self._known[key]) for key in keys)
        return np.stack([self._known[key] for key in keys])

    def save(self) -> None:
        """Keep what was used, if that is not what the file holds already."""
        if self._path is not None and self._used and self._used.keys() != self._in_file:
            _write(self._path, self._used)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()


def _read(path: Path) -> dict[bytes, Vectors]:
    try:
        with np.load(path, allow_pickle=False) as file:
            keys, rows = file["keys"], file["rows"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    if keys.dtype != np.uint8 or keys.ndim != 2 or keys.shape[1] != _KEY or rows.ndim != 2 or len(rows) != len(keys):
        return {}
    return {key.tobytes(): row for key, row in zip(keys, rows.astype(np.float32), strict=True)}


def _write(path: Path, known: dict[bytes, Vectors]) -> None:
    """Replace the file whole; a reader sees the old one or the new one."""
    keys = np.frombuffer(b"".join(known), dtype=np.uint8).reshape(-1, _KEY)
    rows = np.stack(list(known.values())).astype(np.float16)
    arrays_file.write(path, {"keys": keys, "rows": rows})
