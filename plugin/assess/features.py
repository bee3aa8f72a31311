"""A text as numbers: its words, its letters, its meaning and the signals it gives, side by side.

Words and letters are hashed into a fixed number of columns, so no vocabulary has to be kept and any new
word has its column. Every block of a row has unit length before it is weighted.
"""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import Stemmer
from numpy.typing import NDArray

from plugin.understand.fold import fold

Matrix = NDArray[np.float32]

COLUMNS = 4096  #: of words, and again of letters
_LETTERS = (3, 4, 5)  #: lengths of the pieces of words
_TOKEN = re.compile(r"\w+|[?!]")
_STEMMERS = {
    "es": "spanish", "fr": "french", "en": "english", "pt": "portuguese", "de": "german", "it": "italian",
    "nl": "dutch", "ca": "catalan", "sv": "swedish", "da": "danish", "fi": "finnish", "no": "norwegian",
}  # fmt: skip
_local = threading.local()


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text and its column."""

    column: int
    start: int
    end: int


@dataclass(frozen=True)
class Scale:
    """What the blocks are scaled with; learned from the examples. Weights are shares of the whole."""

    words: Matrix  #: how telling each column is
    letters: Matrix
    signals: Matrix
    mail: Matrix  #: the mean of the examples, taken away from every row
    sentence: Matrix
    weights: dict[str, float] = field(
        default_factory=lambda: {"words": 1.0, "letters": 2.0, "mail": 1.0, "sentence": 2.0, "signals": 0.6}
    )


@dataclass(frozen=True)
class Raw:
    """The blocks of some texts before scaling; one row a text."""

    words: Matrix
    letters: Matrix
    signals: Matrix
    mail: Matrix  #: the vector of the whole text
    sentence: Matrix  #: the mean of the vectors of its sentences

    def rows(self, chosen: Sequence[int] | NDArray[np.int64]) -> Raw:
        """Some of the rows."""
        return Raw(*(getattr(self, name)[chosen] for name in _BLOCKS))


_BLOCKS = ("words", "letters", "signals", "mail", "sentence")


def stack(parts: Sequence[Raw]) -> Raw:
    """Rows under rows."""
    return Raw(*(np.concatenate([getattr(part, name) for part in parts]) for name in _BLOCKS))


def tokens(text: str, language: str) -> list[Token]:
    """The words and pairs of words of a text, inflection taken off; pairs span from first to last."""
    folded = fold(text)
    found = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(folded)]
    stems = _stems([("0" if word.isdigit() else word) for word, _, _ in found], language)
    out = [Token(_column(stem), start, end) for stem, (_, start, end) in zip(stems, found, strict=True)]
    pairs = zip(stems, stems[1:], found, found[1:], strict=False)
    return out + [Token(_column(f"{a} {b}"), first[1], second[2]) for a, b, first, second in pairs]


def words_row(text: str, language: str) -> Matrix:
    """How often each column of words occurs, dampened."""
    return _dampened([token.column for token in tokens(text, language)])


def letters_row(text: str) -> Matrix:
    """The same for pieces of three to five letters: typing errors and compounds change few of them."""
    plain = " " + " ".join("0" if w.isdigit() else w for w in _TOKEN.findall(fold(text))) + " "
    codes = np.frombuffer(plain.encode("latin-1", "replace"), dtype=np.uint8).astype(np.uint64)
    columns = [_pieces(codes, length) for length in _LETTERS if len(codes) >= length]
    return _dampened(np.concatenate(columns) if columns else [])


def _pieces(codes: NDArray[np.uint64], length: int) -> NDArray[np.int64]:
    mixed = np.full(len(codes) - length + 1, length, dtype=np.uint64)
    for offset in range(length):
        mixed = mixed * np.uint64(1_000_003) + codes[offset : len(codes) - length + 1 + offset]
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return (mixed % np.uint64(COLUMNS)).astype(np.int64)


def _column(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "replace")) % COLUMNS


def _dampened(columns: Sequence[int] | NDArray[np.int64]) -> Matrix:
    counts = np.bincount(np.asarray(columns, dtype=np.int64), minlength=COLUMNS)
    dampened = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0)
    return dampened.astype(np.float32)


def _stems(words: list[str], language: str) -> list[str]:
    name = _STEMMERS.get(language)
    if name is None:
        return words
    known: dict[str, Stemmer.Stemmer] = _local.__dict__.setdefault("stemmers", {})  # a stemmer is for one thread
    if name not in known:
        known[name] = Stemmer.Stemmer(name)
    return list(known[name].stemWords(words))


def scale_of(raw: Raw) -> Scale:
    """How telling each column is among these texts (inverse document frequency), and the mean of the vectors."""
    count = len(raw.words)

    def telling(block: Matrix, floor: float) -> Matrix:
        rarity = np.log((1 + count) / (1 + (block != 0).sum(axis=0))) + floor
        return np.asarray(rarity, dtype=np.float32)

    return Scale(
        words=telling(raw.words, 1.0),
        letters=telling(raw.letters, 1.0),
        signals=telling(raw.signals, 0.5),
        mail=_mean(unit(raw.mail)),
        sentence=_mean(unit(raw.sentence)),
    )


def scaled(raw: Raw, scale: Scale) -> Matrix:
    """All blocks side by side; the product of two rows is how alike the texts are, at most 1."""
    blocks = {
        "words": raw.words * scale.words,
        "letters": raw.letters * scale.letters,
        "signals": raw.signals * scale.signals,
        "mail": unit(raw.mail) - scale.mail,
        "sentence": unit(raw.sentence) - scale.sentence,
    }
    total = sum(weight for name, weight in scale.weights.items() if blocks[name].shape[1])
    return np.concatenate(
        [unit(block) * np.float32((scale.weights[name] / total) ** 0.5) for name, block in blocks.items()], axis=1
    )


def unit(block: Matrix) -> Matrix:
    """Rows of length 1; rows of zeros stay."""
    length = np.sqrt((block * block).sum(axis=1, keepdims=True))
    return np.asarray(block / np.maximum(length, 1e-6), dtype=np.float32)


def _mean(block: Matrix) -> Matrix:
    return np.asarray(block.mean(axis=0) if len(block) else np.zeros(block.shape[1]), dtype=np.float32)
