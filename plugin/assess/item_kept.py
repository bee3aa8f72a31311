"""What items learned, kept in a file beside the database. Plain arrays; a damaged file only costs the time to learn."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from plugin.assess import arrays as arrays_file
from plugin.assess import item_learner, item_pieces
from plugin.assess.item_learner import Learned
from plugin.understand import facts

_WEIGHTS = "weights."


def kept(learn: Callable[[], Learned], on: Sequence[str], cache: Path | None) -> Learned:
    """What `learn` returns, from the folder `cache` where it was learned before.

    `on` is all that it depends on: the rulebook, the encoder, the traits. The code that finds facts and learns is
    added, so that a new version learns anew.
    """
    if cache is None:
        return learn()
    name = hashlib.sha256("\n".join((*on, _code())).encode()).hexdigest()[:24]
    path = cache / f"items-{name}.npz"
    known = _read(path)
    if known is None:
        known = learn()
        _write(path, known)
    return known


@lru_cache
def _code() -> str:
    """A digest of the code that what is learned depends on."""
    files = [Path(module.__file__ or "") for module in (item_learner, item_pieces)]
    files += sorted(Path(facts.__file__ or "").parent.rglob("*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files if path.is_file())).hexdigest()


def _read(path: Path) -> Learned | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        weights = {name[len(_WEIGHTS) :]: array for name, array in arrays.items() if name.startswith(_WEIGHTS)}
        return Learned(arrays["mean"], arrays["directions"], weights)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _write(path: Path, learned: Learned) -> None:
    arrays: dict[str, Any] = {f"{_WEIGHTS}{item}": array for item, array in learned.weights.items()}
    arrays_file.write(path, {"mean": learned.mean, "directions": learned.directions, **arrays}, "items-*.npz")
