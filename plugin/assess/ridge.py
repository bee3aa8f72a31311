"""Learning from examples in one step: weighted ridge regression, solved through the likeness of the examples.

The answer for a text is a sum over the examples, each with its own coefficient times its likeness to
the text. So every answer can name the examples that decided it, the same examples always give the same
answer, and what an example would get if it were not there comes for free (leave-one-out), which is what
the certainty is calibrated with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugin.assess.features import Matrix

Numbers = NDArray[np.float64]

_NEARLY = 0.01  #: of F1


@dataclass(frozen=True)
class Ridge:
    """Scores of a row x are `x @ weights + bias`, one a target."""

    weights: Matrix
    bias: Matrix
    coefficients: Matrix  #: one row an example, one column a target

    def scores(self, rows: Matrix) -> Matrix:
        """One row a text, one column a target; about -1 for no and 1 for yes."""
        return np.asarray(rows @ self.weights + self.bias, dtype=np.float32)


def fit(rows: Matrix, likeness: Numbers, targets: Numbers, importance: Numbers, smooth: float) -> tuple[Ridge, Numbers]:
    """The ridge of some examples, and the leave-one-out scores of each.

    `likeness` is `rows @ rows.T`, `targets` one column a question (-1 to 1), `importance` how much each
    example counts (mean 1), `smooth` how little a single example may bend the answer.
    """
    bias = (importance[:, None] * targets).sum(axis=0) / importance.sum()
    inverse = np.linalg.inv(likeness + smooth * np.diag(1 / importance))
    coefficients = inverse @ (targets - bias)
    left_out = targets - coefficients / np.diag(inverse)[:, None]
    weights = rows.T @ coefficients.astype(np.float32)
    return Ridge(weights, bias.astype(np.float32), coefficients.astype(np.float32)), left_out


def balanced(labels: NDArray[np.int64], classes: int, power: float) -> Numbers:
    """Importance that lets rare labels count as much as frequent ones (power 1), or somewhat (below 1)."""
    counts = np.bincount(labels, minlength=classes)
    importance = (len(labels) / np.maximum(counts, 1) / classes)[labels] ** power
    return np.asarray(importance / importance.mean(), dtype=np.float64)


def targets_of(labels: NDArray[np.int64], classes: int) -> Numbers:
    """1 in the column of the label, -1 elsewhere."""
    return np.where(labels[:, None] == np.arange(classes), 1.0, -1.0)


def likelihoods(scores: Matrix, sharpness: float) -> Numbers:
    """Scores as shares of 1."""
    bent = np.asarray(scores, dtype=np.float64) * sharpness
    bent = np.exp(bent - bent.max(axis=1, keepdims=True))
    return np.asarray(bent / bent.sum(axis=1, keepdims=True))


def sharpness_of(scores: Numbers, labels: NDArray[np.int64]) -> float:
    """The sharpness at which the shares of leave-one-out scores tell the truth best (least log loss)."""

    def loss(sharpness: float) -> float:
        shares = likelihoods(scores.astype(np.float32), sharpness)
        return float(-np.log(np.maximum(shares[np.arange(len(labels)), labels], 1e-9)).mean())

    return min((0.5 * step for step in range(1, 41)), key=loss) if len(labels) else 1.0


def threshold_of(scores: Numbers, true: NDArray[np.bool_]) -> float:
    """The threshold on leave-one-out scores that finds a yes with the best F1.

    Of thresholds that are nearly as good the middle one: the best one is best by chance.
    """
    order = np.sort(scores)
    middles = (order[1:] + order[:-1]) / 2
    found = [_f1(scores > middle, true) for middle in middles]
    if not found:
        return 0.0
    good = [middle for middle, score in zip(middles, found, strict=True) if score >= max(found) - _NEARLY]
    return float(good[0] + good[-1]) / 2


def _f1(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    return 2 * float((said & true).sum()) / max(1.0, float(said.sum() + true.sum()))
