"""What items learned, from the cache where it was learned before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from plugin.assess.item_learner import Learned
from plugin.assess.kept import Arrays, kept

#: The kinds of a rulebook that items learn from, beside the examples and the names of intents.
KINDS = ("items", "words", "desk")
_WEIGHTS = "weights."


def items_kept(learn: Callable[[], Learned], depends: Sequence[str], cache: Path | None) -> Learned:
    """What `learn` returns, from the folder `cache` if it was learned before from all that is named by `depends`."""
    return kept("items", depends, cache, learn, _pack, _unpack)


def _pack(learned: Learned) -> Arrays:
    weights = {f"{_WEIGHTS}{item}": array for item, array in learned.weights.items()}
    return {"mean": learned.mean, "directions": learned.directions, **weights}


def _unpack(arrays: Arrays) -> Learned:
    weights = {name[len(_WEIGHTS) :]: array for name, array in arrays.items() if name.startswith(_WEIGHTS)}
    return Learned(arrays["mean"], arrays["directions"], weights)
