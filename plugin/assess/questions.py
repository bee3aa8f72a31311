"""The questions that are learned from labelled texts: which intent, which group, which flags, one issue or several.

Signals speak first, with their weights; the examples then teach what the signals alone get wrong, by words,
letters and meaning at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugin.assess import parts as p
from plugin.assess import ridge
from plugin.assess.features import Matrix
from plugin.assess.learned import WORTH, IssuePart, Labelled, Task, flag_prior, may_have
from plugin.rulebook import Example, Rulebook, Scan, Sentence, Signal, fired
from plugin.rulebook.rules import Rules

SMOOTH = 0.2
#: For flags, which rest on few words: the examples bend less, the signals weigh more.
FLAG_SMOOTH = 2.0
_EXCERPT = 70  #: characters of an example that are shown

Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Unit:
    """A text with its labels."""

    scan: Scan
    part: p.Part
    intent: str | None
    group: str | None
    source: Example | Sentence
    number: int  #: of the source, among `sources_of` the rulebook

    @property
    def weight(self) -> float:
        """How much it counts: the `weight` of its example, 1 where that gives none."""
        weight = self.source.row.get("weight", 1) if isinstance(self.source, Example) else 1
        return min(10.0, max(0.1, float(weight))) if isinstance(weight, int | float) else 1.0

    def kept(self, for_groups: bool) -> Labelled:
        """What stays of it after learning."""
        text = p.text_of(self.scan, self.part) if isinstance(self.source, Example) else self.source.text
        text = " ".join(text.split())
        excerpt = text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…"
        return Labelled(self.intent, self.group, for_groups, excerpt, self.number, str(self.source.place))


@dataclass(frozen=True)
class Message:
    """A whole labelled message: its issues, each with the part that it stands in, and its flags."""

    issues: tuple[IssuePart, ...]
    flags: Mapping[str, bool]  #: whether it has them, as far as its example says
    outright: bool = False  #: it is nothing but an example of its flag, whatever the flag's condition


@dataclass(frozen=True)
class Rows:
    """Texts as the model sees them, and how alike they are."""

    rows: Matrix
    likeness: ridge.Numbers

    @classmethod
    def of(cls, rows: Matrix) -> Rows:
        return cls(rows, np.asarray(rows @ rows.T, dtype=np.float64))

    def only(self, chosen: Sequence[int]) -> tuple[Matrix, ridge.Numbers]:
        """Some of the texts."""
        return self.rows[chosen], self.likeness[np.ix_(chosen, chosen)]


def intents(book: Rulebook, units: Sequence[Unit], rows: Rows) -> Task:
    """Which intent a text has."""
    labelled = {i: unit.intent for i, unit in enumerate(units) if unit.intent is not None}
    return _choice(tuple(book.intents), labelled, book.intent_signals, units, rows, balance=1.0)


def groups(book: Rulebook, units: Sequence[Unit], rows: Rows, chosen: Sequence[int]) -> Task:
    """Which group a text belongs to, where its intent does not say; `chosen` are the texts to learn it from."""
    labelled = {i: str(units[i].group) for i in chosen}
    return _choice(tuple(book.groups), labelled, book.group_signals, units, rows, balance=0.5)


def _choice(
    names: tuple[str, ...],
    labelled: dict[int, str],
    signals: Rules[Signal],
    units: Sequence[Unit],
    rows: Rows,
    *,
    balance: float,
) -> Task:
    """One answer of several. `balance`: how far rare answers count as much as frequent ones, 0 to 1."""
    if len(labelled) < 2:
        return Task.unlearned(names, rows.rows.shape[1])
    columns = {name: column for column, name in enumerate(names)}
    labels = np.array([columns[name] for name in labelled.values()], dtype=np.int64)
    heard = [fired(signals, p.narrow(units[i].scan, units[i].part), {}) for i in labelled]
    before = np.stack([p.prior(hits, columns, WORTH) for hits in heard]).astype(np.float64)
    wanted = ridge.targets_of(labels, len(names)) - before
    importance = ridge.balanced(labels, len(names), balance) * [units[i].weight for i in labelled]
    fitted, left_out = ridge.fit(*rows.only(list(labelled)), wanted, importance, SMOOTH)
    return Task(names, fitted, ridge.sharpness_of(left_out + before, labels))


def flags(book: Rulebook, messages: Sequence[Message], rows: Rows) -> tuple[Task, ...]:
    """The flags that have signals, each learned from the messages that may have it at all."""
    out = []
    for flag in book.flags.values():
        if not flag.signals:
            continue
        about = [(i, one) for i, one in enumerate(messages) if flag.id in one.flags]
        chosen = [i for i, one in about if one.outright or may_have(flag, one.issues)]
        true = np.array([messages[i].flags[flag.id] for i in chosen], dtype=bool)
        before = np.array([flag_prior(book, flag, messages[i].issues) for i in chosen], dtype=np.float64)
        out.append(_yes_or_no(flag.id, rows, chosen, true, before, FLAG_SMOOTH))
    return tuple(out)


def several(many: Truth, rows: Rows) -> Task:
    """Whether a message holds more than one issue; `many` says it of the first of the rows."""
    return _yes_or_no("several", rows, range(len(many)), many, np.zeros(len(many)), SMOOTH)


def _yes_or_no(name: str, rows: Rows, chosen: Sequence[int], true: Truth, before: ridge.Numbers, smooth: float) -> Task:
    """Whether something holds, with the threshold that finds it best."""
    if true.all() or not true.any():
        return Task.unlearned((name,), rows.rows.shape[1])
    wanted = (np.where(true, 1.0, -1.0) - before)[:, None]
    fitted, left_out = ridge.fit(*rows.only(list(chosen)), wanted, np.ones(len(chosen)), smooth)
    return Task((name,), fitted, thresholds=(ridge.threshold_of(left_out[:, 0] + before, true),))
