"""A message, or a part of it, as the learner sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from plugin.assess.encoder import MAX_CHARACTERS, Vectors
from plugin.assess.features import COLUMNS, Matrix, Raw, letters_row, words_row
from plugin.assess.segments import Turn, sentences, turns
from plugin.model import Evidence
from plugin.rulebook import Fired, Rulebook, Scan, Signal, fired, look

Phrases = Mapping[str, Sequence[str]]  #: by language
Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the newest text, with or without the subject before it."""

    start: int
    end: int
    subject: bool = True


def whole(scan: Scan) -> Part:
    """All that the customer wrote now."""
    return Part(0, len(scan.understood.message.newest))


def text_of(scan: Scan, part: Part) -> str:
    """The words of a part, subject first."""
    message = scan.understood.message
    body = message.newest[part.start : part.end]
    subject = message.subject if part.subject else ""
    return f"{subject}. {body}" if subject else body


def asserted(scan: Scan, part: Part) -> str:
    """The words of a part without those that it takes back: of "not a refund" the refund is left out."""
    narrowed = narrow(scan, part)
    message = narrowed.understood.message
    out = {"subject": list(message.subject), "body": list(message.newest)}
    for field, hit in (place for places in narrowed.negated.values() for place in places):
        if field in out and not _said(narrowed, field, hit.start, hit.end):
            out[field][hit.start : hit.end] = " " * (hit.end - hit.start)
    subject, body = "".join(out["subject"]), "".join(out["body"])
    return f"{subject}. {body}" if subject else body


def _said(scan: Scan, field: str, start: int, end: int) -> bool:
    """Whether a phrase that counts stands there too."""
    return any(
        where == field and hit.start < end and start < hit.end
        for places in scan.phrases.values()
        for where, hit in places
    )


def sentences_of(scan: Scan, part: Part) -> list[str]:
    """The sentences of a part; the subject is one. Never empty."""
    message = scan.understood.message
    body = message.newest[part.start : part.end][:MAX_CHARACTERS]
    found = [body[start:end] for start, end in sentences(body)]
    if part.subject and message.subject.strip():
        found.insert(0, message.subject)
    return found or [body]


def narrow(scan: Scan, part: Part) -> Scan:
    """The part as if it were the whole message, so that a condition sees nothing else: "no guest is named" here."""
    understood = scan.understood
    message = understood.message
    if part == whole(scan):
        return scan
    body = message.newest[part.start : part.end]
    subject = message.subject if part.subject else ""
    facts = tuple(
        replace(fact, evidence=shifted(fact.evidence, -part.start))
        for fact in understood.facts
        if (fact.evidence.where == "body" and part.start <= fact.evidence.start and fact.evidence.end <= part.end)
        or (fact.evidence.where == "subject" and part.subject)
        or fact.evidence.where not in ("body", "subject")
    )
    only = replace(message, subject=subject, newest=body, text=body)
    return look(replace(understood, message=only, facts=facts), scan.matcher)


def shifted(evidence: Evidence, by: int) -> Evidence:
    """Evidence from the body of a part with offsets in the whole text, or the other way round."""
    if evidence.where != "body" or evidence.end == 0:
        return evidence
    return replace(evidence, start=evidence.start + by, end=evidence.end + by)


@dataclass(frozen=True)
class Signals:
    """All signals of a rulebook, each with its column; two more columns count the turns to another matter."""

    rulebook: Rulebook
    columns: dict[int, int]
    phrases: tuple[Phrases, Phrases]  #: at which a message divides: for sure, and perhaps

    @classmethod
    def of(cls, rulebook: Rulebook, phrases: tuple[Phrases, Phrases]) -> Signals:
        every = (*rulebook.intent_signals, *rulebook.group_signals, *rulebook.flag_signals)
        return cls(rulebook, {id(signal): column for column, signal in enumerate(every)}, phrases)

    def __reduce__(self) -> tuple[Any, ...]:
        """The columns are named by objects, which are others in another process."""
        return Signals.of, (self.rulebook, self.phrases)

    def row(self, scan: Scan, part: Part) -> Matrix:
        """How often the part gives each signal, dampened, whatever is decided."""
        out = np.zeros(len(self.columns) + 2, dtype=np.float32)
        book = self.rulebook
        narrowed = narrow(scan, part)
        for rules in (book.intent_signals, book.group_signals, book.flag_signals):
            for one in fired(rules, narrowed, {}):
                out[self.columns[id(one.entry)]] = np.log1p(max(1, len(one.outcome.evidence)))
        found = self.turns(narrowed)
        surely = sum(turn.surely for turn in found)
        out[-2:] = np.log1p([surely, len(found) - surely])
        return out

    def turns(self, scan: Scan) -> tuple[Turn, ...]:
        """Where a message may turn to another matter."""
        return turns_in(scan, self.phrases)


def turns_in(scan: Scan, phrases: tuple[Phrases, Phrases]) -> tuple[Turn, ...]:
    """Where a message may turn to another matter; `phrases` say so for sure, and perhaps."""
    understood = scan.understood
    surely, perhaps = (
        [
            phrase
            for code, said in by_language.items()
            if code in ("any", understood.language) or not understood.language_sure
            for phrase in said
        ]
        for by_language in phrases
    )
    return turns(understood.message.newest, surely, perhaps)


def raw_of(places: Sequence[tuple[Scan, Part]], signals: Signals, encode: Encode) -> Raw:
    """The blocks of features of some parts."""
    texts = [text_of(scan, part)[:MAX_CHARACTERS] for scan, part in places]
    words = [asserted(scan, part)[:MAX_CHARACTERS] for scan, part in places]
    split = [sentences_of(scan, part) for scan, part in places]
    languages = [scan.understood.language for scan, _ in places]
    vectors = encode([*texts, *(sentence for found in split for sentence in found)])
    means, at = [], len(texts)
    for found in split:
        means.append(vectors[at : at + len(found)].mean(axis=0))
        at += len(found)
    if not places:
        none = np.zeros((0, COLUMNS), dtype=np.float32)
        return Raw(none, none, np.zeros((0, len(signals.columns) + 2), dtype=np.float32), vectors, vectors)
    return Raw(
        words=np.stack([words_row(t, language) for t, language in zip(words, languages, strict=True)]),
        letters=np.stack([letters_row(t) for t in words]),
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


def evidence_of(hits: Sequence[Fired[Signal]], owner: str, part: Part) -> list[Evidence]:
    """The words on which the signals for an owner rest, with offsets in the whole text."""
    speaking = [one for one in hits if one.entry.owner == owner and one.entry.weight > 0]
    return [shifted(e, part.start) for one in speaking for e in one.outcome.evidence]
