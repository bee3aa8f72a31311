"""The labelled texts that speak for an answer, ready to be held against a message: which of them is it most like?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugin.assess.features import COLUMNS, Matrix

Numbers = NDArray[np.int64]

_HASHED = 2 * COLUMNS  #: columns of words and letters; a text has few of them, and something in all others


@dataclass(frozen=True)
class Speaking:
    """The texts that speak for one answer: words and letters by their columns, everything else row by row."""

    numbers: Numbers  #: which of the labelled texts they are
    starts: Numbers  #: where the entries of each hashed column begin in `texts`
    texts: Numbers  #: which of these texts hold the column
    worth: Matrix  #: and how much it is worth there
    rest: Matrix  #: signals and meaning, a row a text

    @classmethod
    def of(cls, numbers: Numbers, rows: Matrix) -> Speaking:
        """Those of all labelled texts that have these numbers; `rows` are the features of all."""
        own = rows[numbers].astype(np.float16).astype(np.float32)  # what is finer says nothing about likeness
        columns, texts = np.nonzero(own[:, :_HASHED].T)
        starts = np.searchsorted(columns, np.arange(_HASHED + 1))
        return cls(numbers, starts, texts, own[texts, columns], np.ascontiguousarray(own[:, _HASHED:]))

    def fits(self, columns: int) -> bool:
        """Whether the arrays belong together and have so many columns of signals and meaning."""
        entries = len(self.starts) == _HASHED + 1 and int(self.starts[-1]) == len(self.texts) == len(self.worth)
        return entries and self.rest.shape == (len(self.numbers), columns)

    def most_like(self, row: Matrix) -> tuple[int, float] | None:
        """Which text is most like a message with these features, and how alike they are (1: equal)."""
        if not len(self.numbers):
            return None
        held = np.flatnonzero(row[:_HASHED])
        begins, counts = self.starts[held], self.starts[held + 1] - self.starts[held]
        entries = np.arange(counts.sum()) + np.repeat(begins - np.cumsum(counts) + counts, counts)
        shared = np.repeat(row[held], counts) * self.worth[entries]
        likeness = np.bincount(self.texts[entries], shared, len(self.numbers)) + self.rest @ row[_HASHED:]
        best = int(np.argmax(likeness))
        return int(self.numbers[best]), float(likeness[best])
