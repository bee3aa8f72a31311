"""What was learned from a rulebook: the questions with their answers, and the texts that they were learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from plugin.assess import parts as p
from plugin.assess import ridge
from plugin.assess.features import Matrix, Scale
from plugin.assess.segments import Turn
from plugin.assess.speaking import Speaking
from plugin.rulebook import Flag, Rulebook, Scan, fired, holds

#: The vocabularies at whose phrases a message may divide: for sure, and perhaps.
TURNS = ("another-matter", "perhaps-another-matter")
#: How much one point of a signal's weight moves a score (a yes is about 1, a no about -1).
WORTH = 0.03

IssuePart = tuple[Scan, str, str]  #: the part of a message that an issue stands in, its intent and its group


@dataclass(frozen=True, slots=True)
class Labelled:
    """What is kept of a text that was learned from."""

    intent: str | None
    group: str | None
    for_groups: bool  #: the groups were learned from it
    excerpt: str
    source: int  #: its number among `sources_of` the rulebook
    place: str = ""  #: where that stands


@dataclass(frozen=True)
class Task:
    """One question that was learned: the answers it knows and how sure its scores are."""

    names: tuple[str, ...]
    ridge: ridge.Ridge
    sharpness: float = 1.0
    thresholds: tuple[float, ...] = ()

    @classmethod
    def unlearned(cls, names: Sequence[str], columns: int) -> Task:
        """A question without examples: signals decide alone."""
        count = len(names)
        empty = ridge.Ridge(
            np.zeros((columns, count), np.float32), np.zeros(count, np.float32), np.zeros((0, count), np.float32)
        )
        return cls(tuple(names), empty, 1.0, tuple(0.0 for _ in names))

    @property
    def columns(self) -> dict[str, int]:
        """The column of each answer."""
        return {name: column for column, name in enumerate(self.names)}


@dataclass(frozen=True)
class Learned:
    """Everything that deciding needs."""

    scale: Scale
    intents: Task
    groups: Task
    flags: tuple[Task, ...]  #: one each
    several: Task  #: whether a message holds more than one issue
    labelled: tuple[Labelled, ...]
    speaking: Mapping[tuple[str, str], Speaking]  #: a question and an answer to the examples that speak for it
    signals: p.Signals

    def turns(self, found: Scan) -> tuple[Turn, ...]:
        """Where a message may turn to another matter."""
        return self.signals.turns(found)


def phrases_of(book: Rulebook) -> tuple[p.Phrases, p.Phrases]:
    """The phrases at which messages may divide."""
    nothing: Mapping[str, Sequence[str]] = {}
    surely, perhaps = (book.words.get(name, nothing) for name in TURNS)
    return surely, perhaps


def may_have(flag: Flag, issues: Sequence[IssuePart]) -> bool:
    """Whether the condition of a flag that also has signals holds for one of the issues."""
    return flag.when is None or any(
        holds(flag.when, found, {"intent": intent, "group": group}).held for found, intent, group in issues
    )


def flag_prior(book: Rulebook, flag: Flag, issues: Sequence[IssuePart]) -> float:
    """What the signals of a flag say, in points of a score: the issue that speaks most for it counts."""
    return max(
        float(p.prior(fired(book.flag_signals, found, {"intent": intent, "group": group}), {flag.id: 0}, WORTH)[0])
        for found, intent, group in issues
    )


def speaking_of(
    rows: Matrix, labelled: Sequence[Labelled], intents: Task, groups: Task
) -> Mapping[tuple[str, str], Speaking]:
    """The examples that speak for each answer to a question ("intent" or "group"); `rows` are those of all texts."""
    found: dict[tuple[str, str], Speaking] = {}
    for question, task in (("intent", intents), ("group", groups)):
        labels = [(one.intent, one.intent is not None) for one in labelled]
        if question == "group":
            labels = [(one.group, one.for_groups) for one in labelled]
        taught = np.array([row for row, (_, taught) in enumerate(labels) if taught], dtype=np.int64)
        if len(taught) != len(task.ridge.coefficients):
            continue
        answers = np.array([labels[row][0] for row in taught], dtype=object)
        for answer, column in task.columns.items():
            speaking = taught[(answers == answer) & (task.ridge.coefficients[:, column] > 0)]
            found[question, answer] = Speaking.of(speaking, rows)
    return found
