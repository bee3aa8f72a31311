"""The labelled texts that speak for an answer, ready to be held against a message: which of them is it most like?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugin.assess.features import Matrix

Numbers = NDArray[np.int64]

_OFTEN = 1 / 16  #: share of the texts from which it is quicker to look at a column of all than at those that hold it


@dataclass(frozen=True)
class Speaking:
    """The texts that speak for one answer: most words and letters by the few texts that hold them, the rest by row."""

    numbers: Numbers  #: which of the labelled texts they are
    starts: Numbers  #: where the entries of each column begin in `texts`
    texts: Numbers  #: which of these texts hold the column
    worth: Matrix  #: and how much it is worth there
    frequent: Numbers  #: the columns that many texts hold, or all; they have no entries
    rest: Matrix  #: these columns, a row a text

    @classmethod
    def of(cls, numbers: Numbers, rows: Matrix) -> Speaking:
        """Those of all labelled texts that have these numbers; `rows` are the features of all."""
        own = rows[numbers].astype(np.float16).astype(np.float32)  # what is finer says nothing about likeness
        held = own != 0
        often = held.sum(axis=0) > _OFTEN * len(own)
        columns, texts = np.nonzero((held & ~often).T)
        starts = np.searchsorted(columns, np.arange(own.shape[1] + 1))
        frequent = np.flatnonzero(often)
        return cls(numbers, starts, texts, own[texts, columns], frequent, np.ascontiguousarray(own[:, frequent]))

    def fits(self, columns: int) -> bool:
        """Whether the arrays belong together and are about so many columns."""
        entries = len(self.starts) == columns + 1 and int(self.starts[-1]) == len(self.texts) == len(self.worth)
        return entries and self.rest.shape == (len(self.numbers), len(self.frequent))

    def most_like(self, row: Matrix) -> tuple[int, float] | None:
        """Which text is most like a message with these features, and how alike they are (1: equal)."""
        if not len(self.numbers):
            return None
        held = np.flatnonzero(row)
        begins, counts = self.starts[held], self.starts[held + 1] - self.starts[held]
        entries = np.arange(counts.sum()) + np.repeat(begins - np.cumsum(counts) + counts, counts)
        shared = np.repeat(row[held], counts) * self.worth[entries]
        likeness = np.bincount(self.texts[entries], shared, len(self.numbers)) + self.rest @ row[self.frequent]
        best = int(np.argmax(likeness))
        return int(self.numbers[best]), float(likeness[best])
