"""What intents, groups and flags learned, from the cache where it was learned before."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from plugin.assess.encoder import Encoder
from plugin.assess.examples import Reading, sources_of
from plugin.assess.features import COLUMNS, Scale
from plugin.assess.kept import Arrays, depends_on, kept
from plugin.assess.learned import Labelled, Learned, Task, phrases_of
from plugin.assess.learner import Teacher
from plugin.assess.parts import Signals
from plugin.assess.ridge import Ridge
from plugin.assess.speaking import Speaking
from plugin.rulebook import Rulebook

_KINDS = ("intents", "groups", "flags", "desk", "words")
_TASKS = ("intents", "groups", "several")
_SPEAKING = tuple(field.name for field in fields(Speaking))
_SCALE = ("words", "letters", "signals", "mail", "sentence")


def learned_of(book: Rulebook, encoder: Encoder, cache: Path | None, reading: Reading) -> Learned:
    """What is learned from a rulebook. Its examples are named by where they stand now, wherever they stood before."""
    learned = kept(
        "learned",
        [encoder.name(), *depends_on(book, _KINDS, book.examples)],
        cache,
        lambda: Teacher(book, encoder.encode, reading=reading).learn(),
        _pack,
        lambda arrays: _unpack(arrays, book),
    )
    sources = sources_of(book)
    return replace(
        learned, labelled=tuple(replace(one, place=str(sources[one.source].place)) for one in learned.labelled)
    )


def _pack(learned: Learned) -> Arrays:
    arrays: Arrays = {f"scale.{name}": getattr(learned.scale, name) for name in _SCALE}
    for number, one in enumerate(learned.speaking.values()):
        arrays |= {f"speaking.{number}.{part}": getattr(one, part) for part in _SPEAKING}
    about: dict[str, Any] = {"weights": learned.scale.weights, "labelled": [asdict(one) for one in learned.labelled]}
    about["speaking"] = [*learned.speaking]
    about["flags"] = [task.names[0] for task in learned.flags]
    named = {name: getattr(learned, name) for name in _TASKS} | {f"flag.{t.names[0]}": t for t in learned.flags}
    for name, task in named.items():
        for part in ("weights", "bias", "coefficients"):
            arrays[f"{name}.{part}"] = getattr(task.ridge, part)
        about[name] = {"names": task.names, "sharpness": task.sharpness, "thresholds": task.thresholds}
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    return arrays


def _unpack(arrays: Arrays, book: Rulebook) -> Learned | None:
    about = json.loads(arrays["about"].tobytes())
    tasks = {name: _task(name, arrays, about[name]) for name in _TASKS}
    flags = tuple(_task(f"flag.{name}", arrays, about[f"flag.{name}"]) for name in about["flags"])
    scale = Scale(**{name: arrays[f"scale.{name}"] for name in _SCALE}, weights=about["weights"])
    labelled = tuple(Labelled(**one) for one in about["labelled"])
    speaking = {
        (question, answer): Speaking(*(arrays[f"speaking.{number}.{part}"] for part in _SPEAKING))
        for number, (question, answer) in enumerate(about["speaking"])
    }
    signals = Signals.of(book, phrases_of(book))
    columns = 2 * COLUMNS + len(signals.columns) + 2 + len(scale.mail) + len(scale.sentence)
    whole = all(task.ridge.weights.shape[0] == columns for task in (*tasks.values(), *flags))
    if not whole or not all(one.fits(columns) for one in speaking.values()):
        return None  # damaged
    return Learned(scale=scale, labelled=labelled, speaking=speaking, signals=signals, flags=flags, **tasks)


def _task(name: str, arrays: Arrays, about: dict[str, Any]) -> Task:
    fitted = Ridge(*(arrays[f"{name}.{part}"] for part in ("weights", "bias", "coefficients")))
    return Task(tuple(about["names"]), fitted, float(about["sharpness"]), tuple(about["thresholds"]))
