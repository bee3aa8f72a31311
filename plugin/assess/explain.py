"""Why a part got its label: the words that weighed most, and the labelled example that did."""

from __future__ import annotations

from plugin.assess import parts as p
from plugin.assess.features import COLUMNS, Matrix, tokens
from plugin.assess.learned import Learned, Task
from plugin.model import Evidence, Where
from plugin.rulebook import Scan

_WORDS = 3  #: words that are named
_RARE = 3.0  #: words that are more frequent among the examples than this say nothing to people


def reasons(row: Matrix, scan: Scan, part: p.Part, learned: Learned, question: str, answer: str) -> list[Evidence]:
    """The words that speak most for the answer, and the example that does."""
    task = learned.intents if question == "intent" else learned.groups
    return [*_telling_words(row, scan, part, learned, task, answer), *_example(row, learned, question, answer)]


def _telling_words(row: Matrix, scan: Scan, part: p.Part, learned: Learned, task: Task, answer: str) -> list[Evidence]:
    column = task.columns[answer]
    weights = task.ridge.weights[:COLUMNS]
    worth = row[:COLUMNS] * (weights[:, column] - weights.mean(axis=1))
    message = scan.understood.message
    found: list[tuple[float, int, Evidence]] = []
    pieces: list[tuple[str, Where, int]] = [(message.newest[part.start : part.end], "body", part.start)]
    if part.subject:
        pieces.append((message.subject, "subject", 0))
    for text, where, offset in pieces:
        for token in tokens(text, scan.understood.language):
            if worth[token.column] > 0 and learned.scale.words[token.column] > _RARE:
                words = Evidence(text[token.start : token.end], where, offset + token.start, offset + token.end)
                found.append((-float(worth[token.column]), len(found), words))
    chosen: list[Evidence] = []
    for _, _, evidence in sorted(found, key=lambda one: one[:2]):
        if len(chosen) < _WORDS and not any(_overlap(evidence, other) for other in chosen):
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
