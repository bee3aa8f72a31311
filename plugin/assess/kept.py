"""What was learned, kept in a file beside the database, so that the next start learns nothing anew.

The name of the file holds everything that the result depends on: the rulebook's digest, the encoder, and
the form of what is kept. Plain arrays and JSON, no pickle; a damaged file only costs the time to learn.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from plugin.assess import arrays as arrays_file
from plugin.assess.encoder import Encoder
from plugin.assess.features import COLUMNS, Scale
from plugin.assess.learner import Labelled, Learned, Task, Teacher, phrases_of
from plugin.assess.parts import Signals
from plugin.assess.ridge import Ridge
from plugin.rulebook import Rulebook

_FORM = "3"  #: raised whenever the same rulebook would teach something else
_TASKS = ("intents", "groups", "several")
_SCALE = ("words", "letters", "signals", "mail", "sentence")


def learned_of(book: Rulebook, encoder: Encoder, cache: Path | None) -> Learned:
    """What is learned from a rulebook, from the cache if it is there."""
    path = None if cache is None else cache / f"learned-{_digest(book, encoder)}.npz"
    if path is not None and (known := _read(path, book)) is not None:
        return known
    learned = Teacher(book, encoder.encode).learn()
    if path is not None:
        _write(path, learned)
    return learned


def _digest(book: Rulebook, encoder: Encoder) -> str:
    return hashlib.sha256("\n".join((_FORM, book.digest, encoder.name())).encode()).hexdigest()[:24]


def _write(path: Path, learned: Learned) -> None:
    arrays: dict[str, Any] = {f"scale.{name}": getattr(learned.scale, name) for name in _SCALE}
    arrays["rows"] = learned.rows
    about: dict[str, Any] = {"weights": learned.scale.weights, "labelled": [asdict(one) for one in learned.labelled]}
    about["flags"] = [task.names[0] for task in learned.flags]
    named = {name: getattr(learned, name) for name in _TASKS} | {f"flag.{t.names[0]}": t for t in learned.flags}
    for name, task in named.items():
        for part in ("weights", "bias", "coefficients"):
            arrays[f"{name}.{part}"] = getattr(task.ridge, part)
        about[name] = {"names": task.names, "sharpness": task.sharpness, "thresholds": task.thresholds}
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    arrays_file.write(path, arrays, "learned-*.npz")


def _read(path: Path, book: Rulebook) -> Learned | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(arrays["about"].tobytes())
        tasks = {name: _task(name, arrays, about[name]) for name in _TASKS}
        flags = tuple(_task(f"flag.{name}", arrays, about[f"flag.{name}"]) for name in about["flags"])
        scale = Scale(**{name: arrays[f"scale.{name}"] for name in _SCALE}, weights=about["weights"])
        labelled = tuple(Labelled(**one) for one in about["labelled"])
        rows = arrays["rows"]
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
    signals = Signals.of(book, phrases_of(book))
    columns = 2 * COLUMNS + len(signals.columns) + 2 + len(scale.mail) + len(scale.sentence)
    if any(task.ridge.weights.shape[0] != columns for task in (*tasks.values(), *flags)) or rows.shape[1] != columns:
        return None  # kept by another version of the program
    return Learned(
        scale=scale,
        rows=rows,
        labelled=labelled,
        signals=signals,
        flags=flags,
        **tasks,
    )


def _task(name: str, arrays: dict[str, Any], about: dict[str, Any]) -> Task:
    fitted = Ridge(*(arrays[f"{name}.{part}"] for part in ("weights", "bias", "coefficients")))
    return Task(tuple(about["names"]), fitted, float(about["sharpness"]), tuple(about["thresholds"]))
