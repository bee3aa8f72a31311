"""Why a part got its label: the words that weighed most, and the labelled example that did."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from plugin.assess import parts as p
from plugin.assess.features import Matrix, tokens
from plugin.assess.learned import Learned, Task
from plugin.model import Evidence, Where
from plugin.rulebook import Scan

Words = Sequence[tuple[int, Evidence]]  #: columns of words, and where the words stand

_WORDS = 3  #: words that are named
_RARE = 3.0  #: words that are more frequent among the examples than this say nothing to people


def reasons(row: Matrix, words: Words, learned: Learned, question: str, answer: str) -> list[Evidence]:
    """The words that speak most for the answer, and the example that does; `words` are those of the part."""
    task = learned.intents if question == "intent" else learned.groups
    return [*_telling(row, words, task, answer), *_example(row, learned, question, answer)]


def words_of(scan: Scan, part: p.Part, learned: Learned) -> Words:
    """The words and pairs of words of a part that are rare enough to say something to people, each with its column."""
    message = scan.understood.message
    pieces: list[tuple[str, Where, int]] = [(message.newest[part.start : part.end], "body", part.start)]
    if part.subject:
        pieces.append((message.subject, "subject", 0))
    return [
        (token.column, Evidence(text[token.start : token.end], where, offset + token.start, offset + token.end))
        for text, where, offset in pieces
        for token in tokens(text, scan.understood.language)
        if learned.scale.words[token.column] > _RARE
    ]


def _telling(row: Matrix, words: Words, task: Task, answer: str) -> list[Evidence]:
    columns = [column for column, _ in words]
    weights = task.ridge.weights[columns]
    worth = row[columns] * (weights[:, task.columns[answer]] - weights.mean(axis=1))
    chosen: list[Evidence] = []
    for number in np.argsort(-worth, kind="stable"):
        evidence = words[number][1]
        if worth[number] <= 0 or len(chosen) == _WORDS:
            break
        if not any(_overlap(evidence, other) for other in chosen):
            chosen.append(evidence)
    return chosen


def _overlap(one: Evidence, other: Evidence) -> bool:
    same = one.text.lower() == other.text.lower()
    return same or (one.where == other.where and one.start < other.end and other.start < one.end)


def _example(row: Matrix, learned: Learned, question: str, answer: str) -> list[Evidence]:
    """The likest example of the answer that speaks for it."""
    speaking = learned.speaking.get((question, answer))
    found = speaking and speaking.most_like(row)
    if not found or found[1] <= 0:
        return []
    one, likeness = learned.labelled[found[0]], found[1]
    return [Evidence(one.excerpt, note=f"like the example '{one.excerpt}' ({one.place}), {likeness:.2f}")]
