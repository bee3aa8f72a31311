"""How many issues a message holds, and which: it is divided only where its words and its parts both say so."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from plugin.assess import parts as p
from plugin.assess.examples import labels_of
from plugin.assess.features import Matrix
from plugin.assess.judge import Verdict, as_said, judge, read
from plugin.assess.learned import Learned
from plugin.assess.recall import recalled
from plugin.assess.segments import Turn
from plugin.model import Evidence
from plugin.rulebook import Example, Rulebook, Scan

_MOST_TURNS = 8  #: places that are tried in one message
_MOST_ISSUES = 4
#: What speaks for two issues at a place, in points of a score of which more than 0 divides. Fitted to 105 messages
#: that have two and 82 that only look like it, each judged by what the others teach.
_START = -0.48
_SURELY = 0.59  #: the words say so outright
_BOTH = 0.41  #: for how sure the less certain part is, as log odds
_WHOLE = -0.12  #: for how sure the whole message is, as log odds
_SURE = 0.99  #: surer than this counts as this


@dataclass(frozen=True)
class Division:
    """The parts of a message, in the order of the text, and why it was divided or not."""

    verdicts: tuple[Verdict, ...]
    row: Matrix  #: the whole message as the learner sees it
    because: str
    evidence: tuple[Evidence, ...] = ()
    known: Example | None = None  #: that the message reads like


@dataclass(frozen=True)
class _Cut:
    score: float
    turn: Turn
    part: int  #: which of the parts so far
    before: Verdict
    after: Verdict


class _Divider:
    """Divides one message."""

    def __init__(self, scan: Scan, learned: Learned, book: Rulebook, encode: p.Encode) -> None:
        self.scan, self.learned, self.book, self.encode = scan, learned, book, encode
        everything = p.whole(scan)
        rows = read([everything], scan, learned, encode)
        self.row = rows[0]
        self.verdicts = [judge(everything, self.row, scan, learned, book)]
        self.several = float(learned.several.ridge.scores(rows)[0, 0]) - learned.several.thresholds[0]
        self.turns = list(learned.turns(scan)[:_MOST_TURNS])
        self.cuts: list[_Cut] = []
        self.known = recalled(scan, book)
        self.labels = () if self.known is None else labels_of(self.known)

    def run(self) -> Division:
        """Cut at the best place, then the parts at theirs, as long as a place is good enough."""
        most = len(self.labels) or _MOST_ISSUES
        while len(self.verdicts) < most and self.turns:
            best = max(self._tries(), key=lambda cut: cut.score, default=None)
            if best is None or (best.score <= 0 and not self.labels):
                break
            self.cuts.append(best)
            self.turns.remove(best.turn)
            self.verdicts[best.part : best.part + 1] = [best.before, best.after]
        text = self.scan.understood.message.newest
        evidence = tuple(
            Evidence(text[c.turn.start : c.turn.end], "body", c.turn.start, c.turn.end, "turns to another matter")
            for c in self.cuts
        )
        if self.known is not None and len(self.verdicts) == len(self.labels):
            pairs = zip(self.verdicts, self.labels, strict=True)
            self.verdicts = [as_said(verdict, label, self.book) for verdict, label in pairs]
        return Division(_distinct(self.verdicts), self.row, self._because(evidence), evidence, self.known)

    def _tries(self) -> list[_Cut]:
        """Every place that is left, with the parts that it would make."""
        places = [
            (turn, number, p.Part(v.part.start, turn.at, v.part.subject), p.Part(turn.at, v.part.end, subject=False))
            for turn in self.turns
            for number, v in enumerate(self.verdicts)
            if v.part.start < turn.at < v.part.end
        ]
        if not places:
            return []
        rows = read([part for _, _, *pair in places for part in pair], self.scan, self.learned, self.encode)
        out = []
        for i, (turn, number, before, after) in enumerate(places):
            first = judge(before, rows[2 * i], self.scan, self.learned, self.book)
            second = judge(after, rows[2 * i + 1], self.scan, self.learned, self.book)
            others = {v.label for n, v in enumerate(self.verdicts) if n != number}
            labels = {first.label, second.label}
            if len(labels) == 2 and not others & labels and all(self._asks(intent) for intent, _ in labels):
                out.append(_Cut(self._score(turn, first, second), turn, number, first, second))
        return out

    def _asks(self, intent: str) -> bool:
        """Whether the intent asks for something: thanks beside a question are no issue."""
        return not self.book.intents[intent].asks_for_nothing or intent in {label[0] for label in self.labels}

    def _score(self, turn: Turn, before: Verdict, after: Verdict) -> float:
        return (
            _START
            + self.several
            + (_SURELY if turn.surely else 0.0)
            + _BOTH * _odds(min(before.share, after.share))
            + _WHOLE * _odds(self.verdicts[0].share)
        )

    def _because(self, evidence: tuple[Evidence, ...]) -> str:
        if self.known is not None and self.labels:
            return f"the message reads like the example at {self.known.place}"
        if evidence:
            return ", ".join(f"“{one.text.strip()}”" for one in evidence) + " turns to another matter"
        if not self.turns:
            return "nothing turns to another matter"
        return f"what may turn to another matter is about the same one, or says too little ({self.several:+.2f})"


def _odds(share: float) -> float:
    """A likelihood as log odds, within bounds."""
    held = min(max(share, 1 - _SURE), _SURE)
    return log(held / (1 - held))


def divide(scan: Scan, learned: Learned, book: Rulebook, encode: p.Encode) -> Division:
    """The issues of a message. Parts of the same intent and group are one issue."""
    return _Divider(scan, learned, book, encode).run()


def _distinct(verdicts: list[Verdict]) -> tuple[Verdict, ...]:
    seen: dict[tuple[str, str], Verdict] = {}
    for verdict in verdicts:
        seen.setdefault(verdict.label, verdict)
    return tuple(seen.values())
