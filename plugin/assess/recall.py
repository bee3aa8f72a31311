"""A message that reads like a labelled example is decided as that example says.

So one example is enough to correct a decision, whatever many others would have taught. Texts are alike if they share
four fifths of their words and pairs of words, inflection taken off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from plugin.assess.encoder import MAX_CHARACTERS
from plugin.assess.examples import labels_of
from plugin.assess.features import COLUMNS, tokens
from plugin.assess.kept import Arrays, depends_on, kept
from plugin.rulebook import Example, Flag, Rulebook, Scan, Sentence

KEY = "recall"  #: of `Rulebook.learned`
#: How much of all words of both texts they share.
ALIKE = 0.8

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Known:
    """Which words stand in which example: for each column of words, the examples that hold it."""

    starts: Numbers  #: where the examples of a column begin in `examples`
    examples: Numbers
    sizes: Numbers  #: words of each example


@dataclass(frozen=True)
class Recall:
    """The examples of a rulebook, to be found by their words."""

    examples: tuple[Example, ...]
    known: Known

    def like(self, subject: str, body: str, language: str) -> Example | None:
        """The example that reads like this text; of several the most alike one, then the last one."""
        words = _words(subject, body, language)
        if not len(words) or not len(self.examples):
            return None
        known = self.known
        holding = [known.examples[known.starts[word] : known.starts[word + 1]] for word in words]
        shared = np.bincount(np.concatenate(holding), minlength=len(self.examples))
        alike = shared / np.maximum(known.sizes + len(words) - shared, 1)
        best = len(alike) - 1 - int(np.argmax(alike[::-1]))
        return self.examples[best] if alike[best] >= ALIKE else None


def recalled(scan: Scan, book: Rulebook) -> Example | None:
    """The example of the rulebook that reads like this message."""
    memory, message = book.learned.get(KEY), scan.understood.message
    if not isinstance(memory, Recall):
        return None
    return memory.like(message.subject, message.newest, scan.understood.language)


def said_outright(flag: Flag, texts: Sequence[str], language: str) -> tuple[str, Sentence] | None:
    """The first of some sentences that reads like an example beside the flag, and that example."""
    for sentence in flag.examples:
        known = _words("", sentence.text, language)
        for text in texts:
            words = _words("", text, language)
            shared = len(np.intersect1d(known, words, assume_unique=True))
            if shared and shared >= ALIKE * (len(known) + len(words) - shared):
                return text, sentence
    return None


def recall_of(book: Rulebook, cache: Path | None) -> Recall:
    """What is remembered of a rulebook's examples: those that say what is right about anything."""
    chosen = tuple(e for e in book.examples if labels_of(e) or e.items or e.flags is not None)
    known = kept("recall", depends_on(book, (), chosen), cache, lambda: _known(chosen), _pack, _unpack)
    return Recall(chosen, known)


def certain(example: Example) -> Mapping[str, bool]:
    """The items of an example that are present or missing, without those that it calls uncertain."""
    doubtful = doubtful_of(example)
    return {item: present for item, present in example.items.items() if item not in doubtful}


def doubtful_of(example: Example) -> frozenset[str]:
    """What an example calls uncertain."""
    labels = example.row.get("gold", example.row)
    doubtful = labels.get("uncertain", ()) if isinstance(labels, dict) else ()
    return frozenset(map(str, doubtful)) if isinstance(doubtful, list | tuple) else frozenset()


def _words(subject: str, body: str, language: str) -> Numbers:
    text = f"{subject}. {body}" if subject else body
    return np.unique([token.column for token in tokens(text[:MAX_CHARACTERS], language)]).astype(np.int64)


def _known(examples: Sequence[Example]) -> Known:
    words = [_words(e.subject, e.body, e.language) for e in examples]
    columns = np.concatenate([np.zeros(0, np.int64), *words])
    numbers = np.repeat(np.arange(len(words)), [len(one) for one in words])
    order = np.argsort(columns, kind="stable")
    starts = np.searchsorted(columns[order], np.arange(COLUMNS + 1))
    return Known(starts, numbers[order], np.array([len(one) for one in words], dtype=np.int64))


def _pack(known: Known) -> Arrays:
    return {"starts": known.starts, "examples": known.examples, "sizes": known.sizes}


def _unpack(arrays: Arrays) -> Known | None:
    known = Known(arrays["starts"], arrays["examples"], arrays["sizes"])
    fits = len(known.starts) == COLUMNS + 1 and int(known.sizes.sum()) == len(known.examples) == int(known.starts[-1])
    return known if fits else None
