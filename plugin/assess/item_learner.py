"""What items learn from labelled requests: which of a message's pieces gives the item.

A label says only that an item is somewhere in the message, or nowhere. So the piece that gives it is found while
learning (multiple-instance learning): every piece of a message without the item is an example against it; of a
message with the item, the pieces share one vote, and each round gives more of it to those that look most like it.
The model is a logistic regression, the same every time for the same examples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Numbers = NDArray[np.float64]

#: Directions of meaning that are kept of a sentence vector, and how much meaning counts beside words.
DIRECTIONS = 96
MEANING = 3.0
#: How strongly weights are held near zero.
RIDGE = 2.0
ROUNDS = 5
#: Fewer examples of either kind teach nothing.
LEAST = 4
#: A piece of a message without the item counts at least this much.
LEAST_AGAINST = 0.5
_SHARPNESS = 2.0


@dataclass(frozen=True)
class Lesson:
    """A message to learn from: its pieces, and whether each item is there."""

    meaning: Matrix  #: a vector a piece; no columns without an encoder
    traits: Matrix
    present: Mapping[str, bool]


@dataclass(frozen=True)
class Learned:
    """What tells whether a piece gives an item."""

    mean: Matrix  #: of all pieces' vectors
    directions: Matrix  #: a column a direction of meaning
    weights: Mapping[str, Matrix]  #: item -> weights of directions, traits, and one number more

    def scores(self, item: str, rows: Matrix, told: Numbers | float = 0.0) -> Numbers | None:
        """The log odds that each piece (see `rows`) gives the item; None where nothing was learned about it.

        `told` is what its heavy signals say, whatever was learned.
        """
        weights = self.weights.get(item)
        if weights is None:
            return None
        return np.asarray(rows @ weights, dtype=np.float64) + told

    def rows(self, meaning: Matrix, traits: Matrix) -> Matrix:
        """Pieces as the model sees them."""
        one = np.ones((len(traits), 1), dtype=np.float32)
        return np.hstack([(meaning - self.mean) @ self.directions * MEANING, traits, one], dtype=np.float32)


def learn(lessons: Sequence[Lesson], items: Sequence[str]) -> Learned:
    """Learn each item from the lessons that say something about it."""
    meaning = np.vstack([lesson.meaning for lesson in lessons])
    mean = meaning.mean(axis=0)
    directions = _directions(meaning - mean)
    blank = Learned(mean, directions, {})
    rows = [blank.rows(lesson.meaning, lesson.traits) for lesson in lessons]
    weights = {}
    for item in items:
        with_it = [row for row, lesson in zip(rows, lessons, strict=True) if lesson.present.get(item) is True]
        without = [row for row, lesson in zip(rows, lessons, strict=True) if lesson.present.get(item) is False]
        if min(len(with_it), len(without)) >= LEAST:
            weights[item] = _fit(with_it, without).astype(np.float32)
    return Learned(mean, directions, weights)


def _directions(centred: Matrix) -> Matrix:
    """The directions in which the vectors differ most, each with a fixed sign."""
    if not centred.shape[1]:
        return np.zeros((0, 0), dtype=np.float32)
    _, vectors = np.linalg.eigh((centred.T @ centred / max(1, len(centred))).astype(np.float64))
    best = vectors[:, ::-1][:, :DIRECTIONS]
    signs = np.sign(best[np.abs(best).argmax(axis=0), np.arange(best.shape[1])])
    return np.asarray(best * signs, dtype=np.float32)


def _fit(with_it: Sequence[Matrix], without: Sequence[Matrix]) -> Numbers:
    """The weights after some rounds of voting."""
    for_it, against = np.vstack(with_it), np.vstack(without)
    rows = np.vstack([for_it, against])
    truth = np.r_[np.ones(len(for_it)), np.zeros(len(against))]
    balance = np.full(len(against), max(len(with_it) / len(against), LEAST_AGAINST))
    sizes = [len(row) for row in with_it]
    votes = np.concatenate([np.full(size, 1 / size) for size in sizes])
    weights = np.zeros(rows.shape[1])
    for number in range(ROUNDS):
        weights = _newton(rows, truth, np.r_[votes, balance], weights, steps=3 if number == 0 else 2)
        votes = _votes(for_it @ weights, sizes)
    return weights


def _votes(scores: Numbers, sizes: Sequence[int]) -> Numbers:
    """One vote a message, shared by its pieces: the higher the score, the more."""
    shares, at = [], 0
    for size in sizes:
        share = np.exp(_SHARPNESS * (scores[at : at + size] - scores[at : at + size].max()))
        shares.append(share / share.sum())
        at += size
    return np.concatenate(shares)


def _newton(rows: Matrix, truth: Numbers, counts: Numbers, weights: Numbers, *, steps: int) -> Numbers:
    """Some steps of Newton's method towards the best weights of a logistic regression."""
    ridge = np.full(rows.shape[1], RIDGE)
    ridge[-1] = 1e-3  # the last one is the same for every piece
    for _ in range(steps):
        odds = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (counts * (truth - odds)) - ridge * weights
        curve = (rows * np.maximum(odds * (1 - odds), 1e-3)[:, None] * counts[:, None]).astype(np.float32).T @ rows
        curve = curve.astype(np.float64)
        curve[np.diag_indices(len(ridge))] += ridge
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-3:
            break
    return weights
