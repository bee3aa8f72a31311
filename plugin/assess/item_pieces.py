"""A message in the pieces in which items are looked for: the subject and each sentence, with their traits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugin.assess.encoder import MAX_CHARACTERS
from plugin.assess.learned import phrases_of
from plugin.assess.parts import turns_in
from plugin.assess.segments import sentences
from plugin.model import Evidence, Message
from plugin.rulebook import Rulebook, Scan, Span, holds

Matrix = NDArray[np.float32]
Numbers = NDArray[np.float64]

#: How much one point of the weight of an item's signal moves the log odds of a piece, beyond the first ten points:
#: what light signals are worth is learned, heavy ones correct what was learned.
WORTH = 0.2
LIGHT = 10.0

#: Kinds of facts that a piece is told by; of a kind with a dot, what stands before it counts as well.
FACTS = (
    "amount", "app-version", "browser", "card-number", "card-tail", "date", "deadline", "device", "device.word",
    "domain", "email", "error", "file-link", "frequency", "iban", "identifier", "identifier.campaign",
    "identifier.charge", "identifier.code", "identifier.guest", "identifier.invoice", "identifier.maybe",
    "identifier.owner", "identifier.property", "identifier.reservation", "identifier.site", "identifier.user",
    "identity-document", "link", "mobile-app", "month", "name", "os", "password", "period", "phone", "picture-link",
    "place",    "quoted", "ticket-number", "time",
)  # fmt: skip
ATTACHMENTS = ("image", "video", "audio", "table", "document", "text")
_COLUMN = {kind: column for column, kind in enumerate(FACTS)}


def layout(rulebook: Rulebook) -> str:
    """Names of the traits of a piece, in order: what was learned holds for these alone."""
    signals = [signal.id for signal in rulebook.item_signals]
    shape = ["another-matter", "surely", "subject", "short", "words", "question", "questions", "pieces"]
    return " ".join([*FACTS, *signals, *rulebook.items, *ATTACHMENTS, *rulebook.intents, *shape])


@dataclass(frozen=True)
class Pieces:
    """The pieces of one message."""

    spans: tuple[Span, ...]
    texts: tuple[str, ...]
    traits: Matrix  #: a row a piece
    told: Mapping[str, Numbers]  #: what heavy signals of each item say of each piece: log odds


def pieces_of(scan: Scan, rulebook: Rulebook, intent: str) -> Pieces:
    """The pieces of a message whose principal issue has this intent. There is at least one."""
    message = scan.understood.message
    spans = _spans(message)
    texts = tuple(_text(message, span) for span in spans)
    signals = _signals(scan, rulebook, spans)
    blocks = (
        _facts(scan, spans),
        signals,
        _after_turns(scan, rulebook, spans),
        _repeated([f"attachment.{kind}" in _attached(scan) for kind in ATTACHMENTS], len(spans)),
        _repeated([0.5 * (intent == name) for name in rulebook.intents], len(spans)),
        np.array([_shape(span, text, len(spans)) for span, text in zip(spans, texts, strict=True)], dtype=np.float32),
    )
    return Pieces(spans, texts, np.hstack(blocks), _told(rulebook, signals))


def _spans(message: Message) -> tuple[Span, ...]:
    body = [Span("body", start, end) for start, end in sentences(message.newest[:MAX_CHARACTERS])]
    if message.subject.strip():
        body.insert(0, Span("subject", 0, len(message.subject)))
    return tuple(body) or (Span("body", 0, len(message.newest)),)


def _text(message: Message, span: Span) -> str:
    return (message.subject if span.where == "subject" else message.newest)[span.start : span.end]


def _facts(scan: Scan, spans: Sequence[Span]) -> Matrix:
    out = np.zeros((len(spans), len(FACTS)), dtype=np.float32)
    for fact in scan.understood.facts:
        for row in _rows_of(fact.evidence, spans):
            for kind in (fact.kind, fact.kind.split(".")[0]):
                if kind in _COLUMN:
                    out[row, _COLUMN[kind]] = 1
    return out


def _signals(scan: Scan, rulebook: Rulebook, spans: Sequence[Span]) -> Matrix:
    """Which signals and which `found` of an item hold in which piece.

    Where one holds in the whole message, the pieces are tried in which its words stand.
    """
    signals, items = rulebook.item_signals, rulebook.items.values()
    conditions = [(column, signals[column].when) for column in signals.candidates(scan, {})]
    conditions += [(column, item.found) for column, item in enumerate(items, len(signals))]
    out = np.zeros((len(spans), len(signals) + len(items)), dtype=np.float32)
    for column, condition in conditions:
        outcome = holds(condition, scan, {})
        if outcome.held:
            rows = {row for place in outcome.evidence for row in _rows_of(place, spans)}
            for row in rows or range(len(spans)):
                out[row, column] = holds(condition, scan, {}, spans[row]).held
    return out


def _told(rulebook: Rulebook, held: Matrix) -> dict[str, Numbers]:
    """The weights of the heavy signals that hold, summed by item."""
    out: dict[str, Numbers] = {}
    for column, signal in enumerate(rulebook.item_signals):
        worth = np.sign(signal.weight) * max(0.0, abs(signal.weight) - LIGHT) * WORTH
        if worth and held[:, column].any():
            out[signal.owner] = out.get(signal.owner, np.zeros(len(held))) + held[:, column] * worth
    return out


def _rows_of(place: Evidence, spans: Sequence[Span]) -> list[int]:
    return [row for row, span in enumerate(spans) if span.where == place.where and span.start <= place.start < span.end]


def _after_turns(scan: Scan, rulebook: Rulebook, spans: Sequence[Span]) -> Matrix:
    """Which pieces stand after a turn to another matter, and after one that is sure: they tell about another issue."""
    found = turns_in(scan, phrases_of(rulebook))
    perhaps = min((turn.at for turn in found), default=len(scan.understood.message.newest))
    surely = min((turn.at for turn in found if turn.surely), default=len(scan.understood.message.newest))
    rows = [[span.where == "body" and span.start >= at for at in (perhaps, surely)] for span in spans]
    return np.array(rows, dtype=np.float32)


def _attached(scan: Scan) -> frozenset[str]:
    return frozenset(f"attachment.{attachment.kind}" for attachment in scan.understood.message.attachments)


def _repeated(values: Sequence[float], rows: int) -> Matrix:
    return np.repeat(np.array([values], dtype=np.float32), rows, axis=0)


def _shape(span: Span, text: str, count: int) -> list[float]:
    words = len(text.split())
    return [
        span.where == "subject",
        words < 4,
        min(words, 40) / 40,
        text.rstrip().endswith("?"),
        "?" in text,
        min(count, 20) / 20,
    ]
