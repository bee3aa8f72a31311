"""A message, or a part of it, as the learner sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from plugin.assess.encoder import MAX_CHARACTERS, Vectors
from plugin.assess.features import Matrix, Raw, letters_row, words_row
from plugin.assess.segments import sentences
from plugin.model import Evidence
from plugin.rulebook import Fired, Rulebook, Rules, Scan, Signal, Span, View, fired

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the newest text, with or without the subject before it."""

    start: int
    end: int
    subject: bool = True

    def spans(self, subject_length: int) -> tuple[Span, ...]:
        """Where it stands, for conditions."""
        body = Span("body", self.start, self.end)
        return (Span("subject", 0, subject_length), body) if self.subject else (body,)


def whole(scan: Scan) -> Part:
    """All that the customer wrote now."""
    return Part(0, len(scan.understood.message.newest))


def text_of(scan: Scan, part: Part) -> str:
    """The words of a part, subject first."""
    message = scan.understood.message
    body = message.newest[part.start : part.end]
    subject = message.subject if part.subject else ""
    return f"{subject}. {body}" if subject else body


def sentences_of(scan: Scan, part: Part) -> list[str]:
    """The sentences of a part; the subject is one. Never empty."""
    message = scan.understood.message
    body = message.newest[part.start : part.end][:MAX_CHARACTERS]
    found = [body[start:end] for start, end in sentences(body)]
    if part.subject and message.subject.strip():
        found.insert(0, message.subject)
    return found or [body]


def fired_in(rules: Rules[Signal], scan: Scan, view: View, part: Part) -> list[Fired[Signal]]:
    """The signals that hold in a part, each once."""
    message = scan.understood.message
    if part.subject and part.start == 0 and part.end == len(message.newest):
        return fired(rules, scan, view)
    found: dict[int, Fired[Signal]] = {}
    for span in part.spans(len(message.subject)):
        for one in fired(rules, scan, view, span):
            found.setdefault(id(one.entry), one)
    return list(found.values())


@dataclass(frozen=True)
class Signals:
    """All signals of a rulebook, each with its column."""

    rulebook: Rulebook
    columns: dict[int, int]

    @classmethod
    def of(cls, rulebook: Rulebook) -> Signals:
        every = (*rulebook.intent_signals, *rulebook.group_signals, *rulebook.flag_signals)
        return cls(rulebook, {id(signal): column for column, signal in enumerate(every)})

    def row(self, scan: Scan, part: Part) -> Matrix:
        """How often the part gives each signal, dampened, whatever is decided."""
        out = np.zeros(len(self.columns), dtype=np.float32)
        book = self.rulebook
        for rules in (book.intent_signals, book.group_signals, book.flag_signals):
            for one in fired_in(rules, scan, {}, part):
                out[self.columns[id(one.entry)]] = np.log1p(max(1, len(one.outcome.evidence)))
        return out


def raw_of(places: Sequence[tuple[Scan, Part]], signals: Signals, encode: Encode) -> Raw:
    """The blocks of features of some parts."""
    texts = [text_of(scan, part)[:MAX_CHARACTERS] for scan, part in places]
    split = [sentences_of(scan, part) for scan, part in places]
    languages = [scan.understood.language for scan, _ in places]
    vectors = encode([*texts, *(sentence for found in split for sentence in found)])
    means, at = [], len(texts)
    for found in split:
        means.append(vectors[at : at + len(found)].mean(axis=0))
        at += len(found)
    return Raw(
        words=np.stack([words_row(t, language) for t, language in zip(texts, languages, strict=True)]),
        letters=np.stack([letters_row(t) for t in texts]),
        signals=np.stack([signals.row(scan, part) for scan, part in places]),
        mail=vectors[: len(texts)],
        sentence=np.stack(means).astype(np.float32),
    )


def prior(hits: Sequence[Fired[Signal]], owners: dict[str, int], worth: float) -> Matrix:
    """What the signals say before anything is learned: the sum of weights of each owner."""
    out = np.zeros(len(owners), dtype=np.float32)
    for one in hits:
        if one.entry.owner in owners:
            out[owners[one.entry.owner]] += one.entry.weight * worth
    return out


def evidence_of(hits: Sequence[Fired[Signal]], owner: str) -> list[Evidence]:
    """The words on which the signals for an owner rest."""
    return [e for one in hits if one.entry.owner == owner and one.entry.weight > 0 for e in one.outcome.evidence]
