"""How many issues a message holds, and which: it is divided only where its words and its parts both say so."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.assess import parts as p
from plugin.assess.features import Matrix
from plugin.assess.judge import Verdict, judge, read
from plugin.assess.learner import Learned
from plugin.model import Evidence
from plugin.rulebook import Rulebook, Scan

_MOST_TURNS = 6  #: places that are tried in one message


@dataclass(frozen=True)
class Division:
    """The parts of a message, in the order of the text, and why it was divided or not."""

    verdicts: tuple[Verdict, ...]
    row: Matrix  #: the whole message as the learner sees it
    because: str
    evidence: tuple[Evidence, ...] = ()


def divide(scan: Scan, learned: Learned, book: Rulebook, encode: p.Encode) -> Division:
    """The issues of a message. Parts of the same intent and group are one issue."""
    everything = p.whole(scan)
    turns = learned.turns(scan)[:_MOST_TURNS]
    places = [everything]
    for turn in turns:
        places += [p.Part(0, turn.at), p.Part(turn.at, everything.end, subject=False)]
    _, rows = read(places, scan, learned, encode)
    verdicts = [judge(part, row, scan, learned, book) for part, row in zip(places, rows, strict=True)]
    several = float(learned.several.ridge.scores(rows[:1])[0, 0]) - learned.several.thresholds[0]
    best, best_score = None, 0.0
    for number in range(len(turns)):
        before, after = verdicts[2 * number + 1], verdicts[2 * number + 2]
        if before.label == after.label:
            continue
        score = several + doubt(before, after)
        if best is None or score > best_score:
            best, best_score = number, score
    if best is None or best_score <= 0:
        return Division((verdicts[0],), rows[0], _alone(len(turns), several))
    turn = turns[best]
    words = scan.understood.message.newest[turn.start : turn.end]
    evidence = Evidence(words, "body", turn.start, turn.end, "turns to another matter")
    parts = verdicts[2 * best + 1], verdicts[2 * best + 2]
    return Division(parts, rows[0], f"“{words}” turns to another matter", (evidence,))


def doubt(before: Verdict, after: Verdict) -> float:
    """How much the two parts speak for being two issues: both are sure of different things."""
    return 0.6 * (min(before.share, after.share) - 0.5)


def _alone(turns: int, several: float) -> str:
    if not turns:
        return "nothing turns to another matter"
    return f"what may turn to another matter is about the same one, or says too little ({several:+.2f})"
